"""A random Qwen2.5-VL or Qwen3-VL of a few million parameters, saved as a Hugging Face folder.

Built by transformers' own classes; from here on it is a model like any other, and nothing asks for its size.
"""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedTokenizerFast

from spatialrl.errors import ConfigError
from spatialrl.models.tokenizer import CHAT_TEMPLATE, train_tokenizer
from spatialrl.types import Task

HIDDEN, HEADS, NUM_LAYERS = 96, 3, 4
LIMITS = {"shortest_edge": 3136, "longest_edge": 12845056}
"""Areas between which the processors leave an image as it is."""


def make_tiny(
    folder: Path,
    *,
    tasks: Iterable[Task],
    seed: int,
    family: str = "qwen2_5_vl",
    tied: bool = True,
    vocab_size: int = 1536,
    width: int = 1,
    num_layers: int = NUM_LAYERS,
) -> Path:
    """Writes the folder complete or not at all. `tasks` supply the words of the tokenizer. `width` multiplies every layer's:
    6 with 10 layers is a Qwen3-VL of 66 million parameters, which spends its time where large models do."""
    if family not in FAMILIES:
        raise ConfigError(f"model.recipe_args.family is '{family}'; there are: {', '.join(FAMILIES)}.")
    tokenizer = train_tokenizer(tasks, vocab_size=vocab_size)
    torch.manual_seed(seed)
    model, processor = FAMILIES[family](tokenizer, tied=tied, width=width, num_layers=num_layers)
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    model.save_pretrained(partial)
    processor.save_pretrained(partial)
    partial.replace(folder)
    return folder


def qwen2_5_vl(tokenizer: PreTrainedTokenizerFast, *, tied: bool, width: int, num_layers: int) -> tuple[Any, Any]:
    from transformers import (  # noqa: PLC0415  both families at once would cost every caller seconds
        Qwen2_5_VLConfig,
        Qwen2_5_VLForConditionalGeneration,
        Qwen2_5_VLProcessor,
        Qwen2VLImageProcessor,
        Qwen2VLVideoProcessor,
    )

    rope = {"rope_type": "default", "mrope_section": [4, 6, 6]}
    config = Qwen2_5_VLConfig(
        text_config=text_config(tokenizer, rope=rope, width=width, num_layers=num_layers),
        vision_config={
            "depth": 3,
            "hidden_size": width * HIDDEN,
            "intermediate_size": 2 * width * HIDDEN,
            "num_heads": width * HEADS,
            "out_hidden_size": width * HIDDEN,
            "fullatt_block_indexes": [0, 1, 2],
            "tokens_per_second": 4,
        },
        tie_word_embeddings=tied,
        **vision_token_ids(tokenizer),
    )
    processor = Qwen2_5_VLProcessor(
        image_processor=Qwen2VLImageProcessor(size=LIMITS),
        video_processor=Qwen2VLVideoProcessor(size=LIMITS, cap_pixels_per_frame=False),
        tokenizer=tokenizer,
        chat_template=CHAT_TEMPLATE,
    )
    return Qwen2_5_VLForConditionalGeneration(config), processor


def qwen3_vl(tokenizer: PreTrainedTokenizerFast, *, tied: bool, width: int, num_layers: int) -> tuple[Any, Any]:
    from transformers import (  # noqa: PLC0415  as above
        Qwen2VLImageProcessor,
        Qwen3VLConfig,
        Qwen3VLForConditionalGeneration,
        Qwen3VLProcessor,
        Qwen3VLVideoProcessor,
    )

    rope = {"rope_type": "default", "mrope_section": [6, 5, 5], "mrope_interleaved": True}
    config = Qwen3VLConfig(
        text_config=text_config(tokenizer, rope=rope, width=width, num_layers=num_layers)
        | {"head_dim": HIDDEN // HEADS},
        vision_config={
            "depth": 3,
            "hidden_size": width * HIDDEN,
            "intermediate_size": 2 * width * HIDDEN,
            "num_heads": width * HEADS,
            "out_hidden_size": width * HIDDEN,
            "num_position_embeddings": 256,
            "deepstack_visual_indexes": [0, 1],
        },
        tie_word_embeddings=tied,
        **vision_token_ids(tokenizer),
    )
    processor = Qwen3VLProcessor(
        # vLLM normalises images and videos alike, as they are in every released Qwen3-VL.
        image_processor=Qwen2VLImageProcessor(size=LIMITS, patch_size=16, image_mean=[0.5] * 3, image_std=[0.5] * 3),
        video_processor=Qwen3VLVideoProcessor(size=LIMITS),
        tokenizer=tokenizer,
        chat_template=CHAT_TEMPLATE.replace("<|vision_start|><|video_pad|><|vision_end|>", "<|video_pad|>"),
    )
    return Qwen3VLForConditionalGeneration(config), processor


FAMILIES: dict[str, Callable[..., tuple[Any, Any]]] = {
    "qwen2_5_vl": qwen2_5_vl,
    "qwen3_vl": qwen3_vl,
}


def text_config(
    tokenizer: PreTrainedTokenizerFast, *, rope: dict[str, Any], width: int, num_layers: int
) -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": width * HIDDEN,
        "intermediate_size": 3 * width * HIDDEN,
        "num_hidden_layers": num_layers,
        "num_attention_heads": width * HEADS,
        "num_key_value_heads": 1,
        "max_position_embeddings": 4096,
        "rope_parameters": rope | {"rope_theta": 10000.0},
        "bos_token_id": None,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }


def vision_token_ids(tokenizer: PreTrainedTokenizerFast) -> dict[str, Any]:
    names = ("image", "video"), ("vision_start", "vision_end")
    pads = {f"{name}_token_id": tokenizer.convert_tokens_to_ids(f"<|{name}_pad|>") for name in names[0]}
    edges = {f"{name}_token_id": tokenizer.convert_tokens_to_ids(f"<|{name}|>") for name in names[1]}
    return pads | edges
