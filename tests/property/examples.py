"""How many responses each test generates: SPATIALRL_EXAMPLES, 25 without it. They are the same ones every time."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

NUM_EXAMPLES = int(os.environ.get("SPATIALRL_EXAMPLES", "25"))
EXAMPLES = settings(
    max_examples=NUM_EXAMPLES,
    derandomize="SPATIALRL_RANDOM" not in os.environ,
    deadline=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much),
)

Drawn = TypeVar("Drawn")
Test = Callable[..., Any]


def sample(strategy: st.SearchStrategy[Drawn], number: int) -> list[Drawn]:
    """As many draws, the same ones every time."""
    drawn: list[Drawn] = []
    only_draw = settings(EXAMPLES, max_examples=number, derandomize=True, phases=[Phase.generate], database=None)
    only_draw(given(strategy)(drawn.append))()
    return drawn
