"""Which model it is that answers, and which data set it is asked about: by their bytes where they are on this machine."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from huggingface_hub import try_to_load_from_cache

CHECKPOINTS = "checkpoints"
HASHED = (".json", ".safetensors", ".jinja", ".txt", ".model", ".bin", ".tiktoken")
"""Ends of the names of files that a model is made of."""
NUM_THREADS = 8


def model_identity(path: str) -> dict[str, str]:
    """Of a local folder the hash of all its files, of an id on the Hub the commit that is in the cache."""
    folder = Path(path)
    if folder.is_dir():
        return {"name": model_name(path), "sha256": folder_hash(folder)}
    cached = try_to_load_from_cache(path, "config.json")
    return {"name": path, "commit": Path(cached).parent.name if isinstance(cached, str) else "unknown"}


def model_name(path: str) -> str:
    """As a folder: `run-step_000080` of a checkpoint, else the last part of the path."""
    folder = Path(path)
    if folder.is_dir():
        folder = folder.resolve()
        if folder.parent.name == CHECKPOINTS:
            return f"{folder.parents[1].name}-{folder.name}"
    return folder.name


def endpoint_identity(endpoint: Mapping[str, Any]) -> dict[str, str]:
    """The port of a server may change from one start to the next; the model it serves is known by its name alone."""
    host = urlsplit(str(endpoint.get("url", ""))).hostname or ""
    further = {"extra": json.dumps(endpoint["extra"], sort_keys=True)} if endpoint.get("extra") else {}
    return {"name": str(endpoint.get("model", "")), "host": host, **further}


def folder_hash(folder: Path) -> str:
    return files_hash(sorted(file for file in folder.iterdir() if file.is_file() and file.suffix in HASHED))


def files_hash(files: Sequence[Path]) -> str:
    """Of their names and their bytes."""
    with ThreadPoolExecutor(NUM_THREADS) as threads:
        digests = list(threads.map(file_hash, files))
    lines = (f"{file.name} {digest}\n" for file, digest in zip(files, digests, strict=True))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
