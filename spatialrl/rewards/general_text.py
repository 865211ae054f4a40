"""Parts that look at how much was written, not at what: DAPO's overlong penalty, repetition and a length band. Lengths
are in tokens; penalties are -1 to 0."""

from collections.abc import Hashable, Sequence

from spatialrl.errors import ConfigError
from spatialrl.rewards.parse import says_something
from spatialrl.types import Completion, Task, Unscored


def overlong_penalty(task: Task, completion: Completion, *, max_tokens: int, buffer_tokens: int) -> float | Unscored:
    """DAPO's soft overlong punishment (Yu et al. 2025, arXiv:2503.14476): 0 up to `max_tokens - buffer_tokens`, from
    there in a straight line to -1 at `max_tokens`."""
    if not 0 < buffer_tokens <= max_tokens:
        raise ConfigError(
            f"The overlong buffer is {buffer_tokens} of {max_tokens} tokens; expected 1 to {max_tokens}, the longest response."
        )
    num_tokens = _num_tokens(task, completion)
    if isinstance(num_tokens, Unscored):
        return num_tokens
    excess = num_tokens - (max_tokens - buffer_tokens)
    return -min(1.0, max(0, excess) / buffer_tokens)


def length_in_band(task: Task, completion: Completion, *, low: int = 320, high: int = 512) -> float | Unscored:
    """1 for a response of `low` to `high` tokens that says something and came to its end. Worth something behind an
    accuracy gate only."""
    num_tokens = _num_tokens(task, completion)
    if isinstance(num_tokens, Unscored):
        return num_tokens
    is_whole = completion.finish_reason == "stop" and says_something(completion.text)
    return float(is_whole and max(1, low) <= num_tokens <= high)


def repetition_penalty(task: Task, completion: Completion, *, run_tokens: int = 4, free_share: float = 0.2) -> float:
    """Share of the runs of `run_tokens` tokens that were there before. Up to `free_share` is 0, all of them would be -1.

    Of a text without token ids the words count.
    """
    if run_tokens < 1 or not 0 <= free_share < 1:
        raise ConfigError(
            f"Repetition looks at runs of {run_tokens} tokens with {free_share} free; expected 1 or more, and 0 up to below 1."
        )
    excess = repeated_share(completion.token_ids or completion.text.split(), run_tokens) - free_share
    return -max(0.0, excess) / (1 - free_share)


def repeated_share(units: Sequence[Hashable], run_length: int) -> float:
    """Of the runs of this length, how many equal an earlier one; 0 where there is none."""
    num_runs = len(units) - run_length + 1
    if num_runs < 1:
        return 0.0
    different = set(zip(*(units[start:] for start in range(run_length)), strict=False))
    return 1 - len(different) / num_runs


def _num_tokens(task: Task, completion: Completion) -> int | Unscored:
    if completion.text and not completion.token_ids:
        return Unscored(reason=f"the completion of task {task.id} has no token ids, in which its length is measured")
    return len(completion.token_ids)
