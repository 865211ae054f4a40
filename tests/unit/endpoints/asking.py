"""Small ways of asking, for tests of endpoints."""

import asyncio
from typing import Any

from spatialrl.endpoints import EndpointSettings, NoReply, Question, Reply, connect, user
from tests.endpoint_server import EndpointServer


def settings(server: EndpointServer, **options: Any) -> EndpointSettings:
    return EndpointSettings(**{"url": server.url, "model": "m", "first_pause_s": 0.01, **options})


def question(text: str = "how many?", **options: Any) -> Question:
    return Question(messages=(user(text),), max_tokens=10, **options)


def ask(server: EndpointServer, *questions: Question, **options: Any) -> list[Reply | NoReply]:
    """All at once, through one connection."""

    async def run() -> list[Reply | NoReply]:
        async with connect(settings(server, **options)) as endpoint:
            return list(await asyncio.gather(*map(endpoint.ask, questions or (question(),))))

    return asyncio.run(run())


def ask_one(server: EndpointServer, text: str = "how many?", **options: Any) -> Reply | NoReply:
    return ask(server, question(text), **options)[0]
