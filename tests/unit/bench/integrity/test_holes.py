"""What the published rewards pay for not looking. Each hole is closed in the corrected preset beside it."""

import pytest

from spatialrl.bench.integrity import judges
from spatialrl.bench.integrity.measure import Row, Suite

NUM_TASKS = 8
Shares = dict[tuple[str, str, str], float]


@pytest.fixture(scope="module")
def shares() -> Shares:
    """By reward, policy and kind."""
    suite = Suite(seed=0, num_tasks=NUM_TASKS)
    known = {"spatialthinker_compat:answer_known", "spacer_compat:answer_known", "spatialreasoner_compat:process"}
    judged = [
        judge for judge in judges.compat() if judge.name in known or judge.name in ("r1v_compat", "spacer_compat")
    ]
    return {key(row): row.share for row in suite.rows(judged)}


def key(row: Row) -> tuple[str, str, str]:
    return row.reward, row.policy, row.kind


@pytest.mark.parametrize(
    ("reward", "policy", "kind", "least", "most"),
    [
        # 0.1 for the format, 0.5 for the answer, and what the boxes are paid on top.
        ("spatialthinker_compat:answer_known", "full-image boxes", "choice of 3", 0.88, 0.92),
        ("spatialthinker_compat:answer_known", "far-away boxes", "choice of 3", 0.79, 0.81),
        ("spatialthinker_compat:answer_known", "reversed boxes", "choice of 3", 0.7, 0.9),
        ("spatialthinker_compat:answer_known", "odd scenes", "choice of 3", 0.6, 0.6),
        # 1 for the format, 1 for the answer, and the map.
        ("spacer_compat:answer_known", "all-centre map", "choice of 2", 2.7 / 3, 2.9 / 3),
        ("spacer_compat:answer_known", "random map, right counts", "choice of 2", 2.5 / 3, 2.8 / 3),
        # A right answer with a map that can't be read is wrong.
        ("spacer_compat:answer_known", "broken map", "choice of 2", 1 / 3, 1 / 3),
        # `nan` is a perfect regression.
        ("spacer_compat", "format only", "regression", 1.0, 1.0),
        ("spatialreasoner_compat:process", "empty", "explicit 3D", 0.3, 0.7),
        ("spatialreasoner_compat:process", "random 3D numbers", "explicit 3D", 0.9, 1.0),
        ("r1v_compat", "format only", "choice of 2", 0.5, 0.5),
    ],
)
def test_a_published_reward_pays_for_not_looking(
    shares: Shares, reward: str, policy: str, kind: str, least: float, most: float
):
    assert least - 1e-6 <= shares[reward, policy, kind] <= most + 1e-6


def test_what_a_published_relation_says_does_not_matter(shares: Shares):
    reward, kind = "spatialthinker_compat:answer_known", "choice of 3"
    assert shares[reward, "self-relations", kind] == shares[reward, "junk relations", kind]
