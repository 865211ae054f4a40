"""The shell of the tests' own servers: HTTP over real sockets of this machine, a thread for every request, gone when the
test is over.

    class Handler(LocalHandler):
        def do_GET(self) -> None:
            self.reply(200, b"hello")

    with serving(Handler, state=...) as url: ...
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

POLL_S = 0.01
JOIN_S = 5.0


class LocalServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512
    state: Any = None
    """Whatever the handler keeps between requests."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asked did not wait."""


class LocalHandler(BaseHTTPRequestHandler):
    server: LocalServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    """A body that waits until its head is acknowledged costs 40 ms a reply."""

    @property
    def state(self) -> Any:
        return self.server.state

    def body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def reply(self, code: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.begin(code, len(body), headers)
        self.wfile.write(body)

    def begin(self, code: int, length: int, headers: Mapping[str, str] | None = None) -> None:
        """All that stands before the body."""
        self.send_response(code)
        for name, value in {"Content-Length": str(length), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


@contextmanager
def serving(handler: type[LocalHandler], *, state: Any) -> Iterator[str]:
    """Gives its address."""
    with LocalServer(("127.0.0.1", 0), handler) as server:
        server.state = state
        thread = threading.Thread(target=server.serve_forever, args=(POLL_S,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join(JOIN_S)
