"""Questions whose answer is yes or no, also where these two are the options of a choice."""

import re

from spatialrl.benchmarks.scoring.final import final_answer
from spatialrl.benchmarks.scoring.grading import Grade, graded, unread
from spatialrl.errors import DataError
from spatialrl.rewards.parse import Malformed, choice
from spatialrl.rewards.parse.text import undressed
from spatialrl.types import Task

OPTIONS = ("Yes", "No")
SPELLINGS = {"yes": "Yes", "no": "No", "true": "Yes", "false": "No", "1": "Yes", "0": "No"}
LEADING = re.compile(r"\W{0,3}(yes|no)\b(?!\s*(?:or|/|,\s*or)\b)", re.IGNORECASE)
WORDS = re.compile(r"\b(yes|no)\b", re.IGNORECASE)
PUNCTUATION = ';/[]"{}()=+\\_-><@`,?!'
NUMBER_COMMA = re.compile(r"\d,\d")
STOP = re.compile(r"(?<!\d)\.(?!\d)")
MOST_STOPS = 32
"""VQA's normaliser hands a flag to `re.sub` where the number of replacements stands: the 33rd full stop stays."""


def vlmevalkit_yes_no(task: Task, response: str) -> Grade:
    """The one of the two that stands as a word anywhere in the response, reasoning included."""
    words = without_punctuation(response.lower()).split()
    found = [word for word in ("yes", "no") if word in words]
    return graded(SPELLINGS[found[0]] == truth(task), SPELLINGS[found[0]]) if len(found) == 1 else unread("ambiguous")


def strict_yes_no(task: Task, response: str) -> Grade:
    """The word the answer begins with, else the only one of the two in it, else the letter of the option."""
    found = read(response, options=task.options)
    return unread(found.reason) if isinstance(found, Malformed) else graded(found == truth(task), found)


def read(response: str, *, options: tuple[str, ...] = ()) -> str | Malformed:
    answer = final_answer(response)
    if isinstance(answer, Malformed):
        return answer
    text = undressed(answer)
    if leading := LEADING.match(text):
        return SPELLINGS[leading[1].lower()]
    said = {word.lower() for word in WORDS.findall(text)}
    if said:
        return SPELLINGS[said.pop()] if len(said) == 1 else Malformed("ambiguous")
    offered = options or OPTIONS
    letter = choice(answer, offered)
    return letter if isinstance(letter, Malformed) else SPELLINGS.get(offered["ABCDEFGH".index(letter)].lower(), letter)


def truth(task: Task) -> str:
    text = task.answer_text.strip().lower().rstrip(".")
    if text not in SPELLINGS:
        raise DataError(f"The answer of question {task.id} is {task.answer_text!r}; expected yes or no.")
    return SPELLINGS[text]


def without_punctuation(text: str) -> str:
    """As VQA's evaluation does: a mark beside a blank vanishes, one within words becomes a blank, unless the text has a number
    with a comma."""
    out = text
    for mark in PUNCTUATION:
        vanishes = f"{mark} " in text or f" {mark}" in text or NUMBER_COMMA.search(text) is not None
        out = out.replace(mark, "" if vanishes else " ")
    return STOP.sub("", out, count=MOST_STOPS)
