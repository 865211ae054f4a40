"""A model behind HTTP. Its prompts are the texts and pixels the local engines get; a video is its frames, one after another.

The one rule: whatever is no reply is an error with the endpoint's reason, and an exhausted budget ends the run.
"""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
from PIL import Image as Pillow

from spatialrl.benchmarks.order import read_endpoint
from spatialrl.config import RunConfig, SamplingConfig
from spatialrl.data.media.budget import Budgets
from spatialrl.data.media.load import load_image, load_video
from spatialrl.data.placeholders import content_parts
from spatialrl.endpoints import Endpoint, Image, Question, Reply, connect, user
from spatialrl.errors import WorkerDied, WorkerError
from spatialrl.types import Completion, Media, Task


@asynccontextmanager
async def endpoint_model(config: RunConfig) -> AsyncIterator["EndpointModel"]:
    async with connect(read_endpoint(config.eval)) as endpoint:
        yield EndpointModel(endpoint, budgets=Budgets.of(config.data, factor=config.eval.patch))


class EndpointModel:
    def __init__(self, endpoint: Endpoint, *, budgets: Budgets) -> None:
        self.endpoint = endpoint
        self.budgets = budgets

    async def generate(
        self, task: Task, *, num_completions: int, seed: int, sampling: SamplingConfig
    ) -> AsyncIterator[Completion]:
        parts = await asyncio.to_thread(self.parts, task)
        for sample in range(num_completions):
            reply = await self.endpoint.ask(
                Question(
                    messages=(user(*parts),),
                    max_tokens=sampling.max_tokens,
                    sample=sample,
                    **self.chosen(sampling, seed),
                )
            )
            if not isinstance(reply, Reply):
                raise (WorkerDied if reply.code == "budget" else WorkerError)(reply.reason)
            yield Completion(
                prompt_ids=(),
                token_ids=(),
                text=reply.text,
                finish_reason="length" if reply.finish_reason == "length" else "stop",
            )

    def chosen(self, sampling: SamplingConfig, seed: int) -> dict[str, Any]:
        """A seed is sent only where there is something to draw, and to APIs that take one."""
        if sampling.temperature == 0:
            return {"temperature": 0.0}
        drawn = {"temperature": sampling.temperature, "top_p": sampling.top_p}
        return drawn | ({"seed": seed} if self.endpoint.settings.api == "openai" else {})

    def parts(self, task: Task) -> list[str | Image]:
        """As the question has them: media where it names them, else before it."""
        media = iter(task.media)
        found: list[str | Image] = []
        for part in content_parts(task.question, task.media):
            found += [part["text"]] if part["type"] == "text" else self.images(next(media))
        return found

    def images(self, medium: Media) -> list[Image]:
        size = self.budgets.size(medium)
        if medium.kind != "video":
            return [as_png(load_image(medium, size=size))]
        frames: np.ndarray = load_video(medium, size=size).frames
        return [as_png(Pillow.fromarray(frame)) for frame in frames]


def as_png(picture: Pillow.Image) -> Image:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return Image(data=buffer.getvalue(), media_type="image/png")
