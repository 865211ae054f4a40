"""Causal attention over a packed row in which the completions of a task share the tokens of their prompt.

A *sequence* is a list of places in the row: a prompt's, then one completion's. Prompts are stored once, so every layer
but attention computes them once; here their keys and values are gathered for each sequence. The one rule: a token sees
the earlier tokens of its own sequences and nothing else.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from transformers.modeling_utils import AttentionInterface

NAME = "shared_prompt"
"""Of our attention in transformers' registry."""

Attend = Callable[..., Tensor]
"""(queries, keys, values, *, scale) -> outputs; all of shape (tokens of the row, heads, head size)."""


class PaddedAttention:
    """torch's own kernels: sequences of like length are padded to a batch. Padding comes last, where no token sees it."""

    def __init__(self, sequences: Sequence[np.ndarray], *, device: torch.device) -> None:
        lengths = defaultdict(list)
        for places in sequences:
            lengths[len(places).bit_length()].append(places)
        padded, kept, start = [], [], 0
        for similar in lengths.values():
            longest = max(map(len, similar))
            padded.append(np.stack([np.pad(places, (0, longest - len(places)), mode="edge") for places in similar]))
            kept += [start + row * longest + np.arange(len(places)) for row, places in enumerate(similar)]
            start += padded[-1].size
        self.batches = [to(places, device) for places in padded]
        self.outputs = to(one_place_each([p for group in lengths.values() for p in group], kept), device)

    def __call__(self, queries: Tensor, keys: Tensor, values: Tensor, *, scale: float) -> Tensor:
        outputs = [self.attend(batch, queries, keys, values, scale) for batch in self.batches]
        return gather(outputs[0] if len(outputs) == 1 else torch.cat(outputs), self.outputs)

    def attend(self, batch: Tensor, queries: Tensor, keys: Tensor, values: Tensor, scale: float) -> Tensor:
        queries, keys, values = (gather(tensor, batch).transpose(1, 2) for tensor in (queries, keys, values))
        outputs = functional.scaled_dot_product_attention(
            queries, keys, values, is_causal=True, scale=scale, enable_gqa=True
        )
        return outputs.transpose(1, 2).flatten(0, 1)


class FlashAttention:
    """The flash-attn package: sequences one after the other, without padding."""

    def __init__(self, sequences: Sequence[np.ndarray], *, device: torch.device) -> None:
        from flash_attn import flash_attn_varlen_func  # noqa: PLC0415  # pyright: ignore  an extra, GPU only

        self.kernel = flash_attn_varlen_func
        lengths = [len(places) for places in sequences]
        ends = np.cumsum([0, *lengths])
        self.longest = max(lengths)
        self.boundaries = to(ends, device).int()
        self.places = to(np.concatenate(sequences), device)
        kept = [np.arange(start, end) for start, end in pairwise(ends)]
        self.outputs = to(one_place_each(sequences, kept), device)

    def __call__(self, queries: Tensor, keys: Tensor, values: Tensor, *, scale: float) -> Tensor:
        outputs = self.kernel(
            *(gather(tensor, self.places) for tensor in (queries, keys, values)),
            cu_seqlens_q=self.boundaries,
            cu_seqlens_k=self.boundaries,
            max_seqlen_q=self.longest,
            max_seqlen_k=self.longest,
            softmax_scale=scale,
            causal=True,
        )
        return gather(outputs, self.outputs)


ATTENTIONS: dict[str, Callable[..., Attend]] = {"sdpa": PaddedAttention, "flash_attention_2": FlashAttention}


def one_place_each(sequences: Sequence[np.ndarray], kept: Sequence[np.ndarray]) -> np.ndarray:
    """For every token of the row, one of the places where its output stands: a shared token has one per sequence."""
    tokens, first = np.unique(np.concatenate(sequences), return_index=True)
    assert len(tokens) == tokens[-1] + 1, "every token of the row belongs to a sequence"
    return np.concatenate(kept)[first]


def gather(tensor: Tensor, places: Tensor) -> Tensor:
    """Rows of a (tokens, heads, head size) tensor. An embedding look-up: its backward is the fast one on CPU."""
    return functional.embedding(places, tensor.flatten(1)).unflatten(-1, tensor.shape[1:])


def to(places: np.ndarray, device: torch.device) -> Tensor:
    return torch.from_numpy(places).to(device)


def shared_prompt_attention(
    _module: Any, query: Tensor, key: Tensor, value: Tensor, _mask: None, *, scaling: float, attend: Attend, **_: Any
) -> tuple[Tensor, None]:
    """As transformers calls it: tensors of shape (1, heads, tokens, head size); `attend` travels as an argument of the
    model's forward. Dropout is left out: the trained log-probs must be those of the policy that wrote the text."""
    queries, keys, values = (tensor[0].transpose(0, 1) for tensor in (query, key, value))
    return attend(queries, keys, values, scale=scaling)[None], None


AttentionInterface.register(NAME, shared_prompt_attention)
