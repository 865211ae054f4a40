"""Training and evaluation are one program: one environment, one prompt."""

import ast
import re
import sys
import tomllib
from collections import defaultdict
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest

from spatialrl.benchmarks.asked import maker
from spatialrl.benchmarks.order import read_order
from spatialrl.benchmarks.prompting import AS_IS
from spatialrl.data.prompts import chat_messages
from spatialrl.prepare import as_asked
from tests.fakes import make_image, make_task

ROOT = Path(__file__).parents[3]
OURS = {"spatialrl", "workers"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RECORDED = """
data:
  {template: spatialthinker, coordinates: resized_pixels, min_pixels: 784, max_pixels: 3136,
   video: {min_pixels: 784, max_pixels: null, total_pixels: 9000}}
model: {dtype: float32, max_tokens: 4096}
"""


def name_of(requirement: str) -> str:
    (name,) = re.findall(r"^[\w.-]+", requirement)
    return name.lower().replace("_", "-")


def packages_of(path: Path) -> set[str]:
    """That a file imports, its functions included, and that are neither Python's nor ours."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - OURS


def test_evaluation_needs_nothing_but_what_training_needs():
    base = {name_of(requirement) for requirement in PROJECT["dependencies"]}
    distributions = packages_distributions()
    for path in (ROOT / "spatialrl/benchmarks").rglob("*.py"):
        for package in packages_of(path):
            known = {name_of(name) for name in distributions.get(package, [package])}
            assert known & base, f"{path} imports {package}, which is no dependency of training"


def test_every_package_is_wanted_in_one_version():
    """No extra needs another than training."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for requirement in chain(PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()):
        if name_of(requirement) != "spatialrl":
            wanted[name_of(requirement)].add(requirement)
    assert {name: several for name, several in wanted.items() if len(several) > 1} == {}


@pytest.fixture
def model_path(tmp_path: Path) -> Path:
    folder = tmp_path / "run/checkpoints/step_000003"
    folder.mkdir(parents=True)
    for name in ("config.json", "tokenizer_config.json"):
        (folder / name).write_text('{"model_type": "qwen2_5_vl"}')
    (folder / "preprocessor_config.json").write_text('{"patch_size": 14, "merge_size": 2}')
    (tmp_path / "run/config.yaml").write_text(RECORDED)
    return folder


@pytest.mark.parametrize("template", ["spatialthinker", "spatial_ssrl", "spacer", "spatialreasoner"])
def test_a_model_is_asked_in_the_very_words_it_was_trained_with(model_path: Path, template: str):
    """Size and coordinates of its images included: nothing between braces is left over."""
    recorded = model_path.parents[1] / "config.yaml"
    recorded.write_text(recorded.read_text().replace("template: spatialthinker", f"template: {template}"))
    config, (benchmark,) = read_order(["benchmark=scenes", f"model.path={model_path}"])
    task = make_task(media=(make_image(size=448),))
    (trained,) = as_asked([task], config)
    (turn,) = chat_messages(trained, template=template)
    (asked,) = chat_messages(maker(benchmark, config)(task).prompt, template=AS_IS)
    assert asked == turn
    text = asked["content"][-1]["text"]
    assert "448" not in text
    assert "Width" not in text
    assert ("56 x 56" in text) == (template == "spatialthinker")
