from pathlib import Path

import av
import numpy as np
import pytest

from spatialrl.data.media import decode as module
from spatialrl.data.media.decode import decode_frames, each_frame
from spatialrl.data.media.frame_plan import plan_frames
from spatialrl.data.media.probe import probe_video
from spatialrl.errors import DataError
from tests.media_files import write_clip

NUM_FRAMES = 60
X264 = {"x264-params": "log-level=none:keyint=12:min-keyint=12:bframes=3:b-adapt=0"}
OPEN = {"x264-params": "log-level=none:keyint=12:min-keyint=12:bframes=3:b-adapt=0:open-gop=1"}
CLIPS = {
    "closed.mp4": {"options": X264},
    "open.mp4": {"options": OPEN},
    "open.mkv": {"options": OPEN},
    "uneven.mp4": {"options": X264, "times_ms": [int(40 * index**1.3) for index in range(NUM_FRAMES)]},
    "mpeg2.mp4": {"codec": "mpeg2video", "options": {"g": "12", "bf": "2"}, "fps": 25},
    "mpeg4.avi": {"codec": "mpeg4", "options": {"g": "10"}},
    "vp9.webm": {"codec": "libvpx-vp9", "options": {"g": "16", "deadline": "realtime", "cpu-used": "8"}},
    "one_key.mp4": {"options": {"x264-params": "log-level=none:keyint=999"}},
    "turned.mp4": {"rotation": 90},
}


@pytest.fixture(scope="module", params=CLIPS)
def clip(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("clips") / request.param
    return str(write_clip(path, num_frames=NUM_FRAMES, **CLIPS[request.param]))


def test_any_frame_that_is_jumped_to_is_the_one_a_whole_decode_gives(clip: str):
    whole = decode_frames(clip, range(NUM_FRAMES))
    times_s = probe_video(clip).times_s
    for index in range(0, NUM_FRAMES):
        (alone,) = decode_frames(clip, (index,), times_s=(times_s[index],))
        assert (alone == whole[index]).all(), index


def test_the_frames_of_a_plan_are_those_a_whole_decode_gives(clip: str):
    whole = decode_frames(clip, range(NUM_FRAMES))
    plan = plan_frames(probe_video(clip), max_frames=8)
    for frame, index in zip(decode_frames(clip, plan.indices, times_s=plan.times_s), plan.indices, strict=True):
        assert (frame == whole[index]).all()


def test_a_long_video_is_not_decoded_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """4 frames of 240 in groups of 12: 5 groups at most, for a frame at the edge of a group may need the one before."""
    path = write_clip(tmp_path / "a.mp4", num_frames=240, options=X264)
    plan = plan_frames(probe_video(path), max_frames=4)
    decoded = []
    original = module.SeekingReader.decode

    def counted(self):
        for frame in original(self):
            decoded.append(frame.pts)
            yield frame

    monkeypatch.setattr(module.SeekingReader, "decode", counted)
    decode_frames(str(path), plan.indices, times_s=plan.times_s)
    assert len(decoded) <= 5 * 12


def test_frames_come_in_the_order_of_the_plan_and_may_repeat(tmp_path: Path):
    path = str(write_clip(tmp_path / "a.mp4", num_frames=8))
    first, second = decode_frames(path, (1, 5))
    for times_s in ((), (0.1, 0.1, 0.5)):
        found = decode_frames(path, (5, 1, 1), times_s=times_s)
        assert all((a == b).all() for a, b in zip(found, (second, first, first), strict=True))


def test_frames_come_one_by_one_each_once(tmp_path: Path):
    path = str(write_clip(tmp_path / "a.mp4", num_frames=6))
    one, five = decode_frames(path, (1, 5))
    frames = each_frame(path, (5, 1, 1))
    index, frame = next(frames)
    assert index == 1
    assert (frame == one).all()
    assert [(index, (frame == five).all()) for index, frame in frames] == [(5, True)]


def test_a_turned_video_is_put_upright(tmp_path: Path):
    """A quarter turn counter-clockwise: what is at the top right of the file is at the top left."""
    plain, turned = (
        write_clip(tmp_path / "a.mp4", num_frames=1),
        write_clip(tmp_path / "b.mp4", num_frames=1, rotation=90),
    )
    (before,), (after,) = decode_frames(str(plain), (0,)), decode_frames(str(turned), (0,))
    assert after.shape == (48, 32, 3)
    assert (after[0, 0] == before[0, -1]).all()
    assert (np.rot90(before) == after).all()


def test_a_frame_that_is_not_there_is_named(tmp_path: Path):
    path = str(write_clip(tmp_path / "a.mp4", num_frames=4))
    with pytest.raises(DataError, match=r"a\.mp4 has no frame 4; its frame plan asks for it"):
        decode_frames(path, (0, 4))
    with pytest.raises(DataError, match=r"a\.mp4 has no frame 7"):
        decode_frames(path, (0, 7), times_s=(0.0, 0.7))


def test_frames_are_close_to_what_was_filmed(tmp_path: Path):
    """A smooth picture, which no codec harms much: colours and rows are where they were."""
    picture = np.indices((32, 48)).sum(0)[..., None].repeat(3, 2).astype(np.uint8) * 3
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=4, options={"qp": "1", "x264-params": "log-level=none"})
        stream.width, stream.height, stream.pix_fmt = 48, 32, "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    (frame,) = decode_frames(str(tmp_path / "a.mp4"), (0,))
    assert np.abs(frame.astype(int) - picture).max() < 12
