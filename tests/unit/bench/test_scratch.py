"""A suite's folder goes with it, however it ends."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from spatialrl.bench.scratch import scratch

PROGRAM = """
import sys, time
from pathlib import Path
from spatialrl.bench.scratch import scratch
with scratch(Path(sys.argv[1])) as folder:
    (folder / "photograph.jpg").write_bytes(b"1")
    print(folder, flush=True)
    time.sleep(60)
"""


def begun(root: Path) -> tuple[subprocess.Popen[str], Path]:
    """A suite in the middle of its work, and its folder."""
    suite = subprocess.Popen([sys.executable, "-c", PROGRAM, str(root)], stdout=subprocess.PIPE, text=True)
    assert suite.stdout is not None
    return suite, Path(suite.stdout.readline().strip())


def ended(suite: subprocess.Popen[str], number: int) -> int:
    suite.send_signal(number)
    suite.communicate(timeout=20)
    return suite.returncode


def test_a_suite_that_is_asked_to_end_takes_its_folder_along(tmp_path: Path):
    suite, folder = begun(tmp_path)
    assert (folder / "photograph.jpg").exists()
    assert ended(suite, signal.SIGTERM) == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_suite_that_was_killed_is_removed_by_the_next_one_and_no_other_is(tmp_path: Path):
    others = [tmp_path / name for name in ("spatialrl-bench-results", "photographs")]
    for folder in others:
        folder.mkdir()
    suite, folder = begun(tmp_path)
    with scratch(tmp_path) as ours:
        assert sorted(tmp_path.iterdir()) == sorted([*others, folder, ours])
    assert ended(suite, signal.SIGKILL) == -signal.SIGKILL
    assert folder.exists()
    with scratch(tmp_path) as ours:
        assert sorted(tmp_path.iterdir()) == sorted([*others, ours])
    assert sorted(tmp_path.iterdir()) == sorted(others)


def test_a_suite_that_fails_leaves_nothing_and_signals_are_as_before(tmp_path: Path):
    def fail() -> None:
        with scratch(tmp_path) as folder:
            (folder / "deep").mkdir()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
