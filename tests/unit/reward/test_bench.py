from workers.reward.bench import Cost, microseconds, ratios, sample_pairs


def test_ratios_are_taken_round_by_round():
    # The second round ran on a machine half as fast.
    pool = [
        Cost(wall_s=1.1, workers_cpu_s=2.0, driver_cpu_s=0.2),
        Cost(wall_s=2.2, workers_cpu_s=4.0, driver_cpu_s=0.4),
    ]
    plain = [Cost(wall_s=1.0, workers_cpu_s=2.0), Cost(wall_s=2.0, workers_cpu_s=4.0)]
    assert ratios(pool, plain) == ["1.10", "1.00", "1.10"]


def test_times_are_told_for_one_completion():
    rounds = [Cost(wall_s=wall, workers_cpu_s=2.0) for wall in (1.0, 3.0, 2.0)]
    assert microseconds(rounds, 1000) == ["2000", "2000", "0"]


def test_the_completions_are_groups_of_eight_with_as_many_tokens_as_they_would_have():
    pairs = sample_pairs(16)
    assert len({task.id for task, _ in pairs}) == 2
    assert all(len(completion.token_ids) == len(completion.text) // 4 > 100 for _, completion in pairs)
