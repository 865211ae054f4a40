"""One rank among its peers: process group, mesh, threads and seed. Every wait for a peer has the deadline given here."""

from dataclasses import dataclass
from datetime import timedelta

import torch
from torch import distributed as dist
from torch.distributed.device_mesh import DeviceMesh, init_device_mesh

from spatialrl.config import ClusterConfig
from spatialrl.errors import ResourceError

BACKENDS = {"cuda": "nccl", "cpu": "gloo"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """Where a rank stands and whom it computes with."""

    rank: int
    world_size: int
    device: torch.device
    mesh: DeviceMesh


def join_peers(
    cluster: ClusterConfig, *, rank: int, world_size: int, host: str, port: int, seed: int, timeout_s: float
) -> Peers:
    """Meets the other ranks at host:port."""
    device = cluster.device
    if device == "cuda" and not torch.cuda.is_available():
        raise ResourceError(
            "cluster.device is cuda, but this process sees no GPU. Use cluster.device=cpu or a GPU node."
        )
    if cluster.threads_per_worker > 0:
        torch.set_num_threads(cluster.threads_per_worker)
    torch.manual_seed(seed)
    if device == "cuda":
        torch.cuda.set_device(0)
    dist.init_process_group(
        BACKENDS[device],
        init_method=f"tcp://{host}:{port}",
        rank=rank,
        world_size=world_size,
        timeout=timedelta(seconds=timeout_s),
        device_id=torch.device("cuda", 0) if device == "cuda" else None,
    )
    here = torch.device("cuda", 0) if device == "cuda" else torch.device("cpu")
    return Peers(rank=rank, world_size=world_size, device=here, mesh=init_device_mesh(device, (world_size,)))


def leave_peers() -> None:
    if dist.is_initialized():
        dist.destroy_process_group()
