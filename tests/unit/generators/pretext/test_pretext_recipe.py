import json
import os
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spatialrl.data import verbs
from spatialrl.data.journal import Journal
from spatialrl.data.tasks import read_tasks
from spatialrl.data.validate import validate
from spatialrl.errors import DataError, UserError
from spatialrl.generators import GENERATORS
from spatialrl.generators.pretext.make import make_pretext
from spatialrl.generators.pretext.recipe import VARIANTS
from spatialrl.rewards.parse import label_pair, sequence
from spatialrl.rewards.ssrl import label_pair_accuracy, sequence_accuracy, think_boxed_format
from spatialrl.types import Completion
from tests.unit.generators.folders import digest, killed_after
from tests.unit.generators.pretext.photographs import QUIET, SIZE, fill, make, photograph

SMALL = (160, 128)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("source")
    fill(folder / "rooms", count=9, size=SMALL)
    for number in range(9):
        photograph(100 + number, SMALL).save(folder / f"street_{number}.jpg", quality=92)
    return folder


@pytest.fixture(scope="module")
def made(source, tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "pretext"
    make_pretext(folder, source=str(source), seed=1, num_train=90, num_validation=20, num_test=30, **QUIET)
    return folder


def tasks_of(folder: Path) -> dict:
    return {split: read_tasks(folder / f"{split}.parquet") for split in ("train", "validation", "test")}


def rejected(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "rejected.jsonl").read_text().splitlines()]


def test_every_row_is_valid(made):
    assert validate(made) == []
    assert {split: len(tasks) for split, tasks in tasks_of(made).items()} == {"train": 90, "validation": 20, "test": 30}


def test_tasks_come_in_the_published_mix(made):
    """Of 81,053: 16,028 shuffle, 4,005 flip, 20,200 crop, 20,620 depth order, 20,200 position."""
    families = Counter(task.family for task in tasks_of(made)["train"])
    assert families == {"shuffle": 18, "flip": 4, "crop": 22, "depth_order": 23, "position": 23}
    total = sum(rows for variants in VARIANTS.values() for rows in variants.values())
    assert total == pytest.approx(81_053)


def test_answers_have_their_kinds_and_can_be_parsed(made):
    kinds = {
        "shuffle": "sequence",
        "depth_order": "sequence",
        "flip": "label_pair",
        "crop": "choice",
        "position": "choice",
    }
    for task in tasks_of(made)["train"]:
        assert task.answer_kind == kinds[task.family]
        if task.answer_kind == "sequence":
            assert sequence(task.answer) == tuple(map(int, task.answer.split("-")))
        if task.answer_kind == "label_pair":
            assert label_pair(task.answer) == tuple(task.answer.split("-"))


def test_demonstrations_earn_full_reward(made):
    accuracy = {"sequence": sequence_accuracy, "label_pair": label_pair_accuracy}
    for task in tasks_of(made)["train"]:
        completion = Completion(prompt_ids=(), token_ids=(), text=task.demonstration)
        assert think_boxed_format(task, completion) == 1
        assert re.fullmatch(rf"<think>.+</think> \\boxed{{{task.answer}}}", task.demonstration, re.DOTALL)
        if task.answer_kind in accuracy:
            assert accuracy[task.answer_kind](task, completion) == 1


def test_no_image_is_in_two_splits(made):
    scenes = [{task.scene_id for task in tasks} for tasks in tasks_of(made).values()]
    assert sum(map(len, scenes)) == len(set.union(*scenes)) == 18


def test_a_folder_can_be_a_scene(source, tmp_path):
    folders = {"a": range(3), "b": range(3, 6), "c": range(6, 9)}
    for name, numbers in folders.items():
        for number in numbers:
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / f"{number}.jpg").write_bytes((source / f"street_{number}.jpg").read_bytes())
    counts = {"num_train": 6, "num_validation": 6, "num_test": 6}
    make(tmp_path / "made", tmp_path, scenes="folder", weights={"flip": 1}, **counts)
    scenes = [{task.scene_id for task in tasks} for tasks in tasks_of(tmp_path / "made").values()]
    assert sorted(map(sorted, scenes)) == [["a"], ["b"], ["c"]]


def test_another_seed_makes_other_rows(source, tmp_path):
    first, second = (make(tmp_path / str(seed), source, num_train=12, seed=seed) for seed in (1, 2))
    assert not {task.media[0].sha256 for task in first} & {task.media[0].sha256 for task in second}


def test_what_two_processes_began_before_they_were_killed_one_finishes_with_the_same_bytes(source, made, tmp_path):
    counts = {"num_train": 90, "num_validation": 20, "num_test": 30}
    folder = tmp_path / "pretext"
    begun = killed_after(30, "pretext", folder, source=str(source), seed=1, **counts)
    make_pretext(folder, source=str(source), seed=1, **counts, **QUIET)
    assert digest(folder) == digest(made)
    kept = [task for tasks in tasks_of(folder).values() for task in tasks if task.id in begun.names]
    assert len(kept) >= 30
    for task in kept:
        assert begun.is_kept(folder, Path(task.media[0].path).relative_to(folder).as_posix())


def test_unfinished_work_is_not_mixed_with_other_work(source, tmp_path, monkeypatch):
    def stop(self, key, record):
        raise KeyboardInterrupt

    monkeypatch.setattr(Journal, "add", stop)
    with pytest.raises(KeyboardInterrupt):
        make(tmp_path / "made", source, num_train=3)
    monkeypatch.undo()
    with pytest.raises(UserError, match=r"another kind \(seed: 1, not seed: 2\)"):
        make(tmp_path / "made", source, num_train=3, seed=2)
    assert len(make(tmp_path / "made", source, num_train=3)) == 3


@pytest.fixture(scope="module")
def damaged_source(tmp_path_factory):
    folder = fill(tmp_path_factory.mktemp("damaged"), count=4)
    photograph(50).save(folder / "cut.jpg", quality=90)
    data = (folder / "cut.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(data[: len(data) // 2])
    (folder / "empty.png").write_bytes(b"")
    (folder / "text.jpg").write_text("not a picture")
    photograph(51, (200, 100)).save(folder / "tiny.png")
    Image.new("RGB", SIZE, (1, 2, 3)).save(folder / "flat.png")
    (folder / "same.bmp").write_bytes((folder / "000.bmp").read_bytes())
    photograph(52).save(folder / "shape.png")
    np.save(folder / "shape_depth.npy", np.ones((10, 10)))
    photograph(53).save(folder / "zero.png")
    np.save(folder / "zero_depth.npy", np.zeros((SIZE[1], SIZE[0])))
    return folder


def test_what_is_of_no_use_is_told_with_its_path_and_reason(damaged_source, tmp_path, capsys):
    tasks = make(tmp_path / "made", damaged_source, num_train=60, weights={"flip": 1, "depth_order": 1})
    assert len(tasks) == 60
    told = {line["path"]: line["reason"] for line in rejected(tmp_path / "made") if not line["variant"]}
    reasons = {
        "cut.jpg": "it can't be read as an image (image file is truncated",
        "empty.png": "it can't be read as an image (The image empty.png is empty: 0 bytes",
        "text.jpg": "it can't be read as an image (text.jpg is not an image",
        "tiny.png": "it is 200 x 100; min_side is 128",
        "same.bmp": "it is the same file as 000.bmp",
        "shape_depth.npy": "its depth is 10 x 10 and its image 224 x 168: of another shape",
        "zero_depth.npy": "its depth is known for 0 % of its pixels, which is too little",
    }
    assert told.keys() == reasons.keys()
    assert all(told[path].startswith(reason) for path, reason in reasons.items()), told
    assert f"7 files were of no use; {tmp_path / 'made' / 'rejected.jsonl'} says why" in capsys.readouterr().err
    unfit = {(line["path"], line["variant"]) for line in rejected(tmp_path / "made") if line["variant"]}
    assert ("flat.png", "flip") in unfit
    assert "flat.png" not in {task.extra["image"] for task in tasks}
    assert {task.extra["image"] for task in tasks} >= {"000.bmp", "shape.png", "zero.png"}
    assert validate(tmp_path / "made") == []


def test_strict_stops_at_the_first(damaged_source, tmp_path):
    with pytest.raises(DataError, match=r"empty\.png: .* strict=true stops there"):
        make(tmp_path / "made", damaged_source, num_train=60, strict=True)
    (tmp_path / "source").mkdir()
    (tmp_path / "source/cut.jpg").write_bytes((damaged_source / "cut.jpg").read_bytes())
    with pytest.raises(DataError, match=r"cut\.jpg: .*truncated.* strict=true stops there"):
        make(tmp_path / "other", tmp_path / "source", num_train=1, strict=True)
    assert not (tmp_path / "made").exists()


def test_depth_only_leaves_images_without_depth_out(tmp_path):
    fill(tmp_path / "source", count=3)
    photograph(60).save(tmp_path / "source/plain.png")
    make(tmp_path / "made", tmp_path / "source", num_train=4, weights={"position": 1})
    assert rejected(tmp_path / "made")[-1] == {
        "path": "plain.png",
        "variant": "",
        "reason": "it has no depth, and nothing else is asked for",
    }


def test_plain_images_give_the_first_three_tasks(tmp_path):
    source = fill(tmp_path / "source", with_depth=False)
    tasks = make(tmp_path / "made", source, num_train=20)
    assert {task.family for task in tasks} == {"shuffle", "flip", "crop"}
    with pytest.raises(DataError, match=r"holds no image that is of use; 000.bmp: it has no depth"):
        make(tmp_path / "other", source, num_train=20, weights={"depth_order": 1})


def test_where_nothing_is_fit_the_commonest_reason_is_told(tmp_path):
    (tmp_path / "source").mkdir()
    Image.new("RGB", SIZE, (9, 9, 9)).save(tmp_path / "source/flat.png")
    with pytest.raises(DataError, match=r"No image of the split train was fit .* it would not show which"):
        make(tmp_path / "made", tmp_path / "source", num_train=2, weights={"flip": 1})
    assert not (tmp_path / "made").exists()


def test_rows_that_could_not_be_made_are_counted(tmp_path, capsys):
    source = fill(tmp_path / "source", count=1)
    np.save(source / "000_depth.npy", np.full((SIZE[1], SIZE[0]), 2.0))
    tasks = make(tmp_path / "made", source, num_train=8, weights={"flip": 1, "depth_order": 1})
    assert [task.family for task in tasks] == ["flip"] * 4
    assert "4 of 4 rows of depth_order in train could not be made" in capsys.readouterr().err


def test_large_photographs_are_shrunk_and_lying_ones_put_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    (tmp_path / "source").mkdir()
    photograph(1, (640, 480)).save(tmp_path / "source/lying.jpg", exif=exif)
    (task,) = make(tmp_path / "made", tmp_path / "source", num_train=1, weights={"shuffle_2x2": 1}, max_side=320)
    assert (task.media[0].width, task.media[0].height) == (240, 320)


def test_sources_are_images_of_any_mode(tmp_path):
    (tmp_path / "source").mkdir()
    for mode in ("L", "P", "RGBA", "CMYK", "1"):
        suffix = "jpg" if mode == "CMYK" else "png"
        photograph(1).convert(mode).save(tmp_path / f"source/{mode}.{suffix}")
    tasks = make(tmp_path / "made", tmp_path / "source", num_train=20, weights={"crop": 1})
    assert {task.extra["image"] for task in tasks} >= {"L.png", "P.png", "RGBA.png", "CMYK.jpg"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"source": "nowhere"}, "source is nowhere, which is no folder"),
        ({"weights": {"flop": 1}}, "weights has 'flop'; there are: shuffle, flip, crop"),
        ({"weights": {"flip": -1}}, "The weight of flip is -1"),
        ({"weights": {"flip": 0}}, "weights leaves no task"),
        ({"weights": "flip"}, "weights is 'flip'; write it as"),
        ({"num_train": -1}, "num_train is -1"),
        ({"num_train": 0}, "No rows are asked for"),
        ({"scenes": "room"}, "scenes is 'room'; there are: image, folder"),
        ({"image_format": "gif"}, "image_format is 'gif'; there are: jpeg, png"),
        ({"quality": 0}, "quality is 0"),
        ({"min_side": 50}, "min_side is 50"),
        ({"max_side": 200}, "max_side is 200; it must be at least twice min_side"),
        ({"field_of_view": 180}, "field_of_view is 180"),
        ({"depth_scale": 0}, "depth_scale is 0"),
        ({"facings": [1, 1]}, r"facings is \[1, 1\]"),
        ({"processes": -1}, "processes is -1"),
        ({"intrinsics": "absent.json"}, "intrinsics is absent.json, which can't be used"),
        ({"num_test": 5, "num_validation": 5}, "has 1 scenes for 3 splits"),
    ],
)
def test_what_can_not_be_is_said_in_a_sentence(tmp_path, arguments, sentence):
    (tmp_path / "source").mkdir()
    photograph(1).save(tmp_path / "source/one.png")
    with pytest.raises(UserError, match=sentence):
        make(tmp_path / "made", **{"source": tmp_path / "source", "num_train": 5, **arguments})
    assert not (tmp_path / "made").exists()


def test_the_command_line_makes_it(source, tmp_path, capsys):
    words = [f"source={source}", f"folder={tmp_path / 'made'}", "num_train=4", "num_validation=0", "num_test=0"]
    verbs.data(["make=pretext", *words, "weights={flip: 3, crop: 1}", "progress=false"])
    assert capsys.readouterr().out == f"{tmp_path / 'made'}\n"
    assert Counter(task.family for task in read_tasks(tmp_path / "made/train.parquet")) == {"flip": 3, "crop": 1}
    assert GENERATORS["pretext"] is make_pretext
    assert sorted(os.listdir(tmp_path / "made")) == ["media", "rejected.jsonl", "train.parquet"]
