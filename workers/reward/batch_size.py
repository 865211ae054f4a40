"""How many completions make one call of a worker: as many as take the target time together, so that what a call costs by
itself vanishes, and so few that a slow one keeps nobody waiting for long.
"""


class BatchSize:
    def __init__(self, *, target_s: float, most: int, gains_from_many: bool = False) -> None:
        """`gains_from_many`: a reward that waits or computes for all of them at once takes what there is."""
        self._target_s = target_s
        self._most = most
        self._gains_from_many = gains_from_many
        self._size = most if gains_from_many else 1

    def choose(self, *, num_waiting: int, num_workers: int) -> int:
        """No more than a worker's share of those that wait, so that all workers end together."""
        return min(self._size, -(-num_waiting // num_workers))

    def learn(self, num: int, *, seconds: float) -> None:
        """From one call. The size doubles at most; a call that was too long lowers it at once."""
        if not self._gains_from_many:
            fitting = int(num * self._target_s / seconds) if seconds > 0 else self._most
            self._size = max(1, min(fitting, 2 * self._size, self._most))
