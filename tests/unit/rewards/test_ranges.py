from spatialrl import rewards
from spatialrl.rewards import parts


def test_every_reward_and_every_part_declares_its_range():
    assert rewards.RANGES.keys() == rewards.REWARDS.keys()
    assert parts.RANGES.keys() == parts.PARTS.keys()
    assert all(least < greatest for least, greatest in (*rewards.RANGES.values(), *parts.RANGES.values()))
