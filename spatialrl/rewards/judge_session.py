"""What a process asks a judge: each question once, within the budget, with the grade read out of the reply. Threads may ask
at the same time.
"""

import os
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock

from spatialrl.errors import ConfigError
from spatialrl.rewards.chat_endpoint import Endpoint, NoReply
from spatialrl.rewards.judge_ledger import Ledger, Replies, key_of, writable_folder
from spatialrl.rewards.parse import Malformed, last_block, number
from spatialrl.types import Unscored


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeSettings:
    url: str
    """Up to and without /chat/completions, for example http://localhost:8000/v1."""
    model: str
    key_variable: str = ""
    """Name of the environment variable with the key; empty where none is needed."""
    cache: str = ""
    """Folder of replies and of what was spent. All processes that see it share both; without one each reward worker has a
    budget of its own and keeps nothing."""
    max_requests: int = 10_000
    """A request and its retries count once. Each process may overshoot it by those it sends at the same time."""
    max_tokens: int = 10_000_000
    """Of prompts and replies; overshot like the requests."""
    max_reply_tokens: int = 256
    timeout_s: float = 25.0
    """Of one question, its retries and the pauses between them included."""
    num_attempts: int = 4
    first_pause_s: float = 1.0
    """Before the second attempt; doubled before each further one, and longer where the server asks for it."""
    temperature: float | None = 0.0
    """null sends none, for models that refuse it."""
    max_tokens_key: str = "max_tokens"
    """How the endpoint calls the limit of a reply; `max_completion_tokens` for some models."""


class JudgeSession:
    def __init__(self, settings: JudgeSettings) -> None:
        folder = writable_folder(settings.cache)
        self._settings = settings
        self._replies = Replies(folder)
        self._ledger = Ledger(folder)
        self._lock = Lock()
        self._asking: dict[str, Future[float | Unscored]] = {}
        self._endpoint = endpoint_of(settings)

    def grade(self, prompt: str, *, scale: float) -> float | Unscored:
        """Whoever asks the same while it is being asked gets the same grade."""
        key = key_of(self._settings.model, prompt, str(scale))
        with self._lock:
            known = self._asking.get(key)
            ours = self._asking.setdefault(key, Future())
        if known is not None:
            return known.result()
        try:
            ours.set_result(self._grade(prompt, scale=scale))
        except BaseException as error:
            ours.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._asking[key]
        return ours.result()

    def _grade(self, prompt: str, *, scale: float) -> float | Unscored:
        """Only a reply that could be read is kept: the others are asked for again."""
        key = key_of(self._settings.model, prompt)
        kept = self._replies.get(key)
        reply = self._ask(prompt) if kept is None else kept
        if isinstance(reply, Unscored):
            return reply
        grade = read_grade(reply, scale)
        if kept is None and not isinstance(grade, Unscored):
            self._replies.put(key, reply)
        return grade

    def _ask(self, prompt: str) -> str | Unscored:
        if (refusal := self._reserve(prompt)) is not None:
            return refusal
        reply = self._endpoint.ask(prompt, max_reply_tokens=self._settings.max_reply_tokens)
        if isinstance(reply, NoReply):
            return undecided(f"the judge gave no reply: {reply.reason}")
        with self._lock:
            self._ledger.charge(requests=0, tokens=reply.tokens)
        return reply.text

    def _reserve(self, prompt: str) -> Unscored | None:
        """Charges the request before it is sent: a worker that is ended while it waits has sent it all the same."""
        limit, tokens = self._settings, _about_tokens(prompt) + self._settings.max_reply_tokens
        with self._lock:
            self._ledger.refresh()
            spent = self._ledger
            if spent.requests >= limit.max_requests or spent.tokens + tokens > limit.max_tokens:
                return undecided(
                    f"the judge's budget is spent: {spent.requests} of {limit.max_requests} requests, "
                    f"{spent.tokens} of {limit.max_tokens} tokens"
                )
            spent.charge(requests=1, tokens=0)
        return None


def read_grade(reply: str, scale: float) -> float | Unscored:
    """In the last `<score>` tags, else the whole reply where it is nothing but a number."""
    block = last_block(reply, "score")
    found = number(reply if isinstance(block, Malformed) else block)
    if isinstance(found, Malformed) or not 0 <= found.value <= scale:
        return undecided(f"the judge's reply has no grade from 0 to {scale:g}: {reply[-200:]!r}")
    return found.value / scale


def endpoint_of(settings: JudgeSettings) -> Endpoint:
    """Raises ConfigError about an address or a key that can't be."""
    return Endpoint(
        url=settings.url,
        model=settings.model,
        api_key=_key(settings.key_variable),
        timeout_s=settings.timeout_s,
        num_attempts=settings.num_attempts,
        first_pause_s=settings.first_pause_s,
        temperature=settings.temperature,
        max_tokens_key=settings.max_tokens_key,
    )


def undecided(reason: str) -> Unscored:
    return Unscored(reason=reason, code="judge")


def _key(variable: str) -> str:
    if variable and not os.environ.get(variable):
        raise ConfigError(f"The environment variable {variable} for the judge's key is not set.")
    return os.environ.get(variable, "") if variable else ""


def _about_tokens(text: str) -> int:
    return len(text.encode(errors="replace")) // 4 + 1
