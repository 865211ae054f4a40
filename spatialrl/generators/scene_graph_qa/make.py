"""`spatialrl data make=scene_graph_qa`: a folder of questions from scene graphs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from spatialrl.generators.recipe import check_processes, wanted
from spatialrl.generators.scene_graph_qa.recipe import (
    Recipe,
    Validation,
    check_recipe,
    chosen_weights,
    read_judge,
    read_writer,
)


def make_scene_graph_qa(
    folder: Path,
    *,
    source: str,
    seed: int,
    num_train: int = 1000,
    num_validation: int = 50,
    num_test: int = 0,
    files: str | None = None,
    weights: Mapping[str, float] | None = None,
    per_image: int = 2,
    min_rating: int = 1,
    media: str = "reference",
    media_root: str = "",
    writer: Mapping[str, Any] | None = None,
    judges: Sequence[Mapping[str, Any]] = (),
    attempts: int = 4,
    need: int = 1,
    blind: int = 3,
    temperatures: Sequence[float] = (0.0, 0.7),
    halves: bool = False,
    skip_refused: bool = False,
    processes: int = 0,
    progress: bool = True,
) -> None:
    """Writes a parquet file for each split; rejected.jsonl: graphs and questions that were of no use, and why; and
    report.json: what was wanted of each category and what came of it. With `halves`, train.parquet becomes
    train_easy.parquet and train_hard.parquet, the latter with what is medium or hard.

    `source` holds rows with a picture, its objects and their relations. `weights` gives the share of each category; one
    that has too few gives its share to the others. Without a `writer` questions are templates; with one, a model puts
    them into other words (`style: paraphrase`) or thinks them up from picture and graph (`style: write`). `judges` answer
    each question `attempts` times, and what fewer than `need` of them get right, or all of `blind` attempts without the
    picture, is dropped. Both are what an endpoint takes (url, model, api, key_variable, prices, ...). A model that does
    not answer ends the work; the same command goes on from there, and nothing is paid for twice.
    """
    from spatialrl.generators.scene_graph_qa.build import build  # noqa: PLC0415  loads numpy, Pillow and pyarrow

    replies = Path(folder).with_name(f"{Path(folder).name}.replies")
    asked = tuple(read_judge(judge, replies, number) for number, judge in enumerate(judges, start=1))
    recipe = Recipe(
        source=source,
        files=files,
        seed=seed,
        num_rows=wanted(train=num_train, validation=num_validation, test=num_test),
        weights=chosen_weights(weights),
        per_image=per_image,
        min_rating=min_rating,
        media=media,
        media_root=media_root,
        halves=halves,
        skip_refused=skip_refused,
        writer=read_writer(writer, replies),
        validation=Validation(asked, attempts, need, blind, tuple(temperatures)),
    )
    check_recipe(recipe)
    check_processes(processes)
    build(Path(folder), recipe, num_processes=processes, progress=progress)
