import asyncio

import pytest

from spatialrl.errors import ConfigError
from spatialrl.rewards.user_code import load, user_reward
from spatialrl.types import Completion, Scored, Task, Unscored

TASK = Task(id="t1", question="How many?", answer="3", answer_kind="number")


def completion(text="3"):
    return Completion(prompt_ids=(), token_ids=(7, 8), text=text)


@pytest.fixture
def user_file(tmp_path):
    def write(code, name="mine.py"):
        path = tmp_path / name
        path.write_text(code)
        return str(path)

    return write


def test_a_function_sees_the_whole_task_and_completion(user_file):
    path = user_file(
        "def f(task, completion, bonus=0):\n    return len(completion.token_ids) + float(task.answer) + bonus\n"
    )
    assert user_reward(TASK, completion(), function=f"{path}:f") == Scored(reward=5.0)
    assert user_reward(TASK, completion(), function=f"{path}:f", bonus=1) == Scored(reward=6.0)


@pytest.mark.parametrize(
    ("returned", "score"),
    [
        ("1", Scored(reward=1.0)),
        ("True", Scored(reward=1.0)),
        ("numpy.float32(0.5)", Scored(reward=0.5)),
        ("{'reward': 0.5, 'format': 1}", Scored(reward=0.5, parts={"format": 1.0})),
        ("Scored(reward=2.0, parts={'a': 1.0})", Scored(reward=2.0, parts={"a": 1.0})),
        ("Unscored(reason='no idea')", Unscored(reason="no idea")),
    ],
)
def test_numbers_dictionaries_and_scores_become_scores(user_file, returned, score):
    path = user_file(f"import numpy\nfrom spatialrl.types import *\ndef f(task, completion):\n    return {returned}\n")
    assert user_reward(TASK, completion(), function=f"{path}:f") == score


@pytest.mark.parametrize("value", ["float('nan')", "float('inf')", "10**400", "{'reward': 1, 'part': float('nan')}"])
def test_a_reward_that_is_not_finite_leaves_the_completion_unscored(user_file, value):
    path = user_file(f"def f(task, completion):\n    return {value}\n")
    score = user_reward(TASK, completion(), function=f"{path}:f")
    assert isinstance(score, Unscored)
    assert "t1" in score.reason


@pytest.mark.parametrize("value", ["None", "'1'", "[1]", "{'score': 1}", "{'reward': 'much'}"])
def test_another_value_is_a_mistake_that_names_the_function(user_file, value):
    path = user_file(f"def f(task, completion):\n    return {value}\n")
    with pytest.raises(ConfigError, match=r"mine.py:f returned .* for task t1; expected a number"):
        user_reward(TASK, completion(), function=f"{path}:f")


def test_an_async_function_is_awaited_with_and_without_a_running_loop(user_file):
    path = user_file(
        "import asyncio\nasync def f(task, completion):\n    await asyncio.sleep(0)\n    return len(completion.text)\n"
    )

    async def inside():
        return user_reward(TASK, completion("abc"), function=f"{path}:f")

    assert user_reward(TASK, completion("abc"), function=f"{path}:f") == Scored(reward=3.0)
    assert asyncio.run(inside()) == Scored(reward=3.0)


def test_an_async_function_is_awaited_for_all_of_a_batch_at_once(user_file):
    # Each waits until both have begun: one after the other they would wait forever.
    path = user_file(
        "import asyncio\nbegun = []\nasync def f(task, completion):\n    begun.append(completion.text)\n"
        "    async with asyncio.timeout(30):\n        while len(begun) < 2:\n            await asyncio.sleep(0)\n"
        "    return len(completion.text)\n"
    )
    scores = load(f"{path}:f").score([TASK] * 2, [completion("a"), completion("bb")])
    assert scores == [Scored(reward=1.0), Scored(reward=2.0)]


def test_calls_share_one_event_loop_so_that_connections_stay_open(user_file):
    path = user_file(
        "import asyncio\nloops = set()\nasync def f(task, completion):\n"
        "    loops.add(asyncio.get_running_loop())\n    return len(loops)\n"
    )
    assert [user_reward(TASK, completion(), function=f"{path}:f") for _ in range(3)] == [Scored(reward=1.0)] * 3


def test_what_one_of_several_async_calls_raises_travels_on(user_file):
    path = user_file("async def f(task, completion):\n    return 1 / len(completion.text)\n")
    with pytest.raises(ZeroDivisionError):
        load(f"{path}:f").score([TASK] * 2, [completion("a"), completion("")])


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_batch_function_is_called_once_for_all(user_file, kind):
    path = user_file(
        f"calls = []\n{kind} f(tasks, completions):\n    calls.append(len(tasks))\n"
        "    return [{'reward': len(c.text), 'calls': len(calls)} for c in completions]\n"
    )
    reward = load(f"{path}:f")
    assert reward.takes_batch
    scores = reward.score([TASK] * 3, [completion("a"), completion("bb"), completion("")])
    assert scores == [Scored(reward=float(n), parts={"calls": 1.0}) for n in (1, 2, 0)]


def test_a_batch_of_another_length_is_a_mistake(user_file):
    path = user_file("def f(tasks, completions):\n    return [1.0]\n")
    with pytest.raises(ConfigError, match=r"1 values for a batch of 2; expected a list of 2"):
        load(f"{path}:f").score([TASK] * 2, [completion()] * 2)


def test_a_function_for_one_scores_a_list_one_by_one(user_file):
    path = user_file("def f(task, completion):\n    return len(completion.text)\n")
    scores = load(f"{path}:f").score([TASK] * 2, [completion("a"), completion("bb")])
    assert scores == [Scored(reward=1.0), Scored(reward=2.0)]


def test_a_file_is_loaded_once(user_file):
    path = user_file(
        "print('loaded')\ncount = 0\ndef f(task, completion):\n    global count\n    count += 1\n    return count\n"
    )
    scores = [user_reward(TASK, completion(), function=f"{path}:f") for _ in range(3)]
    assert scores == [Scored(reward=1.0), Scored(reward=2.0), Scored(reward=3.0)]


def test_what_the_function_raises_travels_on(user_file):
    path = user_file("def f(task, completion):\n    return 1 / 0\n")
    with pytest.raises(ZeroDivisionError):
        user_reward(TASK, completion(), function=f"{path}:f")


@pytest.mark.parametrize("name", ["mine.py", "f", "mine:f", "mine.py:", "mine.py:a b", ""])
def test_a_name_is_a_file_and_a_function(name):
    with pytest.raises(ConfigError, match=r"expected path/to/file.py:function"):
        load(name)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"gone.py .*does not exist"):
        load(f"{tmp_path}/gone.py:f")


def test_a_missing_function_is_named_with_those_there_are(user_file):
    path = user_file("def good(task, completion): ...\n")
    with pytest.raises(ConfigError, match=r"no function 'bad'; it defines good"):
        load(f"{path}:bad")


@pytest.mark.parametrize("code", ["import nowhere_to_be_found\n", "def f(:\n"])
def test_a_file_that_can_not_be_imported_is_named(user_file, code):
    path = user_file(code)
    with pytest.raises(ConfigError, match=r"mine.py .*can't be imported"):
        load(f"{path}:f")


@pytest.mark.parametrize(
    "signature", ["()", "(task)", "(a, b)", "(completion, task)", "(tasks, completion)", "(*args)"]
)
def test_another_signature_is_shown_beside_the_right_one(user_file, signature):
    path = user_file(f"def f{signature}:\n    return 0\n")
    with pytest.raises(ConfigError, match=r"expected \(task, completion, \*\*options\)"):
        load(f"{path}:f")
