"""The bounds themselves, measured on few tasks; `spatialrl bench suite=integrity` measures the same on more."""

import pytest

from spatialrl.bench.integrity import judges
from spatialrl.bench.integrity.case import Case
from spatialrl.bench.integrity.judges import JUDGED_PARTS, PRESETS, Judge
from spatialrl.bench.integrity.measure import FREE, NOISY, Row, Suite
from spatialrl.bench.integrity.policies import POLICIES
from spatialrl.compose import choices, load_config
from spatialrl.rewards.parts import FORMS, PARTS
from spatialrl.types import Scored

NUM_TASKS = 12
NEEDS_AN_ENDPOINT = {"judged"}


BOUND = [*judges.presets(), *judges.parts()]


@pytest.fixture(scope="module")
def suite() -> Suite:
    return Suite(seed=0, num_tasks=NUM_TASKS)


@pytest.mark.parametrize("judge", BOUND, ids=lambda judge: judge.name)
def test_nobody_earns_more_than_the_bound_without_looking_and_noise_costs_little(judge: Judge, suite: Suite):
    rows = list(suite.rows([judge]))
    assert {row.kind for row in rows} == set(judge.kinds)
    assert [row.oracle for row in rows] == pytest.approx([1.0] * len(rows))
    assert [describe(row) for row in rows if not row.holds] == []


def test_a_reward_that_pays_for_form_breaks_the_bound(suite: Suite):
    kind = "choice of 2"
    generous = Judge(name="free", style="answer", kinds=(kind,), score=lambda task, completion: Scored(reward=1.0))
    broken = {row.policy for row in suite.rows([generous]) if not row.holds}
    assert {"empty", "format only", "random guess", "tag stuffing"} <= broken
    assert NOISY not in broken


def test_every_corrected_preset_is_judged():
    composed = {name for name in choices("reward") if load_config([f"reward={name}"]).reward.name == "composed"}
    assert composed == set(PRESETS)


def test_every_part_that_pays_is_judged():
    judged = {name.partition(":")[0] for name in JUDGED_PARTS}
    assert judged == PARTS.keys() - FORMS - NEEDS_AN_ENDPOINT


@pytest.mark.parametrize("name", PRESETS)
def test_form_has_a_tenth_of_the_weight_at_most(name: str):
    lines = load_config([f"reward={name}"]).reward.args["parts"].values()
    form = sum(line["weight"] for line in lines if line["part"] in FORMS)
    assert form <= FREE * sum(line["weight"] for line in lines)


def test_every_policy_fits_some_preset(suite: Suite):
    cases = [
        Case(suite.prior(kind).items[0], suite.prior(kind), form.style, "")
        for form in PRESETS.values()
        for kind in form.kinds
    ]
    assert [name for name, policy in POLICIES.items() if not any(map(policy.fits, cases))] == []


def describe(row: Row) -> str:
    return f"{row.reward}, {row.kind}, {row.policy}: share {row.share:.3f}, bound {row.bound:.3f}"
