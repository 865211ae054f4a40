import pytest

from spatialrl.benchmarks.scoring import GRADERS, summarise
from spatialrl.benchmarks.spec import benchmark_names, read_benchmark
from tests.unit.benchmarks.scoring.questions import sample


@pytest.mark.parametrize("name", benchmark_names())
def test_a_benchmark_is_scored_by_rules_that_exist(name):
    benchmark = read_benchmark(name)
    assert benchmark.metric in GRADERS
    right = [sample(1, id="a_1_2_3", source="ADE20K", num_options="1")]
    assert summarise(right, benchmark=benchmark).num == 1
