import json
from pathlib import Path

import jsonschema
import pytest

from spatialrl.data.json_schema import task_schema
from spatialrl.data.tasks import FIELDS, read_rows, write_tasks
from spatialrl.data.verbs import data
from tests.unit.data.test_tasks import BARE, FULL

PUBLISHED = Path(__file__).parents[3] / "docs/task.schema.json"


def test_the_published_schema_is_that_of_the_code(tmp_path):
    data([f"schema={tmp_path / 'schema.json'}"])
    told = "Write it again: spatialrl data schema=docs/task.schema.json"
    assert (tmp_path / "schema.json").read_text() == PUBLISHED.read_text(), told


def test_the_schema_has_every_field_and_asks_for_four():
    schema = task_schema()
    assert tuple(schema["properties"]) == FIELDS
    assert schema["required"] == ["id", "question", "answer", "answer_kind"]
    assert schema["properties"]["unit"] == {"type": "string", "default": ""}
    assert schema["properties"]["options"]["description"] == "Without letters; the prompt adds (A), (B), ..."


@pytest.mark.parametrize("name", ["tasks.parquet", "tasks.jsonl"])
def test_rows_that_are_written_follow_it(tmp_path, name):
    write_tasks(tmp_path / name, [FULL, BARE])
    for row in read_rows(tmp_path / name):
        jsonschema.validate(json.loads(json.dumps(row)), task_schema())


@pytest.mark.parametrize(
    "change",
    [{"answer_kind": "essay"}, {"optoins": []}, {"extra": {"rating": 7}}, {"media": [{"kind": "image"}]}, {"id": None}],
)
def test_rows_that_are_no_tasks_do_not(change):
    row = {"id": "bare", "question": "How many?", "answer": "3", "answer_kind": "number"}
    jsonschema.validate(row, task_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(row | change, task_schema())
