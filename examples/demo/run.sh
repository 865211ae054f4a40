#!/usr/bin/env bash
# Scenes, a short supervised cold start, RL, evaluation before and after, a report. Arguments: folder, seed.
set -euo pipefail
out=${1:-outputs/demo} seed=${2:-1}
spatialrl sft experiment=demo_sft seed="$seed" output_dir="$out/sft" overwrite=true
spatialrl train experiment=demo seed="$seed" output_dir="$out/rl" overwrite=true model.path="$out/sft/checkpoints/last"
