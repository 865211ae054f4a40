"""Two policies that never look: one knows every answer, the other none. Each says it as the benchmark's own evaluation wants
to hear it.
"""

import random
from ast import literal_eval

from spatialrl.benchmarks.labels import labels
from spatialrl.types import LETTERS, Task

SAID_IN_WORDS = ("yes_no", "robospatial", "choice_spatialthinker")
"""Metrics whose official rule wants the option and not its letter."""
LENGTHS = ("qspatial", "qspatial_1_5")


def oracle(task: Task, *, metric: str) -> str:
    if metric in LENGTHS:
        return rf"\scalar{{{task.answer}}} \distance_unit{{{task.unit}}}"
    if task.answer.startswith("[("):
        corners = [(float(x), float(y)) for x, y in literal_eval(task.answer)]
        return f"({sum(x for x, _ in corners) / len(corners):g}, {sum(y for _, y in corners) / len(corners):g})"
    return said(task, LETTERS.index(task.answer), metric=metric) if task.options else task.answer


def guesser(task: Task, *, metric: str, dice: random.Random) -> str:
    """One of the options, each as likely; without options it has no idea."""
    if not task.options:
        return "no idea"
    return said(task, dice.randrange(len(task.options)), metric=metric)


def said(task: Task, place: int, *, metric: str) -> str:
    """An option by the name its benchmark gives it, in words or by its letter."""
    if labels(task):
        return labels(task)[place]
    in_words = metric in SAID_IN_WORDS or task.extra.get("kind") == "yes_no"
    return task.options[place] if in_words else LETTERS[place]
