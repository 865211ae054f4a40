import random
from dataclasses import replace
from functools import cache

import pytest
from policies import guesser, oracle
from small_general import GENERAL
from small_measures import MEASURES
from small_sources import tasks_of
from small_spatial import SPATIAL
from small_video import VIDEO

from spatialrl.benchmarks.scoring import MODES, Mode, grade, summarise
from spatialrl.benchmarks.spec import read_benchmark
from spatialrl.types import Task

SMALL = SPATIAL | MEASURES | VIDEO | GENERAL
COPIES = 60
"""Of a small file, so that an interval says something."""
CHANCE = {
    "cv_bench": (1 / 3 + 1 / 2) / 2,
    "3dsrbench": 1 / 2**4,
    "blink": 1 / 2,
    "realworldqa": (1 / 3 + 0 + 0) / 3,
    "spatialbench": (0 + 1 / 2) / 2,
    "mmvp": 1 / 2 * 1 / 2,
    "lego_puzzles": 1 / 4,
    "spatialreasoner_eval": 1 / 2,
    "robospatial_home": 1 / 2,
    "robospatial_home_context": 0,
    "stvqa": 1 / 3,
    "whatsup": 1 / 4,
    "viewspatial": 1 / 4,
    "spar_bench": (0 + 1 / 2 + 0) / 3,
    "spatial457": 0,
    "spatialeval": 1 / 2,
    "qspatial_plus": 0,
    "vsi_bench": (0 + 1 / 2 + 0) / 3,
    "sti_bench": 1 / 4,
    "video_mme": 1 / 4,
    "longvideobench": 1 / 4,
    "tempcompass": 1 / 3,
    "tempcompass_yes_no": 1 / 2,
    "tempcompass_caption_matching": 1 / 2,
    "hallusionbench": (1 / 2 + 1 / 2 + 1 / 2 * 1 / 2) / 3,
    "mathvista": (0 + 1 / 3) / 2,
    "mathverse": (1 / 4 + 0) / 2,
    "mathvision": (0 + 1 / 5) / 2,
    "emma": 1 / 2,
    "mmmu_pro": (1 / 4 + 1 / 2) / 2,
    "mmmu_pro_vision": 1 / 10,
    "mmstar": 1 / 4,
}
"""Of the small files, 0 to 1: over categories, groups and sources as each benchmark counts."""


@pytest.fixture(scope="module")
def small_tasks(tmp_path_factory: pytest.TempPathFactory):
    return cache(lambda name: tasks_of(name, SMALL[name], tmp_path_factory.mktemp(name)))


def copies(tasks: list[Task]) -> list[Task]:
    """The same questions about other things."""
    return [copy_of(task, number) for number in range(COPIES) for task in tasks]


def copy_of(task: Task, number: int) -> Task:
    told = {name: f"{number}:{task.extra[name]}" for name in ("group", "set_id", "cluster") if task.extra.get(name)}
    scene = f"{number}:{task.scene_id}" if task.scene_id else ""
    return replace(task, id=f"{number}:{task.id}", scene_id=scene, extra={**task.extra, **told})


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", SMALL)
def test_who_knows_every_answer_scores_100(name: str, mode: Mode, small_tasks):
    benchmark = read_benchmark(name)
    samples = [grade(t, oracle(t, metric=benchmark.metric), benchmark=benchmark, mode=mode) for t in small_tasks(name)]
    assert {sample.id: sample.score for sample in samples} == {sample.id: 1.0 for sample in samples}
    assert summarise(samples, benchmark=benchmark).headline == pytest.approx(100)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", SMALL)
def test_who_guesses_scores_chance(name: str, mode: Mode, small_tasks):
    benchmark, dice = read_benchmark(name), random.Random(f"{name} {mode}")
    guesses = [(t, guesser(t, metric=benchmark.metric, dice=dice)) for t in copies(small_tasks(name))]
    samples = [grade(task, guess, benchmark=benchmark, mode=mode) for task, guess in guesses]
    found = summarise(samples, benchmark=benchmark)
    assert abs(found.headline - 100 * CHANCE[name]) <= found.high - found.low, (found.low, found.headline, found.high)
