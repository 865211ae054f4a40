"""A cheap policy: what it writes, what it may earn, and where it makes sense."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from spatialrl.bench.integrity.case import Case
from spatialrl.bench.integrity.styles import STYLES

Ways = Sequence[Sequence[str]]
"""Ways to go about it, and for each what is written by every guess: the mean of a way has no luck in it."""

Earns = Literal["nothing", "form", "guess"]
"""What a reward may pay: nothing; what the form is worth; that and the guess rate of the kind of answer."""
PLACES = ("box", "point", "path")
"""Kinds whose answers are boxes or points."""


@dataclass(frozen=True, slots=True)
class Policy:
    write: Callable[[Case], Ways]
    """As many ways for every task; the policy is as good as the best of them."""
    earns: Earns = "guess"
    about: Literal["", "boxes", "scene", "map", "chain"] = ""
    """Where it makes sense: with boxes in the scene or as answers, with a scene, with a map, with a chain of thought."""

    def fits(self, case: Case) -> bool:
        has_scene, has_map = "{scene}" in STYLES[case.style], "{map}" in STYLES[case.style]
        places = {
            "": True,
            "boxes": has_scene or case.prior.kind in PLACES,
            "scene": has_scene,
            "map": has_map,
            "chain": bool(case.item.things),
        }
        return places[self.about]


def each(*texts: str) -> Ways:
    """Every text is a way of its own."""
    return [[text] for text in texts]


def by_guess(case: Case, *scenes: str) -> Ways:
    """Every scene is a way of its own; the answer is guessed."""
    return [[case.write(answer=answer, scene=scene) for answer in case.guesses] for scene in scenes]
