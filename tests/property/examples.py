"""How many responses each test generates: SPATIALRL_EXAMPLES, 25 without it. Under one PYTHONHASHSEED they are the same ones
every time, unless SPATIALRL_RANDOM is set."""

import os
from typing import TypeVar

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


def sample(strategy: st.SearchStrategy[Drawn], number: int) -> list[Drawn]:
    """That many draws."""
    drawn: list[Drawn] = []

    @settings(EXAMPLES, max_examples=number, phases=[Phase.generate])
    @given(strategy)
    def keep(one: Drawn) -> None:
        drawn.append(one)

    keep()
    return drawn
