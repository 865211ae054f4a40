"""PNG files whose bytes only depend on the pixels: the deflate stream is stored, not compressed, since compressors of
different versions give different bytes.
"""

import struct
import zlib

import numpy as np

BLOCK_BYTES = 65535
GREY, RGB = 0, 2
"""PNG colour types."""


def encode_rgb(pixels: np.ndarray) -> bytes:
    """Height x width x 3 bytes."""
    return _encode(pixels.reshape(len(pixels), -1), pixels.shape[1], depth=8, colour=RGB)


def encode_depth(depth: np.ndarray) -> bytes:
    """Metres to 16 bits of grey that count millimetres, at most 65535."""
    millimetres = np.minimum(np.floor(depth * 1000 + 0.5), 65535).astype(">u2")
    return _encode(millimetres.view(np.uint8).reshape(len(depth), -1), depth.shape[1], depth=16, colour=GREY)


def _encode(rows: np.ndarray, width: int, *, depth: int, colour: int) -> bytes:
    unfiltered = np.zeros((rows.shape[0], rows.shape[1] + 1), dtype=np.uint8)
    unfiltered[:, 1:] = rows
    header = struct.pack(">IIBBBBB", width, len(rows), depth, colour, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", _stored(unfiltered.tobytes())), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _stored(data: bytes) -> bytes:
    """A zlib stream of stored blocks."""
    starts = range(0, len(data), BLOCK_BYTES)
    blocks = []
    for start in starts:
        block = data[start : start + BLOCK_BYTES]
        is_last = start == starts[-1]
        blocks.append(struct.pack("<BHH", is_last, len(block), len(block) ^ 0xFFFF) + block)
    return b"\x78\x01" + b"".join(blocks) + struct.pack(">I", zlib.adler32(data))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
