"""What SpatialThinker's format holds, and the quick way to read it: nearly all responses are written as the prompt shows,
and their scene is decoded straight into typed values. `quick_response` gives what `strict` gives, or leaves it to it.
"""

import re
from collections.abc import Collection
from itertools import permutations

import msgspec

from spatialrl.types import Box, Relation, SceneGraph, SceneObject

TAGS = ("observe", "think", "scene", "answer")
TAG = re.compile(rf"(</?(?:{'|'.join(TAGS)})>)")
LAYOUTS = {
    tuple(f"<{slash}{tag}>" for tag in order for slash in ("", "/")): (
        2 + 4 * order.index("scene"),
        2 + 4 * order.index("answer"),
    )
    for order in permutations(TAGS)
}
"""Tags of a response whose blocks follow each other; where their scene and answer stand once it is split at its tags."""
NUM_TAGS = 2 * len(TAGS)
OBJECT_IDS = re.compile(r"(?:[a-zA-Z_]++\.\d++\n)*+")
"""One on each line."""
MAX_KNOWN_IDS = 10_000
MAX_KNOWN_TEXT = 2_000
"""Characters of the ids of one scene that are remembered; together with the above it bounds the memory."""


class Thing(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    id: str
    bbox: Box


class Triple(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    subject: str
    predicate: str
    object: str


class _Scene(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    objects: list[Thing]
    relationships: list[Triple] = []


class Response(msgspec.Struct, frozen=True, gc=False):
    """What a reward looks at in a well-formed response."""

    answer: str
    objects: list[Thing]
    """Boxes are as written, in floats: NaN and infinities are possible."""
    relationships: list[Triple]
    lists_objects: bool
    """Whether the scene has the key `objects` at all."""

    @property
    def scene(self) -> SceneGraph:
        return SceneGraph(
            objects=tuple(SceneObject(id=each.id, bbox=each.bbox) for each in self.objects),
            relationships=tuple(
                Relation(subject=each.subject, predicate=each.predicate, object=each.object)
                for each in self.relationships
            ),
        )


def quick_response(text: str) -> Response | None:
    """None where reading it takes more care; that says nothing about the text."""
    pieces = TAG.split(text, NUM_TAGS + 1)
    layout = LAYOUTS.get(tuple(pieces[1::2]))
    if layout is None:
        return None
    scene = pieces[layout[0]].strip()
    # Escapes are where two readers of JSON might differ.
    if "\\" in scene:
        return None
    try:
        graph = _decode(scene)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None
    ids = {thing.id for thing in graph.objects}
    ends = [end for each in graph.relationships for end in (each.subject, each.object)]
    if not are_object_ids(ids) or not are_object_ids(ends) or len(ids) < len(graph.objects):
        return None
    return Response(pieces[layout[1]].strip(), graph.objects, graph.relationships, True)


def are_object_ids(names: Collection[str]) -> bool:
    """Like `red_cube.1`, every one."""
    if _known_ids.issuperset(names):
        return True
    lines = "\n".join([*names, ""])
    # A line break inside an id would count as two ids.
    is_one_a_line = lines.count("\n") == len(names) and OBJECT_IDS.fullmatch(lines) is not None
    if is_one_a_line and len(lines) <= MAX_KNOWN_TEXT:
        _known_ids.update(names)
        if len(_known_ids) > MAX_KNOWN_IDS:
            _known_ids.clear()
    return is_one_a_line


_known_ids: set[str] = set()
"""The same few names are written again and again."""
_decode = msgspec.json.Decoder(_Scene).decode
