"""SpatialThinker's JSON: an array of records with prompt, correct_answer, reasoning (what the model wrote), pred_answer, correct
and task. It has no ids: the place in the file is one."""

from spatialrl.benchmarks.predictions.prediction import Prediction, made_task, said
from spatialrl.benchmarks.spec import Benchmark
from spatialrl.data.importers.answers import options_in
from spatialrl.data.importers.fields import optional_text, text_of
from spatialrl.data.importers.record import Record

KNOWN = ("prompt", "correct_answer", "reasoning", "pred_answer", "correct")


def spatialthinker(record: Record, benchmark: Benchmark) -> Prediction:
    row = record.row
    question, options = options_in(text_of(row, "prompt"))
    response = said(row, "reasoning")
    return Prediction(
        task=made_task(
            record,
            benchmark,
            id=record.place.rpartition(":")[2],
            question=question,
            answer=text_of(row, "correct_answer"),
            options=options,
            category=optional_text(row, "task"),
            known=KNOWN,
        ),
        response=response,
        error="" if response else "the file has no response",
        claimed=float(row["correct"]) if isinstance(row.get("correct"), bool | int | float) else None,
    )
