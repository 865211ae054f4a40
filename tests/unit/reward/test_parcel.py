from dataclasses import replace

from spatialrl.types import Completion, SceneGraph, SceneObject, Scored, Unscored, VersionSpan
from tests.fakes import make_image, make_task
from workers.reward.parcel import CompletionPacker, TaskPacker, pack, pack_scores, unpack, unpack_scores

SCENE = SceneGraph(objects=(SceneObject(id="cube.1", bbox=(1.0, 2.0, 3.0, 4.0)),), relationships=())
TASK = make_task("a", media=(make_image(),), scene=SCENE)
COMPLETION = Completion(
    prompt_ids=(1, 2),
    token_ids=(7, 8, 9),
    text="\ud800 ünd",
    logprobs_T=(-1.0, -2.0, -3.0),
    finish_reason="length",
    version_spans=(VersionSpan(version=4, start=0, end=3),),
)

ALL = CompletionPacker("user", {})
TEXT = CompletionPacker("spatialthinker_compat", {})


def test_a_users_reward_sees_all_but_prompt_ids_and_logprobs():
    packed = TaskPacker().pack(TASK), ALL.pack(COMPLETION)
    assert unpack(pack([packed])) == [(TASK, replace(COMPLETION, prompt_ids=(), logprobs_T=()))]


def test_what_a_reward_does_not_look_at_stays_behind():
    packed = TaskPacker().pack(TASK), TEXT.pack(COMPLETION)
    ((_, seen),) = unpack(pack([packed]))
    assert (seen.text, seen.finish_reason, seen.token_ids, seen.version_spans) == ("\ud800 ünd", "length", (), ())


def test_a_task_that_a_group_has_in_common_travels_once():
    packer = TaskPacker()
    group = [(packer.pack(TASK), TEXT.pack(COMPLETION)) for _ in range(8)]
    pairs = unpack(pack(group))
    assert len({id(task) for task, _ in pairs}) == 1
    assert len(pack(group)) < len(pack(group[:1])) + 7 * len(group[0][1]) + 100


def test_tasks_that_are_equal_but_for_one_word_are_told_apart():
    packer = TaskPacker()
    tasks = [make_task("a", question=f"Question {number}?") for number in range(3)]
    packed = [(packer.pack(task), TEXT.pack(COMPLETION)) for task in tasks]
    assert [task for task, _ in unpack(pack(packed))] == tasks


def test_scores_of_both_kinds_come_back_in_order():
    scores = [Scored(reward=0.5, parts={"format": 1.0}), Unscored(reason="no size"), Scored(reward=1.0)]
    assert unpack_scores(pack_scores(scores)) == scores
