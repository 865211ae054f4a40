"""One pass over the rows: what is wrong with each by itself, and what is to be compared with others, into the notes. A line
or a row group that can't be read is counted, and the rows around it are read all the same.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path

from spatialrl.data.exclusion import scene_name
from spatialrl.data.importers.read import Unread, read_rows
from spatialrl.data.inspection.notes import Notes
from spatialrl.data.inspection.sample import Sample
from spatialrl.data.inspection.sides import SideCounts
from spatialrl.data.inspection.tokens import TokenCounter
from spatialrl.data.placeholders import placeholders_in
from spatialrl.data.tasks import row_to_task
from spatialrl.data.validate import CHECKS, SPLITS, SUFFIXES, task_files
from spatialrl.errors import DataError
from spatialrl.types import LETTERS, Media, Task

LONGEST_TEXT = 120
"""Characters of an answer that are kept to be shown."""
TEST = SPLITS.index("test")


class RowReader:
    def __init__(self, notes: Notes, *, sample: Sample, sides: SideCounts, counter: TokenCounter | None) -> None:
        self.notes = notes
        self.sample = sample
        self.sides = sides
        self.counter = counter

    def read(self, file: Path, *, is_ours: bool, advance: Callable[[], object]) -> None:
        """`advance` is called for each row."""
        for number, row in read_rows(file):
            advance()
            if isinstance(row, Unread):
                self.flaw(None, file, f"row {number}", "unreadable", row.reason, row.num_rows)
                continue
            name = str(row.get("id") or f"row {number}")
            try:
                task = row_to_task(row, folder=file.parent)
            except DataError as error:
                self.flaw(None, file, name, "unreadable", str(error))
                continue
            self.add(task, file, name, is_ours=is_ours)

    def add(self, task: Task, file: Path, name: str, *, is_ours: bool) -> None:
        flaws = {kind: flaw for kind, check in CHECKS.items() if (flaw := check(task))} if is_ours else {}
        number = self.note(task, file, name, is_ours=is_ours)
        for kind, reason in flaws.items():
            self.flaw(number, file, name, kind, reason)
        for scene in sorted(scenes_of(task)):
            self.notes.add("scenes", number, scene)
        for place, medium in enumerate(task.media):
            self.use(number, place, medium)
        if is_ours:
            self.sides.add(task)
            self.sample.add(task, flaws)

    def note(self, task: Task, file: Path, name: str, *, is_ours: bool) -> int:
        tokens = self.counter.count(task) if self.counter and is_ours else (None, None)
        answer = answer_of(task)
        return self.notes.add(
            "rows",
            None,
            file.name,
            name,
            SPLITS.index(task.split) if is_ours and task.split in SPLITS else TEST,
            is_ours,
            task.source,
            task.answer_kind,
            task.family,
            form_of(task),
            digest(squeezed(task.question), *task.options),
            digest(squeezed(answer)),
            " ".join(answer.split())[:LONGEST_TEXT],
            LETTERS.index(task.answer) if names_an_option(task) else None,
            len(task.options),
            is_longest(task),
            number_of(task),
            task.unit,
            *tokens,
        )

    def use(self, row: int, place: int, medium: Media) -> None:
        """Rows that say the same of one file share it."""
        told = {key: value for key, value in asdict(medium).items() if key not in ("blank", "mirrored")}
        text = json.dumps(told)
        identity = digest(text)
        number = self.notes.one("SELECT number FROM media WHERE identity = ?", identity)
        number = number or self.notes.add("media", None, identity, text)
        shown = f"{'blank' if medium.blank else ''}{'mirrored' if medium.mirrored else ''}"
        self.notes.add("uses", row, place, number, shown)

    def flaw(self, row: int | None, file: Path, name: str, kind: str, reason: str, num_rows: int = 1) -> None:
        self.notes.add("flaws", row, file.name, name, kind, reason, num_rows)


def files_of(places: Iterable[str]) -> list[Path]:
    """Each file once, however it is named."""
    files = list(dict.fromkeys(file.resolve() for place in places for file in task_files(Path(place))))
    if other := [file for file in files if file.suffix not in SUFFIXES]:
        raise DataError(f"{other[0]} is not a .parquet or .jsonl file.")
    return files


def digest(*parts: str) -> bytes:
    return blake2b(json.dumps(parts).encode(), digest_size=12).digest()


def squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()


def names_an_option(task: Task) -> bool:
    return task.answer_kind == "choice" and task.names_an_option


def answer_of(task: Task) -> str:
    """Of a choice the words of the right option, or its letter where the options are media."""
    if not names_an_option(task) or placeholders_in(task.answer_text):
        return task.answer
    return task.answer_text


def form_of(task: Task) -> str:
    """text, image, 3 images, image and depth, video."""
    kinds = [medium.kind for medium in task.media]
    words = []
    for kind, several in (("image", "images"), ("depth", "depth maps"), ("video", "videos")):
        count = kinds.count(kind)
        words += [kind if count == 1 else f"{count} {several}"] if count else []
    return " and ".join(words) or "text"


def is_longest(task: Task) -> bool | None:
    """Whether the right option is longer than every other; None where no single one is, or they are media."""
    lengths = [len(option.strip()) for option in task.options]
    if not names_an_option(task) or lengths.count(max(lengths)) > 1 or any(map(placeholders_in, task.options)):
        return None
    return lengths[LETTERS.index(task.answer)] == max(lengths)


def number_of(task: Task) -> float | None:
    try:
        value = float(task.answer) if task.answer_kind == "number" else None
    except ValueError:
        return None
    return value if value is not None and abs(value) < float("inf") else None


def scenes_of(task: Task) -> set[str]:
    """As the exclusion list has them: the scene id, and the names of the videos."""
    shown = [task.scene_id, *(medium.path for medium in task.media if medium.kind == "video")]
    return {scene_name(name) for name in shown if name}
