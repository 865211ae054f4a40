"""Scores by what they depend on: the version of the reward, the task and all that the reward may see of the completion.
The least recently used is forgotten first.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from spatialrl import __version__
from spatialrl.types import Score


class ScoreCache:
    def __init__(self, *, size: int, version: str) -> None:
        """`size` 0 remembers nothing."""
        self._size = size
        self._salt = hashlib.sha256(version.encode())
        self._scores: dict[bytes, Score] = {}

    def key(self, task: bytes, completion: bytes) -> bytes:
        if not self._size:
            return b""
        digest = self._salt.copy()
        # The length keeps two pairs apart whose bytes only divide differently.
        digest.update(len(task).to_bytes(8))
        digest.update(task)
        digest.update(completion)
        return digest.digest()

    def get(self, key: bytes) -> Score | None:
        score = self._scores.pop(key, None)
        if score is not None:
            self._scores[key] = score
        return score

    def put(self, key: bytes, score: Score) -> None:
        if not self._size:
            return
        self._scores[key] = score
        if len(self._scores) > self._size:
            del self._scores[next(iter(self._scores))]


def reward_version(name: str, args: Mapping[str, Any]) -> str:
    """Name, arguments and package; the arguments of a user's own reward hold the text of its file."""
    return json.dumps([__version__, name, args], sort_keys=True, default=repr)
