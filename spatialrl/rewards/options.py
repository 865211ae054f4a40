"""What a reward or a part of one takes beside task and completion: the keyword-only arguments of its function."""

from collections.abc import Callable, Collection, Mapping
from inspect import Parameter, signature
from typing import Any

from spatialrl.errors import ConfigError


def check_options(where: str, function: Callable[..., Any], options: Mapping[str, Any]) -> None:
    """Raises ConfigError about an option that the function does not take, or one that it needs and does not get."""
    parameters = signature(function).parameters.values()
    taken = {each.name: each for each in parameters if each.kind is Parameter.KEYWORD_ONLY}
    for name in options.keys() - taken.keys():
        raise ConfigError(f"{where}.{name} is no option of it; it takes: {_listed(taken)}.")
    needed = {name for name, each in taken.items() if each.default is Parameter.empty} - options.keys()
    if needed:
        raise ConfigError(f"{where} is without {_listed(needed)}, which it needs.")


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
