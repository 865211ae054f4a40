"""What can be asked about one scene: every way to fill the roles of the twelve families that is no close call, with its
chain of thought, and what a blind reader would know, so that answers can be balanced against it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from spatialrl.dice import Dice
from spatialrl.generators.spatial_3d.draft import Asked, Draft, Family
from spatialrl.generators.spatial_3d.fronts import (
    multi_object_facing,
    multi_object_parallel,
    multi_object_same_direction,
    multi_object_viewpoint_towards_object,
    orientation_in_front_of,
    orientation_on_the_left,
    orientation_viewpoint,
)
from spatialrl.generators.spatial_3d.places import (
    height_higher,
    location_above,
    location_closer_to_camera,
    location_next_to,
    multi_object_closer_to,
)
from spatialrl.generators.spatial_3d.scene import Scene, Thing, mirrored
from spatialrl.generators.spatial_3d.stage import Stage
from spatialrl.scenes.questions.draft import Prior

MOST_WAYS = 400
"""To fill the roles of a family that are looked at in one scene."""
KEPT = 4
"""Drafts of a family and an answer, per scene: plenty to choose from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    ask: Family
    num_things: int = 2
    num_facing: int = 0
    """The first so many of them need a front."""
    is_named: bool = False
    """Whether its options are the names of its last two things."""


FAMILIES: dict[str, Kind] = {
    "height_higher": Kind(ask=height_higher, is_named=True),
    "location_above": Kind(ask=location_above),
    "location_closer_to_camera": Kind(ask=location_closer_to_camera, is_named=True),
    "location_next_to": Kind(ask=location_next_to),
    "orientation_in_front_of": Kind(ask=orientation_in_front_of, num_facing=1),
    "orientation_on_the_left": Kind(ask=orientation_on_the_left, num_facing=1),
    "orientation_viewpoint": Kind(ask=orientation_viewpoint, num_things=1, num_facing=1),
    "multi_object_closer_to": Kind(ask=multi_object_closer_to, num_things=3, is_named=True),
    "multi_object_parallel": Kind(ask=multi_object_parallel, num_facing=2),
    "multi_object_same_direction": Kind(ask=multi_object_same_direction, num_facing=2),
    "multi_object_facing": Kind(ask=multi_object_facing, num_things=3, num_facing=1, is_named=True),
    "multi_object_viewpoint_towards_object": Kind(ask=multi_object_viewpoint_towards_object, num_facing=1),
}
"""In the words of 3DSRBench, by which `process_3d` knows which sentences a question needs."""


def draft_all(scene: Scene, families: Sequence[str], dice: Dice, *, flips: bool) -> dict[str, list[Draft]]:
    """By family. With `flips`, each draft knows its answer in the mirrored image, too."""
    stage, turned = Stage(scene), Stage(mirrored(scene)) if flips else None
    return {family: _draft_family(family, stage, turned, dice) for family in families}


def _draft_family(family: str, stage: Stage, turned: Stage | None, dice: Dice) -> list[Draft]:
    kind, things = FAMILIES[family], stage.scene.things
    ways = [way for way in permutations(range(len(things)), kind.num_things) if _can_face(way, things, kind)]
    drafts: list[Draft] = []
    kept: Counter[str] = Counter()
    for way in dice.sample(ways, MOST_WAYS):
        other = dice.chance(0.5)
        asked = kind.ask(stage, [things[index] for index in way], other)
        if asked is None or kept[_result(asked, kind)] >= KEPT:
            continue
        kept[_result(asked, kind)] += 1
        again = kind.ask(turned, [turned.scene.things[index] for index in way], other) if turned else None
        drafts.append(_draft(family, kind, asked, again, [things[index] for index in way]))
        if len(drafts) == KEPT * len(asked.options):
            break
    return drafts


def _can_face(way: Sequence[int], things: Sequence[Thing], kind: Kind) -> bool:
    return all(things[index].yaw is not None for index in way[: kind.num_facing])


def _draft(family: str, kind: Kind, asked: Asked, again: Asked | None, things: Sequence[Thing]) -> Draft:
    return Draft(
        question=asked.question,
        options=asked.options,
        answer=asked.answer,
        thought="\n".join(asked.lines),
        subjects=tuple(thing.id for thing in things),
        priors=tuple(_priors(family, kind, asked, things)),
        mirrored_answer=again.answer if again else "",
        mirrored_thought="\n".join(again.lines) if again else "",
    )


def _priors(family: str, kind: Kind, asked: Asked, things: Sequence[Thing]) -> Iterator[Prior]:
    """By place among the options, and by what the categories of the things would let guess."""
    yield Prior(key=family, result=_result(asked, kind), num_results=len(asked.options))
    categories = [thing.category for thing in things]
    if not kind.is_named:
        yield Prior(key=f"{family} {categories}", result=asked.answer, num_results=len(asked.options))
    elif categories[-1] != categories[-2]:
        winner = categories[-2:][asked.right]
        yield Prior(key=f"{family} {asked.word} {sorted(categories[-2:])}", result=winner, num_results=2)


def _result(asked: Asked, kind: Kind) -> str:
    return str(asked.right) if kind.is_named else asked.answer
