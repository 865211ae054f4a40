import pytest

from spatialrl.contrasts.length import Length
from spatialrl.errors import ConfigError
from tests.fakes import make_task
from tests.unit.contrasts.builders import VIDEO, judged


def test_solved_answers_of_320_to_512_tokens_earn_a_fifth_each():
    ours = judged(1.0, 0.5, 1.0, 1.0, 0.0, num_tokens=[320, 512, 319, 513, 400])
    assert Length().bonuses(ours, ()) == [0.2, 0.2, 0, 0, 0]


def test_one_solved_answer_alone_earns_nothing():
    assert Length().bonuses(judged(1.0, 0.1, None, num_tokens=[400] * 3), ()) == [0, 0, 0]
    assert Length().bonuses(judged(1.0, 0.2, None, num_tokens=[400] * 3), ()) == [0.2, 0.2, 0]


def test_band_and_bonus_can_be_set():
    assert Length(bonus=1.0, low=2, high=3).bonuses(judged(1.0, 1.0, 1.0, num_tokens=[1, 2, 4]), ()) == [0, 1, 0]


@pytest.mark.parametrize("band", [(0, 5), (6, 5), (-1, -1)])
def test_a_band_that_holds_nothing_is_a_mistake(band):
    with pytest.raises(ConfigError, match="0 < low <= high"):
        Length(low=band[0], high=band[1])


def test_it_asks_for_no_twin():
    assert Length().twin(make_task(media=(VIDEO,)), tasks={}, seed=1) is None
