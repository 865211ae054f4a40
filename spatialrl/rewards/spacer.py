"""SpaceR's parts, corrected: answers read by the one parser, numbers in the task's unit, and nothing for what can't be
read. Each is 0 to 1; `Unscored` says that the task has no truth of that kind."""

import unicodedata
from collections.abc import Callable, Sequence

from spatialrl.rewards.geometry_parts import grounding_iou
from spatialrl.rewards.mra import exact_mra, in_unit, relative_closeness
from spatialrl.rewards.parse import Malformed, answer_text, choice, number, says_something
from spatialrl.rewards.ssrl import label_pair_accuracy, sequence_accuracy
from spatialrl.rewards.words_overlap import Words, rouge_l, rouge_n, word_accuracy, word_tokens
from spatialrl.types import Completion, Task, Unscored

REGRESSION = "regression"
"""Family of the `number` tasks that are judged by relative error instead of MRA."""
THINK_ANSWER = ("think", "answer")
ARTICLES = frozenset(("a", "an", "the"))
SHARED_BY_CHANCE = 0.25
"""Mean ROUGE that texts of one kind have in common."""

Part = Callable[[Task, Completion], float | Unscored]


def answer_accuracy(task: Task, completion: Completion) -> float | Unscored:
    """By the kind of the answer: a dictionary at the end of this file says which part judges it."""
    part = BY_KIND.get(task.answer_kind)
    return part(task, completion) if part else Unscored(reason=f"no answer of kind {task.answer_kind} is judged here")


def choice_answer(task: Task, completion: Completion) -> float | Unscored:
    """1 for the letter or the text of the right option."""
    if not task.names_an_option:
        return Unscored(
            reason=f"the answer of task {task.id} is {task.answer!r}, none of its {len(task.options)} options"
        )
    answer = answer_text(completion.text)
    return 0.0 if isinstance(answer, Malformed) else float(choice(answer, task.options) == task.answer)


def number_answer(task: Task, completion: Completion) -> float | Unscored:
    closeness = regression_accuracy if task.family == REGRESSION else mean_relative_accuracy
    return closeness(task, completion)


def mean_relative_accuracy(task: Task, completion: Completion) -> float | Unscored:
    """MRA in exact arithmetic; `350 cm` for 3.5 m is 1."""
    return _closeness(task, completion, exact_mra)


def regression_accuracy(task: Task, completion: Completion) -> float | Unscored:
    """1 - relative error, at least 0."""
    return _closeness(task, completion, relative_closeness)


def ocr_accuracy(task: Task, completion: Completion) -> float | Unscored:
    """1 - word error rate, at least 0; case counts, forms of the same character do not."""
    reference = _words_as_written(task.answer)
    if not reference:
        return Unscored(reason=f"the answer of task {task.id} has no words")
    answer = answer_text(completion.text)
    return 0.0 if isinstance(answer, Malformed) else word_accuracy(reference, _words_as_written(answer))


def free_form_accuracy(task: Task, completion: Completion) -> float | Unscored:
    """Mean F-measure of ROUGE-1, -2 and -L above what any words share, of the text and of those words in it that the
    question does not have, whichever is less. Where the question has all of them, 1 for the same text and else 0: the
    options it names share their words, too.
    """
    reference = word_tokens(task.answer)
    if not reference:
        return Unscored(reason=f"the answer of task {task.id} has no words")
    answer = answer_text(completion.text)
    words = [] if isinstance(answer, Malformed) else word_tokens(answer)
    given = {*word_tokens(" ".join((task.question, *task.options))), *ARTICLES}
    new, new_words = ([word for word in some if word not in given] for some in (reference, words))
    if not new:
        return float(_without_articles(words) == _without_articles(reference))
    shared = min(_mean_rouge(reference, words), _mean_rouge(new, new_words))
    return max(0.0, shared - SHARED_BY_CHANCE) / (1 - SHARED_BY_CHANCE)


def _without_articles(words: Words) -> Words:
    """A text of nothing but articles stays: the answer `A` is a word, and saying nothing is not saying it."""
    return [word for word in words if word not in ARTICLES] or words


def _mean_rouge(reference: Words, words: Words) -> float:
    """ROUGE-2 is left out where the reference is one word, so that equal texts are 1."""
    measures = [rouge_n(reference, words, n) for n in (1, 2) if n <= len(reference)]
    return (sum(measures) + rouge_l(reference, words)) / (len(measures) + 1)


def think_format(task: Task, completion: Completion, *, tags: Sequence[str] = THINK_ANSWER) -> float:
    """1 where the blocks stand in this order, each once, each with something in it, and nothing around them.

    A tag with a question mark may be left out, or stand inside a block before it: `[think, map?, answer]`.
    """
    return float(are_blocks_in_order(completion.text, tags))


def are_blocks_in_order(text: str, tags: Sequence[str]) -> bool:
    position = 0
    for tag in tags:
        name = tag.removesuffix("?")
        opening, closing = f"<{name}>", f"</{name}>"
        counts = text.count(opening), text.count(closing)
        if counts == (0, 0) and tag != name:
            continue
        start, end = text.find(opening, position), text.find(closing, position)
        inside = text[start + len(opening) : max(end, 0)]
        if tag != name and counts == (1, 1) and says_something(_between(text[:position], opening, closing)):
            continue
        if counts != (1, 1) or start < 0 or text[position:start].strip() or not says_something(inside):
            return False
        position = end + len(closing)
    return position > 0 and not text[position:].strip()


def _between(text: str, opening: str, closing: str) -> str:
    inside, found, _ = text.partition(opening)[2].partition(closing)
    return inside if found else ""


def _closeness(task: Task, completion: Completion, closeness: Callable[[float, float], float]) -> float | Unscored:
    truth = number(task.answer)
    if isinstance(truth, Malformed):
        return Unscored(reason=f"the answer of task {task.id} is {task.answer!r}, which is no number")
    answer = answer_text(completion.text)
    guess = answer if isinstance(answer, Malformed) else number(answer)
    if isinstance(guess, Malformed):
        return 0.0
    value = in_unit(guess, truth.unit or task.unit)
    return 0.0 if value is None else closeness(value, truth.value)


def _words_as_written(text: str) -> list[str]:
    return unicodedata.normalize("NFKC", text).split()


BY_KIND: dict[str, Part] = {
    "choice": choice_answer,
    "number": number_answer,
    "text": free_form_accuracy,
    "ocr": ocr_accuracy,
    "sequence": sequence_accuracy,
    "label_pair": label_pair_accuracy,
    "box": grounding_iou,
}
