import numpy as np
import pytest
import torch
from torch.nn import functional

from workers.fsdp.attention import PaddedAttention

PROMPT, FIRST, SECOND, ALONE = range(5), range(5, 8), range(8, 17), range(17, 20)
SEQUENCES = [np.array([*PROMPT, *FIRST]), np.array([*PROMPT, *SECOND]), np.array(ALONE)]


def row() -> list[torch.Tensor]:
    dice = torch.Generator().manual_seed(0)
    return [torch.randn(20, heads, 8, generator=dice, requires_grad=True) for heads in (4, 2, 2)]


def one_by_one(queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    outputs = torch.zeros(20, 4, 8)
    for places in SEQUENCES:
        q, k, v = (t[places].transpose(0, 1)[None] for t in (queries, keys, values))
        found = functional.scaled_dot_product_attention(q, k, v, is_causal=True, scale=0.3, enable_gqa=True)
        outputs = outputs.index_put((torch.from_numpy(places),), found[0].transpose(0, 1))
    return outputs


def test_a_row_gives_what_its_sequences_give_one_by_one() -> None:
    attend = PaddedAttention(SEQUENCES, device=torch.device("cpu"))
    torch.testing.assert_close(attend(*row(), scale=0.3), one_by_one(*row()), atol=1e-6, rtol=0)


def test_a_shared_prompt_gets_the_gradients_of_all_its_completions() -> None:
    attend = PaddedAttention(SEQUENCES, device=torch.device("cpu"))
    packed, apart = row(), row()
    weights = torch.randn(20, 4, 8, generator=torch.Generator().manual_seed(1))
    (attend(*packed, scale=0.3) * weights).sum().backward()
    (one_by_one(*apart) * weights).sum().backward()
    for one, other in zip(packed, apart, strict=True):
        torch.testing.assert_close(one.grad, other.grad, atol=1e-6, rtol=0)


def test_a_token_outside_every_sequence_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError, match="every token"):
        PaddedAttention([np.array([0, 2])], device=torch.device("cpu"))


def test_a_long_sequence_does_not_pad_the_short_ones_to_its_length() -> None:
    lengths = [1000, *[10] * 50]
    starts = np.cumsum([0, *lengths])
    sequences = [np.arange(start, start + length) for start, length in zip(starts, lengths, strict=False)]
    attend = PaddedAttention(sequences, device=torch.device("cpu"))
    assert sum(batch.numel() for batch in attend.batches) == 1500
