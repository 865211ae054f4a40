import json
from pathlib import Path

import pytest
import yaml

from spatialrl.config import RunConfig, SourceConfig
from spatialrl.errors import ConfigError
from spatialrl.run_folder import claim_folder


def make_config(folder: Path, **changes: bool) -> RunConfig:
    config = RunConfig(name="rooms", output_dir=str(folder), **changes)  # type: ignore[arg-type]
    config.model.path = config.data.train = config.data.test = "elsewhere"
    return config


def test_a_run_leaves_its_config_and_its_manifest(tmp_path: Path):
    config = make_config(tmp_path / "run")
    config.seed = 7
    folder = claim_folder(config)
    assert yaml.safe_load((folder / "config.yaml").read_text())["seed"] == 7
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["seed"] == 7
    assert {"torch", "ray", "transformers"} <= manifest["packages"].keys()


def test_the_config_is_written_resolved(tmp_path: Path):
    config = make_config(tmp_path / "run")
    config.data.test = "${data.train}"
    assert yaml.safe_load((claim_folder(config) / "config.yaml").read_text())["data"]["test"] == "elsewhere"


def test_the_sources_of_a_mixture_are_written(tmp_path: Path):
    config = make_config(tmp_path / "run")
    config.data.train = [SourceConfig(path="a.parquet", weight=2.0), SourceConfig(path="b.parquet", weight=1.0)]
    written = yaml.safe_load((claim_folder(config) / "config.yaml").read_text())["data"]["train"]
    assert [(source["path"], source["weight"]) for source in written] == [("a.parquet", 2.0), ("b.parquet", 1.0)]


def test_an_earlier_run_is_not_overwritten_unasked(tmp_path: Path):
    claim_folder(make_config(tmp_path / "run"))
    with pytest.raises(ConfigError, match="already holds a run"):
        claim_folder(make_config(tmp_path / "run"))


def test_overwriting_leaves_nothing_of_the_earlier_run(tmp_path: Path):
    (claim_folder(make_config(tmp_path / "run")) / "metrics.jsonl").write_text("{}\n")
    folder = claim_folder(make_config(tmp_path / "run", overwrite=True))
    assert sorted(path.name for path in folder.iterdir()) == ["config.yaml", "manifest.json"]


def test_overwriting_never_removes_what_no_run_wrote(tmp_path: Path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(ConfigError, match="holds files that no run wrote"):
        claim_folder(make_config(tmp_path, overwrite=True))
    assert (tmp_path / "thesis.tex").exists()


def test_a_users_reward_is_kept_with_the_run_and_never_removed_by_one(tmp_path: Path):
    config = make_config(tmp_path / "run", overwrite=True)
    config.reward.name, config.reward.args = "user", {"function": f"{tmp_path}/mine.py:f"}
    (tmp_path / "mine.py").write_text("def f(task, completion):\n    return 1\n")
    folder = claim_folder(config)
    assert (folder / "reward.py").read_text() == (tmp_path / "mine.py").read_text()
    config.reward.args = {"function": f"{folder}/reward.py:f"}
    with pytest.raises(ConfigError, match=r"reward.args.function is .*inside output_dir"):
        claim_folder(config)


def test_overwriting_never_removes_the_model_it_starts_from(tmp_path: Path):
    folder = claim_folder(make_config(tmp_path / "run"))
    config = make_config(tmp_path / "run", overwrite=True)
    config.model.path = str(folder / "checkpoints/last")
    with pytest.raises(ConfigError, match=r"model.path is .*inside output_dir"):
        claim_folder(config)
    assert (folder / "config.yaml").exists()


def test_an_empty_folder_may_be_claimed(tmp_path: Path):
    assert claim_folder(make_config(tmp_path)) == tmp_path


def test_secrets_are_not_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.argv", ["/bin/spatialrl", "train", "reward.args.judge.api_key=hunter2", "seed=3"])
    config = make_config(tmp_path / "run")
    config.reward.args = {"judge": {"api_key": "hunter2", "url": "here"}, "keys": [{"token": "hunter2"}]}
    folder = claim_folder(config)
    written = "".join((folder / name).read_text() for name in ("config.yaml", "manifest.json"))
    assert "hunter2" not in written
    assert "here" in written
    assert json.loads((folder / "manifest.json").read_text())["command"][2:] == [
        "reward.args.judge.api_key=<redacted>",
        "seed=3",
    ]


def test_a_number_of_tokens_is_no_secret(tmp_path: Path):
    folder = claim_folder(make_config(tmp_path / "run"))
    assert yaml.safe_load((folder / "config.yaml").read_text())["model"]["max_tokens"] == 8192
