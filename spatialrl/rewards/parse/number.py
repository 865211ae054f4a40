"""One number from an answer: with sign, thousands separators, exponent, fraction, unit, in digits or in words.

An answer that names several different numbers is ambiguous; none is chosen for the model.
"""

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from spatialrl.rewards.parse.number_words import MULTIPLIERS, word_number
from spatialrl.rewards.parse.text import MAX_ANSWER, Malformed, undressed
from spatialrl.rewards.parse.units import METRES, unit_at

SAME = 0.01
"""Two lengths in different units count as one number where they differ by less: `3.5 m (11.5 ft)`."""
TOKEN = re.compile(r"(?<![\w.^])(?:(?P<run>\.?\d[\d,.]*(?:e[+-]?\d+)?)|(?P<word>[a-z]+))")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})++(?:\.\d*+)?(?:e[+-]?\d+)?")
PLAIN = re.compile(r"(?:\d++(?:\.\d*+)?|\.\d++)(?:e[+-]?\d+)?")
DENOMINATOR = re.compile(r" ?/ ?(\d{1,9})(?![\w/.])")
MIXED = re.compile(r" (\d{1,9}) ?/ ?(\d{1,9})(?![\w/.])")
TEN_TO = re.compile(r" ?[x×*] ?10 ?\^ ?\{? ?([+-]?\d{1,4})\}?(?!\w)")
GLUED = re.compile(r"[\w^/\\]")
WORDS_AHEAD = re.compile(r"[a-z]+(?:[ -]+[a-z]+){0,19}")
WORD = re.compile(r"[a-z]++(?!\w)")
ARTICLE = re.compile(r" an?(?= )")
JOINT = re.compile(r"(?:,? (?:and )?)?(?=\d)")
MINUS_BEFORE = re.compile(r"(?:(?<![\w)\]])-|(?:^|[=:(] ?)- |\b(?:minus|negative) )\Z")
FRACTION_COMMAND = re.compile(r"\\[dt]?frac\s?\{(\d{1,9})\}\s?\{(\d{1,9})\}")
SUPERSCRIPTS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]")
VULGAR = re.compile("(?<=[0-9])(?=[¼½¾⅐-⅞])")
THIN_SPACES = re.compile("(?<=[0-9])[\u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))")
QUOTED = re.compile(r"""(?<!\w)(['"])([^'"]{1,100})\1""")
"""Around a number quotes are no feet and inches."""
DASHES = str.maketrans({"−": "-", "–": "-", "—": "-", "⁄": "/", "’": "'", "‘": "'", "”": '"', "“": '"'})


@dataclass(frozen=True, slots=True)
class Number:
    """A finite value and its unit: m, cm, mm, km, in, ft, yd, mi, m2, cm2, ft2, m3, deg, rad, s, ms, min, h, px, %."""

    value: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    number: Number
    end: int
    weak: bool = False
    """The word "one", which other numbers overrule: `the one on the left is 3 m away`."""


class _NoNumber(ValueError):
    """Never leaves this file: `number` turns it into `Malformed`."""


def number(answer: str) -> Number | Malformed:
    """The one number of an answer text. Several are fine where they say the same: `3.5 m (350 cm)`."""
    if len(answer) > MAX_ANSWER:
        return Malformed("too_long")
    text = _plain(answer)
    if not text:
        return Malformed("empty")
    try:
        found = list(_numbers(text))
    except _NoNumber as error:
        return Malformed(str(error))
    return _agreed([one.number for one in found if not one.weak] or [one.number for one in found])


def in_metres(number: Number) -> float | None:
    """A length in metres; a number without unit counts as metres. None for other units, and beyond floats."""
    metres = number.value * METRES.get(number.unit, math.nan)
    return metres if math.isfinite(metres) else None


def _agreed(numbers: list[Number]) -> Number | Malformed:
    if not numbers:
        return Malformed("not_a_number")
    # The one that has a unit says more.
    best = next((one for one in numbers if one.unit), numbers[0])
    same = all(_say_the_same(best, other) for other in numbers)
    return best if same else Malformed("ambiguous: several numbers")


def _say_the_same(a: Number, b: Number) -> bool:
    if a.unit == b.unit or not b.unit:
        return a.value == b.value
    left, right = in_metres(a), in_metres(b)
    return left is not None and right is not None and math.isclose(left, right, rel_tol=SAME)


def _plain(answer: str) -> str:
    """Lower case, ASCII digits, one space at most, fractions as a/b, powers as ^n."""
    text = FRACTION_COMMAND.sub(r" \1/\2", undressed(answer))
    text = SUPERSCRIPTS.sub(lambda found: f"^{unicodedata.digit(found.group())}", VULGAR.sub(" ", text))
    text = unicodedata.normalize("NFKC", THIN_SPACES.sub("", text)).translate(DASHES).lower()
    return " ".join(QUOTED.sub(r" \2 ", text).split())


def _numbers(text: str) -> Iterator[_Found]:
    position = 0
    while (token := TOKEN.search(text, position)) is not None:
        found = _digits(text, token) if token["run"] else _spelled(text, token.start())
        if found is not None:
            found = _with_inches(text, found)
            yield found
        position = max(token.end(), found.end if found else 0)


def _digits(text: str, token: re.Match[str]) -> _Found | None:
    run = token["run"]
    body = run.rstrip(",.") if "e" not in run else run
    end = token.start() + len(body)
    value, end = _tail(text, _value(body), end)
    unit, after = unit_at(text, end)
    # `3d`, `2nd` and `10^2` are names and powers, not the numbers 3, 2 and 10.
    if not unit and GLUED.match(text, end):
        return None
    return _found(text, token.start(), value, unit, after)


def _value(body: str) -> float:
    if GROUPED.fullmatch(body):
        return float(body.replace(",", ""))
    if PLAIN.fullmatch(body):
        return float(body)
    raise _NoNumber("ambiguous: several numbers" if "," in body else "not_a_number")


def _tail(text: str, value: float, end: int) -> tuple[float, int]:
    """What belongs to a number after its digits: a fraction, a power of ten, `million`."""
    if mixed := MIXED.match(text, end):
        return value + _ratio(float(mixed[1]), mixed[2]), mixed.end()
    if denominator := DENOMINATOR.match(text, end):
        return _ratio(value, denominator[1]), denominator.end()
    if power := TEN_TO.match(text, end):
        return float(f"{value!r}e{power[1]}") if "e" not in repr(value) else math.nan, power.end()
    word = WORD.match(text, end + 1)
    if word and text[end] in " -" and word.group() in MULTIPLIERS:
        return value * MULTIPLIERS[word.group()], word.end()
    return value, end


def _ratio(numerator: float, denominator: str) -> float:
    if not int(denominator):
        raise _NoNumber("not_a_number: division by zero")
    return numerator / int(denominator)


def _spelled(text: str, start: int) -> _Found | None:
    ahead = WORDS_AHEAD.match(text, start)
    words = list(WORD.finditer(ahead.group())) if ahead else []
    reading = word_number([word.group() for word in words])
    if reading is None:
        return None
    value, used = reading
    end = start + words[used - 1].end()
    # `half a metre`: the article stands between the number and its unit.
    article = ARTICLE.match(text, end) if value == 0.5 else None
    unit, after = unit_at(text, article.end() if article else end)
    return _found(text, start, value, unit, after, weak=value == 1 and used == 1 and not unit)


def _found(text: str, start: int, value: float, unit: str, end: int, *, weak: bool = False) -> _Found:
    if not math.isfinite(value):
        raise _NoNumber("not_a_number: beyond floats")
    negative = MINUS_BEFORE.search(text, max(0, start - 9), start) is not None
    return _Found(Number(-value if negative else value, unit), end, weak)


def _with_inches(text: str, feet: _Found) -> _Found:
    """`5 ft 6 in` and `1 m 80 cm` are one number."""
    smaller = {"ft": "in", "m": "cm"}.get(feet.number.unit)
    joint = JOINT.match(text, feet.end) if smaller else None
    token = TOKEN.match(text, joint.end()) if joint else None
    rest = _digits(text, token) if token and token["run"] else None
    if rest is None or rest.number.unit != smaller:
        return feet
    value = feet.number.value + rest.number.value * METRES[rest.number.unit] / METRES[feet.number.unit]
    return _Found(Number(value, feet.number.unit), rest.end)
