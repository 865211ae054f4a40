import importlib.util
import json
from pathlib import Path

import pytest

from spatialrl.errors import ConfigError
from spatialrl.sinks import SINKS, open_sinks


def rows(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def test_every_step_is_a_row_that_can_be_read_while_the_run_goes_on(tmp_path: Path):
    (sink,) = open_sinks(["jsonl"], folder=tmp_path, name="run", num_steps=2)
    sink.write(1, {"reward/mean": 0.25})
    assert [(row["step"], row["reward/mean"]) for row in rows(tmp_path)] == [(1, 0.25)]
    sink.close()


def test_jsonl_is_always_on_and_never_twice(tmp_path: Path):
    for names in ([], ["console"], ["console", "jsonl", "jsonl"]):
        sinks = open_sinks(names, folder=tmp_path, name="run", num_steps=1)
        assert sum(isinstance(sink, SINKS["jsonl"]) for sink in sinks) == 1  # type: ignore[arg-type]
        for sink in sinks:
            sink.close()


def test_a_log_gets_one_line_per_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    _, sink = open_sinks(["console"], folder=tmp_path, name="run", num_steps=20)
    sink.write(3, {"reward/mean": 0.123456, "time/step_s": 4.0, "actor/lr": 1e-6})
    sink.close()
    assert capsys.readouterr().err == "step 3/20  reward 0.123  seconds 4\n"


def test_a_sink_that_is_not_installed_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "wandb", None)
    with pytest.raises(ConfigError, match=r"trainer\.sinks asks for wandb.*pip install 'spatialrl\[sinks\]'"):
        open_sinks(["wandb"], folder=tmp_path, name="run", num_steps=1)


@pytest.mark.skipif(importlib.util.find_spec("tensorboard") is None, reason="tensorboard is an extra")
def test_tensorboard_reads_back_what_was_written(tmp_path: Path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator  # noqa: PLC0415

    _, sink = open_sinks(["tensorboard"], folder=tmp_path, name="run", num_steps=2)
    sink.write(1, {"reward/mean": 0.25})
    sink.write(2, {"reward/mean": 0.5})
    sink.close()
    events = EventAccumulator(str(tmp_path / "tensorboard"))
    events.Reload()
    assert [(event.step, event.value) for event in events.Scalars("reward/mean")] == [(1, 0.25), (2, 0.5)]
