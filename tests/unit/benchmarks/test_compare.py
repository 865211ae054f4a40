import csv
import re
import shutil
from dataclasses import replace

import pytest

from spatialrl.benchmarks.compare import compare
from spatialrl.benchmarks.comparison.texts import chance
from spatialrl.errors import ConfigError
from tests.unit.benchmarks.comparison.folders import answered, write_result

BENCHMARKS = ("cv_bench", "cv_bench_2d", "vsi_bench")


@pytest.fixture
def folders(tmp_path):
    for model, scores in {"small": [1, 0, 0, 0], "large": [1, 1, 1, 0]}.items():
        for benchmark in BENCHMARKS:
            samples = answered(scores, source="COCO")
            unread = replace(samples[3], reason="ambiguous", parsed=None)
            error = replace(samples[2], response=None, score=0.0, reason="error: no video", is_error=True)
            samples = [*samples[:2], error if model == "small" else samples[2], unread]
            write_result(tmp_path / model / benchmark, samples, model=model, benchmark=benchmark)
    return [tmp_path / "small", tmp_path / "large"]


def rows(path, **wanted):
    with path.open() as file:
        return [row for row in csv.DictReader(file) if all(row[name] == value for name, value in wanted.items())]


def test_models_stand_side_by_side_with_intervals_lift_and_paired_difference(folders, tmp_path, capsys):
    page, table, numbers = compare(folders, output=tmp_path / "out")
    assert capsys.readouterr().out.startswith("| benchmark | small | large | large less small |")
    (headline,) = rows(numbers, benchmark="cv_bench", model="large", kind="headline")
    assert (headline["score"], headline["num"]) == ("75", "4")
    (difference,) = rows(numbers, benchmark="cv_bench", model="large", kind="difference")
    assert (difference["name"], difference["score"], difference["p_mcnemar"]) == ("small", "50", "0.5")
    (lift,) = rows(numbers, benchmark="cv_bench", model="large", kind="lift", name="frequency")
    assert lift["score"] == "25"
    assert "| CV-Bench, strict | **25.0** (" in table.read_text()
    assert page.name == "comparison.html"


def test_errors_and_answers_that_were_not_understood_stand_beside_every_result(folders, tmp_path):
    _, table, numbers = compare(folders, output=tmp_path / "out")
    assert "| CV-Bench, strict | small | 4 | 1 | 33.3 % |" in table.read_text()
    (errors,) = rows(numbers, benchmark="vsi_bench", model="small", kind="errors")
    assert (errors["name"], errors["num"]) == ("wrong", "1")


def test_a_model_that_is_in_the_table_already_is_read_again(folders, tmp_path):
    compare(folders, output=tmp_path / "out")
    shutil.rmtree(tmp_path / "small/cv_bench")
    write_result(tmp_path / "small/cv_bench", answered([1, 1, 1, 1]), model="small")
    _, table, numbers = compare(folders, output=tmp_path / "out")
    assert [row["score"] for row in rows(numbers, benchmark="cv_bench", model="small", kind="headline")] == ["100"]
    assert "| CV-Bench, strict | **100.0** (" in table.read_text()


def test_errors_may_be_left_out_on_request(folders, tmp_path):
    _, _, numbers = compare(folders, output=tmp_path / "out", errors="skip")
    (headline,) = rows(numbers, benchmark="cv_bench", model="small", kind="headline")
    assert (headline["score"], headline["num"]) == ("33.3333", "3")


def test_a_tiny_probability_is_not_called_none():
    assert [chance(p) for p in (0.0, 0.00099, 0.001, 0.25)] == ["< 0.001", "< 0.001", "0.001", "0.250"]


def test_the_page_is_one_file_that_loads_nothing(folders, tmp_path):
    page = compare(folders, output=tmp_path / "out")[0].read_text()
    assert re.findall(r"(?:src|href)=[\"']?(?!#|data:)[^\"' >]+|@import|url\(", page) == []
    assert page.count('<polygon class="outline') == 2
    # The headline, Count and COCO; the headline, Count and COCO; the headline and Count.
    assert page.count('class="plot"') == 3 + 3 + 2


def test_what_a_model_is_called_can_do_no_harm(tmp_path):
    write_result(tmp_path / "m", answered([1]), model="<script>|x")
    page, table, _ = compare([tmp_path / "m"], output=tmp_path / "out")
    assert "<script>" not in page.read_text()
    assert r"<script>\|x" in table.read_text()


def test_a_benchmark_that_one_model_lacks_leaves_its_cell_empty(folders, tmp_path):
    write_result(tmp_path / "large/3dsrbench", answered([1], category="height"), model="large", benchmark="3dsrbench")
    _, table, numbers = compare(folders, output=tmp_path / "out")
    (line,) = [line for line in table.read_text().splitlines() if line.startswith("| 3DSRBench, strict |  |")]
    assert line.endswith("|  |")
    assert rows(numbers, benchmark="3dsrbench", model="small") == []


def test_models_of_one_name_are_told_apart_by_their_folders(tmp_path):
    for name in ("one", "two"):
        write_result(tmp_path / name, answered([1]), model="m")
    _, table, _ = compare([tmp_path / "one", tmp_path / "two"], output=tmp_path / "out")
    assert table.read_text().startswith("| benchmark | m (one) | m (two) |")


@pytest.mark.parametrize("folders", ["outputs/eval/a", []])
def test_compare_wants_a_list(folders):
    with pytest.raises(ConfigError, match="compare is a list of folders"):
        compare(folders)
