"""Questions that name their images by number, `<image 2>` or `<image_2>`: each becomes a plain placeholder, and the images stand in the
order in which the text names them.
"""

import re

from spatialrl.data.importers.bad_row import BadRow
from spatialrl.types import Media

NUMBERED = re.compile(r"<image[ _]?(\d{1,2})>")


def in_order_of_text(
    question: str, options: tuple[str, ...], media: tuple[Media, ...]
) -> tuple[str, tuple[str, ...], tuple[Media, ...]]:
    """An image that is named twice is shown twice; those that are not named stay out of a text that names others."""
    named = [int(number) for text in (question, *options) for number in NUMBERED.findall(text)]
    if not named:
        return question, options, media
    if max(named) > len(media) or min(named) < 1:
        raise BadRow("placeholders", f"It names image {max(named)}, and has {len(media)}.")
    plain = [NUMBERED.sub("<image>", text) for text in (question, *options)]
    return plain[0], tuple(plain[1:]), tuple(media[number - 1] for number in named)
