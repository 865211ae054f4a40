"""`spatialrl score reward=NAME input=rows.jsonl output=scores.jsonl`: any reward on answers from anywhere.

One line out per line in, in order, one at a time in memory. The output appears under its name when it is complete; a run
that was stopped goes on after its last complete line.
"""

import inspect
import json
import os
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from tqdm import tqdm

from spatialrl.compose import load_config
from spatialrl.config import RewardConfig
from spatialrl.data.tasks import row_to_task
from spatialrl.errors import ConfigError, DataError
from spatialrl.rewards import REWARDS
from spatialrl.rewards.composed import check_parts
from spatialrl.rewards.parts import PARTS
from spatialrl.types import Completion, Score, Scored, Task
from spatialrl.words import read_words

USAGE = "Say `spatialrl score reward=spatialthinker input=rows.jsonl output=scores.jsonl`."
OPTION = "reward."

Row = dict[str, Any]


def score(words: list[str]) -> None:
    arguments = read_words(words)
    options = {key.removeprefix(OPTION): arguments.pop(key) for key in list(arguments) if key.startswith(OPTION)}
    if set(arguments) != {"reward", "input", "output"}:
        raise ConfigError(USAGE)
    config = with_options(load_config([f"reward={arguments['reward']}"]).reward, options)
    score_file(Path(str(arguments["input"])), Path(str(arguments["output"])), config)


def with_options(config: RewardConfig, options: Mapping[str, Any]) -> RewardConfig:
    """`reward.similarity=exact` goes to the reward, or to every part that takes a similarity."""
    parts = config.args.get("parts", {})
    takers = [(PARTS[line["part"]], line.setdefault("args", {})) for line in parts.values()]
    takers = takers or [(REWARDS[config.name], config.args)]
    for name, value in options.items():
        fitting = [args for function, args in takers if name in inspect.signature(function).parameters]
        if not fitting:
            known = sorted({key for function, _ in takers for key in options_of(function)})
            raise ConfigError(f"reward.{name}: nothing in this reward takes it; there are: {', '.join(known)}.")
        for args in fitting:
            args[name] = value
    check_parts(parts)
    return config


def options_of(function: Callable[..., Any]) -> list[str]:
    return [name for name, p in inspect.signature(function).parameters.items() if p.kind is p.KEYWORD_ONLY]


def score_file(source: Path, output: Path, config: RewardConfig) -> None:
    if not source.is_file():
        raise DataError(f"input={source} does not exist; expected JSON lines with id, response and task.")
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = output.with_name(f"{output.name}.partial")
    done = keep_complete_lines(unfinished)
    size = source.stat().st_size
    with source.open("rb") as rows, unfinished.open("a") as scores, tqdm(total=size, unit="B", unit_scale=True) as bar:
        for line in islice(counted(rows, bar), done, None):
            scores.write(json.dumps(score_line(line, config, folder=source.parent)) + "\n")
    os.replace(unfinished, output)


def keep_complete_lines(path: Path) -> int:
    """How many lines an earlier run wrote; half a line at the end is cut off."""
    if not path.exists():
        return 0
    with path.open("rb+") as file:
        complete = [len(line) for line in file if line.endswith(b"\n")]
        file.truncate(sum(complete))
    return len(complete)


def counted(rows: Iterator[bytes], bar: tqdm) -> Iterator[bytes]:
    for line in rows:
        bar.update(len(line))
        yield line


def score_line(line: bytes, config: RewardConfig, *, folder: Path) -> Row:
    """A line that is no row is unscored, with the reason: the lines after it are scored all the same."""
    try:
        row = json.loads(line)
        task = row_task(row, folder=folder)
        text = row["response"]
        if not isinstance(text, str):
            raise DataError("response is not a text")
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError, DataError) as error:
        return score_row(None, reason=f"not a row with id, response and task: {type(error).__name__} {error}")
    completion = Completion(prompt_ids=(), token_ids=(), text=text, logprobs_T=())
    return score_row(row.get("id"), REWARDS[config.name](task, completion, **config.args))


def row_task(row: Row, *, folder: Path) -> Task:
    """A task as people have it: an image may be known by its size alone."""
    given = dict(row["task"])
    size = given.pop("image_size", None)
    if size and not given.get("media"):
        given["media"] = [{"kind": "image", "path": "image", "width": size[0], "height": size[1]}]
    kind = "choice" if given.get("options") else "text"
    return row_to_task({"id": str(row.get("id")), "answer_kind": kind, **given}, folder=folder)


def score_row(name: Any, score: Score | None = None, *, reason: str = "") -> Row:
    if isinstance(score, Scored):
        return {"id": name, "status": "scored", "reward": score.reward, "parts": dict(score.parts), "reason": ""}
    return {"id": name, "status": "unscored", "reward": None, "parts": {}, "reason": score.reason if score else reason}
