"""A server on this machine that speaks both APIs of language models over real sockets, and misbehaves as it is told.

    with serve(["four", Refusal(429, retry_after="1"), Cut(), Hang(5)]) as server:
        settings = EndpointSettings(url=server.url, model="m")

Each request takes the next reply; the last one is given again and again. A function instead of a list answers each request
by what it says. `server.asked` holds what came, in the order of arrival.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


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
        parts = [part for message in self.body["messages"] for part in _parts(message["content"])]
        return sum(part["type"] != "text" for part in parts)


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
    with _Http(("127.0.0.1", 0), _Handler) as server:
        server.state = state
        state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join(timeout=5)


def one_after_another(answers: Sequence[Answer]) -> Callable[[Asked], Answer]:
    rest, lock = list(answers), threading.Lock()

    def take(_: Asked) -> Answer:
        with lock:
            return rest.pop(0) if len(rest) > 1 else rest[0]

    return take


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512
    state: EndpointServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asked did not wait."""


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = Asked(self.path, dict(self.headers), body)
        answer = self.server.state.handle(asked)
        if isinstance(answer, Refusal):
            headers = {"Retry-After": answer.retry_after} if answer.retry_after else {}
            self._send(answer.code, answer.body.encode(), headers)
        elif isinstance(answer, Raw):
            self._send(200, answer.body)
        elif isinstance(answer, Cut):
            self._cut(_reply(self.path, Said("a reply that is cut off")), answer.after_bytes)
        else:
            text = answer.text if isinstance(answer, Hang) else answer
            said = text if isinstance(text, Said) else Said(text)
            self._send(200, _reply(self.path, said))

    def _send(self, code: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(code)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _cut(self, body: bytes, after_bytes: int) -> None:
        self.close_connection = True
        if after_bytes:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:after_bytes])

    def log_message(self, format: str, *args: Any) -> None:
        pass


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


def _words(part: dict[str, Any]) -> str:
    return part["text"] if part["type"] == "text" else ""
