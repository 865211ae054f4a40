import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
import torch
from transformers import AutoModelForImageTextToText

from spatialrl.config import AlgorithmConfig, OptimConfig, RunConfig
from spatialrl.data.vision import PromptReader
from spatialrl.errors import WorkerError
from spatialrl.types import MicroBatch, Task, Trajectory, VersionSpan
from tests.tiny_policy import MODALITIES, but_times, trajectories
from tests.unit.fsdp.conftest import load
from workers.actor.metrics import Mean, Metric, join_maxima, join_means
from workers.actor.update import Objective, accumulate_gradients, take_step
from workers.actor.worker import make_optimizer
from workers.fsdp.forward import Policy
from workers.fsdp.packing import Packer
from workers.fsdp.parallel import Peers

# The arithmetic of an update is the same for every family.
pytestmark = pytest.mark.parametrize("config", ["qwen2_5_vl"], indirect=True)

CLIPPED = Objective(algorithm=AlgorithmConfig(kl_coef=0.1), loss="clipped")


@pytest.fixture
def batch(reader: PromptReader, tasks: dict[str, Task]) -> list[Trajectory]:
    return [t for name in MODALITIES for t in trajectories(reader, tasks[name], lengths=(6, 11, 3))]


def gradients(
    policy: Policy, packer: Packer, parts: Sequence[Sequence[Trajectory]], objective: Objective = CLIPPED
) -> tuple[dict[str, torch.Tensor], list[dict[str, Metric]]]:
    policy.zero_grad()
    reports = accumulate_gradients(
        policy,
        packer,
        objective,
        [MicroBatch(trajectories=tuple(part)) for part in parts],
        num_loss_tokens=sum(len(t.completion.token_ids) for part in parts for t in part),
        world_size=1,
        version=0,
    )
    found = {name: p.grad.full_tensor().clone() for name, p in policy.named_parameters()}  # type: ignore[union-attr]
    return found, reports


def test_neither_the_cut_into_micro_batches_nor_their_order_changes_a_gradient(
    policy: Policy, packer: Packer, batch: list[Trajectory]
) -> None:
    whole, whole_reports = gradients(policy, packer, [batch])
    cut, cut_reports = gradients(policy, packer, [batch[7:], batch[3:7][::-1], batch[:3]])
    for name, gradient in whole.items():
        torch.testing.assert_close(cut[name], gradient, atol=1e-5, rtol=1e-4, msg=name)
    means = join_means(whole_reports)
    assert join_means(cut_reports) == pytest.approx(means, abs=1e-5)
    assert but_times(join_maxima(cut_reports)) == pytest.approx(but_times(join_maxima(whole_reports)), abs=1e-5)


def test_activation_checkpointing_changes_no_gradient(
    config: RunConfig, peers: Peers, policy: Policy, packer: Packer, batch: list[Trajectory], reader: PromptReader
) -> None:
    plain, _ = gradients(policy, packer, [batch])
    banned = reader.banned_token_ids
    saving = load(config, peers, activation_checkpointing=True, temperature=0.7, banned_token_ids=banned)
    for name, gradient in gradients(saving, packer, [batch])[0].items():
        torch.testing.assert_close(gradient, plain[name], atol=1e-6, rtol=1e-5, msg=name)


def test_the_supervised_loss_is_the_cross_entropy_of_transformers(
    config: RunConfig, peers: Peers, reader: PromptReader, packer: Packer, tasks: dict[str, Task]
) -> None:
    (trajectory,) = trajectories(reader, tasks["text"], lengths=(20,))
    demonstration = replace(trajectory, completion=replace(trajectory.completion, logprobs_T=(), prompt_ids=()))
    objective = Objective(algorithm=AlgorithmConfig(), loss="nll")
    _, reports = gradients(load(config, peers), packer, [[demonstration]], objective)
    completion = trajectory.completion
    ids = torch.tensor([[*completion.prompt_ids, *completion.token_ids]])
    labels = torch.tensor([[-100] * len(completion.prompt_ids) + list(completion.token_ids)])
    model = AutoModelForImageTextToText.from_pretrained(config.model.path, dtype=torch.float32)
    assert join_means(reports)["loss/policy"] == pytest.approx(
        float(model(input_ids=ids, labels=labels).loss.detach()), abs=1e-5
    )


def test_a_demonstration_reports_no_gap_to_a_rollout(policy: Policy, packer: Packer, batch: list[Trajectory]) -> None:
    bare = [replace(t, completion=replace(t.completion, logprobs_T=())) for t in batch]
    _, reports = gradients(policy, packer, [bare], Objective(algorithm=AlgorithmConfig(), loss="nll"))
    assert not any("gap" in name for report in reports for name in report)


def test_the_gap_to_the_rollout_is_told_by_modality_and_of_this_version_only(
    policy: Policy, packer: Packer, batch: list[Trajectory]
) -> None:
    logprobs = policy(packer.pack(batch))[0].detach()
    parts = logprobs.split([len(t.completion.token_ids) for t in batch])
    spans = (VersionSpan(version=-1, start=0, end=2), VersionSpan(version=0, start=2, end=3))
    # 0.5 off where version 0 wrote, 3.0 off where an earlier one did.
    gaps = [3.0, 3.0, *[0.5] * 100]
    off = [
        replace(
            t,
            completion=replace(
                t.completion,
                logprobs_T=tuple(lp + gap for lp, gap in zip(part.tolist(), gaps, strict=False)),
                version_spans=(spans[0], replace(spans[1], end=len(part))),
            ),
        )
        for t, part in zip(batch, parts, strict=True)
    ]
    _, reports = gradients(policy, packer, [off[:5], off[5:]])
    told = join_means(reports) | join_maxima(reports)
    for modality in MODALITIES:
        assert told[f"actor/logprob_gap_mean/{modality}"] == pytest.approx(0.5, abs=1e-4)
        assert told[f"actor/logprob_gap_max/{modality}"] == pytest.approx(0.5, abs=1e-4)


def test_gradients_longer_than_the_limit_are_cut_to_it(policy: Policy, packer: Packer, batch: list[Trajectory]) -> None:
    before, _ = gradients(policy, packer, [batch])
    norm = math.sqrt(sum(float(g.double().square().sum()) for g in before.values()))
    optimizer = torch.optim.SGD(policy.parameters(), lr=0.0)
    kept = [p.detach().full_tensor().clone() for p in policy.parameters()]  # type: ignore[operator]
    report = take_step(policy, optimizer, lr=1.0, max_grad_norm=norm / 10)
    moved = [a - b.detach().full_tensor() for a, b in zip(kept, policy.parameters(), strict=True)]  # type: ignore[operator]
    assert report["actor/grad_norm"] == Mean(pytest.approx(norm, rel=1e-4))  # type: ignore[arg-type]
    assert math.sqrt(sum(float(m.double().square().sum()) for m in moved)) == pytest.approx(norm / 10, rel=1e-3)


def test_a_loss_that_is_no_number_ends_the_update_and_names_its_tasks(
    policy: Policy, packer: Packer, batch: list[Trajectory]
) -> None:
    with pytest.raises(WorkerError, match=r"The loss is nan in a micro-batch with tasks text"):
        gradients(policy, packer, [[replace(batch[0], advantage=math.nan)]])


def test_a_gradient_that_is_no_number_leaves_the_weights_as_they_were(policy: Policy) -> None:
    parameters = list(policy.parameters())
    for parameter in parameters:
        parameter.grad = torch.zeros_like(parameter)
    parameters[0].grad.fill_(math.inf)  # type: ignore[union-attr]
    kept = parameters[0].detach().full_tensor().clone()  # type: ignore[operator]
    with pytest.raises(WorkerError, match="gradient norm is"):
        take_step(policy, make_optimizer(policy, OptimConfig()), lr=1.0, max_grad_norm=1.0)
    assert torch.equal(parameters[0].detach().full_tensor(), kept)  # type: ignore[operator]


def test_log_probs_that_do_not_match_the_tokens_are_refused(
    policy: Policy, packer: Packer, batch: list[Trajectory]
) -> None:
    short = replace(batch[1], completion=replace(batch[1].completion, logprobs_T=(-1.0,)))
    with pytest.raises(WorkerError, match="17 completion tokens have 7 log-probs of rollout or reference: tasks text"):
        gradients(policy, packer, [[batch[0], short]])


def test_the_same_update_on_two_threads_is_the_same_to_the_last_bit(
    policy: Policy, packer: Packer, reader: PromptReader, tasks: dict[str, Task]
) -> None:
    """Eight completions draw gradients from the one token that starts them all."""
    group = trajectories(reader, tasks["image"], lengths=[20] * 8)
    num_threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        first, *others = [gradients(policy, packer, [group])[0] for _ in range(4)]
    finally:
        torch.set_num_threads(num_threads)
    assert all(torch.equal(other[name], first[name]) for other in others for name in first)
