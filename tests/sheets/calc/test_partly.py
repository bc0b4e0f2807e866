"""After a change only what it may reach is computed again, and everything where that cannot be told from the cells."""

from __future__ import annotations

import pytest

from tests.sheets.calc.small_books import book
from tests.sheets.calc_files import values
from vidcost_xl.sheets.calc.calculate import calculated
from vidcost_xl.sheets.calc.partly import new_formulas
from vidcost_xl.sheets.formulas.view import Contents

CELLS = {"A1": 5, "B1": "=A1*2", "C1": "=SUM(A1:B1)"}
ADDED = {"A1": "=Sheet1!C1+1", "B1": "=A1*2"}
NAMES = "<definedNames><definedName name='{}'>{}</definedName></definedNames>"


def computed(data: bytes) -> Contents:
    contents = Contents(data, "a.xlsx")
    return contents.changed(calculated(contents).data)


def now(before: Contents, data: bytes) -> Contents:
    return Contents(data, "a.xlsx", before)


def test_what_a_new_sheet_computes_is_new_and_nothing_else():
    before = computed(book(CELLS, {"D4": 1}))
    after = now(before, book(CELLS, {"D4": 1}, ADDED))
    assert new_formulas(after, before) == {("Sheet3", 1, 1), ("Sheet3", 1, 2)}


def test_new_cells_are_computed_from_the_values_of_those_that_stayed():
    # 5 and 5 * 2 are 15; 15 + 1 are 16, and twice that 32.
    before = computed(book(CELLS, {"D4": 1}))
    data = before.book.archive.replaced({before.sheets["Sheet2"].part: _part(book(CELLS, ADDED), "Sheet2")})
    done = calculated(now(before, data), before=before)
    found = values(done.data)
    assert (found["Sheet2", "A1"], found["Sheet2", "B1"], found["Sheet1", "C1"]) == (16.0, 32.0, 15.0)


@pytest.mark.parametrize(
    ("reader", "names"),
    [
        ("=Sheet2!D4+1", ""),
        ("=SUM(Sheet2!A1:F9)", ""),
        ("=COUNT(sheet2!D:D)", ""),
        ("=rate*2", NAMES.format("rate", "Sheet2!$D$4")),
    ],
)
def test_everything_is_computed_where_a_formula_that_stayed_reads_the_change(reader, names):
    before = computed(book({**CELLS, "D1": reader}, {"D4": 1}, names=names))
    after = now(before, book({**CELLS, "D1": reader}, {"D4": 2}, names=names))
    assert new_formulas(after, before) is None


def test_everything_is_computed_where_a_name_means_another_cell():
    before = computed(book({**CELLS, "D1": "=rate*2"}, names=NAMES.format("rate", "Sheet1!$A$1")))
    after = now(before, book({**CELLS, "D1": "=rate*2"}, names=NAMES.format("rate", "Sheet1!$B$1")))
    assert new_formulas(after, before) is None


def test_a_cell_that_nothing_reads_may_change_alone():
    before = computed(book(CELLS, {"D4": 1}))
    assert new_formulas(now(before, book(CELLS, {"D4": 2})), before) == frozenset()


def _part(data: bytes, sheet: str) -> bytes:
    return Contents(data, "b.xlsx").sheets[sheet].content
