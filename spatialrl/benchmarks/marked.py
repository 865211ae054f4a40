"""Options inside a text, each behind its letter or number: `A. left B. right`, or in any spelling a description gives a pattern of."""

import re

from spatialrl.data.importers.answers import HEADING, options_in
from spatialrl.types import LETTERS


def marked_options(text: str, *, marker: str = "") -> tuple[str, tuple[str, ...]]:
    """The text without its options, and the options. The last run of letters from A on counts; fewer than two are none."""
    if not marker:
        return options_in(text)
    found = _last_run(list(re.finditer(marker, text)))
    if len(found) < 2:
        return text.strip(), ()
    ends = [*(match.start() for match in found[1:]), len(text)]
    options = [text[match.end() : end].strip(" \t\r\n,;") for match, end in zip(found, ends, strict=True)]
    return HEADING.sub("", text[: found[0].start()]).strip(), tuple(options)


def _letter(mark: str) -> str:
    """`1` is the first, as `A` is."""
    return LETTERS[int(mark) - 1] if mark in "123456789" else mark.upper()


def _last_run(found: list[re.Match[str]]) -> list[re.Match[str]]:
    """The last A with the B, C, ... that follow it."""
    run: list[re.Match[str]] = []
    best: list[re.Match[str]] = []
    for match in found:
        letter = _letter(match[1])
        if letter == LETTERS[0]:
            run = [match]
        elif run and letter == LETTERS[len(run) % len(LETTERS)]:
            run.append(match)
        best = run if len(run) > 1 else best
    return best
