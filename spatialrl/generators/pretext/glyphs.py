"""Labels in pictures: digits of five by seven squares, drawn by us, so that they look the same on every machine and are
as large as the picture allows.
"""

from functools import lru_cache

from PIL import Image, ImageDraw

DIGITS = {
    "0": "01110 10001 10011 10101 11001 10001 01110",
    "1": "00100 01100 00100 00100 00100 00100 01110",
    "2": "01110 10001 00001 00110 01000 10000 11111",
    "3": "11110 00001 00001 01110 00001 00001 11110",
    "4": "00010 00110 01010 10010 11111 00010 00010",
    "5": "11111 10000 11110 00001 00001 10001 01110",
}
COLUMNS, ROWS = 5, 7
BLACK, WHITE, BLUE = (0, 0, 0), (255, 255, 255), (0, 0, 255)

PLATE_SHARE = 6
"""A plate's digit is this part of the shorter side of its patch."""
DISC_SHARE = 24
"""A marker's radius is this part of the shorter side of the picture."""
FRAME_SHARE = 240
"""The line around a patch is this part of the shorter side of the picture, and at least 2 pixels."""


def draw_plate(image: Image.Image, text: str, *, box: tuple[int, int, int, int]) -> None:
    """A white digit on a black plate, at the upper left of a patch."""
    left, top, right, bottom = box
    square = max(1, min(right - left, bottom - top) // (PLATE_SHARE * ROWS))
    glyph = _glyph(text, square)
    plate = Image.new("RGB", (glyph.width + 2 * square, glyph.height + 2 * square), BLACK)
    plate.paste(WHITE, (square, square), glyph)
    image.paste(plate, (left + 2 * square, top + 2 * square))


def draw_marker(image: Image.Image, text: str, *, centre: tuple[int, int]) -> None:
    """A black digit in a white disc."""
    radius = marker_radius(image.size)
    x, y = centre
    ring = max(1, radius // 8)
    box = (x - radius, y - radius, x + radius, y + radius)
    ImageDraw.Draw(image).ellipse(box, fill=WHITE, outline=BLACK, width=ring)
    glyph = _glyph(text, max(1, radius * 5 // (4 * ROWS)))
    image.paste(BLACK, (x - glyph.width // 2, y - glyph.height // 2), glyph)


def draw_frame(image: Image.Image, *, box: tuple[int, int, int, int], width: int) -> None:
    left, top, right, bottom = box
    ImageDraw.Draw(image).rectangle((left, top, right - 1, bottom - 1), outline=BLUE, width=width)


def frame_width(size: tuple[int, int]) -> int:
    return max(2, min(size) // FRAME_SHARE)


def marker_radius(size: tuple[int, int]) -> int:
    return max(7, min(size) // DISC_SHARE)


@lru_cache(64)
def _glyph(text: str, square: int) -> Image.Image:
    """One digit as a mask."""
    bits = bytes(255 * int(bit) for bit in DIGITS[text].replace(" ", ""))
    small = Image.frombytes("L", (COLUMNS, ROWS), bits)
    return small.resize((COLUMNS * square, ROWS * square), Image.Resampling.NEAREST)
