from pathlib import Path

import numpy as np
import pytest

from spatialrl.bench.media import FACTOR, bare, clips, media, photographs, stored
from spatialrl.config import DataConfig
from spatialrl.data.media.budget import Budgets
from spatialrl.data.media.store import MediaStore


def test_both_sides_of_the_suite_decode_the_same_pixels(tmp_path: Path):
    budgets = Budgets.of(DataConfig(), factor=FACTOR)
    with MediaStore(tmp_path / "store", max_bytes=2**28) as store:
        for medium in [*photographs(tmp_path, 1), *clips(tmp_path, 1, DataConfig())]:
            theirs = bare(medium, budgets=budgets)
            for _ in range(2):
                assert np.array_equal(stored(medium, budgets=budgets, store=store), theirs)
        assert store.counts == {"decoded": 2, "found": 2}


def test_the_suite_prints_a_line_for_each_kind_of_media(capsys: pytest.CaptureFixture[str]):
    media(images=2, videos=1, rounds=1, threads=1)
    assert [line.split("|")[1].strip() for line in capsys.readouterr().out.splitlines()[4:]] == ["2 images", "1 videos"]
