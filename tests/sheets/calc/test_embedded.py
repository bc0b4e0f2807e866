"""What the embedded engine is given, and what becomes of what it cannot finish."""

from __future__ import annotations

from tests.sheets.calc.vectors.small_books import book, calculated


def test_answers_that_spill_into_each_other_are_left_and_end_no_calculation():
    # A blank column number is a whole row to INDEX: C5 spills over D5, which reads what adds C5 up.
    cells = {
        "A1": "=1+1",
        "C5": "=IFERROR(INDEX(T6:V10,1,U2),B7)",
        "D5": "=IFERROR(INDEX(U6:W10,1,V2),C7)",
        "C7": "=SUM(C4:C6)",
    }
    found, left = calculated(book(cells))
    assert found["A1"] == 2 and set(left) == {"C5", "D5", "C7"}
    assert all("gave up" in reason for reason in left.values())


def test_an_area_written_from_its_end_is_read_like_any_other():
    # The whole column keeps this formula from being computed with its copies.
    found, left = calculated(book({"A1": 1, "A2": 2, "A3": 4, "B1": "=SUM(A3:A1)+COUNT(A:A)"}))
    assert found["B1"] == 10 and not left
