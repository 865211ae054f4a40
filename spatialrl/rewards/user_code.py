"""A user's own reward: one function in one Python file, named as `path/to/file.py:function`.

    def my_reward(task, completion, **options): ...          one completion; may be `async def`
    def my_reward(tasks, completions, **options): ...        a batch; returns a list of the same length

It returns a number, a dictionary with `reward` and any named parts, or a `Score`. The file is loaded once per process.
What the function raises travels on; a reward that is no finite number leaves its completion `Unscored`.
"""

import asyncio
import inspect
import math
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from spatialrl.errors import ConfigError
from spatialrl.rewards.user_file import module_of, read_source, split_name
from spatialrl.types import Completion, Score, Scored, Task, Unscored

ONE = ("task", "completion")
BATCH = ("tasks", "completions")


@dataclass(frozen=True, slots=True)
class UserReward:
    name: str
    """As the user wrote it."""
    function: Callable[..., Any]
    takes_batch: bool

    @property
    def gains_from_many(self) -> bool:
        return self.takes_batch or inspect.iscoroutinefunction(self.function)

    def score(self, tasks: Sequence[Task], completions: Sequence[Completion], **options: Any) -> list[Score]:
        """One score for each pair, in their order."""
        if self.takes_batch:
            returned = self.function(list(tasks), list(completions), **options)
            return self._of_batch(_finished(returned) if inspect.iscoroutine(returned) else returned, tasks)
        values = [
            self.function(task, completion, **options) for task, completion in zip(tasks, completions, strict=True)
        ]
        if any(map(inspect.iscoroutine, values)):
            values = _finished(_all_at_once(values))
        return [self._as_score(value, task) for value, task in zip(values, tasks, strict=True)]

    def _of_batch(self, returned: Any, tasks: Sequence[Task]) -> list[Score]:
        if not isinstance(returned, list | tuple) or len(returned) != len(tasks):
            found = f"{len(returned)} values" if isinstance(returned, list | tuple) else repr(returned)[:200]
            raise ConfigError(
                f"{self.name} returned {found} for a batch of {len(tasks)}; expected a list of {len(tasks)}."
            )
        return [self._as_score(value, task) for value, task in zip(returned, tasks, strict=True)]

    def _as_score(self, value: Any, task: Task) -> Score:
        if isinstance(value, Unscored):
            return value
        if isinstance(value, Scored):
            return _finite(value.reward, value.parts, task)
        if _is_number(value):
            return _finite(value, {}, task)
        if isinstance(value, Mapping) and "reward" in value and all(_is_number(part) for part in value.values()):
            return _finite(value["reward"], {name: part for name, part in value.items() if name != "reward"}, task)
        raise ConfigError(
            f"{self.name} returned {repr(value)[:200]} for task {task.id}; expected a number, a dictionary of numbers with "
            "the key 'reward', or a Score."
        )


async def _all_at_once(values: Sequence[Any]) -> list[Any]:
    """Values and coroutines; the first failure ends those that still wait."""
    tasks = [asyncio.ensure_future(value if inspect.iscoroutine(value) else _given(value)) for value in values]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


async def _given(value: Any) -> Any:
    return value


def user_reward(task: Task, completion: Completion, *, function: str, source: str = "", **options: Any) -> Score:
    """`function` is `path/to/file.py:name`; the other options are passed on to it. `source` is the text of the file, where
    the file itself may be on another machine."""
    return load(function, source).score([task], [completion], **options)[0]


def user_reward_batch(
    pairs: Sequence[tuple[Task, Completion]], *, function: str, source: str = "", **options: Any
) -> list[Score]:
    """A function that takes a batch gets all of them in one call; an asynchronous one is awaited for all at once."""
    tasks, completions = [task for task, _ in pairs], [completion for _, completion in pairs]
    return load(function, source).score(tasks, completions, **options) if pairs else []


@lru_cache(maxsize=64)
def load(name: str, source: str = "") -> UserReward:
    """Runs the file and checks the function's signature; a mistake is a sentence that says what to change."""
    path, attribute = split_name(name)
    module = module_of(str(path), source or read_source(path))
    function = getattr(module, attribute, None)
    if not callable(function):
        known = [key for key, value in vars(module).items() if inspect.isfunction(value) and not key.startswith("_")]
        raise ConfigError(f"{path} has no function {attribute!r}; it defines {', '.join(known) or 'none'}.")
    return UserReward(name, function, takes_batch=_takes_batch(name, function))


def _takes_batch(name: str, function: Callable[..., Any]) -> bool:
    """The names of the first two parameters tell."""
    parameters = list(inspect.signature(function).parameters.values())
    names = tuple(parameter.name for parameter in parameters[:2])
    needed = [p.name for p in parameters[2:] if p.kind is p.POSITIONAL_ONLY]
    if names not in (ONE, BATCH) or needed:
        raise ConfigError(
            f"{name} takes ({', '.join(p.name for p in parameters)}); expected (task, completion, **options), "
            "or (tasks, completions, **options) for a batch."
        )
    return names == BATCH


def _finished(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run_coroutine_threadsafe(work, _event_loop()).result()


@lru_cache(maxsize=1)
def _event_loop() -> asyncio.AbstractEventLoop:
    """One for the whole life of the process, in a thread of its own: connections that a function keeps open go on, and
    it does not matter whether the caller has a loop."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="user-reward", daemon=True).start()
    return loop


def _is_number(value: Any) -> bool:
    """Of Python or numpy, or a tensor of one element."""
    return isinstance(value, bool | int | float) or (hasattr(value, "__float__") and not isinstance(value, str))


def _finite(reward: Any, parts: Mapping[Any, Any], task: Task) -> Score:
    try:
        scored = Scored(reward=float(reward), parts={str(name): float(part) for name, part in parts.items()})
    # A whole number of more than 308 digits.
    except OverflowError:
        return Unscored(reason=f"the user's reward of task {task.id} is beyond floats")
    if not all(math.isfinite(value) for value in (scored.reward, *scored.parts.values())):
        return Unscored(reason=f"the user's reward of task {task.id} is not finite: {scored.reward}, {scored.parts}")
    return scored
