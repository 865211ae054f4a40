"""The two ways of asking over HTTP, as pure functions: a question becomes a JSON body, a JSON reply becomes text and
usage. A reply of any other form is `Malformed`, with what is wrong about it."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from spatialrl.endpoints.question import Image, Message, Question
from spatialrl.endpoints.settings import Api, EndpointSettings
from spatialrl.errors import ConfigError

Encode = Callable[[Image], str]
Json = dict[str, Any]
ANTHROPIC_VERSION = "2023-06-01"
FINISHES = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length"}
"""By Anthropic's names."""


class Malformed(Exception):
    """A body is no reply: one reason, without a subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    text: str
    finish_reason: str
    input_tokens: int | None
    """None where the endpoint does not count."""
    output_tokens: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    headers: Callable[[str], dict[str, str]]
    """Of a key; without a content type."""
    body: Callable[[Question, EndpointSettings, Encode], Json]
    read: Callable[[Any], Answer]


def in_base64(image: Image) -> str:
    return base64.b64encode(image.data).decode()


def _openai_headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"} if key else {}


def _openai_body(question: Question, settings: EndpointSettings, encode: Encode) -> Json:
    messages = [{"role": m.role, "content": _openai_content(m, encode)} for m in question.messages]
    optional = {"top_p": question.top_p, "seed": question.seed, "stop": list(question.stop) or None}
    return _filled(question, settings, {"messages": messages, settings.max_tokens_key: question.max_tokens}, optional)


def _openai_content(message: Message, encode: Encode) -> str | list[Json]:
    """One text stays plain: some servers take nothing else."""
    if len(message.parts) == 1 and isinstance(message.parts[0], str):
        return message.parts[0]
    return [
        {"type": "text", "text": part}
        if isinstance(part, str)
        else {"type": "image_url", "image_url": {"url": f"data:{part.media_type};base64,{encode(part)}"}}
        for part in message.parts
    ]


def _read_openai(value: Any) -> Answer:
    choice = _first("choices", _at(value, "choices"))
    message, finish = _at(choice, "message"), choice.get("finish_reason") or "stop"
    if not isinstance(message, dict):
        raise Malformed(f"its message is {type(message).__name__}, not an object")
    text, refusal = message.get("content"), message.get("refusal")
    if text is None and isinstance(refusal, str):
        text, finish = refusal, "refusal"
    # A reasoning model that was cut off before its answer.
    if text is None and finish == "length":
        text = ""
    if not isinstance(text, str) or not isinstance(finish, str):
        raise Malformed(f"its content is {type(text).__name__}, not text")
    usage = value.get("usage")
    return _answer(text, finish, usage, "prompt_tokens", "completion_tokens")


def _anthropic_headers(key: str) -> dict[str, str]:
    return {"anthropic-version": ANTHROPIC_VERSION, **({"x-api-key": key} if key else {})}


def _anthropic_body(question: Question, settings: EndpointSettings, encode: Encode) -> Json:
    if question.seed is not None:
        raise ConfigError("Anthropic's messages take no seed; leave it out, or ask an OpenAI-compatible endpoint.")
    said = [part for m in question.messages if m.role == "system" for part in m.parts if isinstance(part, str)]
    messages = [
        {"role": m.role, "content": [_anthropic_part(part, encode) for part in m.parts]}
        for m in question.messages
        if m.role != "system"
    ]
    optional = {
        "top_p": question.top_p,
        "stop_sequences": list(question.stop) or None,
        "system": "\n\n".join(said) or None,
    }
    return _filled(question, settings, {"messages": messages, "max_tokens": question.max_tokens}, optional)


def _anthropic_part(part: str | Image, encode: Encode) -> Json:
    if isinstance(part, str):
        return {"type": "text", "text": part}
    return {"type": "image", "source": {"type": "base64", "media_type": part.media_type, "data": encode(part)}}


def _read_anthropic(value: Any) -> Answer:
    blocks, reason = _at(value, "content"), value.get("stop_reason")
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise Malformed("its content is no list of blocks")
    texts = [block.get("text") for block in blocks if block.get("type") == "text"]
    if not isinstance(reason, str) or not all(isinstance(text, str) for text in texts):
        raise Malformed(f"its stop_reason is {reason!r}, or a block of text has none")
    if not texts and reason == "tool_use":
        raise Malformed("it calls a tool and says nothing")
    finish = FINISHES.get(reason, reason)
    return _answer("".join(map(str, texts)), finish, value.get("usage"), "input_tokens", "output_tokens")


def _filled(question: Question, settings: EndpointSettings, body: Json, optional: Mapping[str, Any]) -> Json:
    given = {name: value for name, value in optional.items() if value is not None}
    heat = {} if question.temperature is None else {"temperature": question.temperature}
    return {"model": settings.model, **body, **heat, **given, **settings.extra, **question.extra}


def _answer(text: str, finish: str, usage: Any, inputs: str, outputs: str) -> Answer:
    counts = usage if isinstance(usage, dict) else {}
    cached = sum(_count(counts.get(f"cache_{kind}_input_tokens")) or 0 for kind in ("creation", "read"))
    read = _count(counts.get(inputs))
    return Answer(
        text=text,
        finish_reason=finish,
        input_tokens=None if read is None else read + cached,
        output_tokens=_count(counts.get(outputs)),
    )


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _at(value: Any, key: str) -> Any:
    if not isinstance(value, dict):
        raise Malformed(f"it is {type(value).__name__}, not an object")
    if value.get(key) is None:
        raise Malformed(f"it has no {key}; it says {str(value.get('error') or '')[:200]!r}")
    return value[key]


def _first(key: str, items: Any) -> Any:
    if not isinstance(items, list) or not items:
        raise Malformed(f"its {key} are empty or no list")
    return items[0]


WIRES: dict[Api, Wire] = {
    "openai": Wire(headers=_openai_headers, body=_openai_body, read=_read_openai),
    "anthropic": Wire(headers=_anthropic_headers, body=_anthropic_body, read=_read_anthropic),
}
