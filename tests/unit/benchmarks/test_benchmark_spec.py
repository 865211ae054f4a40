from pathlib import Path

import pytest
import yaml

from spatialrl.benchmarks.spec import Benchmark, benchmark_names, expand, parse_benchmark, read_benchmark, suites
from spatialrl.errors import ConfigError

GOOD = {
    "name": "mine",
    "title": "Mine",
    "about": "places",
    "source": {"kind": "json", "path": "mine.json"},
    "metric": "choice",
    "chance": "options",
    "licence": "MIT",
    "homepage": "https://example.org",
}


def parsed(**changes: object) -> Benchmark:
    values = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return parse_benchmark(values, place="mine.yaml")


@pytest.mark.parametrize("name", benchmark_names())
def test_every_description_can_be_read(name: str):
    assert read_benchmark(name).name == name


def test_what_is_not_said_is_plain():
    mine = parsed()
    assert (mine.form, mine.aggregate.name, mine.num_rows, mine.options.kind) == ("columns", "mean", None, "none")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sourc": {}}, r"mine.yaml has the key 'sourc', which nobody knows. Did you mean source\?"),
        ({"fields": {"question": "q", "anwser": "a"}}, r"the key 'fields.anwser', .* Did you mean answer\?"),
        ({"licence": None}, r"mine.yaml is not a description of a benchmark: .*licence"),
        ({"num_rows": "many"}, r"mine.yaml is not .*: num_rows: Expected `int \| null`, got `str`"),
        ({"source": {"kind": "excel", "path": "x"}}, r"source.kind: Invalid enum value 'excel'"),
        ({"source": {"kind": "json"}}, r"mine.yaml: source.path is empty"),
        ({"options": {"kind": "column"}}, r"options.column names none"),
        ({"options": {"kind": "fixed", "texts": ["Yes"]}}, r"fewer than 2"),
        ({"media": {"min_frames": 8, "max_frames": 4}}, r"min_frames no more than max_frames"),
        ({"chance": 250.0}, r"chance is 250.0"),
        ({"metric": "choise"}, r"mine.yaml: metric is 'choise'. Did you mean choice\?"),
        ({"form": "excel"}, r"mine.yaml: form is 'excel'. There are: alpaca, columns, "),
        ({"aggregate": {"name": "avarage"}}, r"aggregate.name is 'avarage'. There are: "),
    ],
)
def test_a_mistake_is_one_sentence(changes: dict, sentence: str):
    with pytest.raises(ConfigError, match=sentence) as error:
        parsed(**changes)
    assert "\n" not in str(error.value)


def test_a_name_that_does_not_exist_is_answered_with_the_nearest():
    with pytest.raises(ConfigError, match=r"benchmark=cv_bnch: there is none of that name. Did you mean cv_bench\?"):
        read_benchmark("cv_bnch")
    with pytest.raises(ConfigError, match=r"Did you mean video\?"):
        expand("vidoe")


def test_a_variant_says_only_what_differs():
    whole, half = read_benchmark("cv_bench"), read_benchmark("cv_bench_2d")
    assert (half.title, half.num_rows, half.where) == ("CV-Bench 2D", 1438, {"type": ("2D",)})
    assert (half.source, half.fields, half.licence) == (whole.source, whole.fields, whole.licence)


def test_a_file_of_the_users_own_is_a_benchmark(tmp_path: Path):
    mine = tmp_path / "mine.yaml"
    mine.write_text(yaml.safe_dump({name: value for name, value in GOOD.items() if name != "name"}))
    (benchmark,) = expand(str(mine))
    assert benchmark == parsed()
    with pytest.raises(ConfigError, match=r"other.yaml can't be read"):
        read_benchmark(str(tmp_path / "other.yaml"))


def test_suites_name_benchmarks_and_all_has_each_once():
    names = suites()
    assert {"spatial", "video", "general", "3d", "all"} == names.keys()
    assert [benchmark.name for suite in names for benchmark in expand(suite)] == [
        n for suite in names.values() for n in suite
    ]
    assert "cv_bench" in names["all"]
    assert "cv_bench_2d" not in names["all"]
