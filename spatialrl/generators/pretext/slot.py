"""The place of one row in the folder that is made. What its right answer will be is decided here, before any picture is
seen: so every answer comes up equally often, and rows can be made in any order and in any process.
"""

from dataclasses import dataclass

from spatialrl.dice import Dice, stable_order


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    seed: int
    split: str
    variant: str
    number: int

    @property
    def name(self) -> str:
        return f"pretext-{self.seed}-{self.split}-{self.variant}-{self.number:06d}"

    def turn(self, what: str, count: int) -> int:
        """0 to count - 1: each comes up once in every `count` slots of a variant, in an order of its own."""
        block, place = divmod(self.number, count)
        return stable_order(self.seed, self.split, self.variant, what, block, count=count)[place]

    def dice(self, attempt: int) -> Dice:
        return Dice(self.name, attempt)
