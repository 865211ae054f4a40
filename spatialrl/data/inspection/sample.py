"""Rows to be shown: drawn by a seed, from every source, kind of answer and form of media in turn."""

from random import Random

from spatialrl.seeds import stable_seed
from spatialrl.types import Task

MOST_GROUPS = 64


class Sample:
    """A reservoir for each group: any row of a group is as likely as any other, and only `most` of them are held."""

    def __init__(self, most: int, *, seed: int) -> None:
        self.most = most
        self.seed = seed
        self.groups: dict[tuple[str, ...], list[Task]] = {}
        self.num_seen: dict[tuple[str, ...], int] = {}
        self.dice: dict[tuple[str, ...], Random] = {}
        self.flawed: list[tuple[Task, str]] = []
        """The first bad rows, each with its flaw."""

    def add(self, task: Task, flaws: dict[str, str]) -> None:
        if flaws:
            self.flawed += [(task, next(iter(flaws.values())))] if len(self.flawed) < self.most // 4 else []
            return
        group = (task.source, task.answer_kind, task.modality)
        if group not in self.groups:
            if len(self.groups) == MOST_GROUPS:
                return
            self.groups[group], self.num_seen[group] = [], 0
            self.dice[group] = Random(stable_seed(self.seed, "cards", *group))
        held = self.groups[group]
        self.num_seen[group] += 1
        if len(held) < self.most:
            held.append(task)
        elif (place := self.dice[group].randrange(self.num_seen[group])) < self.most:
            held[place] = task

    def chosen(self) -> list[Task]:
        """At most `most`, one of each group in turn."""
        rest = [list(self.groups[group]) for group in sorted(self.groups)]
        for index, held in enumerate(rest):
            Random(stable_seed(self.seed, "order", index)).shuffle(held)
        turns = [held[turn] for turn in range(self.most) for held in rest if turn < len(held)]
        return turns[: self.most]
