"""Language models behind HTTP: OpenAI-compatible chat completions (ours, served by vLLM, among them) and Anthropic messages.

    settings = EndpointSettings(url="http://localhost:8000/v1", model="qwen", journal="outputs/asked.jsonl")
    async with connect(settings) as endpoint:
        question = Question(messages=(user("How many cups?", image_file(Path("table.jpg"))),), max_tokens=64)
        reply = await endpoint.ask(question)      # Reply(text, finish_reason, ...) or NoReply(reason, code)

`ask` may be called for thousands of questions at once: `max_concurrent` are under way, a busy server is left alone for as
long as it asks and then tried again, and equal questions are one request (a further `sample` makes another one). Whatever
is no proper reply is a `NoReply` with a reason, never an answer; a wrong key, model or address is a `ConfigError`. With a
journal no reply is paid for twice, by a run that starts again or by processes that share the file, and caps on calls,
tokens and money (`max_calls`, `max_tokens`, `max_cost` with the prices) hold for all of them together. `endpoint.spent`
is what it has cost so far. `BlockingEndpoint` is the same for threads. Keys come from the environment variable that
`key_variable` names, and are written nowhere.
"""

from spatialrl.endpoints.blocking import BlockingEndpoint
from spatialrl.endpoints.endpoint import Endpoint, connect
from spatialrl.endpoints.images import image_file
from spatialrl.endpoints.ledger import Spent
from spatialrl.endpoints.question import Image, Message, NoReply, Question, Reply, assistant, system, user
from spatialrl.endpoints.settings import EndpointSettings

__all__ = [
    "BlockingEndpoint",
    "Endpoint",
    "EndpointSettings",
    "Image",
    "Message",
    "NoReply",
    "Question",
    "Reply",
    "Spent",
    "assistant",
    "connect",
    "image_file",
    "system",
    "user",
]
