import json
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

import pytest
from small_sources import picture, put, seen
from small_spatial import SPATIAL

from spatialrl.benchmarks.rows import questions
from spatialrl.benchmarks.spec import read_benchmark

COMMIT = "0123456789abcdef0123456789abcdef01234567"
HOME = "/MMVP/MMVP"


class Hub(ThreadingHTTPServer):
    """A Hub with one data set, the files of a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.folder = folder
        self.fetched: list[str] = []

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answer(BaseHTTPRequestHandler):
    server: Hub  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_HEAD(self) -> None:
        self.answer(with_body=False)

    def do_GET(self) -> None:
        self.answer(with_body=True)

    def answer(self, *, with_body: bool) -> None:
        path = unquote(self.path.partition("?")[0])
        files = [p.relative_to(self.server.folder).as_posix() for p in self.server.folder.rglob("*") if p.is_file()]
        if path.startswith(f"/api/datasets{HOME}/revision/"):
            content = json.dumps({"id": HOME[1:], "sha": COMMIT, "tags": [], "siblings": []}).encode()
        elif path.startswith(f"/api/datasets{HOME}/tree/"):
            tree = [{"type": "file", "path": name, "size": 1, "oid": COMMIT} for name in files]
            content = json.dumps(tree).encode()
        elif path.startswith(f"/datasets{HOME}/resolve/{COMMIT}/"):
            name = path.removeprefix(f"/datasets{HOME}/resolve/{COMMIT}/")
            content = (self.server.folder / name).read_bytes()
            self.server.fetched += [name] if with_body else []
        else:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", f'"{sha256(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        self.wfile.write(content if with_body else b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    server = Hub(SPATIAL["mmvp"].write(tmp_path / "remote"))
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", server.endpoint)
    template = server.endpoint + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_of_a_data_set_of_the_hub_only_what_is_needed_comes_once(hub: Hub, tmp_path: Path):
    put(hub.folder / "more/of_no_use.parquet", b"x" * 1000)
    put(hub.folder / "cover.png", picture())
    asked = [list(questions(read_benchmark("mmvp"), folder=tmp_path / f"out{n}", report=[].append)) for n in range(2)]
    assert [seen(task) for task in asked[0]] == list(SPATIAL["mmvp"].asked)
    assert asked[0] == asked[1]
    assert sorted(hub.fetched) == ["MMVP Images/1.jpg", "MMVP Images/2.jpg", "Questions.csv"]
