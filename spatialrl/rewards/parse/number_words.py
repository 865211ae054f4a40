"""Numbers written in English words: `twenty-one`, `two hundred and five`, `three point five`, `two thirds`.

The article "a" is never a number; `a hundred` is the hundred alone, and `half` counts before an article or after "and a".
"""

from collections.abc import Sequence

ONES = {"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
ONES |= {"ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16}
ONES |= {"seventeen": 17, "eighteen": 18, "nineteen": 19}
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
MULTIPLIERS = {"dozen": 12.0, "hundred": 100.0} | SCALES
"""What may stand after digits, too: `2.5 million`."""
PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourths": 4, "fifth": 5}
PARTS |= {"fifths": 5, "sixths": 6, "eighth": 8, "eighths": 8, "tenth": 10, "tenths": 10}

Reading = tuple[float, int] | None
"""The value, and how many words it took."""


def word_number(words: Sequence[str]) -> Reading:
    """The number that the first words spell; as many of them as make one number."""
    if words[:1] == ["half"] and words[1:2] in (["a"], ["an"], ["of"]):
        return 0.5, 1
    whole = _whole(words)
    if whole is None:
        return None
    value, used = whole
    return _decimals(value, words, used) or _part(value, words, used) or _and_a_half(value, words, used) or whole


def _whole(words: Sequence[str]) -> Reading:
    """Groups such as `two hundred and five`, each with a smaller scale than the one before."""
    total, used, limit = 0.0, 0, 1e12
    while (group := _group(words[used:], joined=used > 0)) is not None:
        value, taken = group
        scale = SCALES.get(_at(words, used + taken), 1.0)
        if used and value * scale >= limit:
            break
        total, limit = total + value * scale, scale
        used += taken + (scale > 1)
        if scale == 1:
            break
    return (total, used) if used else _scale_alone(words)


def _scale_alone(words: Sequence[str]) -> Reading:
    return (MULTIPLIERS[words[0]], 1) if words and words[0] in MULTIPLIERS else None


def _group(words: Sequence[str], *, joined: bool) -> Reading:
    """Up to 999, or dozens. `joined` groups follow a scale and may begin with "and"."""
    skipped = 1 if joined and _at(words, 0) == "and" else 0
    small = _below_hundred(words[skipped:])
    if small is None:
        return None
    value, used = small[0], small[1] + skipped
    if _at(words, used) == "dozen":
        return value * 12, used + 1
    return _hundreds(value, words, used) if _at(words, used) == "hundred" else (value, used)


def _hundreds(value: float, words: Sequence[str], used: int) -> Reading:
    used += 1
    skipped = 1 if _at(words, used) == "and" else 0
    rest = _below_hundred(words[used + skipped :])
    return (value * 100 + rest[0], used + skipped + rest[1]) if rest else (value * 100, used)


def _below_hundred(words: Sequence[str]) -> Reading:
    first, second = _at(words, 0), ONES.get(_at(words, 1), 0)
    if first in ONES:
        return float(ONES[first]), 1
    if first not in TENS:
        return None
    return (float(TENS[first] + second), 2) if 0 < second < 10 else (float(TENS[first]), 1)


def _decimals(value: float, words: Sequence[str], used: int) -> Reading:
    """`three point two five` and `three point twenty-five` are 3.25."""
    if _at(words, used) != "point":
        return None
    digits, used = "", used + 1
    while len(digits) < 15 and (small := _below_hundred(words[used:])) is not None:
        digits, used = digits + str(int(small[0])), used + small[1]
    return (value + float(f"0.{digits}"), used) if digits else None


def _part(value: float, words: Sequence[str], used: int) -> Reading:
    part = PARTS.get(_at(words, used))
    return (value / part, used + 1) if part else None


def _and_a_half(value: float, words: Sequence[str], used: int) -> Reading:
    return (value + 0.5, used + 3) if list(words[used : used + 3]) == ["and", "a", "half"] else None


def _at(words: Sequence[str], index: int) -> str:
    return words[index] if index < len(words) else ""
