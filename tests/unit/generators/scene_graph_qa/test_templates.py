import pytest

from spatialrl.generators.scene_graph_qa.templates import TEMPLATES, drafts_of
from spatialrl.generators.scene_graph_qa.templates.counting import wrong_counts
from spatialrl.generators.scene_graph_qa.templates.picture import cell_name
from spatialrl.generators.scene_graph_qa.templates.relating import FALSE_BESIDE, PHRASES
from spatialrl.rewards.predicates import claim, contradict
from spatialrl.types import Relation
from tests.unit.generators.scene_graph_qa.graphs import graph

MAN, DOG, BENCH = [10, 100, 90, 290], [120, 200, 200, 290], [250, 150, 390, 290]


def asked(category, scene):
    """In every way."""
    return {way.question: way for draft in TEMPLATES[category](scene) for way in draft.ways}


def only(category, scene):
    (draft,) = TEMPLATES[category](scene)
    return draft


@pytest.mark.parametrize(
    ("predicate", "right", "opposite"),
    [
        ("behind", "behind it", "in front of it"),
        ("in front of", "in front of it", "behind it"),
        ("sitting on", "on top of it", "below it"),
        ("above", "above it", "below it"),
        ("under", "below it", "above it"),
    ],
)
def test_a_relation_of_the_graph_is_asked_from_either_side(predicate, right, opposite):
    draft = asked("relation", graph({"man.1": MAN, "bench.1": [5, 90, 95, 280]}, ("man.1", predicate, "bench.1")))
    found = draft["Where is the man in relation to the bench?"]
    turned = draft["Where is the bench in relation to the man?"]
    assert (found.right, found.wrong) == (right, (opposite,))
    assert (turned.right, turned.wrong) == (opposite, (right,))
    assert found.relations == turned.relations == (Relation(subject="man.1", predicate=predicate, object="bench.1"),)
    assert found.things == turned.things[::-1] == ("man.1", "bench.1")


def test_what_has_no_outline_is_not_asked_where_it_is():
    scene = graph({"man.1": MAN, "grass.1": [0, 200, 400, 300]}, ("man.1", "standing on", "grass.1"))
    assert [draft.question for draft in drafts_of(scene, "relation")] == ["Where is the man in relation to the grass?"]
    assert drafts_of(scene, "relation")[0].mirrored is None


def test_a_relation_and_its_converse_are_one_question():
    both = ("man.1", "behind", "bench.1"), ("bench.1", "in front of", "man.1")
    drafts = drafts_of(graph({"man.1": MAN, "bench.1": [5, 90, 95, 280]}, *both), "relation")
    assert [draft.form for draft in drafts] == ["behind it or in front of it"]


@pytest.mark.parametrize(
    "other", [("bench.1", "behind", "man.1"), ("man.1", "in", "bench.1"), ("man.1", "sitting on", "bench.1")]
)
def test_a_graph_that_makes_a_wrong_option_true_is_not_asked(other):
    scene = graph({"man.1": MAN, "bench.1": [5, 90, 95, 280]}, ("man.1", "behind", "bench.1"), other)
    assert "behind it" not in {draft.right for draft in TEMPLATES["relation"](scene)}


def test_wrong_phrases_are_those_that_exclude_the_right_one_or_touch_it():
    claims = {phrase: claim("a", predicate, "b") for (predicate, turned), phrase in PHRASES.items() if not turned}
    claims |= {phrase: claim("b", predicate, "a") for (predicate, turned), phrase in PHRASES.items() if turned}
    for right, wrong in FALSE_BESIDE.items():
        assert any(contradict(claims[right], claims[phrase]) for phrase in wrong if phrase in claims)


def test_what_hangs_on_a_wall_is_not_on_top_of_it():
    scene = graph({"clock.1": [100, 50, 150, 100], "wall.1": [0, 0, 400, 200]}, ("clock.1", "on", "wall.1"))
    assert asked("relation", scene) == {}


def test_sides_need_a_gap_between_the_boxes():
    question = "As you see the picture, is the bench to the left or to the right of the man?"
    drafts = asked("relation", graph({"man.1": MAN, "bench.1": BENCH}))
    draft, turned = drafts[question], drafts[question.replace("bench", "x").replace("man", "bench").replace("x", "man")]
    assert (draft.right, draft.wrong) == ("right", ("left",))
    assert (turned.right, turned.wrong) == ("left", ("right",))
    assert draft.relations == (Relation(subject="bench.1", predicate="right of", object="man.1"),)
    assert turned.relations == (Relation(subject="man.1", predicate="left of", object="bench.1"),)
    assert question not in asked("relation", graph({"man.1": MAN, "bench.1": [80, 150, 390, 290]}))


def test_what_is_not_the_only_one_of_its_name_is_not_named():
    """A woman is a person; two dogs are two dogs; a couch is a sofa."""
    for twins in (
        {"woman.1": MAN, "person.1": BENCH},
        {"dog.1": MAN, "dog.2": BENCH},
        {"sofa.1": MAN, "couch.1": BENCH},
    ):
        scene = graph({**twins, "kite.1": DOG})
        assert [thing.name for thing in scene.alone] == ["kite"]


def test_depth_comes_from_metres_where_they_are_known_and_else_from_the_graph():
    boxes = {"man.1": MAN, "bench.1": BENCH}
    assert only("depth", graph(boxes, depth={"man.1": 4.0, "bench.1": 2.0})).right == "bench"
    assert asked("depth", graph(boxes, depth={"man.1": 2.2, "bench.1": 2.0})) == {}
    stated = only("depth", graph(boxes, ("man.1", "behind", "bench.1")))
    assert [way.right for way in stated.ways] == ["bench", "bench"]
    assert stated.ways[1].question == "Which is closer to the camera, the man or the bench?"
    assert (stated.question, stated.right) == ("Which is closer to the camera, the bench or the man?", "bench")
    assert only("depth", graph(boxes, ("man.1", "in front of", "bench.1"))).right == "man"
    assert asked("depth", graph(boxes)) == {}


def test_the_nearest_is_asked_where_the_next_one_is_clearly_farther():
    """Gaps in pixels of a diagonal of 500: man to dog 30, man to bench 160."""
    draft = asked("distance", graph({"man.1": MAN, "dog.1": DOG, "bench.1": BENCH}))
    found = draft["Measured in the picture, which of these is nearest to the man?"]
    assert (found.right, found.wrong) == ("dog", ("bench",))
    assert "Measured in the picture, which of these is nearest to the dog?" not in draft


def test_what_takes_up_most_room_does_so_clearly():
    scene = graph({"man.1": [0, 0, 100, 100], "dog.1": [200, 0, 250, 100], "kite.1": [300, 200, 345, 300]})
    draft = asked("size", scene)["Which of these takes up the most room in the picture?"]
    assert (draft.right, draft.wrong) == ("man", ("dog", "kite"))
    assert len(asked("size", scene)) == 1


def test_how_many_there_are():
    boxes = {f"apple.{n}": [n * 60, 10, n * 60 + 40, 50] for n in range(1, 4)}
    draft = only("count", graph(boxes))
    assert (draft.question, draft.right) == ("How many apples are there in the picture?", "3")
    assert len(draft.wrong) == 3
    assert draft.things == ("apple.1", "apple.2", "apple.3")


@pytest.mark.parametrize(
    "boxes",
    [
        {"apple.1": [0, 0, 50, 50]},
        {"apple.1": [0, 0, 50, 50], "apple.2": [10, 0, 60, 50]},
        {"apple.1": [0, 0, 50, 50], "apple.2": [100, 0, 110, 10]},
        {"person.1": [0, 0, 50, 50], "person.2": [100, 0, 150, 50], "woman.1": [200, 0, 250, 50]},
        {"hand.1": [0, 0, 50, 50], "hand.2": [100, 0, 150, 50]},
        {"sheep.1": [0, 0, 50, 50], "people.1": [100, 0, 150, 50], "people.2": [200, 0, 250, 50]},
    ],
    ids=["one", "the same one twice", "too small", "other names for it", "parts", "groups"],
)
def test_what_can_not_be_counted_is_not_counted(boxes):
    assert asked("count", graph(boxes)) == {}


def test_wrong_counts_lie_on_both_sides():
    assert all("4" not in (wrong := wrong_counts(4, str(n))) and len(wrong) == 3 for n in range(50))
    places = {sorted([4, *map(int, wrong_counts(4, str(n)))]).index(4) for n in range(50)}
    assert places == {0, 1, 2, 3}


def test_what_is_said_to_be_absent_has_no_kin_in_the_picture():
    scene = graph({"couch.1": MAN, "dog.1": DOG})
    drafts = TEMPLATES["existence"](scene)
    present = next(d for d in drafts if d.question.endswith("can be seen in the picture?"))
    absent = next(d for d in drafts if d.question.endswith("can not be seen in the picture?"))
    assert present.right == "couch"
    assert {"sofa", "couch", "dog"} & set(present.wrong) == set()
    assert absent.right not in ("sofa", "dog")
    assert set(absent.wrong) == {"couch", "dog"}


def test_places_are_named_where_they_are_clear_of_borders():
    assert [cell_name(*at) for at in ((0.1, 0.9), (0.5, 0.5), (1.0, 0.0))] == [
        "lower left",
        "middle centre",
        "upper right",
    ]
    draft = only("instance_location", graph({"dog.1": [10, 240, 60, 290]}))
    assert draft.right == "lower left"
    assert len(set(draft.wrong) - {"lower left"}) == 3
    assert asked("instance_location", graph({"dog.1": [108, 240, 158, 290]})) == {}


def test_what_somebody_touches():
    holding = ("man.1", "holding", "umbrella.1")
    boxes = {"man.1": MAN, "umbrella.1": [60, 50, 120, 120], "bench.1": BENCH, "dog.1": DOG}
    draft = only("reach", graph(boxes, holding))
    assert (draft.question, draft.right, draft.wrong) == ("What is the man holding?", "umbrella", ("bench", "dog"))
    both = asked("reach", graph(boxes, holding, ("man.1", "sitting on", "bench.1"), ("dog.1", "near", "man.1")))
    assert [draft.wrong for draft in both.values()] == [("dog",), ("dog",)]


def test_the_larger_of_two_is_named_first_or_second():
    (draft,) = TEMPLATES["size"](graph({"man.1": [0, 0, 100, 100], "dog.1": [200, 0, 250, 100]}))
    assert [way.question.partition(", ")[2] for way in draft.ways] == ["the man or the dog?", "the dog or the man?"]
    assert [[prior.result for prior in way.priors] for way in draft.ways] == [["man", "first"], ["man", "second"]]


def test_any_posture_may_be_a_wrong_option():
    """Of five the right one is left out, and three of four are shown."""
    shown = set()
    for number in range(12):
        boxes = {"man.1": [number, 100, 90, 290], "bench.1": BENCH}
        shown.update(drafts_of(graph(boxes, ("man.1", "sitting on", "bench.1")), "orientation")[-1].wrong)
    assert shown == {"standing", "lying down", "kneeling", "leaning"}


def test_how_somebody_is_turned():
    boxes = {"man.1": MAN, "dog.1": DOG, "bench.1": BENCH}
    drafts = asked("orientation", graph(boxes, ("man.1", "sitting on", "bench.1"), ("man.1", "looking at", "dog.1")))
    assert drafts["Which of these describes the body of the man?"].right == "sitting"
    facing = drafts["What is the man facing?"]
    assert (facing.right, facing.wrong) == ("dog", ("bench",))
    torn = asked("orientation", graph(boxes, ("man.1", "sitting on", "bench.1"), ("man.1", "standing by", "dog.1")))
    assert "Which of these describes the body of the man?" not in torn


def test_a_long_thing_lies_or_stands():
    draft = only("orientation", graph({"surfboard.1": [0, 100, 200, 140]}))
    assert (draft.right, draft.wrong) == ("from side to side", ("up and down",))


def test_every_right_option_is_none_of_the_wrong_ones():
    scene = graph({"man.1": MAN, "dog.1": DOG, "bench.1": BENCH}, ("man.1", "behind", "dog.1"))
    for category in TEMPLATES:
        for draft in drafts_of(scene, category):
            assert draft.right not in draft.wrong
            assert len(set(draft.wrong)) == len(draft.wrong) >= 1
            assert 1 <= draft.rating <= 10
