import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from spatialrl.benchmarks import interview
from spatialrl.benchmarks.answers import JOURNAL, SAMPLES, Answers
from spatialrl.benchmarks.interview import Interview, Manner, Progress, Question
from spatialrl.benchmarks.samples import Sample, read_samples
from spatialrl.config import SamplingConfig
from spatialrl.errors import DataError, WorkerDied, WorkerError
from spatialrl.types import Completion, Task
from tests.fakes import make_image, make_task


@dataclass
class Model:
    """Answers A to everything, in an order of its own; some questions go wrong."""

    failures: dict[str, list[Exception]] = field(default_factory=dict)
    asked: list[Task] = field(default_factory=list)
    seeds: list[int] = field(default_factory=list)
    under_way: int = 0
    most: int = 0

    async def generate(self, task: Task, *, num_completions: int, seed: int, sampling: SamplingConfig) -> AsyncIterator:
        self.asked.append(task)
        self.seeds.append(seed)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await asyncio.sleep(0.001 * (len(self.asked) % 3))
            if failing := self.failures.get(task.id):
                raise failing.pop(0)
        finally:
            self.under_way -= 1
        yield Completion(prompt_ids=(), token_ids=(), text="A map" if sampling.max_tokens == 7 else "A")


def grade(task: Task, response: str | None, *, error: str, prompt_hash: str) -> Sample:
    told = {"reason": f"error: {error}", "is_error": True} if error else {}
    score = float(response == task.answer)
    return Sample(id=task.id, answer=task.answer, response=response, score=score, prompt_hash=prompt_hash, **told)


def questions(num: int, *, first: int = 0) -> list[Question]:
    tasks = [make_task(f"q{index:02}") for index in range(first, num)]
    return [Question(task=task, prompt=make_task(task.id, options=())) for task in tasks]


def ask(
    folder: Path, asked: list[Question], model: Model, *, num_attempts: int = 2, retry_errors: bool = False
) -> None:
    answers = Answers(folder, retry_errors=retry_errors)
    manner = Manner(
        sampling=SamplingConfig(temperature=0.0), map_tokens=7, seed=1, num_attempts=num_attempts, max_in_flight=3
    )
    progress = Progress(title="", total=None, known=answers.known())
    try:
        work = Interview(model, grade=grade, answers=answers, progress=progress, manner=manner)
        asyncio.run(work.ask_all(iter(asked)))
        answers.finish()
    finally:
        progress.close()
        answers.close()


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(interview, "PAUSE_S", 0.0)


def test_samples_stand_in_the_order_of_the_questions_whoever_is_done_first(tmp_path: Path):
    model = Model()
    ask(tmp_path, questions(10), model)
    assert [sample.id for sample in read_samples(tmp_path / SAMPLES)] == [f"q{index:02}" for index in range(10)]
    assert model.most == 3
    assert not (tmp_path / JOURNAL).exists()


def test_a_question_that_fails_once_is_asked_again(tmp_path: Path):
    model = Model(failures={"q01": [WorkerError("too slow")]})
    ask(tmp_path, questions(3), model)
    assert [sample.is_error for sample in read_samples(tmp_path / SAMPLES)] == [False, False, False]
    assert [task.id for task in model.asked].count("q01") == 2


def test_what_can_not_be_asked_is_an_error_of_its_own_and_never_left_out(tmp_path: Path):
    model = Model(failures={"q00": [DataError("no image")], "q01": [WorkerError("slow"), WorkerError("slow again")]})
    asked = questions(4)
    asked[3] = Question(task=asked[3].task, prompt=asked[3].prompt, error="missing: its video")
    ask(tmp_path, asked, model)
    samples = read_samples(tmp_path / SAMPLES)
    reasons = [sample.reason for sample in samples]
    assert reasons == ["error: no image", "error: slow again", "", "error: missing: its video"]
    assert [sample.score for sample in samples] == [0.0, 0.0, 1.0, 0.0]
    # A broken image stays broken: one attempt. What has no prompt is not asked at all.
    assert [task.id for task in model.asked].count("q00") == 1
    assert "q03" not in {task.id for task in model.asked}


def test_a_worker_that_died_ends_the_run_and_what_was_answered_is_not_asked_again(tmp_path: Path):
    dying = Model(failures={"q05": [WorkerDied("gone")]})
    with pytest.raises(ExceptionGroup) as caught:
        ask(tmp_path, questions(10), dying)
    assert caught.group_contains(WorkerDied, match="gone")
    assert not (tmp_path / SAMPLES).exists()
    known = {json.loads(line)[0].split()[0] for line in (tmp_path / JOURNAL).read_text().splitlines()}
    assert 1 <= len(known) < 10
    second = Model()
    ask(tmp_path, questions(10), second)
    assert {task.id for task in second.asked} == {f"q{index:02}" for index in range(10)} - known
    assert len(read_samples(tmp_path / SAMPLES)) == 10


def test_half_a_line_of_a_run_that_was_killed_is_asked_again(tmp_path: Path):
    ask(tmp_path / "whole", questions(6), Model())
    with pytest.raises(ExceptionGroup):
        ask(tmp_path / "cut", questions(6), Model(failures={"q03": [WorkerDied("gone")]}))
    journal = tmp_path / "cut" / JOURNAL
    journal.write_bytes(journal.read_bytes()[:-10])
    ask(tmp_path / "cut", questions(6), Model())
    assert (tmp_path / "cut" / SAMPLES).read_bytes() == (tmp_path / "whole" / SAMPLES).read_bytes()


def test_a_question_whose_words_changed_is_asked_anew(tmp_path: Path):
    with pytest.raises(ExceptionGroup):
        ask(tmp_path, questions(4), Model(failures={"q03": [WorkerDied("gone")]}))
    changed = questions(4)
    changed[0] = Question(task=changed[0].task, prompt=make_task("q00", question="Which is farther?"))
    second = Model()
    ask(tmp_path, changed, second)
    assert "q00" in {task.id for task in second.asked}
    assert len(read_samples(tmp_path / SAMPLES)) == 4


def test_errors_of_a_finished_run_are_asked_again_where_that_is_wanted(tmp_path: Path):
    ask(tmp_path, questions(4), Model(failures={"q02": [DataError("no image")]}))
    second = Model()
    ask(tmp_path, questions(4), second, retry_errors=True)
    assert [task.id for task in second.asked] == ["q02"]
    assert [sample.is_error for sample in read_samples(tmp_path / SAMPLES)] == [False] * 4


def test_two_questions_of_one_id_are_refused(tmp_path: Path):
    with pytest.raises(ExceptionGroup) as caught:
        ask(tmp_path, [*questions(1), *questions(1)], Model())
    assert caught.group_contains(DataError, match="Two questions have the id q00")


def test_every_question_has_a_seed_of_its_own_which_is_the_same_each_time(tmp_path: Path):
    first, second = Model(), Model()
    ask(tmp_path / "first", questions(4), first)
    ask(tmp_path / "second", questions(4, first=2), second)
    assert len(set(first.seeds)) == 4
    assert second.seeds == first.seeds[2:]


def test_a_sample_says_what_was_shown_and_how_the_response_ended(tmp_path: Path):
    task = make_task("q00", media=(make_image("a.png"), make_image("b.png")))
    ask(tmp_path, [Question(task=task, prompt=task)], Model())
    (sample,) = read_samples(tmp_path / SAMPLES)
    assert sample.extra == {"media": "a.png, b.png", "finish_reason": "stop"}


def test_the_bar_counts_what_an_earlier_run_has_answered():
    known = [Sample(id=str(n), answer="A", response="A", score=1.0) for n in range(2)]
    progress = Progress(title="", total=4, known=known)
    assert (progress.told, progress.bar.n) == ("100.0 %", 2)
    progress.count(Sample(id="2", answer="A", response=None, score=0.0, reason="error: slow", is_error=True))
    assert (progress.told, progress.bar.n) == ("66.7 %, 1 errors", 3)
    progress.close()


def test_a_map_the_model_draws_stands_before_the_question(tmp_path: Path):
    (question,) = questions(1)
    request = make_task("q00", question="Draw a map.")
    model = Model()
    ask(tmp_path, [Question(task=question.task, prompt=question.prompt, map_request=request)], model)
    first, second = model.asked
    assert first.question == "Draw a map."
    assert second.question.endswith("A map\n\nWhich is nearer?")
    assert read_samples(tmp_path / SAMPLES)[0].extra["cognitive_map"] == "A map"


def test_a_million_questions_would_not_be_held_at_once(tmp_path: Path):
    """The reader is at most as far ahead as there is room, with one question in its hand."""
    model, ahead = Model(), []

    def counting() -> Iterator[Question]:
        for number, question in enumerate(questions(30), start=1):
            ahead.append(number - len(model.asked))
            yield question

    ask(tmp_path, counting(), model)  # type: ignore[arg-type]
    assert max(ahead) <= 3
