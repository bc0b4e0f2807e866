"""`vidcost check` reads the cells of a file as `vidcost calc` and Excel do, and judges each text once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.sheets.calc_files import package, rows
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.formulas.parsed import Parser
from vidcost_xl.sheets.review.rules import axes, contents, view
from vidcost_xl.sheets.review.rules.opening import opened_workbook
from vidcost_xl.sheets.review.rules.run import check_file, check_workbook

from .rule_books import replaced, stranger

CASES = Path(__file__).parents[4] / "shared/cases/check"
#: What only Python says.
PYTHON = re.compile(r"\b\w*(?:Error|Exception)\b|invalid literal|isoformat|out of range|NoneType|object has no")


def read(*cells: str, **parts: str) -> view.SheetView:
    return view.WorkbookView(opened_workbook(package(rows(*cells), **parts))).sheets["Sheet1"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1" t="d"><v>2024-03-05</v></c>', 45356.0),
        ('<c r="A1" t="d"><v>2024-03-05T12:00:00Z</v></c>', 45356.5),
        ('<c r="A1" t="d"><v>2024-03-05T12:00:00+02:00</v></c>', 45356.5),
        ('<c r="A1" t="d"><v>18:00:00</v></c>', 0.75),
        ('<c r="A1" t="s"><v>0</v></c>', "one"),
        ('<c r="A1" t="inlineStr"><is><t>two_x000D_lines</t></is></c>', "two\rlines"),
    ],
)
def test_a_value_is_read_as_it_is_computed_with(cell, value):
    sheet = read(cell, texts="<si><t>one</t></si>")
    assert sheet.value(sheet.cells[1, 1]) == value


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1" t="s"><v></v></c>',
        '<c r="A1" t="s"><v>7</v></c>',
        '<c r="A1" t="s"><v>x</v></c>',
        '<c r="A1" t="d"><v>yesterday</v></c>',
    ],
)
def test_a_value_that_no_program_meant_is_a_blank_and_no_damage(cell):
    assert (1, 1) not in read(cell, texts="<si><t>one</t></si>").cells


@pytest.mark.parametrize(
    "change",
    [
        ("<sheetData>", '<sheetFormatPr/><cols><col min="one" max="2" hidden="1"/></cols><sheetData>'),
        ("<sheetData>", '<x><pane state="frozen" ySplit="two"/></x><sheetData>'),
        ("<v>25</v>", "<v>twenty</v>"),
        ('r="B2"', 'r="2B"'),
        ('<row r="2"', '<row r="two"'),
    ],
)
def test_damage_is_said_in_our_words(change):
    data = replaced(stranger(), "xl/worksheets/sheet1.xml", *change)
    with pytest.raises(BadArgumentError) as refused:
        check_workbook(data)
    assert not PYTHON.search(refused.value.message), refused.value.message


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases lie beside a checkout of the project only")
@pytest.mark.parametrize("path", sorted(CASES.glob("*.xlsx")), ids=lambda path: path.stem)
def test_workbooks_that_excel_opens_are_read(path):
    assert not any(PYTHON.search(finding.what) for finding in check_file(path).findings)


def test_a_long_text_that_many_cells_share_is_not_searched_in_each_of_them(monkeypatch):
    searched = []

    class Watched:
        def __init__(self, pattern):
            self.pattern = pattern

        def fullmatch(self, text):
            searched.append(len(text))
            return self.pattern.fullmatch(text)

    for module, names in ((axes, ("_COUNTED", "_QUARTER", "_MONTH")), (contents, ("_NUMBER", "_CODE", "_YEAR"))):
        for name in names:
            monkeypatch.setattr(module, name, Watched(getattr(module, name)))
    text, count = "1" * 200_000, 2_000
    cells = [f'<c r="A{row}" t="s"><v>{row % 2}</v></c>' for row in range(1, count)]
    check_workbook(package(rows(*cells), texts=f"<si><t>{text}</t></si><si><t>May</t></si>"))
    assert searched and sum(searched) < len(text)


def test_a_formula_is_taken_apart_once_for_all_its_copies(monkeypatch):
    taken = []
    monkeypatch.setattr("vidcost_xl.sheets.formulas.parsed.tokens", lambda text: taken.append(text) or [])
    parser = Parser()
    copies = [parser.copied(f"SUM(B{row}:C{row})*$A$1", row, 4) for row in range(1, 500)]
    assert len(taken) == 1 and len(set(map(id, copies))) == 1
    assert parser.copied("SUM(B1:C1)*$A$2", 1, 4) is not copies[0] and len(taken) == 1
