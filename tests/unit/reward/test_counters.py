from workers.reward.counters import Counters, percentile


def test_counts_and_latencies_start_anew_when_they_are_taken():
    counters = Counters()
    counters.add("retries", 3)
    counters.add("restarts")
    for length in (4, 9, 2):
        counters.saw_queue(length)
    for seconds in (0.2, 0.1):
        counters.took(seconds)
    taken = counters.take()
    assert taken == {
        "reward/timeouts": 0.0,
        "reward/restarts": 1.0,
        "reward/retries": 3.0,
        "reward/cache_hits": 0.0,
        "reward/queue_max": 9.0,
        "reward/latency_p50_s": 0.1,
        "reward/latency_p95_s": 0.2,
        "reward/latency_p99_s": 0.2,
    }
    assert counters.take() == dict.fromkeys(taken, 0.0)


def test_a_percentile_is_one_of_the_values():
    hundred = [float(value) for value in range(1, 101)]
    assert [percentile(hundred, percent) for percent in (50, 95, 99)] == [50.0, 95.0, 99.0]
    assert [percentile([7.0], percent) for percent in (50, 99)] == [7.0, 7.0]
