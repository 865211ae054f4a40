"""Where a model is, how it is asked, and what that may cost. What can't be is told before anything is sent."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from spatialrl.errors import ConfigError

Api = Literal["openai", "anthropic"]
APIS: dict[Api, str] = {"openai": "/chat/completions", "anthropic": "/messages"}
"""With the path behind the url."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSettings:
    url: str
    """Up to and without /chat/completions or /messages, for example http://localhost:8000/v1."""
    model: str
    api: Api = "openai"
    """openai: chat completions of any server. anthropic: messages."""
    key_variable: str = ""
    """Name of the environment variable with the key; empty where none is needed."""
    journal: str = ""
    """File of replies and of what was spent. All processes that name it share both; without one each has caps of its own
    and keeps nothing."""
    max_concurrent: int = 64
    """Questions under way at the same time."""
    timeout_s: float = 600.0
    """Of one question once it is under way: its attempts and the pauses between them."""
    attempt_timeout_s: float = 0.0
    """Of one attempt; 0: as long as the question may take."""
    num_attempts: int = 6
    first_pause_s: float = 1.0
    """Before the second attempt; doubled before each further one, a random half of it left out, and longer where the
    server asks for it."""
    longest_pause_s: float = 60.0
    """Of those that the server does not ask for."""
    max_calls: int = 0
    """Attempts; 0: no cap."""
    max_tokens: int = 0
    """Of prompts and replies; 0: no cap."""
    max_cost: float = 0.0
    """In the currency of the prices; needed where there are prices."""
    input_price: float = 0.0
    """Per million tokens of prompts."""
    output_price: float = 0.0
    """Per million tokens of replies."""
    max_tokens_key: str = "max_tokens"
    """How the endpoint calls the limit of a reply; `max_completion_tokens` for some models."""
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """Further fields of every request, for example {"chat_template_kwargs": {"enable_thinking": false}}."""

    def cost(self, *, input_tokens: int, output_tokens: int) -> float:
        return (input_tokens * self.input_price + output_tokens * self.output_price) / 1e6

    def check(self) -> None:
        """Raises ConfigError about the first setting that can't be."""
        self._check_place()
        self._check_numbers()
        self.read_key()

    def read_key(self) -> str:
        if self.key_variable and not os.environ.get(self.key_variable):
            raise ConfigError(f"The environment variable {self.key_variable} for the key of {self.url} is not set.")
        return os.environ.get(self.key_variable, "") if self.key_variable else ""

    def _check_place(self) -> None:
        if not str(self.url).startswith(("http://", "https://")):
            raise ConfigError(f"The endpoint's url is {self.url!r}; expected one like http://localhost:8000/v1.")
        if self.api not in APIS:
            raise ConfigError(f"The endpoint's api is {self.api!r}; there are: {', '.join(APIS)}.")
        if not self.model:
            raise ConfigError(f"The model of the endpoint {self.url} is empty; give the name it is served under.")

    def _check_numbers(self) -> None:
        positive = ("max_concurrent", "num_attempts", "timeout_s")
        at_least_0 = ("attempt_timeout_s", "first_pause_s", "longest_pause_s", "max_calls", "max_tokens", "max_cost")
        for name in (*positive, *at_least_0, "input_price", "output_price"):
            value = getattr(self, name)
            if not isinstance(value, int | float) or value < 0 or (name in positive and value == 0):
                raise ConfigError(
                    f"The endpoint's {name} is {value!r}; give a number {'above 0' if name in positive else 'from 0 on'}."
                )
        has_prices = self.input_price > 0 or self.output_price > 0
        if has_prices != (self.max_cost > 0):
            raise ConfigError(
                "An endpoint that costs money needs max_cost with input_price and output_price (per million tokens); "
                f"max_cost is {self.max_cost:g}, the prices are {self.input_price:g} and {self.output_price:g}."
            )


def read_settings(given: Mapping[str, Any], *, what: str) -> EndpointSettings:
    """`what` stands for the endpoint in the sentence about a name that it does not know."""
    known = [field.name for field in fields(EndpointSettings)]
    wrong = [name for name in given if name not in known] or [name for name in ("url", "model") if name not in given]
    if wrong:
        raise ConfigError(
            f"{what}: option {wrong[0]!r} is unknown or missing; it needs url and model, and takes {', '.join(known)}."
        )
    settings = EndpointSettings(**given)
    settings.check()
    return settings
