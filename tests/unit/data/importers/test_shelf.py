import pytest

from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.probe import FrameBudget
from spatialrl.data.importers.shelf import Shelf
from tests.unit.data.importers.sources import base64_picture, picture, put, put_picture, put_video


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "out", roots=[tmp_path / "set"], budget=FrameBudget())


def bad(call, *arguments) -> tuple[str, str]:
    with pytest.raises(BadRow) as caught:
        call(*arguments)
    return caught.value.kind, str(caught.value)


def test_a_file_is_named_where_it_is(shelf, tmp_path):
    path = put_picture(tmp_path / "set/a.png")
    for value in ("a.png", "./a.png", "/a.png", str(path), f"file://{path}", {"path": "a.png", "bytes": None}):
        assert shelf.image(value).path == str(path)
    assert not (tmp_path / "out").exists()


def test_a_file_can_be_copied_under_its_hash(tmp_path):
    put_picture(tmp_path / "set/a.png")
    put_picture(tmp_path / "set/same.png")
    shelf = Shelf(tmp_path / "out", roots=[tmp_path / "set"], keep="copy", budget=FrameBudget())
    first, second = shelf.image("a.png"), shelf.image("same.png")
    assert first == second
    assert first.path == str(tmp_path / f"out/media/{first.sha256[:2]}/{first.sha256}.png")


@pytest.mark.parametrize(
    "value", [picture(), {"bytes": picture(), "path": "a.jpg"}, f"data:image/png;base64,{base64_picture()}"]
)
def test_bytes_are_written_under_their_hash_with_the_ending_of_their_format(shelf, value):
    medium = shelf.image(value)
    assert medium.path.endswith(f"{medium.sha256}.png")
    assert (medium.width, medium.height) == (40, 30)


def test_an_image_that_was_cut_off_is_told_and_not_kept(shelf, tmp_path):
    kind, told = bad(shelf.image, picture(format="JPEG")[:-20])
    assert (kind, told.partition(":")[0]) == ("corrupt media", "Its image can't be decoded")
    assert list((tmp_path / "out").rglob("*.*")) == []


def test_an_extension_that_lies_is_told(shelf, tmp_path):
    put(tmp_path / "set/a.png", picture(format="JPEG"))
    kind, told = bad(shelf.image, "a.png")
    assert kind == "wrong extension"
    assert told.endswith("a.png is a JPEG file by its content; rename it.")
    put(tmp_path / "set/b.png", b"no image at all")
    assert bad(shelf.image, "b.png")[0] == "corrupt media"


def test_either_ending_of_a_jpeg_is_right(shelf, tmp_path):
    for name in ("a.jpg", "a.jpeg", "a.JPG", "a"):
        put(tmp_path / "set" / name, picture(format="JPEG"))
        assert shelf.image(name).width == 40


def test_what_is_no_media_file_is_told(shelf, tmp_path):
    assert bad(shelf.image, "nowhere.png")[1].endswith(f"nowhere.png does not exist; looked in {tmp_path / 'set'}.")
    assert bad(shelf.image, "https://example.org/a.png")[0] == "media"
    assert bad(shelf.image, 7)[1] == "A path is expected where it has '7'."


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda content: content[: len(content) // 2], "can't be read as a video, or is cut off"),
        (lambda content: content[:0], "is empty: 0 bytes"),
        (lambda content: b"words", "can't be read as a video"),
    ],
)
def test_a_damaged_video_is_told(shelf, tmp_path, damage, told):
    path = put_video(tmp_path / "set/a.mp4")
    path.write_bytes(damage(path.read_bytes()))
    assert told in bad(shelf.video, "a.mp4")[1]


def test_a_video_without_pictures_is_told(shelf, tmp_path):
    put_picture(tmp_path / "set/a.png")
    assert bad(shelf.video, "b.mp4")[0] == "media"


def test_a_file_is_opened_once_for_all_rows_that_show_it(shelf, tmp_path):
    path = put_picture(tmp_path / "set/a.png")
    first = shelf.image("a.png")
    path.unlink()
    path.write_bytes(picture(9))
    assert shelf.image("a.png") is first
