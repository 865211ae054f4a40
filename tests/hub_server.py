"""A server on this machine that speaks as much of the Hugging Face Hub's protocol as an upload needs: it makes repositories,
says which files are large, takes these by LFS and the others in commits. Xet is not spoken here."""

import base64
import hashlib
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
    large: tuple[str, ...] = ()
    """Ends of the names of files that are sent by LFS."""
    objects: dict[str, bytes] = field(default_factory=dict)
    """What came by LFS, by its SHA-256."""
    refuses_objects: int = 0
    """An HTTP code for every object."""
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
            self._send(200, {"files": [self._mode(file["path"]) for file in json.loads(body)["files"]]})
        elif self.path.endswith("/info/lfs/objects/batch"):
            self._send(200, {"objects": [self._ticket(**asked) for asked in json.loads(body)["objects"]]})
        elif "/commit/" in self.path:
            self._commit([json.loads(line) for line in body.splitlines()])
        else:
            self._send(404, {"error": self.path})

    def do_GET(self) -> None:
        """Nothing is there but what is sent."""
        self._send(404, {"error": self.path})

    def do_PUT(self) -> None:
        body = self.body()
        if self.state.refuses_objects:
            self._send(self.state.refuses_objects, {"error": "no"})
            return
        self.state.objects[hashlib.sha256(body).hexdigest()] = body
        self._send(200, {})

    def do_HEAD(self) -> None:
        self.begin(404, 0)

    def _mode(self, path: str) -> dict[str, Any]:
        mode = "lfs" if self.state.large and path.endswith(self.state.large) else "regular"
        return {"path": path, "uploadMode": mode, "shouldIgnore": False}

    def _ticket(self, oid: str, size: int) -> dict[str, Any]:
        """Where an object is to be put; nowhere, if it is here."""
        place = {"upload": {"href": f"{self.state.url}/objects/{oid}"}}
        return {"oid": oid, "size": size} | ({} if oid in self.state.objects else {"actions": place})

    def _commit(self, lines: list[dict[str, Any]]) -> None:
        for line in lines:
            if line["key"] == "file":
                self.state.files[line["value"]["path"]] = base64.b64decode(line["value"]["content"])
            if line["key"] == "lfsFile":
                self.state.files[line["value"]["path"]] = self.state.objects[line["value"]["oid"]]
        name = self.path.split("/api/datasets/")[1].split("/commit/")[0]
        url = f"{self.state.url}/datasets/{name}/commit/{'0' * 40}"
        self._send(200, {"success": True, "commitOid": "0" * 40, "commitUrl": url})

    def _send(self, code: int, value: dict[str, Any]) -> None:
        self.reply(code, json.dumps(value).encode(), {"Content-Type": "application/json"})
