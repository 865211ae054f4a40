"""Trajectories whose accuracy is all that matters."""

from collections.abc import Sequence

from spatialrl.types import Completion, FramePlan, Media, Scored, Task, Trajectory, Unscored
from tests.fakes import make_task

PLAN = FramePlan(indices=(0, 2, 4, 6), source_fps=4.0, num_source_frames=8)
VIDEO = Media(kind="video", path="room.mp4", width=112, height=112, frames=PLAN)


def judged(*accuracies: float | None, task: Task | None = None, num_tokens: Sequence[int] = ()) -> list[Trajectory]:
    """None for a completion without a score."""
    lengths = num_tokens or [1] * len(accuracies)
    return [
        Trajectory(
            task=task or make_task(),
            completion=Completion(prompt_ids=(1,), token_ids=tuple(range(length)), text=str(value)),
            score=Unscored(reason="none") if value is None else Scored(reward=2 * value, parts={"accuracy": value}),
        )
        for value, length in zip(accuracies, lengths, strict=True)
    ]


def saying(task: Task, *answers: str, reward: float = 1.0) -> list[Trajectory]:
    return [
        Trajectory(
            task=task,
            completion=Completion(prompt_ids=(1,), token_ids=(place,), text=f"<answer>{answer}</answer>"),
            score=Scored(reward=reward, parts={"accuracy": reward}),
        )
        for place, answer in enumerate(answers)
    ]
