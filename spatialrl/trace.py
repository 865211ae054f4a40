"""Who did what when, as a Chrome trace that Perfetto opens."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Trace:
    """Spans on named tracks; written once, at the end of a run."""

    def __init__(self) -> None:
        self.start = time.monotonic()
        self.events: list[dict] = []
        self.tracks: dict[str, int] = {}

    @contextmanager
    def span(self, track: str, name: str) -> Iterator[None]:
        begin = time.monotonic()
        try:
            yield
        finally:
            self.events.append(self.event(track, name, begin, time.monotonic()))

    def event(self, track: str, name: str, begin: float, end: float) -> dict:
        number = self.tracks.setdefault(track, len(self.tracks))
        micros = 1e6
        return {
            "name": name,
            "ph": "X",
            "pid": 1,
            "tid": number,
            "ts": (begin - self.start) * micros,
            "dur": (end - begin) * micros,
        }

    def write(self, path: Path) -> None:
        names = [
            {"name": "thread_name", "ph": "M", "pid": 1, "tid": number, "args": {"name": track}}
            for track, number in self.tracks.items()
        ]
        path.write_text(json.dumps({"traceEvents": names + self.events}))
