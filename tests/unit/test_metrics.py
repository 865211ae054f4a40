from dataclasses import replace

import pytest

from spatialrl.metrics import Stopwatch, group_metrics, score_metrics, update_metrics
from spatialrl.trace import Trace
from spatialrl.types import Completion, Group, Score, Scored, StepReport, Trajectory, Unscored
from tests.fakes import make_task


def make_trajectory(score: Score, *, num_tokens: int = 1, advantage: float = 0.0, cut: bool = False) -> Trajectory:
    completion = Completion(
        prompt_ids=(1,), token_ids=(5,) * num_tokens, text="", finish_reason="length" if cut else "stop"
    )
    return Trajectory(task=make_task(), completion=completion, score=score, advantage=advantage)


def make_group(*trajectories: Trajectory) -> Group:
    return Group(task=make_task(), trajectories_G=trajectories)


def test_an_unscored_completion_is_counted_and_leaves_the_mean():
    scores = [Scored(reward=1.0), Scored(reward=0.0), Unscored(reason="no size")]
    metrics = score_metrics([make_trajectory(score) for score in scores])
    refused = {"reward/unscored": 1.0, "reward/unscored/refused": 1.0}
    assert metrics == refused | {"reward/mean": 0.5, "reward/std": 0.5}


def test_unscored_completions_are_counted_by_reason():
    scores: list[Score] = [Unscored(reason="slow", code=code) for code in ("timeout", "died", "timeout")]
    metrics = score_metrics([make_trajectory(score) for score in scores])
    assert metrics == {"reward/unscored": 3.0, "reward/unscored/timeout": 2.0, "reward/unscored/died": 1.0}


def test_a_step_without_any_score_has_no_mean():
    assert score_metrics([make_trajectory(Unscored(reason="no size"))]).keys() == {
        "reward/unscored",
        "reward/unscored/refused",
    }


def test_parts_are_averaged_over_all_scored_completions():
    scores = [Scored(reward=1.0, parts={"accuracy": 1.0, "bonus": 0.3}), Scored(reward=0.0, parts={"accuracy": 0.0})]
    metrics = score_metrics([make_trajectory(score) for score in scores])
    assert metrics["reward/accuracy"] == 0.5
    assert metrics["reward/bonus"] == pytest.approx(0.15)


def test_lengths_and_cut_completions_are_told():
    score = Scored(reward=1.0)
    metrics = group_metrics(
        [make_group(make_trajectory(score, num_tokens=2), make_trajectory(score, num_tokens=6, cut=True))]
    )
    assert metrics["rollout/completions"] == 2
    assert metrics["rollout/completion_tokens"] == 8
    assert metrics["rollout/completion_tokens_mean"] == 4
    assert metrics["rollout/completion_tokens_max"] == 6
    assert metrics["rollout/truncated"] == 0.5


def test_a_group_without_advantages_carries_no_signal():
    score = Scored(reward=1.0)
    silent = make_group(make_trajectory(score), make_trajectory(score))
    telling = make_group(make_trajectory(score, advantage=1.0), make_trajectory(score, advantage=-1.0))
    assert group_metrics([silent, telling])["rollout/groups_with_signal"] == 0.5


def test_over_several_updates_means_are_averaged_and_maxima_stay():
    reports = [
        StepReport(version=1, means={"actor/entropy": 1.0}, maxima={"actor/ratio_max": 1.5}),
        StepReport(version=1, means={"actor/entropy": 3.0}, maxima={"actor/ratio_max": 1.2}),
    ]
    assert update_metrics(reports) == {"actor/entropy": 2.0, "actor/ratio_max": 1.5}


def test_a_phase_that_runs_twice_adds_up():
    clock = Stopwatch(Trace())
    for _ in range(2):
        with clock.phase("update"):
            pass
    with clock.phase("sync"):
        pass
    total = clock.total()
    assert total.keys() == {"time/update_s", "time/sync_s", "time/step_s"}
    assert total["time/step_s"] == pytest.approx(total["time/update_s"] + total["time/sync_s"])


def test_every_phase_is_drawn_on_the_trace():
    trace = Trace()
    with Stopwatch(trace).phase("collect"):
        pass
    assert [event["name"] for event in trace.events] == ["collect"]


def test_twins_are_counted_by_task_and_those_beside_have_a_mean_of_their_own():
    ours, twin = make_trajectory(Scored(reward=1.0)), make_trajectory(Scored(reward=0.25))
    other = replace(twin, task=make_task("t1/twin"))
    groups = [
        make_group(ours),
        make_group(ours, other),
        replace(make_group(ours), beside=(other, replace(other, score=Unscored(reason="no size")))),
        make_group(ours),
    ]
    metrics = group_metrics(groups)
    assert metrics["rollout/tasks_with_twin"] == 0.5
    assert metrics["reward/beside_mean"] == 0.25
    assert metrics["reward/mean"] == 4.25 / 5
    assert "reward/beside_mean" not in group_metrics(groups[:2])
