"""A tiny policy in this process: one rank, gloo, no Ray."""

from collections.abc import Iterator

import pytest
import torch

from spatialrl.config import ClusterConfig, RunConfig
from spatialrl.data.vision import PromptReader
from spatialrl.types import Task
from tests.tiny_policy import tasks_of_every_modality, tiny_config
from workers.fsdp.forward import Policy
from workers.fsdp.model import load_policy
from workers.fsdp.packing import Packer
from workers.fsdp.parallel import Peers, join_peers, leave_peers
from workers.transfer import free_port


@pytest.fixture(scope="session")
def peers() -> Iterator[Peers]:
    cluster = ClusterConfig(device="cpu", threads_per_worker=1)
    yield join_peers(cluster, rank=0, world_size=1, host="127.0.0.1", port=free_port(), seed=0, timeout_s=30)
    leave_peers()


@pytest.fixture(scope="session", params=["qwen2_5_vl", "qwen3_vl"])
def config(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> RunConfig:
    return tiny_config(tmp_path_factory.mktemp(request.param), family=request.param, tied=request.param == "qwen2_5_vl")


@pytest.fixture(scope="session")
def reader(config: RunConfig) -> PromptReader:
    return PromptReader(config.model.path, config.data)


@pytest.fixture(scope="session")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Task]:
    return tasks_of_every_modality(tmp_path_factory.mktemp("media"))


@pytest.fixture(scope="session")
def packer(reader: PromptReader) -> Packer:
    return Packer(reader, attention="sdpa", device=torch.device("cpu"))


@pytest.fixture
def policy(config: RunConfig, peers: Peers, reader: PromptReader) -> Policy:
    return load(config, peers, banned_token_ids=reader.banned_token_ids, temperature=0.7)


def load(
    config: RunConfig,
    peers: Peers,
    *,
    banned_token_ids: list[int] | None = None,
    temperature: float = 1.0,
    activation_checkpointing: bool = False,
) -> Policy:
    return load_policy(
        config.model,
        peers=peers,
        trainable=True,
        activation_checkpointing=activation_checkpointing,
        banned_token_ids=banned_token_ids or [],
        temperature=temperature,
    )
