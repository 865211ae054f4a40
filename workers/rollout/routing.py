"""Which replica takes the next task. The one rule: the one that holds the fewest tokens, once it has room."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from spatialrl.config import SamplingConfig
from spatialrl.errors import WorkerError
from spatialrl.types import Media, Task

PIXELS_PER_TOKEN = 28 * 28
FRAMES_PER_TOKEN = 2
CHARACTERS_PER_TOKEN = 3


@dataclass
class Seat:
    """A task's place at a replica, given back share by share as its completions are done."""

    replica: int
    tokens: int
    share: int


class Router:
    def __init__(self, *, num_replicas: int, max_tokens: int, timeout_s: float) -> None:
        self.held = [0] * num_replicas
        self.open = set(range(num_replicas))
        """Replicas that take tasks."""
        self.max_tokens = max_tokens
        self.timeout_s = timeout_s
        self.freed = asyncio.Condition()

    @asynccontextmanager
    async def seat(self, tokens_each: int, *, num_completions: int) -> AsyncIterator[Seat]:
        """A task larger than a replica may hold waits until one is empty."""
        seat = await self.take(tokens_each, num_completions)
        try:
            yield seat
        finally:
            await self.give_back(seat, seat.tokens)

    async def take(self, tokens_each: int, num_completions: int) -> Seat:
        tokens = tokens_each * num_completions
        async with self.freed:
            while not self.has_room(tokens):
                await self.wait_for_change()
            replica = self.emptiest
            self.held[replica] += tokens
        return Seat(replica, tokens, tokens_each)

    def has_room(self, tokens: int) -> bool:
        least = self.held[self.emptiest]
        return least == 0 or least + tokens <= self.max_tokens

    @property
    def emptiest(self) -> int:
        return min(self.open, key=lambda replica: (self.held[replica], replica))

    def close(self, replica: int) -> None:
        """It takes no more."""
        self.open.discard(replica)

    async def wait_for_change(self) -> None:
        """Every completion has a deadline, so that long without any change means that nobody works."""
        try:
            async with asyncio.timeout(self.timeout_s):
                await self.freed.wait()
        except TimeoutError as error:
            raise WorkerError(
                f"No rollout worker finished anything within {self.timeout_s:g} s; tokens held: {self.held}."
            ) from error

    async def give_back(self, seat: Seat, tokens: int) -> None:
        tokens = min(tokens, seat.tokens)
        seat.tokens -= tokens
        async with self.freed:
            self.held[seat.replica] -= tokens
            self.freed.notify_all()


def estimate_tokens(task: Task, sampling: SamplingConfig) -> int:
    """Prompt and completion, from what is known without reading any pixels."""
    text = len(task.question) + sum(map(len, task.options))
    return text // CHARACTERS_PER_TOKEN + sum(map(media_tokens, task.media)) + sampling.max_tokens


def media_tokens(medium: Media) -> int:
    frames = 1 if medium.frames is None else -(-len(medium.frames.indices) // FRAMES_PER_TOKEN)
    width, height = medium.shown or (medium.width, medium.height)
    return frames * width * height // PIXELS_PER_TOKEN
