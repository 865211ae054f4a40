"""The image is described by a file that no test builds; these keep it true to the project."""

import fnmatch
import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker/Dockerfile").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def instructions() -> list[tuple[str, str]]:
    """`(word, rest)` of each instruction, its continued lines joined."""
    lines = (line for line in TEXT.splitlines() if line and not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines())]


def of(word: str) -> list[str]:
    return [rest for name, rest in instructions() if name == word]


def pins() -> dict[str, str]:
    """Exact versions that pyproject.toml asks for, by package."""
    wanted = PROJECT["dependencies"] + [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
    found = (re.fullmatch(r"([\w-]+)(?:\[\w+\])?==([\w.]+)", line) for line in wanted)
    return {match[1]: match[2] for match in found if match}


def copied() -> list[str]:
    sources = (rest.split()[:-1] for rest in of("COPY"))
    return [path for paths in sources for path in paths if not path.startswith("--")]


def test_every_copied_path_exists() -> None:
    assert copied()
    assert [path for path in copied() if not (ROOT / path).exists()] == []


def test_every_copied_path_travels_to_the_builder() -> None:
    rules = (ROOT / ".dockerignore").read_text().split()
    assert rules[rules.index("*") + 1 :]
    assert [path for path in copied() if f"!{path}" not in rules] == []


def test_nothing_that_the_wheel_needs_is_left_out() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = [*wheel["packages"], *wheel["force-include"], PROJECT["readme"], "pyproject.toml"]
    assert [path for path in needed if not any(fnmatch.fnmatch(path, f"{source}*") for source in copied())] == []


def test_every_pin_is_the_one_of_the_project() -> None:
    arguments = {name: value for name, _, value in (rest.partition("=") for rest in of("ARG"))}
    asked = {name: arguments[key] for name, key in re.findall(r"([a-z][\w-]*)(?:\[\w+\])?==\$\{(\w+)\}", TEXT)}
    asked["flash-attn"] = re.findall(r"Set to ([\d.]+)", TEXT)[0]
    assert {"torch", "vllm", "ray", "hydra-core", "qwen-vl-utils", "flash-attn"} == asked.keys()
    assert asked == {name: pins()[name] for name in asked}


def test_the_base_image_has_a_version() -> None:
    (base,) = of("FROM")
    assert re.fullmatch(r"nvidia/cuda:\d+\.\d+\.\d+-devel-ubuntu\d\d\.\d\d", base)


def test_the_entry_point_is_a_script_of_the_project() -> None:
    (entry,) = of("ENTRYPOINT")
    assert json.loads(entry)[0] in PROJECT["scripts"]


def test_the_image_does_not_run_as_root() -> None:
    words = [word for word, _ in instructions()]
    assert of("USER") == ["spatialrl"]
    assert words.index("USER") < words.index("ENTRYPOINT")


def test_no_registry_but_the_public_ones_is_named() -> None:
    assert not re.search(r"https?://|index-url|--find-links", TEXT)
