"""The weights as the rollout wants them: whole tensors in `model.dtype`, under the names of the saved checkpoint, in an
order that never changes. Gathering is collective: every rank iterates, one of them sends.
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from transformers.core_model_loading import revert_weight_conversion

from workers.actor.state import whole
from workers.transfer import TensorMeta


def checkpoint_names(model: Any) -> dict[str, str]:
    """From the names of the parameters in memory to those in a saved folder. A tied head is not among them: it is the
    embedding."""
    names = {}
    for name, parameter in model.named_parameters():
        (names[name],) = revert_weight_conversion(model, {name: torch.empty(parameter.shape, device="meta")})
    return names


def weight_metas(model: Any, *, dtype: torch.dtype) -> list[TensorMeta]:
    names = checkpoint_names(model)
    return [
        TensorMeta.of(names[name], torch.empty(parameter.shape, dtype=dtype, device="meta"))
        for name, parameter in model.named_parameters()
    ]


def gathered_weights(model: Any, *, dtype: torch.dtype) -> Iterator[tuple[str, Tensor]]:
    names = checkpoint_names(model)
    for name, parameter in model.named_parameters():
        # Cast first: a shard in bfloat16 is half the traffic of one in float32.
        yield names[name], whole(parameter.detach().to(dtype))
