"""Asks a model, as many questions at once as are wanted: each once, within its time, within the budget. See the package."""

import asyncio
import hashlib
import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from spatialrl.endpoints.failure import Failure, malformed
from spatialrl.endpoints.ledger import Ledger, Spent, key_of
from spatialrl.endpoints.question import Image, NoReply, Question, Reply
from spatialrl.endpoints.settings import APIS, EndpointSettings
from spatialrl.endpoints.wire import WIRES, Answer, Malformed, in_base64
from spatialrl.errors import ConfigError

if TYPE_CHECKING:
    from spatialrl.endpoints.transport import Transport

BYTES_PER_TOKEN = 4
TOKENS_PER_IMAGE = 1500
"""Both are estimates, for what is under way and for endpoints that do not count."""

IsUsable = Callable[[str], bool]


def anything(text: str) -> bool:
    return True


@asynccontextmanager
async def connect(settings: EndpointSettings) -> AsyncIterator["Endpoint"]:
    """Raises ConfigError about settings that can't be. At the end, what nobody waits for any more is broken off."""
    import aiohttp  # noqa: PLC0415  0.3 s, and most processes that know of endpoints ask none

    from spatialrl.endpoints.transport import Transport  # noqa: PLC0415

    settings.check()
    key = settings.read_key()
    url = settings.url.rstrip("/") + APIS[settings.api]
    connector = aiohttp.TCPConnector(limit=settings.max_concurrent)
    async with aiohttp.ClientSession(connector=connector, trust_env=True) as session:
        transport = Transport(session, url=url, model=settings.model, key=key)
        endpoint = Endpoint(settings, transport, WIRES[settings.api].headers(key))
        try:
            yield endpoint
        finally:
            await endpoint.close()


class Endpoint:
    def __init__(self, settings: EndpointSettings, transport: "Transport", headers: dict[str, str]) -> None:
        self.settings = settings
        self._transport = transport
        self._headers = headers
        self._wire = WIRES[settings.api]
        self._ledger = Ledger(settings)
        self._slots = asyncio.Semaphore(settings.max_concurrent)
        self._asking: dict[str, asyncio.Task[Reply | NoReply]] = {}
        self._open_at_s = 0.0
        """Until then the server has asked to be left alone."""

    @property
    def spent(self) -> Spent:
        """By all that share the journal, as far as this process has looked."""
        return self._ledger.spent

    async def ask(self, question: Question, *, is_usable: IsUsable = anything) -> Reply | NoReply:
        """A reply whose text is not usable is given back and not kept: next time it is asked for again."""
        key = self.key(question)
        kept = self._ledger.kept(key)
        if kept is not None and is_usable(kept.text):
            return kept
        if key not in self._asking:
            task = self._asking[key] = asyncio.create_task(self._ask(question, key, is_usable))
            task.add_done_callback(lambda done: self._forget(key, done))
        # Whoever stops waiting does not take the reply from others, nor from the journal: it is paid for.
        return await asyncio.shield(self._asking[key])

    def key(self, question: Question) -> str:
        """Of the same question to the same model, wherever that is served."""
        body = self._wire.body(question, self.settings, lambda image: hashlib.sha256(image.data).hexdigest())
        return key_of(self.settings.api, body, question.sample)

    async def close(self) -> None:
        under_way = list(self._asking.values())
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        self._ledger.close()

    def _forget(self, key: str, done: "asyncio.Task[Reply | NoReply]") -> None:
        del self._asking[key]
        if not done.cancelled():
            done.exception()

    async def _ask(self, question: Question, key: str, is_usable: IsUsable) -> Reply | NoReply:
        async with self._slots:
            deadline_s = _now_s() + self.settings.timeout_s
            body = json.dumps(self._wire.body(question, self.settings, in_base64)).encode()
            failure: Failure | None = None
            for attempt in range(self.settings.num_attempts):
                pause_s = self._pause_s(attempt, failure)
                if _now_s() + pause_s >= deadline_s:
                    return _given_up(failure, f"the next attempt would be in {pause_s:.3g} s, which is too late")
                await asyncio.sleep(pause_s)
                outcome = await self._attempt(question, body, key, deadline_s, is_usable)
                if isinstance(outcome, Reply | NoReply):
                    return outcome
                failure = outcome
                self._open_at_s = max(self._open_at_s, _now_s() + failure.pause_s if failure.pause_s else 0.0)
                if not failure.may_pass:
                    break
            return _given_up(failure, f"{attempt + 1} of {self.settings.num_attempts} attempts")

    def _pause_s(self, attempt: int, failure: Failure | None) -> float:
        """What the server asks for holds for all questions; a random part keeps them from coming back together."""
        settings = self.settings
        asked_s = max(0.0, self._open_at_s - _now_s())
        if failure is None:
            return asked_s
        doubled_s = min(settings.longest_pause_s, settings.first_pause_s * 2 ** (attempt - 1))
        own_s = doubled_s * random.uniform(0.5, 1.0)
        return max(asked_s * random.uniform(1.0, 1.1), own_s)

    async def _attempt(
        self, question: Question, body: bytes, key: str, deadline_s: float, is_usable: IsUsable
    ) -> Reply | NoReply | Failure:
        estimate = _estimated_tokens(question)
        name = self._ledger.reserve(input_tokens=estimate, output_tokens=question.max_tokens)
        if isinstance(name, NoReply):
            return name
        left_s = deadline_s - _now_s()
        timeout_s = min(left_s, self.settings.attempt_timeout_s or left_s)
        try:
            value = await self._transport.post(body, self._headers, timeout_s=timeout_s)
        except ConfigError:
            self._ledger.settle(name, input_tokens=0, output_tokens=0)
            raise
        outcome = self._read(value, estimate)
        if not isinstance(outcome, Reply):
            billed = estimate if outcome.may_be_billed else 0
            self._ledger.settle(name, input_tokens=billed, output_tokens=0)
        elif is_usable(outcome.text):
            self._ledger.keep(name, key, outcome)
        else:
            self._ledger.settle(name, input_tokens=outcome.input_tokens, output_tokens=outcome.output_tokens)
        return outcome

    def _read(self, value: object, estimate: int) -> Reply | Failure:
        if isinstance(value, Failure):
            return value
        try:
            return self._priced(self._wire.read(value), estimate)
        except Malformed as error:
            return malformed(str(error))

    def _priced(self, answer: Answer, estimate: int) -> Reply:
        written = len(answer.text.encode(errors="replace")) // BYTES_PER_TOKEN + 1
        inputs = estimate if answer.input_tokens is None else answer.input_tokens
        outputs = written if answer.output_tokens is None else answer.output_tokens
        cost = self.settings.cost(input_tokens=inputs, output_tokens=outputs)
        return Reply(
            text=answer.text,
            finish_reason=answer.finish_reason,
            input_tokens=inputs,
            output_tokens=outputs,
            cost=cost,
        )


def _given_up(failure: Failure | None, why: str) -> NoReply:
    if failure is None:
        return NoReply(reason=f"the server asks to be left alone; {why}", code="busy")
    return NoReply(reason=f"{failure.reason} ({why})", code=failure.code)


def _estimated_tokens(question: Question) -> int:
    parts = [part for message in question.messages for part in message.parts]
    images = sum(isinstance(part, Image) for part in parts)
    size = sum(len(part.encode(errors="replace")) for part in parts if isinstance(part, str))
    return size // BYTES_PER_TOKEN + 1 + images * TOKENS_PER_IMAGE


def _now_s() -> float:
    return asyncio.get_running_loop().time()
