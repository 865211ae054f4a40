"""`<image>` and `<video>` in a question: where its media stand. Depth maps are images here.

A question names all of its media of a kind or no medium at all; one that names none has them before its first word.
"""

import re
from collections.abc import Sequence

from spatialrl.types import Media

PLACEHOLDER = re.compile("(<image>|<video>)")


def placeholders_in(text: str) -> list[str]:
    return PLACEHOLDER.findall(text)


def placeholder_of(medium: Media) -> str:
    return "<video>" if medium.kind == "video" else "<image>"


def unlike_media(texts: Sequence[str], media: Sequence[Media]) -> str | None:
    """How the placeholders of a question and its options differ from its media, as a sentence."""
    named = [name for text in texts for name in placeholders_in(text)]
    present = [placeholder_of(medium) for medium in media]
    if not named or named == present:
        return None
    told = " and ".join(f"{named.count(name)} {name} for {present.count(name)}" for name in ("<image>", "<video>"))
    order = "; their order differs" if sorted(named) == sorted(present) else ""
    return f"Its question names its media otherwise than they are: {told} there are{order}."


def content_parts(text: str, media: Sequence[Media]) -> list[dict[str, str]]:
    """The parts of a user's turn, in the form chat templates take."""
    if not media or not placeholders_in(text):
        return [*({"type": placeholder_of(medium)[1:-1]} for medium in media), {"type": "text", "text": text}]
    pieces = [piece for piece in PLACEHOLDER.split(text) if piece]
    return [
        {"type": piece[1:-1]} if PLACEHOLDER.fullmatch(piece) else {"type": "text", "text": piece} for piece in pieces
    ]
