"""The page shows rows as they are, and needs nothing else."""

import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from spatialrl.data.inspection.cards import make_card
from spatialrl.data.inspection.order import Order
from spatialrl.data.inspection.page import page, write_page
from spatialrl.types import FramePlan, Media, SceneGraph, SceneObject
from tests.media_files import write_clip
from tests.unit.data.inspection.planted import inspected, photo, row, rows, text_row

ORDER = Order(path="x")
VOID = {"meta"}
CHROMES = ("chromium", "chromium-browser", "google-chrome")
BROWSERS = (*CHROMES, "firefox")
NARROWEST_LABEL = """<script>
const labels = [...document.querySelectorAll(".parts th")];
document.title = Math.min(...labels.map((label) => label.clientWidth));
</script>"""


class Nesting(HTMLParser):
    """Every tag that is opened is closed, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.open += [] if tag in VOID else [tag]

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


@pytest.fixture
def html(tmp_path: Path) -> str:
    folder = tmp_path / "set"
    plan = FramePlan(indices=(0, 1, 2, 3), source_fps=10.0, num_source_frames=4)
    write_clip(tmp_path / "clip.mp4", num_frames=4, size=(48, 32))
    clip = Media(kind="video", path=str(tmp_path / "clip.mp4"), width=48, height=32, frames=plan)
    tasks = [*rows(folder, 4), text_row("film", "a door", media=(clip,)), replace(row(folder, 9), answer="Z")]
    return page(inspected(folder, tasks), ORDER)


def test_the_page_is_whole_and_asks_for_nothing_from_outside(html: str):
    read = Nesting(html)
    assert (read.wrong, read.open) == ([], [])
    assert "<script" not in html
    assert not re.search(r"https?://|@import|url\(", html)
    assert set(re.findall(r'(?:href|src)="([^"]{0,10})', html)) == {"data:image"}


def test_the_page_has_the_findings_the_counts_and_the_rows(html: str):
    texts = Nesting(html).texts
    for said in ("train.parquet", "The answer can't be right: 1 row.", "Sources", "rooms", "words"):
        assert said in texts
    assert texts.count("Its answer 'Z' is none of its options, A to B.") == 1
    assert next(text for text in texts if text.startswith("Where is thing")) == "Where is thing 9?"
    assert html.count("<article") == 6
    assert "video · 48 × 32 · 4 frames" in texts
    assert texts.count("thing.1") == 2 * 5  # a name over the box, and one for whoever points at it


def test_the_worst_findings_stand_first(html: str):
    verdicts = re.findall(r'<td><span class="verdict (\w+)">', html)
    assert verdicts == sorted(verdicts, key=["stop", "look", "ok"].index)
    assert verdicts[0] == "stop"


def test_what_rows_say_is_shown_and_not_run(tmp_path: Path):
    bad = "<script>alert(1)</script>"
    scene = SceneGraph(objects=(SceneObject(id=bad, bbox=(1, 1, 9, 9)),), relationships=())
    task = row(tmp_path, 1, question=bad, options=(bad, "b"), source=bad, family=bad, scene=scene)
    html = page(inspected(tmp_path, [task, replace(task, id=bad)]), ORDER)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def boxes(task, order: Order = ORDER) -> list[tuple[float, float, float, float]]:
    return [(box.x, box.y, box.width, box.height) for box in make_card(task, order).shots[0].boxes]


def test_boxes_are_drawn_in_the_pixels_of_the_file(tmp_path: Path):
    task = row(tmp_path, 1)
    objects = task.scene.objects if task.scene else ()
    assert boxes(task) == [(10, 10, 50, 40)]
    # 160 x 120 in thousandths: 0.16 and 0.12 pixels each.
    assert boxes(replace(task, scene=SceneGraph(objects=objects, relationships=(), frame="thousandths"))) == [
        (1.6, 1.2, 8.0, 4.8)
    ]
    # At least 280 x 224 pixels are ten by eight patches of 28: 4/7 and 15/28 of a pixel each.
    resized = SceneGraph(objects=objects, relationships=(), frame="resized_pixels")
    large = Order(path="x", min_pixels=280 * 196, max_pixels=10**6)
    assert boxes(replace(task, scene=resized), large) == [(5.7, 5.4, 28.6, 21.4)]


@pytest.mark.parametrize("box", [(9, 9, 1, 1), (float("nan"), 0, 9, 9), (200, 200, 300, 300)])
def test_boxes_that_can_not_be_drawn_are_no_part_of_a_card(tmp_path: Path, box: tuple):
    scene = SceneGraph(objects=(SceneObject(id="a.1", bbox=box),), relationships=())
    assert boxes(row(tmp_path, 1, scene=scene)) == []


def test_a_medium_that_can_not_be_read_leaves_a_grey_field(tmp_path: Path):
    task = row(tmp_path, 1)
    (tmp_path / "1.jpg").write_bytes(b"")
    (shot,) = make_card(task, ORDER).shots
    assert (shot.data, shot.caption, shot.boxes) == ("", "can't be read", ())


def test_mirrored_and_blank_media_are_shown_as_the_model_sees_them(tmp_path: Path):
    task = row(tmp_path, 1)
    mirrored, blank = (replace(task.media[0], **{word: True}) for word in ("mirrored", "blank"))
    plain, other, grey = make_card(replace(task, media=(task.media[0], mirrored, blank)), ORDER).shots
    assert len({plain.data, other.data, grey.data}) == 3
    assert (other.caption, grey.caption) == ("image · 160 × 120 · mirrored", "image · 160 × 120 · blank")


def test_a_row_with_many_media_says_how_many_are_not_shown(tmp_path: Path):
    media = tuple(photo(tmp_path / f"m{number}.jpg", number) for number in range(9))
    card = make_card(text_row("many", "x", media=media), ORDER)
    assert (len(card.shots), card.num_hidden) == (6, 3)


def test_the_page_is_complete_or_absent(tmp_path: Path):
    found = inspected(tmp_path, [text_row("a", "b")])
    write_page(tmp_path / "pages/a.html", found, ORDER)
    before = (tmp_path / "pages/a.html").read_bytes()
    broken = replace(found, name="\ud800")
    with pytest.raises(UnicodeEncodeError):
        write_page(tmp_path / "pages/a.html", broken, ORDER)
    assert (tmp_path / "pages/a.html").read_bytes() == before
    assert [path.name for path in (tmp_path / "pages").iterdir()] == ["a.html"]


@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="no browser on this machine")
def test_a_browser_draws_the_page(tmp_path: Path, html: str):
    """A picture of it in which more than one colour is seen."""
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    browser = next(filter(None, map(shutil.which, BROWSERS)))
    sandbox = [] if "firefox" in browser else ["--no-sandbox", "--disable-gpu"]
    shot = tmp_path / "shot.png"
    command = [browser, "--headless", *sandbox, f"--screenshot={shot}", "--window-size=1100,1600"]
    subprocess.run([*command, (tmp_path / "page.html").as_uri()], check=True, capture_output=True, timeout=120)
    with Image.open(shot) as image:
        assert len(image.convert("RGB").getcolors(2**24) or []) > 50


@pytest.mark.skipif(not any(map(shutil.which, CHROMES)), reason="no Chromium on this machine")
def test_a_browser_leaves_the_names_of_counts_their_width(tmp_path: Path, html: str):
    """In pixels, beside bars that would take all of it."""
    (tmp_path / "page.html").write_text(html + NARROWEST_LABEL, encoding="utf-8")
    browser = next(filter(None, map(shutil.which, CHROMES)))
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "--window-size=1100,1600"]
    done = subprocess.run(
        [*command, (tmp_path / "page.html").as_uri()], check=True, capture_output=True, text=True, timeout=120
    )
    assert float(done.stdout.split("<title>")[1].split("</title>")[0]) > 60
