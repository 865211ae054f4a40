import asyncio

from spatialrl.collect import Collector
from spatialrl.evaluate import blanked, evaluate, most_frequent
from spatialrl.trace import Trace
from tests.fakes import FakeReward, FakeRollout, make_image, make_task


def test_an_unscored_task_is_counted_as_such():
    collector = Collector(rollout=FakeRollout(), reward=FakeReward(unscored=("0",)), trace=Trace())
    evaluation = asyncio.run(evaluate(collector, [make_task()], max_tokens=8))
    assert evaluation.metrics["reward/unscored"] == 1


def test_a_blanked_task_keeps_its_question_and_loses_its_pixels():
    (task,) = blanked([make_task("a", media=(make_image(),))])
    assert task.question == make_task().question
    assert task.media[0].blank
    assert task.id != "a"


def test_the_commonest_answer_is_counted_in_words_for_each_set_of_options():
    sides = [make_task(options=("left", "right"), answer="A"), make_task(options=("right", "left"), answer="B")]
    depths = [make_task(options=("near", "far"), answer=letter) for letter in "AABB"]
    # Both of the sides are "left"; of the depths two of four.
    assert most_frequent(sides + depths) == (2 + 2) / 6
