"""An order of named things from an answer: `chair, table, lamp` or `chair < table < lamp`; numbered markers too."""

import re

from spatialrl.rewards.parse.lists import sequence
from spatialrl.rewards.parse.text import MAX_ANSWER, Malformed, undressed

MAX_ITEMS = 100

SEPARATOR = re.compile(r"[,;\n<>→]+|-+>")
LEAD = re.compile(r"(?:(?:and|then) )?(?:(?:the|a|an) )?(.*)", re.DOTALL)
BRACKETS = "()[]{}\"'. \t-"


def order(answer: str) -> tuple[str, ...] | Malformed:
    """Its members as lower-case words, each once, at least two; markers as their digits."""
    if len(answer) > MAX_ANSWER:
        return Malformed("too_long")
    markers = sequence(answer)
    names = _names(answer) if isinstance(markers, Malformed) else tuple(map(str, markers))
    if not 2 <= len(names) <= MAX_ITEMS or len(set(names)) < len(names):
        return Malformed("not_a_sequence")
    return names


def _names(answer: str) -> tuple[str, ...]:
    pieces = (" ".join(piece.lower().split()).strip(BRACKETS) for piece in SEPARATOR.split(undressed(answer)))
    return tuple(LEAD.sub(r"\1", piece) for piece in pieces if piece)
