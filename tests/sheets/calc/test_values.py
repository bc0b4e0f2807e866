"""Recalculation of workbooks as Excel saves them, and what is refused."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tests.sheets.calc_files import formula_texts
from tests.sheets.conftest import as_excel_saves
from vidcost_xl.errors import BadArgumentError, ExcelError
from vidcost_xl.sheets.calc.values import recalculate
from vidcost_xl.sheets.package.parts import read_parts, write_parts


def saved(**cells: object) -> bytes:
    book = openpyxl.Workbook()
    for address, content in cells.items():
        book.active[address] = content
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_the_file_as_excel_saves_it_computes_the_same(quick, excel_form):
    assert any("[1]!VIDEO_EGRESS(" in text for text in formula_texts(excel_form).values())
    assert recalculate(excel_form) == quick.values


def test_the_file_as_xlwings_lite_leaves_it_computes_the_same(quick):
    assert recalculate(as_excel_saves(quick.data, "_xldudf_")) == quick.values


def test_changed_inputs_reach_the_file_as_excel_saves_it(quick, excel_form):
    change = {quick.addresses.key("in_passes.quantity"): 1.0}
    assert recalculate(excel_form, change) == recalculate(quick.data, change)


def test_arguments_left_out_take_their_defaults():
    values = recalculate(saved(A1='=VIDEO_EGRESS(5,"PB",,,,)', A2="=VIDEO_EGRESS()", A3="=A1-A2"))
    assert round(values["Sheet", "A1"], 2) == 236_716.84
    assert values["Sheet", "A3"] == 0


def test_a_shared_formula_reaches_each_of_its_cells():
    data = saved(A1=1, A2=2, A3=3, B1='=VIDEO_CONVERT(A1,"TB","GB")', B2="=1", B3="=1")
    parts = read_parts(data)
    part = "xl/worksheets/sheet1.xml"
    text = parts[part].decode()
    text = text.replace("<f>VIDEO", '<f t="shared" ref="B1:B3" si="0">VIDEO')
    parts[part] = text.replace("<f>1</f>", '<f t="shared" si="0"/>').encode()
    values = recalculate(write_parts(parts))
    assert [values["Sheet", f"B{row}"] for row in (1, 2, 3)] == [1000, 2000, 3000]


def test_a_function_that_is_not_trusted_is_named():
    with pytest.raises(BadArgumentError, match=r"Sheet!A1 uses MMULT"):
        recalculate(saved(A1="=SUM(MMULT(B1:C2,B1:C2))"))


def test_an_error_of_a_function_says_why():
    values = recalculate(saved(A1='=VIDEO_EGRESS(5,"PB","no.such-route")'))
    found = values["Sheet", "A1"]
    assert isinstance(found, ExcelError) and "no.such-route" in found.message
