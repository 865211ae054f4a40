"""A run folder becomes one page that needs nothing else."""

import base64
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from spatialrl.errors import ConfigError
from spatialrl.report import report, write_report
from spatialrl.report.cards import choose_cards
from spatialrl.report.page import duration
from spatialrl.report.pictures import picture, rectangles
from spatialrl.report.record import read_run

SCENE = '{"objects": [{"id": "cube.1", "bbox": [4, 4, 20, 20]}], "relationships": []}'


def response(answer: str, *, scene: str = SCENE) -> str:
    return f"<observe>a cube</observe><scene>{scene}</scene><think>t</think><answer>{answer}</answer>"


def row(task_id: str, **changes: Any) -> dict[str, Any]:
    right = changes.pop("right", True)
    return {
        "task_id": task_id,
        "family": "relation",
        "media": [],
        "question": "Where is the cube?",
        "options": ["left", "right"],
        "answer": "A",
        "truth": [{"id": "cube.1", "bbox": [2.0, 3.0, 18.0, 19.0]}],
        "response": response("(A) left" if right else "(B) right"),
        "num_tokens": 20,
        "finish_reason": "stop",
        "versions": [[1, 0, 20]],
        "advantage": 0.5,
        "status": "scored",
        "reward": 0.9 if right else 0.1,
        "parts": {"accuracy": float(right), "spatial": 0.7},
        **changes,
    }


def write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Three steps, two held-out tasks with images, and an image whose file is gone."""
    folder = tmp_path / "run"
    media = [str(tmp_path / f"{index}.png") for index in range(2)]
    for path in media:
        Image.new("RGB", (40, 30), (200, 120, 40)).save(path)
    steps = [
        {
            "step": step,
            "wall_time": 100.0 + 10 * step,
            "reward/mean": 0.1 * step,
            "rollout/completion_tokens": 500.0,
            "time/collect_s": 2.0,
            "time/step_s": 5.0,
        }
        for step in (1, 2, 3)
    ]
    write_rows(folder / "metrics.jsonl", steps)
    write_rows(folder / "evaluation/before.jsonl", [row("a", right=False, media=media[:1]), row("b", right=False)])
    write_rows(folder / "evaluation/after.jsonl", [row("a", media=media[:1]), row("b", right=False)])
    write_rows(folder / "evaluation/blind.jsonl", [row("a/blank", right=False), row("b/blank", right=False)])
    gone = str(tmp_path / "gone.png")
    write_rows(folder / "rollouts/step_000002.jsonl", [row("old", reward=5.0)])
    write_rows(folder / "rollouts/step_000003.jsonl", [row("c", media=media[1:]), row("d", right=False, media=[gone])])
    (folder / "config.yaml").write_text("name: rooms\nseed: 7\n")
    (folder / "manifest.json").write_text(json.dumps({"seed": 7, "command": ["spatialrl", "train"]}))
    return folder


def written(folder: Path) -> str:
    return write_report(folder).read_text()


def test_the_first_line_tells_what_the_run_reached(run: Path) -> None:
    lead = re.search('class="lead">(.*?)<', written(run))
    assert lead
    assert lead[1] == (
        "3 steps, held-out accuracy 0.0 % → 50.0 %, held-out reward 0.100 → 0.500, blind accuracy 0.0 %, "
        "completion tokens per second 250."
    )


def test_a_run_that_goes_on_tells_where_it_began(run: Path) -> None:
    (run / "evaluation/after.jsonl").unlink()
    assert "held-out accuracy 0.0 %, held-out reward 0.100" in written(run)


def test_the_page_asks_for_nothing_from_outside(run: Path) -> None:
    html = written(run)
    assert "<script" not in html
    assert not re.search(r"https?://|@import|url\(", html)
    assert set(re.findall(r'(?:href|src)="([^"]{0,10})', html)) == {"data:image"}


def test_what_a_model_writes_is_shown_and_not_run(run: Path) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    boxed = response("(A) left") + bad
    write_rows(run / "rollouts/step_000004.jsonl", [row("x", response=boxed, question=bad, options=[bad], answer=bad)])
    html = written(run)
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_the_cards_show_what_was_learned_and_the_extremes_of_the_last_step(run: Path) -> None:
    cards = choose_cards(read_run(run))
    assert [(card.title, card.row["task_id"]) for card in cards] == [
        ("Wrong before, right after", "a"),
        ("Best of the last step", "c"),
        ("Worst of the last step", "d"),
    ]
    assert "(B) right" in cards[0].earlier


def test_answers_to_shuffled_frames_are_no_extremes(run: Path) -> None:
    rows = [row("c"), row("d", right=False), row("c/shuffled", reward=0.0, shown="shuffled")]
    write_rows(run / "rollouts/step_000003.jsonl", rows)
    assert [card.row["task_id"] for card in choose_cards(read_run(run))[1:]] == ["c", "d"]


def test_a_mirrored_image_is_shown_as_the_model_saw_it(tmp_path: Path) -> None:
    image = Image.new("RGB", (40, 30), (0, 0, 0))
    image.putpixel((0, 0), (255, 255, 255))
    image.save(tmp_path / "a.png")
    found = picture(row("a", media=[str(tmp_path / "a.png")], shown="mirrored"))
    assert found is not None
    shown = Image.open(io.BytesIO(base64.b64decode(found.data.partition(",")[2]))).convert("RGB")
    assert shown.getpixel((39, 0)) == (255, 255, 255)
    assert shown.getpixel((0, 0)) == (0, 0, 0)


def test_true_and_written_boxes_lie_over_the_embedded_image(run: Path) -> None:
    found = choose_cards(read_run(run))[0].picture
    assert found is not None
    assert (found.width, found.height) == (40, 30)
    assert found.data.startswith("data:image/png;base64,")
    assert [(box.x, box.y, box.width, box.height) for box in found.true_boxes] == [(2.0, 3.0, 16.0, 16.0)]
    assert [(box.x, box.y, box.width, box.height) for box in found.model_boxes] == [(4.0, 4.0, 16.0, 16.0)]


def test_an_image_that_is_gone_leaves_its_boxes(run: Path) -> None:
    found = choose_cards(read_run(run))[-1].picture
    assert found is not None
    assert found.data == ""
    assert len(found.true_boxes) == 1
    assert "The image file is not there any more." in written(run)


def test_a_cut_image_file_leaves_a_grey_field(tmp_path: Path) -> None:
    path = tmp_path / "cut.png"
    Image.effect_noise((64, 64), 90).save(path)
    path.write_bytes(path.read_bytes()[:900])
    found = picture(row("a", media=[str(path)]))
    assert found is not None
    assert found.data == ""


@pytest.mark.parametrize(
    "box", [[float("nan"), 0, 9, 9], [9, 9, 1, 1], [5, 5, 5, 5], [10**400, 0, 10**401, 9], [-9, -9, -1, -1]]
)
def test_boxes_that_can_not_be_drawn_are_left_out(box: list[float]) -> None:
    assert rectangles([("cube.1", box)], size=(40, 30), frame=None) == []


def test_boxes_in_thousandths_are_stretched_to_the_image() -> None:
    (found,) = rectangles([("cube.1", [500, 500, 2000, 1000])], size=(40, 30), frame=(1000, 1000))
    assert (found.x, found.y, found.width, found.height) == (20.0, 15.0, 20.0, 15.0)


def test_each_family_has_its_own_line(run: Path) -> None:
    rows = [row("a", family="counting"), row("b", right=False, family="two_words")]
    write_rows(run / "evaluation/after.jsonl", rows)
    html = written(run)
    assert re.findall('<th scope="row">([a-z ]+)</th>\n<td class="number">', html) == [
        "all",
        "counting",
        "relation",
        "two words",
    ]


@pytest.mark.parametrize("part", ["evaluation", "rollouts", "metrics.jsonl", "config.yaml", "manifest.json"])
def test_a_run_without_a_part_has_a_shorter_page(run: Path, part: str) -> None:
    whole = len(written(run))
    (run / part).rename(run.parent / "elsewhere")
    assert len(written(run)) < whole


def test_an_empty_folder_has_a_page(tmp_path: Path) -> None:
    assert "No step yet." in written(tmp_path)


def test_a_row_that_is_being_written_is_left_out(run: Path) -> None:
    with (run / "metrics.jsonl").open("a") as file:
        file.write('{"step": 4, "rew')
    assert len(read_run(run).steps) == 3


def test_unscored_answers_are_told_as_such(run: Path) -> None:
    lost = {key: value for key, value in row("a").items() if key not in ("reward", "parts")}
    lost |= {"status": "unscored", "reason": "no image size"}
    write_rows(run / "evaluation/after.jsonl", [lost])
    write_rows(run / "rollouts/step_000003.jsonl", [lost])
    assert "held-out reward 0.100 → unscored" in written(run)


def test_the_verb_names_a_folder_that_is_not_there() -> None:
    with pytest.raises(ConfigError, match="run=nowhere: there is no such folder"):
        report(["run=nowhere"])


def test_the_verb_says_how_it_is_used() -> None:
    with pytest.raises(ConfigError, match="spatialrl report run="):
        report(["folder=x"])


def test_a_run_of_more_than_a_day_is_told_in_hours():
    steps = [{"wall_time": 1_000.0, "time/step_s": 10.0}, {"wall_time": 100_990.0}]
    assert duration(steps) == "27 h 46 min 40 s"
