from dataclasses import asdict, replace
from pathlib import Path

import pytest

from spatialrl.benchmarks.maps import MapFile, with_map
from spatialrl.benchmarks.prompting import AS_IS, Prompting, prompt_hash, scaled
from spatialrl.benchmarks.spec import Prompt
from spatialrl.config import DataConfig
from spatialrl.data.media.budget import Budgets
from spatialrl.data.prompts import chat_messages, template_names
from spatialrl.errors import ConfigError
from spatialrl.types import MapCell
from tests.fakes import make_image, make_task

OWN = asdict(Prompt(before="These are frames.", choice="Give the letter.", number="Give a number.", text="Say it."))
CHOICE = make_task(media=(make_image(), make_image("two.png")))
NUMBER = make_task(options=(), answer="3", answer_kind="number", unit="m", media=(make_image(),))


@pytest.mark.parametrize("template", sorted(set(template_names()) - {AS_IS}))
def test_what_a_back_end_hands_on_is_what_training_would_have_shown(template: str):
    named = make_task(question="Is <image> nearer than <image>?", media=CHOICE.media)
    mapped = make_task(cognitive_map=(MapCell(label="cup", column=1, row=2),), media=(make_image(),))
    for task in (CHOICE, NUMBER, named, mapped, make_task()):
        prompt = Prompting(template=template).prompt(task)
        assert chat_messages(prompt, template=AS_IS) == chat_messages(task, template=template)


def test_a_prompt_carries_neither_the_answer_nor_the_scene():
    prompt = Prompting(template="compact").prompt(make_task(demonstration="B", answer="B"))
    assert (prompt.answer, prompt.options, prompt.demonstration, prompt.scene) == ("", (), "", None)


def test_the_default_is_what_the_benchmark_says_itself():
    prompting = Prompting(template="default", own_words=OWN)
    assert prompting.prompt(CHOICE).question == (
        "These are frames.\nWhich is nearer?\nOptions:\nA. cube\nB. ball\nGive the letter."
    )
    assert prompting.prompt(NUMBER).question == "These are frames.\nWhich is nearer?\nGive a number."


def test_options_have_the_names_of_the_benchmark_in_its_own_words_and_letters_elsewhere():
    task = make_task(extra={"label": "Option 1"})
    own = Prompting(template="default", own_words=OWN | {"before": ""}).prompt(task).question
    assert own == "Which is nearer?\nOption 1: cube\nOption 2: ball\nSay it."
    assert "A. cube" in Prompting(template="thinking", own_words=OWN).prompt(task).question


@pytest.mark.parametrize("template", ["gemini_api", "gpt4v"])
def test_large_models_are_asked_for_nothing_but_a_number(template: str):
    asked = Prompting(template=template, own_words=OWN).prompt(NUMBER).question
    assert asked == "These are frames.\nWhich is nearer?\nGive one number, and nothing but that number."


def test_the_longest_side_is_as_asked_and_the_shape_stays():
    small = scaled(make_image(size=112), longest=448)
    assert (small.width, small.height) == (448, 448)
    photograph = scaled(replace(make_image(), width=640, height=480), longest=448)
    assert (photograph.width, photograph.height) == (448, 336)


def test_a_question_states_the_size_in_which_its_image_is_seen():
    budgets = Budgets.of(DataConfig(min_pixels=1, max_pixels=224 * 224), factor=28)
    prompting = Prompting(template="spatialthinker", coordinates="resized_pixels", budgets=budgets, resolution=56)
    task = prompting.asked(CHOICE)
    assert (task.coordinates, task.media[0].shown, task.media[0].width) == ("resized_pixels", (56, 56), 112)
    assert "Image size: (56 x 56)" in prompting.prompt(CHOICE).question


def test_a_blind_prompt_has_the_same_words_and_another_hash():
    seen, blind = (Prompting(template="compact", blind=blind).prompt(CHOICE) for blind in (False, True))
    assert seen.question == blind.question
    assert all(medium.blank for medium in blind.media)
    assert prompt_hash(seen) != prompt_hash(blind)


def test_a_moved_medium_of_known_content_is_the_same_prompt():
    here, there = (
        make_task(media=(replace(make_image(path), sha256="f00d"),)) for path in ("/a/room.png", "/b/room.png")
    )
    assert prompt_hash(here) == prompt_hash(there)


def test_maps_of_a_file_are_found_by_question_and_by_scene(tmp_path: Path):
    path = tmp_path / "maps.jsonl"
    path.write_text('{"id": "t1", "map": {"cup": [[1, 2]]}}\n{"scene_id": "hall", "map": "a chair"}\n')
    maps = MapFile(path)
    assert maps.find(make_task("t1", scene_id="hall")) == '{"cup": [[1, 2]]}'
    assert maps.find(make_task("t2", scene_id="hall")) == "a chair"
    assert maps.find(make_task("t3")) is None


def test_a_map_can_not_ask_for_media():
    assert "<image>" not in with_map(make_task(question="Where?"), "here <image>").question


def test_a_missing_file_of_maps_is_named(tmp_path: Path):
    with pytest.raises(ConfigError, match="say none, self, or the path"):
        MapFile(tmp_path / "nowhere.jsonl")
