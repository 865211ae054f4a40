"""Points and boxes from an answer: groups of numbers in brackets, as models write them in plain lists, in JSON and in
`<box>` or `<point>` tags. Words beside the groups are skipped; the numbers inside are read as written."""

import re

from spatialrl.rewards.parse.text import MAX_ANSWER, Malformed, undressed

MAX_COORDINATE = 1e6
"""In pixels; areas and distances of larger ones lose their digits."""
MAX_GROUPS = 500

TAG = re.compile(r"</?[a-z_]{1,20}>")
INNERMOST = re.compile(r"[\[(]([^\[\](){}]{1,400})[\])]")
BARE = re.compile(r"[-+0-9.,;e\s]{1,400}", re.IGNORECASE)
SEPARATOR = re.compile(r"[\s,;]+")
NUMBER = re.compile(r"[-+]?(?:[0-9]{1,9}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:e[-+]?[0-9]{1,3})?", re.IGNORECASE)

Groups = tuple[tuple[float, ...], ...]


def coordinates(answer: str) -> Groups | Malformed:
    """`[10, 20, 30, 40]` -> ((10, 20, 30, 40),) and `[[1, 2], [3, 4]]` -> ((1, 2), (3, 4)), in the order of the text."""
    if len(answer) > MAX_ANSWER:
        return Malformed("too_long")
    text = TAG.sub(" ", undressed(answer)).strip()
    if not text:
        return Malformed("empty")
    inside = [found[1] for found in INNERMOST.finditer(text)] or ([text] if BARE.fullmatch(text) else [])
    groups = tuple(group for group in map(_group, inside) if group)
    if len(groups) > MAX_GROUPS:
        return Malformed(f"too_long: more than {MAX_GROUPS} groups")
    return groups or Malformed("not_a_number: no coordinates")


def _group(text: str) -> tuple[float, ...]:
    """Empty where something other than numbers stands there."""
    words = [word for word in SEPARATOR.split(text) if word]
    if not all(NUMBER.fullmatch(word) for word in words):
        return ()
    numbers = tuple(float(word) for word in words)
    return numbers if all(abs(number) <= MAX_COORDINATE for number in numbers) else ()
