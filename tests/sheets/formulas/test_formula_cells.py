"""What a formula fills and where it stands, which few formulas keep and all of them tell."""

from __future__ import annotations

from dataclasses import replace

from vidcost_xl.areas import Area
from vidcost_xl.sheets.formulas.formula_cells import read_formula_cells
from vidcost_xl.sheets.formulas.resolver import Standing
from vidcost_xl.sheets.package.cell_scan import read_cells
from vidcost_xl.sheets.package.parts import MAIN
from vidcost_xl.sheets.package.sheet_cells import SheetCells


def entries(inside: str):
    content = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{inside}</row></sheetData></worksheet>'.encode()
    return read_formula_cells([SheetCells("Costs", "xl/worksheets/sheet1.xml", content, read_cells(content, "x"))])


def test_an_ordinary_formula_fills_the_cell_it_stands_in():
    (entry,) = entries('<c r="B7"><f>A7*2</f><v>4</v></c>')
    assert (entry.key, entry.source, entry.array, entry.reason) == (("Costs", 7, 2), "A7*2", False, "")
    assert entry.fills == Area("Costs", 7, 2, 7, 2)
    assert entry.place == Standing("Costs", 7, 2)


def test_an_array_fills_what_the_file_says():
    (entry,) = entries('<c r="B7" cm="1"><f t="array" ref="B7:C9">F()</f><v>4</v></c>')
    assert entry.array
    assert entry.fills == Area("Costs", 7, 2, 9, 3)
    assert entry.place == Standing("Costs", 7, 2)


def test_a_shared_formula_stands_where_it_was_moved_to():
    first, second = entries(
        '<c r="B7"><f t="shared" ref="B7:C9" si="0">A7*2</f><v>4</v></c><c r="C9"><f t="shared" si="0"/><v>8</v></c>'
    )
    assert (first.source, first.place) == ("A7*2", Standing("Costs", 7, 2))
    assert (second.source, second.place) == ("A7*2", Standing("Costs", 9, 3, 2, 1))
    assert second.fills == Area("Costs", 9, 3, 9, 3)


def test_an_entry_that_fills_something_else_is_the_same_otherwise():
    (entry,) = entries('<c r="B7" cm="1"><f t="array" ref="B7:C9">F()</f><v>4</v></c>')
    smaller = replace(entry, fills=entry.fills._replace(bottom=8))
    assert smaller.fills == Area("Costs", 7, 2, 8, 3)
    assert smaller != entry
    assert replace(smaller, fills=entry.fills) == entry
    entry.fills = smaller.fills
    assert smaller == entry


def test_what_is_written_but_means_nothing_has_its_reason():
    blank, table, rich = entries(
        '<c r="A1"><f> </f></c><c r="B1"><f t="dataTable" ref="B1:B3"/><v>1</v></c>'
        '<c r="C1" t="e" vm="1"><f>D1</f><v>#VALUE!</v></c>'
    )
    assert blank.reason == "has an empty formula"
    assert table.reason == "is a what-if data table"
    assert rich.reason.startswith("holds linked data")
