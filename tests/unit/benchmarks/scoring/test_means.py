from spatialrl.benchmarks.scoring import summarise
from tests.unit.benchmarks.scoring.questions import Counting, Rules, sample


def summary(name, samples, **arguments):
    return summarise(samples, benchmark=Rules(aggregate=Counting(name, arguments)))


def lines(found):
    return {line.name: round(line.score, 2) for line in found.lines}


def several(category, scores, **extra):
    return [sample(score, id=f"{category}{i}", category=category, **extra) for i, score in enumerate(scores)]


def test_micro_counts_samples_and_macro_counts_categories():
    samples = several("a", [1, 1, 1, 1, 1, 1]) + several("b", [0, 0])
    assert summary("mean", samples).headline == 75
    assert summary("macro", samples).headline == 50
    assert summary("macro", samples).notes == {"micro": 75}
    assert lines(summary("macro", samples)) == {"a": 100, "b": 0}


def test_vsi_merges_the_three_directions_without_weights():
    samples = several("object_rel_direction_easy", [1, 1, 1, 1])
    samples += several("object_rel_direction_medium", [0, 0])
    samples += several("object_rel_direction_hard", [0.5])
    samples += several("object_counting", [0.9])
    found = summary("vsi", samples)
    assert lines(found)["object_rel_direction"] == 50
    assert found.headline == 70


def test_a_run_without_hard_directions_is_no_error_and_not_zero():
    samples = several("object_rel_direction_easy", [1, 0]) + several("object_counting", [1])
    found = summary("vsi", samples)
    assert lines(found)["object_rel_direction"] == 50
    assert found.headline == 75


def test_cv_bench_is_the_mean_of_2d_and_3d_and_2d_that_of_its_sources():
    samples = several("Count", [1, 1, 1], source="ADE20K")
    samples += several("Relation", [0], source="COCO")
    samples += several("Depth", [1, 1, 1, 1, 0], source="Omni3D")
    # ((100 + 0) / 2 + 80) / 2; the mean of samples would be 77.8.
    assert summary("cv_bench", samples).headline == 65
    assert lines(summary("cv_bench", samples))["source/COCO"] == 0


def test_cv_bench_2d_alone_is_the_mean_of_its_sources():
    samples = several("Count", [1, 1, 1], source="ADE20K") + several("Relation", [0], source="COCO")
    assert summary("cv_bench", samples).headline == 50
