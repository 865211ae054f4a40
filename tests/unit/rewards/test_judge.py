import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from spatialrl.errors import ConfigError
from spatialrl.rewards.chat_endpoint import Endpoint, NoReply, Reply
from spatialrl.rewards.judge import Judge, JudgeSettings, judged
from spatialrl.types import Completion, Task, Unscored

TASK = Task(id="t1", question="Where is the cup?", options=("left", "right"), answer="A", answer_kind="choice")


class Server(ThreadingHTTPServer):
    """Answers with what `replies` holds, the last one again and again: a text, or an HTTP code."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies = ["<score>0.5</score>"]
        self.asked = []
        self.headers_seen = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(request)
        self.server.headers_seen.append(dict(self.headers))
        reply = self.server.replies.pop(0) if len(self.server.replies) > 1 else self.server.replies[0]
        if isinstance(reply, int):
            self.send_error(reply)
            return
        body = {"choices": [{"message": {"content": reply}}], "usage": {"total_tokens": 100}}
        self._send(json.dumps(body) if isinstance(reply, str) else reply.decode())

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
    again = Judge(JudgeSettings(url=server.url, model="m", cache=cache, max_requests=1))
    server.replies = ["<score>1</score>"]
    assert again.grade(server.asked[0]["messages"][0]["content"], scale=1.0) == 0.5
    assert isinstance(again.grade("another prompt", scale=1.0), Unscored)
    other_model = Judge(JudgeSettings(url=server.url, model="n", cache=cache))
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
        Judge(JudgeSettings(url=server.url, model="m", cache=str(tmp_path), max_requests=3)) for _ in range(2)
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
