"""A mapping as a frozen dataclass, strictly: a key nobody knows, one that is missing and a value of another type are each
told in one sentence that names the place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from typing import Any, TypeVar, get_type_hints

import msgspec

from spatialrl.compose import hint
from spatialrl.errors import ConfigError

Kind = TypeVar("Kind")


def strictly(kind: type[Kind], values: Mapping[str, Any], *, place: str) -> Kind:
    """`place` is the file, for the sentence."""
    for told in _unknown_keys(kind, values, prefix=""):
        raise ConfigError(f"{place} {told}")
    try:
        return msgspec.convert(values, type=kind, strict=True)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `$")
        where = path.strip("`.")
        raise ConfigError(
            f"{place} is not a description of a benchmark: {f'{where}: ' if where else ''}{what}."
        ) from error


def _unknown_keys(kind: Any, values: Any, *, prefix: str) -> Iterator[str]:
    """msgspec passes over what a dataclass does not have."""
    if not isinstance(values, Mapping):
        return
    kinds, known = get_type_hints(kind), [field.name for field in fields(kind)]
    for name, value in values.items():
        if name not in known:
            nearest = get_close_matches(str(name), known, n=1, cutoff=0.5)
            yield f"has the key '{prefix}{name}', which nobody knows. {hint(nearest, known)}"
        elif is_dataclass(kinds[name]):
            yield from _unknown_keys(kinds[name], value, prefix=f"{prefix}{name}.")
