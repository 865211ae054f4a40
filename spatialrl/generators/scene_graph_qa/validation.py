"""Whether a question can be answered from its picture, and not without it: several attempts by several models, each with
the options in an order of its own, and some attempts blind.
"""

import asyncio
from collections.abc import Awaitable, Iterator, Sequence

from spatialrl.dice import stable_order
from spatialrl.endpoints import Endpoint, Image, Question, user
from spatialrl.generators.scene_graph_qa.draft import Draft, Dropped
from spatialrl.generators.scene_graph_qa.models import reply_of
from spatialrl.generators.scene_graph_qa.recipe import Validation
from spatialrl.rewards.parse import Malformed, answer_text, choice
from spatialrl.types import LETTERS

MAX_REPLY_TOKENS = 512
PROMPT = """{seen}

Question: {question}
{options}

Think briefly, then give the letter of the right option as <answer>X</answer>."""
SEEN = "Look at the picture and answer the question."
BLIND = "The picture of this question is missing. Say which option is the most likely one."


async def validate(
    judges: Sequence[Endpoint], validation: Validation, draft: Draft, image: Image, *, name: str
) -> dict[str, str]:
    """`pass_rate` and `blind_rate`. Raises Dropped about a question that is to be dropped."""
    seen = await asyncio.gather(*_attempts(judges, validation, draft, image, name, validation.attempts))
    num_right = sum(seen)
    if num_right < validation.need:
        raise Dropped("not confirmed", f"{num_right} of {len(seen)} answers were right; {validation.need} are needed")
    blind = await asyncio.gather(*_attempts(judges, validation, draft, None, name, validation.blind))
    if blind and all(blind):
        raise Dropped("guessed blind", f"all of {len(blind)} answers without the picture were right")
    facts = {"pass_rate": f"{num_right / len(seen):.3g}"}
    return facts | ({"blind_rate": f"{sum(blind) / len(blind):.3g}"} if blind else {})


def _attempts(
    judges: Sequence[Endpoint], validation: Validation, draft: Draft, image: Image | None, name: str, count: int
) -> Iterator[Awaitable[bool]]:
    """The judges take turns, and after each turn the temperatures do."""
    options = (draft.right, *draft.wrong)
    for number in range(count):
        endpoint = judges[number % len(judges)]
        turn = number // len(judges)
        temperature = validation.temperatures[turn % len(validation.temperatures)]
        order = stable_order(name, "blind" if image is None else "seen", number, count=len(options))
        shown = [options[place] for place in order]
        yield _is_right(endpoint, draft, image, shown, LETTERS[order.index(0)], temperature, number)


async def _is_right(
    endpoint: Endpoint, draft: Draft, image: Image | None, shown: list[str], right: str, temperature: float, number: int
) -> bool:
    """An answer that names no option, or several, is wrong."""
    lettered = "\n".join(f"({letter}) {option}" for letter, option in zip(LETTERS, shown, strict=False))
    words = PROMPT.format(seen=BLIND if image is None else SEEN, question=draft.question, options=lettered)
    message = user(words) if image is None else user(image, words)
    asked = Question(messages=(message,), max_tokens=MAX_REPLY_TOKENS, temperature=temperature, sample=number)
    reply = await reply_of(endpoint, asked)
    return answered(reply.text, shown) == right


def answered(text: str, shown: Sequence[str]) -> str:
    """The letter; empty where there is none. Without tags the whole reply has to be the answer."""
    said = answer_text(text)
    letter = choice(text.strip() if isinstance(said, Malformed) else said, shown)
    return "" if isinstance(letter, Malformed) else letter
