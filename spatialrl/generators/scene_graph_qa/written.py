"""What a writer replied, checked against the graph: a draft, or one sentence about what is wrong. Pure."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from spatialrl.data.importers.answers import plain_options
from spatialrl.generators.scene_graph_qa.draft import LEVELS, Draft
from spatialrl.generators.scene_graph_qa.graph import Graph
from spatialrl.generators.scene_graph_qa.templates.counting import wrong_counts
from spatialrl.types import LETTERS, Relation

LEAST_OPTIONS, MOST_OPTIONS = 2, 4
MAX_QUESTION, MAX_OPTION = 300, 120
"""Characters."""
CLARITIES = {"easy": 0.8, "medium": 0.45, "hard": 0.15}
SPEAKS_OF_IDS = re.compile(r"\w+\.\d+\b|\bbbox\b|\bbounding box|\bscene graph\b|\[\s*\d+\s*,", re.IGNORECASE)


def paraphrased(value: Mapping[str, Any], draft: Draft) -> Draft | str:
    question = value.get("question")
    if (wrong := _wrong_question(question)) is not None or not isinstance(question, str):
        return wrong or "question is missing"
    text = question.lower()
    if lost := next((name for name in draft.names if not _has(text, name)), None):
        return f"the question does not say '{lost}' any more"
    said = [
        option for option in (draft.right, *draft.wrong) if _has(text, option) != _has(draft.question.lower(), option)
    ]
    if said:
        return f"the question must say '{said[0]}' exactly where the original does"
    return replace(draft, question=question.strip())


def written(value: Mapping[str, Any], graph: Graph, category: str) -> Draft | str:
    for check in (_wrong_question(value.get("question")), _wrong_options(value), _wrong_rest(value, graph, category)):
        if check is not None:
            return check
    options = plain_options([str(option) for option in value["options"]])
    right = options[LETTERS.index(value["answer"].strip().strip("()."))]
    things = tuple(dict.fromkeys(value["objects"]))
    draft = Draft(
        category=category,
        question=value["question"].strip(),
        right=right,
        wrong=tuple(option for option in options if option != right),
        things=things,
        relations=_relations(value, graph, things),
        clarity=CLARITIES[value["level"]],
        given_rating=value["rating"],
    )
    return counted(draft, graph) if category == "count" else draft


def counted(draft: Draft, graph: Graph) -> Draft | str:
    """The number is the graph's, whatever was written; options that lack it are made anew around it."""
    names = {graph.by_id[name].name for name in draft.things}
    if len(names) != 1:
        return f"objects of a count must be of one kind, and they are {', '.join(sorted(names))}"
    (name,) = names
    things = tuple(thing.id for thing in graph.things if thing.name == name)
    right, options = str(len(things)), (draft.right, *draft.wrong)
    wrong = (
        tuple(option for option in options if option != right) if right in options else wrong_counts(int(right), name)
    )
    return replace(draft, right=right, wrong=wrong, things=things)


def _wrong_question(question: Any) -> str | None:
    if not isinstance(question, str) or not question.strip():
        return "question is missing"
    if len(question) > MAX_QUESTION:
        return f"question has {len(question)} characters, and at most {MAX_QUESTION} are allowed"
    if not question.strip().endswith("?"):
        return "question does not end with a question mark"
    if SPEAKS_OF_IDS.search(question):
        return "question speaks of ids, boxes or coordinates, which nobody sees"
    return None


def _wrong_options(value: Mapping[str, Any]) -> str | None:
    options, answer = value.get("options"), value.get("answer")
    if not isinstance(options, list) or not LEAST_OPTIONS <= len(options) <= MOST_OPTIONS:
        return f"options must be a list of {LEAST_OPTIONS} to {MOST_OPTIONS}"
    if not all(isinstance(o, str | int) and 0 < len(str(o).strip()) <= MAX_OPTION for o in options):
        return f"each of the options must be a text of at most {MAX_OPTION} characters"
    if len({option.lower() for option in plain_options([str(o) for o in options])}) != len(options):
        return "two options are the same"
    letters = LETTERS[: len(options)]
    if not isinstance(answer, str) or len(letter := answer.strip().strip("().")) != 1 or letter not in letters:
        return f"answer is {answer!r}, and must be one of the letters {', '.join(letters)}"
    return None


def _wrong_rest(value: Mapping[str, Any], graph: Graph, category: str) -> str | None:
    if value.get("category") != category:
        return f"category is {value.get('category')!r}, and must be {category!r}"
    if value.get("level") not in LEVELS:
        return f"level is {value.get('level')!r}, and must be one of {', '.join(LEVELS)}"
    rating, objects = value.get("rating"), value.get("objects")
    if not isinstance(rating, int) or isinstance(rating, bool) or not 1 <= rating <= 10:
        return f"rating is {rating!r}, and must be a whole number from 1 to 10"
    if not isinstance(objects, list) or not objects:
        return "objects must be a list of the ids the question turns on"
    if stranger := next((name for name in objects if not isinstance(name, str) or name not in graph.by_id), None):
        return f"objects has {stranger!r}, which is no id of the list"
    return None


def _relations(value: Mapping[str, Any], graph: Graph, things: tuple[str, ...]) -> tuple[Relation, ...]:
    """Of those that are named, the ones the graph has; where none is named, all among the objects."""
    named = value.get("relations")
    wanted = (
        [tuple(map(str, r)) for r in named if isinstance(r, list) and len(r) == 3] if isinstance(named, list) else []
    )
    known = [r for r in graph.relations if {r.subject, r.object} <= set(things)]
    chosen = tuple(r for r in known if (r.subject, r.predicate, r.object) in wanted)
    return chosen or tuple(known)


def _has(text: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words.lower())}(?!\w)", text) is not None
