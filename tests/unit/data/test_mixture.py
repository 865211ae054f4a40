from collections import Counter
from pathlib import Path

import pytest

from spatialrl.compose import load_config
from spatialrl.config import DataConfig, SourceConfig
from spatialrl.data.mixture import check_sources, load_pools, pools_of, take, tasks_in
from spatialrl.data.sampler import Sampler
from spatialrl.data.tasks import write_tasks
from spatialrl.errors import ConfigError, DataError
from tests.fakes import make_task

TASKS = [make_task(f"t{number}") for number in range(10)]


def ids(tasks) -> list[str]:
    return [task.id for task in tasks]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("all", list(range(10))),
        ("first:3", [0, 1, 2]),
        ("end:2", [8, 9]),
        ("end:0", []),
        ("first:25%", [0, 1, 2]),
        ("first:100", list(range(10))),
    ],
)
def test_a_source_gives_its_first_or_last_tasks(how, expected):
    assert ids(take(TASKS, how, seed=1)) == [f"t{number}" for number in expected]


@pytest.mark.parametrize(("how", "number"), [("random:4", 4), ("random:35%", 4), ("random:100%", 10)])
def test_random_tasks_are_seeded_and_in_the_order_of_the_file(how, number):
    chosen = ids(take(TASKS, how, seed=1))
    assert len(chosen) == number
    assert chosen == sorted(chosen) == ids(take(TASKS, how, seed=1))


def test_another_seed_takes_other_tasks():
    assert len({tuple(ids(take(TASKS, "random:4", seed=seed))) for seed in range(5)}) > 1


@pytest.fixture
def file(tmp_path):
    """Ten tasks: five easy ones about counts, five hard ones about sides, with pass rates 0.0 to 0.9."""
    tasks = [
        make_task(
            f"t{number}",
            family="counting" if number < 5 else "side",
            split="train" if number % 2 else "validation",
            extra={"level": "easy" if number < 5 else "hard", "pass_rate": str(number / 10)},
            **({"answer": "2", "answer_kind": "number", "options": ()} if number < 5 else {}),
        )
        for number in range(10)
    ]
    write_tasks(tmp_path / "tasks.parquet", tasks)
    return str(tmp_path / "tasks.parquet")


def pool_of(file: str, **asked):
    (pool,) = load_pools(DataConfig(train=[SourceConfig(path=file, **asked)]), seed=1)
    return [int(name[1:]) for name in ids(pool.tasks)]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, list(range(10))),
        ({"families": ["side"]}, [5, 6, 7, 8, 9]),
        ({"kinds": ["number"]}, [0, 1, 2, 3, 4]),
        ({"splits": ["train"]}, [1, 3, 5, 7, 9]),
        ({"levels": ["hard"]}, [5, 6, 7, 8, 9]),
        ({"ranges": {"pass_rate": [0.2, 0.4]}}, [2, 3, 4]),
        ({"ranges": {"level": [0, 1]}}, [0, 1, 2, 3, 4]),
        ({"levels": ["hard"], "splits": ["train"], "take": "first:2"}, [5, 7]),
    ],
)
def test_filters_come_before_the_take(file, asked, expected):
    assert pool_of(file, **asked) == expected


def test_the_families_of_the_run_filter_every_source(file):
    config = DataConfig(train=[SourceConfig(path=file)], families=["side"])
    assert ids(tasks_in(load_pools(config, seed=1))) == ["t5", "t6", "t7", "t8", "t9"]


def test_a_filter_that_keeps_nothing_says_what_there_is(file):
    with pytest.raises(DataError) as caught:
        pool_of(file, families=["room_size"])
    told = str(caught.value)
    assert told.startswith("data.train[0]: none of the 10 tasks of ")
    assert "families counting, side; kinds choice, number; splits train, validation; levels easy, hard; extras" in told


def test_sources_with_weights_share_every_step(file, tmp_path):
    write_tasks(tmp_path / "other.jsonl", [make_task(f"o{number}") for number in range(3)])
    sources = [SourceConfig(path=file, weight=3), SourceConfig(path=str(tmp_path / "other.jsonl"), weight=1)]
    sampler = Sampler(load_pools(DataConfig(train=sources), seed=1), tasks_per_step=4, seed=1)
    for step in range(6):
        assert Counter(task.id[0] for task in sampler.step(step)) == {"t": 3, "o": 1}


def test_sources_without_weights_are_one_pool_without_repetition(file, tmp_path):
    write_tasks(tmp_path / "other.jsonl", [make_task(f"o{number}") for number in range(3)])
    sources = [SourceConfig(path=file), SourceConfig(path=str(tmp_path / "other.jsonl")), SourceConfig(path=file)]
    (pool,) = load_pools(DataConfig(train=sources), seed=1)
    assert len(pool.tasks) == 13
    assert len(set(ids(Sampler([pool], tasks_per_step=13, seed=1).step(0)))) == 13


def test_two_sources_with_one_id_for_different_tasks_are_told(file, tmp_path):
    write_tasks(tmp_path / "other.jsonl", [make_task("t3", question="Another one?")])
    sources = [SourceConfig(path=file), SourceConfig(path=str(tmp_path / "other.jsonl"))]
    with pytest.raises(DataError, match=r"data\.train\[0\] and data\.train\[1\] have different tasks of the id t3"):
        load_pools(DataConfig(train=sources), seed=1)


def test_pools_can_be_narrowed_to_some_of_their_tasks(file):
    pools = load_pools(DataConfig(train=[SourceConfig(path=file, weight=1)] * 2), seed=1)
    narrowed = pools_of(pools, pools[0].tasks[:2])
    assert [ids(pool.tasks) for pool in narrowed] == [["t0", "t1"]] * 2
    assert pools_of(pools, []) == []


def test_the_hardest_or_easiest_come_first_where_a_curriculum_is_asked_for(file):
    for curriculum, first in (("pass_rate", "t0"), ("-pass_rate", "t9")):
        config = DataConfig(train=file, curriculum=curriculum)
        assert Sampler(load_pools(config, seed=1), tasks_per_step=1, seed=1).step(0)[0].id == first


def test_a_curriculum_that_tasks_do_not_have_is_told(file):
    with pytest.raises(DataError, match=r"data\.curriculum is 'rating', but 10 of 10 tasks have no such number"):
        load_pools(DataConfig(train=file, curriculum="rating"), seed=1)


def test_data_that_shows_an_excluded_scene_is_refused(tmp_path):
    write_tasks(tmp_path / "a.jsonl", [make_task("t0", scene_id="scene0011_00"), make_task("t1")])
    (tmp_path / "list.txt").write_text("scene0011_00.mp4\n")
    config = DataConfig(train=str(tmp_path / "a.jsonl"), exclude=str(tmp_path / "list.txt"))
    with pytest.raises(DataError, match=r"data\.train: 1 of 2 tasks show scenes .* \(task t0 shows scene0011_00\)"):
        load_pools(config, seed=1)


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        ("[]", "data.train is an empty list"),
        ("[{path: a, weight: 0}]", "data.train[0].weight is 0.0; it must be more than 0"),
        ("[{path: a, weight: 1}, {path: b}]", "data.train[1] has no weight, but other sources have one"),
        ("[{path: a, take: 'frist:10'}]", "data.train[0].take is 'frist:10'; say all, first:100"),
        ("[{path: a, kinds: [essay]}]", "data.train[0].kinds has 'essay'; there are: choice, number"),
        ("[{path: a, splits: [holiday]}]", "data.train[0].splits has 'holiday'; there are: train"),
        ("[{path: a, ranges: {rating: [9, 3]}}]", "data.train[0].ranges.rating is [9, 3]"),
        ("[{path: a, ranges: {rating: high}}]", "data.train[0].ranges.rating is high; it takes a smallest"),
        ("[{path: a, weigth: 2}]", "The config has no key 'data.train[0].weigth'. Did you mean weight?"),
        ("[{path: a, weight: much}]", "data.train[0]: Value 'much'"),
        ("[{weight: 1}]", "missing mandatory value: path"),
        ("[a.parquet]", "data.train[0] is 'a.parquet'; a source has the keys path, weight, take"),
    ],
)
def test_a_mistake_in_a_source_names_its_key(sources, told):
    with pytest.raises(ConfigError) as caught:
        check_sources(load_config([f"data.train={sources}"]).data)
    assert told in str(caught.value)


def test_a_source_that_is_not_there_names_its_key():
    with pytest.raises(ConfigError, match=r"data\.train\[0\]: the file nowhere\.parquet does not exist"):
        load_pools(DataConfig(train=[SourceConfig(path="nowhere.parquet")]), seed=1)


def test_the_example_is_a_mixture_of_two_sources():
    config = load_config(["data=mixture"]).data
    check_sources(config)
    assert [source.weight for source in config.sources.values()] == [2, 1]
    assert [Path(source.path).parent.name for source in config.sources.values()] == ["stvqa", "spacer"]
