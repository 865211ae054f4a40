"""What travels between the pool and a worker, as bytes: Ray passes those on untouched, where it would look at every
object of a batch one by one. Only what a reward may look at is packed; it is also what a score is remembered by.
"""

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from spatialrl.rewards.nature import looks_at_token_ids, looks_at_versions
from spatialrl.types import (
    Completion,
    Score,
    Scored,
    Task,
    Unscored,
    VersionSpan,
)

PROTOCOL = pickle.HIGHEST_PROTOCOL
TASKS_AT_HAND = 1024
"""Most tasks each side keeps ready; a group's completions come over some time, and share one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a worker says about a parcel."""

    scores: bytes = b""
    seconds: float = 0.0
    """Within the reward."""
    mistake: str = ""
    """Of the reward, which ends the run; empty where all went well."""
    is_out_of_memory: bool = False
    is_worn_out: bool = False
    """The worker asks to be replaced before the next call."""


class TaskPacker:
    """Packs each task once."""

    def __init__(self) -> None:
        self._packed: dict[int, tuple[Task, bytes]] = {}

    def pack(self, task: Task) -> bytes:
        known = self._packed.get(id(task))
        # The task is kept, so that no other one can have its identity.
        if known is not None and known[0] is task:
            return known[1]
        if len(self._packed) >= TASKS_AT_HAND:
            del self._packed[next(iter(self._packed))]
        packed = pickle.dumps(task, PROTOCOL)
        self._packed[id(task)] = (task, packed)
        return packed


class CompletionPacker:
    """Prompt ids and log-probs always stay behind: no reward looks at them, and they are most of the bytes."""

    def __init__(self, name: str, args: Mapping[str, Any]) -> None:
        self._with_token_ids = looks_at_token_ids(name, args)
        self._with_versions = looks_at_versions(name, args)

    def pack(self, completion: Completion) -> bytes:
        token_ids = completion.token_ids if self._with_token_ids else ()
        spans = completion.version_spans if self._with_versions else ()
        versions = tuple((span.version, span.start, span.end) for span in spans)
        return pickle.dumps((completion.text, token_ids, completion.finish_reason, versions), PROTOCOL)


def pack(pairs: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Packed tasks with packed completions; a task that several have in common travels once."""
    tasks = list(dict.fromkeys(task for task, _ in pairs))
    number = {task: index for index, task in enumerate(tasks)}
    return pickle.dumps((tasks, [(number[task], completion) for task, completion in pairs]), PROTOCOL)


def unpack(parcel: bytes) -> list[tuple[Task, Completion]]:
    packed_tasks, rows = pickle.loads(parcel)
    tasks = [unpack_task(packed) for packed in packed_tasks]
    return [(tasks[index], unpack_completion(packed)) for index, packed in rows]


@lru_cache(maxsize=TASKS_AT_HAND)
def unpack_task(packed: bytes) -> Task:
    return pickle.loads(packed)


def unpack_completion(packed: bytes) -> Completion:
    text, token_ids, finish_reason, versions = pickle.loads(packed)
    spans = tuple(VersionSpan(version=version, start=start, end=end) for version, start, end in versions)
    return Completion(prompt_ids=(), token_ids=token_ids, text=text, finish_reason=finish_reason, version_spans=spans)


def pack_scores(scores: Sequence[Score]) -> bytes:
    return pickle.dumps([plain(score) for score in scores], PROTOCOL)


def plain(score: Score) -> tuple[float, Mapping[str, float]] | tuple[str, str]:
    return (score.reward, dict(score.parts)) if isinstance(score, Scored) else (score.code, score.reason)


def unpack_scores(packed: bytes) -> list[Score]:
    return [score_of(*values) for values in pickle.loads(packed)]


def score_of(first: Any, second: Any) -> Score:
    return Unscored(code=first, reason=second) if isinstance(second, str) else Scored(reward=first, parts=second)
