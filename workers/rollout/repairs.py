"""What vLLM 0.32 gets wrong on CPU, put right. The one rule: every repair has a test that fails without it."""

from torch import nn
from vllm.model_executor.layers.utils import dispatch_cpu_unquantized_gemm
from vllm.model_executor.layers.vocab_parallel_embedding import ParallelLMHead
from vllm.v1.core.sched import output


def repair_lm_head(model: nn.Module) -> None:
    """Packs the LM head again. Where it is tied to the embedding, no weight of its own arrives, so that vLLM leaves the
    copy it packed at load."""
    for module in model.modules():
        if isinstance(module, ParallelLMHead):
            dispatch_cpu_unquantized_gemm(module, remove_weight=False)


def keep_pixels() -> None:
    """vLLM withholds the pixels of a prompt whose keys and values are cached; when the cache is dropped before the
    completion is done, its model runner for CPUs looks for them, and the engine dies."""
    output.strip_covered_mm_data = lambda features, *args, **words: features  # pyright: ignore[reportPrivateImportUsage]
