"""What is put into a workbook after it is computed: values, texts, the marks of add-in calls."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from vidcost_xl.areas import Address
from vidcost_xl.errors import ExcelError
from vidcost_xl.sheets.layout.addresses import Addresses
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, WorkbookLayout
from vidcost_xl.sheets.package.parts import CellValue, read_parts
from vidcost_xl.sheets.render.finish import finish
from vidcost_xl.sheets.render.workbook import render

COLUMNS = (Column("label", 20), Column("amount", 12))


def finished(
    *rows: Row, values: dict[Address, CellValue] | None = None, engine: dict[Address, str] | None = None
) -> bytes:
    sheet = SheetLayout("First", COLUMNS, rows, last_frozen=rows[0].id)
    data = render(Addresses(WorkbookLayout("A title", date(2026, 1, 1), "stamp", (sheet,), {})))
    return finish(read_parts(data), values or {}, engine or {}, date(2026, 1, 1), lambda *_: None)


def shown(data: bytes, address: str) -> object:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=True)["First"][address].value


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (2.5, 2.5),
        (-0.0, 0),
        (1e-9, 1e-9),
        ("a < b & c", "a < b & c"),
        ("", None),
        (True, True),
        (ExcelError("#N/A"), "#N/A"),
    ],
)
def test_a_formula_shows_its_value(value, read):
    data = finished(
        Row("a", {"label": Entry(Formula('="x"&1')), "amount": Entry(1.0)}),
        Row("b", {"label": Entry(Formula("=1+1")), "amount": Entry(Formula("=2"))}),
        values={("First", "A1"): value, ("First", "A2"): 7.0, ("First", "B2"): 8.0},
    )
    assert [shown(data, address) for address in ("A1", "B1", "A2", "B2")] == [read, 1.0, 7.0, 8.0]
    book = openpyxl.load_workbook(io.BytesIO(data))["First"]
    assert (book["A1"].value, book["A2"].value, book["B2"].value) == ('="x"&1', "=1+1", "=2")


def test_a_formula_without_a_value_is_refused():
    with pytest.raises(KeyError):
        finished(Row("a", {"label": Entry(Formula("=1"))}))


@pytest.mark.parametrize("text", ["plain", "a < b & c > d", " spaced ", "5% of\nall", "éß", "]]>"])
def test_a_text_stays_as_it_was_and_is_kept_once(text):
    rows = [Row(f"r{at}", {"label": Entry(text), "amount": Entry("beside")}) for at in range(3)]
    data = finished(*rows)
    assert [shown(data, f"A{at}") for at in (1, 2, 3)] == [text] * 3
    assert read_parts(data)["xl/sharedStrings.xml"].count(b"<si>") == 2
    assert b"inlineStr" not in read_parts(data)["xl/worksheets/sheet1.xml"]


def test_an_answer_fills_the_cells_below_it_with_plain_values():
    data = finished(
        Row("a", {"label": Entry(Formula("=VIDEO_LIST(1)", engine=True), "text"), "amount": Entry("", "number")}),
        Row("b", {"label": Entry("", "text"), "amount": Entry("kept")}),
        values={("First", "A1"): "one", ("First", "B1"): 2.0, ("First", "A2"): "three"},
        engine={("First", "A1"): "A1:B2"},
    )
    assert [shown(data, address) for address in ("A1", "B1", "A2", "B2")] == ["one", 2.0, "three", "kept"]
    formula = openpyxl.load_workbook(io.BytesIO(data))["First"]["A1"].value
    assert (formula.ref, formula.text) == ("A1:B2", "=VIDEO_LIST(1)")
    assert read_parts(data)["xl/worksheets/sheet1.xml"].count(b"</f>") == 1


def test_a_formula_cell_that_is_written_otherwise_is_refused_and_not_left_without_a_value():
    sheet = SheetLayout("First", COLUMNS, (Row("a", {"label": Entry(Formula("=1"))}),), last_frozen="a")
    parts = read_parts(render(Addresses(WorkbookLayout("A title", date(2026, 1, 1), "stamp", (sheet,), {}))))
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"</f><v></v></c>", b"</f> </c>").replace(b"</f></c>", b"</f> </c>")
    with pytest.raises(ValueError, match="First has formula cells"):
        finish(parts, {("First", "A1"): 1.0}, {}, date(2026, 1, 1), lambda *_: None)
