"""Published ways to find the letter of a choice in a response, each as its own evaluator does it."""

import re
from collections.abc import Iterable

from spatialrl.benchmarks.scoring.grading import Grade, graded, unread
from spatialrl.benchmarks.scoring.vlmevalkit import letter_in
from spatialrl.benchmarks.scoring.vsi import tagged
from spatialrl.types import LETTERS, Task

STI_PATTERNS = [
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        r"\(([A-E])\)",
        r"Ans\s*=\s*['\"]?([A-E])['\"]?",
        r"Answer\s*[:=]\s*([A-E])",
        r"Option\s+([A-E])",
        r"\b([A-E])\s*(?:is|was)\s*correct",
        r"\b([A-E])[.)]\s*$",
    )
]
"""`answer: because` is B: the pattern has no end of a word."""
PREFIXES = (
    "The best answer is",
    "The correct answer is",
    "The answer is",
    "The answer",
    "The best option isThe correct option is",
    "Best answer:Best option:",
    "Answer:",
    "Option:",
    "The correct answer",
    "The correct option",
)
"""Two of them are two that lack the comma between them, and never occur."""
LONG = 10
"""Words from which a response without a capital letter of an option is not looked at."""


def sti_bench(task: Task, response: str) -> Grade:
    """SpaceR's evaluator: the first pattern that is found anywhere, else the whole text."""
    answer = tagged(response)
    matches = (pattern.search(answer) for pattern in STI_PATTERNS)
    found = next((match[1].upper() for match in matches if match), answer.strip())
    return graded(found == task.answer, found)


def first_letter(task: Task, response: str) -> Grade:
    """Video-MME and LongVideoBench: the first capital letter of an option, in a word or alone; `Because` is B."""
    letters = LETTERS[: max(4, len(task.options))]
    text = response.strip()
    for prefix in PREFIXES:
        text = text.replace(prefix, "")
    found = next((character for character in text if character in letters), None)
    return unread("not_an_option") if found is None else graded(found == task.answer, found)


def contains_letter(task: Task, response: str) -> Grade:
    """Spatial-SSRL's What'sUp: the right letter, which is always A there, stands anywhere in the response."""
    return graded(task.answer in response, task.answer if task.answer in response else "")


def without_length_limit(task: Task, response: str) -> Grade:
    """VLMEvalKit's exact matching in the fork of Spatial-SSRL: option texts are looked for in responses of any length."""
    options = dict(zip(LETTERS, task.options, strict=False))
    letter = letter_in(response, options)
    if letter is None:
        letter = only(name for name, option in options.items() if option.lower() in response.lower())
    return unread("not_an_option") if letter is None else graded(letter == task.answer, letter)


def only(found: Iterable[str]) -> str | None:
    names = list(found)
    return names[0] if len(names) == 1 else None
