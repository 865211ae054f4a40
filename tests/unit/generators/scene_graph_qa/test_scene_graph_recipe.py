import io
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from spatialrl.bench.commonest import commonest
from spatialrl.data.tasks import read_tasks
from spatialrl.data.validate import validate
from spatialrl.data.verbs import data
from spatialrl.errors import DataError, UserError
from spatialrl.generators.scene_graph_qa.draft import Draft
from spatialrl.generators.scene_graph_qa.make import make_scene_graph_qa
from spatialrl.generators.scene_graph_qa.rows import in_order
from tests.unit.generators.scene_graph_qa.graphs import row, write_source

ROWS = {"num_train": 40, "num_validation": 6, "num_test": 6}


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    return write_source(tmp_path_factory.mktemp("source"), num_images=40)


def make(folder: Path, source: Path, **options):
    options = {"seed": 1, "progress": False, "processes": 1, **ROWS, **options}
    make_scene_graph_qa(folder, source=str(source), **options)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def made(source, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "qa"
    make(folder, source)
    return folder


def test_every_row_is_a_good_task_about_its_picture(made):
    assert list(validate(made)) == []
    tasks = read_tasks(made / "train.parquet")
    assert len(tasks) == 40
    for task in tasks:
        assert task.names_an_option
        assert task.scene is not None
        assert task.scene.objects
        assert {r.subject for r in task.scene.relationships} <= {thing.id for thing in task.scene.objects}


def test_half_of_the_rows_are_relations_and_letters_are_spread(made):
    tasks = read_tasks(made / "train.parquet")
    assert Counter(task.family for task in tasks)["relation"] == pytest.approx(20, abs=5)
    letters = Counter(task.answer for task in tasks if len(task.options) == 2)
    assert min(letters.values()) >= len(letters) * 3


def test_splits_share_no_picture(made):
    train, validation, test = ({task.scene_id for task in read_tasks(made / f"{split}.parquet")} for split in SPLITS)
    assert train & validation | train & test | validation & test == set()


def test_the_training_split_may_be_halved_by_level(source, made, tmp_path):
    make(tmp_path / "qa", source, halves=True)
    easy, hard = (read_tasks(tmp_path / "qa" / f"train_{half}.parquet") for half in ("easy", "hard"))
    assert {task.extra["level"] for task in easy} == {"easy"}
    assert {task.extra["level"] for task in hard} <= {"medium", "hard"}
    assert sorted(t.id for t in [*easy, *hard]) == sorted(t.id for t in read_tasks(made / "train.parquet"))
    assert not (tmp_path / "qa" / "train.parquet").exists()


SPLITS = ("train", "validation", "test")


def test_no_picture_is_asked_about_more_often_than_wanted(made):
    shown = Counter(task.scene_id for split in SPLITS for task in read_tasks(made / f"{split}.parquet"))
    assert max(shown.values()) == 2


def test_what_came_of_each_category_is_told(source, tmp_path, capsys):
    """14 of the 40 pictures show two apples, and nothing else can be counted: a second one would be right too often."""
    weights = {"count": 1, "relation": 1}
    make(tmp_path / "qa", source, num_train=40, num_validation=0, num_test=0, weights=weights)
    report = json.loads((tmp_path / "qa" / "report.json").read_text())["rows"]["train"]
    assert report == {"relation": {"wanted": 20, "made": 39}, "count": {"wanted": 20, "made": 1}}
    assert "train lacks 19 of 20 rows of count" in capsys.readouterr().err


def test_where_a_source_gives_no_more_commoner_answers_fill_the_rows_and_it_is_told(source, tmp_path, capsys):
    """14 counts of two with four options, of which chance allows four."""
    make(tmp_path / "qa", source, num_train=20, num_validation=0, num_test=0, weights={"count": 1})
    assert [task.answer_text for task in read_tasks(tmp_path / "qa" / "train.parquet")] == ["2"] * 14
    told = capsys.readouterr().err
    assert "the commonest answer of count is right in 10 rows more than by chance" in told
    assert "train has 14 of 20 rows" in told


def test_the_commonest_answer_of_a_category_is_right_as_often_as_chance(source, tmp_path):
    """Within one row, or one for each form in which a category asks; letters and words are both tried."""
    make(tmp_path / "qa", source, num_train=64, num_validation=0, num_test=0)
    found = commonest(read_tasks(tmp_path / "qa" / "train.parquet"))
    assert len(found) >= 7
    for constant in found.values():
        assert constant.share <= constant.chance + 2 / constant.num_rows
    assert found["relation"].share <= found["relation"].chance + 0.03


def test_the_same_seed_gives_the_same_bytes_with_any_number_of_processes(source, made, tmp_path):
    make(tmp_path / "qa", source, processes=2)
    assert bytes_of(tmp_path / "qa") == bytes_of(made)
    make(tmp_path / "other", source, seed=2)
    assert bytes_of(tmp_path / "other")["train.parquet"] != bytes_of(made)["train.parquet"]


def test_another_seed_puts_other_pictures_aside_for_the_test(source, made, tmp_path):
    make(tmp_path / "other", source, seed=2)
    folders = made, tmp_path / "other"
    one, other = ({task.scene_id for task in read_tasks(folder / "test.parquet")} for folder in folders)
    assert one != other


def test_options_stand_in_an_order_of_their_own_for_each_question_and_the_letter_follows_the_right_one():
    words = {"category": "count", "question": "How many cups?", "things": ("cup.1",), "clarity": 1.0}
    draft = Draft(right="2", wrong=("1", "3", "4"), **words)
    found = [in_order(draft, f"question {number}") for number in range(80)]
    assert all(options["ABCD".index(letter)] == "2" for options, letter in found)
    assert min(Counter(letter for _, letter in found).values()) >= 10
    assert len({options for options, _ in found}) > 12
    assert [in_order(draft, f"question {number}") for number in range(80)] == found


def test_a_killed_run_goes_on_and_ends_in_the_same_bytes(source, made, tmp_path):
    words = [f"source={source}", f"folder={tmp_path / 'qa'}", "processes=1", *(f"{k}={v}" for k, v in ROWS.items())]
    program = "import sys; from spatialrl.data.verbs import data; data(sys.argv[1:])"
    killed = subprocess.Popen([sys.executable, "-c", program, "make=scene_graph_qa", *words], stderr=subprocess.DEVNULL)
    journal = tmp_path / ".qa.partial" / ".graphs"
    while not journal.exists() or journal.read_bytes().count(b"\n") < 5:
        time.sleep(0.01)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    assert not (tmp_path / "qa").exists()
    data(["make=scene_graph_qa", *words, "progress=false"])
    assert bytes_of(tmp_path / "qa") == bytes_of(made)


def test_pictures_may_come_as_bytes_and_only_those_that_are_shown_stay(tmp_path):
    def picture(colour):
        buffer = io.BytesIO()
        Image.new("RGB", (200, 150), colour).save(buffer, "PNG")
        return {"bytes": buffer.getvalue(), "path": "x.png"}

    far_apart = json.dumps(row({"man.1": [0, 0, 50, 50], "dog.1": [140, 90, 190, 140]})["objects"])
    rows = [
        {"image_id": "a", "image": picture("red"), "objects": far_apart, "relationships": "[]"},
        {"image_id": "b", "image": picture("blue"), "objects": far_apart, "relationships": "[]"},
        {"image_id": "same as a", "image": picture("red"), "objects": far_apart, "relationships": "[]"},
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "train.parquet")
    options = {"num_train": 1, "num_validation": 0, "num_test": 0, "weights": {"relation": 1}}
    make(tmp_path / "qa", tmp_path / "train.parquet", **options)
    (task,) = read_tasks(tmp_path / "qa" / "train.parquet")
    assert len(list((tmp_path / "qa" / "media").rglob("*.png"))) == 1
    assert Path(task.media[0].path).is_file()
    assert list(validate(tmp_path / "qa")) == []


def test_graphs_of_no_use_are_told_apart(tmp_path):
    folder = write_source(tmp_path / "source", num_images=6)
    (folder / "3.png").write_bytes(b"half an image")
    with (folder / "graphs.jsonl").open("a") as file:
        file.write('{"image": "0.png", "objects": 3}\n{"image": "none.png", "objects": []}\nnot json\n')
    make(tmp_path / "qa", folder, num_train=4, num_validation=0, num_test=0)
    rejected = [json.loads(line) for line in (tmp_path / "qa" / "rejected.jsonl").read_text().splitlines()]
    assert sorted(line["kind"] for line in rejected) == ["corrupt media", "media", "scene", "unreadable"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"num_train": 0, "num_validation": 0, "num_test": 0}, "No rows are asked for"),
        ({"weights": {"colour": 1}}, "weights has 'colour'"),
        ({"weights": {"count": 0}}, "leaves no category"),
        ({"per_image": 0}, "per_image is 0"),
        ({"min_rating": 11}, "between 1 and 10"),
        ({"media": "link"}, "reference, copy"),
        ({"writer": {"model": "m"}}, "'url' is unknown or missing"),
        ({"writer": {"url": "http://x", "model": "m", "style": "verse"}}, "write, paraphrase"),
        ({"judges": [{"url": "x", "model": "m"}]}, "expected one like http"),
        ({"judges": ["gpt"]}, "write each as"),
        ({"attempts": 2, "need": 3}, "between 1 and attempts=2"),
        ({"blind": -1}, "blind is -1"),
    ],
)
def test_an_argument_that_can_not_be_is_named(source, tmp_path, options, told):
    with pytest.raises(UserError, match=told):
        make(tmp_path / "qa", source, **options)
    assert list(tmp_path.iterdir()) == []


def test_a_source_without_graphs_is_told(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"image": "x.png"}\n')
    with pytest.raises(DataError, match="0 graphs about which something can be asked"):
        make(tmp_path / "qa", tmp_path / "a.jsonl")
