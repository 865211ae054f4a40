import json

import pytest

from spatialrl.benchmarks.samples import Sample
from spatialrl.benchmarks.scoring import Mode, summarise
from spatialrl.benchmarks.scoring.blind import Baseline, blind_samples
from spatialrl.benchmarks.scoring.lift import lifts
from spatialrl.rewards.mra import official_mra
from tests.unit.benchmarks.scoring.questions import Counting, Rules

VSI = Rules("vsi", Counting("vsi"))


def asked(category, answers, *, options=0, unit="", scores=None):
    kind = "choice" if options else "number"
    about = {"answer_kind": kind, "num_options": str(options), "unit": unit}
    return [
        Sample(
            id=f"{category}{i}", category=category, answer=answer, response="", extra=about,
            score=scores[i] if scores else 0.0,
        )
        for i, answer in enumerate(answers)
    ]  # fmt: skip


def headline(samples, baseline: Baseline = "frequency", benchmark=VSI, mode: Mode = "official"):
    blind = blind_samples(samples, baseline=baseline, metric=benchmark.metric, mode=mode)
    return summarise(blind, benchmark=benchmark).headline


def test_two_is_the_best_constant_count():
    samples = asked("object_counting", ["1", "2", "2", "4"])
    blind = blind_samples(samples, baseline="frequency", metric="vsi", mode="official")
    # Twice as many is one of the ten steps, half as many none: (0 + 1 + 1 + .1) / 4.
    assert [sample.score for sample in blind] == [0, 1, 1, 0.1]
    assert {sample.response for sample in blind} == {"2"}


def test_the_frequency_baseline_of_vsi_is_that_of_its_rule(tmp_path):
    """A file of labels as VSI-Bench's test split has them; the reference tries every answer with the official MRA."""
    rows = [{"question_type": "object_counting", "ground_truth": str(1 + i % 5), "options": None} for i in range(30)]
    rows += [
        {"question_type": "room_size_estimation", "ground_truth": f"{8 + 1.7 * i:.1f}", "options": None}
        for i in range(20)
    ]
    rows += [
        {
            "question_type": "object_rel_direction_easy",
            "ground_truth": "AB"[i % 3 == 0],
            "options": ["A. left", "B. right"],
        }
        for i in range(9)
    ]
    rows += [
        {
            "question_type": "object_rel_direction_hard",
            "ground_truth": "ABCD"[i % 4],
            "options": ["A. a", "B. b", "C. c", "D. d"],
        }
        for i in range(8)
    ]
    (tmp_path / "labels.jsonl").write_text("\n".join(map(json.dumps, rows)))
    labels = [json.loads(line) for line in (tmp_path / "labels.jsonl").read_text().splitlines()]

    def best(kind):
        truths = [row["ground_truth"] for row in labels if row["question_type"] == kind]
        right = (lambda a, b: float(a == b)) if truths[0].isalpha() else lambda a, b: official_mra(float(a), float(b))
        return max(sum(right(guess, truth) for truth in truths) / len(truths) for guess in set(truths))

    direction = (best("object_rel_direction_easy") + best("object_rel_direction_hard")) / 2
    reference = 100 * (best("object_counting") + best("room_size_estimation") + direction) / 3
    samples = [
        sample
        for kind in dict.fromkeys(row["question_type"] for row in labels)
        for sample in asked(
            kind,
            [row["ground_truth"] for row in labels if row["question_type"] == kind],
            options=len(next(row["options"] or [] for row in labels if row["question_type"] == kind)),
        )
    ]  # fmt: skip
    assert headline(samples) == pytest.approx(reference, abs=1e-9)


def test_chance_is_one_over_the_number_of_options_and_no_number_is_guessed():
    samples = asked("route_planning", ["A", "B"], options=4) + asked("object_counting", ["2", "3"])
    assert headline(samples, "chance") == 12.5


def test_a_constant_answers_all_questions_of_a_kind_alike():
    samples = asked("a", ["A", "A", "B"], options=2) + asked("b", ["B", "B", "B"], options=2)
    mean = Rules("choice")
    assert headline(samples, "constant", mean) == pytest.approx(100 * 4 / 6)
    assert headline(samples, "frequency", mean) == pytest.approx(100 * 5 / 6)


def test_a_constant_letter_fails_a_circular_benchmark():
    turns = [
        Sample(id=f"q{q}-{i}", group=f"q{q}", answer=letter, response="", score=1.0, extra={"answer_kind": "choice", "num_options": "2"})
        for q in range(3)
        for i, letter in enumerate("AB")
    ]  # fmt: skip
    assert headline(turns, "frequency", Rules("choice", Counting("circular"))) == 0
    assert headline(turns, "chance", Rules("choice", Counting("circular"))) == 25


def test_a_baseline_answers_what_the_model_failed_to():
    samples = [Sample(id="1", answer="A", response=None, score=0.0, is_error=True, reason="error: x", extra={"answer_kind": "choice", "num_options": "2"})]  # fmt: skip
    assert headline(samples, "frequency", Rules("choice")) == 100


def test_a_distance_has_its_best_constant_by_its_own_rule():
    samples = asked("d", ["1", "1.8", "3"], unit="m")
    # Within a factor of two of 1.8 lie 1 and 3, too.
    assert headline(samples, "frequency", Rules("qspatial"), "strict") == 100


def test_the_lift_is_the_model_less_the_best_blind_answer():
    samples = asked("route_planning", ["A", "A", "A", "B"], options=2, scores=[1, 1, 1, 1])
    dark = asked("route_planning", ["A", "A", "A", "B"], options=2, scores=[1, 0, 0, 0])
    found = {lift.baseline: lift for lift in lifts(samples, benchmark=VSI, mode="official", text_only=dark)}
    assert {name: (lift.headline, lift.over.value) for name, lift in found.items()} == {
        "frequency": (75, 25), "constant": (75, 25), "chance": (50, 50), "text-only": (25, 75)
    }  # fmt: skip
