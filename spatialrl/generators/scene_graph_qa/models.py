"""The models of a recipe, connected; what they cost so far; and the difference between no answer and a bad one."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from spatialrl.endpoints import Endpoint, NoReply, Question, Reply, connect
from spatialrl.generators.scene_graph_qa.recipe import Recipe


class Unanswered(Exception):
    """A model gave no reply: that says nothing about the question."""

    def __init__(self, endpoint: Endpoint, no_reply: NoReply) -> None:
        super().__init__(f"{endpoint.settings.model} gave no reply: {no_reply.reason}")
        self.code = no_reply.code


@dataclass(frozen=True, kw_only=True)
class Models:
    writer: Endpoint | None = None
    judges: tuple[Endpoint, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.all)

    @property
    def all(self) -> tuple[Endpoint, ...]:
        return (*((self.writer,) if self.writer else ()), *self.judges)

    @property
    def most_at_once(self) -> int:
        return max(1, sum(endpoint.settings.max_concurrent for endpoint in self.all))

    @property
    def told(self) -> dict[str, str]:
        """For the progress bar."""
        if not self.all:
            return {}
        spent = [endpoint.spent for endpoint in self.all]
        return {"calls": str(sum(each.calls for each in spent)), "cost": f"{sum(each.cost for each in spent):.4f}"}


@asynccontextmanager
async def connected(recipe: Recipe) -> AsyncIterator[Models]:
    async with AsyncExitStack() as stack:
        writer = await stack.enter_async_context(connect(recipe.writer.endpoint)) if recipe.writer else None
        judges = [await stack.enter_async_context(connect(each)) for each in recipe.validation.endpoints]
        yield Models(writer=writer, judges=tuple(judges))


async def reply_of(endpoint: Endpoint, question: Question) -> Reply:
    outcome = await endpoint.ask(question)
    if isinstance(outcome, NoReply):
        raise Unanswered(endpoint, outcome)
    return outcome
