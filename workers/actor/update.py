"""One optimizer step over a rank's micro-batches.

The one rule: every token of the whole batch weighs the same. Losses are summed and divided once, by the number of loss
tokens of all ranks, so neither packing nor the number of ranks changes a gradient.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.distributed.tensor import DTensor

from spatialrl.algorithms import KL_ESTIMATORS, LOSSES
from spatialrl.config import AlgorithmConfig
from spatialrl.errors import WorkerError
from spatialrl.types import MicroBatch, Trajectory
from workers.actor.metrics import Max, Mean, Metric
from workers.fsdp.forward import Policy
from workers.fsdp.packing import Packer
from workers.fsdp.prefetch import packed_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What is minimised: a policy loss and, where reference log-probs are known, kl_coef times a KL."""

    algorithm: AlgorithmConfig
    loss: str
    """A name in LOSSES."""

    def __call__(self, trajectories: Sequence[Trajectory], logprobs_T: Tensor) -> tuple[Tensor, dict[str, Metric]]:
        """The sum over tokens."""
        config = self.algorithm
        losses_T, diagnostics = LOSSES[self.loss](
            logprobs_T,
            old_logprobs_T=rollout_logprobs(trajectories, logprobs_T),
            advantages_T=spread([t.advantage for t in trajectories], trajectories, like=logprobs_T),
            clip_low=config.clip_low,
            clip_high=config.clip_high,
            clip_dual=config.clip_dual,
        )
        metrics = {"loss/policy": Mean.of(losses_T)} | diagnostic_metrics(diagnostics)
        reference_T = known(trajectories, lambda t: t.reference_logprobs_T, like=logprobs_T)
        if reference_T is None:
            return losses_T.sum(), metrics
        kl_T = KL_ESTIMATORS[config.kl](logprobs_T, reference_T)
        return (losses_T + config.kl_coef * kl_T).sum(), metrics | {"loss/kl": Mean.of(kl_T)}


def accumulate_gradients(
    policy: Policy,
    packer: Packer,
    objective: Objective,
    micro_batches: Sequence[MicroBatch],
    *,
    num_loss_tokens: int,
    world_size: int,
    version: int,
) -> list[dict[str, Metric]]:
    reports: list[dict[str, Metric]] = []
    waited_s = packer.waited_s
    for _, row in packed_rows(packer, micro_batches):
        trajectories = row.trajectories
        logprobs_T, entropy_T = policy(row)
        loss, metrics = objective(trajectories, logprobs_T)
        require_finite(loss, trajectories)
        # FSDP averages gradients over ranks; the sum is wanted.
        (loss * world_size / num_loss_tokens).backward()
        gaps = logprob_gaps(trajectories, logprobs_T, version=version)
        reports.append(metrics | {"actor/entropy": Mean.of(entropy_T)} | gaps)
    return [*reports, {"time/media_wait_s": Max(packer.waited_s - waited_s)}]


def take_step(
    policy: Policy, optimizer: torch.optim.Optimizer, *, lr: float, max_grad_norm: float
) -> dict[str, Metric]:
    norm = torch.nn.utils.clip_grad_norm_(policy.parameters(), max_grad_norm or math.inf)
    grad_norm = float(norm.full_tensor() if isinstance(norm, DTensor) else norm)
    if not math.isfinite(grad_norm):
        raise WorkerError(f"The gradient norm is {grad_norm}; the weights are left as they were. Lower actor.optim.lr.")
    for group in optimizer.param_groups:
        group["lr"] = lr
    optimizer.step()
    optimizer.zero_grad()
    return {"actor/grad_norm": Mean(grad_norm), "actor/lr": Mean(lr)}


def require_finite(loss: Tensor, trajectories: Sequence[Trajectory]) -> None:
    if not math.isfinite(value := float(loss.detach())):
        tasks = ", ".join(sorted({t.task.id for t in trajectories})[:3])
        raise WorkerError(f"The loss is {value} in a micro-batch with tasks {tasks}; look at these rows of rollouts/.")


def rollout_logprobs(trajectories: Sequence[Trajectory], logprobs_T: Tensor) -> Tensor:
    """The sampler's; of demonstrations, which nobody sampled, the policy's own."""
    found = known(trajectories, lambda t: t.completion.logprobs_T, like=logprobs_T)
    return logprobs_T.detach() if found is None else found


def known(
    trajectories: Sequence[Trajectory], values: Callable[[Trajectory], tuple[float, ...]], *, like: Tensor
) -> Tensor | None:
    """One value per token of all trajectories, or None where no trajectory has any."""
    found = [value for trajectory in trajectories for value in values(trajectory)]
    if not found:
        return None
    if len(found) != len(like):
        ids = ", ".join(t.task.id for t in trajectories if len(values(t)) != len(t.completion.token_ids))
        raise WorkerError(
            f"{len(like)} completion tokens have {len(found)} log-probs of rollout or reference: tasks {ids}."
        )
    return torch.tensor(found, dtype=like.dtype, device=like.device)


def spread(values: Sequence[float], trajectories: Sequence[Trajectory], *, like: Tensor) -> Tensor:
    """The value of each trajectory on all of its tokens."""
    lengths = torch.tensor([len(t.completion.token_ids) for t in trajectories], dtype=torch.int64)
    return torch.tensor(values, dtype=like.dtype).repeat_interleave(lengths).to(like.device)


def diagnostic_metrics(diagnostics: dict[str, Tensor]) -> dict[str, Metric]:
    metrics: dict[str, Metric] = {f"actor/{name}": Mean.of(values_T) for name, values_T in diagnostics.items()}
    if "ratio" in diagnostics:
        clipped_T = diagnostics["clipped_low"] + diagnostics["clipped_high"]
        metrics["actor/clip_fraction"] = Mean.of(clipped_T)
        metrics["actor/ratio_max"] = Max(max(diagnostics["ratio"].tolist(), default=0.0))
    return metrics


def logprob_gaps(trajectories: Sequence[Trajectory], logprobs_T: Tensor, *, version: int) -> dict[str, Metric]:
    """|actor - rollout| over the tokens that this very version wrote: how closely the two engines agree."""
    gaps: dict[str, list[float]] = {}
    parts = logprobs_T.detach().cpu().split([len(t.completion.token_ids) for t in trajectories])
    for trajectory, actor_T in zip(trajectories, parts, strict=True):
        if completion_T := trajectory.completion.logprobs_T:
            gap_T = (actor_T - torch.tensor(completion_T)).abs().tolist()
            gaps.setdefault(trajectory.task.modality, []).extend(gap_T[i] for i in fresh_tokens(trajectory, version))
    means: dict[str, Metric] = {f"actor/logprob_gap_mean/{k}": Mean(sum(v), len(v)) for k, v in gaps.items() if v}
    return means | {f"actor/logprob_gap_max/{k}": Max(max(v)) for k, v in gaps.items() if v}


def fresh_tokens(trajectory: Trajectory, version: int) -> list[int]:
    """Places of the tokens written by `version`; all where the rollout did not say."""
    spans = trajectory.completion.version_spans
    if not spans:
        return list(range(len(trajectory.completion.token_ids)))
    return [place for span in spans if span.version == version for place in range(span.start, span.end)]
