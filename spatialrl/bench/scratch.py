"""Folders in which a suite makes its data. They are gone when it ends, also on SIGTERM and Ctrl-C; what one that was killed
left behind is removed when the next one starts. The one rule: a folder that any process holds is nobody else's to remove.
"""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from spatialrl.data.media.store import claim, sweep

PREFIX = "spatialrl-bench"


@contextmanager
def scratch(root: Path | None = None) -> Iterator[Path]:
    """In the system's folder for temporary files, if no other is named."""
    root = root or Path(tempfile.gettempdir())
    mine = f"{PREFIX}-{os.getuid()}-"
    sweep(root, prefix=mine)
    folder = Path(tempfile.mkdtemp(prefix=mine, dir=root))
    with claim(folder), _ended_by_sigterm():
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """As by Ctrl-C: what is open is closed first."""
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _leave(number: int, _: FrameType | None) -> None:
    sys.exit(128 + number)
