"""Orders: LEGO-Puzzles' letters (Tang et al. 2025, arXiv:2503.19990), and the numbers of pretext tasks.

https://github.com/open-compass/VLMEvalKit   vlmeval/utils/matching_util.py, can_infer_lego
"""

import re

from spatialrl.benchmarks.scoring.choices import strict_choice
from spatialrl.benchmarks.scoring.final import final_answer
from spatialrl.benchmarks.scoring.grading import Grade, graded, unread
from spatialrl.benchmarks.scoring.vlmevalkit import exact_matching
from spatialrl.rewards.parse import Malformed, label_pair, sequence
from spatialrl.rewards.parse.text import undressed
from spatialrl.rewards.ssrl_compat import last_box
from spatialrl.types import Task

FOUR = re.compile(r"\b([A-D]{4})\b")
ORDINALS = [
    re.compile(rf"(?:{words}).*?([A-D])", re.IGNORECASE)
    for words in ("FIRST|1ST|首先|第一步", "SECOND|2ND|其次|第二步", "THIRD|3RD|再次|第三步", "FOURTH|4TH|最后|第四步")
]
STEPS = re.compile(r"(?:step\s*[\d一二三四]+|步骤\s*[\d一二三四]+|第\s*[\d一二三四]\s*步).*?([A-D])", re.IGNORECASE)
LETTER_RUN = re.compile(r"(?<!\w)[A-Z](?:\s{0,3}(?:[,;>\-–→]|->|then|and)?\s{0,3}[A-Z])+(?!\w)")


def official_lego(task: Task, response: str) -> Grade:
    """A choice by exact matching. An order: four different letters as a word, else the first letter after each ordinal, `a` of
    `first a brick` included."""
    if task.answer_kind == "choice":
        return exact_matching(task, response)
    found = order_in(response.upper())
    return unread("not_a_sequence") if found is None else graded(found == task.answer, found)


def order_in(text: str) -> str | None:
    word = FOUR.search(text)
    if word and len(set(word[1])) == 4:
        return word[1]
    after_ordinals = [match[1].upper() for ordinal in ORDINALS if (match := ordinal.search(text))]
    for letters in (after_ordinals, STEPS.findall(text)[:4]):
        different = list(dict.fromkeys(letter.upper() for letter in letters))
        if len(different) == 4:
            return "".join(different)
    return None


def strict_lego(task: Task, response: str) -> Grade:
    if task.answer_kind == "choice":
        return strict_choice(task, response)
    answer = final_answer(response)
    found = answer if isinstance(answer, Malformed) else letters_in_order(answer)
    truth = letters_in_order(task.answer)
    return unread(found.reason) if isinstance(found, Malformed) else graded(found == truth, found)


def letters_in_order(answer: str) -> str | Malformed:
    """`BADC`, `B, A, D, C`, `B -> A -> D -> C`; each letter once, and one order only."""
    text = undressed(answer)
    words = [run for run in re.findall(r"(?<!\w)[A-Z]{2,26}(?!\w)", text) if len(set(run)) == len(run)]
    runs = {"".join(re.findall(r"[A-Z]", run)) for run in LETTER_RUN.findall(text)} | set(words)
    if len(runs) != 1:
        return Malformed("ambiguous: several orders" if runs else "not_a_sequence")
    found = runs.pop()
    return found if len(set(found)) == len(found) else Malformed("not_a_sequence: a letter comes twice")


def official_sequence(task: Task, response: str) -> Grade:
    r"""Spatial-SSRL's reward: the text of the last `\boxed{..}`, to the letter."""
    found = last_box(response)
    return graded(found == task.answer, found)


def strict_sequence(task: Task, response: str) -> Grade:
    """Separators, brackets and wrappers aside; pairs of labels too."""
    read = label_pair if task.answer_kind == "label_pair" else sequence
    answer = final_answer(response)
    found = answer if isinstance(answer, Malformed) else read(answer)
    return unread(found.reason) if isinstance(found, Malformed) else graded(found == read(task.answer), found)
