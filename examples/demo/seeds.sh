#!/usr/bin/env bash
# The demo with three seeds, and the gain over them.
set -euo pipefail
for seed in 1 2 3; do bash examples/demo/run.sh "outputs/seeds/$seed" "$seed"; done
python examples/demo/gain.py outputs/seeds/*/rl
