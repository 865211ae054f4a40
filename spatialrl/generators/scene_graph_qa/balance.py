"""Which questions become rows. Each category has a number to fill; the best of its questions come first, and one that
has too few gives the rest of its number to the others, so that the total is met as long as anything is left.

What a round gives out depends on which earlier questions were kept, and on nothing else: not on their order in time.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spatialrl.generators.proportions import counts_in_proportion


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    category: str
    place: str
    """Of its graph, in the source."""
    number: int
    """Among the questions of its category about this graph, the best is 0."""
    rating: int

    @property
    def name(self) -> str:
        return f"{self.place}#{self.category}-{self.number}"


class Selection:
    """Of one split."""

    def __init__(
        self, pools: Mapping[str, Sequence[Candidate]], weights: Mapping[str, float], *, total: int, per_image: int
    ) -> None:
        self.wanted = counts_in_proportion(total, weights)
        """Before anything was given to others."""
        self.kept: list[Candidate] = []
        self._pools = {name: list(reversed(pools.get(name, ()))) for name in weights}
        self._weights = dict(weights)
        self._quotas = dict(self.wanted)
        self._per_image = per_image
        self._of_image: Counter[str] = Counter()
        self._filled: Counter[str] = Counter()

    def next_round(self) -> list[Candidate]:
        """As many as are missing; none when all are there, or nothing is left."""
        chosen: list[Candidate] = []
        waiting = Counter(self._filled)
        while open_ones := [name for name in self._quotas if waiting[name] < self._quotas[name]]:
            name = min(open_ones, key=lambda n: waiting[n] / self._quotas[n])
            candidate = self._take(name)
            if candidate is None:
                self._give_away(name, waiting[name])
                continue
            chosen.append(candidate)
            waiting[name] += 1
        return chosen

    def settle(self, candidate: Candidate, *, is_kept: bool) -> None:
        if is_kept:
            self.kept.append(candidate)
            self._filled[candidate.category] += 1
        else:
            self._of_image[candidate.place] -= 1

    def _take(self, name: str) -> Candidate | None:
        pool = self._pools[name]
        while pool:
            candidate = pool.pop()
            if self._of_image[candidate.place] < self._per_image:
                self._of_image[candidate.place] += 1
                return candidate
        return None

    def _give_away(self, name: str, has: int) -> None:
        """What this category can't fill, to those that have something left."""
        rest = self._quotas[name] - has
        self._quotas[name] = has
        others = {other: weight for other, weight in self._weights.items() if self._pools[other]}
        for other, extra in counts_in_proportion(rest, others).items() if others else ():
            self._quotas[other] += extra


def short_of(selection: Selection) -> dict[str, int]:
    """Categories with fewer rows than wanted, and how many are missing."""
    made = Counter(candidate.category for candidate in selection.kept)
    return {name: count - made[name] for name, count in selection.wanted.items() if made[name] < count}


def pools_of(candidates: Sequence[Candidate], order: Mapping[str, int]) -> dict[str, list[Candidate]]:
    """By category, the best rated first; among equals the images in the given order, each image's first question first."""
    pools: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in sorted(candidates, key=lambda c: (-c.rating, c.number, order[c.place])):
        pools[candidate.category].append(candidate)
    return dict(pools)
