"""`spatialrl data make=video_qa`: a folder of questions of VSI-Bench's eight families about videos of rooms."""

from collections.abc import Sequence
from pathlib import Path

from spatialrl.generators.recipe import check_processes, wanted
from spatialrl.generators.video_qa.recipe import FAMILIES, Recipe, check_recipe


def make_video_qa(
    folder: Path,
    *,
    seed: int,
    source: str = "",
    videos: str = "",
    num_train: int = 200,
    num_validation: int = 20,
    num_test: int = 50,
    families: Sequence[str] | None = None,
    questions_per_scene: int = 8,
    exclude: str = "",
    media: str = "reference",
    fps: float = 2.0,
    min_frames: int = 4,
    max_frames: int = 16,
    image_size: int = 224,
    max_objects: int = 8,
    processes: int = 0,
    progress: bool = True,
) -> None:
    """Writes train, validation and test.parquet, and rejected.jsonl: what nothing is asked about, and why.

    `num_*` counts rooms; no room is in two splits, however many videos show it. Without a `source` they are rooms of our
    own that a camera walks through, of `image_size` and up to `max_objects` things. With one, a file or a folder of JSON
    files of meta-info, its rooms are shared out in the proportion of `num_*`, as many at most; their videos lie below
    `videos`, by default where the meta-info lies, are named there, or with `media=copy` copied, and `fps` frames a second
    are seen of them, within the two limits. Rooms that show a scene of the list `exclude` are left out. The same arguments
    give the same bytes, however many processes work (0: one for each core) and however often the work was broken off: the
    same command goes on where it stopped.
    """
    from spatialrl.generators.video_qa.build import build  # noqa: PLC0415  loads numpy, av and pyarrow

    recipe = Recipe(
        source=source,
        videos=videos or _folder_of(source),
        seed=seed,
        num_scenes=wanted(train=num_train, validation=num_validation, test=num_test),
        families=tuple(families or FAMILIES),
        questions_per_scene=questions_per_scene,
        exclude=exclude,
        media=media,
        fps=fps,
        min_frames=min_frames,
        max_frames=max_frames,
        image_size=image_size,
        max_objects=max_objects,
    )
    check_recipe(recipe)
    check_processes(processes)
    build(Path(folder), recipe, num_processes=processes, progress=progress)


def _folder_of(source: str) -> str:
    return str(Path(source).parent) if source and Path(source).is_file() else source
