"""One rank of the reference: the frozen policy the run started from. Forward passes only."""

from collections.abc import Sequence

import torch

from spatialrl.config import RunConfig
from spatialrl.data.media.store import open_store
from spatialrl.data.vision import PromptReader
from spatialrl.types import MicroBatch
from workers.fsdp.model import load_policy
from workers.fsdp.packing import PackedRow, Packer
from workers.fsdp.parallel import join_peers
from workers.fsdp.prefetch import packed_rows
from workers.ray_group import Rank


class ReferenceWorker(Rank):
    def __init__(self, config: RunConfig, *, rank: int, world_size: int) -> None:
        """Use `start` before anything else: it meets the peers and loads the model."""
        self.config = config
        self.rank = rank
        self.world_size = world_size

    def start(self, host: str, port: int) -> None:
        config = self.config
        peers = join_peers(
            config.cluster,
            rank=self.rank,
            world_size=self.world_size,
            host=host,
            port=port,
            seed=config.seed,
            timeout_s=config.reference.timeout_s,
        )
        reader = PromptReader(config.model.path, config.data, store=open_store(config))
        self.policy = load_policy(
            config.model,
            peers=peers,
            trainable=False,
            activation_checkpointing=False,
            banned_token_ids=reader.banned_token_ids,
            temperature=config.rollout.sampling.temperature,
        )
        self.packer = Packer(
            reader,
            attention=config.model.attention,
            device=peers.device,
            bad_media=config.data.bad_media,
        )

    @torch.no_grad()
    def logprobs(self, micro_batches: Sequence[MicroBatch]) -> list[list[tuple[float, ...]]]:
        """Of every trajectory of every micro-batch."""
        return [self.score(micro_batch, row) for micro_batch, row in packed_rows(self.packer, micro_batches)]

    def score(self, micro_batch: MicroBatch, row: PackedRow) -> list[tuple[float, ...]]:
        logprobs_T, _ = self.policy(row)
        parts = logprobs_T.cpu().split([len(t.completion.token_ids) for t in row.trajectories])
        known = {id(t): tuple(part.tolist()) for t, part in zip(row.trajectories, parts, strict=True)}
        # Where the media can't be read here, the policy counts as its own reference.
        return [known.get(id(t), t.completion.logprobs_T) for t in micro_batch.trajectories]
