"""One attempt over HTTP. What goes wrong is told apart by what helps: waiting, another question, or nothing."""

import email.utils
import json
import time
from collections.abc import Mapping
from typing import Any

import aiohttp

from spatialrl.endpoints.failure import SHOWN, Failure, malformed
from spatialrl.errors import ConfigError

MAX_REPLY_BYTES = 8_000_000
CHUNK_BYTES = 65536
PASSING = (408, 409, 425, 429)
"""HTTP codes, beside those of the server's own faults, after which the same request may succeed."""
NOT_ALLOWED = (401, 402, 403, 404)
"""Of these no retry and no other question helps."""
OUT_OF_MONEY = "insufficient_quota"
"""How OpenAI calls a 429 that no waiting ends."""


class Transport:
    def __init__(self, session: aiohttp.ClientSession, *, url: str, model: str, key: str) -> None:
        self._session = session
        self._url, self._model, self._key = url, model, key

    async def post(self, body: bytes, headers: Mapping[str, str], *, timeout_s: float) -> Any | Failure:
        """The JSON of a reply with HTTP 200."""
        sent = {"Content-Type": "application/json", **headers}
        limit = aiohttp.ClientTimeout(total=max(0.001, timeout_s))
        try:
            # A redirect would show the key to another host.
            request = self._session.post(self._url, data=body, headers=sent, timeout=limit, allow_redirects=False)
            async with request as response:
                said = await _read(response)
                if response.status == 200:
                    return _parsed(said)
                return self._refused(response, said.decode(errors="replace"))
        except TimeoutError:
            reason = f"no whole reply within {timeout_s:.3g} s"
            return Failure(reason=reason, code="timeout", may_pass=True, may_be_billed=True)
        # Door: no connection, a broken one, or something that is no HTTP.
        except (aiohttp.ClientError, OSError) as error:
            is_unsent = isinstance(error, aiohttp.ClientConnectorError)
            reason = f"{type(error).__name__}: {error}"
            return Failure(reason=reason, code="connection", may_pass=True, may_be_billed=not is_unsent)

    def _refused(self, response: aiohttp.ClientResponse, said: str) -> Failure:
        words = said[:SHOWN].replace(self._key, "***") if self._key else said[:SHOWN]
        if response.status in NOT_ALLOWED or OUT_OF_MONEY in said:
            raise ConfigError(
                f"The endpoint {self._url} refuses model {self._model!r} with HTTP {response.status}: {words!r}. Check url, "
                "model, the account and the environment variable with the key."
            )
        may_pass = response.status in PASSING or response.status >= 500
        return Failure(
            reason=f"HTTP {response.status}: {words!r}",
            code="busy" if may_pass else "refused",
            may_pass=may_pass,
            pause_s=asked_pause_s(response.headers),
        )


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = b""
    async for chunk in response.content.iter_chunked(CHUNK_BYTES):
        body += chunk
        if len(body) > MAX_REPLY_BYTES:
            raise aiohttp.ClientPayloadError(f"a reply of more than {MAX_REPLY_BYTES} bytes")
    return body


def _parsed(said: bytes) -> Any | Failure:
    try:
        return json.loads(said)
    except (ValueError, RecursionError) as error:
        return malformed(f"{type(error).__name__}: {error}")


def asked_pause_s(headers: Mapping[str, str]) -> float:
    """Retry-After in seconds or as a date, or retry-after-ms; 0 where nothing is asked, or nothing that makes sense."""
    if (milliseconds := _number(headers.get("retry-after-ms", ""))) is not None:
        return milliseconds / 1000
    asked = headers.get("Retry-After", "")
    if (seconds := _number(asked)) is not None:
        return seconds
    try:
        return max(0.0, email.utils.parsedate_to_datetime(asked).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _number(text: str) -> float | None:
    is_number = text.isascii() and text.replace(".", "", 1).isdigit() and len(text) < 10
    return float(text) if is_number else None
