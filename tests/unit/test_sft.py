import asyncio
import json
from pathlib import Path

from spatialrl.config import RunConfig, SftConfig, TrainerConfig
from spatialrl.data.sampler import Pool, Sampler
from spatialrl.run_log import RunLog
from spatialrl.sft import SupervisedTrainer
from spatialrl.types import Completion, Scored, Task, Trajectory
from tests.fakes import FakeActor, make_task


class FakeDemonstrations:
    def read(self, tasks: list[Task]) -> list[Trajectory]:
        completion = Completion(prompt_ids=(1, 2), token_ids=(3, 4, 5), text="three")
        return [Trajectory(task=task, completion=completion, score=Scored(reward=1.0), advantage=1.0) for task in tasks]


def test_only_the_response_is_counted_and_the_last_step_is_saved(tmp_path: Path):
    config = RunConfig(sft=SftConfig(max_steps=2, tasks_per_step=4), trainer=TrainerConfig(sinks=[]))
    actor, log = FakeActor(broken=("t3",)), RunLog(tmp_path, config=config, num_steps=2)
    tasks = [make_task(f"t{number}") for number in range(6)]
    sampler = Sampler([Pool(tasks=tasks)], tasks_per_step=4, seed=1)
    steps = [step for step in (1, 2) if "t3" in {task.id for task in sampler.step(step - 1)}]
    trainer = SupervisedTrainer(config, sampler=sampler, demonstrations=FakeDemonstrations(), actor=actor, log=log)  # type: ignore[arg-type]
    asyncio.run(trainer.run())
    log.close()
    assert [batch.num_loss_tokens for batch in actor.batches] == [4 * 3, 4 * 3]
    assert (tmp_path / "checkpoints/last").resolve().name == "step_000002"
    assert [json.loads(row)["step"] for row in (tmp_path / "metrics.jsonl").read_text().splitlines()] == [1, 2]
    dropped = [json.loads(line) for line in (tmp_path / "dropped.jsonl").read_text().splitlines()]
    assert dropped == [{"id": "t3", "reason": "the image of t3 is gone", "step": step} for step in steps]
