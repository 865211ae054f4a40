"""A place in the pool. Who sits there changes: a worker that hangs or dies is killed, and another one is started."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ray
from ray.exceptions import RayError, RayTaskError

from spatialrl.config import RewardConfig
from spatialrl.errors import WorkerError
from spatialrl.types import UnscoredCode
from workers.ray_group import cause_of, describe
from workers.reward.parcel import Reply
from workers.reward.worker import RewardWorker


class WorkerLost(Exception):
    """A call did not end well: its worker is, or has to be, replaced."""

    def __init__(self, code: UnscoredCode, reason: str) -> None:
        super().__init__(reason)
        self.code: UnscoredCode = code


class StartFailed(Exception):
    """A worker was not up in time, or died before that."""


@dataclass(eq=False)
class Seat:
    config: RewardConfig
    args: Mapping[str, Any]
    """Of the reward, complete: no worker reads a file."""
    worker: Any = None
    gains_from_many: bool = False

    def launch(self) -> None:
        """Asks Ray for a process; whoever sat here is killed, which a hanging one can't prevent."""
        self.leave()
        options = {"num_cpus": self.config.cpus_per_worker, "scheduling_strategy": "SPREAD"}
        actor = ray.remote(RewardWorker).options(**options)
        self.worker = actor.remote(self.config.name, self.args, memory_mb=self.config.memory_mb)

    async def wait_until_up(self, *, timeout_s: float) -> None:
        try:
            async with asyncio.timeout(timeout_s):
                self.gains_from_many = await self.worker.ready.remote()
        except TimeoutError as error:
            raise StartFailed(f"did not start within {timeout_s:g} s") from error
        except RayError as error:
            raise StartFailed(f"died while it started: {describe(cause_of(error))}") from error

    async def score(self, parcel: bytes) -> Reply:
        """Raises WorkerLost where the worker is of no more use, WorkerError about a mistake of the reward."""
        timeout_s = self.config.timeout_s
        try:
            async with asyncio.timeout(timeout_s):
                reply = await self.worker.score.remote(parcel)
        # Door: what a model wrote made the worker hang or die. Counted; it is replaced and the text tried once more.
        except TimeoutError as error:
            raise WorkerLost("timeout", f"timed out after {timeout_s:g} s") from error
        except RayTaskError as error:
            raise WorkerError(f"Reward {self.config.name} failed: {describe(cause_of(error))}") from error
        except RayError as error:
            raise WorkerLost("died", "the reward worker died") from error
        if reply.is_out_of_memory:
            raise WorkerLost("memory", f"allocated more than {self.config.memory_mb} MB")
        if reply.mistake:
            raise WorkerError(f"Reward {self.config.name} failed {reply.mistake}")
        return reply

    def leave(self) -> None:
        if self.worker is not None:
            ray.kill(self.worker)
            self.worker = None
