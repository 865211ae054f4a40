from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from spatialrl.rewards.boxes import iou
from spatialrl.rewards.predicates import claim, contradict
from spatialrl.rewards.relation_f1 import relation_f1
from spatialrl.types import Box, Relation, SceneGraph, SceneObject
from tests.property.examples import EXAMPLES
from tests.property.scenes import answered, boxes, relations, said, scene_task, written
from tests.property.scorers import scorer, worth
from tests.property.tasks import MEASURED_TASKS, task

ROUNDING = 1e-9
SHARE = st.floats(0, 1)
THINGS = tuple(SceneObject(id=f"cube.{i}", bbox=(0, 0, 1, 1)) for i in range(3))
AMOUNT = st.decimals(Decimal("0.01"), 100, places=2)


def on_the_way(start: Box, end: Box, share: float) -> Box:
    x1, y1, x2, y2 = (a + share * (b - a) for a, b in zip(start, end, strict=True))
    return x1, y1, x2, y2


@EXAMPLES
@given(boxes(), boxes(), SHARE, SHARE)
def test_a_box_that_comes_nearer_once_it_overlaps_never_scores_less(
    start: Box, truth: Box, first: float, second: float
):
    assume(float(iou(start, truth)) > 0)
    far, near = (on_the_way(start, truth, share) for share in sorted((first, second)))
    for name in ("grounding_iou", "scene_boxes similarity=exact"):
        low, high = (box_worth(name, box, truth) for box in (far, near))
        assert low <= high + ROUNDING, name


def box_worth(name: str, guess: Box, truth: Box) -> float:
    """Of a box, as the answer or as one of three objects of a scene."""
    if name == "grounding_iou":
        return worth(scorer(name), task("box", str(list(truth))), said(str(list(guess))))
    others = (SceneObject(id="ball.1", bbox=(1, 1, 9, 9)), SceneObject(id="lamp.1", bbox=(601, 401, 639, 479)))
    real, seen = ((*others, SceneObject(id="cube.1", bbox=box)) for box in (truth, guess))
    return worth(
        scorer(name),
        scene_task(SceneGraph(objects=real, relationships=())),
        answered(SceneGraph(objects=seen, relationships=())),
    )


@EXAMPLES
@given(relations(THINGS), relations(THINGS))
def test_one_more_true_relation_never_lowers_f1(truths: list[Relation], guessed: list[Relation]):
    names = {thing.id: thing.id for thing in THINGS}
    claims = {claim(each.subject, each.predicate, each.object) for each in guessed}
    for each in truths:
        new = claim(each.subject, each.predicate, each.object)
        if each.subject == each.object or new in claims or any(contradict(new, known) for known in claims):
            continue
        fewer, more = (relation_f1(some, truths, names=names) for some in (guessed, [*guessed, each]))
        assert fewer <= more + ROUNDING, each


@EXAMPLES
@given(AMOUNT, AMOUNT, AMOUNT)
def test_a_number_nearer_to_the_truth_never_scores_less(truth: Decimal, a: Decimal, b: Decimal):
    near, far = sorted((a, b), key=lambda value: abs(value - truth))
    for name in ("mean_relative_accuracy", "regression_accuracy", "answer_accuracy"):
        assert number_worth(name, truth, far) <= number_worth(name, truth, near) + ROUNDING, name
    near, far = sorted((a, b), key=lambda value: max(value / truth, truth / value))
    assert number_worth("distance_accuracy", truth, far) <= number_worth("distance_accuracy", truth, near) + ROUNDING


def number_worth(name: str, truth: Decimal, guess: Decimal) -> float:
    return worth(scorer(name), task("number", str(truth), unit="m"), said(f"{guess} m"))


@EXAMPLES
@given(
    st.integers(0, 359), st.integers(0, 180), st.integers(0, 180), st.sampled_from((-1, 1)), st.sampled_from((-1, 1))
)
def test_a_direction_nearer_to_the_truth_never_scores_less(truth: int, a: int, b: int, side: int, other_side: int):
    near, far = sorted((a, b))
    low, high = (
        worth(scorer("direction_accuracy"), task("number", str(truth), unit="degrees"), said(f"{(truth + turn) % 360}"))
        for turn in (side * far, other_side * near)
    )
    assert low <= high + ROUNDING


@EXAMPLES
@given(st.permutations("12345"), st.permutations("12345"), st.integers(0, 4))
def test_a_sequence_with_more_in_place_never_scores_less(truth: list[str], guess: list[str], place: int):
    better = list(guess)
    other = better.index(truth[place])
    better[place], better[other] = better[other], better[place]
    for name in ("sequence_accuracy", "sequence_accuracy partial=position"):
        assert sequence_worth(name, truth, guess) <= sequence_worth(name, truth, better) + ROUNDING, name


@EXAMPLES
@given(st.permutations("12345"), st.permutations("12345"), st.integers(0, 3))
def test_an_order_with_fewer_pairs_swapped_never_scores_less(truth: list[str], guess: list[str], place: int):
    better = list(guess)
    better[place : place + 2] = sorted(better[place : place + 2], key=truth.index)
    for name in ("sequence_accuracy partial=kendall", "depth_order", "depth_order partial=False"):
        assert sequence_worth(name, truth, guess) <= sequence_worth(name, truth, better) + ROUNDING, name


def sequence_worth(name: str, truth: list[str], guess: list[str]) -> float:
    return worth(scorer(name), task("sequence", "-".join(truth)), said("-".join(guess)))


@EXAMPLES
@given(st.floats(-300, 300), st.floats(-300, 300), SHARE)
def test_a_path_that_comes_nearer_never_scores_less(across: float, down: float, share: float):
    truth = [[100.0, 100.0], [300.0, 120.0], [320.0, 400.0]]
    far, near = ([[x + s * across, y + s * down] for x, y in truth] for s in (1, share))
    asked = task("text", str(truth))
    low, high = (worth(scorer("trajectory_accuracy"), asked, said(str(path))) for path in (far, near))
    assert low <= high + ROUNDING


@EXAMPLES
@given(st.integers(0, 100), st.integers(0, 100))
def test_a_longer_response_is_never_worth_more(a: int, b: int):
    penalty = scorer("overlong_penalty max_tokens=50 buffer_tokens=20")
    short, long = (worth(penalty, MEASURED_TASKS[0], written("A", count)) for count in sorted((a, b)))
    assert long <= short
