import re
import traceback
from pathlib import Path

import pytest

from spatialrl.errors import ConfigError
from spatialrl.rewards.user_code import user_reward
from spatialrl.rewards.user_file import checked_function, with_source
from spatialrl.types import Completion, Scored
from tests.fakes import make_task

COMPLETION = Completion(prompt_ids=(), token_ids=(), text="abc")


@pytest.fixture
def user_file(tmp_path: Path, monkeypatch):
    def write(code: str) -> str:
        (tmp_path / "mine.py").write_text(code)
        monkeypatch.chdir(tmp_path)
        return f"{tmp_path}/mine.py:f"

    return write


def test_a_relative_path_becomes_absolute_while_a_config_is_checked(user_file):
    name = user_file("def f(task, completion):\n    return 1\n")
    assert checked_function("mine.py:f") == name


def test_the_text_travels_with_the_arguments_and_the_file_is_needed_no_more(user_file, tmp_path):
    name = user_file("def f(task, completion, bonus):\n    return len(completion.text) + bonus\n")
    args = with_source({"function": "mine.py:f", "bonus": 1})
    (tmp_path / "mine.py").unlink()
    assert args["function"] == name
    assert user_reward(make_task(), COMPLETION, **args) == Scored(reward=4.0)


def test_another_text_under_the_same_path_is_another_function(user_file):
    rewards = []
    for value in (1, 2):
        user_file(f"def f(task, completion):\n    return {value}\n")
        rewards.append(user_reward(make_task(), COMPLETION, **with_source({"function": "mine.py:f"})))
    assert rewards == [Scored(reward=1.0), Scored(reward=2.0)]


def test_a_traceback_shows_the_line_of_a_file_that_is_elsewhere():
    source = "def f(task, completion):\n    return 1 / 0\n"
    with pytest.raises(ZeroDivisionError) as caught:
        user_reward(make_task(), COMPLETION, function="/elsewhere/mine.py:f", source=source)
    frame = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (frame.filename, frame.lineno, frame.line) == ("/elsewhere/mine.py", 2, "return 1 / 0")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            "import nowhere_to_be_found\n",
            "can't be imported: ModuleNotFoundError: No module named 'nowhere_to_be_found'.",
        ),
        ("def f(:\n", "can't be imported: SyntaxError"),
        ("half = 1 / 0\n", "can't be imported: ZeroDivisionError: division by zero."),
        ("def g(task, completion): ...\n", "has no function 'f'; it defines g."),
        ("def f(text): ...\n", "expected (task, completion, **options)"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n", "ends its process: signal 11."),
        ("raise SystemExit(3)\n", "exit code 3"),
    ],
)
def test_a_file_that_can_not_work_is_told_before_anything_starts(user_file, code, told):
    with pytest.raises(ConfigError, match=re.escape(told)):
        checked_function(user_file(code))


def test_a_missing_file_is_told_with_its_whole_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=f"{tmp_path}/gone.py of the reward function does not exist"):
        checked_function("gone.py:f")
