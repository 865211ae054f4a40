"""What is in a folder of rows, and what a killed maker leaves behind of one."""

import hashlib
import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = """
import json, sys
from pathlib import Path
from spatialrl.generators import GENERATORS
if __name__ == "__main__":
    GENERATORS[sys.argv[1]](Path(sys.argv[2]), processes=2, progress=False, **json.loads(sys.argv[3]))
"""


def digest(folder: Path) -> dict[str, str]:
    """Of every file."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@dataclass(frozen=True)
class Begun:
    """The jobs that were finished, and when each medium was written (relative to the folder)."""

    names: list[str]
    times: dict[str, int]

    def is_kept(self, folder: Path, medium: str) -> bool:
        return (folder / medium).stat().st_mtime_ns == self.times[medium]


DEADLINE_S = 300
"""Starting Python takes long on a machine with much other work."""


def killed_after(count: int, generator: str, folder: Path, **arguments: Any) -> Begun:
    """Two processes began the folder, and all were killed when `count` jobs or more were finished."""
    program = folder.with_name("run.py")
    program.write_text(PROGRAM)
    unfinished = folder.with_name(f".{folder.name}.partial")
    journal, deadline = unfinished / ".journal", time.monotonic() + DEADLINE_S
    child = subprocess.Popen([sys.executable, str(program), generator, str(folder), json.dumps(arguments)])
    while not journal.exists() or journal.read_bytes().count(b"\n") < count:
        assert child.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    workers = _children_of(child.pid)
    child.send_signal(signal.SIGKILL)
    child.wait()
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < deadline, "a worker outlives its parent"
        time.sleep(0.01)
    assert not folder.exists()
    lines = journal.read_bytes().splitlines(keepends=True)
    media = [path for path in (unfinished / "media").rglob("*") if path.is_file()]
    return Begun(
        names=[json.loads(line)[0] for line in lines if line.endswith(b"\n")],
        times={path.relative_to(unfinished).as_posix(): path.stat().st_mtime_ns for path in media},
    )


def _children_of(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found
