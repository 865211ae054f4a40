from pathlib import Path

import pytest
from safetensors.torch import load_file

from spatialrl.config import RunConfig
from spatialrl.memory import ModelSize, RoleMemory, actor_memory, memory_plan, model_size
from tests.tiny_policy import tiny_config

SEVEN_B = ModelSize(
    num_parameters=8_000_000_000,
    num_vision_parameters=500_000_000,
    num_layers=28,
    hidden=3584,
    intermediate=18944,
    kv=512,
    vocab=152_064,
    tied=False,
)


def test_weights_gradients_and_optimizer_take_16_bytes_per_parameter_over_the_ranks() -> None:
    """8e9 * 16 bytes / 4 ranks = 32 GB each."""
    config = RunConfig()
    config.actor.num_ranks = 4
    parts = actor_memory(config, SEVEN_B).parts
    assert parts["weights"] + parts["gradients"] + parts["optimizer"] == pytest.approx(32.0)
    config.model.freeze_vision = True
    assert actor_memory(config, SEVEN_B).parts["optimizer"] == pytest.approx(7.5e9 * 8 / 4 / 1e9)


def test_checkpointing_saves_activations() -> None:
    config = RunConfig()
    saved = actor_memory(config, SEVEN_B).parts["activations"]
    config.actor.activation_checkpointing = False
    assert actor_memory(config, SEVEN_B).parts["activations"] > 10 * saved / 2


def test_a_cache_of_one_token_by_hand() -> None:
    """2 * 28 layers * 512 * 2 bytes = 57,344 bytes a token; 65,536 tokens: 3.76 GB."""
    rollout = memory_plan(RunConfig(), SEVEN_B)[0]
    assert rollout.parts["KV cache"] == pytest.approx(3.758, abs=1e-3)
    assert rollout.parts["weights"] == pytest.approx(16.0)


def test_a_reference_is_planned_only_where_a_kl_is_asked_for() -> None:
    config = RunConfig()
    assert [role.role for role in memory_plan(config, SEVEN_B)] == ["rollout", "actor"]
    config.algorithm.kl_coef = 0.01
    assert memory_plan(config, SEVEN_B)[-1].parts["weights"] == pytest.approx(16.0)


def test_a_role_is_one_line() -> None:
    role = RoleMemory(role="actor", num_workers=4, parts={"weights": 8.0, "logits": 3.25})
    assert str(role) == "actor 4 x 11.2 GB (weights 8.0 + logits 3.2)"


@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
def test_the_size_of_a_folder_is_read_without_its_weights(family: str, tmp_path: Path) -> None:
    folder = Path(tiny_config(tmp_path, family=family).model.path)
    weights = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    size = model_size(str(folder))
    assert size.tied
    assert size.num_parameters == sum(weight.numel() for weight in weights.values())
    assert size.num_vision_parameters == sum(w.numel() for name, w in weights.items() if "visual." in name)
    assert (size.vocab, size.hidden) in {tuple(weight.shape) for weight in weights.values()}
