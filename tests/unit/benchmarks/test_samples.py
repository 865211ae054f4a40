import pytest

from spatialrl.benchmarks.samples import Sample, read_samples, read_scores, write_samples
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


@pytest.mark.parametrize(
    ("text", "told"),
    [('{"id": "1"', "line 1, is no JSON"), ("[1]", "line 1, is no JSON object"), (None, "does not exist; expected a")],
)
def test_what_is_no_file_of_samples_is_told(tmp_path, text, told):
    if text is not None:
        (tmp_path / "samples.jsonl").write_text(text + "\n")
    with pytest.raises(DataError, match=told):
        read_samples(tmp_path / "samples.jsonl")


def test_words_stand_in_the_file_as_they_were_written(tmp_path):
    write_samples(tmp_path / "samples.jsonl", [Sample(id="1", answer="A", response="größer", score=0.0)])
    assert "größer" in (tmp_path / "samples.jsonl").read_text(encoding="utf-8")


def test_scores_know_what_aggregates_ask_for_and_no_more(tmp_path):
    told = {"media": "/a/long/path.png", "cognitive_map": "{}", "finish_reason": "length", "qid": "1-flip"}
    sample = Sample(id="1", group="g", answer="A", response="A", parsed="A", prompt_hash="0f", score=1.0, extra=told)
    write_samples(tmp_path / "samples.jsonl", [sample])
    (found,) = read_scores(tmp_path / "samples.jsonl")
    assert found == Sample(
        id="1", group="g", answer="A", response=None, score=1.0, extra={"finish_reason": "length", "qid": "1-flip"}
    )


def test_a_response_that_was_not_understood_is_unread_and_no_error():
    assert Sample(id="1", answer="A", response="hm", score=0.0, reason="ambiguous").is_unread
    assert not Sample(id="1", answer="A", response=None, score=0.0, reason="error: timeout", is_error=True).is_unread
