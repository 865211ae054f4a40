import pytest

from spatialrl.data.exclusion import excluded_scene, read_exclusion
from spatialrl.errors import DataError
from spatialrl.types import Media
from tests.fakes import make_task


@pytest.fixture
def scenes(tmp_path):
    (tmp_path / "list.txt").write_text(
        "# ScanNet, validation\nscene0011_00.mp4\n\n  scenes/scene0015_00.mp4  # a room\n"
    )
    return read_exclusion(tmp_path / "list.txt")


def test_a_list_has_one_video_a_line(scenes):
    assert scenes == {"scene0011_00", "scene0015_00"}


def test_a_scene_is_told_by_its_id_or_by_its_video(scenes):
    video = Media(kind="video", path="/data/scene0015_00.mp4", width=8, height=8)
    assert excluded_scene(make_task(scene_id="scene0011_00"), scenes) == "scene0011_00"
    assert excluded_scene(make_task(media=(video,)), scenes) == "scene0015_00"
    assert excluded_scene(make_task(scene_id="scene0011_01"), scenes) is None


def test_a_list_that_is_not_there_or_empty_is_told(tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        read_exclusion(tmp_path / "list.txt")
    (tmp_path / "list.txt").write_text("# nothing yet\n")
    with pytest.raises(DataError, match="names no scene"):
        read_exclusion(tmp_path / "list.txt")
