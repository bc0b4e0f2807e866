"""The declared workbook: names instead of addresses, text that stays text."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from vidcost_xl.sheets.layout.addresses import Addresses
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, WorkbookLayout
from vidcost_xl.sheets.layout.styles import FORMATS, STYLES
from vidcost_xl.sheets.render.workbook import render


def workbook(*rows: Row, names: dict[str, str] | None = None) -> WorkbookLayout:
    columns = (Column("label", 20), Column("amount", 12))
    first = SheetLayout("First", columns, rows, last_frozen=rows[0].id)
    second = SheetLayout("Second", columns, (Row("far", {"amount": Entry(2.0)}),), last_frozen="far")
    return WorkbookLayout("A title", date(2026, 1, 1), "stamp", (first, second), names or {})


def test_references_become_addresses_wherever_rows_move():
    rows = (
        Row("a", {"amount": Entry(1.0)}),
        Row("b", {"label": Entry("x"), "amount": Entry(Formula("={a.amount}+{.label}+SUM({a.amount:b.amount})"))}),
    )
    addresses = Addresses(workbook(Row("space"), *rows))
    assert addresses.formula("={a.amount}+{.label}+SUM({a.amount:b.amount})", "First", "b") == "=B2+A3+SUM(B2:B3)"
    assert addresses.formula("={far.amount}", "First", "b") == "=Second!$B$1"
    assert addresses.absolute("{a.label:b.amount}") == "First!$A$2:$B$3"


def test_the_months_of_a_row_share_one_formula_and_each_reads_its_own_month():
    months = ("m1", "m2", "m3")
    flow = Entry(Formula('={stock.@-1~}+10%*{far_flow.@0~}+SUM({stock.@0:flow.@0~})&"<%s>"'))
    rows = (
        Row("stock", {"start": Entry(5.0), **dict.fromkeys(months, Entry(1.0))}),
        Row("flow", dict.fromkeys(months, flow)),
        Row("note", dict.fromkeys(months, Entry("5% <"))),
    )
    first = SheetLayout("First", tuple(Column(key, 9) for key in ("start", *months)), rows, last_frozen="stock")
    far = SheetLayout(
        "Far",
        tuple(Column(key, 9) for key in ("label", "unit", *months)),
        (Row("far_flow", dict.fromkeys(months, Entry(2.0))),),
        last_frozen="far_flow",
    )
    data = render(Addresses(WorkbookLayout("A title", date(2026, 1, 1), "stamp", (first, far), {})))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["First"]
    assert [cell.value for cell in sheet[2]] == [
        None,
        '=A1+10%*Far!C1+SUM(B1:B2)&"<%s>"',
        '=B1+10%*Far!D1+SUM(C1:C2)&"<%s>"',
        '=C1+10%*Far!E1+SUM(D1:D2)&"<%s>"',
    ]
    assert [cell.value for cell in sheet[3]][1:] == ["5% <"] * 3
    assert [cell.value for cell in sheet[1]] == [5.0, 1.0, 1.0, 1.0]


def test_a_reference_to_nothing_is_refused():
    addresses = Addresses(workbook(Row("a", {"amount": Entry(1.0)})))
    with pytest.raises(KeyError):
        addresses.formula("={nowhere.amount}", "First", "a")


def test_a_row_id_is_used_once():
    with pytest.raises(ValueError, match="appears twice"):
        Addresses(workbook(Row("far", {})))


def test_an_entry_stands_in_a_column_of_its_sheet():
    with pytest.raises(ValueError, match="lacks"):
        Addresses(workbook(Row("a", {"price": Entry(1.0)})))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", '=HYPERLINK("http://x","y")', "a\x01b"])
def test_text_from_outside_stays_text(text):
    data = render(Addresses(workbook(Row("a", {"label": Entry(text), "amount": Entry(-1.0)}))))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["First"]
    assert sheet["A1"].data_type == "s"
    assert sheet["A1"].value == text.replace("\x01", " ")
    assert sheet["A1"].quotePrefix == (text[0] in "=+-@\t")
    assert sheet["B1"].value == -1.0


def test_styles_use_named_formats_without_date_codes_of_a_locale():
    assert all(style.format in FORMATS for style in STYLES.values())
