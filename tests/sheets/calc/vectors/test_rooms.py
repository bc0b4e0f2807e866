"""Where answers of array formulas spill to: free cells, no others, and no one else's."""

from __future__ import annotations

import pytest

from tests.sheets.calc.vectors.small_books import EMPTY, Array, Spilling, book, calculated, together
from tests.sheets.calc_files import SHEET, part
from vidcost_xl.sheets.calc.calculate import calculate
from vidcost_xl.sheets.package.parts import read_parts, write_parts

NUMBERS = {"F1": 3, "G1": 4, "H1": 5, "F2": 6, "F3": 7}


def test_an_answer_spills_into_free_cells_and_is_read_there():
    cells = {**NUMBERS, "A1": Spilling("=F1:F3*10"), "A2": EMPTY, "A3": EMPTY, "C1": "=SUM(A1:A3)", "C2": "=A3+1"}
    assert together(book(cells)) == {"A1": 30, "C1": 160, "C2": 71}
    found, left = calculated(book(cells))
    assert [found[f"A{row}"] for row in (1, 2, 3)] == [30, 60, 70] and not left
    assert 'ref="A1:A3"' in part(calculate(book(cells), "a.xlsx").data)


def test_an_answer_larger_than_the_cells_of_the_file_is_left_with_what_reads_it():
    cells = {**NUMBERS, "A1": Spilling("=F1:F3*10"), "A2": EMPTY, "C1": "=A2+1"}
    assert together(book(cells)) == {}
    _, left = calculated(book(cells))
    assert "3 x 1" in left["A1"]


def test_an_answer_does_not_spill_over_values():
    _, left = calculated(book({**NUMBERS, "A1": Spilling("=F1:F3*10"), "A2": EMPTY, "A3": "mine"}))
    assert "A1" in left


def test_an_answer_that_is_smaller_than_before_leaves_blank_cells():
    data = book({**NUMBERS, "A1": Spilling("=F1:F2*10"), "A2": 60, "A3": 70, "C1": "=COUNT(A1:A3)"})
    data = calculate(_filled(data, "A1:A3"), "a.xlsx").data
    found, left = calculated(data)
    assert (found["A1"], found["A2"], found["A3"], found["C1"]) == (30, 60, None, 2) and not left


def _filled(data: bytes, area: str) -> bytes:
    """The file with another area that its array fills."""
    parts = read_parts(data)
    parts[SHEET] = parts[SHEET].replace(b'ref="A1"', f'ref="{area}"'.encode())
    return write_parts(parts)


def test_an_array_of_fixed_size_keeps_its_size():
    assert together(book({**NUMBERS, "A1": Array("=F1:F3*10"), "A2": EMPTY, "A3": EMPTY})) == {}


@pytest.mark.parametrize(
    ("below", "beside", "value"), [("=F1:G1*10", "=F1*2", 40), ("=F1*2", "=F1:F2*10", 60)], ids=["below", "beside"]
)
def test_two_answers_that_could_spill_into_the_same_cell_are_left_to_be_sorted_out(below, beside, value):
    # B2 is free to both A2 and B1; one of them needs it.
    cells = {"A2": Spilling(below), "B1": Spilling(beside), "B2": EMPTY, "D1": "=B2+1"}
    assert together(book({**NUMBERS, **cells})) == {}
    found, left = calculated(book({**NUMBERS, **cells}))
    assert (found["B2"], found["D1"]) == (value, value + 1) and not left


def test_free_cells_beside_a_block_that_is_not_free_are_read_after_the_answer():
    # B1 and C1 are free and A2 is, B2 is not: no rectangle. The answer fills the row.
    cells = {**NUMBERS, "A1": Spilling("=F1:H1*10"), "B1": EMPTY, "C1": EMPTY, "A2": EMPTY, "B2": 8, "J1": "=C1+1"}
    found, left = calculated(book(cells))
    assert [found[each] for each in ("A1", "B1", "C1", "J1")] == [30, 40, 50, 51] and not left
