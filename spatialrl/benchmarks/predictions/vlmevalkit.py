"""VLMEvalKit's files of predictions and of results: a line of the benchmark with `prediction`, and `hit` or `score` where it was
scored. Circular variants have an index of a million and more."""

from spatialrl.benchmarks.predictions.prediction import Prediction, made_task, said
from spatialrl.benchmarks.spec import Benchmark
from spatialrl.data.importers.answers import unwrapped
from spatialrl.data.importers.fields import as_text, optional_text, text_of
from spatialrl.data.importers.record import Record, Row
from spatialrl.data.importers.vlmevalkit import options_of

FAILED = "Failed to obtain answer via API"
TURN = 1_000_000
CLAIMS = ("hit", "score")
KNOWN = ("image", "image_path", "question", "answer", "prediction", "log", *"ABCDEFGHIJ")


def vlmevalkit(record: Record, benchmark: Benchmark) -> Prediction:
    row = record.row
    response = said(row, "prediction")
    is_failure = response is not None and FAILED in response
    return Prediction(
        task=made_task(
            record,
            benchmark,
            id=text_of(row, "index"),
            question=optional_text(row, "question"),
            answer=unwrapped(text_of(row, "answer")),
            options=options_of(row),
            category=optional_text(row, "category"),
            extra=turn_of(row),
            known=KNOWN,
        ),
        response=None if is_failure else response,
        error=FAILED if is_failure else "" if response else "the file has no prediction",
        claimed=claim(row),
    )


def turn_of(row: Row) -> dict[str, str]:
    """Of the index the group and the rotation, where it says so."""
    index = as_text(row["index"])
    if "qid" in row or not index.isdecimal():
        return {}
    rotation, group = divmod(int(index), TURN)
    return {"group": str(group), "rotation": str(rotation)}


def claim(row: Row) -> float | None:
    value = next((row[name] for name in CLAIMS if row.get(name) not in (None, "")), None)
    try:
        return None if value is None else float(value)
    # Files of some benchmarks say there True or words.
    except (TypeError, ValueError):
        return None
