"""Answers in words: short texts, transcriptions, charts.

OCRBench: https://github.com/open-compass/VLMEvalKit, vlmeval/dataset/image_vqa.py. ChartQA: Masry et al. 2022,
arXiv:2203.10244, relaxed accuracy.
"""

import re

import yaml

from spatialrl.benchmarks.scoring.final import final_answer
from spatialrl.benchmarks.scoring.grading import Grade, graded, unread
from spatialrl.benchmarks.scoring.vsi import tagged
from spatialrl.rewards.math_answer import same_answer
from spatialrl.rewards.parse import Malformed, Number, number
from spatialrl.rewards.spacer_compat import free_form
from spatialrl.rewards.words_overlap import word_accuracy
from spatialrl.types import Task

ARTICLES = ("a", "an", "the")
FORMULA = "Handwritten Mathematical Expression Recognition"
RELAXED = 0.05


def exact_text(task: Task, response: str) -> Grade:
    """The whole response, case and outer blanks aside."""
    given = response.strip()
    return graded(given.lower() == task.answer.strip().lower(), given)


def strict_text(task: Task, response: str) -> Grade:
    """The same words, or the same value; articles, case and punctuation aside. Of several answers (a JSON list) any one."""
    answer = final_answer(response)
    if isinstance(answer, Malformed):
        return unread(answer.reason)
    said = words(answer)
    right = any((said and said == words(truth)) or same_answer(answer, truth) for truth in answers(task))
    return graded(right, answer)


def official_ocr(task: Task, response: str) -> Grade:
    """OCRBench: one of the answers stands in the response, within a word, too."""
    if task.extra.get("category") == FORMULA:
        given = response.strip().replace("\n", " ").replace(" ", "")
        return graded(
            any(answer.strip().replace("\n", " ").replace(" ", "") in given for answer in answers(task)), given
        )
    given = response.lower().strip().replace("\n", " ")
    return graded(any(answer.lower().strip().replace("\n", " ") in given for answer in answers(task)), given)


def strict_ocr(task: Task, response: str) -> Grade:
    """One of the answers stands in the final answer in whole words: 5 is not in 150, and not in the reasoning."""
    answer = final_answer(response)
    if isinstance(answer, Malformed):
        return unread(answer.reason)
    if task.extra.get("category") == FORMULA:
        given = "".join(answer.split())
        return graded(any("".join(truth.split()) in given for truth in answers(task)), given)
    said = f" {' '.join(tokens(answer))} "
    return graded(any(f" {' '.join(tokens(truth))} " in said for truth in answers(task)), answer)


def official_transcription(task: Task, response: str) -> Grade:
    """SpaceR's OCR reward: 1 - word error rate."""
    given = tagged(response)
    return graded(word_accuracy(task.answer.split(), given.split()), given)


def strict_transcription(task: Task, response: str) -> Grade:
    answer = final_answer(response)
    return (
        unread(answer.reason)
        if isinstance(answer, Malformed)
        else graded(word_accuracy(task.answer.split(), answer.split()), answer)
    )


def official_free_form(task: Task, response: str) -> Grade:
    """SpaceR's free-form reward: the mean F-measure of ROUGE-1, -2 and -L."""
    given = tagged(response)
    return graded(free_form(given, task.answer), given)


def strict_free_form(task: Task, response: str) -> Grade:
    answer = final_answer(response)
    return unread(answer.reason) if isinstance(answer, Malformed) else graded(free_form(answer, task.answer), answer)


def official_chart(task: Task, response: str) -> Grade:
    """Numbers within 5 %, other texts as they are. `12 cm` is no number."""
    given, truth = plain_float(response), plain_float(task.answer)
    if given is not None and truth:
        return graded(abs(given - truth) / abs(truth) <= RELAXED, f"{given:g}")
    return graded(response.strip().lower() == task.answer.strip().lower(), response.strip())


def strict_chart(task: Task, response: str) -> Grade:
    """The number of the final answer within 5 %, else the same words."""
    answer = final_answer(response)
    if isinstance(answer, Malformed):
        return unread(answer.reason)
    given, truth = number(answer), number(task.answer)
    if isinstance(given, Number) and isinstance(truth, Number):
        near = abs(given.value - truth.value) <= RELAXED * abs(truth.value)
        return graded(near, f"{given.value:g}")
    return strict_text(task, response)


def plain_float(text: str) -> float | None:
    text = text.strip()
    try:
        return float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return None


def answers(task: Task) -> list[str]:
    """One, or several as a list in JSON or as Python writes it."""
    text = task.answer.strip()
    try:
        several = yaml.safe_load(text) if text.startswith("[") and text.endswith("]") else None
    # An answer in square brackets that is no list.
    except yaml.YAMLError:
        several = None
    return [str(each) for each in several] if isinstance(several, list) else [task.answer]


def words(text: str) -> list[str]:
    found = tokens(text)
    return [word for word in found if word not in ARTICLES] or found


def tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
