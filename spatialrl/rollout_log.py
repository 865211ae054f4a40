"""Every trajectory of a step, on disk: reading failures is how rewards get fixed."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from spatialrl.coordinate_frames import frame_size, true_frame, written_frame
from spatialrl.types import Scored, Task, Trajectory


def write_trajectories(path: Path, trajectories: Iterable[Trajectory]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        file.writelines(json.dumps(trajectory_row(t)) + "\n" for t in trajectories)


def trajectory_row(trajectory: Trajectory) -> dict[str, Any]:
    task, completion = trajectory.task, trajectory.completion
    return {
        "task_id": task.id,
        "family": task.family,
        "media": [medium.path for medium in task.media],
        "shown": shown_as(task),
        "question": task.question,
        "options": list(task.options),
        "answer": task.answer,
        "truth": [{"id": o.id, "bbox": list(o.bbox)} for o in task.scene.objects] if task.scene else [],
        "truth_size": frame_size(task, true_frame(task)),
        "response": completion.text,
        "response_size": frame_size(task, written_frame(task)),
        "num_tokens": len(completion.token_ids),
        "finish_reason": completion.finish_reason,
        "versions": [[span.version, span.start, span.end] for span in completion.version_spans],
        "advantage": trajectory.advantage,
        **score_row(trajectory),
    }


def shown_as(task: Task) -> str:
    """How the media differ from their files: blank, mirrored, shuffled, or not at all."""
    ways = {
        "blank": any(medium.blank for medium in task.media),
        "mirrored": any(medium.mirrored for medium in task.media),
        "shuffled": any(medium.frames and medium.frames.order for medium in task.media),
    }
    return ", ".join(way for way, applies in ways.items() if applies)


def score_row(trajectory: Trajectory) -> dict[str, Any]:
    if isinstance(trajectory.score, Scored):
        return {"status": "scored", "reward": trajectory.score.reward, "parts": dict(trajectory.score.parts)}
    return {"status": "unscored", "code": trajectory.score.code, "reason": trajectory.score.reason}
