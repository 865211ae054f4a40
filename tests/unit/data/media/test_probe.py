from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spatialrl.data.media.probe import image_size, probe_video
from spatialrl.errors import DataError
from tests.media_files import write_clip

FRONT = {"movflags": "faststart"}
"""The index stands before the frames, and is whole in a file that was cut off."""


@pytest.mark.parametrize(("orientation", "size"), [(1, (40, 30)), (3, (40, 30)), (6, (30, 40)), (8, (30, 40))])
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_the_size_of_an_image_is_that_after_its_rotation(tmp_path: Path, suffix: str, orientation: int, size: tuple):
    image = Image.new("RGB", (40, 30))
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(tmp_path / f"a{suffix}", exif=exif)
    assert image_size(tmp_path / f"a{suffix}") == size


@pytest.mark.parametrize(
    ("name", "codec"), [("a.mp4", "libx264"), ("a.mkv", "libx264"), ("a.webm", "libvpx-vp9"), ("a.avi", "mpeg4")]
)
def test_a_video_says_how_large_and_how_long_it_is(tmp_path: Path, name: str, codec: str):
    video = probe_video(write_clip(tmp_path / name, num_frames=25, fps=10, codec=codec))
    assert (video.width, video.height, video.num_frames) == (48, 32, 25)
    assert (video.fps, video.duration_s) == (10.0, 2.5)
    assert video.is_even
    assert video.times_s == pytest.approx([index / 10 for index in range(25)], abs=1e-3)


def test_a_broken_frame_rate_stays_exact(tmp_path: Path):
    video = probe_video(write_clip(tmp_path / "a.mp4", num_frames=30, fps=Fraction(30000, 1001)))
    assert video.fps == pytest.approx(29.97, abs=1e-3)
    assert video.is_even


def test_a_video_with_an_uneven_frame_rate_says_when_each_frame_is_shown(tmp_path: Path):
    times_ms = [0, 100, 150, 1000, 1100, 4000]
    video = probe_video(write_clip(tmp_path / "a.mp4", num_frames=6, times_ms=times_ms))
    assert video.times_s == pytest.approx([t / 1000 for t in times_ms])
    assert not video.is_even
    assert video.fps == pytest.approx(5 / 4)
    assert video.duration_s == pytest.approx(4.8)


@pytest.mark.parametrize(("rotation", "size"), [(90, (32, 48)), (-90, (32, 48)), (180, (48, 32))])
def test_the_size_of_a_video_is_that_after_its_rotation(tmp_path: Path, rotation: int, size: tuple[int, int]):
    video = probe_video(write_clip(tmp_path / "a.mp4", num_frames=2, rotation=rotation))
    assert (video.width, video.height) == size


def cut(path: Path, share: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def test_a_video_that_was_cut_off_is_named(tmp_path: Path):
    whole = write_clip(tmp_path / "a.mp4", num_frames=40)
    with pytest.raises(DataError, match=r"a\.mp4 can't be read as a video, or is cut off"):
        probe_video(cut(whole, 0.6))
    indexed = write_clip(tmp_path / "b.mp4", num_frames=40, container_options=FRONT)
    with pytest.raises(DataError, match=r"b\.mp4 is cut off: it declares 40 frames and holds 2\d|is not whole"):
        probe_video(cut(indexed, 0.6))


def test_what_holds_no_frames_is_named(tmp_path: Path):
    (tmp_path / "nothing.mp4").write_bytes(b"")
    (tmp_path / "text.mp4").write_bytes(b"<html>not found</html>")
    Image.new("RGB", (8, 8)).save(tmp_path / "image.png")
    for name, sentence in (
        ("nothing.mp4", "is empty: 0 bytes"),
        ("text.mp4", "can't be read as a video"),
        ("missing.mp4", "does not exist"),
    ):
        with pytest.raises(DataError, match=sentence):
            probe_video(tmp_path / name)


def test_a_video_without_frames_is_named(tmp_path: Path):
    with pytest.raises(DataError, match=r"no frames|can't be read as a video|no video stream"):
        probe_video(write_clip(tmp_path / "a.mp4", num_frames=0))


def test_what_is_not_an_image_is_named(tmp_path: Path):
    (tmp_path / "nothing.png").write_bytes(b"")
    (tmp_path / "page.jpg").write_bytes(b"<html>not found</html>")
    write_clip(tmp_path / "film.mp4", num_frames=2).rename(tmp_path / "film.jpg")
    for name, sentence in (
        ("nothing.png", "is empty: 0 bytes"),
        ("page.jpg", "is not an image"),
        ("film.jpg", "is not an image"),
        ("missing.png", "does not exist"),
    ):
        with pytest.raises(DataError, match=sentence):
            image_size(tmp_path / name)


def test_an_image_with_the_name_of_another_format_is_read_all_the_same(tmp_path: Path):
    Image.fromarray(np.zeros((30, 40, 3), np.uint8)).save(tmp_path / "a.jpg", format="png")
    assert image_size(tmp_path / "a.jpg") == (40, 30)


def test_an_image_of_a_hundred_megapixels_is_not_decoded(tmp_path: Path):
    Image.new("1", (10_000, 10_000)).save(tmp_path / "a.png")
    with pytest.raises(DataError, match=r"declares 10000 x 10000 pixels, more than 64000000; it is not decoded"):
        image_size(tmp_path / "a.png")
