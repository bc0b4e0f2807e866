"""What the embedded engine is given, and what becomes of what it cannot finish."""

from __future__ import annotations

from tests.sheets.vectors.small_books import book, calculated


def test_an_area_written_from_its_end_is_read_like_any_other():
    # The whole column keeps this formula from being computed with its copies.
    found, left = calculated(book({"A1": 1, "A2": 2, "A3": 4, "B1": "=SUM(A3:A1)+COUNT(A:A)"}))
    assert found["B1"] == 10 and not left
