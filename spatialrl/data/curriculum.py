"""How hard a task is, by a number that its source gives it, such as rating, level or pass_rate, among its extras.

`rating` puts the smallest first, `-pass_rate` the largest.
"""

from collections.abc import Sequence

from spatialrl.types import Task

LEVELS = {"easy": 0.0, "medium": 1.0, "hard": 2.0}


def easiest_first(order: Sequence[int], tasks: Sequence[Task], curriculum: str) -> list[int]:
    """Tasks that are equally hard stay in the order that they have."""
    name, sign = curriculum.removeprefix("-"), -1.0 if curriculum.startswith("-") else 1.0
    values = {index: number_in(tasks[index], name) for index in order}
    return sorted(order, key=lambda index: sign * (values[index] or 0.0))


def number_in(task: Task, name: str) -> float | None:
    """easy, medium and hard are 0, 1 and 2. None where the task has no such extra, or it is no number."""
    text = task.extra.get(name, "").strip().lower()
    try:
        number = LEVELS[text] if text in LEVELS else float(text)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None
