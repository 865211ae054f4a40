import json
from dataclasses import replace
from pathlib import Path

from spatialrl.rollout_log import shown_as, write_trajectories
from spatialrl.types import (
    Completion,
    FramePlan,
    SceneGraph,
    SceneObject,
    Score,
    Scored,
    Trajectory,
    Unscored,
    VersionSpan,
)
from tests.fakes import make_image, make_task

SCENE = SceneGraph(objects=(SceneObject(id="cube.1", bbox=(1.0, 2.0, 3.0, 4.0)),), relationships=())
COMPLETION = Completion(
    prompt_ids=(1, 2),
    token_ids=(7, 8, 9),
    text="<answer>(A) cube</answer>\nzwei Zeilen, schön",
    version_spans=(VersionSpan(version=4, start=0, end=2), VersionSpan(version=5, start=2, end=3)),
)


def written(folder: Path, score: Score) -> dict:
    task = make_task("t7", media=(make_image("room.png"),), scene=SCENE, family="relation")
    trajectory = Trajectory(task=task, completion=COMPLETION, score=score, advantage=-1.5)
    write_trajectories(folder / "rollouts/step_000001.jsonl", [trajectory])
    (line,) = (folder / "rollouts/step_000001.jsonl").read_text().splitlines()
    return json.loads(line)


def test_a_row_tells_what_was_asked_and_what_was_said(tmp_path: Path):
    row = written(tmp_path, Scored(reward=0.5, parts={"accuracy": 1.0}))
    assert row["task_id"] == "t7"
    assert row["media"] == ["room.png"]
    assert row["truth"] == [{"id": "cube.1", "bbox": [1.0, 2.0, 3.0, 4.0]}]
    assert row["response"] == COMPLETION.text
    assert row["num_tokens"] == 3
    assert row["advantage"] == -1.5


def test_a_row_tells_which_policy_wrote_which_tokens(tmp_path: Path):
    assert written(tmp_path, Scored(reward=0.5))["versions"] == [[4, 0, 2], [5, 2, 3]]


def test_a_scored_row_has_a_reward_and_its_parts(tmp_path: Path):
    row = written(tmp_path, Scored(reward=0.5, parts={"accuracy": 1.0}))
    assert (row["status"], row["reward"], row["parts"]) == ("scored", 0.5, {"accuracy": 1.0})


def test_an_unscored_row_has_a_reason_and_no_reward(tmp_path: Path):
    row = written(tmp_path, Unscored(reason="the reward worker timed out", code="timeout"))
    assert (row["status"], row["code"], row["reason"]) == ("unscored", "timeout", "the reward worker timed out")
    assert "reward" not in row


def test_a_row_tells_how_its_media_differ_from_their_files():
    image = make_image()
    plan = FramePlan(indices=(0, 1), source_fps=1.0, num_source_frames=2, order=(1, 0))
    for changes, told in [
        ({}, ""),
        ({"mirrored": True}, "mirrored"),
        ({"frames": plan}, "shuffled"),
        ({"blank": True, "mirrored": True}, "blank, mirrored"),
    ]:
        assert shown_as(make_task(media=(replace(image, **changes),))) == told
