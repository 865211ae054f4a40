import pytest

from spatialrl.config import RewardConfig
from spatialrl.contrasts.length import Length
from spatialrl.contrasts.settings import check_contrasts, make_contrasts
from spatialrl.contrasts.temporal import Temporal
from spatialrl.errors import ConfigError

PARTS = {"format": {"part": "think_format", "weight": 1.0}, "accuracy": {"part": "answer_accuracy", "weight": 1.0}}


def composed(**contrasts) -> RewardConfig:
    return RewardConfig(name="composed", args={"parts": PARTS}, contrasts=contrasts)


def test_arguments_are_the_fields_of_a_contrast_and_null_switches_it_off():
    made = make_contrasts(composed(temporal={"bonus": 1, "margin": 0.2}, length={}, mirrored=None))
    assert made == {"temporal": Temporal(bonus=1, margin=0.2), "length": Length()}


@pytest.mark.parametrize(
    ("contrasts", "told"),
    [
        ({"temporary": {}}, "has 'temporary'; there are: temporal, temporal_compat, mirrored, swapped, length"),
        ({"temporal": {"bonsu": 1}}, "temporal has no 'bonsu'; there are: bonus, margin, part"),
        ({"temporal": {"bonus": "much"}}, r"temporal.bonus is 'much'; give a value like 0.3"),
        ({"mirrored": {"needs_right": 1}}, r"mirrored.needs_right is 1; give a value like True"),
        ({"length": True}, "length is True; give its arguments"),
        ({"length": {"low": 600}}, "600 to 512 tokens"),
        ({"temporal": {"part": "accurate"}}, "'accurate', which reward.args.parts does not have; there are: format"),
    ],
)
def test_what_can_not_be_is_told_while_the_config_loads(contrasts: dict, told: str):
    with pytest.raises(ConfigError, match=told):
        check_contrasts(composed(**contrasts))


def test_two_parts_of_one_name_are_a_mistake():
    reward = composed(length={})
    reward.args = {"parts": PARTS | {"length": PARTS["format"]}}
    with pytest.raises(ConfigError, match="would both be the part 'length'"):
        check_contrasts(reward)


def test_contrasts_that_fit_are_fine():
    check_contrasts(composed(temporal={}, mirrored={}, swapped={"bonus": 0.1}, length={}))
    check_contrasts(RewardConfig(name="spacer_compat", contrasts={"temporal_compat": {}, "length": {}}))
