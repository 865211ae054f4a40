"""A server on this machine that speaks as much of the Hugging Face Hub's protocol as an upload of small files needs: it makes
repositories, says that every file is a regular one, and takes commits. Large files (LFS, Xet) are not spoken here."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.local_server import LocalHandler, serving


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
    with serving(_Handler, state=state) as url:
        state.url = url
        yield state


class _Handler(LocalHandler):
    def do_POST(self) -> None:
        state = self.state
        body = self.body()
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
        self.begin(404, 0)

    def _commit(self, lines: list[dict[str, Any]]) -> None:
        for line in lines:
            if line["key"] == "file":
                self.state.files[line["value"]["path"]] = base64.b64decode(line["value"]["content"])
        name = self.path.split("/api/datasets/")[1].split("/commit/")[0]
        url = f"{self.state.url}/datasets/{name}/commit/{'0' * 40}"
        self._send(200, {"success": True, "commitOid": "0" * 40, "commitUrl": url})

    def _send(self, code: int, value: dict[str, Any]) -> None:
        self.reply(code, json.dumps(value).encode(), {"Content-Type": "application/json"})
