"""The recipe `video_qa`: a folder of questions of VSI-Bench's eight families about videos of rooms. What it takes and what
can't be is here, without heavy imports; `spatialrl.video_qa.build` does the work.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from spatialrl.errors import UserError

FAMILIES = (
    "object_counting",
    "object_abs_distance",
    "object_size_estimation",
    "room_size_estimation",
    "object_rel_distance",
    "object_rel_direction_easy",
    "object_rel_direction_medium",
    "object_rel_direction_hard",
    "route_planning",
    "obj_appearance_order",
)
MEDIA = ("reference", "copy")
MOST_THINGS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a folder of questions about videos is to hold."""

    source: str
    videos: str
    seed: int
    num_scenes: dict[str, int]
    """By split; with a source, rooms."""
    families: tuple[str, ...]
    questions_per_scene: int
    exclude: str
    media: str
    fps: float
    min_frames: int
    max_frames: int
    image_size: int
    max_objects: int


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
    from spatialrl.video_qa.build import build  # noqa: PLC0415  loads numpy, av and pyarrow

    counts = {"train": num_train, "validation": num_validation, "test": num_test}
    recipe = Recipe(
        source=source,
        videos=videos or _folder_of(source),
        seed=seed,
        num_scenes={split: count for split, count in counts.items() if count},
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
    _require(processes >= 0, f"processes is {processes}; give 1 or more, or 0 for one on each core.")
    build(Path(folder), recipe, num_processes=processes, progress=progress)


def check_recipe(recipe: Recipe) -> None:
    """Raises a sentence about the first argument that can't be."""
    source, videos = recipe.source, recipe.videos
    _require(
        not source or Path(source).exists(), f"source is {source}, which does not exist; give meta-info, or nothing."
    )
    _require(not videos or Path(videos).is_dir(), f"videos is {videos}, which is no folder; give a folder.")
    for split, count in recipe.num_scenes.items():
        _require(count >= 0, f"num_{split} is {count}; give 0 or more.")
    _require(bool(recipe.num_scenes), "No rooms are asked for; give num_train, num_validation or num_test.")
    for family in recipe.families:
        _require(family in FAMILIES, f"families has '{family}'; there are: {', '.join(FAMILIES)}.")
    asked, size, most = recipe.questions_per_scene, recipe.image_size, recipe.max_objects
    _require(asked >= 1, f"questions_per_scene is {asked}; ask for at least 1.")
    _require(recipe.media in MEDIA, f"media is '{recipe.media}'; there are: {', '.join(MEDIA)}.")
    _require(recipe.fps > 0, f"fps is {recipe.fps}; it must be above 0.")
    few, many = recipe.min_frames, recipe.max_frames
    _require(2 <= few <= many, f"min_frames is {few} and max_frames is {many}; give 2 or more, and not fewer.")
    _require(32 <= size <= 1024 and size % 2 == 0, f"image_size is {size}; it must be even and between 32 and 1024.")
    _require(3 <= most <= MOST_THINGS, f"max_objects is {most}; a map needs 3, and a room has place for {MOST_THINGS}.")


def _folder_of(source: str) -> str:
    return str(Path(source).parent) if source and Path(source).is_file() else source


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise UserError(sentence)
