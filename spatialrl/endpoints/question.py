"""What is asked, and what comes back: a reply, or the reason why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["system", "user", "assistant"]
NoReplyCode = Literal["busy", "timeout", "connection", "malformed", "refused", "budget"]
"""busy: an HTTP code after which the same request may succeed. malformed: something came that is no reply. refused: no
retry helps this question. budget: a cap is reached, and nothing was sent. The others: what they say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    data: bytes = field(repr=False)
    media_type: str
    """image/jpeg, image/png, image/webp or image/gif."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    role: Role
    parts: tuple[str | Image, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    messages: tuple[Message, ...]
    """System messages come first."""
    max_tokens: int = 1024
    """Of the reply."""
    temperature: float | None = 0.0
    """None sends none, for models that refuse it."""
    top_p: float | None = None
    seed: int | None = None
    """OpenAI-compatible endpoints only."""
    stop: tuple[str, ...] = ()
    sample: int = 0
    """The same question with another number is asked, and paid, once more."""
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """Further fields of the request, by the endpoint's own names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    text: str
    finish_reason: str
    """stop, length, refusal, or what the endpoint calls another one."""
    input_tokens: int
    """As the endpoint counts them; about four bytes each where it does not say."""
    output_tokens: int
    cost: float = 0.0
    is_replayed: bool = False
    """From the journal: nothing was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReply:
    reason: str
    code: NoReplyCode


def user(*parts: str | Image) -> Message:
    return Message(role="user", parts=parts)


def system(text: str) -> Message:
    return Message(role="system", parts=(text,))


def assistant(text: str) -> Message:
    return Message(role="assistant", parts=(text,))
