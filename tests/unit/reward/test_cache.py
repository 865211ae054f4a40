from spatialrl.types import Scored, Unscored
from workers.reward.cache import ScoreCache, reward_version

ONE, TWO = Scored(reward=1.0), Scored(reward=2.0)


def test_a_score_is_found_by_task_and_completion():
    cache = ScoreCache(size=10, version="v")
    cache.put(cache.key(b"task", b"text"), ONE)
    assert cache.get(cache.key(b"task", b"text")) == ONE
    assert cache.get(cache.key(b"task", b"other")) is None
    assert cache.get(cache.key(b"tas", b"ktext")) is None


def test_the_least_recently_used_score_is_forgotten():
    cache = ScoreCache(size=2, version="v")
    a, b, c = (cache.key(b"task", text) for text in (b"a", b"b", b"c"))
    cache.put(a, ONE)
    cache.put(b, TWO)
    assert cache.get(a) == ONE
    cache.put(c, Unscored(reason="no size"))
    assert [cache.get(key) for key in (a, b, c)] == [ONE, None, Unscored(reason="no size")]


def test_a_cache_of_size_0_remembers_nothing():
    cache = ScoreCache(size=0, version="v")
    cache.put(cache.key(b"task", b"text"), ONE)
    assert cache.get(cache.key(b"task", b"text")) is None


def test_another_argument_or_another_text_of_the_file_is_another_reward():
    versions = {
        reward_version("user", {"function": "a.py:f", "source": source, "bonus": bonus})
        for source in ("def f(task, completion): return 1", "def f(task, completion): return 2")
        for bonus in (0, 1)
    }
    assert len(versions) == 4
    keys = {ScoreCache(size=1, version=version).key(b"task", b"text") for version in versions}
    assert len(keys) == 4
