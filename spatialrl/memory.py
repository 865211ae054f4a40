"""How much memory each worker of a run will need, before any is started. Pure arithmetic on the sizes of a model.

Weights, gradients and optimizer are exact; activations are a guess from the sizes that dominate them, without images.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from spatialrl.config import ModelConfig, RunConfig

GB = 1e9
FLOAT32 = 4
ADAM = 2 * FLOAT32
"""Bytes per parameter of the optimizer: two moments."""
MAX_LOGITS = 2**28
"""As many logits does the actor hold at once; see workers/fsdp/forward.py."""
LOGIT_COPIES = 3
"""Logits, log-probs, gradient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSize:
    num_parameters: int
    num_vision_parameters: int
    num_layers: int
    hidden: int
    intermediate: int
    kv: int
    """Key-value heads times their size."""
    vocab: int
    tied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleMemory:
    """Of one worker of a role, in GB."""

    role: str
    num_workers: int
    parts: Mapping[str, float]

    @property
    def total(self) -> float:
        return sum(self.parts.values())

    def __str__(self) -> str:
        parts = " + ".join(f"{name} {gb:.1f}" for name, gb in self.parts.items())
        return f"{self.role} {self.num_workers} x {self.total:.1f} GB ({parts})"


def model_size(path: str) -> ModelSize:
    """Of a model folder, without reading its weights."""
    import torch  # noqa: PLC0415  seconds that a caller with a size of its own need not wait
    from transformers import AutoConfig, AutoModelForImageTextToText  # noqa: PLC0415  as above

    with torch.device("meta"):
        model = AutoModelForImageTextToText.from_config(AutoConfig.from_pretrained(path))
    text = model.config.get_text_config()
    head = getattr(text, "head_dim", None) or text.hidden_size // text.num_attention_heads
    return ModelSize(
        num_parameters=sum(p.numel() for p in model.parameters()),
        num_vision_parameters=sum(p.numel() for name, p in model.named_parameters() if ".visual." in name),
        num_layers=text.num_hidden_layers,
        hidden=text.hidden_size,
        intermediate=text.intermediate_size,
        kv=text.num_key_value_heads * head,
        vocab=text.vocab_size,
        tied=bool(model.config.tie_word_embeddings),
    )


def memory_plan(config: RunConfig, size: ModelSize) -> list[RoleMemory]:
    roles = [rollout_memory(config, size), actor_memory(config, size)]
    return [*roles, reference_memory(config, size)] if config.algorithm.kl_coef > 0 else roles


def actor_memory(config: RunConfig, size: ModelSize) -> RoleMemory:
    ranks, model = config.actor.num_ranks, config.model
    trained = size.num_parameters - (size.num_vision_parameters if model.freeze_vision else 0)
    tokens = config.actor.micro_batch_tokens
    parts = {
        "weights": FLOAT32 * size.num_parameters / ranks,
        "gradients": FLOAT32 * trained / ranks,
        "optimizer": ADAM * trained / ranks,
        "gathered weights": gathered_bytes(size, model),
        "activations": activation_bytes(size, model, tokens=tokens, saved=config.actor.activation_checkpointing),
        "logits": logit_bytes(size, tokens=tokens),
    }
    return in_gb("actor", ranks, parts)


def reference_memory(config: RunConfig, size: ModelSize) -> RoleMemory:
    ranks, model = config.reference.num_ranks, config.model
    tokens = config.actor.micro_batch_tokens
    parts = {
        "weights": width(model) * size.num_parameters / ranks,
        "gathered weights": gathered_bytes(size, model),
        "activations": layer_bytes(size, model, tokens=tokens),
        "logits": logit_bytes(size, tokens=tokens),
    }
    return in_gb("reference", ranks, parts)


def rollout_memory(config: RunConfig, size: ModelSize) -> RoleMemory:
    """Of one GPU of a replica. The cache is what `max_concurrent_tokens` fill; vLLM takes gpu_memory_utilization whole."""
    tensor_parallel = config.rollout.tensor_parallel
    cache = 2 * size.num_layers * size.kv * width(config.model) * config.rollout.max_concurrent_tokens
    on_cpu = config.cluster.device == "cpu"
    parts = {
        "weights": width(config.model) * size.num_parameters / tensor_parallel,
        "KV cache": config.rollout.kv_cache_gb * GB if on_cpu else cache / tensor_parallel,
    }
    return in_gb("rollout", config.rollout.num_workers * tensor_parallel, parts)


def gathered_bytes(size: ModelSize, model: ModelConfig) -> float:
    """What FSDP holds whole: embedding and head all the time, two layers in turn."""
    embeddings = size.vocab * size.hidden * (1 if size.tied else 2)
    layers = (size.num_parameters - size.num_vision_parameters - embeddings) / size.num_layers
    return width(model) * (embeddings + 2 * layers)


def activation_bytes(size: ModelSize, model: ModelConfig, *, tokens: int, saved: bool) -> float:
    """With checkpointing the input of every layer and the inside of one; without, the inside of all."""
    inside = layer_bytes(size, model, tokens=tokens)
    inputs = size.num_layers * tokens * size.hidden * width(model)
    return inputs + inside if saved else size.num_layers * inside


def layer_bytes(size: ModelSize, model: ModelConfig, *, tokens: int) -> float:
    """Norms, queries, outputs and residuals are as wide as the layer; the MLP keeps three wider tensors."""
    return tokens * width(model) * (8 * size.hidden + 2 * size.kv + 3 * size.intermediate)


def logit_bytes(size: ModelSize, *, tokens: int) -> float:
    return LOGIT_COPIES * FLOAT32 * min(tokens * size.vocab, MAX_LOGITS)


def width(model: ModelConfig) -> int:
    return {"bfloat16": 2, "float32": 4}[model.dtype]


def in_gb(role: str, num_workers: int, num_bytes: Mapping[str, float]) -> RoleMemory:
    return RoleMemory(role=role, num_workers=num_workers, parts={name: n / GB for name, n in num_bytes.items()})
