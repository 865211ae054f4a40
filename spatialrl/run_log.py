"""Everything a run writes down while it goes, in one place."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from spatialrl.config import RunConfig
from spatialrl.evaluate import Evaluation
from spatialrl.rollout_log import write_trajectories
from spatialrl.sinks import open_sinks
from spatialrl.trace import Trace
from spatialrl.types import Group, Task


class RunLog:
    def __init__(self, folder: Path, *, config: RunConfig, num_steps: int) -> None:
        self.folder = folder
        self.num_steps = num_steps
        self.save_every = config.trainer.save_every
        self.trace = Trace()
        self.sinks = open_sinks(config.trainer.sinks, folder=folder, name=config.name, num_steps=num_steps)

    def step(self, step: int, metrics: Mapping[str, float]) -> None:
        for sink in self.sinks:
            sink.write(step, metrics)

    def doing(self, what: str) -> None:
        """For whoever watches the console."""
        for sink in self.sinks:
            sink.doing(what)

    def dropped(self, task: Task, reason: str) -> None:
        """A task the run goes on without, one line for each."""
        with (self.folder / "dropped.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"id": task.id, "reason": reason}, ensure_ascii=False) + "\n")
        self.doing(f"dropped a task: {reason}")

    def rollouts(self, step: int, groups_P: Sequence[Group]) -> None:
        trajectories = [t for group in groups_P for t in (*group.trajectories_G, *group.beside)]
        write_trajectories(self.folder / f"rollouts/step_{step:06d}.jsonl", trajectories)

    def evaluation(self, when: str, evaluation: Evaluation) -> None:
        """`when` names the moment: before, after, blind."""
        write_trajectories(self.folder / f"evaluation/{when}.jsonl", evaluation.trajectories)
        (self.folder / f"evaluation/{when}.json").write_text(json.dumps(dict(evaluation.metrics), indent=2) + "\n")

    def is_checkpoint_due(self, step: int) -> bool:
        return step == self.num_steps or (self.save_every > 0 and step % self.save_every == 0)

    def checkpoint_folder(self, step: int) -> Path:
        return self.folder / f"checkpoints/step_{step:06d}"

    def saved(self, step: int) -> None:
        """`checkpoints/last` follows the newest complete checkpoint."""
        link = self.folder / "checkpoints/last"
        link.unlink(missing_ok=True)
        link.symlink_to(self.checkpoint_folder(step).name)

    def close(self) -> None:
        self.trace.write(self.folder / "trace.json")
        for sink in self.sinks:
            sink.close()
