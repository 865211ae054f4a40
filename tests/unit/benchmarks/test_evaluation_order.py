from pathlib import Path

import pytest

from spatialrl.benchmarks.identity import endpoint_identity, folder_hash, model_identity, model_name
from spatialrl.benchmarks.order import read_order
from spatialrl.benchmarks.settings import changes, settings_hash, settings_of
from spatialrl.benchmarks.spec import read_benchmark
from spatialrl.config import RunConfig
from spatialrl.errors import ConfigError, DataError

RECORDED = """
data:
  {template: spatialreasoner, coordinates: thousandths, min_pixels: 100, max_pixels: 2000,
   video: {min_pixels: 300, max_pixels: null, total_pixels: 9000}}
model: {dtype: float32, max_tokens: 4096}
"""


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    folder = tmp_path / "demo/checkpoints/step_000003"
    folder.mkdir(parents=True)
    for name in ("config.json", "processor_config.json", "tokenizer_config.json"):
        (folder / name).write_text("{}")
    (tmp_path / "demo/config.yaml").write_text(RECORDED)
    (tmp_path / "demo/checkpoints/last").symlink_to(folder.name)
    return tmp_path / "demo/checkpoints/last"


def test_a_checkpoint_is_asked_as_it_was_trained(checkpoint: Path):
    config, (benchmark,) = read_order(["benchmark=scenes", f"model.path={checkpoint}"])
    assert benchmark.name == "scenes"
    assert (config.eval.template, config.data.max_pixels) == ("spatialreasoner", 2000)
    assert (config.data.coordinates, config.data.video.max_pixels) == ("thousandths", None)
    assert config.data.video.total_pixels == 9000
    assert (config.model.dtype, config.model.max_tokens) == ("float32", 4096)
    assert config.eval.sampling.temperature == 0


def test_what_is_said_here_wins_over_what_was_recorded(checkpoint: Path):
    words = ["benchmark=scenes", f"model.path={checkpoint}", "template=compact", "data.max_pixels=500", "limit=7"]
    config, _ = read_order(words)
    assert (config.eval.template, config.data.max_pixels, config.eval.limit) == ("compact", 500, 7)


def test_a_model_of_other_people_gets_the_benchmarks_own_words(checkpoint: Path):
    (checkpoint.resolve().parents[1] / "config.yaml").unlink()
    config, _ = read_order(["benchmark=scenes", f"model.path={checkpoint}"])
    assert config.eval.template == "default"


def test_a_record_without_a_template_is_told(checkpoint: Path):
    (checkpoint.resolve().parents[1] / "config.yaml").write_text("data: {}\n")
    with pytest.raises(DataError, match=r"does not say data\.template"):
        read_order(["benchmark=scenes", f"model.path={checkpoint}"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["limit=3"], "Say either benchmark=NAME or suite=NAME"),
        (["benchmark=scens"], "Did you mean scenes"),
        (["benchmark=scenes", "backend=vlm"], "eval.backend is 'vlm'"),
        (["benchmark=scenes", "template=nice"], "eval.template is 'nice'"),
        (["benchmark=scenes", "sampling.max_tokens=5000"], "leaves no room for a prompt"),
        (["benchmark=scenes", "backend=openai"], "eval.endpoint: option 'url'"),
        (["benchmark=scenes", "backend=openai", "patch=0"], "eval.patch is 0"),
        (["benchmark=scenes", "limits=3"], "limits"),
        (["suite=all", "source=rows.parquet"], "say where one benchmark is"),
    ],
)
def test_mistakes_are_told_before_anything_starts(words: list[str], told: str, checkpoint: Path):
    with pytest.raises(ConfigError, match=told):
        read_order([*words, f"model.path={checkpoint}"])


def test_a_checkpoint_is_called_by_its_run_and_step(checkpoint: Path):
    assert model_name(str(checkpoint)) == "demo-step_000003"
    assert model_name("Qwen/Qwen2.5-VL-3B-Instruct") == "Qwen2.5-VL-3B-Instruct"


def test_other_weights_under_the_same_name_are_another_model(tmp_path: Path):
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"one")
    first = folder_hash(tmp_path)
    (tmp_path / "README.md").write_text("words")
    assert folder_hash(tmp_path) == first
    weights.write_bytes(b"two")
    assert folder_hash(tmp_path) != first
    assert model_identity(str(tmp_path))["sha256"] == folder_hash(tmp_path)


def test_a_server_that_comes_back_at_another_port_is_the_same():
    first, second = ({"url": f"http://localhost:{port}/v1", "model": "qwen"} for port in (8000, 9000))
    assert endpoint_identity(first) == endpoint_identity(second) == {"name": "qwen", "host": "localhost"}


def settings(model: str = "m", **changed: object) -> dict:
    config = RunConfig()
    config.eval.template = "default"
    for key, value in changed.items():
        section = config.cluster if key == "num_threads" else config.eval
        setattr(section, key, value)
    return settings_of(config, read_benchmark("scenes"), model={"name": model}, dataset="d")


def test_whatever_changes_an_answer_changes_the_folder_and_is_named():
    first = settings()
    for key, value in {"template": "thinking", "frames": 8, "fps": 1.0, "resolution": 448, "blind": True}.items():
        assert settings_hash(settings(**{key: value})) != settings_hash(first)
    assert changes(first, settings(frames=8, limit=10)) == ["frames 0 -> 8", "limit 0 -> 10"]
    assert settings_hash(settings(model="other")) != settings_hash(first)


def test_how_the_work_is_spread_changes_nothing():
    changed = settings(max_in_flight=4, num_attempts=9, output_dir="elsewhere", retry_errors=True)
    assert settings_hash(changed) == settings_hash(settings())
