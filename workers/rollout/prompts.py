"""From a task to the dictionary vLLM takes as a prompt. The one rule: text, pixels and frames come from PromptReader,
so that the engine arrives at the token ids the actor trains on.
"""

from dataclasses import replace
from hashlib import sha256
from typing import Any

from spatialrl.data.vision import AS_LOADED, PromptReader, video_metadata
from spatialrl.types import Media, Task


def engine_prompt(reader: PromptReader, task: Task) -> dict[str, Any]:
    prompt: dict[str, Any] = {"prompt": reader.prompt_text(task)}
    if not task.media:
        return prompt
    media = reader.load(task)
    stills = [medium for medium in task.media if medium.kind != "video"]
    clips = [medium for medium in task.media if medium.kind == "video"]
    prompt["multi_modal_data"], prompt["multi_modal_uuids"] = {}, {}
    prompt["mm_processor_kwargs"] = dict(AS_LOADED)
    if stills:
        prompt["multi_modal_data"]["image"] = media.images
        prompt["multi_modal_uuids"]["image"] = [media_id(medium) for medium in stills]
    if clips:
        prompt["multi_modal_data"]["video"] = [
            (video.frames, video_metadata(video.plan) | {"do_sample_frames": False}) for video in media.videos
        ]
        prompt["multi_modal_uuids"]["video"] = [media_id(medium) for medium in clips]
        prompt["mm_processor_kwargs"] |= {"do_sample_frames": False, "cap_pixels_per_frame": False}
    return prompt


def media_id(medium: Media) -> str:
    """Equal for equal pixels: spares vLLM the hashing, and shares one encoding between the completions of a task."""
    source = "blank" if medium.blank else medium.sha256 or medium.path
    return sha256(repr(replace(medium, path="", sha256=source)).encode()).hexdigest()
