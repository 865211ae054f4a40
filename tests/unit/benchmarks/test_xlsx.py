import zipfile

import pytest

from spatialrl.benchmarks.xlsx import read_xlsx
from spatialrl.errors import DataError
from tests.unit.benchmarks.workbook import MAIN, RELATIONS, WORKBOOK, write_xlsx


def test_a_sheet_is_rows_by_the_names_of_its_first_line(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", [["index", "question", "hit"], [0, "left & <right>?", 1.5], [1, None, True]])
    assert list(read_xlsx(tmp_path / "a.xlsx")) == [
        (1, {"index": 0, "question": "left & <right>?", "hit": 1.5}),
        (2, {"index": 1, "question": None, "hit": True}),
    ]


def test_texts_may_stand_in_their_cells_in_runs_and_escaped(tmp_path):
    cells = '<c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="AB1" t="inlineStr"><is><r><t>b</t></r><r><t> c</t></r></is></c>'
    second = '<c r="A2" t="str"><v>x_x000D_y</v></c><c r="AB2" t="e"><v>#DIV/0!</v></c>'
    sheet = f'<worksheet {MAIN}><sheetData><row r="1">{cells}</row><row r="2">{second}</row></sheetData></worksheet>'
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as file:
        for name, text in {"xl/workbook.xml": WORKBOOK, "xl/_rels/workbook.xml.rels": RELATIONS, "xl/worksheets/sheet1.xml": sheet}.items():  # fmt: skip
            file.writestr(name, text)
    assert list(read_xlsx(tmp_path / "a.xlsx")) == [(1, {"a": "x\ry", "b c": None})]


def test_a_file_that_is_no_workbook_is_named(tmp_path):
    (tmp_path / "a.xlsx").write_text("index,question\n")
    with pytest.raises(DataError, match=r"a\.xlsx can't be read as \.xlsx: BadZipFile"):
        list(read_xlsx(tmp_path / "a.xlsx"))
