import base64
import json

import pytest
from PIL import Image as Pillow

from spatialrl.endpoints import EndpointSettings, Question, Reply, assistant, image_file, system, user
from spatialrl.endpoints.images import media_type_of
from spatialrl.endpoints.wire import WIRES, Malformed
from spatialrl.errors import ConfigError, DataError
from tests.endpoint_server import Said, serve
from tests.unit.endpoints.asking import ask, ask_one


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "a.png"
    Pillow.new("RGB", (4, 3), "red").save(path)
    return path


def conversation(picture):
    messages = (system("be brief"), user("what?", image_file(picture)), assistant("red"), user("sure?"))
    return Question(messages=messages, max_tokens=7, temperature=0.5, top_p=0.9, stop=("\n",))


def test_what_an_openai_endpoint_is_sent(picture, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("KEY", "abc")
    with serve(["yes"]) as server:
        ask(server, conversation(picture), key_variable="KEY", extra={"top_k": 5})
        (asked,) = server.asked
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["Authorization"] == "Bearer abc"
    assert asked.body == {
        "model": "m",
        "max_tokens": 7,
        "temperature": 0.5,
        "top_p": 0.9,
        "stop": ["\n"],
        "top_k": 5,
        "messages": [
            {"role": "system", "content": "be brief"},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "what?"},
                    {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{encoded(picture)}"}},
                ],
            },
            {"role": "assistant", "content": "red"},
            {"role": "user", "content": "sure?"},
        ],
    }


def test_what_an_anthropic_endpoint_is_sent(picture, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("KEY", "abc")
    with serve(["yes"]) as server:
        ask(server, conversation(picture), key_variable="KEY", api="anthropic")
        (asked,) = server.asked
    assert asked.path == "/v1/messages"
    assert asked.headers["x-api-key"] == "abc"
    assert asked.headers["anthropic-version"] == "2023-06-01"
    source = {"type": "base64", "media_type": "image/png", "data": encoded(picture)}
    assert asked.body == {
        "model": "m",
        "max_tokens": 7,
        "temperature": 0.5,
        "top_p": 0.9,
        "stop_sequences": ["\n"],
        "system": "be brief",
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "what?"}, {"type": "image", "source": source}]},
            {"role": "assistant", "content": [{"type": "text", "text": "red"}]},
            {"role": "user", "content": [{"type": "text", "text": "sure?"}]},
        ],
    }


def encoded(picture):
    return base64.b64encode(picture.read_bytes()).decode()


@pytest.mark.parametrize("api", ["openai", "anthropic"])
def test_a_reply_says_how_it_ended_and_what_it_used(api, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serve([Said("yes", finish_reason="length", usage=(2000, 500))]) as server:
        reply = ask_one(server, api=api, input_price=3.0, output_price=15.0, max_cost=1.0)
    assert reply == Reply(text="yes", finish_reason="length", input_tokens=2000, output_tokens=500, cost=0.006 + 0.0075)


def test_models_that_name_the_limit_otherwise_and_refuse_a_temperature_are_asked_so():
    settings = EndpointSettings(url="http://x", model="m", max_tokens_key="max_completion_tokens")
    body = WIRES["openai"].body(Question(messages=(user("?"),), max_tokens=7, temperature=None), settings, str)
    assert body == {"model": "m", "messages": [{"role": "user", "content": "?"}], "max_completion_tokens": 7}


def test_anthropic_takes_no_seed():
    asked = Question(messages=(user("?"),), seed=1)
    with pytest.raises(ConfigError, match="take no seed"):
        WIRES["anthropic"].body(asked, EndpointSettings(url="http://x", model="m"), str)


def read(api, text):
    return WIRES[api].read(json.loads(text))


@pytest.mark.parametrize(
    ("api", "body", "told"),
    [
        ("openai", "[]", "it is list"),
        ("openai", "null", "it is NoneType"),
        ("openai", "{}", "it has no choices"),
        ("openai", '{"error": {"message": "slow down"}}', "slow down"),
        ("openai", '{"choices": []}', "choices are empty"),
        ("openai", '{"choices": {"0": 1}}', "choices are empty or no list"),
        ("openai", '{"choices": [null]}', "it is NoneType"),
        ("openai", '{"choices": [{}]}', "it has no message"),
        ("openai", '{"choices": [{"message": null}]}', "it has no message"),
        ("openai", '{"choices": [{"message": []}]}', "its message is list"),
        ("openai", '{"choices": [{"message": {"content": null}}]}', "its content is NoneType"),
        ("openai", '{"choices": [{"message": {"content": [{"text": "4"}]}}]}', "its content is list"),
        ("anthropic", "{}", "it has no content"),
        ("anthropic", '{"type": "error", "error": {"type": "overloaded_error"}}', "overloaded_error"),
        ("anthropic", '{"content": "4", "stop_reason": "end_turn"}', "no list of blocks"),
        ("anthropic", '{"content": [4], "stop_reason": "end_turn"}', "no list of blocks"),
        ("anthropic", '{"content": [{"type": "text"}], "stop_reason": "end_turn"}', "a block of text has none"),
        ("anthropic", '{"content": [{"type": "text", "text": "4"}]}', "its stop_reason is None"),
        ("anthropic", '{"content": [{"type": "tool_use"}], "stop_reason": "tool_use"}', "it calls a tool"),
    ],
)
def test_what_is_no_reply_is_told_apart(api, body, told):
    with pytest.raises(Malformed, match=told):
        read(api, body)


@pytest.mark.parametrize(
    ("api", "body", "text", "finish"),
    [
        ("openai", '{"choices": [{"message": {"content": ""}, "finish_reason": "stop"}]}', "", "stop"),
        ("openai", '{"choices": [{"message": {"content": null}, "finish_reason": "length"}]}', "", "length"),
        ("openai", '{"choices": [{"message": {"content": null, "refusal": "no"}}]}', "no", "refusal"),
        ("openai", '{"choices": [{"message": {"content": "4"}}], "usage": null}', "4", "stop"),
        ("anthropic", '{"content": [], "stop_reason": "end_turn"}', "", "stop"),
        (
            "anthropic",
            '{"content": [{"type": "thinking"}, {"type": "text", "text": "4"}], "stop_reason": "refusal"}',
            "4",
            "refusal",
        ),
    ],
)
def test_silence_and_refusals_are_replies(api, body, text, finish):
    answer = read(api, body)
    assert (answer.text, answer.finish_reason) == (text, finish)


def test_cached_tokens_of_a_prompt_count():
    usage = {"input_tokens": 5, "cache_read_input_tokens": 20, "cache_creation_input_tokens": 10, "output_tokens": 3}
    answer = WIRES["anthropic"].read({"content": [], "stop_reason": "end_turn", "usage": usage})
    assert (answer.input_tokens, answer.output_tokens) == (35, 3)


@pytest.mark.parametrize(
    ("format", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")]
)
def test_an_image_that_endpoints_read_goes_as_it_is(tmp_path, format, media_type):
    path = tmp_path / "image"
    Pillow.new("RGB", (8, 8), "blue").save(path, format)
    image = image_file(path)
    assert (image.data, image.media_type) == (path.read_bytes(), media_type)


def test_an_image_that_is_too_large_or_of_another_format_becomes_a_jpeg(tmp_path):
    noise = Pillow.effect_noise((256, 256), 100)
    noise.save(tmp_path / "a.png")
    noise.convert("RGBA").save(tmp_path / "a.tiff")
    small = image_file(tmp_path / "a.png", max_bytes=9000)
    assert len(small.data) <= 9000
    assert small.media_type == media_type_of(image_file(tmp_path / "a.tiff").data) == "image/jpeg"


def test_what_is_no_image_is_told(tmp_path):
    (tmp_path / "a.png").write_bytes(b"hello")
    with pytest.raises(DataError, match="can't be decoded"):
        image_file(tmp_path / "a.png")
    with pytest.raises(DataError, match="can't be read"):
        image_file(tmp_path / "b.png")
