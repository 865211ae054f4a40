"""`spatialrl eval compare=[FOLDER, FOLDER, ...]`: results of several models side by side, as a page, a table and a CSV."""

import sys
from collections.abc import Sequence
from pathlib import Path

from spatialrl.benchmarks.comparison.page import page
from spatialrl.benchmarks.comparison.results import read_results
from spatialrl.benchmarks.comparison.table import compared
from spatialrl.benchmarks.comparison.texts import csv_text, markdown
from spatialrl.benchmarks.scoring import Errors
from spatialrl.data.folders import write_whole
from spatialrl.errors import ConfigError

NAME = "comparison"


def compare(
    folders: Sequence[str | Path], *, output: str | Path = "outputs/comparison", errors: Errors = "wrong", seed: int = 0
) -> list[Path]:
    """One folder for each model, with the results of one benchmark or of many under it. Returns what was written."""
    if isinstance(folders, str | Path) or not folders:
        raise ConfigError("compare is a list of folders: compare=[outputs/eval/a, outputs/eval/b].")
    if errors not in ("wrong", "skip"):
        raise ConfigError(f"errors={errors}: choose wrong or skip.")
    comparison = compared([read_results(Path(folder)) for folder in folders], errors=errors, seed=seed)
    texts = {"html": page(comparison), "md": markdown(comparison), "csv": csv_text(comparison)}
    paths = [Path(output) / f"{NAME}.{suffix}" for suffix in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        write_whole(path, text)
    sys.stdout.write(texts["md"] + "\n" + "".join(f"{path}\n" for path in paths))
    return paths
