from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from transformers import AutoModelForImageTextToText, AutoProcessor

from spatialrl.config import RunConfig
from spatialrl.data.vision import PromptReader
from spatialrl.errors import ConfigError, WorkerError
from spatialrl.types import Task
from tests.tiny_policy import trajectories
from tests.unit.fsdp.conftest import load
from workers.actor.send import gathered_weights, weight_metas
from workers.actor.state import save_folder
from workers.fsdp.forward import Policy
from workers.fsdp.model import load_policy
from workers.fsdp.packing import Packer
from workers.fsdp.parallel import Peers


def test_the_weights_sent_are_those_of_the_folder_under_its_names(config: RunConfig, policy: Policy) -> None:
    sent = dict(gathered_weights(policy.model, dtype=torch.float32))
    kept = load_file(Path(config.model.path) / "model.safetensors")
    assert set(sent) == set(kept)
    assert all(torch.equal(sent[name], kept[name]) for name in kept)


def test_the_description_of_the_weights_is_in_the_order_they_are_sent(policy: Policy) -> None:
    metas = weight_metas(policy.model, dtype=torch.bfloat16)
    sent = list(gathered_weights(policy.model, dtype=torch.bfloat16))
    assert [(m.name, m.shape, m.dtype) for m in metas] == [(n, tuple(w.shape), "bfloat16") for n, w in sent]
    assert all(weight.dtype == torch.bfloat16 for _, weight in sent)


def test_a_saved_folder_loads_in_transformers_with_the_trained_weights(
    config: RunConfig, policy: Policy, reader: PromptReader, tmp_path: Path
) -> None:
    with torch.no_grad():
        for parameter in policy.parameters():
            parameter.add_(0.01)
    folder = tmp_path / "runs" / "step_1"
    save_folder(policy.model, reader.processor, folder, config=config.model, is_writer=True)
    assert [path.name for path in folder.parent.iterdir()] == ["step_1"]
    loaded = AutoModelForImageTextToText.from_pretrained(folder, dtype="auto")
    for name, weight in policy.model.named_parameters():
        assert torch.equal(loaded.get_parameter(name), weight.full_tensor())
    assert loaded.dtype == torch.float32
    assert AutoProcessor.from_pretrained(folder).tokenizer.get_vocab() == reader.tokenizer.get_vocab()
    source = AutoModelForImageTextToText.from_pretrained(config.model.path)
    assert loaded.generation_config.to_dict() == source.generation_config.to_dict()


def test_a_folder_is_saved_in_the_type_the_model_computes_in(
    config: RunConfig, policy: Policy, reader: PromptReader, tmp_path: Path
) -> None:
    half = replace(config.model, dtype="bfloat16")
    save_folder(policy.model, reader.processor, tmp_path / "half", config=half, is_writer=True)
    with safe_open(tmp_path / "half" / "model.safetensors", "pt") as file:
        assert {file.get_tensor(name).dtype for name in file.keys()} == {torch.bfloat16}  # noqa: SIM118
    assert AutoModelForImageTextToText.from_pretrained(tmp_path / "half", dtype="auto").dtype == torch.bfloat16


def test_an_existing_checkpoint_is_never_written_over(
    config: RunConfig, policy: Policy, reader: PromptReader, tmp_path: Path
) -> None:
    with pytest.raises(WorkerError, match="exists already"):
        save_folder(policy.model, reader.processor, tmp_path, config=config.model, is_writer=True)


def test_a_frozen_vision_tower_gets_no_gradient(
    config: RunConfig, peers: Peers, reader: PromptReader, packer: Packer, tasks: dict[str, Task]
) -> None:
    frozen = replace(config, model=replace(config.model, freeze_vision=True))
    policy = load(frozen, peers)
    policy(packer.pack(trajectories(reader, tasks["image"], lengths=(5,))))[0].sum().backward()
    trained = {name for name, parameter in policy.named_parameters() if parameter.grad is not None}
    assert trained
    assert not any("visual" in name for name in trained)
    assert all("visual" in name for name in set(dict(policy.named_parameters())) - trained)


def test_a_model_computes_in_bfloat16_and_keeps_float32(
    config: RunConfig, peers: Peers, reader: PromptReader, packer: Packer, tasks: dict[str, Task], policy: Policy
) -> None:
    half = replace(config, model=replace(config.model, dtype="bfloat16"))
    mixed = load(half, peers, banned_token_ids=reader.banned_token_ids, temperature=0.7)
    row = packer.pack(trajectories(reader, tasks["image"], lengths=(30,)))
    logprobs_T, _ = mixed(row)
    logprobs_T.sum().backward()
    assert logprobs_T.dtype == torch.float32
    assert {(p.dtype, p.grad.dtype) for p in mixed.parameters()} == {(torch.float32, torch.float32)}  # type: ignore[union-attr]
    gap_T = (logprobs_T - policy(row)[0]).abs().detach()
    assert 0.0 < float(gap_T.max()) < 0.05


def test_a_reference_is_frozen_and_kept_in_the_type_it_computes_in(config: RunConfig, peers: Peers) -> None:
    reference = load_policy(
        replace(config.model, dtype="bfloat16"),
        peers=peers,
        trainable=False,
        activation_checkpointing=True,
        banned_token_ids=[],
        temperature=1.0,
    )
    assert {(p.dtype, p.requires_grad) for p in reference.parameters()} == {(torch.bfloat16, False)}


def test_a_folder_without_a_model_is_refused_by_name(config: RunConfig, peers: Peers, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"model.path: {tmp_path} holds no"):
        load(replace(config, model=replace(config.model, path=str(tmp_path))), peers)
