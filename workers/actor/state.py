"""What a save leaves on disk: a Hugging Face folder that any program can load. Complete or absent."""

import shutil
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch import distributed as dist
from torch.distributed.tensor import DTensor
from transformers import GenerationConfig

from spatialrl.config import ModelConfig
from spatialrl.errors import WorkerError
from workers.fsdp.model import empty_model


def save_folder(model: Any, processor: Any, folder: Path, *, config: ModelConfig, is_writer: bool) -> None:
    """Collective. The writer alone holds the whole model, in memory of its machine and in `model.dtype`."""
    dtype: torch.dtype = getattr(torch, config.dtype)
    weights = {}
    for name, parameter in model.named_parameters():
        tensor = whole(parameter.detach().to(dtype))
        if is_writer:
            weights[name] = tensor.cpu()
    if is_writer:
        write_folder(weights, processor, folder, config=config)
    # Nobody leaves before the folder stands: peers would wait for the writer inside their next step instead.
    dist.barrier()


def whole(tensor: Tensor) -> Tensor:
    return tensor.full_tensor() if isinstance(tensor, DTensor) else tensor


def write_folder(weights: dict[str, Tensor], processor: Any, folder: Path, *, config: ModelConfig) -> None:
    if folder.exists():
        raise WorkerError(f"The checkpoint folder {folder} exists already; move it away or give the run another name.")
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    shell = empty_model(config, dtype=getattr(torch, config.dtype))
    shell.generation_config = generation_config(config.path, default=shell.generation_config)
    shell.save_pretrained(partial, state_dict=weights)
    processor.save_pretrained(partial)
    partial.rename(folder)


def generation_config(path: str, *, default: GenerationConfig) -> GenerationConfig:
    try:
        return GenerationConfig.from_pretrained(path)
    except OSError:
        # Door: many folders have none, and what transformers derives from the config is what it would use with them.
        return default
