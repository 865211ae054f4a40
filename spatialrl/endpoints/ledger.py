"""What has been asked, answered and spent: one append-only file that any number of processes share.

Every attempt is written down before it is sent, with what it may cost, and settled when its outcome is known. Whoever is
killed in between has spent the estimate. A reply stands in the file before anybody sees it, so no reply is paid for twice.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spatialrl.endpoints.question import NoReply, Reply
from spatialrl.endpoints.settings import EndpointSettings
from spatialrl.errors import ConfigError

Line = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What is under way counts as its estimate."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0


class Ledger:
    """Only the places of replies are held in memory. Without a file nothing is kept."""

    def __init__(self, settings: EndpointSettings) -> None:
        self._settings = settings
        self._file = _File(settings.journal) if settings.journal else None
        self._read_up_to = 0
        self._places: dict[bytes, int] = {}
        self._open: dict[str, tuple[int, int]] = {}
        self._calls = self._input_tokens = self._output_tokens = 0
        self._refresh()

    def __len__(self) -> int:
        """Replies that are kept."""
        return len(self._places)

    @property
    def spent(self) -> Spent:
        inputs = self._input_tokens + sum(tokens for tokens, _ in self._open.values())
        outputs = self._output_tokens + sum(tokens for _, tokens in self._open.values())
        cost = self._settings.cost(input_tokens=inputs, output_tokens=outputs)
        return Spent(calls=self._calls, input_tokens=inputs, output_tokens=outputs, cost=cost)

    def kept(self, key: str) -> Reply | None:
        place = self._places.get(bytes.fromhex(key))
        if place is None or self._file is None:
            return None
        line = json.loads(self._file.line_at(place))
        return Reply(
            text=line["text"],
            finish_reason=line["finish_reason"],
            input_tokens=line["tokens"][0],
            output_tokens=line["tokens"][1],
            is_replayed=True,
        )

    def reserve(self, *, input_tokens: int, output_tokens: int) -> str | NoReply:
        """The name of an attempt that may be sent now, or the cap that forbids it."""
        name = os.urandom(8).hex()
        with self._file.alone() if self._file else nullcontext():
            self._refresh()
            if (cap := self._reached(input_tokens, output_tokens)) is not None:
                return NoReply(reason=f"the budget is spent: {cap}", code="budget")
            self._append({"sent": name, "tokens": [input_tokens, output_tokens]})
        return name

    def settle(self, name: str, *, input_tokens: int, output_tokens: int) -> None:
        """Of an attempt without a reply."""
        with self._file.alone() if self._file else nullcontext():
            self._append({"settled": name, "tokens": [input_tokens, output_tokens]})

    def keep(self, name: str, key: str, reply: Reply) -> None:
        with self._file.alone() if self._file else nullcontext():
            tokens = [reply.input_tokens, reply.output_tokens]
            kept = {"key": key, "text": reply.text, "finish_reason": reply.finish_reason}
            self._append({"settled": name, "tokens": tokens, **kept})

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _reached(self, input_tokens: int, output_tokens: int) -> str | None:
        limit, spent = self._settings, self.spent
        tokens = spent.input_tokens + spent.output_tokens
        cost = spent.cost + limit.cost(input_tokens=input_tokens, output_tokens=output_tokens)
        if limit.max_calls and spent.calls >= limit.max_calls:
            return f"{spent.calls} of max_calls={limit.max_calls}"
        if limit.max_tokens and tokens + input_tokens + output_tokens > limit.max_tokens:
            return (
                f"{tokens} of max_tokens={limit.max_tokens}, and the next call may need {input_tokens + output_tokens}"
            )
        if limit.max_cost and cost > limit.max_cost:
            return f"{spent.cost:.4f} of max_cost={limit.max_cost:g}, and the next call may bring it to {cost:.4f}"
        return None

    def _append(self, line: Line) -> None:
        if self._file is None:
            self._count(line, place=-1)
            return
        self._file.append(json.dumps(line, separators=(",", ":")).encode())
        self._refresh()

    def _refresh(self) -> None:
        """Counts what was written since the last look; a line that is being written waits for the next one."""
        if self._file is None:
            return
        while (raw := self._file.line_at(self._read_up_to)).endswith(b"\n"):
            line = _read_line(raw)
            if line is not None:
                self._count(line, place=self._read_up_to)
            self._read_up_to += len(raw)

    def _count(self, line: Line, *, place: int) -> None:
        inputs, outputs = line["tokens"]
        if "sent" in line:
            self._calls += 1
            self._open[line["sent"]] = (inputs, outputs)
            return
        self._open.pop(line["settled"], None)
        self._input_tokens += inputs
        self._output_tokens += outputs
        if "key" in line and place >= 0:
            self._places[bytes.fromhex(line["key"])] = place


class _File:
    """Lines of bytes, appended by one process at a time."""

    def __init__(self, path: str) -> None:
        whole = Path(path).expanduser().resolve()
        try:
            whole.parent.mkdir(parents=True, exist_ok=True)
            self._writer = whole.open("ab", buffering=0)
        except OSError as error:
            raise ConfigError(f"The journal {whole} of replies can't be written: {error}.") from error
        self._reader = whole.open("rb")

    @contextmanager
    def alone(self) -> Iterator[None]:
        fcntl.flock(self._writer, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._writer, fcntl.LOCK_UN)

    def append(self, line: bytes) -> None:
        """What a killed process left unfinished ends here, and is skipped by whoever reads it."""
        rest = memoryview((b"" if self._ends_with_newline() else b"\n") + line + b"\n")
        while rest:
            rest = rest[self._writer.write(rest) :]

    def line_at(self, place: int) -> bytes:
        self._reader.seek(place)
        return self._reader.readline()

    def close(self) -> None:
        self._writer.close()
        self._reader.close()

    def _ends_with_newline(self) -> bool:
        end = self._reader.seek(0, os.SEEK_END)
        if end == 0:
            return True
        self._reader.seek(end - 1)
        return self._reader.read(1) == b"\n"


def key_of(*parts: object) -> str:
    """32 hexadecimal digits."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:32]


def _read_line(raw: bytes) -> Line | None:
    """None for what a killed process left unfinished."""
    try:
        line = json.loads(raw)
    except ValueError:
        return None
    return line if isinstance(line, dict) and "tokens" in line else None
