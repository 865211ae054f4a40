"""A packed row through the model: log-prob and entropy of every completion token, as the sampler drew it.

The one rule: everything that touches a parameter happens inside `Policy.forward`, where FSDP has the weights gathered.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from workers.fsdp.packing import PackedRow

MAX_LOGITS = 2**28
"""Logits held at once: 1 GiB in float32. Beyond it they are computed twice, chunk by chunk."""


class Policy(nn.Module):
    def __init__(self, model: Any, *, banned_token_ids: list[int], temperature: float) -> None:
        super().__init__()
        self.model = model
        self.vocab_size: int = model.get_output_embeddings().out_features
        self.banned_token_ids = banned_token_ids
        self.temperature = temperature

    def forward(self, row: PackedRow) -> tuple[Tensor, Tensor]:
        """Log-probs and, without gradient, entropies of the tokens in `row.target_ids_T`."""
        hidden = self.model.model(
            input_ids=row.token_ids,
            position_ids=row.positions,
            mm_encoder_outputs=self.see(row),
            use_cache=False,
            attend=row.attend,
        ).last_hidden_state[0]
        # A look-up: the backward of an index adds up in an order that depends on the threads.
        hidden_TD = functional.embedding(row.predicting_T, hidden)
        size = max(1, MAX_LOGITS // self.vocab_size)
        if len(hidden_TD) <= size:
            return self.score(hidden_TD, row.target_ids_T)
        chunks = zip(hidden_TD.split(size), row.target_ids_T.split(size), strict=True)
        scores = [checkpoint(self.score, *c, use_reentrant=False, preserve_rng_state=False) for c in chunks]
        logprobs, entropies = zip(*scores, strict=True)
        return torch.cat(logprobs), torch.cat(entropies)

    def see(self, row: PackedRow) -> dict[str, Any]:
        """Images and videos in a single pass of the vision tower, so that it runs once on every rank."""
        seen = self.model.model.get_image_features(row.pixels, row.grids, return_dict=True)
        parts = {"image": slice(None, row.num_images), "video": slice(row.num_images, None)}
        return {kind: part_of(seen, part) for kind, part in parts.items() if seen.pooler_output[part]}

    def score(self, hidden_TD: Tensor, target_ids_T: Tensor) -> tuple[Tensor, Tensor]:
        logits_TV = self.model.lm_head(hidden_TD).float() / self.temperature
        logits_TV[:, self.banned_token_ids] = -torch.inf
        return token_scores(logits_TV, target_ids_T)


def token_scores(logits_TV: Tensor, target_ids_T: Tensor) -> tuple[Tensor, Tensor]:
    """Log-prob of each target and entropy of its distribution; a logit of minus infinity is a token that can't be."""
    logprobs_TV = logits_TV.log_softmax(-1)
    with torch.no_grad():
        entropy_T = torch.special.entr(logprobs_TV.exp()).sum(-1)
    return -functional.nll_loss(logprobs_TV, target_ids_T, reduction="none"), entropy_T


def part_of(seen: Any, part: slice) -> Any:
    """The features of some of the media, in the form transformers takes them."""
    deepstack = {"deepstack_features": [level[part] for level in seen.get("deepstack_features") or ()]}
    fields = {"pooler_output": seen.pooler_output[part]} | (deepstack if "deepstack_features" in seen else {})
    return type(seen)(**fields)
