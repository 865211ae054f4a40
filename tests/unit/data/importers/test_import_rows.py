import json
import os
import signal
import subprocess
import sys
import time

import pytest

from spatialrl.data.validate import validate
from spatialrl.data.verbs import data
from spatialrl.errors import ConfigError, DataError, UserError
from tests.unit.data.importers.sources import imported, put, put_json_lines, put_picture, put_video


def rows(number: int) -> list[dict]:
    return [{"id": f"r{index}", "problem": f"{index}?", "answer": str(index)} for index in range(number)]


def test_what_is_imported_is_valid(tmp_path):
    put_picture(tmp_path / "set/a.png")
    put_video(tmp_path / "set/a.mp4")
    given = [
        {"problem": "<image>?", "answer": "1", "images": "a.png"},
        {"problem": "<video>?", "answer": "2", "videos": "a.mp4"},
    ]
    result = imported("easyr1", put_json_lines(tmp_path / "set/rows.jsonl", given))
    assert validate(result.folder / "train.parquet") == []


def test_rejected_rows_have_id_place_kind_and_reason_and_are_counted(tmp_path, capsys):
    given = [*rows(3), rows(1)[0], {"id": "x", "problem": "x?", "answer": ""}]
    content = "".join(json.dumps(row) + "\n" for row in given) + '{"id": "cut'
    result = imported("easyr1", put(tmp_path / "rows.jsonl", content.encode()))
    assert [task.id for task in result.tasks()] == ["r0", "r1", "r2"]
    assert result.rejected == [("r0", "duplicate id"), ("x", "fields"), ("rows.jsonl:6", "unreadable")]
    first = json.loads((result.folder / "rejected.jsonl").read_text().splitlines()[0])
    assert first == {
        "id": "r0",
        "place": "rows.jsonl:4",
        "kind": "duplicate id",
        "reason": "The id r0 is used before.",
        "rows": 1,
    }
    told = capsys.readouterr().out
    assert "3 train." in told
    assert "Dropped 1 duplicate id, 1 fields, 1 unreadable; see " in told


def test_strict_stops_at_the_first_bad_row_and_leaves_nothing(tmp_path):
    path = put_json_lines(tmp_path / "rows.jsonl", [*rows(2), {"id": "x", "problem": "x?", "answer": ""}])
    with pytest.raises(DataError, match=r"rows\.jsonl:3: x: .*'answer'.* strict=true stops there"):
        imported("easyr1", path, strict="true")
    assert not (tmp_path / "of_rows").exists()


def test_a_source_without_a_good_row_is_an_error_that_shows_why(tmp_path):
    with pytest.raises(DataError, match=r"no row became a task\. rows\.jsonl:1: The row has no column 'problem'"):
        imported("easyr1", put_json_lines(tmp_path / "rows.jsonl", [{"text": "x"}]))
    assert not (tmp_path / "of_rows").exists()


def test_the_same_import_again_does_nothing(tmp_path, capsys):
    path = put_json_lines(tmp_path / "rows.jsonl", rows(3))
    file = imported("easyr1", path).folder / "train.parquet"
    before = file.stat().st_mtime_ns
    imported("easyr1", path)
    assert file.stat().st_mtime_ns == before
    assert capsys.readouterr().out.endswith("of_rows holds this import already.\n")


def test_another_import_into_the_same_folder_is_refused(tmp_path):
    path = put_json_lines(tmp_path / "rows.jsonl", rows(3))
    imported("easyr1", path)
    with pytest.raises(UserError, match="is there already"):
        imported("easyr1", path, limit=2)


def test_limit_counts_the_tasks_of_each_split(tmp_path):
    put_json_lines(tmp_path / "set/train.jsonl", [{"id": "x", "problem": "", "answer": "1"}, *rows(5)])
    put_json_lines(tmp_path / "set/val.jsonl", [{**row, "id": f"v{index}"} for index, row in enumerate(rows(5))])
    result = imported("easyr1", tmp_path / "set", limit=2)
    assert [len(result.tasks(split)) for split in ("train", "validation")] == [2, 2]


def test_scenes_are_held_out_whole(tmp_path):
    for number in range(20):
        put_video(tmp_path / f"set/scene{number:02}.mp4", num_frames=4)
    given = [{"problem": "<video>?", "answer": "1", "videos": f"scene{index % 20:02}.mp4"} for index in range(60)]
    result = imported("easyr1", put_json_lines(tmp_path / "set/rows.jsonl", given), hold_out=0.3)
    scenes = {split: {task.scene_id for task in result.tasks(split)} for split in ("train", "validation")}
    assert not scenes["train"] & scenes["validation"]
    assert sum(len(result.tasks(split)) for split in scenes) == 60
    # 20 scenes, each with probability 0.3.
    assert 2 <= len(scenes["validation"]) <= 11


def test_scenes_on_the_exclusion_list_are_dropped_and_counted(tmp_path):
    for name in ("scene0011_00", "scene0011_01"):
        put_video(tmp_path / f"set/{name}.mp4", num_frames=4)
    given = [{"problem": "<video>?", "answer": "1", "videos": f"scene0011_{index}.mp4"} for index in ("00", "01", "00")]
    (tmp_path / "list.txt").write_text("# ScanNet\nscene0011_00.mp4\nscene0012_00.mp4\n")
    result = imported("easyr1", put_json_lines(tmp_path / "set/rows.jsonl", given), exclude=tmp_path / "list.txt")
    assert [kind for _, kind in result.rejected] == ["excluded scene"] * 2
    assert result.task.scene_id == "scene0011_01"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["import=nothing"], "import=nothing: there are: alpaca, easyr1, "),
        (["import=easyr1", "folder=x"], "source=... is missing"),
        (["import=easyr1", "source=x", "folder=y", "spilt=val"], "There is no argument 'spilt'. Did you mean split?"),
        (["import=easyr1", "source=x", "folder=y", "media=move"], "media is 'move'; there are: reference, copy"),
        (["import=easyr1", "source=x", "folder=y", "hold_out=1.5"], "hold_out is 1.5"),
        (["import=easyr1", "source=x", "folder=y", "limit=0"], "limit is 0"),
        (["import=easyr1", "source=x", "folder=y", "max_frames=2"], "min_frames no more than max_frames"),
    ],
)
def test_a_mistake_in_the_words_is_told(words, told):
    with pytest.raises(ConfigError) as caught:
        data(words)
    assert told in str(caught.value)


IMPORT = "import sys; from spatialrl.data.verbs import data; data(sys.argv[1:])"

WITH_LIMIT = """
import resource, sys
from spatialrl.data.verbs import data
from spatialrl.errors import ResourceError
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    data(sys.argv[1:])
except ResourceError as error:
    print(error)
"""


def test_a_full_disk_is_told_and_nothing_stands_under_the_final_name(tmp_path):
    path = put_json_lines(tmp_path / "rows.jsonl", [{**row, "note": "word " * 1000} for row in rows(60)])
    words = ["import=easyr1", f"source={path}", f"folder={tmp_path / 'out'}"]
    command = [sys.executable, "-c", WITH_LIMIT, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert "File too large" in done.stdout, done.stderr
    assert "the same command goes on from there" in done.stdout
    assert not (tmp_path / "out").exists()
    data(words)
    assert (tmp_path / "out/train.parquet").exists()


def test_a_kill_leaves_nothing_under_the_final_name_and_the_next_run_finishes(tmp_path):
    for index in range(40):
        put_picture(tmp_path / f"set/{index}.png", shade=index)
    given = [{"problem": "<image>?", "answer": "1", "images": f"{index % 40}.png"} for index in range(2500)]
    path = put_json_lines(tmp_path / "set/rows.jsonl", given)
    words = [f"source={path}", f"folder={tmp_path / 'out'}", "media=copy"]
    process = subprocess.Popen([sys.executable, "-c", IMPORT, "import=easyr1", *words], stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while time.monotonic() < end and not list((tmp_path / ".out.partial").glob("media/*/*.png")):
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "out").exists()
    result = imported("easyr1", path, folder=tmp_path / "out", media="copy")
    assert len(result.tasks()) == 2500
    assert not (tmp_path / ".out.partial").exists()
    assert sorted(p.name for p in result.folder.iterdir()) == [
        "import.json",
        "media",
        "rejected.jsonl",
        "train.parquet",
    ]


PEAKS = """
import re, sys
from spatialrl.data.verbs import data
for name in sys.argv[1:]:
    data(["import=easyr1", f"source={name}.jsonl", f"folder={name}"])
    print("peak", re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
"""
"""getrusage would tell the peak of the process that started it, where that is larger."""


def test_memory_does_not_grow_with_the_rows(tmp_path):
    """1,100 rows of 20 kB more are 22 MB. After two groups of rows all that is held has been held."""
    names = []
    for number in (2200, 3300):
        names.append(str(tmp_path / f"of{number}"))
        put_json_lines(tmp_path / f"of{number}.jsonl", [{**row, "note": "word " * 4000} for row in rows(number)])
    command = [sys.executable, "-c", PEAKS, *names]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    peaks = [int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("peak")]
    assert peaks[1] - peaks[0] < 10_000
