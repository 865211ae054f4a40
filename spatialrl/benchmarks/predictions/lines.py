"""JSON lines of VSI-Bench, SPAR-Bench and STI-Bench, as SpaceR, Spatial-SSRL and the official harness write them."""

from collections.abc import Mapping
from typing import Any

from spatialrl.benchmarks.predictions.prediction import Prediction, made_task, said
from spatialrl.benchmarks.spec import Benchmark
from spatialrl.data.importers.answers import options_in, plain_options
from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.fields import as_text, optional_text, text_of
from spatialrl.data.importers.record import Record, Row
from spatialrl.data.importers.shelf import listed
from spatialrl.data.importers.vlmevalkit import options_of

NO_RESPONSE = "the file has no response"
FAILED_BATCH = "the response is empty, as SpaceR writes it where a batch failed"


def spacer(record: Record, benchmark: Benchmark) -> Prediction:
    """SpaceR's evaluator: id, question, ground_truth, predicted_answer, question_type or task, and `promt` with the options."""
    row = record.row
    response = said(row, "predicted_answer")
    _, options = options_in(optional_text(row, "promt") or optional_text(row, "question"))
    return Prediction(
        task=made_task(
            record,
            benchmark,
            id=optional_text(row, "id") or place_of(record),
            question=optional_text(row, "question"),
            answer=text_of(row, "ground_truth"),
            options=options,
            category=optional_text(row, "question_type") or optional_text(row, "task"),
            extra=scene_of(row),
            known=("question", "ground_truth", "predicted_answer", "promt", "frame_timestamps", "cognitive_map"),
        ),
        response=response,
        error="" if response else FAILED_BATCH,
    )


def spatial_ssrl(record: Record, benchmark: Benchmark) -> Prediction:
    """Spatial-SSRL's VSI-Bench: a row with A to D, `A. text`, and `pred`. A question is known by its place in the file."""
    row = record.row
    response = said(row, "pred")
    return Prediction(
        task=made_task(
            record,
            benchmark,
            id=optional_text(row, "id") or place_of(record),
            question=text_of(row, "question"),
            answer=text_of(row, "answer"),
            options=plain_options(options_of(row)),
            category=text_of(row, "question_type"),
            extra={"scene_id": optional_text(row, "mp4_path")},
            known=("question", "answer", "pred", *"ABCD"),
        ),
        response=response,
        error="" if response else NO_RESPONSE,
    )


def vsi(record: Record, benchmark: Benchmark) -> Prediction:
    """The official harness, lmms-eval with `--log_samples`: doc, filtered_resps and the score it gave."""
    row, doc = record.row, record.row.get("doc")
    if not isinstance(doc, Mapping):
        raise BadRow("fields", f"The line has no `doc`; it has {', '.join(map(str, row))}.")
    doc = dict(doc)
    response = first_text(row.get("filtered_resps") or row.get("resps"))
    inner = Record(place=record.place, row=doc, split="test")
    return Prediction(
        task=made_task(
            inner,
            benchmark,
            id=optional_text(doc, "id") or optional_text(row, "doc_id"),
            question=text_of(doc, "question"),
            answer=text_of(doc, "ground_truth"),
            options=plain_options([str(option) for option in listed(doc.get("options"))]),
            category=text_of(doc, "question_type"),
            extra=scene_of(doc),
            known=("question", "ground_truth", "options"),
        ),
        response=response,
        error="" if response else NO_RESPONSE,
        claimed=claimed(row),
    )


def first_text(value: Any) -> str | None:
    """Lists in lists, of one answer each."""
    while isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, str) and value else None


def claimed(row: Row) -> float | None:
    """`vsibench_score` holds the document with the metric it was given."""
    score = row.get("vsibench_score")
    if not isinstance(score, Mapping):
        return None
    values = [value for name, value in score.items() if name.startswith(("accuracy", "MRA"))]
    return float(values[0]) if len(values) == 1 and isinstance(values[0], int | float) else None


def scene_of(row: Row) -> dict[str, str]:
    scene = optional_text(row, "scene_name")
    return {"scene_id": scene} if scene else {}


def place_of(record: Record) -> str:
    return as_text(record.place.rpartition(":")[2])
