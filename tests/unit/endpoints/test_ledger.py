import asyncio
import json
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from spatialrl.endpoints import EndpointSettings, NoReply, Reply, connect
from spatialrl.endpoints.ledger import Ledger, key_of
from spatialrl.errors import ConfigError
from tests.endpoint_server import Cut, Raw, Refusal, Said, serve
from tests.unit.endpoints.asking import ask, ask_one, question, settings

PRICES = {"input_price": 1.0, "output_price": 10.0}
"""Per million tokens: a reply of the server, 90 tokens in and 10 out, costs 0.00019."""


@pytest.fixture(autouse=True)
def directly(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def spent_after(server, *questions, **options):
    async def run():
        async with connect(settings(server, **options)) as endpoint:
            for each in questions:
                await endpoint.ask(each)
            return endpoint.spent

    return asyncio.run(run())


def test_a_reply_in_the_journal_is_not_paid_for_again(tmp_path):
    journal = str(tmp_path / "new" / "asked.jsonl")
    with serve(["four", "five"]) as server:
        first = ask_one(server, journal=journal)
        again = ask_one(server, journal=journal)
        assert isinstance(first, Reply)
        assert isinstance(again, Reply)
        assert (first.text, first.is_replayed, again.text, again.is_replayed) == ("four", False, "four", True)
        other = ask_one(server, journal=journal, model="another")
        assert isinstance(other, Reply)
        assert other.text == "five"
        assert len(server.asked) == 2


def test_a_reply_that_is_of_no_use_is_paid_for_and_not_kept(tmp_path):
    async def run():
        async with connect(settings(server, journal=str(tmp_path / "j"))) as endpoint:
            return [await endpoint.ask(question(), is_usable=str.isdigit) for _ in range(3)], endpoint.spent

    with serve(["hm", "4"]) as server:
        replies, spent = asyncio.run(run())
        assert [reply.text for reply in replies if isinstance(reply, Reply)] == ["hm", "4", "4"]
        assert (len(server.asked), spent.input_tokens) == (2, 180)


def test_the_cap_in_calls_counts_every_attempt():
    with serve([Refusal(500), "x"]) as server:
        replies = [*ask(server, question("a"), question("b"), max_concurrent=1, max_calls=2)]
        assert isinstance(replies[0], Reply)
        assert replies[1] == NoReply(reason="the budget is spent: 2 of max_calls=2", code="budget")
        assert len(server.asked) == 2


def test_the_cap_in_money_holds_among_questions_that_are_under_way(tmp_path):
    """3 tokens in and 10 out are estimated, 0.000103: of eight at once two fit below 0.00025, while none is answered."""
    with serve(["x"]) as server:
        questions = [question(f"number {i}") for i in range(8)]
        server.on_request = lambda: time.sleep(0.2)
        replies = ask(server, *questions, **PRICES, max_cost=0.00025)
        refused = [reply for reply in replies if isinstance(reply, NoReply)]
        assert (len(refused), len(server.asked)) == (6, 2)
        assert "of max_cost=0.00025" in refused[0].reason


@pytest.mark.parametrize(
    ("fault", "tokens_in"),
    [(Refusal(500), 0), (Refusal(400), 0), (Raw(b"?"), 3), (Cut(), 3), (Said("x", usage=(70, 1)), 70)],
    ids=str,
)
def test_what_may_have_been_worked_on_counts_and_what_was_refused_does_not(fault, tokens_in):
    with serve([fault]) as server:
        spent = spent_after(server, question(), num_attempts=1, **PRICES, max_cost=1)
    assert (spent.calls, spent.input_tokens) == (1, tokens_in)
    assert spent.cost == pytest.approx((tokens_in + 10 * spent.output_tokens) / 1e6)


def test_an_attempt_is_written_down_before_it_is_sent(tmp_path):
    seen = []
    journal = tmp_path / "j"
    with serve(["four"]) as server:
        server.on_request = lambda: seen.append(journal.read_text())
        ask_one(server, journal=str(journal))
    (before,) = map(json.loads, seen)
    assert before["tokens"] == [3, 10]
    sent, settled = map(json.loads, journal.read_text().splitlines())
    assert sent == before
    assert settled["settled"] == sent["sent"]
    assert (settled["tokens"], settled["text"]) == ([90, 10], "four")


def test_whoever_was_killed_while_waiting_has_spent_the_estimate(tmp_path):
    limits = {"url": "http://x", "model": "m", "journal": str(tmp_path / "j"), "max_tokens": 100}
    killed = Ledger(EndpointSettings(**limits))
    assert isinstance(killed.reserve(input_tokens=50, output_tokens=30), str)
    again = Ledger(EndpointSettings(**limits))
    refused = again.reserve(input_tokens=15, output_tokens=10)
    assert isinstance(refused, NoReply)
    assert "80 of max_tokens=100, and the next call may need 25" in refused.reason
    assert isinstance(again.reserve(input_tokens=10, output_tokens=10), str)


def test_half_a_line_of_a_killed_process_is_skipped(tmp_path):
    path = tmp_path / "j"
    first = Ledger(EndpointSettings(url="http://x", model="m", journal=str(path)))
    keep(first, "a", "one")
    first.close()
    with path.open("ab") as file:
        file.write(b'{"settled": "0123", "tokens": [1')
    second = Ledger(EndpointSettings(url="http://x", model="m", journal=str(path)))
    keep(second, "b", "two")
    third = Ledger(EndpointSettings(url="http://x", model="m", journal=str(path)))
    replies = [third.kept(key_of(name)) for name in ("a", "b")]
    assert [reply and reply.text for reply in replies] == ["one", "two"]
    assert third.spent.calls == 2


def test_processes_that_share_a_journal_see_each_other(tmp_path):
    limits = {"url": "http://x", "model": "m", "journal": str(tmp_path / "j"), "max_calls": 3}
    first, second = Ledger(EndpointSettings(**limits)), Ledger(EndpointSettings(**limits))
    names = [each.reserve(input_tokens=1, output_tokens=1) for each in (first, second, first, second)]
    assert [isinstance(name, str) for name in names] == [True, True, True, False]


def keep(ledger, name, text):
    sent = ledger.reserve(input_tokens=1, output_tokens=1)
    ledger.keep(sent, key_of(name), Reply(text=text, finish_reason="stop", input_tokens=1, output_tokens=1))


def test_a_journal_that_can_not_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="can't be written"):
        Ledger(EndpointSettings(url="http://x", model="m", journal=str(tmp_path / "file" / "j")))


ASK_TWENTY = """
    import asyncio, sys
    from spatialrl.endpoints import EndpointSettings, Question, connect, user

    async def main():
        settings = EndpointSettings(url=sys.argv[1], model="m", journal=sys.argv[2], max_concurrent=2)
        async with connect(settings) as endpoint:
            questions = [Question(messages=(user(f"number {i}"),), max_tokens=5) for i in range(20)]
            replies = await asyncio.gather(*map(endpoint.ask, questions))
            print(sum(reply.text == "x" for reply in replies))

    asyncio.run(main())
"""


def test_a_killed_run_asks_again_only_what_was_under_way(tmp_path):
    journal = str(tmp_path / "j")
    environment = {**os.environ, "no_proxy": "127.0.0.1"}
    with serve(["x"]) as server:
        command = [sys.executable, "-c", textwrap.dedent(ASK_TWENTY), server.url, journal]
        server.on_request = lambda: time.sleep(0.05)
        killed = subprocess.Popen(command, env=environment)
        while len(server.asked) < 9:
            time.sleep(0.01)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
        assert done.stdout.strip() == "20"
        assert 20 <= len(server.asked) <= 22
