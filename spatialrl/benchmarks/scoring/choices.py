"""Multiple choice, read by the parser of the rewards: a letter in any usual spelling, or the text of an option."""

from spatialrl.benchmarks.scoring.final import final_answer
from spatialrl.benchmarks.scoring.grading import Grade, graded, unread
from spatialrl.errors import DataError
from spatialrl.rewards.parse import Malformed, choice
from spatialrl.types import LETTERS, Task

MOST_OPTIONS = 10
"""Letters that are looked for where the options stand in the question and nobody has listed them."""


def strict_choice(task: Task, response: str) -> Grade:
    """1 for the right option. Two letters, or none, are no answer: nothing is chosen for the model."""
    options = task.options or ("",) * MOST_OPTIONS
    if task.answer not in LETTERS[: len(options)]:
        raise DataError(
            f"The answer of question {task.id} is {task.answer!r}; expected a letter of its {len(options)} options."
        )
    answer = final_answer(response)
    letter = answer if isinstance(answer, Malformed) else choice(answer, options)
    if isinstance(letter, Malformed):
        return unread(letter.reason)
    return graded(letter == task.answer, letter)
