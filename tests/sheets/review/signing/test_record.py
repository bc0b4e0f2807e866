"""The record of a row: copies of a formula are one run; what is no copy, or not beside it, begins another."""

from __future__ import annotations

import pytest

from tests.sheets.calc.small_books import book
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.review.signing.record import row_records


@pytest.mark.parametrize(
    ("cells", "runs"),
    [
        ({"A1": "=A9*2", "B1": "=B9*2"}, [["A", "A9*2", [None, None]]]),
        ({"A1": "=A9*2", "B1": 7, "C1": "=C9*2"}, [["A", "A9*2", [None]], ["B", None, [7]], ["C", "C9*2", [None]]]),
        ({"A1": 7, "B1": 8, "D1": 9}, [["A", None, [7, 8]], ["D", None, [9]]]),
        ({"A1": "=$A9*2", "B1": "=B9*2"}, [["A", "$A9*2", [None]], ["B", "B9*2", [None]]]),
        ({"A1": '=A9&"A1"', "B1": '=B9&"B1"'}, [["A", 'A9&"A1"', [None]], ["B", 'B9&"B1"', [None]]]),
    ],
)
def test_a_run_is_a_formula_and_its_copies_side_by_side(cells, runs):
    (record,) = row_records(Contents(book(cells), "a.xlsx"), frozenset(), ["Sheet1"])
    assert list(record.runs) == runs
    assert record.columns == sorted(record.cells)
