"""A reward of your own: the right answer, and the same in fewer tokens is worth a little more."""

from typing import Any

from spatialrl.rewards.parse import Malformed, answer_text, choice
from spatialrl.types import Completion, Task


def right_and_short(task: Task, completion: Completion, *, enough_tokens: int = 60) -> dict[str, Any]:
    """`reward` is what RL raises; the other names are parts, which metrics and report show by themselves."""
    answer = answer_text(completion.text)
    letter = answer if isinstance(answer, Malformed) else choice(answer, task.options)
    is_right = letter == task.answer
    brevity = min(1.0, enough_tokens / max(1, len(completion.token_ids)))
    return {"reward": is_right * (0.8 + 0.2 * brevity), "accuracy": is_right, "brevity": brevity}
