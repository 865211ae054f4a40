"""One rank of the actor: its shard of the policy and of the optimizer. All ranks are called together, in the same order."""

from collections.abc import Sequence
from pathlib import Path

import torch

from spatialrl.config import OptimConfig, RunConfig
from spatialrl.data.media.store import open_store
from spatialrl.data.vision import PromptReader
from spatialrl.types import MicroBatch
from workers.actor.ipc import Lender, Loan
from workers.actor.metrics import Metric
from workers.actor.schedule import learning_rate
from workers.actor.send import gathered_weights, weight_metas
from workers.actor.state import save_folder
from workers.actor.update import Objective, accumulate_gradients, take_step
from workers.fsdp.model import load_policy
from workers.fsdp.packing import Packer
from workers.fsdp.parallel import join_peers, leave_peers
from workers.ray_group import Rank
from workers.transfer import Endpoint, TensorMeta, TransferGroup


class ActorWorker(Rank):
    def __init__(
        self, config: RunConfig, optim: OptimConfig, loss: str, num_steps: int, *, rank: int, world_size: int
    ) -> None:
        """Use `start` before anything else: it meets the peers and loads the model."""
        self.config = config
        self.optim = optim
        self.num_steps = num_steps
        self.objective = Objective(algorithm=config.algorithm, loss=loss)
        self.rank = rank
        self.world_size = world_size
        self.version = 0
        self.transfer: TransferGroup | None = None

    def start(self, host: str, port: int) -> None:
        config = self.config
        self.peers = join_peers(
            config.cluster,
            rank=self.rank,
            world_size=self.world_size,
            host=host,
            port=port,
            seed=config.seed,
            timeout_s=config.actor.timeout_s,
        )
        self.reader = PromptReader(config.model.path, config.data, store=open_store(config))
        sampled = self.objective.loss != "nll"
        self.policy = load_policy(
            config.model,
            peers=self.peers,
            trainable=True,
            activation_checkpointing=config.actor.activation_checkpointing,
            banned_token_ids=self.reader.banned_token_ids if sampled else [],
            temperature=config.rollout.sampling.temperature if sampled else 1.0,
        )
        self.packer = Packer(
            self.reader,
            attention=config.model.attention,
            device=self.peers.device,
            bad_media=config.data.bad_media,
        )
        self.optimizer = make_optimizer(self.policy, self.optim)

    def update(
        self, micro_batches: Sequence[MicroBatch], num_loss_tokens: int
    ) -> tuple[list[dict[str, Metric]], dict[str, str]]:
        """Metrics, and the tasks that this rank left out with the reason."""
        self.packer.unread.clear()
        reports = accumulate_gradients(
            self.policy,
            self.packer,
            self.objective,
            micro_batches,
            num_loss_tokens=num_loss_tokens,
            world_size=self.world_size,
            version=self.version,
        )
        lr = learning_rate(self.version, num_steps=self.num_steps, optim=self.optim)
        reports.append(take_step(self.policy, self.optimizer, lr=lr, max_grad_norm=self.optim.max_grad_norm))
        self.version += 1
        if self.config.cluster.placement == "colocated" and self.peers.device.type == "cuda":
            # The engine on this GPU wakes up next and needs the room.
            torch.cuda.empty_cache()
        return reports, dict(self.packer.unread)

    def save(self, folder: Path) -> None:
        is_writer = self.rank == 0
        save_folder(self.policy.model, self.reader.processor, folder, config=self.config.model, is_writer=is_writer)

    def weight_metas(self) -> list[TensorMeta]:
        return weight_metas(self.policy.model, dtype=self.wire_dtype)

    def open_transfer(self, endpoint: Endpoint, timeout_s: float) -> None:
        """Rank 0 joins the rollout workers; its peers only help to gather."""
        if self.rank == 0:
            self.transfer = TransferGroup(endpoint, rank=0, device=self.peers.device, timeout_s=timeout_s)

    def send_weights(self) -> None:
        weights = gathered_weights(self.policy.model, dtype=self.wire_dtype)
        if self.transfer is not None:
            self.transfer.send(weights)
        for _ in weights:
            pass

    def begin_loan(self) -> None:
        self.lender = Lender(gathered_weights(self.policy.model, dtype=self.wire_dtype))

    def lend(self) -> list[Loan]:
        return self.lender.next_bucket()

    def close(self) -> None:
        if self.transfer is not None:
            self.transfer.close()
        leave_peers()

    @property
    def wire_dtype(self) -> torch.dtype:
        return getattr(torch, self.config.model.dtype)


def make_optimizer(policy: torch.nn.Module, optim: OptimConfig) -> torch.optim.AdamW:
    return torch.optim.AdamW(
        [parameter for parameter in policy.parameters() if parameter.requires_grad],
        lr=optim.lr,
        betas=(optim.beta1, optim.beta2),
        weight_decay=optim.weight_decay,
        fused=True,
    )
