import subprocess
import sys

import pytest

from spatialrl.errors import WorkerError
from workers import cli


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]):
    assert cli.run(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(verb in told for verb in cli.VERBS)


def test_help_loads_nothing_heavy():
    code = "import sys, workers.cli as c; c.run(['--help']); print([m for m in ('torch','ray','hydra') if m in sys.modules])"
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout.splitlines()[-1] == "[]"


def test_an_unknown_verb_names_the_known_ones(capsys: pytest.CaptureFixture[str]):
    assert cli.run(["trian"]) == 2
    assert "train, sft" in capsys.readouterr().err


def test_the_first_cause_of_a_group_is_the_last_thing_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def fail(_words: list[str]) -> None:
        raise ExceptionGroup("side by side", [ExceptionGroup("inner", [WorkerError("Rank 1 is gone.")])])

    monkeypatch.setattr(cli, "find", lambda verb: fail)
    assert cli.run(["train"]) == 1
    assert capsys.readouterr().err == "spatialrl: Rank 1 is gone.\n"
