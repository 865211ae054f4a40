from typing import Any

import pytest

from spatialrl.errors import ConfigError
from spatialrl.rewards.composed import check_parts, composed
from spatialrl.rewards.parts import PARTS
from spatialrl.types import Completion, Scored, Unscored, VersionSpan
from tests.fakes import make_task


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """`half` is always worth 0.5, `no` 0, `lost` can't be judged, `think_format`, a form, is 1."""
    made: dict[str, Any] = {"half": lambda task, completion: 0.5, "no": lambda task, completion: 0.0}
    made["lost"] = lambda task, completion: Unscored(reason="no truth")
    made["think_format"] = lambda task, completion: 1.0
    made["given"] = lambda task, completion, *, value: value
    for name, part in made.items():
        monkeypatch.setitem(PARTS, name, part)


def written(version: int = 0) -> Completion:
    spans = (VersionSpan(version=version, start=0, end=1),)
    return Completion(prompt_ids=(), token_ids=(1,), text="x", logprobs_T=(), version_spans=spans)


def score(version: int = 0, **lines: dict) -> Any:
    return composed(make_task(), written(version), parts=lines)


def line(part: str, weight: float, **more: object) -> dict:
    return {"part": part, "weight": weight, **more}


def test_a_reward_is_the_mean_of_its_parts_by_weight():
    # (1 * 0.5 + 3 * 1.0) / 4
    found = score(a=line("half", 1), b=line("given", 3, args={"value": 1.0}))
    assert found == Scored(reward=0.875, parts={"a": 0.5, "b": 1.0})


def test_a_part_is_worth_what_its_gate_lets_through():
    assert score(a=line("half", 1), b=line("given", 1, after="a", args={"value": 1.0})).parts["b"] == 0.5
    assert score(a=line("no", 1), b=line("half", 1, after="a")).parts["b"] == 0.0


def test_gates_stand_in_a_row():
    chain = score(a=line("no", 1), b=line("given", 1, after="a", args={"value": 1.0}), c=line("half", 1, after="b"))
    assert chain.reward == 0


def test_the_others_take_over_the_weight_of_a_part_that_can_not_be_judged():
    found = score(a=line("lost", 7), b=line("half", 1), c=line("given", 1, args={"value": 1.0}))
    assert found == Scored(reward=0.75, parts={"b": 0.5, "c": 1.0})


def test_form_is_never_worth_more_than_its_own_weight():
    # 0.1 for the form, and all of 0.9 for the one part that can be judged: 0.1 * 1 + 0.9 * 0.5.
    found = score(form=line("think_format", 0.1), a=line("lost", 0.8), b=line("half", 0.1))
    assert found.reward == pytest.approx(0.55)


def test_form_alone_is_no_reward_where_truth_was_to_be_looked_at():
    assert score(form=line("think_format", 0.1), a=line("lost", 0.9)) == Unscored(reason="a: no truth")
    assert score(form=line("think_format", 0.1)) == Scored(reward=1.0, parts={"form": 1.0})


def test_behind_a_gate_that_can_not_be_judged_nothing_is():
    found = score(a=line("lost", 1), b=line("half", 1, after="a"), c=line("half", 1))
    assert found == Scored(reward=0.5, parts={"c": 0.5})
    assert score(a=line("lost", 1), b=line("half", 1, after="a")) == Unscored(
        reason="a: no truth; b: its gate a can't be judged"
    )


def test_a_task_of_which_nothing_can_be_judged_is_unscored():
    assert score(a=line("lost", 1)) == Unscored(reason="a: no truth")


@pytest.mark.parametrize(("version", "value"), [(0, 0.5), (10, 0.5), (15, 0.25), (20, 0.0), (99, 0.0)])
def test_an_annealed_gate_closes_between_two_versions(version: int, value: float):
    assert score(version, a=line("no", 1), b=line("half", 1, after="a", anneal=[10, 20])).parts["b"] == value


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ({"a": line("hlaf", 1)}, "parts.a.part is 'hlaf'; there are: "),
        ({"a": line("half", 1, after="b"), "b": line("no", 1)}, "a.after is 'b'; it names a line above: none"),
        ({"a": line("half", 1, anneal=[3])}, r"anneal is \[3\]"),
        ({"a": {"part": "half"}}, "weight"),
        ({"a": line("half", 1, wieght=2)}, "wieght"),
    ],
)
def test_a_line_that_can_not_be_is_told_before_a_run(lines: dict, sentence: str):
    with pytest.raises(ConfigError, match=sentence):
        check_parts(lines)
