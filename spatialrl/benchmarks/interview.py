"""Asks a model every question of a benchmark: a bounded number at a time, each until it is answered or can't be.

A question that can't be asked, because a medium is broken or nobody answered in time, becomes a sample that says so. It is
never left out. A worker that died ends the run; what was answered is kept.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Protocol

from tqdm import tqdm

from spatialrl.benchmarks.answers import Answers
from spatialrl.benchmarks.maps import with_map
from spatialrl.benchmarks.prompting import prompt_hash
from spatialrl.benchmarks.samples import Sample
from spatialrl.config import SamplingConfig
from spatialrl.errors import DataError, WorkerDied, WorkerError
from spatialrl.protocols import RolloutService
from spatialrl.seeds import stable_seed
from spatialrl.types import Completion, Task

PAUSE_S = 1.0
"""Before the next attempt."""
MOMENT_S = 0.01
"""Questions are read that long without a look at the answers: a turn of the loop for each costs more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    task: Task
    """As the benchmark has it: what is scored."""
    prompt: Task
    """What the back-end gets."""
    map_request: Task | None = None
    """Asked first; what is answered stands before the prompt."""
    error: str = ""
    """Why it can't be asked at all."""


class Grade(Protocol):
    def __call__(self, task: Task, response: str | None, *, error: str, prompt_hash: str) -> Sample:
        """`error` says why there is no response."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How it is asked."""

    sampling: SamplingConfig
    map_tokens: int
    seed: int
    num_attempts: int
    max_in_flight: int


class Progress:
    """The bar: how far, how good, how many errors. It begins where an earlier run ended."""

    def __init__(self, *, title: str, total: int | None, known: Iterable[Sample]) -> None:
        self.num, self.score, self.num_errors = 0, 0.0, 0
        for sample in known:
            self._add(sample)
        self.bar = tqdm(total=total, initial=self.num, desc=title, unit="question", dynamic_ncols=True)

    def count(self, sample: Sample) -> None:
        self._add(sample)
        self.bar.set_postfix_str(self.told, refresh=False)
        self.bar.update()

    @property
    def told(self) -> str:
        accuracy = f"{100 * self.score / self.num:.1f} %"
        return f"{accuracy}, {self.num_errors} errors" if self.num_errors else accuracy

    def _add(self, sample: Sample) -> None:
        self.num += 1
        self.score += sample.score
        self.num_errors += sample.is_error

    def close(self) -> None:
        self.bar.close()


def some(questions: Iterator[Question], *, most: int) -> list[Question]:
    """As many as can be read in a moment, at least one; none at the end."""
    end = time.monotonic() + MOMENT_S
    found = list(islice(questions, 1))
    while found and len(found) < most and time.monotonic() < end and (more := next(questions, None)) is not None:
        found.append(more)
    return found


class Interview:
    def __init__(
        self, rollout: RolloutService, *, grade: Grade, answers: Answers, progress: Progress, manner: Manner
    ) -> None:
        self.rollout = rollout
        self.grade = grade
        self.answers = answers
        self.progress = progress
        self.manner = manner
        self.num_under_way = 0

    async def ask_all(self, questions: Iterator[Question]) -> None:
        """Reading goes on while answers are written, and stops while enough of them are under way."""
        room = asyncio.Semaphore(self.manner.max_in_flight)
        async with asyncio.TaskGroup() as running:
            while read := await self.read_on(questions, room):
                for question in read:
                    name = prompt_hash(question.prompt)
                    if self.answers.is_new(question.task.id, name):
                        await room.acquire()
                        self.num_under_way += 1
                        running.create_task(self.ask(question, name, room))

    async def read_on(self, questions: Iterator[Question], room: asyncio.Semaphore) -> list[Question]:
        """As far ahead as there is room; none at the end."""
        async with room:
            most = self.manner.max_in_flight - self.num_under_way
        return await asyncio.to_thread(some, questions, most=most)

    async def ask(self, question: Question, prompt_hash: str, room: asyncio.Semaphore) -> None:
        try:
            sample = await self.answer(question, prompt_hash)
            self.answers.add(sample)
            self.progress.count(sample)
        finally:
            self.num_under_way -= 1
            room.release()

    async def answer(self, question: Question, prompt_hash: str) -> Sample:
        response, error = None, question.error
        told = {"media": ", ".join(medium.path for medium in question.task.media)}
        try:
            if not error:
                prompt = await self.drawn(question, told)
                completion = await self.complete(prompt, self.manner.sampling)
                response, told["finish_reason"] = completion.text, completion.finish_reason
        except WorkerDied:
            raise
        # Door: a medium that can't be shown, and a worker that failed or was too slow in every attempt.
        except (DataError, WorkerError) as failure:
            error = str(failure)
        sample = self.grade(question.task, response, error=error, prompt_hash=prompt_hash)
        return replace(sample, extra={**sample.extra, **told})

    async def drawn(self, question: Question, told: dict[str, str]) -> Task:
        """The prompt, behind the map the model draws where one is asked for."""
        if question.map_request is None:
            return question.prompt
        sampling = replace(self.manner.sampling, max_tokens=self.manner.map_tokens)
        told["cognitive_map"] = (await self.complete(question.map_request, sampling)).text
        return with_map(question.prompt, told["cognitive_map"])

    async def complete(self, prompt: Task, sampling: SamplingConfig) -> Completion:
        seed = stable_seed(self.manner.seed, prompt.id)
        for attempt in range(1, self.manner.num_attempts + 1):
            written = self.rollout.generate(prompt, num_completions=1, seed=seed, sampling=sampling)
            try:
                (completion,) = [completion async for completion in written]
                return completion
            except WorkerError as error:
                if isinstance(error, WorkerDied) or attempt == self.manner.num_attempts:
                    raise
                await asyncio.sleep(PAUSE_S)
        raise AssertionError("num_attempts is at least 1")
