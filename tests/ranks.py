"""Ranks for tests of `RankGroup`: they meet, and then fail in every way, or say where they are."""

import os
import time

import ray
import torch
from torch import distributed as dist

from spatialrl.config import ClusterConfig
from spatialrl.errors import WorkerError
from workers.fsdp.parallel import join_peers
from workers.ray_group import Rank


class Stumbling(Rank):
    """Two ranks; in `stumble` the second fails while the first waits for it."""

    def __init__(self, *, rank: int, world_size: int) -> None:
        self.rank, self.world_size = rank, world_size

    def start(self, host: str, port: int) -> None:
        cluster = ClusterConfig(device="cpu", threads_per_worker=1)
        join_peers(cluster, rank=self.rank, world_size=self.world_size, host=host, port=port, seed=0, timeout_s=60)

    def stumble(self, how: str) -> None:
        if self.rank == 0:
            dist.all_reduce(torch.zeros(1))
        elif how == "raise":
            raise ValueError("no such tensor")
        elif how == "refuse":
            raise WorkerError("Task t7 has no image.")
        elif how == "die":
            os._exit(1)
        else:
            time.sleep(60)


class Seen(Rank):
    """Says which GPUs it was given."""

    def __init__(self, *, rank: int, world_size: int) -> None:
        self.rank = rank

    def start(self, host: str, port: int) -> None:
        pass

    def gpus(self) -> list[int]:
        return [int(gpu) for gpu in ray.get_gpu_ids()]


class Broken(Rank):
    def __init__(self, *, rank: int, world_size: int) -> None:
        raise KeyError("weights")
