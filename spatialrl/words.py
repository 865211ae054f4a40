"""`key=value` words of the verbs that describe no run."""

import inspect
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

import yaml

from spatialrl.errors import ConfigError


def read_words(words: list[str]) -> dict[str, Any]:
    """Values are YAML: numbers, lists and booleans are what they look like."""
    for word in words:
        if "=" not in word:
            raise ConfigError(f"'{word}' is not of the form key=value.")
    pairs = (word.split("=", 1) for word in words)
    return {key: yaml.safe_load(value) for key, value in pairs}


def call_with_words(function: Callable[..., Any], arguments: dict[str, Any], **given: Any) -> Any:
    """Calls with the arguments a person wrote; a name the function does not take is named, with the nearest."""
    parameters = inspect.signature(function).parameters
    for name in arguments:
        if name not in parameters:
            nearest = get_close_matches(name, parameters, n=1, cutoff=0.5)
            hint = f"Did you mean {nearest[0]}?" if nearest else f"It takes: {', '.join(parameters)}."
            raise ConfigError(f"There is no argument '{name}'. {hint}")
    needed = [n for n, p in parameters.items() if p.default is p.empty and n not in arguments and n not in given]
    if needed:
        raise ConfigError(f"{needed[0]}=... is missing.")
    return function(**given, **arguments)
