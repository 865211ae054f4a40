import pytest

from spatialrl.benchmarks.comparison.results import read_results
from spatialrl.errors import ConfigError, DataError
from tests.unit.benchmarks.comparison.folders import answered, write_result


def test_everything_under_a_models_folder_is_read_with_its_blind_twin(tmp_path):
    write_result(tmp_path / "m/cv_bench/1a", answered([1, 0]), model="m")
    write_result(tmp_path / "m/cv_bench/2b", answered([0, 0]), model="m", blind=True)
    write_result(tmp_path / "m/3dsrbench/3c", answered([1]), model="m", benchmark="3dsrbench")
    found = {result.benchmark.name: result for result in read_results(tmp_path / "m")}
    assert found.keys() == {"cv_bench", "3dsrbench"}
    assert [sample.score for sample in found["cv_bench"].text_only] == [0, 0]
    assert found["3dsrbench"].text_only == ()


def test_two_results_of_one_benchmark_are_told_apart_by_whoever_asks(tmp_path):
    for name in ("1a", "2b"):
        write_result(tmp_path / "m/cv_bench" / name, answered([1]), model="m")
    with pytest.raises(ConfigError, match=r"has 2 results of cv_bench \(strict\); name one of them instead"):
        read_results(tmp_path / "m")
    assert len(read_results(tmp_path / "m/cv_bench/1a")) == 1


def test_both_rules_are_two_results(tmp_path):
    for mode in ("official", "strict"):
        write_result(tmp_path / "m" / mode, answered([1]), model="m", mode=mode)
    assert sorted(result.mode for result in read_results(tmp_path / "m")) == ["official", "strict"]


def test_a_folder_without_results_and_a_manifest_that_says_nothing_are_named(tmp_path):
    with pytest.raises(ConfigError, match=r"there is no samples\.jsonl under"):
        read_results(tmp_path)
    folder = write_result(tmp_path / "m", answered([1]), model="m")
    (folder / "manifest.json").write_text("{}")
    with pytest.raises(DataError, match=r"manifest\.json does not say which model answered which benchmark"):
        read_results(folder)
