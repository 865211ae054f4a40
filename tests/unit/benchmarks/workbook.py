"""A small .xlsx, written as the usual writers do: texts in a table of their own, numbers in the cells."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORKBOOK = (
    f'<workbook {MAIN} xmlns:r="{LINKS}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'

Cell = str | int | float | bool | None


def write_xlsx(path: Path, rows: Sequence[Sequence[Cell]]) -> None:
    texts = list(dict.fromkeys(cell for row in rows for cell in row if isinstance(cell, str)))
    lines = "".join(f'<row r="{n}">{_cells(row, n, texts)}</row>' for n, row in enumerate(rows, start=1))
    strings = "".join(f"<si><t xml:space='preserve'>{escape(text)}</t></si>" for text in texts)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("xl/workbook.xml", WORKBOOK)
        file.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        file.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{strings}</sst>")
        file.writestr("xl/worksheets/sheet1.xml", f"<worksheet {MAIN}><sheetData>{lines}</sheetData></worksheet>")


def _cells(row: Sequence[Cell], number: int, texts: list[str]) -> str:
    return "".join(
        _cell(value, f"{'ABCDEFGHIJKLMNOP'[i]}{number}", texts) for i, value in enumerate(row) if value is not None
    )


def _cell(value: Cell, name: str, texts: list[str]) -> str:
    if isinstance(value, str):
        return f'<c r="{name}" t="s"><v>{texts.index(value)}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{name}" t="b"><v>{int(value)}</v></c>'
    return f'<c r="{name}"><v>{value}</v></c>'
