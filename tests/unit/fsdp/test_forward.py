import math
from dataclasses import replace

import pytest
import torch
from transformers import AutoModelForImageTextToText

from spatialrl.config import RunConfig
from spatialrl.data.positions import continue_positions
from spatialrl.data.vision import PromptReader
from spatialrl.errors import WorkerError
from spatialrl.types import Task, Trajectory
from tests.tiny_policy import MODALITIES, trajectories
from workers.fsdp import forward
from workers.fsdp.forward import Policy, token_scores
from workers.fsdp.packing import Packer


def assert_same(found_T: torch.Tensor, expected_T: torch.Tensor) -> None:
    torch.testing.assert_close(found_T, expected_T, atol=1e-5, rtol=0.0)


@pytest.fixture
def mixed(reader: PromptReader, tasks: dict[str, Task]) -> list[Trajectory]:
    """Every modality, completions of 5, 1, 0 and 17 tokens, those of a task apart from each other."""
    groups = [trajectories(reader, tasks[name], lengths=(5, 1, 0, 17)) for name in MODALITIES]
    return [group[i] for i in range(4) for group in groups]


def by_transformers(config: RunConfig, reader: PromptReader, trajectory: Trajectory) -> torch.Tensor:
    """Prompt and completion as a row of their own, through the model as transformers loads it."""
    model = AutoModelForImageTextToText.from_pretrained(config.model.path, dtype=torch.float32)
    inputs = reader.model_inputs(trajectory.task, reader.load(trajectory.task))
    target_ids = torch.tensor(trajectory.completion.token_ids)
    positions = torch.from_numpy(continue_positions(inputs.positions_T, len(target_ids)))[:, None]
    input_ids = torch.tensor([[*inputs.prompt_ids, *target_ids]])
    with torch.no_grad():
        logits = model(input_ids=input_ids, position_ids=positions, use_cache=False, **inputs.pixels).logits[0]
    logits = logits[-len(target_ids) - 1 : -1] / 0.7
    logits[:, reader.banned_token_ids] = -torch.inf
    return logits.log_softmax(-1).gather(-1, target_ids[:, None])[:, 0]


@pytest.mark.parametrize("modality", MODALITIES)
def test_log_probs_are_those_of_transformers(
    modality: str, config: RunConfig, reader: PromptReader, tasks: dict[str, Task], policy: Policy, packer: Packer
) -> None:
    (trajectory,) = trajectories(reader, tasks[modality], lengths=(9,))
    logprobs_T, _ = policy(packer.pack([trajectory]))
    assert_same(logprobs_T, by_transformers(config, reader, trajectory))


def test_packed_log_probs_are_those_of_rows_with_one_trajectory(
    policy: Policy, packer: Packer, mixed: list[Trajectory]
) -> None:
    packed_T, _ = policy(packer.pack(mixed))
    apart_T = torch.cat([policy(packer.pack([trajectory]))[0] for trajectory in mixed])
    assert len(packed_T) == 4 * (5 + 1 + 0 + 17)
    assert_same(packed_T, apart_T)


def test_a_completion_does_not_see_its_neighbours(policy: Policy, packer: Packer, mixed: list[Trajectory]) -> None:
    other = replace(mixed[0], completion=replace(mixed[0].completion, token_ids=(11, 12, 13, 14, 15)))
    before_T, _ = policy(packer.pack(mixed))
    after_T, _ = policy(packer.pack([other, *mixed[1:]]))
    assert not torch.equal(before_T[:5], after_T[:5])
    assert_same(before_T[5:], after_T[5:])


def test_a_prompt_stands_once_in_the_row_whatever_the_number_of_its_completions(
    reader: PromptReader, packer: Packer, tasks: dict[str, Task]
) -> None:
    group = trajectories(reader, tasks["image"], lengths=[50] * 8)
    row = packer.pack(group)
    # The last token of a completion predicts nothing, so it is not read.
    assert row.token_ids.shape == (1, len(group[0].completion.prompt_ids) + 8 * 49)
    assert len(row.target_ids_T) == 400
    assert len(row.grids) == 1


def test_a_row_of_text_runs_the_vision_tower(
    reader: PromptReader, policy: Policy, packer: Packer, tasks: dict[str, Task]
) -> None:
    row = packer.pack(trajectories(reader, tasks["text"], lengths=(7,)))
    policy(row)[0].sum().backward()
    gradients = [parameter.grad for name, parameter in policy.named_parameters() if "visual" in name]
    assert gradients
    assert all(gradient is not None and gradient.count_nonzero() == 0 for gradient in gradients)


def test_a_row_without_any_completion_token_has_gradients_of_zero(
    reader: PromptReader, policy: Policy, packer: Packer, tasks: dict[str, Task]
) -> None:
    logprobs_T, _ = policy(packer.pack(trajectories(reader, tasks["image"], lengths=(0,))))
    logprobs_T.sum().backward()
    assert len(logprobs_T) == 0
    assert all(p.grad is not None and p.grad.count_nonzero() == 0 for p in policy.parameters())


def test_logits_in_chunks_change_neither_log_probs_nor_gradients(
    policy: Policy, packer: Packer, mixed: list[Trajectory], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = packer.pack(mixed)
    whole_T, entropy_T = policy(row)
    whole_T.sum().backward()
    gradient = policy.model.lm_head.weight.grad.clone()
    policy.zero_grad()
    monkeypatch.setattr(forward, "MAX_LOGITS", 10 * policy.vocab_size)
    chunked_T, chunked_entropy_T = policy(row)
    chunked_T.sum().backward()
    assert_same(chunked_T, whole_T)
    assert_same(chunked_entropy_T, entropy_T)
    torch.testing.assert_close(policy.model.lm_head.weight.grad, gradient, atol=1e-4, rtol=1e-4)


def test_scores_of_two_tokens_of_three_by_hand() -> None:
    """Probabilities 1/4 and 3/4, the third token banned: entropy 0.5623."""
    logits_TV = torch.tensor([[0.0, math.log(3.0), -math.inf]] * 2)
    logprobs_T, entropy_T = token_scores(logits_TV, torch.tensor([0, 1]))
    assert_same(logprobs_T, torch.tensor([math.log(0.25), math.log(0.75)]))
    torch.testing.assert_close(entropy_T, torch.tensor([0.5623, 0.5623]), atol=1e-4, rtol=0.0)


def test_a_prompt_read_otherwise_than_by_the_rollout_is_refused_with_the_place(
    reader: PromptReader, packer: Packer, tasks: dict[str, Task]
) -> None:
    (trajectory,) = trajectories(reader, tasks["image"], lengths=(3,))
    ids = trajectory.completion.prompt_ids
    wrong = replace(trajectory.completion, prompt_ids=(*ids[:4], ids[4] + 1, *ids[5:]))
    with pytest.raises(WorkerError, match=f"Task image: .* token 4 is {ids[4] + 1} there and {ids[4]} here"):
        packer.pack([replace(trajectory, completion=wrong)])


def test_a_longer_prompt_of_the_rollout_is_refused_with_the_place(
    reader: PromptReader, packer: Packer, tasks: dict[str, Task]
) -> None:
    (trajectory,) = trajectories(reader, tasks["text"], lengths=(3,))
    ids = trajectory.completion.prompt_ids
    longer = replace(trajectory.completion, prompt_ids=(*ids, 77))
    with pytest.raises(WorkerError, match=f"token {len(ids)} is 77 there and the end here"):
        packer.pack([replace(trajectory, completion=longer)])
