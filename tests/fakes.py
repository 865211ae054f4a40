"""The services of the core, in memory: the loop in milliseconds."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from spatialrl.config import SamplingConfig
from spatialrl.types import Completion, Media, Score, Scored, StepReport, Task, TrainBatch, Unscored, VersionSpan


def make_task(name: str = "t1", **changes: object) -> Task:
    task = Task(id=name, question="Which is nearer?", options=("cube", "ball"), answer="A", answer_kind="choice")
    return replace(task, **changes)  # type: ignore[arg-type]


def make_image(path: str = "room.png", size: int = 112) -> Media:
    return Media(kind="image", path=path, width=size, height=size)


@dataclass
class FakeRollout:
    """Writes its number, in reverse order of asking: callers may not rely on arrival."""

    version: int = 0
    is_asleep: bool = False
    asked: list[tuple[str, int]] = field(default_factory=list)

    async def generate(
        self, task: Task, *, num_completions: int, seed: int, sampling: SamplingConfig
    ) -> AsyncIterator[Completion]:
        assert not self.is_asleep
        self.asked.append((task.id, seed))
        for number in reversed(range(num_completions)):
            yield Completion(
                prompt_ids=(1, 2, 3),
                token_ids=(10 + number,),
                text=str(number),
                logprobs_T=(-1.0,),
                version_spans=(VersionSpan(version=self.version, start=0, end=1),),
            )


@dataclass
class FakeReward:
    """The number written is the reward; numbers in `unscored` have none."""

    unscored: tuple[str, ...] = ()
    num_asked: int = 0

    async def score(self, task: Task, completion: Completion) -> Score:
        self.num_asked += 1
        if completion.text in self.unscored:
            return Unscored(reason="told so")
        return Scored(reward=float(completion.text), parts={"accuracy": float(completion.text)})

    def metrics(self) -> Mapping[str, float]:
        asked, self.num_asked = self.num_asked, 0
        return {"reward/asked": float(asked)}


@dataclass
class FakeActor:
    rollout: FakeRollout | None = None
    """Given, it must sleep while this learns."""
    version: int = 0
    batches: list[TrainBatch] = field(default_factory=list)
    saved: list[Path] = field(default_factory=list)
    broken: tuple[str, ...] = ()
    """Ids of tasks whose media it can't read."""

    async def update(self, batch: TrainBatch) -> StepReport:
        assert self.rollout is None or self.rollout.is_asleep
        self.batches.append(batch)
        self.version += 1
        asked = {t.task.id for rank in batch.ranks for micro_batch in rank for t in micro_batch.trajectories}
        return StepReport(
            version=self.version,
            means={"loss/policy": 0.5},
            maxima={"actor/ratio_max": 1.0},
            unread={name: f"the image of {name} is gone" for name in self.broken if name in asked},
        )

    async def save(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.saved.append(folder)


@dataclass
class FakeWeights:
    """Of a rollout and an actor on the same GPUs: one of them sleeps."""

    rollout: FakeRollout

    async def make_room(self) -> None:
        self.rollout.is_asleep = True

    async def sync(self, version: int) -> Mapping[str, float]:
        self.rollout.version, self.rollout.is_asleep = version, False
        return {"sync/total_s": 0.0}
