"""`spatialrl data make=NAME folder=... [argument=value ...]`, `validate=PATH` and `schema=PATH`: the JSON Schema of a row."""

import sys
from pathlib import Path
from typing import Any

from spatialrl.data import GENERATORS
from spatialrl.data.json_schema import write_task_schema
from spatialrl.data.validate import validate
from spatialrl.errors import ConfigError, DataError
from spatialrl.words import call_with_words, read_words

USAGE = "Say `spatialrl data make=scenes folder=outputs/rooms` or `spatialrl data validate=outputs/rooms`."


def data(words: list[str]) -> None:
    arguments = read_words(words)
    if "make" in arguments:
        make(str(arguments.pop("make")), arguments)
    elif "validate" in arguments:
        report(Path(str(arguments["validate"])))
    elif "schema" in arguments:
        write_task_schema(Path(str(arguments["schema"])))
    else:
        raise ConfigError(USAGE)


def make(name: str, arguments: dict[str, Any]) -> None:
    if name not in GENERATORS:
        raise ConfigError(f"make={name}: there are: {', '.join(sorted(GENERATORS))}.")
    folder = Path(str(arguments.pop("folder", f"outputs/data/{name}")))
    call_with_words(GENERATORS[name], {"seed": 1, **arguments}, folder=folder)
    sys.stdout.write(f"{folder}\n")


def report(path: Path) -> None:
    """One line per bad row; an error if there is any."""
    problems = validate(path)
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    if problems:
        raise DataError(f"{path}: {len(problems)} bad rows.")
    sys.stdout.write(f"{path}: every row is good.\n")
