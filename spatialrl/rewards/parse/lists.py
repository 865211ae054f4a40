"""Answers made of several labels: a sequence of numbers, or a pair of words."""

import re

from spatialrl.rewards.parse.text import MAX_ANSWER, Malformed, undressed

SEPARATOR = r"(?:\s*+(?:[-=]{1,2}>|[→,;>–−-])\s*+(?:(?:and|then)\s++)?|\s++(?:(?:and|then)\s++)?)"
RUN = re.compile(rf"(?<![\w.-])\d++(?:{SEPARATOR}\d++)+(?!\w|\.\d)", re.IGNORECASE)
NUMBER = re.compile(r"\d+")
SINGLE_DIGITS = re.compile(r"[0-9]{1,10}")
MAX_DIGITS = 4
BRACKETS = "()[]{}<>\"' .\n\t"
PAIR_SEPARATOR = re.compile(r"[\s,;:/|–→>()\[\]\"'-]+")
PAIR_WORD = re.compile(r"\w{1,40}")
PAIR_JOINERS = {"and", "then"}


def sequence(answer: str) -> tuple[int, ...] | Malformed:
    """`3, 1, 2`, `[3,1,2]`, `3 1 2`, `3-1-2`, `3->1->2` or `312`, alone or in a sentence without other numbers."""
    if len(answer) > MAX_ANSWER:
        return Malformed("too_long")
    text = undressed(answer).strip(BRACKETS)
    if not text:
        return Malformed("empty")
    if SINGLE_DIGITS.fullmatch(text):
        return tuple(int(digit) for digit in text)
    runs = [found.group() for found in RUN.finditer(text)]
    if not runs:
        return Malformed("not_a_sequence")
    labels = NUMBER.findall(runs[0])
    if len(NUMBER.findall(text)) > len(labels):
        return Malformed("ambiguous: other numbers beside the sequence")
    return tuple(map(int, labels)) if max(map(len, labels)) <= MAX_DIGITS else Malformed("not_a_sequence")


def label_pair(answer: str) -> tuple[str, str] | Malformed:
    """`left, near`, `(left; near)`, `left-near`, `Left and Near` or `3-0`: two words in lower case, in their order."""
    if len(answer) > MAX_ANSWER:
        return Malformed("too_long")
    text = undressed(answer).lower().strip(BRACKETS)
    if not text:
        return Malformed("empty")
    words = [word for word in PAIR_SEPARATOR.split(text) if word and word not in PAIR_JOINERS]
    if len(words) != 2 or not all(PAIR_WORD.fullmatch(word) for word in words):
        return Malformed("not_a_pair")
    return words[0], words[1]
