"""Who makes which row of what. Every row knows its place, its answer and the images it may be made of before any is
opened; no image is in two splits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import islice
from math import gcd
from random import Random

from spatialrl.errors import DataError
from spatialrl.generators.pretext.recipe import DEPTH_TASKS, Recipe
from spatialrl.generators.pretext.slot import Slot
from spatialrl.generators.pretext.sources import Source
from spatialrl.generators.proportions import counts_in_proportion
from spatialrl.seeds import stable_seed

ATTEMPTS = 24
"""Images of which a row may be made; the first that is fit is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    slot: Slot
    sources: tuple[Source, ...]
    """In the order in which they are tried."""

    @property
    def name(self) -> str:
        return self.slot.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    seed: int
    num_rows: dict[str, dict[str, int]]
    """By split and variant."""
    sources: dict[str, list[Source]]
    """By split."""
    _orders: dict[tuple[str, str], list[Source]] = field(default_factory=dict)

    @property
    def num_slots(self) -> int:
        return sum(sum(counts.values()) for counts in self.num_rows.values())

    def slots(self, split: str | None = None) -> Iterator[Slot]:
        """Of one split or of all, one after another; in each, the variants are spread evenly."""
        for name in [split] if split else self.num_rows:
            for _, _, slot in merge(*(self._stream(name, variant) for variant in self.num_rows[name])):
                yield slot

    def job(self, slot: Slot) -> Job:
        return Job(slot=slot, sources=tuple(_walk(self._usable(slot.split, slot.variant), slot)))

    def _stream(self, split: str, variant: str) -> Iterator[tuple[float, str, Slot]]:
        count = self.num_rows[split][variant]
        for number in range(count):
            slot = Slot(seed=self.seed, split=split, variant=variant, number=number)
            yield (number + 0.5) / count, variant, slot

    def _usable(self, split: str, variant: str) -> list[Source]:
        """In an order of the variant's own."""
        if (split, variant) not in self._orders:
            usable = [source for source in self.sources[split] if source.depth or not needs_depth(variant)]
            Random(stable_seed(self.seed, split, variant, "sources")).shuffle(usable)
            self._orders[split, variant] = usable
        return self._orders[split, variant]


def make_plan(recipe: Recipe, sources: Sequence[Source]) -> Plan:
    weights = _possible(recipe, sources)
    return Plan(
        seed=recipe.seed,
        num_rows={split: counts_in_proportion(count, weights) for split, count in recipe.num_rows.items()},
        sources=_split(sources, recipe, any(map(needs_depth, weights))),
    )


def needs_depth(variant: str) -> bool:
    return variant.startswith(DEPTH_TASKS)


def _possible(recipe: Recipe, sources: Sequence[Source]) -> dict[str, float]:
    if any(source.depth for source in sources) or not recipe.needs_depth:
        return recipe.weights
    if not recipe.is_published_mix:
        raise DataError(f"weights asks for {' or '.join(DEPTH_TASKS)}, but no image in {recipe.source} has depth.")
    return {name: weight for name, weight in recipe.weights.items() if not needs_depth(name)}


def _split(sources: Sequence[Source], recipe: Recipe, is_depth_needed: bool) -> dict[str, list[Source]]:
    """Scenes with depth and scenes without are shared out apart, so that each split has its part of both."""
    by_scene: dict[str, list[Source]] = {}
    for source in sources:
        by_scene.setdefault(source.scene_id, []).append(source)
    deep = [name for name, of_scene in by_scene.items() if is_depth_needed and any(s.depth for s in of_scene)]
    flat = [name for name in by_scene if name not in set(deep)]
    splits = len(recipe.num_rows)
    if len(deep or flat) < splits:
        raise DataError(
            f"{recipe.source} has {len(deep or flat)} scenes{' with depth' * bool(deep)} for {splits} splits, which share "
            "none; add images, or set num_validation or num_test to 0."
        )
    parts = [_split_scenes(deep, recipe, least=1)] if deep else []
    parts += [_split_scenes(flat, recipe, least=0 if deep else 1)]
    return {
        split: [source for part in parts for name in part[split] for source in by_scene[name]]
        for split in recipe.num_rows
    }


def _split_scenes(scenes: Sequence[str], recipe: Recipe, *, least: int) -> dict[str, list[str]]:
    order = sorted(scenes)
    Random(stable_seed(recipe.seed, "scenes")).shuffle(order)
    rest = iter(order)
    counts = counts_in_proportion(
        len(order), {split: float(rows) for split, rows in recipe.num_rows.items()}, least=least
    )
    return {split: list(islice(rest, count)) for split, count in counts.items()}


def _walk(usable: Sequence[Source], slot: Slot) -> Iterator[Source]:
    """Different images, from the slot's own one on, in steps of its own."""
    count = len(usable)
    start = slot.dice(-1).below(count)
    stride = next(step for step in range(start, start + count + 1) if gcd(step, count) == 1)
    for turn in range(min(ATTEMPTS, count)):
        yield usable[(slot.number + turn * stride) % count]
