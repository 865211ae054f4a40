"""How a response is written: every preset asks for a form of its own, and every policy keeps to it, so that nobody earns
little for a trivial reason.
"""

from spatialrl.types import LETTERS, Task

STYLES = {
    "scene": (
        "<observe>{observed}</observe>\n<scene>{scene}</scene>\n<think>{thought}</think>\n<answer>{answer_in_full}</answer>"
    ),
    "map": "<think>{thought}</think>\n<map>{map}</map>\n<answer>{answer}</answer>",
    "map in thought": "<think>{thought} <map>{map}</map></think>\n<answer>{answer}</answer>",
    "answer": "<think>{thought}</think>\n<answer>{answer}</answer>",
    "answer in full": "<think>{thought}</think>\n<answer>{answer_in_full}</answer>",
    "boxed": "<think>{thought}</think>\n\\boxed{{{answer}}}",
}
"""A choice is answered with its letter, in full with its text too."""

OBSERVED = "the things the question speaks of"
THOUGHT = "I look at where things are, and then decide."


def write(style: str, task: Task, *, answer: str, scene: str = "", map: str = "", thought: str = THOUGHT) -> str:
    """`scene` and `map` are JSON; styles without them leave them out."""
    return STYLES[style].format(
        observed=OBSERVED, scene=scene, map=map, thought=thought, answer=answer, answer_in_full=_in_full(task, answer)
    )


def _in_full(task: Task, answer: str) -> str:
    is_letter = len(answer) == 1 and answer in LETTERS[: len(task.options)]
    return task.lettered_options[LETTERS.index(answer)] if is_letter else answer
