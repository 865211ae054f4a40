"""What a process asks a judge: a prompt in, the grade read out of the reply. Threads may ask at the same time."""

from spatialrl.endpoints import BlockingEndpoint, EndpointSettings, NoReply, Question, user
from spatialrl.rewards.parse import Malformed, last_block, number
from spatialrl.types import Unscored


class JudgeSession:
    def __init__(self, settings: EndpointSettings, *, max_reply_tokens: int, temperature: float | None) -> None:
        self._endpoint = BlockingEndpoint(settings)
        self._max_reply_tokens = max_reply_tokens
        self._temperature = temperature

    def grade(self, prompt: str, *, scale: float) -> float | Unscored:
        """Only a reply with a grade is kept: the others are asked for again."""
        question = Question(messages=(user(prompt),), max_tokens=self._max_reply_tokens, temperature=self._temperature)
        reply = self._endpoint.ask(question, is_usable=lambda text: not isinstance(read_grade(text, scale), Unscored))
        if isinstance(reply, NoReply):
            return undecided(f"the judge gave no reply: {reply.reason}")
        return read_grade(reply.text, scale)


def read_grade(reply: str, scale: float) -> float | Unscored:
    """In the last `<score>` tags, else the whole reply where it is nothing but a number."""
    block = last_block(reply, "score")
    found = number(reply if isinstance(block, Malformed) else block)
    if isinstance(found, Malformed) or not 0 <= found.value <= scale:
        return undecided(f"the judge's reply has no grade from 0 to {scale:g}: {reply[-200:]!r}")
    return found.value / scale


def undecided(reason: str) -> Unscored:
    return Unscored(reason=reason, code="judge")
