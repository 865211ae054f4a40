import pytest

from spatialrl.generators.scene_graph_qa.draft import Draft
from spatialrl.generators.scene_graph_qa.writing import json_object, told
from spatialrl.generators.scene_graph_qa.written import paraphrased, written
from spatialrl.types import Relation
from tests.unit.generators.scene_graph_qa.graphs import graph

APPLES = {f"apple.{n}": [n * 60, 10, n * 60 + 40, 50] for n in range(1, 4)}
SCENE = graph({**APPLES, "dog.1": [10, 100, 200, 290]}, ("apple.1", "above", "dog.1"))
GOOD = {
    "question": "How many apples are there?",
    "options": ["2", "3", "4"],
    "answer": "A",
    "category": "count",
    "level": "easy",
    "rating": 6,
    "objects": ["apple.1", "apple.2"],
}


def read(wanted="count", **changes):
    return written({**GOOD, **changes}, SCENE, wanted)


def test_the_number_of_a_count_is_the_graphs_and_all_that_are_counted_are_in_the_scene():
    draft = read()
    assert isinstance(draft, Draft)
    assert (draft.right, sorted(draft.wrong)) == ("3", ["2", "4"])
    assert draft.things == ("apple.1", "apple.2", "apple.3")
    assert (draft.level, draft.rating) == ("easy", 6)


def test_options_that_lack_the_number_are_made_anew_around_it():
    draft = read(options=["7", "8", "9"], answer="C")
    assert isinstance(draft, Draft)
    assert draft.right == "3"
    assert {"7", "8", "9"} & set(draft.wrong) == set()
    assert "3" not in draft.wrong


def test_relations_are_those_of_the_graph():
    claim = Relation(subject="apple.1", predicate="above", object="dog.1")
    changes = {"category": "relation", "objects": ["apple.1", "dog.1"], "options": ["above", "below"]}
    for relations in ([["apple.1", "above", "dog.1"]], [["apple.1", "eats", "dog.1"]], [], None, "x"):
        draft = read("relation", **changes, relations=relations)
        assert isinstance(draft, Draft)
        assert draft.relations == (claim,)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"question": None}, "question is missing"),
        ({"question": "Count them."}, "question mark"),
        ({"question": "x" * 300 + "?"}, "301 characters"),
        ({"question": "Where is apple.1?"}, "ids, boxes or coordinates"),
        ({"question": "What is in the bounding box?"}, "ids, boxes or coordinates"),
        ({"options": ["2"]}, "a list of 2 to 4"),
        ({"options": "2 or 3"}, "a list of 2 to 4"),
        ({"options": ["2", ""]}, "a text of at most 120"),
        ({"options": ["a", "A"]}, "two options are the same"),
        ({"options": ["(A) left", "(B) left"]}, "two options are the same"),
        ({"answer": "D"}, "one of the letters A, B, C"),
        ({"answer": "AB"}, "one of the letters"),
        ({"answer": 1}, "one of the letters"),
        ({"category": "size"}, "must be 'count'"),
        ({"level": "tricky"}, "easy, medium, hard"),
        ({"rating": 11}, "from 1 to 10"),
        ({"rating": True}, "from 1 to 10"),
        ({"rating": "7"}, "from 1 to 10"),
        ({"objects": []}, "objects must be a list"),
        ({"objects": ["pear.1"]}, "'pear.1', which is no id"),
        ({"objects": [["apple.1"]]}, "which is no id"),
        ({"objects": ["apple.1", "dog.1"]}, "of one kind, and they are apple, dog"),
    ],
)
def test_what_is_wrong_with_a_reply_is_one_sentence(changes, told):
    outcome = read(**changes)
    assert isinstance(outcome, str)
    assert told in outcome


DRAFT = Draft(
    category="relation",
    question="Is the dog to the left or to the right of the bench?",
    right="left",
    wrong=("right",),
    things=("dog.1",),
    names=("dog", "bench"),
    clarity=0.5,
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Is the dog left or right of the chair?", "does not say 'bench'"),
        ("Is the dog left of the bench?", "must say 'right' exactly where"),
        ("Dog: left or right of the bench!", "question mark"),
    ],
)
def test_a_paraphrase_that_loses_or_tells_something_is_refused(question, told):
    outcome = paraphrased({"question": question}, DRAFT)
    assert isinstance(outcome, str)
    assert told in outcome


def test_a_paraphrase_changes_nothing_but_words():
    outcome = paraphrased({"question": " Left or right of the bench: where is the Dog? "}, DRAFT)
    assert isinstance(outcome, Draft)
    assert outcome.question == "Left or right of the bench: where is the Dog?"
    assert (outcome.right, outcome.things) == ("left", ("dog.1",))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1}', {"a": 1}),
        ('Sure:\n```json\n{"a": {"b": "}"}}\n``` done', {"a": {"b": "}"}}),
        ("", "there is no JSON object in it"),
        ("[1, 2]", "there is no JSON object in it"),
    ],
)
def test_the_object_of_a_reply_is_found_among_words(text, found):
    assert json_object(text) == found


@pytest.mark.parametrize("text", ['{"a": ', "{'a': 1}", '{"a":' * 50_000])
def test_json_that_is_broken_says_so(text):
    assert str(json_object(text)).startswith("its JSON can't be read")


def test_a_writer_is_shown_whole_pixels_and_relations_by_id():
    assert '{"id": "apple.1", "bbox": [60, 10, 100, 50]}' in told(SCENE)
    assert '["apple.1", "above", "dog.1"]' in told(SCENE)
