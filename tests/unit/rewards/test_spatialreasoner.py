import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialrl.rewards.process_decisions import DECISIONS
from spatialrl.rewards.spatialreasoner import process_3d, reasoning_steps
from spatialrl.types import Completion, Object3D, Task, Unscored


def completion(text):
    return Completion(prompt_ids=(), token_ids=(), text=text)


def thing(name, at, yaw=0.0):
    """In the coordinates of the chain of thought; a level camera 1.5 m above the floor looks along +y of the world."""
    x, y, z = at
    return Object3D(
        id=f"red_{name}.1",
        category=name,
        colour="red",
        centre_world=(-x, z, y),
        centre_camera=(-x, 1.5 - y, z),
        size=(0.5, 0.5, 0.5),
        yaw_world=yaw + math.pi / 2,
        yaw_camera=yaw,
        visibility=1.0,
    )


CUP, BOX, LAMP = (
    thing("cup", (0.5, 1.0, 2.0), math.pi),
    thing("box", (0.4, 0.3, 2.3), 0.0),
    thing("lamp", (-1.5, 0.2, 3.0)),
)
QUESTIONS = {
    "height_higher": ("Which object has a higher location?", ("the cup", "the box"), "A"),
    "location_above": ("Is the box above the cup?", ("yes", "no"), "B"),
    "location_closer_to_camera": ("Which is closer to the camera?", ("the lamp", "the cup"), "B"),
    "location_next_to": ("Is the cup next to the lamp or far away?", ("next to", "far away"), "B"),
    "orientation_in_front_of": ("Is the box in front of or behind the cup?", ("in front of", "behind"), "B"),
    "orientation_on_the_left": ("Is the lamp on the left or right of the cup?", ("left", "right"), "A"),
    "orientation_viewpoint": ("Which side of the cup faces the camera?", ("front", "back", "left", "right"), "A"),
    "multi_object_closer_to": ("Which is the cup closer to, the box or the lamp?", ("the box", "the lamp"), "A"),
    "multi_object_parallel": ("Are the cup and the box parallel?", ("parallel", "perpendicular"), "A"),
    "multi_object_same_direction": ("Do the cup and the box face the same way?", ("same", "opposite"), "B"),
    "multi_object_facing": ("Which object does the cup face?", ("the person", "the lamp"), "A"),
    "multi_object_viewpoint_towards_object": (
        "Which side of the cup faces the lamp?",
        ("front", "back", "left", "right"),
        "C",
    ),
}
PERSON = thing("person", (0.5, 0.6, 1.0))


def at(item):
    return -item.centre_camera[0], item.centre_world[2], item.centre_camera[2]


def front(item):
    return math.sin(item.yaw_camera), 0.0, math.cos(item.yaw_camera)


def left(item):
    return math.cos(item.yaw_camera), 0.0, -math.sin(item.yaw_camera)


def numbers(vector):
    return "({:.2f}, {:.2f}, {:.2f})".format(*(round(value, 2) + 0.0 for value in vector))


def located(*things):
    return [f"The 3D location of the {item.category} is {numbers(at(item))}." for item in things]


def turned(item, target, *sides):
    """Vector to a target and its cosines with front or left."""
    name, end = (target.category, at(target)) if target else ("camera", (0.0, 0.0, 0.0))
    vector = tuple(b - a for a, b in zip(at(item), end, strict=True))
    lines = [f"The vector from the {item.category} to the {name} is {numbers(vector)}."]
    for side, axis in sides:
        cosine = sum(a * b for a, b in zip(vector, axis, strict=True)) / math.hypot(*vector)
        lines += [
            f"The {side} direction of the {item.category} is {numbers(axis)}.",
            f"The cosine similarity between the vector from the {item.category} to the {name} and the {side} direction of "
            f"the {item.category} is {cosine:.2f}, corresponding to an angle of {math.degrees(math.acos(cosine)):.2f} degrees.",
        ]
    return lines


def between(a, b):
    return [f"The distance between the {a.category} and the {b.category} is {math.dist(at(a), at(b)):.2f}."]


def from_camera(a):
    return [f"The distance from the {a.category} to the camera is {math.hypot(*at(a)):.2f}."]


def fronts(a, b):
    cosine = sum(x * y for x, y in zip(front(a), front(b), strict=True))
    return [
        f"The front direction of the {a.category} is {numbers(front(a))}.",
        f"The front direction of the {b.category} is {numbers(front(b))}.",
        f"The cosine similarity between the front direction of the {a.category} and the front direction of the {b.category} "
        f"is {cosine:.2f}.",
    ]


HONEST = {
    "height_higher": located(CUP, BOX),
    "location_above": located(CUP, BOX),
    "location_closer_to_camera": [*located(CUP, LAMP), *from_camera(CUP), *from_camera(LAMP)],
    "location_next_to": [*located(CUP, LAMP), *between(CUP, LAMP)],
    "orientation_in_front_of": [*located(CUP, BOX), *turned(CUP, BOX, ("front", front(CUP)))],
    "orientation_on_the_left": [*located(CUP, LAMP), *turned(CUP, LAMP, ("left", left(CUP)))],
    "orientation_viewpoint": [*located(CUP), *turned(CUP, None, ("front", front(CUP)), ("left", left(CUP)))],
    "multi_object_closer_to": [*located(CUP, BOX, LAMP), *between(CUP, BOX), *between(CUP, LAMP)],
    "multi_object_parallel": fronts(CUP, BOX),
    "multi_object_same_direction": fronts(CUP, BOX),
    "multi_object_facing": [
        *located(CUP, PERSON, LAMP),
        *turned(CUP, PERSON, ("front", front(CUP))),
        *turned(CUP, LAMP, ("front", front(CUP))),
    ],
    "multi_object_viewpoint_towards_object": [
        *located(CUP, LAMP),
        *turned(CUP, LAMP, ("front", front(CUP)), ("left", left(CUP))),
    ],
}


def task(family, objects=(CUP, BOX, LAMP, PERSON)):
    question, options, answer = QUESTIONS[family]
    return Task(
        id="t1",
        question=question,
        options=options,
        answer=answer,
        answer_kind="choice",
        family=family,
        objects_3d=objects,
    )


def worth_of(task, said):
    worth = process_3d(task, said)
    assert isinstance(worth, float)
    return worth


def response(lines, answer):
    return completion(f"<think>{' '.join(lines)}</think><answer>({answer})</answer>")


@pytest.mark.parametrize("family", DECISIONS)
def test_an_honest_chain_of_thought_earns_everything(family):
    right = task(family)
    assert process_3d(right, response(HONEST[family], right.answer)) == pytest.approx(1.0)
    assert process_3d(task(family, ()), response(HONEST[family], right.answer)) == pytest.approx(1.0)


@pytest.mark.parametrize("family", DECISIONS)
def test_an_answer_against_its_own_numbers_earns_nothing(family):
    right = task(family)
    wrong = {"A": "B", "B": "A", "C": "D"}[right.answer]
    assert process_3d(right, response(HONEST[family], wrong)) == 0


def test_without_a_true_scene_a_story_around_a_wrong_answer_earns_nothing():
    story = ["The 3D location of the cup is (0.00, 0.10, 2.00).", "The 3D location of the box is (0.00, 0.90, 2.00)."]
    right, unknown = task("height_higher"), task("height_higher", ())
    wrong = {"A": "B", "B": "A"}[right.answer]
    assert process_3d(unknown, response(story, wrong)) == 0
    assert process_3d(unknown, response(HONEST["height_higher"], right.answer)) == pytest.approx(1.0)


@pytest.mark.parametrize("family", DECISIONS)
@pytest.mark.parametrize(
    "text", ["", "<think></think><answer>(A)</answer>", "<answer>(B)</answer>", "First, Next, Finally,"]
)
def test_silence_earns_nothing(family, text):
    assert process_3d(task(family), completion(text)) == 0
    assert process_3d(task(family, ()), completion(text)) == 0


def test_an_unknown_family_is_neutral():
    unknown = Task(id="t2", question="How many?", answer="3", answer_kind="number", family="counting")
    assert isinstance(process_3d(unknown, completion("")), Unscored)


def test_places_far_from_the_truth_have_no_grounding():
    moved = (thing("cup", (3.0, 1.0, 2.0)), thing("box", (4.0, 0.3, 2.3)))
    assert process_3d(task("height_higher", moved), response(HONEST["height_higher"], "A")) == 0


def test_a_place_is_right_within_half_the_tolerance_and_worthless_beyond_it():
    right = task("height_higher")
    lines = HONEST["height_higher"]
    assert "(0.50, 1.00, 2.00)" in lines[0]
    worths = []
    for z in ("2.20", "2.34", "2.50"):
        said = response([lines[0].replace("2.00)", f"{z})"), lines[1]], "A")
        worths.append(process_3d(right, said))
    # The cup is sqrt(5.25) = 2.29 m away: 0.20 is within 10 %, 0.34 is 14.8 %, 0.50 is beyond 20 %.
    assert worths == [1.0, pytest.approx(0.5 + 0.5 * 2 * (1 - 0.34 / (0.2 * math.sqrt(5.25)))), 0.5]


def test_a_thing_that_is_not_there_is_wrong():
    lines = [line.replace("box", "ghost") for line in HONEST["height_higher"]]
    ghosts = Task(
        id="t3",
        question="Which object has a higher location?",
        options=("the cup", "the ghost"),
        answer="A",
        answer_kind="choice",
        family="height_higher",
        objects_3d=(CUP, BOX),
    )
    assert process_3d(ghosts, response(lines, "A")) == 0.5


def test_a_missing_sentence_and_a_wrong_number_cost_their_share():
    family = "location_closer_to_camera"
    lines = HONEST[family]
    assert process_3d(task(family), response(lines[:3], "B")) == pytest.approx(4 / 5)
    assert process_3d(task(family), response([*lines[:3], lines[3].replace("3.36", "9.99")], "B")) == pytest.approx(
        4 / 5
    )
    extra_wrong = [*lines, "The distance between the cup and the lamp is 9.99."]
    assert process_3d(task(family), response(extra_wrong, "B")) == pytest.approx(5 / 6)
    extra_right = [*lines, *between(CUP, LAMP)]
    assert process_3d(task(family), response(extra_right, "B")) == pytest.approx(1.0)


def test_places_of_things_that_are_not_asked_about_earn_nothing():
    assert process_3d(task("height_higher"), response(located(LAMP, PERSON), "A")) == 0


def test_saying_it_often_earns_no_more():
    lines = HONEST["location_closer_to_camera"][:1]
    once, often = (worth_of(task("location_closer_to_camera"), response(lines * count, "B")) for count in (1, 50))
    assert once == often < 0.3


def guess(name, rng):
    return thing(name, (rng.uniform(-3, 3), rng.uniform(0, 2), rng.uniform(1, 5)), rng.uniform(-math.pi, math.pi))


def test_random_numbers_earn_next_to_nothing_where_the_truth_is_known():
    rng = random.Random(0)
    for family in DECISIONS:
        right = task(family)
        total = 0.0
        for _ in range(60):
            guessed = [guess(item.category, rng) for item in (CUP, BOX)]
            lines = located(*guessed) + between(*guessed) + fronts(*guessed)
            total += worth_of(right, response(lines, rng.choice("AB")))
        assert total / 60 < 0.1


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("1.\n2.\n3.", 1),
        ("Step 1: a\nStep 2: b\nStep 3: c", 1),
        ("Step 1: Step 1: Step 1:", 1 / 3),
        ("1. a\n1. b\n1. c", 1 / 3),
        ("- a\n- b", 2 / 3),
        ("- a\n- a\n- a", 1 / 3),
        ("-\n-\n-", 0),
        ("- \n* .\n- <think>", 0),
        ("First, a. Next, b. Finally, c.", 1),
        ("Therefore, therefore, therefore,", 1 / 3),
        ("First, a.\n2. b\n- c", 1),
        ("<think>none</think>1.\n2.\n3.", 0),
        ("<think>1.\n2.\n3.</think><answer>A</answer>", 1),
        ("I like 1.5 and 2.5", 0),
        ("", 0),
    ],
)
def test_a_step_counts_once(text, share):
    assert reasoning_steps(task("height_higher"), completion(text)) == pytest.approx(share)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.sampled_from(list(DECISIONS)),
    st.lists(
        st.sampled_from(
            ["<think>", "</think>", "<answer>", "(A)", "</answer>", "\n", "1.", " and ", "999999", "- x"]
            + [line for lines in HONEST.values() for line in lines]
        ),
        max_size=25,
    ),
)
def test_any_text_has_a_worth_from_0_to_1(family, pieces):
    said = completion(" ".join(pieces))
    for objects in ((), (CUP, BOX, LAMP, PERSON), (CUP,)):
        worth = process_3d(task(family, objects), said)
        assert isinstance(worth, float)
        assert 0 <= worth <= 1
        assert worth == process_3d(task(family, objects), said)
    assert 0 <= reasoning_steps(task(family), said) <= 1


@pytest.mark.parametrize(
    "unit", ["The 3D location of a is (1.0, 2.0, 3.0). ", "vector from a to ", "- ", "1.", "<think>", "("]
)
def test_a_megabyte_returns(unit):
    said = completion(unit * (1_000_000 // len(unit)))
    assert 0 <= worth_of(task("height_higher"), said) <= 1
    assert 0 <= reasoning_steps(task("height_higher"), said) <= 1
