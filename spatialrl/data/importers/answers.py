r"""Answers and options as sources write them, in the form of a task: no letters before options, no tags around answers, a
number without its unit. What can't be put in that form is a BadRow.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from spatialrl.data.importers.bad_row import BadRow
from spatialrl.rewards.parse import Malformed, answer_text, choice, label_pair, number, sequence
from spatialrl.types import LETTERS, AnswerKind

LED_BY_LETTER = re.compile(r"\s*[(\[]?([A-Z])[.):\]]+\s*(.*)", re.DOTALL)
MARKER = re.compile(r"(?:^|(?<=\s))[(\[]?([A-Z])[.):\]]+(?=\s|<|$)", re.MULTILINE)
HEADING = re.compile(r"\s*(?:options|choices)\s*:?\s*\Z", re.IGNORECASE)
JUST_A_NUMBER = re.compile(r"[-+−]?[\d.,]*\d(?:[eE][-+]?\d+)?%?(?P<unit>\s*[^\d\s][^\d]{0,19})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The fields of a task that say what is right."""

    answer: str
    answer_kind: AnswerKind
    unit: str = ""


def unwrapped(text: str) -> str:
    r"""What stands inside `<answer>..</answer>` or `\boxed{..}`, else the whole."""
    inside = answer_text(text)
    return text.strip() if isinstance(inside, Malformed) else inside


def plain_options(options: Sequence[str]) -> tuple[str, ...]:
    """`A. left`, `(B) right` -> left, right. Options that are not led by their letters one after another stay."""
    led = [LED_BY_LETTER.fullmatch(option) for option in options]
    letters = [found[1] for found in led if found]
    if letters != list(LETTERS[: len(options)]):
        return tuple(option.strip() for option in options)
    return tuple(found[2].strip() for found in led if found)


def options_in(text: str) -> tuple[str, tuple[str, ...]]:
    """A question and the options that stand in its text, `A. left B. right`; the last such list counts. Lines after the
    last option stay with the question."""
    markers = _last_run(list(MARKER.finditer(text)))
    if len(markers) < 2:
        return text.strip(), ()
    line_end = text.find("\n", markers[-1].end())
    end = len(text) if line_end < 0 else line_end
    stops = [*(marker.start() for marker in markers[1:]), end]
    options = [text[marker.end() : stop].strip(" \t\r\n,;") for marker, stop in zip(markers, stops, strict=True)]
    question = HEADING.sub("", text[: markers[0].start()]).strip()
    return "\n".join(part for part in (question, text[end:].strip()) if part), tuple(options)


def _last_run(markers: list[re.Match[str]]) -> list[re.Match[str]]:
    """The last A with the B, C, ... that follow it."""
    run: list[re.Match[str]] = []
    best: list[re.Match[str]] = []
    for marker in markers:
        if marker[1] == "A":
            run = [marker]
        elif run and marker[1] == LETTERS[len(run)]:
            run.append(marker)
        best = run if len(run) > 1 else best
    return best


def choice_answer(answer: str, options: Sequence[str]) -> Answer:
    letter = choice(answer, options)
    if isinstance(letter, Malformed):
        raise BadRow("answer", f"Its answer '{answer}' is none of its {len(options)} options: {', '.join(options)}.")
    return Answer(answer=letter, answer_kind="choice")


def number_answer(answer: str, *, unit: str = "") -> Answer:
    """`3.5 meters` is 3.5 in m; `unit` is of numbers that have none of their own."""
    found = number(answer)
    if isinstance(found, Malformed):
        raise BadRow("answer", f"Its answer '{answer}' is not a number ({found.code}).")
    return Answer(answer=_digits(answer, found.value), answer_kind="number", unit=found.unit or unit)


def _digits(answer: str, value: float) -> str:
    """As it is written, where that is a plain number."""
    try:
        return answer.strip() if float(answer) == value else f"{value:.15g}"
    except ValueError:
        return f"{value:.15g}"


def any_answer(answer: str, options: Sequence[str] = ()) -> Answer:
    """By what it looks like: one of the options, a number, else a text."""
    if options:
        return choice_answer(answer, options)
    shape, found = JUST_A_NUMBER.fullmatch(answer.strip()), number(answer)
    if shape is None or isinstance(found, Malformed) or (shape["unit"] and not found.unit):
        return Answer(answer=answer, answer_kind="text")
    return number_answer(answer)


def sequence_answer(answer: str) -> Answer:
    return _shaped(answer, "sequence", sequence(answer))


def label_pair_answer(answer: str) -> Answer:
    return _shaped(answer, "label_pair", label_pair(answer))


def _shaped(answer: str, kind: AnswerKind, found: object) -> Answer:
    if isinstance(found, Malformed):
        raise BadRow("answer", f"Its answer '{answer}' is no {kind.replace('_', ' ')} ({found.code}).")
    return Answer(answer=answer, answer_kind=kind)
