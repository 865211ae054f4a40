"""Which samples are judged together. Members of a group share `Sample.group`; within it `extra` tells them apart:

flip       "1" for the mirrored image of a question
rotation   "0" for the options in their own order, "1", "2", ... for the circular variants
qid        a name that says both, `NAME-flip-ROTATION`; the id, where it is missing
cluster    what else is dependent on it; by default the scene, else the group, else nothing
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from spatialrl.benchmarks.samples import Sample
from spatialrl.errors import DataError

NAME = re.compile(r"(-flip)?(?:-(\d+))?$")


class Group(NamedTuple):
    key: str
    samples: tuple[Sample, ...]

    @property
    def all_right(self) -> float:
        """The product of the scores: 1 where every member is right."""
        product = 1.0
        for sample in self.samples:
            product *= sample.score
        return product


def cluster_of(sample: Sample) -> str:
    return sample.extra.get("cluster") or sample.extra.get("scene_id") or sample.group or sample.id


def is_flipped(sample: Sample) -> bool:
    told = sample.extra.get("flip")
    return bool(_name(sample)[1]) if told is None else told.lower() not in ("", "0", "false")


def rotation_of(sample: Sample) -> int:
    text = sample.extra.get("rotation") or _name(sample)[2] or "0"
    if not text.isdecimal():
        raise DataError(
            f"Question {sample.id} has rotation {text!r}; expected 0 for its own order, 1, 2, ... for others."
        )
    return int(text)


def _name(sample: Sample) -> re.Match[str]:
    """3DSRBench's: `KX2V-flip-1` is the second order of the mirrored KX2V."""
    found = NAME.search(sample.extra.get("qid") or sample.id)
    assert found is not None
    return found


def num_options(sample: Sample) -> int:
    """0 where nobody said."""
    return int(sample.extra.get("num_options") or 0)


def together(samples: Iterable[Sample], *, by_flip: bool = False) -> Iterator[Group]:
    """Groups in the order in which their first member comes; a sample without group is one of its own."""
    found: dict[str, list[Sample]] = {}
    for sample in samples:
        key = sample.group or sample.id
        found.setdefault(f"{key}/flip" if by_flip and is_flipped(sample) else key, []).append(sample)
    return (Group(key, tuple(members)) for key, members in found.items())


def whole_and_partial(groups: Iterable[Group], is_whole: Callable[[Group], bool]) -> tuple[list[Group], int]:
    """The groups that have all their members, and how many lack one. A run that was cut short must not turn a pair of which
    it has seen one question into a pair that is right."""
    found = list(groups)
    complete = [group for group in found if is_whole(group)]
    return complete, len(found) - len(complete)


def has_all_rotations(group: Group, *, size: int = 0) -> bool:
    """Of each of its views; `size` is their number, by default that of the options."""
    views = Counter(map(is_flipped, group.samples))
    wanted = size or max(1, *map(num_options, group.samples))
    return all(number == wanted for number in views.values())
