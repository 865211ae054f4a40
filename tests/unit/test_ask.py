from pathlib import Path

import pytest

from spatialrl.ask import ask, in_pixels
from spatialrl.errors import ConfigError, DataError
from spatialrl.types import SceneGraph, SceneObject

CHECKPOINT = Path(__file__).parents[2] / "examples/demo/checkpoint"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["question=Where?"], "model=... is missing"),
        ([f"model={CHECKPOINT}"], "question=... is missing"),
        ([f"model={CHECKPOINT}", "question=Where?", "images=a.png"], "Did you mean image"),
        (["model=outputs/nowhere", "question=Where?"], "outputs/nowhere does not exist"),
        ([f"model={CHECKPOINT}", "question=Where?", "overlay=a.png"], "needs an image to draw on"),
        ([f"model={CHECKPOINT}", "question=Where?", "template=nice"], "template is 'nice'"),
        ([f"model={CHECKPOINT}", "question=Where?", "device=tpu"], "device is 'tpu'"),
    ],
)
def test_mistakes_are_told_before_the_model_is_loaded(words: list[str], told: str):
    with pytest.raises(ConfigError, match=told):
        ask(words)


def test_an_image_that_is_none_is_named(tmp_path: Path):
    path = tmp_path / "a.png"
    path.write_bytes(b"no image")
    with pytest.raises(DataError, match=r"a\.png is not an image"):
        ask([f"model={CHECKPOINT}", "question=Where?", f"image={path}"])


def test_thousandths_are_drawn_where_they_are_meant():
    scene = SceneGraph(objects=(SceneObject(id="cup.1", bbox=(100, 200, 500, 1000)),), relationships=())
    (drawn,) = in_pixels(scene, (0.64, 0.48)).objects
    assert drawn.bbox == pytest.approx((64, 96, 320, 480))
