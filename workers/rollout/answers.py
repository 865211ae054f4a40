"""RolloutService of an evaluation: one completion of each task, without log-probs. Tasks that are asked within a moment travel
in one call to a replica, and answers that are done within a moment travel back in one message: a call of Ray for each costs
more than a small model's answer.

The one rule: a replica that died is asked no more. What it owed is asked of the others, and only when none is left is that an
error.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Self

import ray
from ray.exceptions import RayError

from spatialrl.config import RunConfig, SamplingConfig
from spatialrl.errors import UserError, WorkerDied, WorkerError
from spatialrl.types import Completion, Task
from workers.placement import Slot
from workers.rollout.asked import Asked, Outcome, Outcomes
from workers.rollout.pool import RolloutPool, failure
from workers.rollout.routing import estimate_tokens

MOMENT_S = 0.005
Waiting = tuple[Asked, asyncio.Future[Completion]]


class AnswerPool:
    def __init__(self, pool: RolloutPool) -> None:
        self.pool = pool
        self.lines = [Line(pool, replica) for replica in range(len(pool.workers))]

    @classmethod
    async def start(cls, config: RunConfig, *, slots: Sequence[Slot] = ()) -> Self:
        return cls(await RolloutPool.start(config, slots=slots))

    async def generate(
        self, task: Task, *, num_completions: int, seed: int, sampling: SamplingConfig
    ) -> AsyncIterator[Completion]:
        assert num_completions == 1, "an evaluation asks once"
        yield await self.answer(Asked(task=task, seed=seed, sampling=sampling))

    async def answer(self, asked: Asked) -> Completion:
        while True:
            tokens = estimate_tokens(asked.task, asked.sampling)
            async with self.pool.router.seat(tokens, num_completions=1) as seat:
                try:
                    completion = await self.lines[seat.replica].ask(asked)
                # Door: another replica can answer.
                except WorkerDied as death:
                    self.lose(seat.replica, death)
                    continue
            self.pool.count(completion)
            return completion

    def lose(self, replica: int, death: WorkerDied) -> None:
        """Raises what happened where no other is left."""
        router = self.pool.router
        if self.pool.broken or router.open == {replica}:
            raise death
        if replica in router.open:
            router.close(replica)
            sys.stderr.write(f"{death} Its questions go to the others; left of them: {len(router.open)}.\n")

    def metrics(self) -> Mapping[str, float]:
        return self.pool.metrics()

    def close(self) -> None:
        self.pool.close()


class Line:
    """To one replica."""

    def __init__(self, pool: RolloutPool, replica: int) -> None:
        self.pool = pool
        self.replica = replica
        self.waiting: list[Waiting] = []
        self.calls: set[asyncio.Task[None]] = set()

    def ask(self, asked: Asked) -> asyncio.Future[Completion]:
        loop = asyncio.get_running_loop()
        if not self.waiting:
            loop.call_later(MOMENT_S, self.send)
        future: asyncio.Future[Completion] = loop.create_future()
        self.waiting.append((asked, future))
        return future

    def send(self) -> None:
        sent, self.waiting = self.waiting, []
        call = asyncio.ensure_future(self.call(sent))
        self.calls.add(call)
        call.add_done_callback(self.calls.discard)

    async def call(self, sent: Sequence[Waiting]) -> None:
        """Whoever waits gets a completion or an error, whatever happens here."""
        futures = [future for _, future in sent]
        error: UserError = WorkerError(f"Rollout worker {self.replica} ended a call without all of its answers.")
        try:
            await self.carry([asked for asked, _ in sent], futures)
        except UserError as raised:
            error = raised
        finally:
            for future in futures:
                settle(future, error)

    async def carry(self, asked: Sequence[Asked], futures: Sequence[asyncio.Future[Completion]]) -> None:
        self.pool.check()
        refs = self.pool.workers[self.replica].answer.options(num_returns="streaming").remote(asked)
        timeout_s, missing = self.pool.config.rollout.timeout_s, len(asked)
        deadline = asyncio.get_running_loop().time() + timeout_s
        try:
            while missing:
                async with asyncio.timeout_at(deadline):
                    outcomes: Outcomes = await (await anext(refs))
                missing -= len(outcomes)
                for place, outcome in outcomes:
                    settle(futures[place], self.named(outcome))
        except TimeoutError as error:
            raise WorkerError(
                f"Rollout worker {self.replica} did not finish this task within rollout.timeout_s={timeout_s:g}; of the "
                f"{len(asked)} that were asked together {missing} are missing."
            ) from error
        except RayError as error:
            self.pool.check()
            raise failure(self.replica, error) from error
        finally:
            ray.cancel(refs)

    def named(self, outcome: Outcome) -> Outcome:
        """An error says whose it is."""
        return failure(self.replica, outcome) if isinstance(outcome, UserError) else outcome


def settle(future: asyncio.Future[Completion], outcome: Outcome) -> None:
    """Nobody may wait any more."""
    if future.done():
        return
    if isinstance(outcome, Completion):
        future.set_result(outcome)
    else:
        future.set_exception(outcome)
