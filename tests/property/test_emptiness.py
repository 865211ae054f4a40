import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatialrl.types import Task
from tests.property.examples import EXAMPLES
from tests.property.honest import EMPTY_SCENE, answer_of, scene_text
from tests.property.responses import TAG_NAMES
from tests.property.scenes import written
from tests.property.scorers import corrected, worth
from tests.property.tasks import POOLS, scene_tasks, tasks

NOTHING = (
    *(f"<{name}></{name}>" for name in TAG_NAMES),
    *("<think>", "</think>", "<answer>", "</answer>", "<scene>", "</scene>", "\\boxed{}", "\\boxed{", "}", "\\text{}"),
    *(
        " ",
        "\n",
        "\t",
        "\u00a0",
        "\u200b",
        "\x00",
        "\u202e",
        ".",
        ",",
        "-",
        "- \n",
        "()",
        "[]",
        "{}",
        '""',
        "```",
        "**",
        "$$",
    ),
)
FORMS = (
    "{0}{1}{2}{3}",
    "<think>{0}</think><answer>{1}</answer>",
    "<think>{0}</think>{1}<answer>{2}</answer>{3}",
    "<think>{0}</think>\\boxed{{{1}}}",
    "<think>{0}\\boxed{{{1}}}</think>\\boxed{{{2}}}",
    "<observe>{0}</observe><scene>{1}</scene><think>{2}</think><answer>{3}</answer>",
    "<think>{0}</think><map>{1}</map><answer>{2}</answer>",
)
SCENE_PARTS = ("scene_", "reward=spatialthinker")


def silence() -> st.SearchStrategy[str]:
    nothing = st.lists(st.sampled_from(NOTHING), max_size=5).map("".join)
    return st.builds(str.format, st.sampled_from(FORMS), nothing, nothing, nothing, nothing)


@pytest.mark.parametrize("kind", POOLS)
def test_saying_nothing_earns_nothing(kind: str):
    @EXAMPLES
    @given(tasks(kind), silence(), st.integers(0, 600))
    def check(task: Task, text: str, num_tokens: int) -> None:
        earned = {scorer.name: worth(scorer, task, written(text, num_tokens)) for scorer in corrected()}
        assert {name: value for name, value in earned.items() if value > 0} == {}

    check()


@EXAMPLES
@given(st.sampled_from([task for task in scene_tasks() if task.scene and task.scene.objects]), st.booleans())
def test_an_empty_scene_earns_nothing_where_the_true_one_is_not(task: Task, is_right: bool):
    text = scene_text(EMPTY_SCENE, answer_of(task) if is_right else "no idea")
    scene_scorers = [scorer for scorer in corrected() if scorer.name.startswith(SCENE_PARTS)]
    assert len(scene_scorers) > 5
    assert {scorer.name: worth(scorer, task, written(text)) for scorer in scene_scorers} == {
        s.name: 0.0 for s in scene_scorers
    }
