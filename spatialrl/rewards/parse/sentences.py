"""The explicit-3D sentences of a chain of thought, as SpatialReasoner (arXiv:2504.20024) writes them, so that a verifier
can recompute it. Sentences that state nothing about 3D space are skipped.
"""

import re
from collections.abc import Callable, Iterator

from spatialrl.rewards.parse.statement import (
    Angle,
    Axis,
    Conclusion,
    Cosine,
    Direction,
    Displacement,
    Distance,
    Height,
    Location,
    Operand,
    Span,
    Statement,
)
from spatialrl.rewards.parse.units import METRES, unit_at
from spatialrl.types import Vector

MAX_READ = 100_000
"""Characters of a text that are looked at; an honest chain of thought has a few thousand."""
MAX_STATEMENTS = 500
# Names are bounded and numbers short, so that no text takes more than a fixed effort per character.
NAME = r"((?:(?!\.\s| is )[^\n()]){1,80}?)"
PHRASE = r"([^\n()]{1,240}?)"
NUMBER = r"([-+−]?\d{1,6}(?:\.\d{0,12})?)(?![\d])"
VECTOR = rf"[(\[<]\s{{0,3}}{NUMBER}\s{{0,3}},\s{{0,3}}{NUMBER}\s{{0,3}},\s{{0,3}}{NUMBER}\s{{0,3}}[)\]>]"
IS = r"\s{0,3}(?:is|=|:|≈)\s{0,3}(?:(?:approximately|about|roughly|around)\s)?"
AND = re.compile(r" and ", re.IGNORECASE)
AXIS = re.compile(r"(?:the )?(front|left)(?:-facing)? direction of (.+)", re.IGNORECASE)
SPAN = re.compile(r"(?:the )?vector from (.+?) to (.+)", re.IGNORECASE)
ARTICLE = re.compile(r"(?:the|a|an) (?=.)")

Sides = tuple[str, str]
Builder = Callable[[re.Match[str], set[str]], Iterator[Statement]]


def statements(text: str) -> tuple[Statement, ...]:
    """The sentences of a text that state something about 3D space, in their order; empty where there are none."""
    text = text[:MAX_READ]
    found = [(match, build) for pattern, build in SENTENCES.items() for match in pattern.finditer(text)]
    found.sort(key=lambda pair: pair[0].start())
    known = {_name(match[1]) for match, build in found if build is _location}
    read = (statement for match, build in found[:MAX_STATEMENTS] for statement in build(match, known))
    return tuple(read)[:MAX_STATEMENTS]


def _location(match: re.Match[str], known: set[str]) -> Iterator[Statement]:
    yield Location(_name(match[1]), _vector(match))


def _displacement(match: re.Match[str], known: set[str]) -> Iterator[Statement]:
    yield Displacement(Span(_name(match[1]), _name(match[2])), _vector(match))


def _direction(match: re.Match[str], known: set[str]) -> Iterator[Statement]:
    yield Direction(Axis("front" if match[1].lower() == "front" else "left", _name(match[2])), _vector(match))


def _cosine(match: re.Match[str], known: set[str]) -> Iterator[Statement]:
    first, second = (_operand(side) for side in _sides(match[1], known))
    yield Cosine(first, second, _float(match[2]))
    if match[3]:
        yield Angle(first, second, _float(match[3]))


def _angle(match: re.Match[str], known: set[str]) -> Iterator[Statement]:
    first, second = (_operand(side) for side in _sides(match[1], known))
    yield Angle(first, second, _float(match[2]))


def _distance_from(match: re.Match[str], known: set[str]) -> Iterator[Statement]:
    yield Distance(_name(match[1]), _name(match[2]), _metres(match, 3))


def _distance_between(match: re.Match[str], known: set[str]) -> Iterator[Statement]:
    first, second = _sides(match[1], known)
    yield Distance(_name(first), _name(second), _metres(match, 2))


def _height(match: re.Match[str], known: set[str]) -> Iterator[Statement]:
    yield Height(_name(match[1]), _metres(match, 2))


def _conclusion(match: re.Match[str], known: set[str]) -> Iterator[Statement]:
    yield Conclusion(match[1].strip())


def _sides(phrase: str, known: set[str]) -> Sides:
    """The two sides of an "and". Names may hold one, too: the split that makes the most sense is taken."""
    splits = [(phrase[: found.start()], phrase[found.end() :]) for found in AND.finditer(phrase)]
    return max(splits, key=lambda sides: sum(_sense(side, known) for side in sides), default=(phrase, ""))


def _sense(side: str, known: set[str]) -> int:
    """A direction, a vector and a known name make sense."""
    operand = _operand(side)
    if isinstance(operand, str):
        return 2 * (operand in known)
    return 1 + ((operand.name if isinstance(operand, Axis) else operand.end) in known)


def _operand(phrase: str) -> Operand:
    phrase = phrase.strip()
    if axis := AXIS.fullmatch(phrase):
        return Axis("front" if axis[1].lower() == "front" else "left", _name(axis[2]))
    if span := SPAN.fullmatch(phrase):
        return Span(_name(span[1]), _name(span[2]))
    return _name(phrase)


def _name(words: str) -> str:
    return ARTICLE.sub("", " ".join(words.lower().split()).strip(" .,;:'\"*`"), count=1)


def _vector(match: re.Match[str]) -> Vector:
    x, y, z = match.groups()[-3:]
    return _float(x), _float(y), _float(z)


def _float(digits: str) -> float:
    return float(digits.replace("−", "-"))


def _metres(match: re.Match[str], group: int) -> float:
    """As written; in another unit of length converted."""
    unit, _ = unit_at(match.string, match.end(group))
    return _float(match[group]) * METRES.get(unit, 1.0)


ANGLE_THEN = rf"(?:,?\s{{0,3}}(?:which )?correspond(?:s|ing) to an angle of (?:about |approximately )?{NUMBER})?"
SENTENCES: dict[re.Pattern[str], Builder] = {
    re.compile(pattern, re.IGNORECASE): build
    for pattern, build in {
        rf"\blocation of {NAME}{IS}{VECTOR}": _location,
        rf"\bvector from {NAME} to {NAME}{IS}{VECTOR}": _displacement,
        rf"\b(front|left)(?:-facing)? direction of {NAME}{IS}{VECTOR}": _direction,
        rf"\bcosine similarity between {PHRASE}{IS}{NUMBER}{ANGLE_THEN}": _cosine,
        rf"\bangle between {PHRASE}{IS}{NUMBER}": _angle,
        rf"\bdistance from {NAME} to {NAME}{IS}{NUMBER}": _distance_from,
        rf"\bdistance between {PHRASE}{IS}{NUMBER}": _distance_between,
        rf"\bheight of {NAME}{IS}{NUMBER}": _height,
        r"(?:^|[.!?>]\s)\s{0,9}((?:Therefore|Thus|Hence|So|Consequently|In conclusion|As a result|The (?:correct )?answer is)"
        r"\b(?:(?![.!?](?:\s|$))[^\n<]){1,300})": _conclusion,
    }.items()
}
"""Their patterns, and what they state."""
