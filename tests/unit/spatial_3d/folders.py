"""What is in a folder of rows, and what became of its maker."""

import hashlib
import time
from pathlib import Path


def digest(folder: Path) -> dict[str, str]:
    """Of every file."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def wait_for_lines(path: Path, count: int, *, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not path.exists() or path.read_bytes().count(b"\n") < count:
        assert time.monotonic() < deadline
        time.sleep(0.01)
