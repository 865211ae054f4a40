import asyncio

from spatialrl.collect import Collector
from spatialrl.evaluate import blanked, evaluate
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
