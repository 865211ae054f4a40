"""Policies that draw cognitive maps without looking. The answer is guessed."""

import json
from collections.abc import Callable, Mapping, Sequence

from spatialrl.bench.integrity.case import Case
from spatialrl.bench.integrity.policy import Policy, Ways
from spatialrl.scenes.catalogue import KINDS


def with_map(cells: Callable[[Case], Mapping[str, Sequence[Sequence[int]]]]) -> Policy:
    def write(case: Case) -> Ways:
        return [[case.write(answer=answer, map=json.dumps(cells(case))) for answer in case.guesses]]

    return Policy(write, about="map")


def _random_cell(case: Case, low: int = 0, high: int = 9) -> list[int]:
    return [case.dice.between(low, high), case.dice.between(low, high)]


def _hallucinated(case: Case) -> dict[str, list[list[int]]]:
    return case.map_counts_at(lambda: _random_cell(case)) | {kind: [_random_cell(case)] for kind in KINDS}


def _everywhere(case: Case) -> dict[str, list[list[int]]]:
    every = [[column, row] for column in range(0, 10, 3) for row in range(0, 10, 3)]
    return dict.fromkeys(case.map_counts_at(lambda: [0, 0]), every)


def broken_map(case: Case) -> Ways:
    maps = ("{}", "[]", '{"thing": []}', "none", '{"thing": [[99, -1]]}')
    return [[case.write(answer=answer, map=map) for answer in case.guesses] for map in maps]


MAPS: dict[str, Policy] = {
    "all-centre map": with_map(lambda case: case.map_counts_at(lambda: [5, 5])),
    "random map, right counts": with_map(lambda case: case.map_counts_at(lambda: _random_cell(case))),
    "middling map, right counts": with_map(lambda case: case.map_counts_at(lambda: _random_cell(case, 2, 7))),
    "hallucinated map classes": with_map(_hallucinated),
    "map everywhere": with_map(_everywhere),
    "broken map": Policy(broken_map, about="map"),
}
