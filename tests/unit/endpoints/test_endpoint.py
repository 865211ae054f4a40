import asyncio
import threading
from email.utils import formatdate
from time import time

import pytest

from spatialrl.endpoints import BlockingEndpoint, NoReply, Question, Reply, connect, user
from spatialrl.endpoints.transport import asked_pause_s
from spatialrl.errors import ConfigError
from tests.endpoint_server import Cut, Hang, Raw, Refusal, Said, serve
from tests.unit.endpoints.asking import ask, ask_one, question, settings

FAULTS = [
    Refusal(429),
    Refusal(500),
    Refusal(529),
    Cut(),
    Cut(after_bytes=0),
    Raw(b"{half of a"),
    Raw(b'{"choices": []}'),
    Hang(3.0),
]
APIS = ["openai", "anthropic"]


def patience_s(fault: object) -> float:
    """Only what hangs is not waited for, so that a slow machine changes no other outcome."""
    return 1.0 if isinstance(fault, Hang) else 30.0


@pytest.fixture(autouse=True)
def directly(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_that_passes_is_tried_again(fault, api):
    with serve([fault, fault, "four"]) as server:
        reply = ask_one(server, api=api, attempt_timeout_s=patience_s(fault))
        assert isinstance(reply, Reply)
        assert reply.text == "four"
        assert len(server.asked) == 3


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize(
    ("fault", "code", "told"),
    [
        (Refusal(429), "busy", "HTTP 429"),
        (Refusal(500), "busy", "HTTP 500"),
        (Cut(), "connection", "ClientPayloadError"),
        (Cut(after_bytes=0), "connection", "ServerDisconnectedError"),
        (Raw(b"{half of a"), "malformed", "JSONDecodeError"),
        (Raw(b"\xff\xfe\xff"), "malformed", "UnicodeDecodeError"),
        (Raw(b"[" * 100_000), "malformed", "RecursionError"),
        (Raw(b"[1]"), "malformed", "it is list, not an object"),
        (Raw(b'{"error": {"message": "overloaded"}}'), "malformed", "overloaded"),
        (Hang(3.0), "timeout", "no whole reply within 1 s"),
    ],
    ids=str,
)
def test_a_fault_that_stays_is_no_reply_with_a_reason(fault, code, told, api):
    with serve([fault]) as server:
        reply = ask_one(server, api=api, attempt_timeout_s=patience_s(fault), num_attempts=2)
        assert isinstance(reply, NoReply)
        assert reply.code == code
        assert told in reply.reason
        assert reply.reason.endswith("(2 of 2 attempts)")
        assert len(server.asked) == 2


def test_nobody_there_is_no_reply():
    with serve(["x"]) as server:
        reply = ask_one(server, url="http://127.0.0.1:9/v1", num_attempts=2)
    assert isinstance(reply, NoReply)
    assert reply.code == "connection"


def test_a_question_that_is_refused_is_asked_once():
    with serve([Refusal(400, body='{"error": "too long"}')]) as server:
        reply = ask_one(server)
        assert isinstance(reply, NoReply)
        assert reply.code == "refused"
        assert "too long" in reply.reason
        assert len(server.asked) == 1


def test_a_redirect_does_not_get_the_key(monkeypatch):
    monkeypatch.setenv("KEY", "secret")
    with serve([Refusal(307)]) as server:
        assert isinstance(ask_one(server, key_variable="KEY"), NoReply)
        assert len(server.asked) == 1


@pytest.mark.parametrize("code", [401, 402, 403, 404])
def test_a_wrong_key_model_or_address_ends_it_with_a_sentence(code):
    with serve([Refusal(code)]) as server, pytest.raises(ConfigError, match=rf"refuses model 'm' with HTTP {code}"):
        ask_one(server)


def test_an_empty_account_is_not_waited_for():
    empty = Refusal(429, body='{"error": {"code": "insufficient_quota"}}')
    with serve([empty]) as server:
        with pytest.raises(ConfigError, match="insufficient_quota"):
            ask_one(server)
        assert len(server.asked) == 1


def test_a_key_is_not_repeated_in_messages(monkeypatch):
    monkeypatch.setenv("KEY", "sk-secret-1")
    said = Refusal(401, body='{"error": "wrong key sk-secret-1"}')
    with serve([said]) as server, pytest.raises(ConfigError, match=r"wrong key \*\*\*"):
        ask_one(server, key_variable="KEY")


def test_a_busy_server_is_left_alone_for_as_long_as_it_asks():
    arrivals = []
    with serve([Refusal(429, retry_after="0.4"), "four"]) as server:
        server.on_request = lambda: arrivals.append(time())
        (reply,) = ask(server, question())
        assert isinstance(reply, Reply)
    assert arrivals[1] - arrivals[0] >= 0.4


def test_what_one_question_is_told_holds_for_all():
    """The second question would be sent at once; it waits for what the first was told."""

    async def run():
        async with connect(settings(server, max_concurrent=1, timeout_s=5.0)) as endpoint:
            first = await endpoint.ask(question("first"))
            second = await endpoint.ask(question("second"))
            return first, second

    with serve([Refusal(503, retry_after="30"), "four"]) as server:
        first, second = asyncio.run(run())
        assert isinstance(first, NoReply)
        assert "HTTP 503" in first.reason
        assert "too late" in first.reason
        assert isinstance(second, NoReply)
        assert second.reason.startswith("the server asks to be left alone")
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "7", "retry-after-ms": "250"}, 0.25),
        ({"Retry-After": "soon"}, 0),
        ({"Retry-After": "-3"}, 0),
        ({"Retry-After": "9" * 400}, 0),
        ({"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0),
    ],
)
def test_what_a_server_asks_to_wait(headers, seconds):
    assert asked_pause_s(headers) == seconds


def test_a_server_may_ask_to_wait_until_a_moment():
    assert 50 < asked_pause_s({"Retry-After": formatdate(time() + 60, usegmt=True)}) <= 60


def test_no_more_are_under_way_than_wanted():
    """Each of the first three waits until three are there: with fewer at once they would wait for ever."""
    together = threading.Barrier(3, timeout=10)
    with serve(["x"]) as server:
        server.on_request = lambda: together.wait()
        replies = ask(server, *(question(f"number {i}") for i in range(12)), max_concurrent=3)
        assert all(isinstance(reply, Reply) for reply in replies)
        assert server.most_at_once == 3


def test_equal_questions_are_one_request_and_samples_are_several():
    with serve(["x"]) as server:
        replies = ask(server, question(), question(), question(sample=1), question(sample=2))
        assert all(isinstance(reply, Reply) for reply in replies)
        assert len(server.asked) == 3


def test_whoever_stops_waiting_leaves_the_others_their_reply():
    async def run():
        async with connect(settings(server)) as endpoint:
            first = asyncio.create_task(endpoint.ask(question()))
            second = asyncio.create_task(endpoint.ask(question()))
            await asyncio.sleep(0.1)
            first.cancel()
            return await second

    with serve([Hang(0.3, text="four")]) as server:
        reply = asyncio.run(run())
        assert isinstance(reply, Reply)
        assert reply.text == "four"
        assert len(server.asked) == 1


def test_leaving_breaks_off_what_is_under_way():
    async def run():
        async with connect(settings(server)) as endpoint:
            asking = asyncio.create_task(endpoint.ask(question()))
            await asyncio.sleep(0.1)
        with pytest.raises(asyncio.CancelledError):
            await asking

    with serve([Hang(30)]) as server:
        asyncio.run(asyncio.wait_for(run(), timeout=10))


def test_threads_ask_through_one_loop():
    with serve([Said("four", usage=None)]) as server:
        endpoint = BlockingEndpoint(settings(server))
        reply = endpoint.ask(Question(messages=(user("x" * 36),)))
        assert reply == Reply(text="four", finish_reason="stop", input_tokens=10, output_tokens=2)
        endpoint.close()
        endpoint.close()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"url": "file:///etc/passwd"}, "expected one like http"),
        ({"api": "gemini"}, "openai, anthropic"),
        ({"model": ""}, "name it is served under"),
        ({"key_variable": "NO_SUCH_KEY"}, "NO_SUCH_KEY"),
        ({"num_attempts": 0}, "num_attempts is 0; give a number above 0"),
        ({"first_pause_s": -1}, "first_pause_s is -1; give a number from 0 on"),
        ({"input_price": 3.0}, "needs max_cost"),
        ({"max_cost": 3.0}, "needs max_cost with input_price"),
    ],
)
def test_a_setting_that_can_not_be_is_told_before_anything_is_sent(options, told, monkeypatch):
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    with serve(["x"]) as server:
        with pytest.raises(ConfigError, match=told):
            ask_one(server, **options)
        assert server.asked == []
