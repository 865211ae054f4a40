from workers.reward.batch_size import BatchSize


def chosen(size: BatchSize, num_waiting: int = 1000, num_workers: int = 1) -> int:
    return size.choose(num_waiting=num_waiting, num_workers=num_workers)


def test_the_first_call_is_of_one_and_fast_ones_double_up_to_the_most():
    size, seen = BatchSize(target_s=1.0, most=50), []
    for _ in range(8):
        seen.append(chosen(size))
        size.learn(seen[-1], seconds=0.001 * seen[-1])
    assert seen == [1, 2, 4, 8, 16, 32, 50, 50]


def test_a_call_takes_the_target_time():
    size = BatchSize(target_s=1.0, most=256)
    for _ in range(10):
        size.learn(chosen(size), seconds=0.1 * chosen(size))
    assert chosen(size) == 10


def test_slow_completions_go_one_by_one():
    size = BatchSize(target_s=1.0, most=256)
    size.learn(1, seconds=3.0)
    assert chosen(size) == 1


def test_a_call_that_was_too_long_lowers_the_size_at_once():
    size = BatchSize(target_s=1.0, most=64)
    for _ in range(10):
        size.learn(chosen(size), seconds=0.0)
    assert chosen(size) == 64
    size.learn(64, seconds=16.0)
    assert chosen(size) == 4


def test_a_worker_takes_no_more_than_its_share():
    size = BatchSize(target_s=1.0, most=64, gains_from_many=True)
    assert chosen(size, num_waiting=10, num_workers=4) == 3
    assert chosen(size, num_waiting=1, num_workers=4) == 1
    assert chosen(size, num_waiting=1000, num_workers=4) == 64


def test_a_reward_that_gains_from_many_takes_what_waits_however_long_that_takes():
    size = BatchSize(target_s=1.0, most=64, gains_from_many=True)
    size.learn(64, seconds=100.0)
    assert chosen(size) == 64
