import json
from pathlib import Path

import pytest

from spatialrl.trace import Trace


def written(trace: Trace, folder: Path) -> list[dict]:
    trace.write(folder / "trace.json")
    return json.loads((folder / "trace.json").read_text())["traceEvents"]


def test_each_track_is_named_once(tmp_path: Path):
    trace = Trace()
    for track, name in (("trainer", "collect"), ("rollout", "t1"), ("trainer", "update")):
        with trace.span(track, name):
            pass
    events = written(trace, tmp_path)
    assert [(e["tid"], e["args"]["name"]) for e in events if e["ph"] == "M"] == [(0, "trainer"), (1, "rollout")]
    assert [(e["tid"], e["name"]) for e in events if e["ph"] == "X"] == [(0, "collect"), (1, "t1"), (0, "update")]


def test_an_inner_span_lies_inside_the_outer_one(tmp_path: Path):
    trace = Trace()
    with trace.span("trainer", "outer"), trace.span("trainer", "inner"):
        pass
    inner, outer = (event for event in written(trace, tmp_path) if event["ph"] == "X")
    assert (inner["name"], outer["name"]) == ("inner", "outer")
    assert outer["ts"] <= inner["ts"]
    assert inner["ts"] + inner["dur"] <= outer["ts"] + outer["dur"]


def test_a_phase_that_failed_is_drawn_too(tmp_path: Path):
    trace = Trace()
    with pytest.raises(KeyError), trace.span("trainer", "update"):
        raise KeyError
    assert [event["name"] for event in written(trace, tmp_path) if event["ph"] == "X"] == ["update"]
