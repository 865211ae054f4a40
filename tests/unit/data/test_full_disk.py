"""On a disk that is full nothing stands half under its final name, and what is told is one sentence."""

import io
import tarfile
from pathlib import Path

import pytest

from spatialrl.bench.photographs import fill_folder
from spatialrl.data.tasks import read_tasks, write_tasks
from spatialrl.data.verbs import data
from spatialrl.errors import ResourceError
from tests.fakes import make_task
from tests.small_disk import disk_of


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


TASKS = [make_task(f"t{number}", question="word " * 20) for number in range(3000)]


@pytest.mark.parametrize("name", ["tasks.parquet", "tasks.jsonl"])
@pytest.mark.parametrize("num_bytes", [1000, 200_000])
def test_rows_that_do_not_fit_leave_the_old_file(tmp_path: Path, name: str, num_bytes: int):
    """At the first bytes, and after the first group of rows."""
    write_tasks(tmp_path / name, TASKS[:1])
    with pytest.raises(ResourceError, match=rf"{name} can't be written: .*File too large"), disk_of(num_bytes):
        write_tasks(tmp_path / name, TASKS)
    assert names(tmp_path) == [name]
    assert read_tasks(tmp_path / name) == TASKS[:1]


def test_a_schema_that_does_not_fit_leaves_the_old_file(tmp_path: Path):
    (tmp_path / "schema.json").write_text("old")
    with pytest.raises(ResourceError, match=r"schema\.json can't be written: .*File too large"), disk_of(1000):
        data([f"schema={tmp_path / 'schema.json'}"])
    assert (tmp_path / "schema.json").read_text() == "old"
    assert names(tmp_path) == ["schema.json"]


def test_an_archive_that_does_not_fit_is_finished_by_the_same_command(tmp_path: Path):
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for name, size in (("small", 100), ("large", 50_000)):
            entry = tarfile.TarInfo(name)
            entry.size = size
            archive.addfile(entry, io.BytesIO(b"x" * size))
    words = [f"unpack={tmp_path / 'a.tar'}", f"folder={tmp_path / 'out'}"]
    with pytest.raises(ResourceError, match=r"File too large.*the same command goes on from there"), disk_of(10_000):
        data(words)
    assert not (tmp_path / "out").exists()
    assert "large" not in names(tmp_path / ".out.partial")
    data(words)
    assert (tmp_path / "out/large").stat().st_size == 50_000


def test_pretext_tasks_that_do_not_fit_are_finished_by_the_same_command(tmp_path: Path):
    source = fill_folder(tmp_path / "photos", 4, size=(320, 240), suffix=".jpg", with_depth=False)
    counts = ["num_train=2", "num_validation=0", "num_test=0", "weights={flip: 1}", "processes=1", "progress=false"]
    words = ["make=pretext", f"source={source}", f"folder={tmp_path / 'out'}", *counts]
    with pytest.raises(ResourceError, match=r"File too large.*the same command goes on from there"), disk_of(5_000):
        data(words)
    assert not (tmp_path / "out").exists()
    data(words)
    assert len(read_tasks(tmp_path / "out/train.parquet")) == 2


def test_rooms_that_do_not_fit_leave_nothing_under_their_name(tmp_path: Path):
    words = ["make=scenes", f"folder={tmp_path / 'out'}", "num_train=2", "num_validation=0", "num_test=0"]
    with pytest.raises(ResourceError, match=r"File too large"), disk_of(2_000):
        data([*words, "image_size=64"])
    assert not (tmp_path / "out").exists()
