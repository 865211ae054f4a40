from dataclasses import replace

import pytest

from spatialrl.config import RewardConfig
from spatialrl.contrasts.apply import NO_CONTRASTS, Contrasts, TwinAnswers
from spatialrl.errors import ConfigError
from spatialrl.types import Scored, Trajectory, Unscored
from tests.fakes import make_image, make_task
from tests.unit.contrasts.builders import VIDEO, judged, saying

FILM = make_task("film", media=(VIDEO,))
SIDE = make_task("side", question="Is it left or right of it?", options=("left", "right"), media=(make_image(),))


def contrasts(*tasks, name="spacer_compat", **settings) -> Contrasts:
    return Contrasts(RewardConfig(name=name, contrasts=settings), tasks=tasks)


def rewards(trajectories) -> list[float | None]:
    return [t.score.reward if isinstance(t.score, Scored) else None for t in trajectories]


def answers(of: Contrasts, task, name, trajectories) -> TwinAnswers:
    return TwinAnswers(name, of.twins(task, seed=1)[name], trajectories)


def test_bonuses_are_added_to_the_reward_as_parts_of_their_own():
    of = contrasts(temporal={}, length={"low": 1})
    group = of.group(FILM, judged(1.0, 0.5, 0.0, None), [answers(of, FILM, "temporal", judged(0.0))])
    # Rewards are twice the accuracy; each bonus looks at the accuracy alone.
    assert rewards(group.trajectories_G) == [2.5, 1.5, 0.0, None]
    score = group.trajectories_G[0].score
    assert isinstance(score, Scored)
    assert score.parts == {"accuracy": 1.0, "temporal": 0.3, "length": 0.2}
    assert group.trajectories_G[3].score == Unscored(reason="none")


def test_answers_to_shuffled_frames_stand_beside_the_group_and_keep_their_scores():
    of = contrasts(temporal={}, length={"low": 1})
    group = of.group(FILM, judged(1.0, 1.0), [answers(of, FILM, "temporal", judged(1.0, 1.0))])
    assert len(group.trajectories_G) == 2
    assert rewards(group.beside) == [2.0, 2.0]


def test_a_task_without_a_twin_has_no_such_part():
    of = contrasts(FILM, temporal={}, length={"low": 1})
    group = of.group(make_task("still"), judged(1.0, 1.0), [])
    assert [t.score.parts for t in group.trajectories_G if isinstance(t.score, Scored)] == [
        {"accuracy": 1.0, "length": 0.2}
    ] * 2


def test_twins_that_learn_are_in_one_group_with_the_task_and_earn_as_it_does():
    of = contrasts(SIDE, mirrored={"bonus": 0.4})
    twin = of.twins(SIDE, seed=1)["mirrored"].task
    group = of.group(
        SIDE,
        saying(SIDE, "left", "left"),
        [answers(of, SIDE, "mirrored", saying(twin, "right", "left", "left", "left"))],
    )
    assert {t.task.id for t in group.trajectories_G} == {"side", "side/mirrored"}
    # One of four turned; both of ours turn into it.
    assert rewards(group.trajectories_G) == pytest.approx([1.1, 1.1, 1.4, 1.0, 1.0, 1.0])
    assert group.beside == ()


def test_a_score_without_parts_is_its_own_accuracy():
    of = contrasts(name="user", length={"low": 1})
    plain = [replace(t, score=Scored(reward=1.0)) for t in judged(1.0, 1.0)]
    assert rewards(of.group(FILM, plain, []).trajectories_G) == [1.2, 1.2]


def test_a_part_that_a_reward_does_not_give_is_a_mistake():
    def other(trajectory: Trajectory) -> Trajectory:
        return replace(trajectory, score=Scored(reward=1.0, parts={"iou": 1.0}))

    of = contrasts(name="user", length={})
    with pytest.raises(ConfigError, match=r"'accuracy', which the reward user does not give.*part=iou"):
        of.group(FILM, [other(t) for t in judged(1.0)], [])
    # Where the config names the parts, one that could not be judged for a task is no mistake.
    assert rewards(
        contrasts(name="composed", length={}).group(FILM, [other(t) for t in judged(1.0)], []).trajectories_G
    )


def test_data_without_any_twin_is_a_mistake_with_a_way_out():
    with pytest.raises(
        ConfigError, match=r"temporal finds a twin for none of the 1 tasks.*needs a video.*temporal=null"
    ):
        contrasts(SIDE, temporal={}).check()
    with pytest.raises(ConfigError, match="twins=swapped"):
        contrasts(SIDE, swapped={}).check()
    contrasts(SIDE, FILM, temporal={}, mirrored={}, length={}).check()


def test_of_a_pair_one_is_drawn_where_the_other_comes_along():
    front, back = replace(SIDE, id="front", twin="back"), replace(SIDE, id="back", answer="B", twin="front")
    assert contrasts(front, back, swapped={}).leading() == [front]
    assert contrasts(front, back, length={}).leading() == [front, back]


def test_without_contrasts_a_group_is_what_was_answered():
    ours = judged(1.0, None)
    assert NO_CONTRASTS.group(FILM, ours, []).trajectories_G == tuple(ours)
    assert NO_CONTRASTS.twins(FILM, seed=1) == {}
