"""From YAML and the command line to one RunConfig. A mistake ends here, with the key that was meant."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints

from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from spatialrl.config import RunConfig, SourceConfig
from spatialrl.errors import ConfigError

NOISE = ("full_key", "object_type", "reference_type", "Config search", "provider=", "See https", "^")
"""Beginnings of lines in Hydra's messages that help nobody."""

PLACES = (Path(__file__).parent / "configs", Path(__file__).parents[1] / "configs")
"""Inside the wheel; beside the package in a checkout."""
BENCHMARKS = "benchmark"
"""A folder beside the groups: its files describe benchmarks, not runs."""


def load_config(overrides: list[str]) -> RunConfig:
    """The composed description of a run. Raises ConfigError for an unknown key, group, choice or value."""
    check_keys(overrides)
    overrides = [opened(override) for override in overrides]
    ConfigStore.instance().store(name="schema", node=RunConfig)
    try:
        with initialize_config_dir(str(config_folder()), version_base="1.3"):
            composed = compose("config", overrides=overrides)
        config = OmegaConf.to_object(composed)
    except (HydraException, OmegaConfBaseException) as error:
        raise ConfigError(one_sentence(error)) from error
    assert isinstance(config, RunConfig)
    if isinstance(config.data.train, list):
        config.data.train = [typed_source(item, f"data.train[{i}]") for i, item in enumerate(config.data.train)]
    return config


def typed_source(item: Any, key: str) -> SourceConfig:
    known = schema_keys(SourceConfig)
    if not isinstance(item, dict):
        raise ConfigError(f"{key} is {item!r}; a source has the keys {', '.join(known)}.")
    for name in item:
        if name not in known:
            nearest = get_close_matches(str(name), known, n=1, cutoff=0.5)
            raise ConfigError(f"The config has no key '{key}.{name}'. {hint(nearest, known)}")
    try:
        source = OmegaConf.to_object(OmegaConf.merge(OmegaConf.structured(SourceConfig), item))
    except OmegaConfBaseException as error:
        raise ConfigError(f"{key}: {one_sentence(error)}") from error
    assert isinstance(source, SourceConfig)
    return source


def hint(nearest: list[str], known: list[str]) -> str:
    return f"Did you mean {nearest[0]}?" if nearest else f"There are: {', '.join(known)}."


def config_folder() -> Path:
    return next(place for place in PLACES if place.is_dir())


def check_keys(overrides: list[str]) -> None:
    """Names the key that was meant, which Hydra's own message does not."""
    known = {*schema_keys(RunConfig), *config_groups(), "experiment"}
    for override in parse(overrides):
        key = override.key_or_group
        if key in known or is_open(key):
            continue
        nearest = get_close_matches(key, known, n=1, cutoff=0.5)
        hint = f" Did you mean {nearest[0]}?" if nearest else f" The sections are: {', '.join(config_groups())}."
        raise ConfigError(f"The config has no key '{key}'.{hint}")


def opened(override: str) -> str:
    """Free dictionaries, and keys of theirs such as `data.recipe_args.seed`, need Hydra's ++ to be added to or replaced."""
    return f"++{override}" if is_open(override) else override


def is_open(key: str) -> bool:
    parents = (name for name, kind in schema_items(RunConfig) if kind == dict[str, Any])
    return key.startswith(tuple(f"{parent}{end}" for parent in parents for end in ".="))


def parse(overrides: list[str]) -> list[Any]:
    try:
        return OverridesParser.create().parse_overrides(overrides)
    except HydraException as error:
        raise ConfigError(f"{one_sentence(error)} An override is written section.key=value.") from error


def schema_items(schema: type, prefix: str = "") -> Iterator[tuple[str, Any]]:
    hints = get_type_hints(schema)
    for entry in fields(schema):
        kind = hints[entry.name]
        yield prefix + entry.name, kind
        if is_dataclass(kind) and isinstance(kind, type):
            yield from schema_items(kind, f"{prefix}{entry.name}.")


def schema_keys(schema: type) -> list[str]:
    return [key for key, _ in schema_items(schema)]


def config_groups() -> list[str]:
    return sorted(path.name for path in config_folder().iterdir() if path.is_dir() and path.name != BENCHMARKS)


def choices(group: str) -> list[str]:
    return sorted(path.stem for path in (config_folder() / group).glob("*.yaml"))


def one_sentence(error: Exception) -> str:
    """The lines of Hydra's message that say what is wrong."""
    cause = error.__cause__ or error
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith(NOISE)]
    keys = [line.split(":", 1)[1].strip() for line in lines if line.startswith("full_key")]
    return " ".join(told) + (f" (key {keys[0]})" if keys and keys[0] not in " ".join(told) else "")
