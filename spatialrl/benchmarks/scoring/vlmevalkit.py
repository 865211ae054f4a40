"""VLMEvalKit's exact matching, its way to score a choice without a judge: the one option letter that stands as a word in the
response, else the one option whose text the response contains.

    https://github.com/open-compass/VLMEvalKit   vlmeval/utils/matching_util.py, can_infer
"""

from spatialrl.benchmarks.scoring.grading import Grade, graded, unread
from spatialrl.types import LETTERS, Task

REFUSALS = (
    "Sorry, I can't help with images of people yet.",
    "I can't process this file.",
    "I'm sorry, but without the image provided",
    "Cannot determine the answer",
)
FAILED = "Failed to obtain answer via API"
PUNCTUATION = str.maketrans(dict.fromkeys(".()[],:;!*#{}", " "))
REFUSED = "Z"


def exact_matching(task: Task, response: str) -> Grade:
    letter = inferred(response, dict(zip(LETTERS, task.options, strict=False)))
    return unread("not_an_option") if letter is None else graded(letter == task.answer, letter)


def inferred(response: str, options: dict[str, str]) -> str | None:
    """The letter, `Z` for a refusal, or None. The article A is a letter, too."""
    return letter_in(response, options) or text_in(response, options)


def letter_in(response: str, options: dict[str, str]) -> str | None:
    if FAILED in response:
        return None
    if any(refusal in response for refusal in REFUSALS):
        return REFUSED
    words = set(response.translate(PUNCTUATION).split())
    found = [letter for letter in options if letter in words]
    if not found and REFUSED in words:
        return REFUSED
    return found[0] if len(found) == 1 else None


def text_in(response: str, options: dict[str, str]) -> str | None:
    """Not looked for in a response of more than twice the length of all options."""
    text = response.lower()
    if len(text) > 2 * sum(map(len, options.values())):
        return None
    found = [letter for letter, option in options.items() if option.lower() in text]
    return found[0] if len(found) == 1 else None
