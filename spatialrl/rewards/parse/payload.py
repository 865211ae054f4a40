"""The JSON a model wrote, wherever it put it: in a tag, in a code fence, or in a fence in a tag."""

import json
from typing import Any, NoReturn

from spatialrl.rewards.parse.text import Malformed, last_block, last_fence


def json_in(text: str, tag: str) -> Any | Malformed:
    """The value of the JSON inside the last `<tag>`, else inside the last code fence."""
    inside = payload(text, tag)
    return inside if isinstance(inside, Malformed) else load(inside)


def payload(text: str, tag: str) -> str | Malformed:
    """The text of that JSON, without fences."""
    inside = last_block(text, tag)
    if isinstance(inside, Malformed):
        return last_fence(text) if inside.code == "no_block" else inside
    fenced = last_fence(inside)
    return inside if isinstance(fenced, Malformed) else fenced


def load(text: str) -> Any | Malformed:
    """Strict JSON: NaN and the infinities are refused."""
    if not text:
        return Malformed("empty")
    try:
        return json.loads(text, parse_constant=_refuse)
    # Brackets nested too deep are a RecursionError, integers of thousands of digits a ValueError.
    except (ValueError, RecursionError) as error:
        return Malformed(f"not_json: {type(error).__name__}")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")
