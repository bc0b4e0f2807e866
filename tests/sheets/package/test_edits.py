"""Sheets, cells and looks put into a file and taken out: all else keeps its bytes."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from openxml_audit import OpenXmlValidator

from tests.sheets.calc_files import user_workbook
from tests.sheets.conftest import as_excel_saves
from vidcost_xl.sheets.calc.calculate import calculate
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.package.edits.cells import NewCell, put_cells
from vidcost_xl.sheets.package.edits.opened import opened
from vidcost_xl.sheets.package.edits.values import spliced
from vidcost_xl.sheets.package.elements import appended, elements, with_attribute
from vidcost_xl.sheets.package.parts import read_parts
from vidcost_xl.sheets.render.added_looks import looks
from vidcost_xl.sheets.render.added_sheets import Stamp, part_of, put_sheet, remove_sheet

STAMP = Stamp("A title", "a footer", date(2026, 11, 26), "last")
NECESSARY = {"[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/workbook.xml"}


def layout(text: str) -> SheetLayout:
    rows = (
        Row("head", {"a": Entry(text, "title"), "b": Entry(Formula("=Quick!C7*2"), "number", "count")}),
        Row("last", {"a": Entry("=not a formula"), "b": Entry(Formula("={.c}+1"), "flag"), "c": Entry(0, "input")}),
        Row("unprinted", {"a": Entry("below the print")}),
    )
    columns = (Column("a", 30), Column("b", 20), Column("c", 20))
    return SheetLayout("Added", columns, rows, "head", flags=("{last.b:last.b}",))


@pytest.fixture(scope="module")
def used(quick):
    return user_workbook(as_excel_saves(quick.data))


def put(data: bytes, text: str) -> bytes:
    package = opened(data, "book.xlsx")
    put_sheet(package, layout(text), STAMP)
    return package.data()


def test_an_added_sheet_touches_only_the_necessary_parts(used):
    before, after = read_parts(used), read_parts(put(used, "first"))
    assert {name for name in before if before[name] != after.get(name)} <= NECESSARY
    assert len(after) == len(before) + 1


def test_the_looks_that_were_there_keep_their_numbers(used):
    before, after = (openpyxl.load_workbook(io.BytesIO(data)) for data in (used, put(used, "first")))
    for sheet in before.worksheets:
        for row in sheet.iter_rows(max_row=40):
            for cell in row:
                other = after[sheet.title][cell.coordinate]
                assert (cell.number_format, cell.font.b, cell.fill.fgColor.rgb) == (
                    other.number_format, other.font.b, other.fill.fgColor.rgb,
                ), cell  # fmt: skip


def test_the_added_sheet_is_read_as_declared_and_computed(used):
    book = openpyxl.load_workbook(io.BytesIO(calculate(put(used, "first"), "book.xlsx").data), data_only=True)
    sheet = book["Added"]
    assert (sheet["A1"].value, sheet["B1"].value, sheet["A2"].value, sheet["B2"].value) == (
        "first", 2e9, "=not a formula", 1,
    )  # fmt: skip
    assert sheet["A1"].font.b and sheet["A1"].font.sz == 16
    assert not sheet["C2"].protection.locked and sheet["B2"].protection.locked
    assert sheet.print_area == "'Added'!$A$1:$C$2"
    assert book.sheetnames[-1] == "Added"


def test_a_second_run_replaces_the_sheet_and_adds_no_looks(used):
    once = put(used, "first")
    twice = put(once, "second")
    first, second = read_parts(once), read_parts(twice)
    assert set(first) == set(second)
    assert first["xl/styles.xml"] == second["xl/styles.xml"]
    changed = {name for name in first if first[name] != second[name]}
    assert changed == {part_of(opened(twice, "book.xlsx"), "Added")}


def test_a_removed_sheet_leaves_the_file_as_it_was_but_for_looks(used):
    package = opened(put(used, "first"), "book.xlsx")
    remove_sheet(package, "Added")
    before, after = read_parts(used), read_parts(package.data())
    assert set(before) == set(after)
    assert {name for name in before if before[name] != after[name]} == {"xl/styles.xml"}


def test_a_removed_sheet_in_the_middle_takes_its_own_names_and_moves_those_of_others(quick):
    package = opened(put(quick.data, "first"), "book.xlsx")
    remove_sheet(package, "Lists")
    book = openpyxl.load_workbook(io.BytesIO(package.data()))
    assert book.sheetnames == ["Quick", "Prices", "Added"]
    assert book["Added"].print_area == "'Added'!$A$1:$C$2"
    assert "engine_loaded" not in book.defined_names


def test_a_file_we_operated_on_passes_the_audit(quick, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(put(put(quick.data, "first"), "second"))
    assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


CELLS = {
    "behind the last": (
        *('<row r="1"><c r="A1"/></row>', (1, 2), NewCell(1.5)),
        '<row r="1"><c r="A1"/><c r="B1"><v>1.5</v></c></row>',
    ),
    "before the first": (
        *('<row r="1"><c r="B1"/></row>', (1, 1), NewCell("a<b")),
        '<row r="1"><c r="A1" t="str"><v>a&lt;b</v></c><c r="B1"/></row>',
    ),
    "into an empty row": (
        *('<row r="1" s="3"/>', (1, 1), NewCell(True)),
        '<row r="1" s="3"><c r="A1" t="b"><v>1</v></c></row>',
    ),
    "into a row before another": (
        *('<row r="5"/>', (3, 1), NewCell(0.0, "A1*2")),
        '<row r="3"><c r="A3"><f>A1*2</f><v>0</v></c></row><row r="5"/>',
    ),
    "into a row at the end": (
        *('<row r="1"/>', (3, 1), NewCell(2.0)),
        '<row r="1"/><row r="3"><c r="A3"><v>2</v></c></row>',
    ),
    "emptied, with its look": (
        *('<row r="1"><c r="A1" s="7" t="s"><v>4</v></c></row>', (1, 1), NewCell()),
        '<row r="1"><c r="A1" s="7"/></row>',
    ),
    "beyond the span": (
        *('<row r="1" spans="2:3"><c r="B1"/></row>', (1, 4), NewCell(1.0, look=9)),
        '<row r="1" spans="2:4"><c r="B1"/><c r="D1" s="9"><v>1</v></c></row>',
    ),
}


@pytest.mark.parametrize(("before", "place", "cell", "after"), CELLS.values(), ids=CELLS)
def test_a_cell_goes_where_it_belongs(before, place, cell, after):
    def sheet(rows):
        return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode()

    assert put_cells(sheet(before), "sheet", {place: cell}) == sheet(after)


def test_an_empty_sheet_takes_cells():
    content = f"<worksheet {MAIN}><sheetData/></worksheet>".encode()
    made = put_cells(content, "sheet", {(1, 1): NewCell(1.0), (2, 1): NewCell(2.0)})
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    assert made == f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode()


def test_elements_are_found_by_name_whatever_their_prefix():
    content = b'<x:a xmlns:x="urn:1"><x:b k="1"/><!-- <x:b/> --><x:b k=\'2\'>t</x:b></x:a>'
    first, second = elements(content, "part", "b")
    assert (first.attributes["k"], second.attributes["k"]) == ("1", "2")
    assert first.is_empty and content[second.inner : second.close] == b"t"
    edits = [with_attribute(content, first, "k", 'a"&'), appended(content, second, b"u"), second.without]
    assert spliced(content, edits[:2]).startswith(b'<x:a xmlns:x="urn:1"><x:b k="a&quot;&amp;"/>')
    assert spliced(content, edits[2:]).endswith(b"<!-- <x:b/> --></x:a>")


def test_a_style_is_appended_once(quick):
    package = opened(quick.data, "book.xlsx")
    first = looks(package, [("memo", "usd"), ("title", None)])
    assert looks(package, [("memo", "usd"), ("title", None)]) == first
