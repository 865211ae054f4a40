"""The gain in held-out accuracy over several runs of the demo, with its 95 % interval.

python examples/demo/gain.py outputs/seeds/*/rl
"""

import json
import sys
from pathlib import Path
from statistics import fmean, stdev

from scipy.stats import t


def accuracy(run: Path, moment: str) -> float:
    return json.loads((run / f"evaluation/{moment}.json").read_text())["reward/accuracy"]


def main(runs: list[Path]) -> None:
    gains = []
    for run in runs:
        before, after, blind = (accuracy(run, moment) for moment in ("before", "after", "blind"))
        gains.append(after - before)
        sys.stdout.write(f"{run}: before {before:.3f}, after {after:.3f}, blank {blind:.3f}, gain {gains[-1]:+.3f}\n")
    half = float(t.ppf(0.975, len(gains) - 1)) * stdev(gains) / len(gains) ** 0.5
    mean = fmean(gains)
    sys.stdout.write(f"gain {mean:+.3f}, 95 % interval {mean - half:+.3f} to {mean + half:+.3f}, {len(gains)} runs\n")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
