"""Names of units and what a length is in metres."""

import re

NAMES = {
    "m": ("metres?", "meters?", "m"),
    "cm": ("centi-?metres?", "centi-?meters?", "cms?"),
    "mm": ("milli-?metres?", "milli-?meters?", "mms?"),
    "km": ("kilo-?metres?", "kilo-?meters?", "kms?"),
    "in": ("inch(?:es)?", "in", '"', "″"),
    "ft": ("feet", "foot", "ft", "'", "′"),
    "yd": ("yards?", "yds?"),
    "mi": ("miles?",),
    "m2": ("sq(?:uare|\\.)? ?(?:metres?|meters?|m)", "(?:metres?|meters?|m) ?(?:\\^ ?\\{?2\\}?|2|squared)", "sqm"),
    "cm2": ("sq(?:uare|\\.)? ?(?:centimetres?|centimeters?|cm)", "cm ?(?:\\^ ?\\{?2\\}?|2|squared)"),
    "ft2": ("sq(?:uare|\\.)? ?(?:feet|foot|ft)", "(?:feet|ft) ?(?:\\^ ?\\{?2\\}?|2|squared)", "sqft"),
    "m3": ("cubic (?:metres?|meters?)", "m ?(?:\\^ ?\\{?3\\}?|3|cubed)"),
    "deg": ("degrees?", "degs?", "\\^? ?\\{?°\\}?"),
    "rad": ("radians?", "rads?"),
    "ms": ("milliseconds?", "ms"),
    "s": ("seconds?", "secs?", "s"),
    "min": ("minutes?", "mins?"),
    "h": ("hours?", "hrs?", "h"),
    "px": ("pixels?", "px"),
    "%": ("%", "percent", "per cent"),
}
METRES = {"": 1.0, "m": 1.0, "cm": 0.01, "mm": 0.001, "km": 1000.0, "in": 0.0254, "ft": 0.3048, "yd": 0.9144}
METRES["mi"] = 1609.344


def _pattern(names: tuple[str, ...]) -> str:
    return "|".join(f"{name}(?![\\w^])" if name[-1] not in "'\"″′%" and "°" not in name else name for name in names)


UNIT = re.compile(
    "[ -]{0,2}(?:" + "|".join(f"(?P<u{i}>{_pattern(names)})" for i, names in enumerate(NAMES.values())) + ")"
)
KEYS = tuple(NAMES)
PREPOSITION = re.compile(r"in\s+[a-z]")
"""`5 in the room`: the word after it tells that no inches are meant."""


def unit_at(text: str, position: int) -> tuple[str, int]:
    """The unit that stands at this position of a lower-case text, and where it ends; "" where none does."""
    found = UNIT.match(text, position)
    if found is None or PREPOSITION.match(found.group().strip() + text[found.end() : found.end() + 8]):
        return "", position
    return KEYS[int((found.lastgroup or "u0")[1:])], found.end()
