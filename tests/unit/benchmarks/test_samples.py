import pytest

from spatialrl.benchmarks.samples import Sample, read_samples, write_samples
from spatialrl.errors import DataError


def test_a_file_gives_back_the_samples_it_was_written_from(tmp_path):
    samples = [
        Sample(id="1", category="counting", answer="3", response="<answer>3</answer>", parsed="3", score=1.0),
        Sample(id="2", answer="A", response=None, score=0.0, reason="error: no video", is_error=True, extra={"k": "ü"}),
    ]
    write_samples(tmp_path / "samples.jsonl", samples)
    assert read_samples(tmp_path / "samples.jsonl") == samples
    assert [path.name for path in tmp_path.iterdir()] == ["samples.jsonl"]


def test_a_row_without_an_answer_is_named(tmp_path):
    (tmp_path / "samples.jsonl").write_text('{"id": "1", "response": "A", "score": 1}\n')
    with pytest.raises(DataError, match=r"samples.jsonl, line 1, lacks answer"):
        read_samples(tmp_path / "samples.jsonl")


def test_a_response_that_was_not_understood_is_unread_and_no_error():
    assert Sample(id="1", answer="A", response="hm", score=0.0, reason="ambiguous").is_unread
    assert not Sample(id="1", answer="A", response=None, score=0.0, reason="error: timeout", is_error=True).is_unread
