"""Everything a run writes down while it goes, in one place."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from spatialrl.config import RunConfig
from spatialrl.evaluate import Evaluation
from spatialrl.rollout_log import write_trajectories
from spatialrl.sinks import open_sinks
from spatialrl.trace import Trace
from spatialrl.types import Group, StepReport


class RunLog:
    def __init__(
        self, folder: Path, *, config: RunConfig, num_steps: int, dropped: Iterable[tuple[str, str]] = ()
    ) -> None:
        """`dropped`: ids of the rows that the run starts without, with the reason."""
        self.folder = folder
        self.num_steps = num_steps
        self.save_every = config.trainer.save_every
        self.at_step: int | None = None
        """In training; None before, between and after."""
        self.trace = Trace()
        self.sinks = open_sinks(config.trainer.sinks, folder=folder, name=config.name, num_steps=num_steps)
        for task_id, reason in dropped:
            self._note_dropped(task_id, reason)

    def step(self, step: int, metrics: Mapping[str, float]) -> None:
        for sink in self.sinks:
            sink.write(step, metrics)

    def doing(self, what: str) -> None:
        """For whoever watches the console."""
        for sink in self.sinks:
            sink.doing(what)

    def dropped(self, task_id: str, reason: str) -> None:
        """A task the run goes on without, one line for each time."""
        self._note_dropped(task_id, reason)
        self.doing(f"dropped a task: {reason}")

    def unread(self, reports: Sequence[StepReport]) -> None:
        """What the updates of one step were made without."""
        for task_id, reason in {name: why for report in reports for name, why in report.unread.items()}.items():
            self.dropped(task_id, reason)

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

    def _note_dropped(self, task_id: str, reason: str) -> None:
        where = {} if self.at_step is None else {"step": self.at_step}
        with (self.folder / "dropped.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"id": task_id, "reason": reason, **where}, ensure_ascii=False) + "\n")

    def close(self) -> None:
        self.trace.write(self.folder / "trace.json")
        for sink in self.sinks:
            sink.close()
