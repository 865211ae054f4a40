"""From `reward.contrasts` to contrasts. Whatever can't be is a sentence before a worker starts."""

from collections.abc import Mapping
from dataclasses import Field, fields
from typing import Any

from spatialrl.config import RewardConfig
from spatialrl.contrasts import CONTRASTS
from spatialrl.contrasts.twin import Contrast
from spatialrl.errors import ConfigError


def make_contrasts(reward: RewardConfig) -> dict[str, Contrast]:
    """By name, in the order of the config. A contrast whose arguments are null is switched off."""
    return {name: make_contrast(name, args) for name, args in reward.contrasts.items() if args is not None}


def make_contrast(name: str, args: Mapping[str, Any]) -> Contrast:
    if name not in CONTRASTS:
        raise ConfigError(f"reward.contrasts has '{name}'; there are: {', '.join(CONTRASTS)}.")
    if not isinstance(args, Mapping):
        raise ConfigError(
            f"reward.contrasts.{name} is {args!r}; give its arguments, {{}} for none, null to switch it off."
        )
    known = {field.name: field for field in fields(CONTRASTS[name])}  # type: ignore[arg-type]
    for key, value in args.items():
        if key not in known:
            raise ConfigError(f"reward.contrasts.{name} has no '{key}'; there are: {', '.join(known)}.")
        if not fits(value, known[key]):
            kind = type(known[key].default).__name__
            raise ConfigError(
                f"reward.contrasts.{name}.{key} is {value!r}; give a value like {known[key].default!r} ({kind})."
            )
    return CONTRASTS[name](**args)


def fits(value: Any, field: Field) -> bool:
    kind = type(field.default)
    return isinstance(value, kind) or (kind is float and isinstance(value, int) and not isinstance(value, bool))


def check_contrasts(reward: RewardConfig) -> None:
    """Names, arguments, and the parts that a composed reward must have, and must not have, for them."""
    parts = reward.args.get("parts", {}) if reward.name == "composed" else None
    for name, contrast in make_contrasts(reward).items():
        if parts is None:
            continue
        if contrast.part and contrast.part not in parts:
            raise ConfigError(
                f"reward.contrasts.{name}.part is '{contrast.part}', which reward.args.parts does not have; "
                f"there are: {', '.join(parts)}."
            )
        if name in parts:
            raise ConfigError(
                f"reward.contrasts.{name} and reward.args.parts.{name} would both be the part '{name}'; rename the second."
            )
