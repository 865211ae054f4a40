"""A server on this machine that speaks both APIs of language models over real sockets, and misbehaves as it is told.

    with serve(["four", Refusal(429, retry_after="1"), Cut(), Hang(5)]) as server:
        settings = EndpointSettings(url=server.url, model="m")

Each request takes the next reply; the last one is given again and again. A function instead of a list answers each request
by what it says. `server.asked` holds what came, in the order of arrival.
"""

import base64
import io
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from tests.local_server import LocalHandler, serving


@dataclass(frozen=True)
class Refusal:
    """An HTTP code other than 200."""

    code: int
    retry_after: str = ""
    body: str = '{"error": {"message": "no"}}'


@dataclass(frozen=True)
class Hang:
    """Nothing is said for this long, then a reply."""

    seconds: float
    text: str = "late"


@dataclass(frozen=True)
class Cut:
    """The connection ends within the body, or before it."""

    after_bytes: int = 20


@dataclass(frozen=True)
class Raw:
    """This body, with HTTP 200: malformed JSON, an empty list of choices, ..."""

    body: bytes


@dataclass(frozen=True)
class Said:
    """A reply with its own finish reason or usage; None leaves the usage out."""

    text: str
    finish_reason: str = "stop"
    usage: tuple[int, int] | None = (90, 10)


Answer = str | Refusal | Hang | Cut | Raw | Said


@dataclass(frozen=True)
class Asked:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        """All texts of all messages."""
        return "\n".join(_words(part) for message in self.body["messages"] for part in _parts(message["content"]))

    @property
    def num_images(self) -> int:
        return len(self._images)

    @property
    def image_sizes(self) -> list[tuple[int, int]]:
        """Width and height."""
        return [Image.open(io.BytesIO(base64.b64decode(_base64(part)))).size for part in self._images]

    @property
    def _images(self) -> list[dict[str, Any]]:
        parts = [part for message in self.body["messages"] for part in _parts(message["content"])]
        return [part for part in parts if part["type"] != "text"]


@dataclass
class EndpointServer:
    answer: Callable[[Asked], Answer]
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    most_at_once: int = 0
    on_request: Callable[[], object] = lambda: None
    """Called within every request, before its reply: a barrier, a look at a file."""
    _at_once: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def handle(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            self.on_request()
            answer = self.answer(asked)
            if isinstance(answer, Hang):
                time.sleep(answer.seconds)
            return answer
        finally:
            with self._lock:
                self._at_once -= 1


@contextmanager
def serve(answers: Sequence[Answer] | Callable[[Asked], Answer]) -> Iterator[EndpointServer]:
    state = EndpointServer(answers if callable(answers) else one_after_another(answers))
    with serving(_Handler, state=state) as url:
        state.url = f"{url}/v1"
        yield state


def one_after_another(answers: Sequence[Answer]) -> Callable[[Asked], Answer]:
    rest, lock = list(answers), threading.Lock()

    def take(_: Asked) -> Answer:
        with lock:
            return rest.pop(0) if len(rest) > 1 else rest[0]

    return take


class _Handler(LocalHandler):
    def do_POST(self) -> None:
        answer = self.state.handle(Asked(self.path, dict(self.headers), json.loads(self.body())))
        if isinstance(answer, Refusal):
            headers = {"Retry-After": answer.retry_after} if answer.retry_after else {}
            self.reply(answer.code, answer.body.encode(), headers)
        elif isinstance(answer, Raw):
            self.reply(200, answer.body)
        elif isinstance(answer, Cut):
            self._cut(_reply(self.path, Said("a reply that is cut off")), answer.after_bytes)
        else:
            text = answer.text if isinstance(answer, Hang) else answer
            said = text if isinstance(text, Said) else Said(text)
            self.reply(200, _reply(self.path, said))

    def _cut(self, body: bytes, after_bytes: int) -> None:
        self.close_connection = True
        if after_bytes:
            self.begin(200, len(body))
            self.wfile.write(body[:after_bytes])


def _reply(path: str, said: Said) -> bytes:
    speaks = {"/v1/chat/completions": _chat_completion, "/v1/messages": _message}
    return json.dumps(speaks[path](said)).encode()


def _chat_completion(said: Said) -> dict[str, Any]:
    message = {"role": "assistant", "content": said.text}
    value: dict[str, Any] = {"choices": [{"index": 0, "message": message, "finish_reason": said.finish_reason}]}
    if said.usage:
        value["usage"] = {"prompt_tokens": said.usage[0], "completion_tokens": said.usage[1]}
    return value


def _message(said: Said) -> dict[str, Any]:
    reason = {"stop": "end_turn", "length": "max_tokens"}[said.finish_reason]
    value: dict[str, Any] = {"content": [{"type": "text", "text": said.text}], "stop_reason": reason}
    if said.usage:
        value["usage"] = {"input_tokens": said.usage[0], "output_tokens": said.usage[1]}
    return value


def _parts(content: str | list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _base64(part: dict[str, Any]) -> str:
    return part["source"]["data"] if part["type"] == "image" else part["image_url"]["url"].partition(",")[2]


def _words(part: dict[str, Any]) -> str:
    return part["text"] if part["type"] == "text" else ""
