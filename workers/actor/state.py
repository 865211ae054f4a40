"""What a save leaves on disk: a Hugging Face folder that any program can load. Complete or absent."""

import shutil
from pathlib import Path
from typing import Any

import torch
from torch import distributed as dist
from torch.distributed.tensor import DTensor
from transformers import GenerationConfig

from spatialrl.errors import WorkerError


def save_folder(model: Any, processor: Any, folder: Path, *, source: str, dtype: torch.dtype, is_writer: bool) -> None:
    """Collective. Only the writer's machine needs room for the whole model, in `dtype`."""
    weights = {}
    for name, parameter in model.named_parameters():
        part = parameter.detach().to(dtype)
        whole = part.full_tensor() if isinstance(part, DTensor) else part
        if is_writer:
            weights[name] = whole.cpu()
    if is_writer:
        write(model, processor, weights, folder, source=source, dtype=dtype)
    # Nobody leaves before the folder stands: a peer's next step must not outrun a slow disk.
    dist.barrier()


def write(model: Any, processor: Any, weights: dict[str, torch.Tensor], folder: Path, *, source: str, dtype: torch.dtype) -> None:
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    if folder.exists():
        raise WorkerError(f"The checkpoint folder {folder} exists already; move it away or give the run another name.")
    ...
