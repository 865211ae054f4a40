"""Questions of any kind: the answer's kind decides how it is judged, as it does in the rewards."""

from spatialrl.benchmarks.scoring.choices import strict_choice
from spatialrl.benchmarks.scoring.grading import Grade, Rule
from spatialrl.benchmarks.scoring.numbers import strict_count, strict_mra
from spatialrl.benchmarks.scoring.points import box
from spatialrl.benchmarks.scoring.sequences import strict_sequence
from spatialrl.benchmarks.scoring.texts import strict_text, strict_transcription
from spatialrl.types import Task

BY_KIND: dict[str, Rule] = {
    "choice": strict_choice,
    "number": strict_mra,
    "text": strict_text,
    "ocr": strict_transcription,
    "sequence": strict_sequence,
    "label_pair": strict_sequence,
    "box": box,
}


def by_kind(task: Task, response: str) -> Grade:
    return BY_KIND[task.answer_kind](task, response)


def rooms(task: Task, response: str) -> Grade:
    """A number without a unit is a number of things, and right or wrong."""
    if task.answer_kind == "number" and not task.unit:
        return strict_count(task, response)
    return by_kind(task, response)
