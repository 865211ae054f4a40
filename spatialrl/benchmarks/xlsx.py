"""The first sheet of an .xlsx file as rows by the names in its first line: enough for files of results, and no more. Formulas
are taken by the value they had when the file was saved."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from spatialrl.errors import DataError

Cell = str | int | float | bool | None
Row = dict[str, Cell]

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
WORKBOOK, LINKS, STRINGS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
LETTERS = re.compile(r"[A-Z]+")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""Characters that XML does not take."""


def read_xlsx(path: Path) -> Iterator[tuple[int, Row]]:
    """Rows with their numbers, counted from 1 without the line of names."""
    try:
        with zipfile.ZipFile(path) as file:
            strings = _strings(file)
            with file.open(_first_sheet(file)) as sheet:
                yield from _named(_lines(sheet, strings))
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError, ElementTree.ParseError) as error:
        raise DataError(f"{path} can't be read as .xlsx: {type(error).__name__}: {error}.") from error


def _named(lines: Iterator[dict[int, Cell]]) -> Iterator[tuple[int, Row]]:
    names = {column: str(name) for column, name in next(lines, {}).items() if name is not None}
    for number, line in enumerate(lines, start=1):
        yield number, {name: line.get(column) for column, name in names.items()}


def _first_sheet(file: zipfile.ZipFile) -> str:
    sheets = ElementTree.fromstring(file.read(WORKBOOK)).iter(f"{MAIN}sheet")
    wanted = next(sheets).attrib[LINK]
    links = ElementTree.fromstring(file.read(LINKS))
    target = next(link.attrib["Target"] for link in links if link.attrib["Id"] == wanted)
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _strings(file: zipfile.ZipFile) -> list[str]:
    """Texts that cells name by number."""
    if STRINGS not in file.namelist():
        return []
    return [_text(item) for item in ElementTree.fromstring(file.read(STRINGS)).iter(f"{MAIN}si")]


def _lines(sheet: IO[bytes], strings: list[str]) -> Iterator[dict[int, Cell]]:
    for _, element in ElementTree.iterparse(sheet):
        if element.tag == f"{MAIN}row":
            cells = element.findall(f"{MAIN}c")
            yield {_column(cell, place): _value(cell, strings) for place, cell in enumerate(cells)}
            element.clear()


def _column(cell: ElementTree.Element, place: int) -> int:
    """0 for A, 26 for AA; by its place where it has no name."""
    found = LETTERS.match(cell.attrib.get("r", ""))
    if found is None:
        return place
    column = 0
    for letter in found.group():
        column = 26 * column + ord(letter) - ord("A") + 1
    return column - 1


def _value(cell: ElementTree.Element, strings: list[str]) -> Cell:
    kind, value = cell.attrib.get("t", "n"), cell.findtext(f"{MAIN}v")
    if kind == "inlineStr":
        return _text(cell)
    if value is None or kind == "e":
        return None
    if kind == "s":
        return strings[int(value)]
    if kind == "b":
        return value == "1"
    return _unescaped(value) if kind == "str" else _number(value)


def _number(value: str) -> int | float:
    number = float(value)
    return int(number) if number.is_integer() and "e" not in value.lower() else number


def _text(element: ElementTree.Element) -> str:
    """Of all its runs; readings in another script stand beside them and are left out."""
    runs = [run for run in element.iter() if run.tag in (f"{MAIN}t", f"{MAIN}rPh")]
    phonetic = {id(text) for run in runs if run.tag == f"{MAIN}rPh" for text in run.iter(f"{MAIN}t")}
    return _unescaped("".join(run.text or "" for run in runs if run.tag == f"{MAIN}t" and id(run) not in phonetic))


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
