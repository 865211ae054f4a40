import pytest

from spatialrl.errors import DataError
from spatialrl.rewards import REWARDS
from spatialrl.types import Completion, MapCell, Scored
from tests.unit.data.importers.sources import imported, put_json_lines, put_picture, put_video

DISTANCE = (
    "Measuring from the closest point of each object, what is the distance between the sofa and the tv (in meters)?"
)


def row(number: int = 1, **changes):
    return {
        "problem_id": number,
        "problem": DISTANCE,
        "data_type": "video",
        "problem_type": "numerical",
        "options": [],
        "solution": "<answer>3.5</answer>",
        "path": "./SR-91k/scene0000_00.mp4",
        "data_source": "SR_dataset",
    } | changes


@pytest.fixture
def source(tmp_path):
    """A folder with one video, one image and the maps; the rows are still to be written."""
    put_video(tmp_path / "SpaceR/SR-91k/scene0000_00.mp4")
    put_picture(tmp_path / "SpaceR/images/chart.png")
    return tmp_path / "SpaceR/SpaceR-151k.jsonl"


def test_a_distance_is_a_number_in_metres_about_a_planned_video(source):
    task = imported("spacer", put_json_lines(source, [row()])).task
    assert (task.id, task.answer, task.answer_kind, task.unit) == ("SR_dataset-1", "3.5", "number", "m")
    assert (task.family, task.scene_id, task.source) == ("object_abs_distance", "scene0000_00", "SR_dataset")
    plan = task.media[0].frames
    assert plan is not None
    # 12 frames at 4 a second are 3 s; at 2 a second that is 6 frames, from the first to the last.
    assert plan.indices == (0, 2, 4, 7, 9, 11)
    assert (plan.source_fps, plan.num_source_frames) == (4.0, 12)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"problem_type": "multiple choice", "options": ["A. left", "B. right"], "solution": "<answer>B</answer>"},
            ("B", "choice", ""),
        ),
        ({"problem_type": "numerical", "solution": "<answer>4</answer>"}, ("4", "number", "")),
        ({"problem_type": "regression", "solution": "<answer>1,200.5</answer>"}, ("1200.5", "number", "regression")),
        ({"problem_type": "OCR", "solution": "<answer>EXIT here</answer>"}, ("EXIT here", "ocr", "")),
        ({"problem_type": "free-form", "solution": "<answer>a red cat</answer>"}, ("a red cat", "text", "")),
    ],
)
def test_the_five_problem_types_become_the_kinds_the_rewards_know(source, change, expected):
    general = row(data_type="image", path="images/chart.png", data_source="general", problem="What?")
    task = imported("spacer", put_json_lines(source, [general | change])).task
    assert (task.answer, task.answer_kind, task.family) == expected
    right = Completion(prompt_ids=(), token_ids=(), text=f"<think>so</think>\n<answer>{task.answer}</answer>")
    score = REWARDS["spacer_compat"](task, right)
    assert isinstance(score, Scored)
    assert score.parts["accuracy"] == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(
    ("question", "family", "unit"),
    [
        ("How many chair(s) are in this room?", "object_counting", ""),
        (
            "What is the length of the longest dimension (length, width, or height) of the tv, measured in centimeters?",
            "object_size_estimation",
            "cm",
        ),
        (
            "What is the size of this room (in square meters)? If multiple rooms are shown, estimate the size of the combined space.",
            "room_size_estimation",
            "m2",
        ),
        (DISTANCE, "object_abs_distance", "m"),
    ],
)
def test_the_unit_of_a_number_follows_from_the_wording(source, question, family, unit):
    task = imported("spacer", put_json_lines(source, [row(problem=question)])).task
    assert (task.family, task.unit) == (family, unit)


@pytest.mark.parametrize(
    ("question", "family"),
    [
        (
            "Measuring from the closest point of each object, which of these objects (tv, bed) is the closest to the sofa?",
            "object_rel_distance",
        ),
        (
            "If I am standing by the bed and facing the tv, is the sofa to the left or the right of the tv?",
            "object_rel_direction_easy",
        ),
        (
            "If I am standing by the bed and facing the tv, is the sofa to my left, right, or back? An object is to my back if I would have to turn at least 135 degrees in order to face it.",
            "object_rel_direction_medium",
        ),
        (
            "If I am standing by the bed and facing the tv, is the sofa to my front-left, front-right, back-left, or back-right?",
            "object_rel_direction_hard",
        ),
        (
            "What will be the first-time appearance order of the following categories in the video: bed, tv, sofa, lamp?",
            "obj_appearance_order",
        ),
        (
            "You are a robot beginning at the bed facing the tv. You want to navigate to the sofa. Fill in: 1. Go forward until the tv 2. [please fill in]",
            "route_planning",
        ),
    ],
)
def test_the_kind_of_a_choice_follows_from_the_wording(source, question, family):
    choice = row(
        problem=question, problem_type="multiple choice", options=["A. tv", "B. bed"], solution="<answer>A</answer>"
    )
    assert imported("spacer", put_json_lines(source, [choice])).task.family == family


def test_maps_go_to_the_rows_of_their_video(source):
    map_row = {
        "video_id": "scene0000_00.mp4",
        "cognitive_map": {"table": [[0, 3], [5, 7]], "tv": [[9, 3]]},
        "object_list": ["table", "tv"],
    }
    put_json_lines(source.parent / "annotation/cognitive_map.jsonl", [map_row])
    task = imported("spacer", put_json_lines(source, [row()])).task
    assert task.cognitive_map == (
        MapCell(label="table", column=0, row=3),
        MapCell(label="table", column=5, row=7),
        MapCell(label="tv", column=9, row=3),
    )
    assert task.extra == {"object_list": '["table", "tv"]'}


def test_a_map_off_the_grid_drops_the_rows_of_its_video(source):
    maps = put_json_lines(
        source.parent / "maps.jsonl", [{"video_id": "scene0000_00", "cognitive_map": {"tv": [[10, 3]]}}]
    )
    rows = [row(), row(2, data_type="image", path="images/chart.png", data_source="general")]
    result = imported("spacer", put_json_lines(source, rows), maps=maps)
    assert result.rejected == [("1", "cognitive map")]
    assert result.task.id == "general-2"


def test_a_file_of_maps_that_is_not_there_is_an_error(source):
    with pytest.raises(DataError, match=r"maps=nowhere\.jsonl does not exist"):
        imported("spacer", put_json_lines(source, [row()]), maps="nowhere.jsonl")


def test_a_map_file_beside_the_rows_is_not_read_as_rows(source):
    put_json_lines(
        source.parent / "annotation/cognitive_map.jsonl", [{"video_id": "scene0000_00", "cognitive_map": {}}]
    )
    put_json_lines(source, [row()])
    result = imported("spacer", source.parent)
    assert (len(result.tasks()), result.rejected) == (1, [])


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"problem_type": "essay"}, "fields"),
        (
            {"problem_type": "multiple choice", "options": ["A. left", "B. right"], "solution": "<answer>D</answer>"},
            "answer",
        ),
        ({"solution": "<answer>far</answer>"}, "answer"),
        ({"path": "SR-91k/scene0001_00.mp4"}, "media"),
        ({"data_type": "sound"}, "fields"),
    ],
)
def test_a_bad_row_is_named_by_its_problem_id(source, change, kind):
    result = imported("spacer", put_json_lines(source, [row(7, **change), row(8)]))
    assert result.rejected == [("7", kind)]
    assert result.task.id == "SR_dataset-8"
