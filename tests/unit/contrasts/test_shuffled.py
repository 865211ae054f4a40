from dataclasses import replace

from spatialrl.contrasts.temporal import Temporal, TemporalCompat
from tests.fakes import make_image, make_task
from tests.unit.contrasts.builders import PLAN, VIDEO, judged


def twin_of(task, seed=1):
    return Temporal().twin(task, tasks={}, seed=seed)


def test_the_twin_of_a_video_shows_the_same_frames_in_another_order():
    task = make_task("t", media=(VIDEO,))
    twin = twin_of(task)
    assert twin is not None
    (medium,) = twin.task.media
    assert medium.frames is not None
    assert medium.frames.indices == PLAN.indices
    assert medium.frames.shown != PLAN.shown
    assert sorted(medium.frames.shown) == sorted(PLAN.shown)
    # Nothing else differs.
    assert replace(twin.task, id="t", media=(replace(medium, frames=PLAN),)) == task


def test_half_as_many_answers_are_asked_for_and_none_of_them_is_learned_from():
    twin = twin_of(make_task(media=(VIDEO,)))
    assert twin is not None
    assert [twin.num_completions(number) for number in (2, 8, 5)] == [1, 4, 2]
    assert not twin.learns


def test_two_videos_of_a_task_are_shuffled_each_in_its_own_order():
    orders = set()
    for seed in range(20):
        twin = twin_of(make_task(media=(VIDEO, VIDEO)), seed)
        assert twin is not None
        orders.add(tuple(medium.frames.order for medium in twin.task.media if medium.frames))
    assert any(first != second for first, second in orders)
    assert len(orders) > 10


def test_images_and_videos_of_one_frame_have_no_twin():
    still = replace(VIDEO, frames=replace(PLAN, indices=(3, 3)))
    for media in ((), (make_image(),), (still,)):
        assert twin_of(make_task(media=media)) is None


def test_where_order_helps_each_solved_completion_earns_the_bonus():
    ours, theirs = judged(1.0, 0.0, 1.0, 1.0), judged(0.0, 1.0)
    assert Temporal().bonuses(ours, theirs) == [0.3, 0, 0.3, 0.3]
    assert Temporal(bonus=0.5).bonuses(ours, theirs) == [0.5, 0, 0.5, 0.5]
    # 0.75 is not 0.3 above 0.5.
    assert Temporal(margin=0.3).bonuses(ours, theirs) == [0, 0, 0, 0]


def test_answers_that_ignore_the_order_earn_nothing_here_and_the_bonus_in_spacer():
    same = judged(1.0, 1.0)
    assert Temporal().bonuses(same, same) == [0, 0]
    assert TemporalCompat().bonuses(same, same) == [0.3, 0.3]


def test_spacer_pays_unless_shuffled_is_better_by_a_quarter():
    ours = judged(1.0, 0.5, None)
    assert TemporalCompat().bonuses(ours, judged(0.25)) == [0.3, 0.3, 0]
    assert TemporalCompat().bonuses(ours, judged(1.0)) == [0, 0, 0]


def test_what_could_not_be_judged_is_in_neither_mean():
    # Ours is 1 and not 0.5, theirs 0.8 and not 0.4.
    assert Temporal(margin=0.15).bonuses(judged(1.0, None), judged(0.8, None)) == [0.3, 0]
    assert Temporal().bonuses(judged(1.0), judged(None)) == [0]
