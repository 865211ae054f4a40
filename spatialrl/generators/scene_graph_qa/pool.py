"""Candidates of a category, the best first. Those of which a blind reader would know the same lie on one shelf, so that all
whose answer is not welcome are passed over at once.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable

from spatialrl.generators.scene_graph_qa.candidate import Candidate, Ways

Test = Callable[[Candidate], bool]


class Pool:
    def __init__(self, candidates: Iterable[Candidate] = ()) -> None:
        """In their order."""
        shelves: defaultdict[Ways, list[tuple[int, Candidate]]] = defaultdict(list)
        for rank, candidate in enumerate(candidates):
            shelves[candidate.ways].append((rank, candidate))
        self._shelves = [shelf[::-1] for shelf in shelves.values()]
        self._heap: list[tuple[int, int]] = []
        """Shelves by the rank of what lies on top."""
        for number in range(len(self._shelves)):
            self._put_back(number)

    def __bool__(self) -> bool:
        return bool(self._heap)

    def take(self, is_open: Test, is_welcome: Test) -> Candidate | None:
        """The best of the welcome ones. What is not open any more is thrown away on the way."""
        passed = []
        taken = None
        while self._heap and taken is None:
            _, number = heapq.heappop(self._heap)
            _, candidate = self._shelves[number][-1]
            if is_open(candidate) and not is_welcome(candidate):
                passed.append(number)
                continue
            self._shelves[number].pop()
            taken = candidate if is_open(candidate) else None
            self._put_back(number)
        for number in passed:
            self._put_back(number)
        return taken

    def take_least(self, is_open: Test, cost: Callable[[Candidate], float]) -> Candidate | None:
        """The one that costs least, of equals the best."""
        costs: list[float] = []

        def note(candidate: Candidate) -> bool:
            costs.append(cost(candidate))
            return False

        self.take(is_open, note)
        return self.take(is_open, lambda candidate: cost(candidate) == min(costs)) if costs else None

    def _put_back(self, number: int) -> None:
        if shelf := self._shelves[number]:
            heapq.heappush(self._heap, (shelf[-1][0], number))
