"""Memory does not grow with the rows, and a full disk is a sentence."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from spatialrl.data.inspection.leaks import LEAKS, note_shown
from spatialrl.data.inspection.notes import AFTER_MEDIA, Notes
from spatialrl.data.verbs import data
from spatialrl.errors import ResourceError
from tests.unit.data.test_full_disk import disk_of

PEAKS = """
import re, sys
from spatialrl.data.inspection.order import Order
from spatialrl.data.inspection.run import inspection
for path in sys.argv[1:]:
    print("rows", inspection(Order(path=path, page=None, progress=False)).summary)
    print("peak", re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
"""
"""getrusage would tell the peak of the process that started it, where that is larger."""


def text_rows(path: Path, count: int) -> Path:
    """Of 4 kB each, no two alike."""
    with path.open("w") as file:
        for number in range(count):
            row = {"id": f"r{number}", "question": f"{number}? {'word ' * 800}", "answer": str(number)}
            file.write(json.dumps(row | {"answer_kind": "number", "scene_id": f"s{number}"}) + "\n")
    return path


def test_the_memory_of_an_inspection_does_not_grow_with_the_rows(tmp_path: Path):
    """2,000 rows of 4 kB more are 8 MB."""
    files = [str(text_rows(tmp_path / f"of{count}.jsonl", count)) for count in (500, 2500)]
    command = [sys.executable, "-c", PEAKS, *files]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    peaks = [int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("peak")]
    assert "rows 2,500 rows in 1 file" in done.stdout
    assert peaks[1] - peaks[0] < 4_000


@pytest.mark.parametrize("kind", LEAKS)
def test_the_time_to_find_leaks_does_not_grow_with_the_square_of_the_rows(tmp_path: Path, kind: str):
    """One table is gone through; in each other one the rows are looked up."""
    notes = Notes(tmp_path)
    notes.database.executescript(AFTER_MEDIA)
    note_shown(notes)
    steps = [told for *_, told in notes.all(f"EXPLAIN QUERY PLAN {LEAKS[kind][1]}")]
    notes.close()
    assert sum(step.startswith("SCAN") for step in steps) == 1
    assert sum(step.startswith("SEARCH") for step in steps) == 2 - (kind == "leaked files")


@pytest.mark.parametrize(
    ("num_bytes", "told"),
    [
        (20_000, r"The notes of the inspection in .* can't be written: .*; set TMPDIR to a folder with more room"),
        (250_000, r"page\.html can't be written: .*File too large; make room, or give another place"),
    ],
)
def test_a_full_disk_is_told_and_leaves_no_page(tmp_path: Path, num_bytes: int, told: str):
    """The notes of 150 rows take some 100 kB, the page with its cards more than 300 kB."""
    file = text_rows(tmp_path / "rows.jsonl", 150)
    with pytest.raises(ResourceError, match=told), disk_of(num_bytes):
        data([f"inspect={file}", f"page={tmp_path}/page.html", "cards=150", "progress=false"])
    assert [path.name for path in tmp_path.iterdir()] == ["rows.jsonl"]
