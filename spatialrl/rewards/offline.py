"""`spatialrl score reward=NAME input=rows.jsonl output=scores.jsonl`: any reward on answers from anywhere.

One line out per line in, in order, a bounded part of the file in memory. The output appears under its name when it is
complete; the same command, given again, goes on after the last line that was written.
"""

import inspect
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from tqdm import tqdm

from spatialrl.compose import choices, load_config
from spatialrl.config import RewardConfig
from spatialrl.errors import ConfigError, DataError
from spatialrl.rewards import REWARDS
from spatialrl.rewards.composed import check_parts
from spatialrl.rewards.offline_progress import finish, lines_to_keep, note_of
from spatialrl.rewards.offline_rows import MAX_LINE, score_lines
from spatialrl.rewards.parts import PARTS
from spatialrl.rewards.user_code import load
from spatialrl.words import read_words

WORDS = ("reward", "input", "output")
OPTION = "reward."
HELP = ("-h", "--help", "help")
USAGE = """\
spatialrl score reward=NAME input=rows.jsonl output=scores.jsonl [reward.OPTION=VALUE ...]

  reward    {rewards}
  input     JSON lines: id, response, task (question, options, answer, image_size, scene, ...)
  output    JSON lines: id, status, reward, parts, reason; one for each line of the input
  options   those of the reward or of its parts: reward.similarity=exact, reward.function=my_reward.py:score
"""
LINES_AT_ONCE = 512
BYTES_AT_ONCE = 8_000_000
"""Of lines that are scored together; one line may be longer."""


def score(words: list[str]) -> None:
    if any(word in HELP for word in words):
        sys.stdout.write(usage())
        return
    arguments = read_words(words)
    options = {key.removeprefix(OPTION): arguments.pop(key) for key in list(arguments) if key.startswith(OPTION)}
    check_words(arguments)
    config = with_options(load_config([f"reward={arguments['reward']}"]).reward, options)
    score_file(Path(str(arguments["input"])), Path(str(arguments["output"])), config)


def usage() -> str:
    return USAGE.format(rewards=", ".join(choices("reward")))


def check_words(arguments: Mapping[str, Any]) -> None:
    for name in arguments:
        if name not in WORDS:
            nearest = get_close_matches(name, WORDS, n=1, cutoff=0.5)
            hint = f" Did you mean {nearest[0]}?" if nearest else ""
            raise ConfigError(f"There is no argument '{name}'.{hint} {example()}")
    for name in WORDS:
        if arguments.get(name) is None:
            raise ConfigError(f"{name}=... is missing. {example()}")
    if arguments["reward"] not in choices("reward"):
        raise ConfigError(f"reward={arguments['reward']}: there are: {', '.join(choices('reward'))}.")


def example() -> str:
    return (
        "Say `spatialrl score reward=spatialthinker input=rows.jsonl output=scores.jsonl`, or `spatialrl score help`."
    )


def with_options(config: RewardConfig, options: Mapping[str, Any]) -> RewardConfig:
    """`reward.similarity=exact` goes to the reward, or to every part that takes a similarity."""
    parts = config.args.get("parts", {})
    takers = [(PARTS[line["part"]], line.setdefault("args", {})) for line in parts.values()]
    takers = takers or [(REWARDS[config.name], config.args)]
    if config.name == "user":
        users_own = load(str(options.get("function", config.args.get("function", "")))).function
        takers.append((users_own, config.args))
    for name, value in options.items():
        fitting = [args for function, args in takers if name in options_of(function)]
        if not fitting:
            known = sorted({key for function, _ in takers for key in options_of(function)})
            raise ConfigError(
                f"reward.{name}: nothing in this reward takes it; there are: {', '.join(known) or 'none'}."
            )
        for args in fitting:
            args[name] = value
    check_parts(parts)
    return config


def options_of(function: Callable[..., Any]) -> list[str]:
    """Those behind the task and the completion."""
    parameters = list(inspect.signature(function).parameters.values())
    return [each.name for each in parameters[2:] if each.kind in (each.KEYWORD_ONLY, each.POSITIONAL_OR_KEYWORD)]


def score_file(source: Path, output: Path, config: RewardConfig) -> None:
    check_paths(source, output)
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = output.with_name(f"{output.name}.partial")
    done = lines_to_keep(unfinished, note_of(source, config))
    size = source.stat().st_size
    with source.open("rb") as rows, unfinished.open("a") as scores, tqdm(total=size, unit="B", unit_scale=True) as bar:
        lines = islice(lines_of(rows, bar), done, None)
        for chunk in chunks(lines):
            answers = score_lines(chunk, config, folder=source.parent)
            scores.write("".join(json.dumps(answer) + "\n" for answer in answers))
            scores.flush()
    finish(unfinished, output)


def check_paths(source: Path, output: Path) -> None:
    if not source.is_file():
        raise DataError(f"input={source} is no file; expected JSON lines with id, response and task.")
    if output.is_dir():
        raise ConfigError(f"output={output} is a folder; give the name of a file.")
    if output.exists() and output.samefile(source):
        raise ConfigError(f"output={output} is the input itself; give another name.")


def lines_of(rows: BinaryIO, bar: tqdm) -> Iterator[bytes]:
    """Of a line that is too long only the beginning, which is longer than a line may be."""
    while line := rows.readline(MAX_LINE + 1):
        rest = line
        while rest and not rest.endswith(b"\n"):
            bar.update(len(rest))
            rest = rows.readline(MAX_LINE)
        bar.update(len(rest))
        yield line


def chunks(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    num_bytes = 0
    for line in lines:
        chunk.append(line)
        num_bytes += len(line)
        if len(chunk) == LINES_AT_ONCE or num_bytes >= BYTES_AT_ONCE:
            yield chunk
            chunk, num_bytes = [], 0
    if chunk:
        yield chunk
