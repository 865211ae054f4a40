"""The Python file of a user's own reward. It is read where a run starts and travels as text, so that every node of a
cluster runs the same; its own imports have to be installed there.
"""

import hashlib
import importlib.util
import subprocess
import sys
from collections.abc import Mapping
from functools import lru_cache
from importlib.abc import ExecutionLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from spatialrl.errors import ConfigError

LOAD_TIMEOUT_S = 120.0


def split_name(name: str) -> tuple[Path, str]:
    """`path/to/file.py:function`; the path is made absolute."""
    path, colon, function = name.rpartition(":")
    if not colon or not path.endswith(".py") or not function.isidentifier():
        raise ConfigError(f"The reward function is {name!r}; expected path/to/file.py:function.")
    return Path(path).expanduser().resolve(), function


def with_source(args: Mapping[str, Any]) -> dict[str, Any]:
    """The reward's arguments, complete: the absolute path of the file, and its text."""
    path, function = split_name(args.get("function", ""))
    return {**args, "function": f"{path}:{function}", "source": read_source(path)}


def read_source(path: Path) -> str:
    if not path.is_file():
        raise ConfigError(f"The file {path} of the reward function does not exist.")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"The file {path} of the reward function is not UTF-8: {error}.") from error


def checked_function(name: str) -> str:
    """The name with an absolute path, which no worker's folder changes. The function is loaded as a worker will load it,
    in a process of its own: the file may do anything when it is imported."""
    path, function = split_name(name)
    name = f"{path}:{function}"
    code = "import sys; from spatialrl.rewards.user_code import load; load(sys.argv[1])"
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, name], capture_output=True, text=True, timeout=LOAD_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ConfigError(
            f"Importing the file of the reward function {name} takes over {LOAD_TIMEOUT_S:g} s."
        ) from error
    if done.returncode < 0:
        raise ConfigError(
            f"Importing the file of the reward function {name} ends its process: signal {-done.returncode}."
        )
    if done.returncode > 0:
        told = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise ConfigError(told.removeprefix(f"{ConfigError.__module__}.{ConfigError.__name__}: "))
    return name


class SourceText(ExecutionLoader):
    """Gives Python, and its tracebacks, the text of a file that need not be here."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    def get_filename(self, fullname: str) -> str:
        return self.path

    def get_source(self, fullname: str) -> str:
        return self.text


@lru_cache(maxsize=64)
def module_of(path: str, source: str) -> ModuleType:
    """The text, run once per process."""
    name = f"user_reward_{hashlib.sha256(f'{path}:{source}'.encode()).hexdigest()[:16]}"
    spec = importlib.util.spec_from_loader(name, SourceText(path, source))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses and pickles of the file look it up here.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ConfigError(
            f"The file {path} of the reward function can't be imported: {type(error).__name__}: {error}."
        ) from error
    return module
