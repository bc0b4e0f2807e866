"""Random workbooks computed twice: copies together, and formula by formula by the embedded engine.

Every cell agrees in kind and value, or the embedded engine leaves it. What that is known to compute otherwise than
Excel is not written by `random_formulas`; tests of single functions hold Excel's own results:

- COUNT of a computed error, which Excel passes over (test_totals);
- truth values and texts that are computed inside SUMPRODUCT, which count as 0 in Excel (test_totals);
- criteria that are errors: one of them ends the whole formula there, even inside ISNUMBER;
- LEFT and RIGHT with a text for the number of characters, and FIND of an error inside ISNUMBER (test_textual).
"""

from __future__ import annotations

import math
import re

import pytest

from tests.sheets.calc.vectors.random_books import random_book
from tests.sheets.calc_files import formula_texts, values
from vidcost_xl.errors import ExcelError
from vidcost_xl.sheets.calc import computing
from vidcost_xl.sheets.calc.calculate import calculate
from vidcost_xl.sheets.formulas.dependents import address
from vidcost_xl.sheets.formulas.formula_cells import filled, read_formula_cells
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.sheet_cells import read_sheets
from vidcost_xl.sheets.package.workbook import Workbook

#: About 700 formulas each, and a third of a second.
SEEDS = range(14)

_NEGATIVE_ZERO = re.compile(r"-0(?![.\d])")

Cell = tuple[str, str]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_computed_together_is_what_is_computed_one_by_one(seed, monkeypatch):
    data = random_book(seed)
    found, left = computed(data)
    monkeypatch.setattr(computing, "loaded", lambda *arguments: None)
    expected, skipped = computed(data)
    texts = formula_texts(data)
    assert left <= skipped
    differences = {
        cell: (found.get(cell), value, texts.get(cell))
        for cell, value in expected.items()
        if cell not in skipped and not agree(found.get(cell), value)
    }
    assert not differences
    compared = set(texts) - skipped
    assert len(compared) > len(texts) / 2


def computed(data: bytes) -> tuple[dict[Cell, object], set[Cell]]:
    """Every value after a calculation, and the cells that were left, with what their arrays fill."""
    done = calculate(data, "a.xlsx")
    entries = read_formula_cells(read_sheets(Workbook(Archive(data, "a.xlsx"))))
    fills = {_cell(entry.key): [_cell((entry.key[0], *place)) for place in filled(entry.fills)] for entry in entries}
    return values(done.data), {cell for each in done.report.left for cell in fills[each.sheet, each.cell]}


def agree(one: object, other: object) -> bool:
    """Whether two values are the same to twelve digits."""
    if isinstance(one, ExcelError) and isinstance(other, ExcelError):
        return one.code == other.code
    if type(one) is float and type(other) is float:
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)
    if isinstance(one, str) and isinstance(other, str):
        # The embedded engine joins "-0", which Excel does not know.
        return one in {other, _NEGATIVE_ZERO.sub("0", other)}
    return type(one) is type(other) and one == other


def _cell(key: tuple[str, int, int]) -> Cell:
    return key[0], address(key).rpartition("!")[2]
