"""A user's own reward: one function in one Python file, named as `path/to/file.py:function`.

    def my_reward(task, completion, **options): ...          one completion; may be `async def`
    def my_reward(tasks, completions, **options): ...        a batch; returns a list of the same length

It returns a number, a dictionary with `reward` and any named parts, or a `Score`. The file is loaded once per process.
What the function raises travels on; a reward that is no finite number leaves its completion `Unscored`.
"""

import asyncio
import hashlib
import importlib.util
import inspect
import math
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from spatialrl.errors import ConfigError
from spatialrl.types import Completion, Score, Scored, Task, Unscored

ONE = ("task", "completion")
BATCH = ("tasks", "completions")


@dataclass(frozen=True, slots=True)
class UserReward:
    name: str
    """As the user wrote it."""
    function: Callable[..., Any]
    takes_batch: bool

    def score(self, tasks: Sequence[Task], completions: Sequence[Completion], **options: Any) -> list[Score]:
        """One score for each pair, in their order."""
        if self.takes_batch:
            return self._of_batch(self._call(list(tasks), list(completions), **options), tasks)
        pairs = zip(tasks, completions, strict=True)
        return [self._as_score(self._call(task, completion, **options), task) for task, completion in pairs]

    def _call(self, *args: Any, **options: Any) -> Any:
        returned = self.function(*args, **options)
        return _finished(returned) if inspect.iscoroutine(returned) else returned

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


def user_reward(task: Task, completion: Completion, *, function: str, **options: Any) -> Score:
    """`function` is `path/to/file.py:name`; the other options are passed on to it."""
    return load(function).score([task], [completion], **options)[0]


def user_reward_batch(pairs: Sequence[tuple[Task, Completion]], *, function: str, **options: Any) -> list[Score]:
    """A function that takes a batch gets all of them in one call."""
    tasks, completions = [task for task, _ in pairs], [completion for _, completion in pairs]
    return load(function).score(tasks, completions, **options) if pairs else []


@lru_cache(maxsize=64)
def load(name: str) -> UserReward:
    """Reads the file and checks the function's signature; a mistake is a sentence that says what to change."""
    path, colon, attribute = name.rpartition(":")
    if not colon or not path.endswith(".py") or not attribute.isidentifier():
        raise ConfigError(f"The reward function is {name!r}; expected path/to/file.py:function.")
    module = _module(Path(path).expanduser().resolve())
    function = getattr(module, attribute, None)
    if not callable(function):
        known = [key for key, value in vars(module).items() if inspect.isfunction(value) and not key.startswith("_")]
        raise ConfigError(f"{path} has no function {attribute!r}; it defines {', '.join(known) or 'none'}.")
    return UserReward(name, function, takes_batch=_takes_batch(name, function))


def _module(path: Path) -> ModuleType:
    if not path.is_file():
        raise ConfigError(f"The file {path} of the reward function does not exist.")
    name = f"user_reward_{hashlib.sha256(str(path).encode()).hexdigest()[:16]}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses and pickles of the file look it up here.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (ImportError, SyntaxError) as error:
        raise ConfigError(f"The file {path} of the reward function can't be imported: {error}.") from error
    return module


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


def _finished(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Runs it to its end, in a thread of its own where this one already has an event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


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
