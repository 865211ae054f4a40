"""TempCompass (Liu et al. 2024, arXiv:2403.00476): `extra.kind` is multi-choice, yes_no, caption_matching or captioning.

https://github.com/llyx97/TempCompass, as in SpaceR's SpaceR-Eval/data_utils/tempcompass.py
"""

from spatialrl.benchmarks.scoring.choices import strict_choice
from spatialrl.benchmarks.scoring.grading import Grade, graded, unread
from spatialrl.benchmarks.scoring.texts import official_free_form, strict_free_form
from spatialrl.benchmarks.scoring.vsi import tagged
from spatialrl.benchmarks.scoring.yes_no import strict_yes_no
from spatialrl.types import Task

LETTERS = ("A", "B", "C", "D")
NAMES = ("", "Sentence ", "Option ", "Caption ")


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
    """The whole option, its text, its text after a letter and `) `, or its name with or without Sentence, Option, Caption."""
    for letter, option in zip(LETTERS, task.options, strict=False):
        names = {f"{name}{letter}" for name in NAMES}
        tail = answer.split(") ")[1] if ") " in answer else ""
        if answer in names or answer.replace(".", "") in names or option in (answer, tail):
            return graded(letter == task.answer, letter)
    return unread("not_an_option")
