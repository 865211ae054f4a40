"""Every template asks for what the reward of its system reads: an answer written as asked earns full marks."""

from dataclasses import replace

import pytest

from spatialrl.compose import load_config
from spatialrl.data.prompts import chat_messages, load_template, template_names
from spatialrl.errors import ConfigError
from spatialrl.rewards import REWARDS
from spatialrl.rewards.parts import PARTS
from spatialrl.rewards.spacer import answer_accuracy
from spatialrl.types import (
    AnswerKind,
    Completion,
    MapCell,
    Media,
    Relation,
    SceneGraph,
    SceneObject,
    Scored,
    Task,
    Unscored,
)

ANSWERS: dict[AnswerKind, str] = {
    "choice": "B",
    "number": "3.5",
    "text": "a red chair",
    "ocr": "No Entry",
    "sequence": "2-0-1-3",
    "label_pair": "3-0",
    "box": "[10, 20, 110, 220]",
}
PRESETS = {
    "spatialthinker": "spatialthinker",
    "spatialthinker_short": "spatialthinker",
    "spacer": "spacer",
    "spacer_map": "spacer",
    "spatial_ssrl": "ssrl",
    "spatialreasoner": "spatialreasoner",
    "spatialreasoner_3d": "spatialreasoner",
}
FULL_MARKS_COMPAT = {"spatialthinker": 1.0, "spacer": 2.0, "ssrl": 1.0, "spatialreasoner": 2.0}
SCENE = '{"objects": [{"id": "man.1", "bbox": [10, 20, 110, 220]}, {"id": "bike.1", "bbox": [50, 100, 300, 400]}], "relationships": [{"subject": "man.1", "predicate": "behind", "object": "bike.1"}]}'
MAP = '{"chair": [[1, 2], [7, 3]], "table": [[4, 8]]}'


def task(kind: AnswerKind) -> Task:
    return Task(
        id=kind,
        question="Where is the man?",
        answer=ANSWERS[kind],
        answer_kind=kind,
        options=("left", "behind the bike") if kind == "choice" else (),
        unit="m" if kind == "number" else "",
        media=(Media(kind="image", path="a.png", width=640, height=480, shown=(644, 476)),),
        scene=SceneGraph(
            objects=(
                SceneObject(id="man.1", bbox=(10, 20, 110, 220)),
                SceneObject(id="bike.1", bbox=(50, 100, 300, 400)),
            ),
            relationships=(Relation(subject="man.1", predicate="behind", object="bike.1"),),
        ),
        cognitive_map=tuple(
            MapCell(label=label, column=x, row=y) for label, x, y in (("chair", 1, 2), ("chair", 7, 3), ("table", 4, 8))
        ),
    )


def text_of(task: Task, template: str) -> str:
    (turn,) = chat_messages(task, template=template)
    return turn["content"][-1]["text"]


def written_as_asked(template: str, task: Task) -> str:
    answer = task.answer
    if template.startswith("spatialthinker"):
        answer = f"({answer}) {task.answer_text}" if task.options else answer
        return f"<observe>o</observe>\n<scene>\n{SCENE}\n</scene>\n<think>t</think>\n<answer>\n{answer}\n</answer>"
    if template == "spatial_ssrl":
        return f"<think>Let me see.</think> \\boxed{{{answer}}}"
    drawn = f"<map>{MAP}</map>" if template == "spacer_map" else ""
    return f"<think>Hmm, wait. {drawn} So it is clear.</think>\n<answer>{answer}</answer>"


def completion(text: str) -> Completion:
    return Completion(prompt_ids=(), token_ids=(), text=text)


def test_every_system_has_its_template():
    assert {*PRESETS, "compact"} <= set(template_names())
    with pytest.raises(ConfigError, match="spacer, spacer_map, spatial_ssrl"):
        load_template("mine")


@pytest.mark.parametrize("kind", ANSWERS)
@pytest.mark.parametrize("template", PRESETS)
def test_an_answer_written_as_asked_has_full_marks(template: str, kind: AnswerKind):
    asked, answer = task(kind), completion(written_as_asked(template, task(kind)))
    assert answer_accuracy(asked, answer) == pytest.approx(1)
    parts = load_config([f"reward={PRESETS[template]}"]).reward.args["parts"]
    for line in parts.values():
        value = PARTS[line["part"]](asked, answer, **line.get("args", {}))
        if line["part"] == "map_accuracy" and template == "spacer":
            continue
        assert isinstance(value, Unscored) or value == pytest.approx(1), line


@pytest.mark.parametrize("template", PRESETS)
def test_an_answer_written_as_asked_has_full_marks_of_the_original_reward(template: str):
    preset = PRESETS[template]
    config = load_config([f"reward={preset}_compat"]).reward
    if "map_reward" in config.args:
        config.args["map_reward"] = False
    asked = task("choice")
    score = REWARDS[config.name](asked, completion(written_as_asked(template, asked)), **config.args)
    assert isinstance(score, Scored)
    assert score.reward == pytest.approx(FULL_MARKS_COMPAT[preset])


@pytest.mark.parametrize("kind", ANSWERS)
@pytest.mark.parametrize("template", [*PRESETS, "compact"])
def test_every_template_asks_for_every_kind_of_answer(template: str, kind: AnswerKind):
    text = text_of(task(kind), template)
    assert "Where is the man?" in text
    assert "{{" not in text
    assert "{%" not in text
    assert ("(B) behind the bike" in text) == (kind == "choice")
    assert ANSWERS[kind] not in text or kind == "choice"
    if template != "compact":
        assert ("in m" in text.split("Where is the man?")[0] + text.split("Where is the man?")[1]) >= (kind == "number")


@pytest.mark.parametrize(
    ("coordinates", "size", "measure"),
    [
        ("pixels", "(640 x 480)", "in pixels"),
        ("resized_pixels", "(644 x 476)", "in pixels"),
        ("thousandths", "(1000 x 1000)", "in thousandths of the width and of the height"),
    ],
)
@pytest.mark.parametrize("template", PRESETS)
def test_the_size_is_that_of_the_frame_the_model_writes_in(template: str, coordinates: str, size: str, measure: str):
    text = text_of(replace(task("box"), coordinates=coordinates), template)
    assert size in text
    assert measure in text
    others = {"(644 x 476)", "(1000 x 1000)"} - {size}
    assert not any(other in text for other in others)


@pytest.mark.parametrize("template", PRESETS)
def test_the_truth_is_not_in_the_prompt(template: str):
    """Neither kinds of object on the true map nor boxes of the true scene."""
    asked = replace(task("number"), cognitive_map=(MapCell(label="harpsichord", column=1, row=1),))
    text = text_of(asked, template)
    assert "harpsichord" not in text
    assert "110, 220" not in text


@pytest.mark.parametrize("template", [*PRESETS, "compact"])
def test_media_stand_where_the_question_has_them(template: str):
    media = task("choice").media * 2
    asked = replace(task("choice"), question="First <image> then <image>: which?", media=media)
    (turn,) = chat_messages(asked, template=template)
    kinds = [part["type"] for part in turn["content"]]
    assert kinds.count("image") == 2
    assert kinds[-1] == "text"


@pytest.mark.parametrize("template", [*PRESETS, "compact"])
def test_a_question_without_media_has_a_prompt(template: str):
    assert "Where is the man?" in text_of(replace(task("text"), media=()), template)
