"""A model puts a question into other words, or thinks one up. Its reply has to be an object of the form it is shown; what
is wrong with it is told to it, so often, and then the question is dropped or keeps the words it had.
"""

import json
from collections.abc import Callable
from typing import Any

from spatialrl.endpoints import Endpoint, Image, Message, Question, assistant, user
from spatialrl.generators.scene_graph_qa.draft import Draft, Dropped
from spatialrl.generators.scene_graph_qa.graph import Graph
from spatialrl.generators.scene_graph_qa.models import reply_of
from spatialrl.generators.scene_graph_qa.recipe import Writer
from spatialrl.generators.scene_graph_qa.written import paraphrased, written
from spatialrl.seeds import stable_seed

MAX_SHOWN = 60
"""Objects of a graph, the largest first, that a writer is shown."""
MEANS = {
    "relation": "where one object is for another (left, right, above, below, in front of, behind, on, inside)",
    "reach": "what somebody touches or could touch",
    "existence": "whether something is in the picture",
    "depth": "which of two objects is nearer to the camera",
    "distance": "which objects are near to each other",
    "size": "how large objects look beside each other",
    "count": "how many objects of one kind there are",
    "orientation": "which way somebody or something faces or is turned",
    "instance_location": "in which part of the picture one object is",
}
WRITE = """Write one question with options about the picture, of the kind "{category}": {means}.

The picture is {width} x {height} pixels. Known objects, with boxes [x1, y1, x2, y2] in pixels, and relations:
{graph}

- The question is about these objects, is answered by looking, and has exactly one right option. Nothing in it gives the
  answer away, and it does not speak of boxes, ids or coordinates.
- An object that is named is the only one of its name, unless objects are counted.
- The wrong options are plausible and false. 2 to 4 options, without letters.
- level is easy, medium or hard; rating is 1 to 10, of how good the question is.
- objects are the ids the question turns on; relations are those of the list, if any. Of a count, objects are all that
  are counted.

Reply with one JSON object and nothing else:
{{"question": "...", "options": ["...", "..."], "answer": "A", "category": "{category}", "level": "medium", "rating": 7,
  "objects": ["{example}"], "relations": []}}"""
PARAPHRASE = """Say this question about a picture in other words, as a person would ask it. Its meaning, and with it the right
answer, stay exactly the same; keep the words {names}. Do not answer it.

Question: {question}
Options: {options}

Reply with one JSON object and nothing else: {{"question": "..."}}"""
AGAIN = "That can't be used: {reason}. Reply with the whole corrected JSON object and nothing else."

Read = Callable[[Any], Draft | str]
"""A draft, or what is wrong."""


async def write(
    endpoint: Endpoint, writer: Writer, draft: Draft, graph: Graph, image: Image, *, name: str
) -> tuple[Draft, str]:
    """The draft, and who put it into words: the model, or the template where no paraphrase could be used."""
    if writer.style == "paraphrase":
        options = " / ".join(sorted((draft.right, *draft.wrong)))
        names = ", ".join(f"'{name}'" for name in draft.names) or "that name the objects"
        words = PARAPHRASE.format(names=names, question=draft.question, options=options)
        outcome = await _converse(endpoint, writer, user(words), lambda value: paraphrased(value, draft), name=name)
        return (draft, "template") if isinstance(outcome, str) else (outcome, endpoint.settings.model)
    words = WRITE.format(
        category=draft.category,
        means=MEANS[draft.category],
        width=graph.width,
        height=graph.height,
        graph=told(graph),
        example=graph.things[0].id,
    )
    outcome = await _converse(
        endpoint, writer, user(image, words), lambda value: written(value, graph, draft.category), name=name
    )
    if isinstance(outcome, str):
        raise Dropped("not written", f"{endpoint.settings.model} wrote no usable question: {outcome}")
    return outcome, endpoint.settings.model


async def _converse(endpoint: Endpoint, writer: Writer, first: Message, read: Read, *, name: str) -> Draft | str:
    """Two drafts may be said in the same words: each has a sample of its own."""
    messages, sample = [first], stable_seed(name)
    outcome: Draft | str = "it was never asked"
    for _ in range(writer.repairs + 1):
        question = Question(
            messages=tuple(messages), max_tokens=writer.max_reply_tokens, temperature=writer.temperature, sample=sample
        )
        reply = await reply_of(endpoint, question)
        value = json_object(reply.text)
        outcome = read(value) if isinstance(value, dict) else value
        if isinstance(outcome, Draft):
            return outcome
        messages += [assistant(reply.text.strip() or "(nothing)"), user(AGAIN.format(reason=outcome))]
    return outcome


def told(graph: Graph) -> str:
    """The largest objects, and the relations among them."""
    things = sorted(graph.things, key=lambda thing: (-thing.area, thing.id))[:MAX_SHOWN]
    shown = {thing.id for thing in things}
    objects = [{"id": thing.id, "bbox": [round(value) for value in thing.box]} for thing in things]
    relations = [[r.subject, r.predicate, r.object] for r in graph.relations if {r.subject, r.object} <= shown]
    return json.dumps({"objects": objects, "relations": relations})


def json_object(text: str) -> dict[str, Any] | str:
    """The first object in a reply, in a fence or among words; else what is wrong."""
    decoder = json.JSONDecoder()
    start = text.find("{")
    if start < 0:
        return "there is no JSON object in it"
    try:
        value, _ = decoder.raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        return f"its JSON can't be read ({error})"
    return value if isinstance(value, dict) else "it is not a JSON object"
