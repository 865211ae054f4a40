"""A whole evaluation against a model behind HTTP: rows of a benchmark, prompts, images, faults, files and the table."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_sources import picture, put

from spatialrl.benchmarks.backends.endpoint_model import endpoint_model
from spatialrl.benchmarks.identity import endpoint_identity
from spatialrl.benchmarks.order import read_order
from spatialrl.benchmarks.results_table import lines_of, plan
from spatialrl.benchmarks.run import Result, run_benchmark, try_out
from spatialrl.benchmarks.samples import Sample, read_samples
from spatialrl.errors import ConfigError, WorkerDied
from tests.endpoint_server import Asked, Cut, EndpointServer, Raw, Refusal, Said, serve

NUM_ROWS = 6


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Rows of task form: whether a picture is A or B, in turn."""
    folder = tmp_path / "rows"
    lines = []
    for number in range(NUM_ROWS):
        put(folder / f"{number}.png", picture(number))
        medium = {"kind": "image", "path": f"{number}.png", "width": 32, "height": 24}
        lines.append(
            {
                "id": f"q{number}",
                "question": f"Is picture {number} left or right?",
                "media": [medium],
                "options": ["left", "right"],
                "answer": "AB"[number % 2],
                "answer_kind": "choice",
                "family": "relation",
                "split": "test",
            }
        )
    (folder / "test.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


@pytest.fixture
def right() -> Iterator[EndpointServer]:
    """Knows the answers by heart, if it sees the picture."""
    with serve(by_heart) as server:
        yield server


def by_heart(asked: Asked) -> str:
    number = next(number for number in range(NUM_ROWS) if f"picture {number} " in asked.text)
    return f"<answer>{'AB'[number % 2]}</answer>"


def run(tmp_path: Path, rows: Path, server: EndpointServer, *words: str, api: str = "openai") -> Result:
    fixed = [
        "benchmark=scenes",
        f"backend={api}",
        f"endpoint.url={server.url}",
        "endpoint.model=m",
        "endpoint.first_pause_s=0.01",
        f"source={rows / 'test.jsonl'}",
        f"output_dir={tmp_path}/out",
        f"data.folder={tmp_path}/benchmarks",
    ]
    config, (benchmark,) = read_order([*fixed, *words])
    try_out(benchmark, config)

    async def work() -> Result:
        async with endpoint_model(config) as model:
            identity = endpoint_identity(config.eval.endpoint)
            return await run_benchmark(benchmark, config, rollout=model, model=identity)

    return asyncio.run(work())


def samples_of(result: Result) -> list[Sample]:
    return read_samples(result.folder / "samples.jsonl")


@pytest.mark.parametrize("api", ["openai", "anthropic"])
def test_every_question_is_asked_with_its_picture_and_scored(
    tmp_path: Path, rows: Path, right: EndpointServer, api: str
):
    result = run(tmp_path, rows, right, api=api)
    assert result.summary.headline == 100
    assert [sample.id for sample in samples_of(result)] == [f"q{number}" for number in range(NUM_ROWS)]
    assert [asked.num_images for asked in right.asked] == [1] * NUM_ROWS
    assert all(asked.body["temperature"] == 0 and "seed" not in asked.body for asked in right.asked)
    assert "Options:\nA. left\nB. right" in right.asked[0].text
    manifest = json.loads((result.folder / "manifest.json").read_text())
    assert manifest["settings"]["model.name"] == "m"
    assert json.loads((result.folder / "summary.json").read_text())["num"] == NUM_ROWS
    assert "100.0 %" in lines_of(result)


@pytest.mark.parametrize(("patch", "size"), [(28, (28, 28)), (32, (32, 32)), (12, (36, 24)), (1, (32, 24))])
def test_pictures_are_shown_in_whole_patches_of_the_model(
    tmp_path: Path, rows: Path, right: EndpointServer, patch: int, size: tuple[int, int]
):
    """They have 32 x 24 pixels."""
    run(tmp_path, rows, right, f"patch={patch}", "data.min_pixels=1")
    assert {asked.image_sizes[0] for asked in right.asked} == {size}


def test_a_busy_server_is_asked_again_and_what_never_works_is_an_error(tmp_path: Path, rows: Path):
    faults = {"1": [Refusal(429, retry_after="0"), Cut(), Raw(b"{}")], "2": [Refusal(400)] * 9}

    def answer(asked: Asked) -> object:
        number = next(number for number in faults | {"": 0} if f"picture {number} " in asked.text or not number)
        return faults[number].pop(0) if faults.get(number) else by_heart(asked)

    with serve(answer) as server:  # type: ignore[arg-type]
        result = run(tmp_path, rows, server)
    samples = {sample.id: sample for sample in samples_of(result)}
    assert samples["q1"].score == 1
    assert samples["q2"].is_error
    assert "400" in samples["q2"].reason
    assert result.summary.num_errors == 1
    assert result.summary.headline == pytest.approx(100 * 5 / 6)


def test_answers_that_were_cut_off_are_counted(tmp_path: Path, rows: Path):
    def answer(asked: Asked) -> Said:
        cut = "picture 1 " in asked.text or "picture 4 " in asked.text
        return Said("<think>It is", finish_reason="length") if cut else Said(by_heart(asked))

    with serve(answer) as server:  # type: ignore[arg-type]
        result = run(tmp_path, rows, server)
    told = json.loads((result.folder / "summary.json").read_text())
    assert (told["num_truncated"], told["num_errors"]) == (2, 0)
    assert result.summary.headline == pytest.approx(100 * 4 / 6)


def test_a_finished_evaluation_asks_nothing(tmp_path: Path, rows: Path, right: EndpointServer):
    first = run(tmp_path, rows, right)
    before = (first.folder / "samples.jsonl").read_bytes()
    second = run(tmp_path, rows, right)
    assert len(right.asked) == NUM_ROWS
    assert (second.folder, (second.folder / "samples.jsonl").read_bytes()) == (first.folder, before)


def test_another_setting_is_another_folder_and_is_told(
    tmp_path: Path, rows: Path, right: EndpointServer, capsys: pytest.CaptureFixture[str]
):
    first = run(tmp_path, rows, right)
    second = run(tmp_path, rows, right, "sampling.max_tokens=7")
    assert first.folder != second.folder
    assert "sampling.max_tokens 1024 -> 7" in capsys.readouterr().err
    assert right.asked[-1].body["max_tokens"] == 7


def test_an_exhausted_budget_ends_the_run_and_keeps_what_was_paid(tmp_path: Path, rows: Path, right: EndpointServer):
    words = ["endpoint.max_calls=3", "max_in_flight=1"]
    with pytest.raises(ExceptionGroup) as caught:
        run(tmp_path, rows, right, *words)
    assert caught.group_contains(WorkerDied, match="calls")
    assert len(right.asked) == 3
    assert run(tmp_path, rows, right, "endpoint.max_calls=100").summary.headline == 100
    assert len(right.asked) == NUM_ROWS


def test_a_wrong_key_ends_the_run(tmp_path: Path, rows: Path):
    with serve([Refusal(401)]) as server, pytest.raises((ConfigError, ExceptionGroup)) as caught:
        run(tmp_path, rows, server)
    assert isinstance(caught.value, ConfigError) or caught.group_contains(ConfigError)  # type: ignore[attr-defined]


def test_a_blind_run_sees_grey_and_stands_beside_the_other(tmp_path: Path, rows: Path, right: EndpointServer):
    result = run(tmp_path, rows, right, "blind=true")
    assert len(right.asked) == 2 * NUM_ROWS
    blind = right.asked[NUM_ROWS:]
    # All pictures are of one size, and grey: one image.
    assert len({json.dumps(asked.body["messages"][0]["content"][0]) for asked in blind}) == 1
    (lift,) = [lift for lift in result.lifts if lift.baseline == "text-only"]
    assert (lift.headline, lift.over.value) == (100, 0)


def test_a_missing_picture_is_an_error_not_a_gap(tmp_path: Path, rows: Path, right: EndpointServer):
    (rows / "3.png").unlink()
    (rows / "4.png").write_bytes(b"no image")
    result = run(tmp_path, rows, right)
    samples = samples_of(result)
    assert len(samples) == NUM_ROWS
    assert sorted(sample.id.split()[0] for sample in samples if sample.is_error) == ["q3", "q4"]
    assert result.summary.headline == pytest.approx(100 * 4 / 6)


def test_a_map_of_its_own_is_drawn_first(tmp_path: Path, rows: Path):
    def answer(asked: Asked) -> Said:
        is_map = "Draw a map" in asked.text
        return Said('{"sofa": [[1, 2]]}' if is_map else by_heart(asked))

    with serve(answer) as server:
        result = run(tmp_path, rows, server, "cognitive_map=self", "max_in_flight=1")
    assert [asked.body["max_tokens"] for asked in server.asked[:2]] == [256, 1024]
    assert 'cells of a 10 x 10 grid:\n{"sofa": [[1, 2]]}' in server.asked[1].text
    assert samples_of(result)[0].extra["cognitive_map"] == '{"sofa": [[1, 2]]}'


def test_a_few_questions_are_spread_over_the_whole(tmp_path: Path, rows: Path, right: EndpointServer):
    result = run(tmp_path, rows, right, "limit=3")
    assert [sample.id for sample in samples_of(result)] == ["q0", "q2", "q4"]


def test_a_plan_names_what_would_be_asked(right: EndpointServer):
    words = ["benchmark=scenes", "backend=openai", f"endpoint.url={right.url}", "endpoint.model=m"]
    config, benchmarks = read_order(words)
    assert "scenes (593 rows)" in plan(config, benchmarks)
    assert "prompt     default" in plan(config, benchmarks)
