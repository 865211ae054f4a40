"""Options that a benchmark calls by names of its own, `Option 1` or `Caption A`: `Task.extra["label"]` is the name of the first.
Its own words show them by these names, every other template by letters.
"""

from dataclasses import replace

from spatialrl.types import Task


def labels(task: Task) -> tuple[str, ...]:
    """One for each option; none where options have but their letters."""
    word, _, first = task.extra.get("label", "").rpartition(" ")
    return tuple(f"{word} {chr(ord(first) + place)}" for place in range(len(task.options))) if first else ()


def with_labels(task: Task) -> Task:
    """The options as lines of the question, where they have names."""
    lines = [f"{label}: {option}" for label, option in zip(labels(task), task.options, strict=False)]
    return replace(task, question="\n".join([task.question, *lines]), options=()) if lines else task
