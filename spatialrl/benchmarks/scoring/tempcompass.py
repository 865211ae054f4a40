"""TempCompass (Liu et al. 2024, arXiv:2403.00476): `extra.kind` is multi-choice, yes_no, caption_matching or captioning.

https://github.com/llyx97/TempCompass, as in SpaceR's SpaceR-Eval/data_utils/tempcompass.py
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from spatialrl.benchmarks.labels import labels
from spatialrl.benchmarks.scoring.choices import strict_choice
from spatialrl.benchmarks.scoring.final import final_answer
from spatialrl.benchmarks.scoring.grading import Grade, graded, unread
from spatialrl.benchmarks.scoring.texts import official_free_form, strict_free_form
from spatialrl.benchmarks.scoring.vsi import tagged
from spatialrl.benchmarks.scoring.yes_no import strict_yes_no
from spatialrl.rewards.parse import Malformed
from spatialrl.types import Task

LETTERS = ("A", "B", "C", "D")
LABEL = "Caption A"
"""Of the first option, where the row does not say it."""


def official(task: Task, response: str) -> Grade:
    kind, answer = kind_of(task), tagged(response)
    if kind == "yes_no":
        return official_yes_no(task, answer)
    if kind == "captioning":
        return official_free_form(task, response)
    if kind == "caption_matching":
        return official_matching(task, answer)
    return official_choice(task, answer)


def strict(task: Task, response: str) -> Grade:
    """A caption has no rule but a judge's: captions are compared by ROUGE in both modes."""
    kind = kind_of(task)
    if kind == "yes_no":
        return strict_yes_no(task, response)
    if kind == "caption_matching":
        return strict_matching(task, response)
    return strict_free_form(task, response) if kind == "captioning" else strict_choice(task, response)


def kind_of(task: Task) -> str:
    told = task.extra.get("kind", "")
    return told or ("multi-choice" if task.options else "yes_no")


def official_choice(task: Task, answer: str) -> Grade:
    """`A`, `A. ..` or `A) ..` at the very start, or option and letter as the data write them."""
    whole = f"{task.answer}. {task.answer_text}"
    if answer == whole or answer in LETTERS:
        return graded(answer[0] == task.answer, answer)
    if answer[:1] in LETTERS and answer[1:2] in (".", ")"):
        return graded(answer[0] == task.answer, answer[0])
    return unread("not_an_option")


def official_yes_no(task: Task, answer: str) -> Grade:
    """What begins with `no` is No: `nothing` and `not` are."""
    said = next((word for word in ("yes", "no") if answer.lower().startswith(word)), None)
    return unread("ambiguous") if said is None else graded(said == task.answer_text.strip().lower(), said)


def official_matching(task: Task, answer: str) -> Grade:
    """The whole line of an option, its text, alone or behind a `) `, or its name with or without its first word: `Option 2: ..`,
    `x) ..`, `Option 2`, `2.`. A text ends at its first `: `. The letter is taken as well, for templates that show letters."""
    tail = answer.split(") ")[1] if ") " in answer else answer
    undotted = answer.replace(".", "")
    for letter, label, option in options_of(task):
        text, names = option.split(": ")[0], (label, label.split()[-1], letter)
        if answer == f"{label}: {option}" or text in (answer, tail) or answer in names or undotted in names:
            return graded(letter == task.answer, letter)
    return unread("not_an_option")


def strict_matching(task: Task, response: str) -> Grade:
    """An option's name, its text or both, in any spelling: a caption that begins with `A man` names no letter."""
    answer = final_answer(response)
    if isinstance(answer, Malformed):
        return unread(answer.reason)
    named = [letter for letter, *names in options_of(task) if plain(answer) in spellings(letter, *names)]
    if len(named) == 1:
        return graded(named[0] == task.answer, named[0])
    for letter, label, _ in options_of(task):
        answer = re.sub(rf"\b{label}\b", f"({letter})", answer, flags=re.IGNORECASE)
    return strict_choice(task, answer)


def options_of(task: Task) -> Iterator[tuple[str, str, str]]:
    """Letter, name and text of each."""
    named = task if labels(task) else replace(task, extra={**task.extra, "label": LABEL})
    return zip(LETTERS, labels(named), task.options, strict=False)


def spellings(letter: str, label: str, text: str) -> set[str]:
    """`Option 2`, `2` and `B` name the second, with its text behind or alone."""
    names = (label, label.split()[-1], letter)
    return {*map(plain, names), *(plain(f"{name} {text}") for name in names)}


def plain(text: str) -> str:
    """Words in lower case, without what stands between them."""
    return " ".join(re.findall(r"\w+", text.lower()))
