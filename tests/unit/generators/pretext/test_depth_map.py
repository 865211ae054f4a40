import sys

import h5py
import numpy as np
import pytest
from PIL import Image

from spatialrl.errors import ConfigError
from spatialrl.generators.pretext.depth_map import read_depth
from spatialrl.generators.pretext.question import Damaged
from spatialrl.generators.pretext.sources import depth_beside, is_image
from tests.unit.generators.pretext.photographs import depth_map, make, photograph

DEPTH = np.arange(1, 13, dtype=np.float32).reshape(3, 4)


def read(path, *, mask=None, size=(4, 3), scale=1000.0):
    return read_depth(path, mask, size=size, scale=scale)


def test_npy_with_a_third_axis_and_a_mask(tmp_path):
    np.save(tmp_path / "depth.npy", DEPTH[:, :, None])
    np.save(tmp_path / "mask.npy", (DEPTH > 2).astype(np.float64))
    depth = read(tmp_path / "depth.npy", mask=tmp_path / "mask.npy")
    assert np.isnan(depth[0]).tolist() == [True, True, False, False]
    assert depth[1:].tolist() == DEPTH[1:].tolist()


def test_h5(tmp_path):
    with h5py.File(tmp_path / "depth.h5", "w") as file:
        file["depth"] = np.where(DEPTH == 5, 0, DEPTH).astype(np.float16)
    depth = read(tmp_path / "depth.h5")
    assert np.argwhere(np.isnan(depth)).tolist() == [[1, 0]]
    assert depth[2].tolist() == [9, 10, 11, 12]


def test_png_counts_millimetres_unless_told_otherwise(tmp_path):
    values = (DEPTH * 500).astype(np.uint16)
    values[0, 0], values[0, 1] = 0, 65535
    Image.fromarray(values).save(tmp_path / "depth.png")
    depth = read(tmp_path / "depth.png")
    assert np.isnan(depth[0, :2]).all()
    assert depth[2].tolist() == [4.5, 5, 5.5, 6]
    assert read(tmp_path / "depth.png", scale=5000.0)[2].tolist() == pytest.approx([0.9, 1, 1.1, 1.2])


def test_what_is_not_a_distance_is_not_known(tmp_path):
    odd = DEPTH.copy()
    odd[0] = [np.nan, np.inf, -1, 0]
    np.save(tmp_path / "depth.npy", odd)
    assert np.isnan(read(tmp_path / "depth.npy")[0]).all()


def test_a_smaller_map_gives_the_nearest_value(tmp_path):
    np.save(tmp_path / "depth.npy", DEPTH)
    depth = read(tmp_path / "depth.npy", size=(8, 6))
    assert depth[:2, :4].tolist() == [[1, 1, 2, 2], [1, 1, 2, 2]]


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.ones((4, 3)), "depth is 3 x 4 and its image 4 x 3"),
        (np.ones((3, 4, 2)), r"shape \[3, 4, 2\]"),
        (np.zeros((3, 4)), "known for 0 % of its pixels"),
    ],
)
def test_a_map_that_is_of_no_use_is_damaged(tmp_path, array, reason):
    np.save(tmp_path / "depth.npy", array)
    with pytest.raises(Damaged) as told:
        read(tmp_path / "depth.npy")
    assert told.match(reason)


def test_a_file_that_is_no_map_is_damaged(tmp_path):
    (tmp_path / "cut.npy").write_bytes(b"\x93NUMPY\x01")
    (tmp_path / "text.h5").write_text("no")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["distance"] = DEPTH
    Image.fromarray(np.ones((3, 4), np.uint8)).save(tmp_path / "grey.png")
    np.save(tmp_path / "depth.npy", DEPTH)
    np.save(tmp_path / "mask.npy", np.ones((2, 2)))
    for name in ("cut.npy", "text.h5", "other.h5", "grey.png", "absent.npy"):
        with pytest.raises(Damaged, match="can't be read as depth"):
            read(tmp_path / name)
    with pytest.raises(Damaged, match="can't be read as depth"):
        read(tmp_path / "depth.npy", mask=tmp_path / "mask.npy")


def test_a_map_is_found_where_data_sets_keep_it():
    files = {
        "diode/a.png", "diode/a_depth.npy", "mega/0001/dense0/imgs/b.jpg", "mega/0001/dense0/depths/b.h5",
        "ours/c.png", "ours/c_depth.png", "plain/d.jpg", "plain/d.npy", "rgb/e.jpg", "depth/e.png", "alone/f.jpg",
    }  # fmt: skip
    images = sorted(filter(is_image, files))
    assert [image.rsplit("/")[-1] for image in images] == ["f.jpg", "a.png", "b.jpg", "c.png", "d.jpg", "e.jpg"]
    assert [depth_beside(image, files) for image in images] == [
        "",
        "diode/a_depth.npy",
        "mega/0001/dense0/depths/b.h5",
        "ours/c_depth.png",
        "plain/d.npy",
        "depth/e.png",
    ]


def test_rows_are_made_of_every_format(tmp_path):
    """One scene a format; the last has none."""
    for number in range(4):
        photograph(number).save(tmp_path / f"{number}.png")
    np.save(tmp_path / "0_depth.npy", depth_map(0))
    with h5py.File(tmp_path / "1.h5", "w") as file:
        file["depth"] = depth_map(1)
    Image.fromarray((depth_map(2) * 1000).astype(np.uint16)).save(tmp_path / "2_depth.png")
    tasks = make(tmp_path / "made", tmp_path, num_train=12, weights={"depth_order": 2, "position": 1, "flip": 1})
    of_depth = {task.extra["image"] for task in tasks if task.family in ("depth_order", "position")}
    assert of_depth == {"0.png", "1.png", "2.png"}


def test_h5_without_its_library_is_a_sentence(tmp_path, monkeypatch):
    photograph(1).save(tmp_path / "1.png")
    (tmp_path / "1.h5").write_text("anything")
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(ConfigError, match=r"needs h5py; run `pip install 'spatialrl\[datagen\]'`"):
        make(tmp_path / "made", tmp_path, num_train=1, weights={"depth_order": 1})
