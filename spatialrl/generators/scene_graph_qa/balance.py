"""Which questions become rows. Each category has a number to fill; the best of its questions come first, as long as their
answers are no commoner than chance. A category that has too few gives the rest of its number to the others. Only when none
has anything left within chance do commoner answers come, the least common first, so that the total is met as long as
anything is left.

What a round gives out depends on which earlier questions were kept, and on nothing else: not on their order in time.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from spatialrl.generators.proportions import counts_in_proportion
from spatialrl.generators.scene_graph_qa.candidate import Candidate
from spatialrl.generators.scene_graph_qa.pool import Pool
from spatialrl.generators.scene_graph_qa.tally import Tally


class Selection:
    """Of one split."""

    def __init__(
        self, pools: Mapping[str, Sequence[Candidate]], weights: Mapping[str, float], *, total: int, per_image: int
    ) -> None:
        self.wanted = counts_in_proportion(total, weights)
        """Before anything was given to others."""
        self.kept: list[Candidate] = []
        self._pools = {name: Pool(pools.get(name, ())) for name in weights}
        self._weights = dict(weights)
        self._quotas = dict(self.wanted)
        self._per_image = per_image
        self._of_image: Counter[str] = Counter()
        self._filled: Counter[str] = Counter()
        self._tally = Tally()
        self._empty: set[str] = set()
        """Categories that had nothing left, within chance while that is asked for."""
        self._is_within_chance = True

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

    @property
    def beyond(self) -> dict[str, int]:
        """By form of question, how many rows its commonest answer has more than chance."""
        return self._tally.beyond

    def settle(self, candidate: Candidate, *, is_kept: bool) -> None:
        if is_kept:
            self.kept.append(candidate)
            self._filled[candidate.category] += 1
        else:
            self._of_image[candidate.place] -= 1
            self._tally.note(candidate, count=-1)

    def _take(self, name: str) -> Candidate | None:
        pool = self._pools[name]
        found = pool.take(self._is_open, self._fits)
        if found is None and not self._is_within_chance:
            found = pool.take_least(self._is_open, self._commonness)
        if found is None:
            return None
        found = replace(found, way=self._tally.best_way(found.ways))
        found = replace(found, slot=self._tally.rarest_slot(found))
        self._tally.note(found)
        self._of_image[found.place] += 1
        return found

    def _is_open(self, candidate: Candidate) -> bool:
        return self._of_image[candidate.place] < self._per_image

    def _fits(self, candidate: Candidate) -> bool:
        return not candidate.ways or any(map(self._tally.fits, candidate.ways))

    def _commonness(self, candidate: Candidate) -> float:
        return min(map(self._tally.commonness, candidate.ways), default=0.0)

    def _give_away(self, name: str, has: int) -> None:
        """What this category can't fill, to those that have something left."""
        rest = self._quotas[name] - has
        self._quotas[name] = has
        self._empty.add(name)
        if self._is_within_chance and len(self._empty) == len(self._weights):
            self._is_within_chance = False
            self._empty.clear()
        others = {other: weight for other, weight in self._weights.items() if self._has_more(other)}
        for other, extra in counts_in_proportion(rest, others).items() if others else ():
            self._quotas[other] += extra

    def _has_more(self, name: str) -> bool:
        return name not in self._empty and bool(self._pools[name])


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
