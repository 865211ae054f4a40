"""A text whose placeholders name media, as training sets of chats have it. `<image>` stands once for every image and
`<video>` once for every video; media that all stand before the first word are not named again in a task.
"""

from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.placeholders import PLACEHOLDER, placeholders_in, unlike_media
from spatialrl.types import Media

Bound = tuple[str, tuple[Media, ...]]


def bind(text: str, *, images: tuple[Media, ...], videos: tuple[Media, ...]) -> Bound:
    """The text of a question and its media in the order of the text."""
    named = placeholders_in(text)
    if named.count("<image>") != len(images) or named.count("<video>") != len(videos):
        told = unlike_media([text], [*images, *videos]) or f"It has {len(images) + len(videos)} media and names none."
        raise BadRow("placeholders", told)
    stills, clips = iter(images), iter(videos)
    media = tuple(next(stills if name == "<image>" else clips) for name in named)
    return without_leading(text), media


def without_leading(text: str) -> str:
    """Media before the first word are where a question has them anyway."""
    pieces = [piece for piece in PLACEHOLDER.split(text) if piece.strip()]
    words = [index for index, piece in enumerate(pieces) if not PLACEHOLDER.fullmatch(piece)]
    if not words or any(PLACEHOLDER.fullmatch(piece) for piece in pieces[words[0] :]):
        return text.strip()
    return pieces[words[0]].strip()
