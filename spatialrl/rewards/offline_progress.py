"""What an unfinished output was made from, so that only the same work is continued: a note beside it, compared before the
first line is added."""

import hashlib
import json
from pathlib import Path
from typing import Any

from spatialrl import __version__
from spatialrl.config import RewardConfig
from spatialrl.errors import ConfigError
from spatialrl.rewards.user_file import read_source, split_name

Note = dict[str, Any]


def note_of(source: Path, config: RewardConfig) -> Note:
    """Everything a score depends on."""
    note = {"spatialrl": __version__, "input": _digest(source), "reward": config.name}
    note |= {f"reward.{name}": value for name, value in config.args.items()}
    if function := config.args.get("function"):
        note["the file of reward.function"] = _hash(read_source(split_name(function)[0]).encode())
    # As it will be read back.
    return json.loads(json.dumps(note))


def lines_to_keep(unfinished: Path, note: Note) -> int:
    """How many lines an earlier run wrote; half a line at the end is cut off. Raises ConfigError where it wrote other
    scores than this run would."""
    beside = _beside(unfinished)
    if not unfinished.exists():
        beside.write_text(json.dumps(note, indent=1))
        return 0
    earlier = _read(beside)
    changed = sorted(key for key in {*earlier, *note} if earlier.get(key) != note.get(key))
    if changed:
        raise ConfigError(
            f"{unfinished} is the beginning of other work: {changed[0]} is not what it was. "
            f"Repeat the command it was begun with, or remove the file to start over."
        )
    with unfinished.open("rb+") as file:
        num_lines = num_bytes = 0
        for line in file:
            if line.endswith(b"\n"):
                num_lines, num_bytes = num_lines + 1, num_bytes + len(line)
        file.truncate(num_bytes)
    return num_lines


def finish(unfinished: Path, output: Path) -> None:
    unfinished.replace(output)
    _beside(unfinished).unlink(missing_ok=True)


def _beside(unfinished: Path) -> Path:
    return unfinished.with_name(f"{unfinished.name}.from.json")


def _read(beside: Path) -> Note:
    try:
        note = json.loads(beside.read_text())
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def _digest(source: Path) -> str:
    with source.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:32]


def _hash(text: bytes) -> str:
    return hashlib.blake2b(text).hexdigest()[:32]
