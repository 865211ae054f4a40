"""Images as endpoints take them: the file as it is where they can read it and it is not too large."""

import io
from pathlib import Path

from spatialrl.endpoints.question import Image
from spatialrl.errors import DataError

STARTS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"GIF8": "image/gif"}
MAX_BYTES = 3_750_000
"""Five megabytes in base64, the least of the limits of the large endpoints."""
QUALITY = 90


def image_file(path: Path, *, max_bytes: int = MAX_BYTES) -> Image:
    """Other formats, and what is larger, become JPEG, halved until it fits."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError(f"The image {path} can't be read: {error}.") from error
    media_type = media_type_of(data)
    if media_type and len(data) <= max_bytes:
        return Image(data=data, media_type=media_type)
    return Image(data=_as_jpeg(path, data, max_bytes), media_type="image/jpeg")


def media_type_of(data: bytes) -> str:
    """Empty for what endpoints do not read."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((name for start, name in STARTS.items() if data.startswith(start)), "")


def _as_jpeg(path: Path, data: bytes, max_bytes: int) -> bytes:
    from PIL import Image as Pillow  # noqa: PLC0415  most images go as they are
    from PIL import ImageOps  # noqa: PLC0415

    try:
        with Pillow.open(io.BytesIO(data)) as opened:
            image = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError) as error:
        raise DataError(f"The image {path} can't be decoded: {error}.") from error
    while True:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=QUALITY)
        if buffer.tell() <= max_bytes or min(image.size) < 2:
            return buffer.getvalue()
        image = image.reduce(2)
