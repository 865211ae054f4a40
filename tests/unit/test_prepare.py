from dataclasses import replace
from pathlib import Path

import pytest

from spatialrl.data.prompts import chat_messages
from spatialrl.errors import ConfigError
from spatialrl.prepare import as_asked
from spatialrl.rewards.spatialthinker import scene_boxes
from spatialrl.types import Completion, Media, SceneGraph, SceneObject
from tests.fakes import make_task
from tests.tiny_policy import tiny_config

BOX = (0, 0, 50, 100)
TASK = make_task(
    media=(Media(kind="image", path="image.png", width=100, height=200),),
    scene=SceneGraph(objects=(SceneObject(id="cube.1", bbox=BOX),), relationships=()),
)


@pytest.mark.parametrize(
    ("coordinates", "size", "box"),
    [
        ("pixels", "(100 x 200)", [0, 0, 50, 100]),
        # 28 pixels a patch: 100 x 200 becomes 4 x 7 patches.
        ("resized_pixels", "(112 x 196)", [0, 0, 56, 98]),
        ("thousandths", "(1000 x 1000)", [0, 0, 500, 500]),
    ],
)
def test_one_key_drives_the_prompt_and_the_reward(tmp_path: Path, coordinates: str, size: str, box: list[int]):
    config = tiny_config(tmp_path)
    config.data.coordinates = coordinates
    (task,) = as_asked([TASK], config)
    (turn,) = chat_messages(task, template="spatialthinker")
    assert f"Image size: {size}" in turn["content"][-1]["text"]
    text = f'<scene>{{"objects": [{{"id": "cube.1", "bbox": {box}}}], "relationships": []}}</scene>'
    assert scene_boxes(task, Completion(prompt_ids=(), token_ids=(), text=text)) == pytest.approx(1)


def test_a_row_that_is_written_in_other_coordinates_contradicts_the_config(tmp_path: Path):
    config = tiny_config(tmp_path)
    with pytest.raises(
        ConfigError, match=r"data.coordinates is pixels, but row t1 .* Set data.coordinates=thousandths"
    ):
        as_asked([replace(TASK, coordinates="thousandths")], config)
