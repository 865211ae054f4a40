import json

import pyarrow.parquet as pq
import pytest

from spatialrl.data.importers.read import CHUNK, Unread, read_rows
from tests.unit.data.importers.sources import put, put_json_lines, put_parquet


def read(path):
    return [(number, row.reason if isinstance(row, Unread) else row["id"]) for number, row in read_rows(path)]


def test_a_line_that_was_cut_in_half_is_told_and_the_others_are_read(tmp_path):
    path = put(tmp_path / "rows.jsonl", b'{"id": 1}\n{"id": \n{"id": 3}\n\n{"id": 4, "que')
    assert [found for found in read(path) if isinstance(found[1], int)] == [(1, 1), (3, 3)]
    broken = [found for found in read(path) if isinstance(found[1], str)]
    assert [number for number, _ in broken] == [2, 5]
    assert "the file may be cut off" not in broken[0][1]
    assert "the last line: the file may be cut off" in broken[1][1]


def test_a_line_that_is_not_an_object_or_not_text_is_told(tmp_path):
    path = put(tmp_path / "rows.jsonl", b'[1]\n{"id": "\xff"}\n{"id": 3}\n')
    assert [number for number, row in read_rows(path) if isinstance(row, Unread)] == [1, 2]


@pytest.mark.parametrize(
    "text", ['[{"id": 1}, {"id": 2}]', '{"id": 1}\n{"id": 2}\n', ' [ {"id": 1} ,\n{"id": 2}\n]\n', "[]"]
)
def test_json_is_an_array_or_objects_one_after_another(tmp_path, text):
    expected = [] if text == "[]" else [(1, 1), (2, 2)]
    assert read(put(tmp_path / "rows.json", text.encode())) == expected


def test_an_array_longer_than_the_buffer_is_read_to_its_end(tmp_path):
    rows = [{"id": number, "text": "é" * (CHUNK // 3)} for number in range(1, 8)]
    assert read(put(tmp_path / "rows.json", json.dumps(rows).encode())) == [(number, number) for number in range(1, 8)]


def test_an_array_that_was_cut_off_gives_its_whole_rows(tmp_path):
    (first, second) = read(put(tmp_path / "rows.json", b'[{"id": 1}, {"id": 2, "te'))
    assert first == (1, 1)
    assert second[0] == 2
    assert "it is not JSON; the file may be cut off" in str(second[1])


def test_a_row_group_that_can_not_be_read_is_told_with_its_rows(tmp_path):
    rows = [{"id": number, "text": "word " * number} for number in range(9)]
    path = put_parquet(tmp_path / "rows.parquet", rows, row_group_size=3, compression="snappy", use_dictionary=False)
    column = pq.ParquetFile(path).metadata.row_group(1).column(1)
    content = bytearray(path.read_bytes())
    content[column.data_page_offset : column.data_page_offset + column.total_compressed_size] = bytes(
        [255] * column.total_compressed_size
    )
    path.write_bytes(content)
    found = list(read_rows(path))
    assert [row["id"] for _, row in found if not isinstance(row, Unread)] == [0, 1, 2, 6, 7, 8]
    ((number, unread),) = [(number, row) for number, row in found if isinstance(row, Unread)]
    assert (number, unread.num_rows) == (4, 3)
    assert unread.reason.startswith("Row group 1 can't be read: ")


def test_a_parquet_file_that_was_cut_off_is_told(tmp_path):
    path = put_parquet(tmp_path / "rows.parquet", [{"id": 1}])
    path.write_bytes(path.read_bytes()[:-9])
    ((_, reason),) = read(path)
    assert reason.startswith("rows.parquet can't be read as parquet")


@pytest.mark.parametrize(
    ("name", "text"), [("rows.csv", 'id,text\n1,"a, b"\n2,c\n'), ("rows.tsv", "id\ttext\n1\ta, b\n2\tc\n")]
)
def test_tables_are_read(tmp_path, name, text):
    assert read(put(tmp_path / name, text.encode())) == [(1, "1"), (2, "2")]


def test_a_cell_may_be_a_whole_image(tmp_path):
    path = put(tmp_path / "rows.tsv", b"id\timage\n1\t" + b"A" * 1_000_000 + b"\n")
    ((_, row),) = read_rows(path)
    assert not isinstance(row, Unread)
    assert len(row["image"]) == 1_000_000


def test_an_empty_file_has_no_rows(tmp_path):
    assert read(put_json_lines(tmp_path / "rows.jsonl", [])) == []
    assert read(put(tmp_path / "rows.json", b"")) == []
