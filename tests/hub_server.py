"""A server on this machine that speaks as much of the Hugging Face Hub's protocol as an upload of small files needs: it makes
repositories, says that every file is a regular one, and takes commits. Large files (LFS, Xet) are not spoken here."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class HubServer:
    url: str = ""
    repositories: dict[str, bool] = field(default_factory=dict)
    """By name, whether it is private."""
    files: dict[str, bytes] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    refuses: int = 0
    """An HTTP code for every request."""


@contextmanager
def serve_hub() -> Iterator[HubServer]:
    state = HubServer()
    with _Http(("127.0.0.1", 0), _Handler) as server:
        server.state = state
        state.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join(timeout=5)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    state: HubServer


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        state = self.server.state
        body = self._body()
        state.tokens.add(self.headers.get("Authorization", ""))
        if state.refuses:
            self._send(state.refuses, {"error": "no"})
        elif self.path == "/api/repos/create":
            asked = json.loads(body)
            name = f"{asked.get('organization') or 'me'}/{asked['name']}"
            state.repositories[name] = asked.get("visibility") == "private"
            self._send(200, {"url": f"{state.url}/datasets/{name}", "name": name})
        elif self.path == "/api/validate-yaml":
            self._send(200, {"errors": [], "warnings": []})
        elif "/preupload/" in self.path:
            paths = [file["path"] for file in json.loads(body)["files"]]
            self._send(200, {"files": [{"path": p, "uploadMode": "regular", "shouldIgnore": False} for p in paths]})
        elif "/commit/" in self.path:
            self._commit([json.loads(line) for line in body.splitlines()])
        else:
            self._send(404, {"error": self.path})

    def do_GET(self) -> None:
        """Nothing is there but what is sent."""
        self._send(404, {"error": self.path})

    def do_HEAD(self) -> None:
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _commit(self, lines: list[dict[str, Any]]) -> None:
        for line in lines:
            if line["key"] == "file":
                self.server.state.files[line["value"]["path"]] = base64.b64decode(line["value"]["content"])
        name = self.path.split("/api/datasets/")[1].split("/commit/")[0]
        url = f"{self.server.state.url}/datasets/{name}/commit/{'0' * 40}"
        self._send(200, {"success": True, "commitOid": "0" * 40, "commitUrl": url})

    def _send(self, code: int, value: dict[str, Any]) -> None:
        body = json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass
