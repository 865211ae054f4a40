from PIL import Image

from spatialrl.overlay import draw_scene, ordered
from spatialrl.types import Relation, SceneGraph, SceneObject

CUP = SceneObject(id="cup.1", bbox=(100, 200, 180, 280))
TABLE = SceneObject(id="table.1", bbox=(300, 400, 480, 490))


def changed(scene: SceneGraph, *, size: int = 512) -> tuple[Image.Image, set[tuple[int, int]]]:
    """Places whose colour is no longer the white of the image."""
    drawn = draw_scene(Image.new("RGB", (size, size), "white"), scene)
    return drawn, {
        (x, y) for x in range(drawn.width) for y in range(drawn.height) if drawn.getpixel((x, y)) != (255,) * 3
    }


def test_a_box_is_drawn_where_it_is_and_each_object_has_a_colour():
    drawn, places = changed(SceneGraph(objects=(CUP, TABLE), relationships=()))
    corners = [(100, 280), (180, 280), (180, 240), (300, 490), (480, 450)]
    assert set(corners) <= places
    assert (140, 240) not in places
    assert drawn.getpixel((100, 280)) != drawn.getpixel((300, 490))


def test_a_relation_is_an_arrow_between_the_two():
    relation = Relation(subject="cup.1", predicate="left of", object="table.1")
    _, without = changed(SceneGraph(objects=(CUP, TABLE), relationships=()))
    _, places = changed(SceneGraph(objects=(CUP, TABLE), relationships=(relation,)))
    # A quarter of the way from (140, 240) to (390, 445), and the head.
    assert {(202, 291), (390, 445)} <= places - without


def test_a_relation_to_nothing_and_a_box_outside_are_no_reason_to_fail():
    lost = Relation(subject="cup.1", predicate="on", object="moon.1")
    outside = SceneObject(id="door.1", bbox=(-50, 600, 9000, 500))
    drawn, _ = changed(SceneGraph(objects=(CUP, outside), relationships=(lost,)))
    assert drawn.size == (512, 512)
    assert ordered(outside.bbox) == (-50, 500, 9000, 600)


def test_a_small_image_is_enlarged_so_that_names_can_be_read():
    drawn, places = changed(
        SceneGraph(objects=(SceneObject(id="cup.1", bbox=(10, 60, 50, 90)),), relationships=()), size=128
    )
    assert drawn.size == (512, 512)
    assert (40, 360) in places
