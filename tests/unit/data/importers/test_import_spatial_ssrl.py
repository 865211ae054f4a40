import pytest

from spatialrl.rewards import REWARDS
from spatialrl.types import Completion, Scored
from tests.unit.data.importers.sources import imported, put_json, put_parquet, put_picture

SHUFFLE = "<image>The image was cut into patches. Give their order, TopLeft-TopRight-BottomLeft-BottomRight."
POSITION = (
    "<image>A camera stands at marker 1 and faces left. Where is marker 2? Ignore the height difference.\n"
    "A. Left B. Right C. Front D. Back\nAnswer with the letter."
)
CROP = "<image>Part of the image is black. Which fits?\nA. <image>\nB. <image>\nC. <image>\nD. <image>"


@pytest.fixture
def source(tmp_path):
    for name in ("shuffle/1", "flip/1", "depth/1", "position/1", "crop/1", "crop/a", "crop/b", "crop/c", "crop/d"):
        put_picture(tmp_path / f"ssrl/data/images/{name}.png", shade=len(name) + ord(name[-1]))
    return tmp_path / "ssrl/spatialssrl.parquet"


def row(problem: str, answer: str, *names: str) -> dict:
    return {"problem": problem, "answer": answer, "images": [f"images/{name}.png" for name in names]}


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (row(SHUFFLE, "0-2-3-1", "shuffle/1"), "sequence"),
        (row("<image>Three regions ...", "3-1-2", "depth/1"), "sequence"),
        (row("<image>One patch is flipped ...", "3-0", "flip/1"), "label_pair"),
        (row(POSITION, "C", "position/1"), "choice"),
        (row(CROP, "B", "crop/1", "crop/a", "crop/b", "crop/c", "crop/d"), "choice"),
    ],
)
def test_the_five_tasks_become_the_kinds_the_rewards_know(source, given, kind):
    task = imported("spatial_ssrl", put_parquet(source, [given])).task
    assert (task.answer_kind, task.answer) == (kind, given["answer"])
    assert task.family == given["images"][0].split("/")[1]
    right = Completion(prompt_ids=(), token_ids=(), text=rf"<think>so</think>\boxed{{{task.answer}}}")
    score = REWARDS["ssrl_compat"](task, right)
    assert isinstance(score, Scored)
    assert score.parts["accuracy"] == 1


def test_options_in_the_text_become_options(source):
    task = imported("spatial_ssrl", put_parquet(source, [row(POSITION, "C", "position/1")])).task
    assert task.options == ("Left", "Right", "Front", "Back")
    assert task.question == (
        "A camera stands at marker 1 and faces left. Where is marker 2? Ignore the height difference.\n"
        "Answer with the letter."
    )
    assert task.extra["problem"] == POSITION.removeprefix("<image>")


def test_options_may_be_images_and_keep_their_places(source):
    given = row(CROP, "B", "crop/1", "crop/a", "crop/b", "crop/c", "crop/d")
    task = imported("spatial_ssrl", put_parquet(source, [given])).task
    assert task.question == "<image>Part of the image is black. Which fits?"
    assert task.options == ("<image>",) * 4
    assert [medium.path[-7:] for medium in task.media] == [f"p/{name}.png" for name in "1abcd"]


def test_a_crop_whose_text_lists_no_options_has_its_other_images_as_options(source):
    given = row("<image>" * 5 + "Which of the last four images fits?", "B", *(f"crop/{name}" for name in "1abcd"))
    task = imported("spatial_ssrl", put_parquet(source, [given])).task
    assert task.options == ("image 2", "image 3", "image 4", "image 5")


def test_cold_start_rows_are_demonstrations(source):
    given = {
        "instruction": SHUFFLE,
        "input": "",
        "output": r"<think>The sky is patch 0.</think> \boxed{0-2-3-1}",
        "images": ["images/shuffle/1.png"],
    }
    task = imported("spatial_ssrl", put_json(source.with_name("SFT-coldstart.json"), [given])).task
    assert (task.answer, task.answer_kind, task.family) == ("0-2-3-1", "sequence", "shuffle")
    assert task.demonstration == given["output"]
    assert task.question == SHUFFLE.removeprefix("<image>")


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (row(SHUFFLE, "up", "shuffle/1"), "answer"),
        (row(POSITION, "E", "position/1"), "answer"),
        (row(POSITION.removeprefix("<image>"), "C", "position/1"), "placeholders"),
        (row("<image>" + POSITION, "C", "position/1"), "placeholders"),
        (row(SHUFFLE, "0-1-2-3", "shuffle/2"), "media"),
    ],
)
def test_a_bad_row_is_dropped_with_its_reason(source, given, kind):
    result = imported("spatial_ssrl", put_parquet(source, [given, row(SHUFFLE, "0-1-2-3", "shuffle/1")]))
    assert result.rejected == [("spatialssrl.parquet:1", kind)]
    assert result.task.id == "spatialssrl.parquet:2"
