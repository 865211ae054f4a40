"""The options of a question in an order of its own, which depends on its id and on nothing else: for sources that have the
right one always in the same place.
"""

from dataclasses import replace

from spatialrl.dice import stable_order
from spatialrl.types import LETTERS, Task


def shuffled(task: Task, *, name: str) -> Task:
    """`name` is the benchmark's."""
    order = stable_order("options", name, task.id, count=len(task.options))
    options = tuple(task.options[place] for place in order)
    return replace(task, options=options, answer=LETTERS[order.index(LETTERS.index(task.answer))])
