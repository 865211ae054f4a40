from pathlib import Path

import pytest

from spatialrl.data.importers.source import open_source
from spatialrl.errors import DataError, ResourceError
from tests.unit.data.importers.sources import imported, put_json_lines

ROW = {"problem": "One?", "answer": "1"}


def files(source: Path | str, *, split=None, pattern=None):
    found = open_source(str(source), split=split, default="train", files=pattern)
    return [(file.name, file.split) for file in found.files]


@pytest.fixture
def folder(tmp_path):
    for name in ("data/train-0.jsonl", "data/val-0.jsonl", "test.jsonl", ".cache/train.jsonl", "cognitive_map.jsonl"):
        put_json_lines(tmp_path / "set" / name, [ROW])
    (tmp_path / "set/README.md").write_text("")
    return tmp_path / "set"


def test_splits_are_read_from_names(folder):
    assert files(folder) == [
        ("data/train-0.jsonl", "train"),
        ("data/val-0.jsonl", "validation"),
        ("test.jsonl", "test"),
    ]


@pytest.mark.parametrize("split", ["val", "validation", "dev"])
def test_one_split_can_be_asked_for(folder, split):
    assert files(folder, split=split) == [("data/val-0.jsonl", "validation")]
    assert files(f"{folder}@{split}") == [("data/val-0.jsonl", "validation")]


def test_files_are_chosen_by_a_pattern(folder):
    assert (
        files(folder, pattern="train-*.jsonl")
        == files(folder, pattern="data/train*")
        == [("data/train-0.jsonl", "train")]
    )


def test_the_nearest_name_tells_the_split(tmp_path):
    put_json_lines(tmp_path / "train/val.jsonl", [ROW])
    put_json_lines(tmp_path / "train/more.jsonl", [ROW])
    assert files(tmp_path / "train") == [("more.jsonl", "train"), ("val.jsonl", "validation")]


def test_a_file_whose_name_tells_no_split_takes_the_one_asked_for(tmp_path):
    path = put_json_lines(tmp_path / "SR-91k.jsonl", [ROW])
    assert files(path) == [("SR-91k.jsonl", "train")]
    assert files(path, split="test") == files(f"{path}@test") == [("SR-91k.jsonl", "test")]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"split": "holiday"}, "split is 'holiday'; there are: train, validation, test"),
        ({"pattern": "*.parquet"}, r"holds no file of rows \(.*\) named \*\.parquet"),
    ],
)
def test_what_is_not_there_is_told(folder, change, told):
    with pytest.raises(DataError, match=told):
        files(folder, **change)


def test_a_split_that_is_not_there_is_told(folder):
    (folder / "test.jsonl").unlink()
    with pytest.raises(DataError, match="has no split 'test'; there are: train, validation"):
        files(folder, split="test")
    with pytest.raises(DataError, match="asks for the split test, split=val for another"):
        files(f"{folder}@test", split="val")


def test_a_place_that_is_not_there_is_told(tmp_path):
    with pytest.raises(DataError, match="does not exist; give a file, a folder, or an id of the Hub"):
        files(tmp_path / "nowhere")
    (tmp_path / "rows.txt").write_text("")
    with pytest.raises(DataError, match="is none of the files that are read"):
        files(tmp_path / "rows.txt")


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """The Hub's cache on this machine, with one data set in it, and no network."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    root = tmp_path / "hub/datasets--someone--somewhere"
    put_json_lines(root / "snapshots/0123456789abcdef0123456789abcdef01234567/data/train-0.jsonl", [ROW])
    (root / "refs").mkdir()
    (root / "refs/main").write_text("0123456789abcdef0123456789abcdef01234567")


@pytest.mark.usefixtures("hub")
def test_an_id_of_the_hub_is_a_folder(tmp_path):
    result = imported("easyr1", "someone/somewhere@train", folder=tmp_path / "out")
    assert result.task.id == "data/train-0.jsonl:1"


@pytest.mark.usefixtures("hub")
def test_an_id_that_the_hub_does_not_give_is_told():
    with pytest.raises(ResourceError, match="source=someone/nobody is no file or folder here, and the Hub"):
        files("someone/nobody")
