"""Policies that invent a chain of thought in explicit 3D. The answer is guessed."""

import math
import re
from collections.abc import Callable, Sequence

from spatialrl.bench.integrity.case import Case
from spatialrl.bench.integrity.chain import STEPS, Stage, write_chain
from spatialrl.bench.integrity.explicit_tasks import leans_to
from spatialrl.bench.integrity.policy import Policy, Ways
from spatialrl.dice import Dice
from spatialrl.types import LETTERS

NUMBER = re.compile(r"-?\d+\.\d\d")
TRIES = 200


def with_chain(thought: Callable[[Case, str], str]) -> Policy:
    """The function takes the guess, too."""

    def write(case: Case) -> Ways:
        return [[case.write(answer=guess, thought=thought(case, guess)) for guess in case.guesses]]

    return Policy(write, about="chain")


def invented(things: Sequence[str], dice: Dice) -> Stage:
    """Random places and fronts."""
    places = {name: (dice.uniform(-2, 2), dice.uniform(0, 1), dice.uniform(1, 5)) for name in things}
    yaws = {name: dice.uniform(-math.pi, math.pi) for name in things}
    return Stage(places=places, fronts={name: (math.sin(yaw), 0.0, math.cos(yaw)) for name, yaw in yaws.items()})


def consistent_story(case: Case, guess: str) -> str:
    """Invented places, and all that follows from them computed rightly."""
    return write_chain(case.task.family, case.item.things, invented(case.item.things, case.dice))


def story_around_the_guess(case: Case, guess: str) -> str:
    """A consistent one from which the guess follows, if one is found."""
    option = case.task.options[LETTERS.index(guess)]
    stages = (invented(case.item.things, case.dice) for _ in range(TRIES))
    fitting = (stage for stage in stages if leans_to(option, case.task.family, case.item.things, stage))
    return write_chain(case.task.family, case.item.things, next(fitting, invented(case.item.things, case.dice)))


def random_3d_numbers(case: Case, guess: str) -> str:
    return NUMBER.sub(lambda found: f"{case.dice.uniform(-3, 3, decimals=2):.2f}", consistent_story(case, guess))


def repeated_chain(case: Case, guess: str) -> str:
    return " ".join([consistent_story(case, guess)] * 20)


def every_sentence(case: Case, guess: str) -> str:
    """Of all families at once."""
    things = [*case.item.things, "red cube", "blue sphere"][:3]
    stage = invented(things, case.dice)
    return " ".join(write_chain(family, things, stage) for family in STEPS)


CHAINS: dict[str, Policy] = {
    "random 3D numbers": with_chain(random_3d_numbers),
    "consistent story": with_chain(consistent_story),
    "story around the guess": with_chain(story_around_the_guess),
    "repeated chain": with_chain(repeated_chain),
    "every sentence": with_chain(every_sentence),
}
