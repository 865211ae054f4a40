import threading
import time
from dataclasses import replace

import pytest

from spatialrl.errors import ConfigError
from spatialrl.rewards import score_batch
from spatialrl.rewards.judge import AT_ONCE, check_judged, judged
from spatialrl.types import Completion, Scored, Task, Unscored
from tests.endpoint_server import Cut, Hang, Raw, Refusal, Said, serve

TASK = Task(id="t1", question="Where is the cup?", options=("left", "right"), answer="A", answer_kind="choice")


@pytest.fixture(autouse=True)
def directly(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def completion(text="<think>hm</think><answer>(A)</answer>"):
    return Completion(prompt_ids=(), token_ids=(), text=text)


def grade(server, text="<answer>(A)</answer>", **options):
    """A judge of its own: budgets of other tests are not this one's."""
    template = options.pop("template", "$question $options $answer $response $reply")
    options = {"url": server.url, "model": "m", "first_pause_s": 0.01, **options}
    return judged(TASK, completion(text), template=template, **options)


def test_the_grade_stands_in_the_last_score_tags():
    with serve(["It says <score>1</score> of itself. <score>0.25</score>"]) as server:
        assert grade(server) == 0.25


def test_a_choice_whose_answer_is_none_of_its_options_is_not_asked_about():
    lost = replace(TASK, answer="C")
    with serve(["1"]) as server:
        score = judged(lost, completion(), url=server.url, model="m")
        assert score == Unscored(reason="the answer of task t1 is 'C', none of its options")
        assert server.asked == []


def test_a_reply_of_one_number_is_a_grade_and_scale_is_the_best_one():
    with serve(["7"]) as server:
        assert grade(server, scale=10) == 0.7


@pytest.mark.parametrize("reply", ["<score>2</score>", "<score>-1</score>", "good", "", "<score>nan</score>"])
def test_a_reply_without_a_grade_leaves_the_completion_unscored(reply):
    with serve([reply]) as server:
        score = grade(server)
    assert isinstance(score, Unscored)
    assert "no grade from 0 to 1" in score.reason


def test_the_judge_sees_question_options_truth_and_response():
    with serve(["1"]) as server:
        grade(server, "<think>$answer</think><answer>(B)</answer>", temperature=None, max_reply_tokens=7)
        (asked,) = server.asked
    said = "Where is the cup? (A) left\n(B) right (A) left <think>$answer</think><answer>(B)</answer> (B)"
    assert asked.body == {"model": "m", "max_tokens": 7, "messages": [{"role": "user", "content": said}]}


@pytest.mark.parametrize("text", ["", " \n", "<answer></answer>", "<think>.</think>\\boxed{}"])
def test_a_response_that_says_nothing_is_worth_nothing_and_asks_nobody(text):
    with serve(["1"]) as server:
        assert grade(server, text) == 0.0
        assert server.asked == []


def test_a_reply_is_kept_in_the_journal_and_asked_for_once(tmp_path):
    journal = str(tmp_path / "judge.jsonl")
    with serve(["<score>0.5</score>", "<score>1</score>"]) as server:
        assert [grade(server, journal=journal) for _ in range(3)] == [0.5] * 3
        assert grade(server, journal=journal, num_attempts=9) == 0.5
        assert len(server.asked) == 1
        assert grade(server, journal=journal, model="n") == 1.0


def test_a_reply_that_can_not_be_read_is_not_kept(tmp_path):
    with serve(["hm", "<score>1</score>"]) as server:
        assert isinstance(grade(server, journal=str(tmp_path / "j")), Unscored)
        assert grade(server, journal=str(tmp_path / "j")) == 1.0


@pytest.mark.parametrize(
    ("limits", "num_asked"), [({"max_calls": 2}, 2), ({"max_tokens": 320, "max_reply_tokens": 10}, 3)]
)
def test_beyond_the_budget_nobody_is_asked(tmp_path, limits, num_asked):
    with serve(["1"]) as server:
        texts = [f"<answer>{i}</answer>" for i in range(5)]
        scores = [grade(server, text, journal=str(tmp_path / "j"), **limits) for text in texts]
        assert [isinstance(score, Unscored) for score in scores] == [i >= num_asked for i in range(5)]
        assert "budget is spent" in str(scores[-1])
        assert len(server.asked) == num_asked


def test_a_busy_server_is_asked_again():
    with serve([Refusal(503), Refusal(429), Cut(), "<score>1</score>"]) as server:
        assert grade(server) == 1.0
        assert len(server.asked) == 4


@pytest.mark.parametrize(
    ("fault", "told"),
    [(Refusal(503), "HTTP 503"), (Refusal(400), "HTTP 400"), (Raw(b"{}"), "no choices"), (Hang(2.0), "no whole reply")],
    ids=str,
)
def test_a_judge_without_a_reply_leaves_the_completion_unscored(fault, told):
    with serve([fault]) as server:
        score = grade(server, num_attempts=2, timeout_s=0.5)
    assert isinstance(score, Unscored)
    assert score.code == "judge"
    assert told in score.reason


@pytest.mark.parametrize("code", [401, 403, 404])
def test_a_wrong_key_model_or_address_ends_the_run_with_a_sentence(code):
    with serve([Refusal(code)]) as server, pytest.raises(ConfigError, match=rf"refuses model 'm' with HTTP {code}"):
        grade(server)


def test_the_key_comes_from_the_named_variable(monkeypatch):
    monkeypatch.setenv("JUDGE_KEY", "abc")
    monkeypatch.delenv("JUDGE_KEY_2", raising=False)
    with serve(["1"]) as server:
        assert grade(server, key_variable="JUDGE_KEY") == 1.0
        assert server.asked[-1].headers["Authorization"] == "Bearer abc"
        with pytest.raises(ConfigError, match="JUDGE_KEY_2"):
            grade(server, key_variable="JUDGE_KEY_2")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"model": "m"}, "url"),
        ({"url": "http://x"}, "model"),
        ({"url": "http://x", "model": "m", "retries": 3}, "retries"),
        ({"url": "file:///etc/passwd", "model": "m"}, "file:"),
    ],
)
def test_a_wrong_option_is_named(options, named):
    with pytest.raises(ConfigError, match=named):
        judged(TASK, completion(), **options)


@pytest.mark.parametrize("template", ["$nothing", "costs $5"])
def test_a_template_names_what_there_is(template):
    with serve(["1"]) as server, pytest.raises(ConfigError, match=r"template can't be filled.*\$question"):
        grade(server, template=template)


LINES = {
    "format": {"part": "think_format", "weight": 0.1},
    "judge": {"part": "judged", "weight": 0.9, "after": "format"},
}
RIGHT_FORM = "<think>it is on that side</think><answer>(A)</answer>"


def with_judge(server, **options):
    args = {"url": server.url, "model": "m", "first_pause_s": 0.01, **options}
    return {"parts": {**LINES, "judge": {**LINES["judge"], "args": args}}}


@pytest.mark.parametrize("fault", [Refusal(500), Refusal(429), Said("no grade"), Raw(b"not json")], ids=str)
def test_a_judge_that_fails_leaves_the_whole_reward_unscored(fault):
    """The mean of the other parts would be 1: more than what a judged completion ever gets."""
    with serve([fault]) as server:
        (score,) = score_batch("composed", [(TASK, completion(RIGHT_FORM))], with_judge(server, num_attempts=1))
    assert isinstance(score, Unscored)
    assert score.code == "judge"
    assert score.reason.startswith("judge: ")


def test_what_a_closed_gate_makes_worth_nothing_is_not_asked():
    with serve(["1"]) as server:
        (score,) = score_batch("composed", [(TASK, completion("no form at all"))], with_judge(server))
        assert score == Scored(reward=0.0, parts={"format": 0.0, "judge": 0.0})
        assert server.asked == []


def test_the_completions_of_a_batch_are_judged_at_the_same_time():
    """Each reply waits until all questions are there: one after another they would wait for ever."""
    together = threading.Barrier(8, timeout=10)
    texts = [f"<think>thought number {i}</think><answer>(A)</answer>" for i in range(8)]
    with serve(["<score>0.5</score>"]) as server:
        server.on_request = lambda: together.wait()
        scores = score_batch("composed", [(TASK, completion(text)) for text in texts], with_judge(server))
    assert [score.parts["judge"] for score in scores if isinstance(score, Scored)] == [0.5] * 8


def test_equal_questions_at_the_same_time_are_one_request():
    with serve(["1"]) as server:
        server.on_request = lambda: time.sleep(0.3)
        scores = score_batch("composed", [(TASK, completion(RIGHT_FORM))] * 8, with_judge(server))
        assert len(scores) == 8
        assert len(server.asked) == 1


def test_a_judge_that_may_outlast_its_worker_is_a_mistake_with_a_way_out():
    args = {"url": "http://x/v1", "model": "m", "timeout_s": 25}
    check_judged(args, timeout_s=30, max_batch=AT_ONCE)
    with pytest.raises(ConfigError, match=r"Raise reward.timeout_s to 110, or lower reward.max_batch to 64"):
        check_judged(args, timeout_s=30, max_batch=256)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ({"url": "http://x/v1"}, "model"),
        ({"url": "x", "model": "m"}, "expected one like http"),
        ({"url": "http://x/v1", "model": "m", "key_variable": "NO_SUCH_KEY"}, "NO_SUCH_KEY"),
        ({"url": "http://x/v1", "model": "m", "template": "$nothing"}, "can't be filled"),
    ],
)
def test_a_judge_that_can_not_be_asked_is_told_while_the_config_loads(args, told):
    with pytest.raises(ConfigError, match=told):
        check_judged(args, timeout_s=1000, max_batch=64)
