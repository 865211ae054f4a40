"""The one program: `spatialrl VERB [section.key=value ...]`. Light by rule: a verb's imports happen in that verb."""

import importlib
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass

from spatialrl import __version__
from spatialrl.errors import UserError, first_of


@dataclass(frozen=True, slots=True)
class Verb:
    module: str
    does: str
    example: str


VERBS = {
    "train": Verb("workers.launch", "reinforcement learning", "spatialrl train model=tiny data=scenes cluster=cpu"),
    "sft": Verb("workers.launch", "supervised cold start", "spatialrl sft model=tiny data=scenes cluster=cpu"),
    "eval": Verb(
        "workers.evaluation", "benchmarks, with official metrics", "spatialrl eval benchmark=scenes model.path=PATH"
    ),
    "ask": Verb(
        "spatialrl.ask", "one question to a model", "spatialrl ask model=PATH image=a.jpg question='What is left?'"
    ),
    "score": Verb(
        "spatialrl.rewards.offline",
        "rewards of answers in a file",
        "spatialrl score reward=spatialthinker input=rows.jsonl output=scores.jsonl",
    ),
    "data": Verb(
        "spatialrl.data.verbs",
        "make, import, inspect and validate data",
        "spatialrl data make=scenes folder=outputs/rooms",
    ),
    "report": Verb("spatialrl.report", "a run folder as one HTML file", "spatialrl report run=outputs/demo"),
    "bench": Verb("workers.bench", "measurements of this machine", "spatialrl bench suite=integrity"),
}
"""Each verb is the function of its name in its module: it takes the words after the verb."""

QUIET = {
    "VLLM_LOGGING_LEVEL": "ERROR",
    "TRANSFORMERS_VERBOSITY": "error",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "PYTHONWARNINGS": "ignore",
}
"""Libraries say nothing unless something is wrong; a variable that is already set stays."""

INTERRUPTED = 128 + signal.SIGINT


def main() -> None:
    sys.exit(run(sys.argv[1:]))


def run(words: list[str]) -> int:
    """The exit code. What went wrong is the last thing printed."""
    if not words or words[0] in ("-h", "--help", "help"):
        say(usage())
        return 0
    if words[0] == "--version":
        say(__version__)
        return 0
    if words[0] not in VERBS:
        complain(f"There is no verb '{words[0]}'; there are: {', '.join(VERBS)}.")
        return 2
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    try:
        find(words[0])(words[1:])
    except UserError as error:
        complain(str(error))
        return 1
    except BaseExceptionGroup as group:
        # Tasks that run side by side fail as a group; the first cause is the one to tell.
        causes, _ = group.split(UserError)
        if causes is None:
            raise
        complain(str(first_of(causes)))
        return 1
    except KeyboardInterrupt:
        complain("Interrupted; all workers are stopped.")
        return INTERRUPTED
    return 0


def find(verb: str) -> Callable[[list[str]], None]:
    return getattr(importlib.import_module(VERBS[verb].module), verb)


def usage() -> str:
    width = max(len(name) for name in VERBS)
    lines = [f"  {name:<{width}}  {verb.does}\n  {'':<{width}}    {verb.example}" for name, verb in VERBS.items()]
    return "\n".join(
        [
            "spatialrl VERB [section.key=value ...]",
            "",
            *lines,
            "",
            "Sections and choices: configs/. dry_run=true prints the plan of a run and starts nothing.",
        ]
    )


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def complain(text: str) -> None:
    sys.stderr.write(f"spatialrl: {text}\n")


if __name__ == "__main__":
    main()
