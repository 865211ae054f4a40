import pytest

from spatialrl.algorithms import ADVANTAGES


def test_group_zscore_divides_by_the_unbiased_deviation():
    # Mean 2, deviations -1, 0, 1: unbiased variance 2 / 2 = 1.
    assert ADVANTAGES["group_zscore"]([1.0, 2.0, 3.0]) == pytest.approx([-1, 0, 1], abs=2e-6)


def test_group_zscore_adds_a_millionth_to_the_deviation():
    # Deviation sqrt(2) * 1e-6 / 2: without the millionth the answer would be 0.7071.
    first, second = ADVANTAGES["group_zscore"]([0.0, 1e-6])
    assert second == pytest.approx(0.5 / (1 + 0.5**0.5))
    assert first == -second


def test_group_mean_subtracts_the_mean():
    assert ADVANTAGES["group_mean"]([1.0, 2.0, 6.0]) == [-2, -1, 3]


def test_leave_one_out_subtracts_the_mean_of_the_others():
    assert ADVANTAGES["leave_one_out"]([1.0, 2.0, 6.0]) == pytest.approx([1 - 4, 2 - 3.5, 6 - 1.5])


@pytest.mark.parametrize("name", ADVANTAGES)
def test_equal_rewards_carry_no_signal_at_all(name):
    # 0.1 three times sums to 0.30000000000000004.
    assert ADVANTAGES[name]([0.1] * 3) == [0, 0, 0]


@pytest.mark.parametrize("name", ADVANTAGES)
def test_one_alone_and_none_have_no_signal(name):
    assert ADVANTAGES[name]([0.7]) == [0]
    assert ADVANTAGES[name]([]) == []


@pytest.mark.parametrize("name", ADVANTAGES)
def test_advantages_sum_to_zero_and_keep_the_order(name):
    rewards = [0.3, 0.9, 0.1, 0.9, -66.0]
    advantages = ADVANTAGES[name](rewards)
    assert sum(advantages) == pytest.approx(0, abs=1e-9)
    assert sorted(range(5), key=lambda i: rewards[i]) == sorted(range(5), key=lambda i: advantages[i])
