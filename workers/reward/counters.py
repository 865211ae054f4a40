"""What happened in the pool since it was last asked."""

from collections.abc import Sequence

COUNTS: tuple[str, ...] = ("timeouts", "restarts", "retries", "cache_hits", "queue_max")
PERCENTILES = (50, 95, 99)


class Counters:
    def __init__(self) -> None:
        self._counts = dict.fromkeys(COUNTS, 0)
        self._latencies_s: list[float] = []

    def add(self, name: str, number: int = 1) -> None:
        self._counts[name] += number

    def saw_queue(self, length: int) -> None:
        """Completions that wait for a worker."""
        self._counts["queue_max"] = max(self._counts["queue_max"], length)

    def took(self, seconds: float) -> None:
        """From asking for a score to having it, waiting and second attempts included; not of remembered scores."""
        self._latencies_s.append(seconds)

    def take(self) -> dict[str, float]:
        """As metrics; starts anew."""
        counts = {f"reward/{name}": float(number) for name, number in self._counts.items()}
        in_order = sorted(self._latencies_s)
        latencies = {f"reward/latency_p{percent}_s": percentile(in_order, percent) for percent in PERCENTILES}
        self._counts, self._latencies_s = dict.fromkeys(COUNTS, 0), []
        return counts | latencies


def percentile(in_order: Sequence[float], percent: int) -> float:
    """The smallest value that at least so many percent do not exceed; 0 of nothing."""
    return in_order[-(-len(in_order) * percent // 100) - 1] if in_order else 0.0
