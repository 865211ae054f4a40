import resource
import signal
import subprocess
import sys

import pytest

from spatialrl.data.folders import complete_or_absent
from spatialrl.errors import ResourceError, UserError


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_takes_its_name_when_it_is_complete(tmp_path):
    with complete_or_absent(tmp_path / "data") as unfinished:
        (unfinished / "rows").write_text("1")
        assert not (tmp_path / "data").exists()
    assert names(tmp_path) == ["data"]
    assert names(tmp_path / "data") == ["rows"]


def test_an_error_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), complete_or_absent(tmp_path / "data") as unfinished:
        (unfinished / "rows").write_text(str(1 / 0))
    assert names(tmp_path) == []


def test_described_work_goes_on_where_it_stopped(tmp_path):
    with pytest.raises(ZeroDivisionError), complete_or_absent(tmp_path / "data", description="seed 1") as unfinished:
        _ = (unfinished / "first").write_text("1") / 0
    with complete_or_absent(tmp_path / "data", description="seed 1") as unfinished:
        assert (unfinished / "first").read_text() == "1"
    assert names(tmp_path / "data") == ["first"]


def test_work_that_was_described_differently_is_not_mixed(tmp_path):
    with pytest.raises(KeyboardInterrupt), complete_or_absent(tmp_path / "data", description="rows: 5\nseed: 1"):
        raise KeyboardInterrupt
    with (
        pytest.raises(UserError, match=r"another kind \(seed: 1, not seed: 2\)"),
        complete_or_absent(tmp_path / "data", description="rows: 5\nseed: 2"),
    ):
        pass
    with complete_or_absent(tmp_path / "data", description="rows: 5\nseed: 1"):
        pass


def test_what_a_killed_process_left_of_undescribed_work_is_gone(tmp_path):
    (tmp_path / ".data.partial/media").mkdir(parents=True)
    (tmp_path / ".data.partial/media/half").write_text("ha")
    with complete_or_absent(tmp_path / "data"):
        pass
    assert names(tmp_path / "data") == []


def test_a_folder_that_is_there_is_not_touched(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/file").write_text("mine")
    with pytest.raises(UserError, match="mine is there already"), complete_or_absent(tmp_path / "mine"):
        pass
    assert names(tmp_path) == ["mine"]


def test_two_processes_do_not_make_one_folder(tmp_path):
    program = (
        "import sys; from pathlib import Path; from spatialrl.data.folders import complete_or_absent\n"
        "with complete_or_absent(Path(sys.argv[1])): pass"
    )
    with complete_or_absent(tmp_path / "data", description="seed 1"):
        other = subprocess.run([sys.executable, "-c", program, str(tmp_path / "data")], capture_output=True, timeout=60)
        assert b"is being made by another process" in other.stderr
    assert names(tmp_path) == ["data"]


def test_a_full_disk_is_a_sentence_and_nothing_is_lost(tmp_path):
    limits, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with (
            pytest.raises(ResourceError, match=r"can't be written: .*File too large.*goes on from there"),
            complete_or_absent(tmp_path / "data", description="seed 1") as unfinished,
        ):
            _ = [(unfinished / str(size)).write_bytes(b"1" * size) for size in (1000, 1001)]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (tmp_path / ".data.partial/1000").exists()
    assert not (tmp_path / "data").exists()
