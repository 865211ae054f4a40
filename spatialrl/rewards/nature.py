"""What whoever runs a reward wants to know of it beforehand."""

from collections.abc import Iterator, Mapping
from typing import Any

from spatialrl.rewards.user_code import load

LOOKS_AT_TOKEN_IDS = frozenset({"length_in_band", "overlong_penalty", "repetition_penalty"})
"""Parts that count or compare tokens; all others read the text."""


def looks_at_token_ids(name: str, args: Mapping[str, Any]) -> bool:
    """Whether the score may depend on more of the completion than its text and how it ended."""
    return name == "user" or any(line.get("part") in LOOKS_AT_TOKEN_IDS for line in lines(args))


def looks_at_versions(name: str, args: Mapping[str, Any]) -> bool:
    """Whether the score may depend on which policy version wrote the completion."""
    return name == "user" or any(line.get("anneal") for line in lines(args))


def is_repeatable(name: str, args: Mapping[str, Any]) -> bool:
    """Whether the same completion gets the same score. A judge may change its mind, and keeps its own replies."""
    return not any(line.get("part") == "judged" for line in lines(args))


def gains_from_many(name: str, args: Mapping[str, Any]) -> bool:
    """Whether a hundred completions at once may take about as long as one. True of a reward with a judge, and of a user's
    function that is asynchronous or takes a batch."""
    if not is_repeatable(name, args):
        return True
    return name == "user" and load(args["function"], args.get("source", "")).gains_from_many


def lines(args: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Of a composed reward."""
    yield from args.get("parts", {}).values()
