import json
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from spatialrl.errors import ConfigError
from spatialrl.rewards import score_batch
from spatialrl.rewards.chat_endpoint import Endpoint, NoReply, Reply
from spatialrl.rewards.judge import AT_ONCE, check_judged, judged
from spatialrl.rewards.judge_session import JudgeSession, JudgeSettings
from spatialrl.types import Completion, Scored, Task, Unscored

TASK = Task(id="t1", question="Where is the cup?", options=("left", "right"), answer="A", answer_kind="choice")


class Server(ThreadingHTTPServer):
    """Answers with what `replies` holds, the last one again and again: a text, or an HTTP code."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies = ["<score>0.5</score>"]
        self.asked = []
        self.headers_seen = []
        self.together = None
        self.pause_s = 0.0
        self.retry_after = ""
        self.seen_ledger = None
        self.ledgers = []

    def handle_error(self, request, client_address):
        """Whoever asked did not wait."""

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(request)
        self.server.headers_seen.append(dict(self.headers))
        if self.server.together:
            self.server.together.wait()
        if self.server.seen_ledger:
            self.server.ledgers.append(self.server.seen_ledger.read_text())
        time.sleep(self.server.pause_s)
        reply = self.server.replies.pop(0) if len(self.server.replies) > 1 else self.server.replies[0]
        if isinstance(reply, int):
            self._refuse(reply)
            return
        body = {"choices": [{"message": {"content": reply}}], "usage": {"total_tokens": 100}}
        self._send(json.dumps(body) if isinstance(reply, str) else reply.decode())

    def _refuse(self, code):
        self.send_response(code)
        if self.server.retry_after:
            self.send_header("Retry-After", self.server.retry_after)
        self.end_headers()

    def _send(self, body):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format, *args):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(timeout=5)


def completion(text="<think>hm</think><answer>(A)</answer>"):
    return Completion(prompt_ids=(), token_ids=(), text=text)


def grade(server, text="<answer>(A)</answer>", **options):
    """A judge of its own: budgets of other tests are not this one's."""
    template = options.pop("template", "$question $options $answer $response $reply")
    return judged(TASK, completion(text), template=template, url=server.url, model="m", first_pause_s=0.01, **options)


def test_the_grade_stands_in_the_last_score_tags(server):
    server.replies = ["It says <score>1</score> of itself. <score>0.25</score>"]
    assert grade(server) == 0.25


def test_a_choice_whose_answer_is_none_of_its_options_is_not_asked_about(server):
    lost = replace(TASK, answer="C")
    score = judged(lost, completion(), url=server.url, model="m")
    assert score == Unscored(reason="the answer of task t1 is 'C', none of its options")
    assert server.asked == []


def test_a_reply_of_one_number_is_a_grade_and_scale_is_the_best_one(server):
    server.replies = ["7"]
    assert grade(server, scale=10) == 0.7


@pytest.mark.parametrize("reply", ["<score>2</score>", "<score>-1</score>", "good", "", "<score>nan</score>"])
def test_a_reply_without_a_grade_leaves_the_completion_unscored(server, reply):
    server.replies = [reply]
    score = grade(server)
    assert isinstance(score, Unscored)
    assert "no grade from 0 to 1" in score.reason


def test_the_judge_sees_question_options_truth_and_response(server):
    grade(server, "<think>$answer</think><answer>(B)</answer>")
    (request,) = server.asked
    assert request["model"] == "m"
    assert request["temperature"] == 0
    (message,) = request["messages"]
    assert message["content"] == (
        "Where is the cup? (A) left\n(B) right (A) left <think>$answer</think><answer>(B)</answer> (B)"
    )


@pytest.mark.parametrize("text", ["", " \n", "<answer></answer>", "<think>.</think>\\boxed{}"])
def test_a_response_that_says_nothing_is_worth_nothing_and_asks_nobody(server, text):
    assert grade(server, text) == 0.0
    assert server.asked == []


def test_a_reply_is_kept_on_disk_and_asked_for_once(server, tmp_path):
    cache = str(tmp_path / "kept")
    assert [grade(server, cache=cache) for _ in range(3)] == [0.5] * 3
    assert len(server.asked) == 1
    again = JudgeSession(JudgeSettings(url=server.url, model="m", cache=cache, max_requests=1))
    server.replies = ["<score>1</score>"]
    assert again.grade(server.asked[0]["messages"][0]["content"], scale=1.0) == 0.5
    assert isinstance(again.grade("another prompt", scale=1.0), Unscored)
    other_model = JudgeSession(JudgeSettings(url=server.url, model="n", cache=cache))
    assert other_model.grade(server.asked[0]["messages"][0]["content"], scale=1.0) == 1.0


def test_a_reply_that_can_not_be_read_is_not_kept(server, tmp_path):
    server.replies = ["hm", "<score>1</score>"]
    assert isinstance(grade(server, cache=str(tmp_path)), Unscored)
    assert grade(server, cache=str(tmp_path)) == 1.0


@pytest.mark.parametrize(
    ("limits", "num_asked"), [({"max_requests": 2}, 2), ({"max_tokens": 320, "max_reply_tokens": 10}, 3)]
)
def test_beyond_the_budget_nobody_is_asked(server, tmp_path, limits, num_asked):
    scores = [grade(server, f"<answer>{i}</answer>", cache=str(tmp_path), **limits) for i in range(5)]
    assert [isinstance(score, Unscored) for score in scores] == [i >= num_asked for i in range(5)]
    assert "budget is spent" in str(scores[-1])
    assert len(server.asked) == num_asked


def test_processes_that_share_a_folder_share_the_budget(server, tmp_path):
    first, second = (
        JudgeSession(JudgeSettings(url=server.url, model="m", cache=str(tmp_path), max_requests=3)) for _ in range(2)
    )
    scores = [judge.grade(f"prompt {i}", scale=1.0) for i, judge in enumerate((first, second, first, second, first))]
    assert [isinstance(score, Unscored) for score in scores] == [False, False, False, True, True]


def test_a_busy_server_is_asked_again(server):
    server.replies = [503, 429, "<score>1</score>"]
    assert grade(server, max_requests=77) == 1.0
    assert len(server.asked) == 3


def test_a_server_that_stays_busy_leaves_the_completion_unscored(server):
    server.replies = [503]
    score = grade(server, num_attempts=2)
    assert isinstance(score, Unscored)
    assert "HTTP 503" in score.reason
    assert len(server.asked) == 2


def test_a_refused_prompt_is_not_asked_again(server):
    server.replies = [400]
    assert isinstance(grade(server), Unscored)
    assert len(server.asked) == 1


@pytest.mark.parametrize("code", [401, 403, 404])
def test_a_wrong_key_model_or_address_ends_the_run_with_a_sentence(server, code):
    server.replies = [code]
    with pytest.raises(ConfigError, match=rf"refuses model 'm' with HTTP {code}"):
        grade(server)


@pytest.mark.parametrize("body", [b"not json", b"{}", b'{"choices": []}', b"[]", b'{"choices": [{"message": null}]}'])
def test_what_is_no_chat_completion_is_no_reply(server, body):
    server.replies = [body]
    reply = Endpoint(url=server.url, model="m", num_attempts=1).ask("?", max_reply_tokens=5)
    assert isinstance(reply, NoReply)
    assert "not a chat completion" in reply.reason


def test_tokens_are_estimated_where_the_server_does_not_count(server):
    server.replies = [b'{"choices": [{"message": {"content": "four"}}]}']
    reply = Endpoint(url=server.url, model="m").ask("x" * 36, max_reply_tokens=5)
    assert reply == Reply("four", (36 + 4) // 4 + 1)


def test_nobody_there_leaves_the_completion_unscored(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    options = {"url": "http://127.0.0.1:9/v1", "model": "m", "num_attempts": 2, "first_pause_s": 0.01}
    score = judged(TASK, completion(), **options)
    assert isinstance(score, Unscored)
    assert "gave no reply" in score.reason


def test_a_server_that_says_nothing_costs_no_more_than_its_time(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    silent = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    url = f"http://127.0.0.1:{silent.server_address[1]}/v1"
    reply = Endpoint(url=url, model="m", num_attempts=1, timeout_s=0.2).ask("?", max_reply_tokens=5)
    silent.server_close()
    assert isinstance(reply, NoReply)
    assert reply.may_pass


def test_the_key_comes_from_the_named_variable(server, monkeypatch):
    monkeypatch.setenv("JUDGE_KEY", "abc")
    assert grade(server, key_variable="JUDGE_KEY") == 0.5
    assert server.headers_seen[-1]["Authorization"] == "Bearer abc"
    monkeypatch.delenv("JUDGE_KEY_2", raising=False)
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
def test_a_template_names_what_there_is(server, template):
    with pytest.raises(ConfigError, match=r"template can't be filled.*\$question"):
        grade(server, template=template)


LINES = {
    "format": {"part": "think_format", "weight": 0.1},
    "judge": {"part": "judged", "weight": 0.9, "after": "format"},
}
RIGHT_FORM = "<think>it is on that side</think><answer>(A)</answer>"


def with_judge(server, **options):
    args = {"url": server.url, "model": "m", "first_pause_s": 0.01, **options}
    return {"parts": {**LINES, "judge": {**LINES["judge"], "args": args}}}


@pytest.mark.parametrize("reply", [500, 429, "no grade", b"not json"])
def test_a_judge_that_fails_leaves_the_whole_reward_unscored(server, reply):
    """The mean of the other parts would be 1: more than what a judged completion ever gets."""
    server.replies = [reply]
    (score,) = score_batch("composed", [(TASK, completion(RIGHT_FORM))], with_judge(server, num_attempts=1))
    assert isinstance(score, Unscored)
    assert score.code == "judge"
    assert score.reason.startswith("judge: ")


def test_what_a_closed_gate_makes_worth_nothing_is_not_asked(server):
    (score,) = score_batch("composed", [(TASK, completion("no form at all"))], with_judge(server))
    assert score == Scored(reward=0.0, parts={"format": 0.0, "judge": 0.0})
    assert server.asked == []


def test_the_completions_of_a_batch_are_judged_at_the_same_time(server):
    """Each reply waits until all questions are there: one after another they would wait for ever."""
    server.together = threading.Barrier(8, timeout=10)
    texts = [f"<think>thought number {i}</think><answer>(A)</answer>" for i in range(8)]
    scores = score_batch("composed", [(TASK, completion(text)) for text in texts], with_judge(server))
    assert [score.parts["judge"] for score in scores if isinstance(score, Scored)] == [0.5] * 8


def test_equal_questions_at_the_same_time_are_one_request(server):
    server.pause_s = 0.3
    scores = score_batch("composed", [(TASK, completion(RIGHT_FORM))] * 8, with_judge(server))
    assert len(scores) == 8
    assert len(server.asked) == 1


def test_a_request_is_charged_before_it_is_answered(server, tmp_path):
    server.seen_ledger = tmp_path / "spent.txt"
    grade(server, cache=str(tmp_path), max_requests=5)
    assert server.ledgers == ["1 0\n"]
    assert server.seen_ledger.read_text() == "1 0\n0 100\n"


def test_retries_and_pauses_end_with_the_time_of_the_question(server):
    server.replies = [503]
    server.retry_after = "20"
    reply = Endpoint(url=server.url, model="m", num_attempts=4, timeout_s=5.0).ask("?", max_reply_tokens=5)
    assert isinstance(reply, NoReply)
    assert "HTTP 503" in reply.reason
    assert len(server.asked) == 1


def test_a_server_that_hangs_leaves_the_completion_unscored(server):
    server.pause_s = 1.0
    score = grade(server, timeout_s=0.2, num_attempts=3)
    assert isinstance(score, Unscored)
    assert score.code == "judge"


def test_models_that_name_the_limit_otherwise_and_refuse_a_temperature_are_asked_so(server):
    grade(server, max_tokens_key="max_completion_tokens", temperature=None, max_reply_tokens=7)
    (request,) = server.asked
    assert request["max_completion_tokens"] == 7
    assert request.keys() & {"max_tokens", "temperature"} == set()


def test_a_content_that_is_no_text_is_no_chat_completion(server):
    server.replies = [b'{"choices": [{"message": {"content": [{"text": "<score>1</score>"}]}}]}']
    assert isinstance(grade(server, num_attempts=1), Unscored)


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
