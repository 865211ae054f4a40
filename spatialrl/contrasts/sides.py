"""Left and right in text, exchanged where they are sides for certain: `right answer` and `left the room` are not."""

import re

SIDE = re.compile(
    r"\b(?:left|right)(?:most|[- ]?handed|[- ]?hand|wards?)?\b|\b(?:counter[- ]?|anti[- ]?)?clockwise\b", re.IGNORECASE
)
PLAIN = ("left", "right")
PLACE = r"(?:front|back|rear|top|bottom|upper|lower|far)"
BEFORE = re.compile(
    rf"(?:\b(?:to|on|at|in|from|towards?)(?: (?:the|my|your|its|his|her|their|our|\w+'s))?(?: {PLACE})?[ -]"
    rf"|\b(?:{PLACE}|facing|faces?|turn|turns|turned)[ -]|\b(?:left|right)(?: of)?(?:,|,? or|,? and) |/)$",
    re.IGNORECASE,
)
AFTER = re.compile(
    rf"^(?: of\b|[ -](?:side|half|third|quarter|quadrant|corner|edge|wall|{PLACE})\b|(?:,|,? or|,? and) (?:{PLACE} |to \w+ )?(?:left|right)\b|/)",
    re.IGNORECASE,
)
OTHERWISE = re.compile(
    r"^ (?:side up|answer|option|choice|order|one|place|way|size|amount|number|angle|time|direction|sequence|word|letter|now)s?\b",
    re.IGNORECASE,
)
"""What may follow `in the right` without a side being meant."""
ALONE = re.compile(rf"^\W*(?:(?:{PLACE}|the|to|on|and|left|right)\b\W*)+$", re.IGNORECASE)
"""A text of nothing but places, as options are."""


def exchanged(text: str) -> str | None:
    """The text about the mirrored scene; None where a word may be a side or something else."""
    if not all(is_side(text, found) for found in SIDE.finditer(text)):
        return None
    return SIDE.sub(lambda found: opposite(found[0]), text)


def names_side(text: str) -> bool:
    return SIDE.search(text.replace("_", " ")) is not None


def is_side(text: str, found: re.Match[str]) -> bool:
    if found[0].lower() not in PLAIN or ALONE.match(text):
        return True
    before, after = text[: found.start()], text[found.end() :]
    return not OTHERWISE.match(after) and bool(BEFORE.search(before) or AFTER.match(after))


def opposite(word: str) -> str:
    """In the word's own case: `Leftmost` -> `Rightmost`, `anti-clockwise` -> `clockwise`."""
    lower = word.lower()
    if "clockwise" in lower:
        other = "clockwise" if lower != "clockwise" else "counterclockwise"
    else:
        other = "right" + lower[4:] if lower.startswith("left") else "left" + lower[5:]
    return other.upper() if word.isupper() else other.capitalize() if word[0].isupper() else other
