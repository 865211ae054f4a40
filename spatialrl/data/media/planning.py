"""Rows whose videos come without a frame plan get one before a run starts: once, by the run's config, so that rollout,
actor, reference and evaluation see the same frames. A video that several rows ask about is read once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from spatialrl.config import VideoConfig
from spatialrl.data.media.frame_plan import plan_frames
from spatialrl.data.media.probe import probe_video
from spatialrl.data.pool import pool
from spatialrl.errors import DataError
from spatialrl.types import FramePlan, Media, Task


def with_frame_plans(tasks: Sequence[Task], config: VideoConfig) -> tuple[list[Task], dict[str, str]]:
    """Every video of them knows its frames, but for those that can't be read: these come second, by path, with the reason.
    `replan` chooses anew where the row brings a plan, from the whole video."""
    videos = {m.path for task in tasks for m in task.media if is_unplanned(m, config)}
    if not videos:
        return list(tasks), {}
    paths = sorted(videos)
    with pool(len(paths)) as processes:
        plans = dict(zip(paths, processes.in_order(partial(plan_of, config=config), paths), strict=True))
    return [planned(task, plans, config) for task in tasks], {p: r for p, r in plans.items() if isinstance(r, str)}


def is_unplanned(medium: Media, config: VideoConfig) -> bool:
    return medium.kind == "video" and (medium.frames is None or config.replan)


def plan_of(path: str, *, config: VideoConfig) -> FramePlan | str:
    """What is wrong with a video, as a sentence, where there is no plan for it."""
    try:
        return plan_frames(
            probe_video(path), fps=config.fps, min_frames=config.min_frames, max_frames=config.max_frames
        )
    except DataError as error:
        return str(error)


def planned(task: Task, plans: Mapping[str, FramePlan | str], config: VideoConfig) -> Task:
    media = []
    for medium in task.media:
        plan = plans[medium.path] if is_unplanned(medium, config) else medium.frames
        media.append(replace(medium, frames=None if isinstance(plan, str) else plan))
    return replace(task, media=tuple(media))
