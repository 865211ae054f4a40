"""Media on the network: a real server on this machine, which can be told to misbehave."""

import io
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PIL import Image

from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.download import Network
from spatialrl.data.importers.probe import FrameBudget
from spatialrl.data.importers.shelf import Shelf
from tests.local_server import LocalHandler, serving
from tests.unit.data.importers.sources import picture, put_video

NETWORK = Network(max_bytes=100_000, timeout_s=2.0, pause_s=0.01)


@dataclass
class Server:
    files: dict[str, bytes]
    address: str = ""
    asked: Counter[str] = field(default_factory=Counter)
    ends: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str) -> str:
        return f"{self.address}{path}"


class Handler(LocalHandler):
    def do_GET(self) -> None:
        self.state.asked[self.path] += 1
        content, first = self.state.files.get(self.path, b""), self.state.asked[self.path] == 1
        code = 404 if not content else 503 if self.path.startswith("/busy") and first else 200
        self.begin(code, len(content))
        if self.path.startswith("/cut") and first:
            self.wfile.write(content[:50])
            self.close_connection = True
        elif self.path.startswith("/slow"):
            while not self.state.ends.wait(0.05):
                self.wfile.write(b"x")
                self.wfile.flush()
        else:
            self.wfile.write(content)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    video = put_video(tmp_path_factory.mktemp("video") / "a.mp4").read_bytes()
    names = ("/a", "/busy.png", "/cut.png", "/lie.jpg")
    files = {**dict.fromkeys(names, picture()), "/a.mp4": video, "/bad.mp4": video[:200]}
    server = Server(files | {"/large.png": bytes(100_001), "/slow.png": bytes(10_000), "/page.png": b"<html>"})
    with serving(Handler, state=server) as server.address:
        yield server
        server.ends.set()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path, roots=[tmp_path], budget=FrameBudget(), network=NETWORK)


@pytest.mark.parametrize("path", ["/a", "/lie.jpg"])
def test_an_image_is_kept_under_its_hash_with_the_ending_of_its_content(server: Server, shelf: Shelf, path: str):
    medium = shelf.image({"url": server.url(path)})
    assert (medium.width, medium.height) == (40, 30)
    assert Path(medium.path).name == f"{medium.sha256}.png"
    assert Path(medium.path).read_bytes() == picture()


def test_a_video_gets_its_frames(server: Server, shelf: Shelf):
    medium = shelf.video(server.url("/a.mp4"))
    assert medium.path.endswith(".mp4")
    assert medium.frames is not None


@pytest.mark.parametrize("path", ["/busy.png", "/cut.png"])
def test_what_fails_once_is_asked_again_and_what_is_known_is_not(server: Server, shelf: Shelf, path: str):
    assert shelf.image(server.url(path)) == shelf.image(server.url(path))
    assert server.asked[path] == 2


@pytest.mark.parametrize(
    ("path", "told", "asked"),
    [
        ("/none.png", "the server answers 404", 1),
        ("/large.png", "larger than the 100,000 bytes", 1),
        ("/slow.png", "took longer than 0.2 s", 3),
        ("/page.png", "Its image", 1),
        ("/bad.mp4", "Its video", 1),
    ],
)
def test_what_can_not_be_had_is_told_once_and_not_kept(
    server: Server, tmp_path: Path, path: str, told: str, asked: int
):
    shelf = Shelf(tmp_path, roots=[], budget=FrameBudget(), network=replace(NETWORK, timeout_s=0.2))
    read = shelf.video if path.endswith("mp4") else shelf.image
    for _ in range(2):
        with pytest.raises(BadRow, match=told):
            read(server.url(path))
    assert server.asked[path] == asked
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_nothing_is_fetched_unless_it_is_asked_for(server: Server, tmp_path: Path):
    before = sum(server.asked.values())
    with pytest.raises(BadRow, match="allow_urls=true"):
        Shelf(tmp_path, roots=[tmp_path], budget=FrameBudget()).image(server.url("/a"))
    assert sum(server.asked.values()) == before


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "CMYK"])
def test_a_pillow_image_is_kept_without_loss(shelf: Shelf, mode: str):
    image = Image.open(io.BytesIO(picture())).convert(mode)
    kept = Image.open(shelf.image(image).path)
    assert kept.convert("RGB").tobytes() == image.convert("RGB").tobytes()
