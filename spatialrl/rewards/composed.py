"""A reward made of parts, each with a weight and, where it is to count only after another, a gate. All of it is config.

The reward is the mean of the gated parts by weight. A part that can't be judged for a task does not count as 0, or tasks
without a scene graph would teach that boxes are worthless: the other parts that look at the truth take over its weight,
and form is never worth more than its own. Where no part can look at the truth, there is no reward. A judge that fails
leaves the completion without one too: the mean of its other parts would compare with those of completions that were
judged.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from spatialrl.errors import ConfigError
from spatialrl.rewards.judge import AT_ONCE
from spatialrl.rewards.options import check_options
from spatialrl.rewards.parts import FORMS, PARTS
from spatialrl.types import Completion, Score, Scored, Task, Unscored

JUDGED = "judged"
"""The part that asks somebody outside."""


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
        value = gated(line, task, completion, values)
        if not isinstance(value, Unscored):
            values[name] = value
        elif value.code == "refused":
            reasons.append(f"{name}: {value.reason}")
        else:
            return replace(value, reason=f"{name}: {value.reason}")
    reward = weighted_mean(lines, values)
    return (
        Unscored(reason="; ".join(reasons) or "no part has a weight")
        if reward is None
        else Scored(reward=reward, parts=values)
    )


def gated(line: Part, task: Task, completion: Completion, above: Mapping[str, float]) -> float | Unscored:
    """What a gate lets through. Behind a gate that can't be judged nothing can: a box may belong to a wrong answer."""
    if line.after and line.after not in above:
        return Unscored(reason=f"its gate {line.after} can't be judged")
    share = gate(line, above, version=written_by(completion))
    # Nobody is asked, and paid, for a grade that would count nothing.
    if line.part == JUDGED and not share:
        return 0.0
    value = PARTS[line.part](task, completion, **line.args)
    return value if isinstance(value, Unscored) else value * share


def weighted_mean(lines: Mapping[str, Part], values: Mapping[str, float]) -> float | None:
    """None where nothing is left to judge by."""
    form = {name: abs(line.weight) for name, line in lines.items() if line.part in FORMS and name in values}
    truth = {name: abs(line.weight) for name, line in lines.items() if line.part not in FORMS}
    judged = sum(weight for name, weight in truth.items() if name in values)
    total = sum(form.values()) + sum(truth.values())
    if not total or (sum(truth.values()) and not judged):
        return None
    taken_over = sum(truth.values()) / judged if judged else 1.0
    mean = (
        sum(lines[name].weight * value * (1.0 if name in form else taken_over) for name, value in values.items())
        / total
    )
    # Parts are -1 to 1; rounding must not carry their mean beyond.
    return max(-1.0, min(1.0, mean))


def composed_batch(pairs: Sequence[tuple[Task, Completion]], *, parts: Mapping[str, Mapping[str, Any]]) -> list[Score]:
    """With a judge among the parts, which is waited for, many are scored at the same time."""
    if not any(line.get("part") == JUDGED for line in parts.values()):
        return [composed(task, completion, parts=parts) for task, completion in pairs]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(lambda pair: composed(*pair, parts=parts), pairs))


def gate(line: Part, values: Mapping[str, float], *, version: int) -> float:
    """1 lets all of a part through."""
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
        check_options(f"{where}.args", PARTS[line.part], line.args)
        if line.after and line.after not in seen:
            raise ConfigError(f"{where}.after is '{line.after}'; it names a line above: {', '.join(seen) or 'none'}.")
        if len(line.anneal) not in (0, 2):
            raise ConfigError(
                f"{where}.anneal is {list(line.anneal)}; give the first and the last version, or nothing."
            )
        seen.append(name)
