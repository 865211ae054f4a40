"""One question to a model behind an OpenAI-compatible endpoint, over plain HTTP. Every wait has a deadline; what may pass
(a busy server, a lost connection) is tried again, later each time."""

import http.client
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from spatialrl.errors import ConfigError

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
MAX_REPLY_BYTES = 1_000_000
PASSING = (408, 409, 429)
"""HTTP codes, beside those of the server's own faults, after which the same request may succeed."""
NOT_ALLOWED = (401, 403, 404)
"""Of these no retry and no other prompt helps."""


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    tokens: int
    """Of prompt and reply, as the server counts them; about four bytes each where it does not say."""


@dataclass(frozen=True, slots=True)
class NoReply:
    reason: str
    may_pass: bool
    pause_s: float = 0.0
    """What the server asks to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    url: str
    """Up to and without /chat/completions, for example http://localhost:8000/v1."""
    model: str
    api_key: str = ""
    timeout_s: float = 60.0
    """Of one question: all attempts, the slow reading of a reply, and the pauses between them."""
    num_attempts: int = 4
    first_pause_s: float = FIRST_PAUSE_S
    """Before the second attempt; doubled before each further one."""
    temperature: float | None = 0.0
    max_tokens_key: str = "max_tokens"

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")):
            raise ConfigError(f"The judge's url is {self.url!r}; expected one like http://localhost:8000/v1.")

    def ask(self, prompt: str, *, max_reply_tokens: int) -> Reply | NoReply:
        body = {"model": self.model, "messages": [{"role": "user", "content": prompt}]}
        body |= {self.max_tokens_key: max_reply_tokens}
        body |= {} if self.temperature is None else {"temperature": self.temperature}
        request = urllib.request.Request(
            f"{self.url.rstrip('/')}/chat/completions", data=json.dumps(body).encode(), headers=self._headers()
        )
        return self._persist(request, len(prompt.encode(errors="replace")))

    def _headers(self) -> dict[str, str]:
        key = {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}
        return {"Content-Type": "application/json", **key}

    def _persist(self, request: urllib.request.Request, prompt_bytes: int) -> Reply | NoReply:
        deadline = time.monotonic() + self.timeout_s
        outcome: Reply | NoReply = NoReply("it was never asked", may_pass=False)
        for attempt in range(self.num_attempts):
            outcome = self._attempt(request, prompt_bytes, deadline)
            if isinstance(outcome, Reply) or not outcome.may_pass or attempt == self.num_attempts - 1:
                break
            pause_s = min(LONGEST_PAUSE_S, max(outcome.pause_s, self.first_pause_s * 2**attempt))
            if time.monotonic() + pause_s >= deadline:
                break
            time.sleep(pause_s)
        return outcome

    def _attempt(self, request: urllib.request.Request, prompt_bytes: int, deadline: float) -> Reply | NoReply:
        try:
            return _read_reply(self._fetch(request, deadline), prompt_bytes)
        except urllib.error.HTTPError as error:
            return self._refused(error)
        # Door: no connection, a broken or a slow one, or something that is no HTTP.
        except (OSError, http.client.HTTPException) as error:
            return NoReply(f"{type(error).__name__}: {error}", may_pass=True)

    def _fetch(self, request: urllib.request.Request, deadline: float) -> bytes:
        """The deadline of a socket is for each of its reads; a server that drips needs one for the whole."""
        body = b""
        with urllib.request.urlopen(request, timeout=max(0.001, deadline - time.monotonic())) as response:
            while chunk := response.read1(65536):
                body += chunk
                if time.monotonic() > deadline or len(body) > MAX_REPLY_BYTES:
                    raise TimeoutError(f"no whole reply within {self.timeout_s:g} s and {MAX_REPLY_BYTES} bytes")
        return body

    def _refused(self, error: urllib.error.HTTPError) -> NoReply:
        said = error.read(500).decode(errors="replace")
        if error.code in NOT_ALLOWED:
            raise ConfigError(
                f"The judge at {self.url} refuses model {self.model!r} with HTTP {error.code}: {said!r}. Check url, model "
                "and the environment variable with the key."
            ) from error
        may_pass = error.code in PASSING or error.code >= 500
        return NoReply(f"HTTP {error.code}: {said!r}", may_pass, _seconds(error.headers.get("Retry-After", "")))


def _read_reply(body: bytes, prompt_bytes: int) -> Reply | NoReply:
    try:
        value: Any = json.loads(body)
        text = value["choices"][0]["message"]["content"] or ""
        if not isinstance(text, str):
            raise TypeError(f"its content is {type(text).__name__}")
        usage = value.get("usage") or {}
        estimate = (prompt_bytes + len(text)) // 4 + 1
        return Reply(text, int(usage.get("total_tokens") or estimate))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        return NoReply(f"the reply is not a chat completion: {type(error).__name__} {error}", may_pass=True)


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0.0
