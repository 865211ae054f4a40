"""A Hugging Face vision-language model, sharded over the ranks with FSDP2.

Built without memory, sharded, then filled: rank 0 reads the folder and every rank keeps its own part of each tensor, so
no GPU ever holds the whole model. What is trained is kept in float32 and computed in `model.dtype`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import MethodType
from typing import Any

import torch
from torch import Tensor, nn
from torch import distributed as dist
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor
from torch.nn import functional
from transformers import AutoConfig, AutoModelForImageTextToText
from transformers.modeling_layers import GradientCheckpointingLayer
from transformers.utils import logging

from spatialrl.config import ModelConfig
from spatialrl.errors import ConfigError
from workers.fsdp.attention import NAME
from workers.fsdp.forward import Policy
from workers.fsdp.parallel import Peers


def load_policy(
    config: ModelConfig,
    *,
    peers: Peers,
    trainable: bool,
    activation_checkpointing: bool,
    banned_token_ids: list[int],
    temperature: float,
) -> Policy:
    silence_transformers()
    compute_dtype: torch.dtype = getattr(torch, config.dtype)
    model = empty_model(config, dtype=torch.float32 if trainable else compute_dtype)
    multiply_patches(model)
    freeze(model, vision_only=trainable and config.freeze_vision, everything=not trainable)
    policy = Policy(model, banned_token_ids=banned_token_ids, temperature=temperature)
    shard(policy, peers=peers, compute_dtype=compute_dtype)
    policy.to_empty(device=peers.device)
    model.tie_weights()
    fill(model, config.path, peers=peers)
    if activation_checkpointing and trainable:
        model.gradient_checkpointing_enable({"use_reentrant": False, "preserve_rng_state": False})
    return policy.train(trainable)


def silence_transformers() -> None:
    """Its progress bars and advice would come once per rank."""
    logging.set_verbosity_error()
    logging.disable_progress_bar()


def empty_model(config: ModelConfig, *, dtype: torch.dtype) -> Any:
    """The model on torch's meta device: shapes and names, no values."""
    with complaints_about(config.path), torch.device("meta"):
        return AutoModelForImageTextToText.from_config(
            AutoConfig.from_pretrained(config.path),
            dtype=dtype,
            attn_implementation={"text_config": NAME, "vision_config": config.attention},
        )


def multiply_patches(model: nn.Module) -> None:
    """A convolution whose kernel is as large as its step is one matrix product, which is many times faster on CPUs."""
    for module in model.modules():
        if isinstance(module, nn.Conv3d) and module.kernel_size == module.stride:
            module.forward = MethodType(patch_product, module)


def patch_product(convolution: nn.Conv3d, patches: Tensor) -> Tensor:
    """Of patches that are one kernel each."""
    return functional.linear(patches.flatten(1), convolution.weight.flatten(1), convolution.bias)


def freeze(model: Any, *, vision_only: bool, everything: bool) -> None:
    if vision_only:
        model.model.visual.requires_grad_(False)
    if everything:
        model.requires_grad_(False)


def shard(policy: Policy, *, peers: Peers, compute_dtype: torch.dtype) -> None:
    """Every decoder layer and vision block is a unit of its own; the rest is the root's."""
    # Inputs keep their type: the vision tower's rotary angles are float32 in the engine too.
    precision = MixedPrecisionPolicy(param_dtype=compute_dtype, reduce_dtype=torch.float32, cast_forward_inputs=False)
    for module in [m for m in policy.modules() if isinstance(m, GradientCheckpointingLayer)]:
        fully_shard(module, mesh=peers.mesh, mp_policy=precision)
    fully_shard(policy, mesh=peers.mesh, mp_policy=precision)


@torch.no_grad()
def fill(model: nn.Module, path: str, *, peers: Peers) -> None:
    """Rank 0 sends every tensor to all; each rank keeps its part."""
    source = load_whole(path) if peers.rank == 0 else None
    for name, target in [*model.named_parameters(), *model.named_buffers()]:
        whole = torch.empty(target.shape, dtype=target.dtype, device=peers.device)
        if source is not None:
            whole.copy_(source.get_parameter_or_buffer(name))
        dist.broadcast(whole, src=0)
        keep(target, whole)


def keep(target: torch.Tensor, whole: torch.Tensor) -> None:
    if isinstance(target, DTensor):
        mine = distribute_tensor(whole, target.device_mesh, target.placements, src_data_rank=None)
        target.to_local().copy_(mine.to_local())
    else:
        target.copy_(whole)


def load_whole(path: str) -> Any:
    with complaints_about(path):
        return AutoModelForImageTextToText.from_pretrained(path, dtype="auto")


@contextmanager
def complaints_about(path: str) -> Iterator[None]:
    """What transformers can't load is the user's to put right."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"model.path: {path} holds no vision-language model that can be loaded ({str(error).splitlines()[0]})."
        ) from error
