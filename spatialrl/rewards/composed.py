"""A reward made of parts, each with a weight and, where it is to count only after another, a gate. All of it is config.

The reward is the mean of the gated parts by weight. A part that can't be judged for a task leaves the mean; it does not
count as 0, or tasks without a scene graph would teach that boxes are worthless.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from spatialrl.errors import ConfigError
from spatialrl.rewards.parts import PARTS
from spatialrl.types import Completion, Score, Scored, Task, Unscored


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One line of a composed reward."""

    part: str
    """A name in `spatialrl.rewards.parts.PARTS`."""
    weight: float
    after: str = ""
    """The line whose value this one is multiplied by: `accuracy` pays boxes of right answers only. Empty: no gate."""
    anneal: Sequence[int] = ()
    """First and last policy version between which the gate closes; empty: closed from the start."""
    args: Mapping[str, Any] = field(default_factory=dict)
    """Keyword arguments of the part."""


def composed(task: Task, completion: Completion, *, parts: Mapping[str, Mapping[str, Any]]) -> Score:
    """`parts` maps the name a part has in metrics to what `Part` takes. A gate stands above what it gates."""
    lines = {name: Part(**settings) for name, settings in parts.items()}
    values: dict[str, float] = {}
    reasons: list[str] = []
    for name, line in lines.items():
        value = PARTS[line.part](task, completion, **line.args)
        if isinstance(value, Unscored):
            reasons.append(f"{name}: {value.reason}")
        else:
            values[name] = value * gate(line, values, version=written_by(completion))
    weight = sum(abs(lines[name].weight) for name in values)
    if not weight:
        return Unscored(reason="; ".join(reasons) or "no part has a weight")
    return Scored(reward=sum(lines[name].weight * values[name] for name in values) / weight, parts=values)


def gate(line: Part, values: Mapping[str, float], *, version: int) -> float:
    """1 lets all of a part through. A gate that could not be judged is open."""
    open_share = values.get(line.after, 1.0)
    if not line.anneal:
        return open_share
    first, last = line.anneal
    strength = min(1.0, max(0.0, (version - first) / max(1, last - first)))
    return 1 - strength * (1 - open_share)


def written_by(completion: Completion) -> int:
    """The policy version that wrote the last token."""
    return completion.version_spans[-1].version if completion.version_spans else 0


def check_parts(parts: Mapping[str, Mapping[str, Any]]) -> None:
    """Raises ConfigError about the first line that can't be. Called while a config loads."""
    seen: list[str] = []
    for name, settings in parts.items():
        where = f"reward.args.parts.{name}"
        try:
            line = Part(**settings)
        except TypeError as error:
            raise ConfigError(f"{where}: {error}; a line has part, weight, after, anneal and args.") from error
        if line.part not in PARTS:
            raise ConfigError(f"{where}.part is '{line.part}'; there are: {', '.join(sorted(PARTS))}.")
        if line.after and line.after not in seen:
            raise ConfigError(f"{where}.after is '{line.after}'; it names a line above: {', '.join(seen) or 'none'}.")
        if len(line.anneal) not in (0, 2):
            raise ConfigError(
                f"{where}.anneal is {list(line.anneal)}; give the first and the last version, or nothing."
            )
        seen.append(name)
