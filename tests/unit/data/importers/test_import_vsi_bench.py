import pytest

from spatialrl.errors import ConfigError
from tests.unit.data.importers.sources import imported, put_parquet, put_video


def row(number: int = 1, **changes):
    return {
        "id": number,
        "dataset": "scannet",
        "scene_name": "scene0011_00",
        "question_type": "object_rel_direction_easy",
        "question": "If I am standing by the bed and facing the tv, is the sofa to the left or the right of the tv?",
        "options": ["A. left", "B. right"],
        "ground_truth": "B",
    } | changes


def number_row(number: int, family: str, truth: str):
    return row(number, question_type=family, question="How far?", options=None, ground_truth=truth)


@pytest.fixture
def source(tmp_path):
    put_video(tmp_path / "vsi/scannet/scene0011_00.mp4")
    return tmp_path / "vsi/test-00000-of-00001.parquet"


def test_a_choice_about_a_video(source):
    task = imported("vsi_bench", put_parquet(source, [row()])).task
    assert (task.id, task.options, task.answer, task.split) == ("1", ("left", "right"), "B", "test")
    assert (task.family, task.scene_id, task.extra) == (
        "object_rel_direction_easy",
        "scene0011_00",
        {"dataset": "scannet"},
    )
    assert task.media[0].kind == "video"


@pytest.mark.parametrize(
    ("family", "unit"),
    [
        ("object_counting", ""),
        ("object_abs_distance", "m"),
        ("object_size_estimation", "cm"),
        ("room_size_estimation", "m2"),
    ],
)
def test_each_kind_of_number_has_its_unit(source, family, unit):
    task = imported("vsi_bench", put_parquet(source, [number_row(1, family, "2.5")])).task
    assert (task.answer, task.answer_kind, task.unit) == ("2.5", "number", unit)


def test_it_is_a_test_set_and_can_not_become_another_split(source):
    put_parquet(source.with_name("rows.parquet"), [row()])
    with pytest.raises(ConfigError, match="VSI-Bench is a test set"):
        imported("vsi_bench", source.with_name("rows.parquet"), split="train")


def test_an_exclusion_list_is_for_training_rows(source, tmp_path):
    (tmp_path / "list.txt").write_text("scene0011_00.mp4\n")
    assert imported("vsi_bench", put_parquet(source, [row()]), exclude=tmp_path / "list.txt").task.id == "1"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"ground_truth": "C"}, "answer"),
        ({"options": None, "ground_truth": "far"}, "answer"),
        ({"scene_name": "scene0012_00"}, "media"),
        ({"question_type": "smell"}, "fields"),
    ],
)
def test_a_bad_row_is_named_by_its_id(source, change, kind):
    result = imported("vsi_bench", put_parquet(source, [row(7, **change), row(8)]))
    assert (result.rejected, result.task.id) == ([("7", kind)], "8")
