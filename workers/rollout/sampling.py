"""From our sampling settings to vLLM's, and from vLLM's outputs to completions.

The one rule: the log-probs are those of the distribution that was sampled, log_softmax of (logits, banned tokens at
minus infinity) / temperature; the actor computes the same.
"""

import math
from collections.abc import Sequence

from vllm import SamplingParams
from vllm.logprobs import FlatLogprobs
from vllm.outputs import CompletionOutput
from vllm.sampling_params import RequestOutputKind

from spatialrl.config import SamplingConfig
from spatialrl.data.vision import PromptReader
from spatialrl.types import Completion, VersionSpan


def sampling_params(
    sampling: SamplingConfig, *, reader: PromptReader, seed: int, with_logprobs: bool = True
) -> SamplingParams:
    """Of one completion: each has a seed of its own. Without log-probs a small model's step takes an eighth less."""
    return SamplingParams(
        seed=seed,
        temperature=sampling.temperature,
        top_p=sampling.top_p,
        max_tokens=sampling.max_tokens,
        stop_token_ids=[reader.end_token_id],
        logit_bias=dict.fromkeys(reader.banned_token_ids, -math.inf),
        logprobs=0 if with_logprobs else None,
        flat_logprobs=True,
        detokenize=False,
        output_kind=RequestOutputKind.FINAL_ONLY,
        skip_clone=True,
    )


def is_finished(output: CompletionOutput) -> bool:
    """`error` and `abort` leave nothing, or a part."""
    return output.finish_reason in ("stop", "length")


def as_completion(output: CompletionOutput, *, prompt_ids: Sequence[int], reader: PromptReader) -> Completion:
    """Log-probs are there where sampling_params asked for them."""
    assert output.logprobs is None or isinstance(output.logprobs, FlatLogprobs), (
        "sampling_params asks for flat_logprobs"
    )
    return Completion(
        prompt_ids=tuple(prompt_ids),
        token_ids=tuple(output.token_ids),
        text=reader.tokenizer.decode(output.token_ids, skip_special_tokens=True),
        logprobs_T=tuple(output.logprobs.logprobs) if output.logprobs is not None else (),
        finish_reason="stop" if output.finish_reason == "stop" else "length",
        version_spans=tuple(
            VersionSpan(version=int(span.version), start=span.start, end=span.end)
            for span in output.weight_versions or ()
        ),
    )
