import asyncio
import json
from pathlib import Path

import pytest
from PIL import Image

from spatialrl.collect import Collector
from spatialrl.config import RolloutConfig, RunConfig, TrainerConfig
from spatialrl.contrasts.apply import Contrasts
from spatialrl.data.sampler import Pool, Sampler
from spatialrl.errors import MediaError, first_of
from spatialrl.run_log import RunLog
from spatialrl.trainer import Trainer
from spatialrl.types import FramePlan, Media, Task, Trajectory
from tests.fakes import FakeActor, FakeReward, FakeRollout, FakeWeights, make_image, make_task
from tests.reading import ForgettingActor, ReadingRollout


@pytest.fixture
def config() -> RunConfig:
    return RunConfig(
        trainer=TrainerConfig(max_steps=3, tasks_per_step=2, sinks=[]),
        rollout=RolloutConfig(completions_per_task=4),
    )


def run_trainer(
    config: RunConfig,
    folder: Path,
    *,
    reward: FakeReward | None = None,
    rollout: FakeRollout | None = None,
    actor: FakeActor | None = None,
    held_out: int = 0,
    tasks: list[Task] | None = None,
) -> FakeActor:
    log = RunLog(folder, config=config, num_steps=config.trainer.max_steps)
    rollout = rollout or FakeRollout()
    actor = actor or FakeActor(rollout)
    tasks = tasks or [make_task(f"t{number}") for number in range(6)]
    trainer = Trainer(
        config,
        sampler=Sampler([Pool(tasks=tasks)], tasks_per_step=config.trainer.tasks_per_step, seed=1),
        held_out=tasks[:held_out],
        collector=Collector(
            rollout=rollout,
            reward=reward or FakeReward(),
            trace=log.trace,
            drop=log.dropped if config.data.bad_media == "drop" else None,
        ),
        actor=actor,
        reference=None,
        weights=FakeWeights(rollout),
        log=log,
        contrasts=Contrasts(config.reward, tasks=tasks),
    )
    asyncio.run(trainer.run())
    log.close()
    return actor


@pytest.fixture
def photographs(tmp_path: Path) -> list[Task]:
    """Each 3 MB when it is decoded."""
    folder = tmp_path / "photographs"
    folder.mkdir()
    tasks = []
    for number in range(6):
        path = folder / f"{number}.png"
        Image.new("RGB", (1000, 1000), (number, 0, 0)).save(path)
        media = (Media(kind="image", path=str(path), width=1000, height=1000),)
        tasks.append(make_task(f"t{number}", media=media))
    return tasks


def test_the_driver_does_not_grow_with_the_images_it_hands_on(
    config: RunConfig, tmp_path: Path, photographs: list[Task]
):
    config.trainer.max_steps = 100
    actor = ForgettingActor()
    run_trainer(config, tmp_path, tasks=photographs, rollout=ReadingRollout(), actor=actor)
    # The 160 images of the last 80 steps are 480 MB.
    assert actor.resident_mb[-1] - actor.resident_mb[19] < 15


def test_a_task_whose_image_breaks_in_mid_run_is_dropped_and_told(
    config: RunConfig, tmp_path: Path, photographs: list[Task]
):
    config.data.bad_media = "drop"
    Path(photographs[2].media[0].path).write_bytes(b"\x89PNG and then nothing")
    actor = run_trainer(config, tmp_path, tasks=photographs, rollout=ReadingRollout())
    assert {t.task.id for step in range(3) for t in trained(actor, step)} == {"t0", "t1", "t3", "t4", "t5"}
    (dropped,) = [json.loads(line) for line in (tmp_path / "dropped.jsonl").read_text().splitlines()]
    (step,) = [step for step in (1, 2, 3) if "t2" in {t.id for t in sampled(photographs, step)}]
    assert (dropped["id"], dropped["step"]) == ("t2", step)
    assert "2.png is not an image that can be read" in dropped["reason"]
    last = json.loads((tmp_path / "metrics.jsonl").read_text().splitlines()[-1])
    assert last["data/dropped_tasks"] == 1


def sampled(tasks: list[Task], step: int) -> list[Task]:
    return Sampler([Pool(tasks=tasks)], tasks_per_step=2, seed=1).step(step - 1)


def test_what_an_update_is_made_without_is_told_with_its_step(config: RunConfig, tmp_path: Path):
    """Six tasks, two a step: each comes up once in three steps."""
    rollout, tasks = FakeRollout(), [make_task(f"t{number}") for number in range(6)]
    run_trainer(config, tmp_path, rollout=rollout, actor=FakeActor(rollout, broken=("t4",)), tasks=tasks)
    (dropped,) = [json.loads(line) for line in (tmp_path / "dropped.jsonl").read_text().splitlines()]
    (step,) = [step for step in (1, 2, 3) if "t4" in {t.id for t in sampled(tasks, step)}]
    assert dropped == {"id": "t4", "reason": "the image of t4 is gone", "step": step}


def test_a_task_that_two_updates_of_a_step_are_made_without_is_told_once(config: RunConfig, tmp_path: Path):
    config.actor.updates_per_step = 2
    rollout = FakeRollout()
    actor = FakeActor(rollout, broken=("t0",))
    config.trainer.max_steps = 1
    run_trainer(config, tmp_path, rollout=rollout, actor=actor, tasks=[make_task("t0"), make_task("t1")])
    assert len(actor.batches) == 2
    assert len((tmp_path / "dropped.jsonl").read_text().splitlines()) == 1


def test_what_is_dropped_while_held_out_tasks_are_answered_has_no_step(
    config: RunConfig, tmp_path: Path, photographs: list[Task]
):
    """Before and after training; the blanked ones are not read."""
    config.data.bad_media = "drop"
    config.trainer.max_steps, config.trainer.eval_tasks = 1, 1
    Path(photographs[0].media[0].path).unlink()
    run_trainer(config, tmp_path, tasks=photographs, rollout=ReadingRollout(), held_out=1)
    lines = [json.loads(line) for line in (tmp_path / "dropped.jsonl").read_text().splitlines()]
    steps = [line.get("step") for line in lines if line["id"] == "t0"]
    assert steps[0] is None
    assert steps[-1] is None
    assert len(steps) - steps.count(None) == ("t0" in {t.id for t in sampled(photographs, 1)})


def test_rows_that_a_run_starts_without_are_told_in_its_folder(config: RunConfig, tmp_path: Path):
    RunLog(tmp_path, config=config, num_steps=3, dropped=[("t7", "7.png does not exist")]).close()
    (line,) = (tmp_path / "dropped.jsonl").read_text().splitlines()
    assert json.loads(line) == {"id": "t7", "reason": "7.png does not exist"}


def test_a_step_of_which_every_task_is_dropped_trains_nothing(
    config: RunConfig, tmp_path: Path, photographs: list[Task]
):
    config.data.bad_media = "drop"
    for task in photographs:
        Path(task.media[0].path).unlink()
    actor = run_trainer(config, tmp_path, tasks=photographs, rollout=ReadingRollout(), held_out=2)
    assert actor.batches == []
    assert len((tmp_path / "metrics.jsonl").read_text().splitlines()) == 3


def test_a_broken_image_ends_the_run_unless_it_may_be_dropped(
    config: RunConfig, tmp_path: Path, photographs: list[Task]
):
    Path(photographs[2].media[0].path).unlink()
    with pytest.raises(BaseExceptionGroup) as caught:
        run_trainer(config, tmp_path, tasks=photographs, rollout=ReadingRollout())
    assert isinstance(first_of(caught.value), MediaError)
    assert "2.png does not exist" in str(first_of(caught.value))


def trained(actor: FakeActor, step: int) -> list[Trajectory]:
    return [t for rank in actor.batches[step].ranks for micro_batch in rank for t in micro_batch.trajectories]


def test_every_step_trains_on_the_version_synced_before_it(config: RunConfig, tmp_path: Path):
    actor = run_trainer(config, tmp_path)
    versions = [{t.completion.version_spans[0].version for t in trained(actor, step)} for step in range(3)]
    assert versions == [{0}, {1}, {2}]


def test_a_step_trains_on_every_completion_of_its_tasks(config: RunConfig, tmp_path: Path):
    assert len(trained(run_trainer(config, tmp_path), 0)) == 2 * 4


def test_an_unscored_completion_leaves_the_group_baseline(config: RunConfig, tmp_path: Path):
    config.algorithm.advantage = "group_mean"
    actor = run_trainer(config, tmp_path, reward=FakeReward(unscored=("0",)))
    # Rewards 1, 2, 3 have mean 2; with a 0 among them it would be 1.5.
    advantages = sorted(t.advantage for t in trained(actor, 0) if t.task.id == trained(actor, 0)[0].task.id)
    assert advantages == [-1.0, 0.0, 1.0]


def test_a_rollout_that_made_room_is_back_for_the_next_step(config: RunConfig, tmp_path: Path):
    # The fakes of rollout and actor check who sleeps.
    assert len(run_trainer(config, tmp_path).batches) == 3


def test_a_step_without_a_score_learns_nothing_and_the_rollout_stays_awake(config: RunConfig, tmp_path: Path):
    assert run_trainer(config, tmp_path, reward=FakeReward(unscored=("0", "1", "2", "3"))).batches == []


def test_a_step_leaves_one_row_of_metrics_and_every_trajectory(config: RunConfig, tmp_path: Path):
    run_trainer(config, tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows] == [1, 2, 3]
    assert rows[0]["reward/mean"] == 1.5
    # 2 tasks x 4 completions, counted anew in each step.
    assert [row["reward/asked"] for row in rows] == [8, 8, 8]
    assert all(0 <= row["time/reward_exposed_s"] <= row["time/collect_s"] for row in rows)
    assert len((tmp_path / "rollouts/step_000003.jsonl").read_text().splitlines()) == 8


def test_the_last_step_is_saved(config: RunConfig, tmp_path: Path):
    assert run_trainer(config, tmp_path).saved == [tmp_path / "checkpoints/step_000003"]
    assert (tmp_path / "checkpoints/last").resolve().name == "step_000003"


def test_held_out_tasks_are_scored_before_after_and_blind(config: RunConfig, tmp_path: Path):
    config.trainer.eval_tasks = 2
    run_trainer(config, tmp_path, held_out=4)
    assert sorted(path.stem for path in (tmp_path / "evaluation").glob("*.jsonl")) == ["after", "before", "blind"]
    assert len((tmp_path / "evaluation/after.jsonl").read_text().splitlines()) == 2


PLAN = FramePlan(indices=(0, 2, 4, 6), source_fps=4.0, num_source_frames=8)
FILM = make_task("film", media=(Media(kind="video", path="a.mp4", width=112, height=112, frames=PLAN),))
SIDE = make_task("side", question="Left or right?", options=("left", "right"), media=(make_image(),))


def test_a_bonus_counts_in_the_advantages_and_answers_to_shuffled_frames_are_not_learned_from(
    config: RunConfig, tmp_path: Path
):
    config.algorithm.advantage = "group_mean"
    config.reward.contrasts = {"temporal": {}}
    actor = run_trainer(config, tmp_path, tasks=[FILM, make_task("still")])
    of_film = [t for t in trained(actor, 0) if t.task.id == "film"]
    # 0, 1.3, 2.3, 3.3 around their mean of 1.725.
    assert sorted(t.advantage for t in of_film) == pytest.approx([-1.725, -0.425, 0.575, 1.575])
    assert {t.task.id for t in trained(actor, 0)} == {"film", "still"}
    rows = [json.loads(line) for line in (tmp_path / "rollouts/step_000001.jsonl").read_text().splitlines()]
    assert sorted(row["task_id"] for row in rows) == ["film"] * 4 + ["film/shuffled"] * 2 + ["still"] * 4
    metrics = json.loads((tmp_path / "metrics.jsonl").read_text().splitlines()[0])
    assert metrics["reward/temporal"] == pytest.approx(0.9 / 8)
    assert metrics["rollout/tasks_with_twin"] == 0.5
    assert metrics["reward/beside_mean"] == 0.5


def test_both_sides_of_a_mirrored_pair_learn_and_share_one_baseline(config: RunConfig, tmp_path: Path):
    config.algorithm.advantage = "group_mean"
    config.reward.contrasts = {"mirrored": {}}
    actor = run_trainer(config, tmp_path, tasks=[SIDE, make_task("still")])
    both = [t for t in trained(actor, 0) if t.task.id.startswith("side")]
    assert sorted((t.task.id, t.advantage) for t in both) == [
        (name, advantage) for name in ("side", "side/mirrored") for advantage in (-1.5, -0.5, 0.5, 1.5)
    ]


def test_held_out_tasks_are_answered_without_twins(config: RunConfig, tmp_path: Path):
    config.trainer.eval_tasks = 1
    config.reward.contrasts = {"temporal": {}, "mirrored": {}}
    run_trainer(config, tmp_path, tasks=[FILM, SIDE], held_out=2)
    assert len((tmp_path / "evaluation/after.jsonl").read_text().splitlines()) == 1
    assert "temporal" not in (tmp_path / "evaluation/after.jsonl").read_text()
