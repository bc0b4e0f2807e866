"""Our functions in a file that LibreOffice saved get the names that Excel knows, and nothing else changes."""

from __future__ import annotations

import openpyxl
import pytest

from tests.sheets.calc_files import package, part
from vidcost_xl.sheets.calc.calculate import calculate_file
from vidcost_xl.sheets.calc.long_names import with_bare_names

LONG = "ORG.VIDCOST.FUNCTIONS."


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (f'{LONG}VIDEO_EGRESS(5,"PB")', 'VIDEO_EGRESS(5,"PB")'),
        (f"1+{LONG.lower()}video_convert(A1,{LONG}VIDEO_LIST())", "1+video_convert(A1,VIDEO_LIST())"),
        (f'{LONG}VIDEO_EGRESS("5 ""PB")&"{LONG}VIDEO_EGRESS("', f'VIDEO_EGRESS("5 ""PB")&"{LONG}VIDEO_EGRESS("'),
        (f'"""{LONG}VIDEO_EGRESS("', f'"""{LONG}VIDEO_EGRESS("'),
        (f"'6\" x'!A1+{LONG}VIDEO_EGRESS()", "'6\" x'!A1+VIDEO_EGRESS()"),
        ("[1]!VIDEO_EGRESS()", "[1]!VIDEO_EGRESS()"),
        (f"{LONG}OTHER(1)+A1", f"{LONG}OTHER(1)+A1"),
    ],
)
@pytest.mark.parametrize("quote", ['"', "&quot;"])
def test_a_name_before_a_bracket_outside_texts(formula, expected, quote):
    sheet = "<c r='A1' t='str'><f aca=\"false\">{}</f><v>" + LONG + "VIDEO_X(</v></c>"
    before, after = (sheet.format(text.replace('"', quote)) for text in (formula, expected))
    found, count = with_bare_names(package(before), "x.xlsx")
    assert part(found, "xl/worksheets/sheet1.xml") == part(package(after), "xl/worksheets/sheet1.xml")
    assert count == (formula != expected)


def test_calc_says_so_and_computes_the_same(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = f'={LONG}VIDEO_CONVERT(1,"TB","GB")'
    book.save(tmp_path / "saved.xlsx")
    report = calculate_file(tmp_path / "saved.xlsx", tmp_path / "new.xlsx")
    assert any("LibreOffice saved 1 formula with" in note for note in report.notes)
    assert openpyxl.load_workbook(tmp_path / "new.xlsx").active["A1"].value == '=VIDEO_CONVERT(1,"TB","GB")'
    assert openpyxl.load_workbook(tmp_path / "new.xlsx", data_only=True).active["A1"].value == 1000
    again = calculate_file(tmp_path / "new.xlsx", tmp_path / "again.xlsx")
    assert not any("LibreOffice" in note for note in again.notes)
