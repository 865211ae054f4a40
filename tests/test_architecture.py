"""What the code, the configs and the documents promise of themselves."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from spatialrl.benchmarks.spec import SUITES
from spatialrl.compose import BENCHMARKS, choices, config_folder, config_groups, load_config
from workers.cli import VERBS

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for folder in ("spatialrl", "workers", "tests") for path in (ROOT / folder).rglob("*.py"))
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md"), *ROOT.glob("*/*/README.md")])
DOCUMENTS += sorted(ROOT.glob("docker/*.md"))

MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 60

PATHS_OF_A_USER = ["data.train=train.parquet", "data.test=test.parquet", "model.path=model"]
"""A config may leave these to the command line."""
MADE_BY_RUNS = ("outputs/", "checkpoints/", "rollouts/", "evaluation/", "time/", "reward/", "/")
NOT_A_MODULE = {"test_docker.py"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_a_file_fits_in_a_head():
    lines = {name(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert {path: number for path, number in lines.items() if number > MOST_FILE_LINES} == {}


def test_a_function_fits_on_a_screen():
    functions = {
        f"{name(path)}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {function: number for function, number in functions.items() if number > MOST_FUNCTION_LINES} == {}


def test_a_file_says_what_it_does():
    ours = [path for path in SOURCES if "tests" not in path.parts and path.read_text()]
    assert [name(path) for path in ours if not ast.get_docstring(ast.parse(path.read_text()))] == []


@cache
def loaded_by(code: str) -> frozenset[str]:
    """Top-level packages that a fresh interpreter holds after the code."""
    show = "import sys; print('loaded:', *{name.split('.')[0] for name in sys.modules})"
    program = f"try:\n    {code}\nexcept SystemExit:\n    pass\n{show}"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT, timeout=300
    )
    return frozenset(done.stdout.rpartition("loaded:")[2].split())


def test_help_is_light():
    code = "import sys; sys.argv = ['spatialrl', '--help']; from workers.cli import main; main()"
    assert loaded_by(code) & {"torch", "ray", "transformers", "vllm", "hydra", "numpy"} == set()


def test_the_loop_needs_no_ray_and_no_vllm():
    assert loaded_by("import spatialrl.trainer") & {"ray", "vllm", "workers"} == set()


def test_the_driver_never_loads_vllm():
    loaded = loaded_by("import workers.launch")
    assert "ray" in loaded
    assert "vllm" not in loaded


def test_a_report_needs_no_torch():
    assert loaded_by("import spatialrl.report") & {"torch", "ray", "transformers"} == set()


def config_files() -> list[str]:
    """Those of runs; benchmarks have a test of their own."""
    found = [path.relative_to(config_folder()) for path in config_folder().rglob("*.yaml")]
    return sorted(str(path) for path in found if path.parts[0] not in (BENCHMARKS, SUITES))


def test_every_config_can_be_chosen():
    reachable = {"config.yaml"} | {f"{group}/{choice}.yaml" for group in config_groups() for choice in choices(group)}
    assert set(config_files()) == reachable


@pytest.mark.parametrize("file", [file for file in config_files() if "/" in file])
def test_every_config_composes(file: str):
    group, choice = file.removesuffix(".yaml").split("/")
    config = load_config([f"{group}={choice}", *PATHS_OF_A_USER])
    assert config.data.train == "train.parquet"


@pytest.mark.parametrize("experiment", choices("experiment"))
def test_an_experiment_reads_like_a_notebook_entry(experiment: str):
    text = (config_folder() / f"experiment/{experiment}.yaml").read_text()
    assert re.search(r"^# .*\n(# .*\n)*# Hardware: ", text, re.MULTILINE)


def code_of(document: Path) -> list[str]:
    """Inline code and the lines of code blocks."""
    text = document.read_text()
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return inline + [line for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_file_a_document_names_exists(document: Path):
    named = {part for code in code_of(document) for part in re.findall(r"^[\w.-]+(?:/[\w.-]+)+/?$", code.strip())}
    linked = {link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", document.read_text())}
    wanted = {path for path in named | linked if path and not path.startswith((*MADE_BY_RUNS, "https:"))}
    assert {path for path in wanted if not (ROOT / path).exists() and not (document.parent / path).exists()} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_verb_a_document_names_exists(document: Path):
    commands = [code for code in code_of(document) if "spatialrl " in code]
    named = {verb for code in commands for verb in re.findall(r"(?:^|-- |\| |\$ )spatialrl ([a-z]+)\b", code.strip())}
    assert named - VERBS.keys() == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_experiment_a_document_names_exists(document: Path):
    assert set(re.findall(r"\bexperiment=(\w+)", document.read_text())) - set(choices("experiment")) == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_make_target_a_document_names_exists(document: Path):
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {found[1] for code in code_of(document) if (found := re.match(r"make ([a-z-]+)", code.strip()))}
    assert named - targets == set()


def test_unit_tests_mirror_the_code():
    unit = ROOT / "tests/unit"
    folders = {path.parent.relative_to(unit) for path in unit.rglob("test_*.py")}
    assert {
        f for f in folders if not any((ROOT / package / f).is_dir() for package in ("spatialrl", "workers"))
    } == set()
    modules = {path.stem for package in ("spatialrl", "workers") for path in (ROOT / package).glob("*")}
    names = {path.name for path in unit.glob("test_*.py")} - NOT_A_MODULE
    assert {file for file in names if file.removeprefix("test_").removesuffix(".py") not in modules} == set()
