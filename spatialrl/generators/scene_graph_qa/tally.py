"""How often each answer is right among what was chosen so far, and in which slot. An answer is no commoner than chance while
it is right at most as often as a guess among the options would be, rounded up.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import ceil

from spatialrl.dice import stable_order
from spatialrl.generators.scene_graph_qa.candidate import Candidate, Ways
from spatialrl.scenes.questions.draft import Prior

DECIMALS = 6
"""Three thirds are one."""


class Tally:
    def __init__(self) -> None:
        self._results: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._chances: defaultdict[str, float] = defaultdict(float)
        """How many guesses would be right."""
        self._slots: defaultdict[tuple[str, int], Counter[int | None]] = defaultdict(Counter)

    def fits(self, priors: Sequence[Prior]) -> bool:
        """Whether one more such answer is no commoner than chance."""
        return all(
            self._results[p.key][p.result] + 1 <= _whole(self._chances[p.key] + 1 / p.num_results) for p in priors
        )

    def commonness(self, priors: Sequence[Prior]) -> float:
        """How often it would be right, in terms of chance; of several priors the highest."""
        return max(
            ((self._results[p.key][p.result] + 1) / (self._chances[p.key] + 1 / p.num_results) for p in priors),
            default=0.0,
        )

    def best_way(self, ways: Ways) -> int:
        """Whose answer is the least common; of equals the first."""
        return min(range(len(ways)), key=lambda number: self.commonness(ways[number]), default=0)

    def rarest_slot(self, candidate: Candidate) -> int | None:
        """Of equals by the question's name; None where nobody knows how many there are."""
        slots = self._slots[candidate.category, candidate.num_options]
        order = stable_order(candidate.name, "slot", count=candidate.num_options)
        return min(order, key=lambda slot: slots[slot], default=None)

    def note(self, candidate: Candidate, *, count: int = 1) -> None:
        """-1: it was not kept."""
        for prior in candidate.priors:
            self._results[prior.key][prior.result] += count
            self._chances[prior.key] += count / prior.num_results
        self._slots[candidate.category, candidate.num_options][candidate.slot] += count

    @property
    def beyond(self) -> dict[str, int]:
        """By key, how many rows its commonest answer has more than chance."""
        excess = {
            key: max(counts.values(), default=0) - _whole(self._chances[key]) for key, counts in self._results.items()
        }
        return {key: count for key, count in excess.items() if count > 0}


def _whole(value: float) -> int:
    return ceil(round(value, DECIMALS))
