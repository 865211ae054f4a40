"""Pixels as a file that others map: 64 bytes that say the shape, then the pixels. (A .npy file says the same as text, and
takes longer to read than to map.)
"""

import mmap
import os
import struct

import numpy as np

HEADER = struct.Struct("<8Q")
"""How many dimensions there are, and their sizes."""
MOST_DIMENSIONS = 7


def write_pixels(path: str, pixels: np.ndarray) -> None:
    """uint8."""
    assert pixels.dtype == np.uint8
    assert pixels.ndim <= MOST_DIMENSIONS
    shape = (*pixels.shape, *(0,) * (MOST_DIMENSIONS - pixels.ndim))
    with open(path, "wb", buffering=0) as file:
        file.write(HEADER.pack(pixels.ndim, *shape))
        rest = np.ascontiguousarray(pixels).data.cast("B")
        # The system takes 2 GiB at most at once, and less where the memory ends.
        while rest:
            rest = rest[file.write(rest) :]


def map_pixels(path: str) -> np.ndarray:
    """Read-only, and readable as long as it is held, whatever becomes of the file's name. All of its pages are mapped in one
    call, as somebody is about to read them."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        content = mmap.mmap(descriptor, 0, prot=mmap.PROT_READ, flags=mmap.MAP_SHARED | mmap.MAP_POPULATE)
    finally:
        os.close(descriptor)
    num_dimensions, *shape = HEADER.unpack_from(content)
    return np.frombuffer(content, np.uint8, offset=HEADER.size).reshape(shape[:num_dimensions])
