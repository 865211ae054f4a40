import json
import math
import os
import pickle
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatialrl.errors import ConfigError, DataError
from spatialrl.types import Completion, Scored, Task, Unscored
from tests.property.examples import EXAMPLES, NUM_EXAMPLES, sample
from tests.property.responses import RESPONSE_KINDS, responses
from tests.property.scorers import Scorer, scorers
from tests.property.tasks import TASK_KINDS, tasks

NUM_IN_A_FRESH_PROCESS = max(20, NUM_EXAMPLES // 50)
"""Of each kind of response."""


def outcome(scorer: Scorer, task: Task, completion: Completion) -> Scored | Unscored | str:
    """Or the sentence about a task, or a config, that can't be."""
    try:
        found = scorer.score(task, completion)
    except (ConfigError, DataError) as error:
        return str(error)
    return Scored(reward=found) if isinstance(found, int | float) else found


def judge(scorer: Scorer, task: Task, completion: Completion, *, is_task_sound: bool) -> Scored | Unscored | str:
    found = outcome(scorer, task, completion)
    assert not (isinstance(found, str) and is_task_sound), f"{scorer.name}: {found}"
    if isinstance(found, Scored):
        least, greatest = scorer.range
        assert math.isfinite(found.reward), scorer.name
        assert least <= found.reward <= greatest, f"{scorer.name} is {found.reward}"
        assert all(map(math.isfinite, found.parts.values())), f"{scorer.name} has {found.parts}"
    elif isinstance(found, Unscored):
        assert found.reason.strip(), scorer.name
    return found


@pytest.mark.parametrize("response_kind", RESPONSE_KINDS)
@pytest.mark.parametrize("task_kind", TASK_KINDS)
def test_any_response_gets_one_finite_score_in_range_or_a_reason(task_kind: str, response_kind: str):
    @EXAMPLES
    @given(st.data())
    def check(data: st.DataObject) -> None:
        task = data.draw(tasks(task_kind))
        completion = data.draw(responses(response_kind, task))
        is_sound = task_kind != "degenerate"
        first = [judge(scorer, task, completion, is_task_sound=is_sound) for scorer in scorers()]
        # Backwards, so that no reward finds what the one before it left behind.
        again = [outcome(scorer, task, completion) for scorer in reversed(scorers())]
        assert first == again[::-1]

    check()


def results(pairs: list[tuple[Task, Completion]]) -> list[str]:
    return [f"{scorer.name}: {outcome(scorer, *pair)}" for pair in pairs for scorer in scorers()]


def sampled_pairs() -> list[tuple[Task, Completion]]:
    kinds = st.sampled_from([(task_kind, kind) for task_kind in TASK_KINDS for kind in RESPONSE_KINDS])

    @st.composite
    def pairs(draw: st.DrawFn) -> tuple[Task, Completion]:
        task_kind, response_kind = draw(kinds)
        task = draw(tasks(task_kind))
        return task, draw(responses(response_kind, task))

    return sample(pairs(), NUM_IN_A_FRESH_PROCESS * len(RESPONSE_KINDS))


def test_a_fresh_process_with_another_hash_seed_gives_the_same_scores():
    pairs = sampled_pairs()
    program = (
        "import json, pickle, sys; from tests.property.test_every_response import results; "
        "print(json.dumps(results(pickle.load(sys.stdin.buffer))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        input=pickle.dumps(pairs),
        stdout=subprocess.PIPE,
        check=True,
        timeout=600,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == json.loads(json.dumps(results(pairs)))
