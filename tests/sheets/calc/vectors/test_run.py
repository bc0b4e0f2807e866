"""Formulas computed in their order: corkscrews, circles, what is left, and large families in pieces."""

from __future__ import annotations

import pytest
from openpyxl.utils.cell import get_column_letter

from tests.sheets.calc.vectors.small_books import book, calculated, together
from vidcost_xl.sheets.calc.vectors import groups, run

MONTHS = 60


def corkscrew(flow: str = "=ROUND({0}1*1.5,2)") -> dict[str, object]:
    """Sixty months of an opening balance, what is added, what is used up, and a closing balance."""
    cells: dict[str, object] = {"A6": 1000}
    for month in range(1, MONTHS + 1):
        before, now = get_column_letter(month), get_column_letter(month + 1)
        cells |= {
            f"{now}1": month * 7.25,
            f"{now}3": f"={before}6",
            f"{now}4": flow.format(now),
            f"{now}5": f"=-IF({now}3>2000,{now}3*0.1,{now}4/3)",
            f"{now}6": f"=SUM({now}3:{now}5)",
        }
    return cells


def by_hand() -> list[float]:
    """The closing balances of `corkscrew`, month by month."""
    found, closing = [], 1000.0
    for month in range(1, MONTHS + 1):
        added = round(month * 7.25 * 1.5 + 1e-9, 2)  # a tie goes up
        closing += added - (closing * 0.1 if closing > 2000 else added / 3)
        found.append(closing)
    return found


def test_a_corkscrew_of_sixty_months_equals_a_loop_by_hand():
    done = together(book(corkscrew()))
    found = [done[f"{get_column_letter(month + 1)}6"] for month in range(1, MONTHS + 1)]
    assert found == pytest.approx(by_hand(), rel=1e-12)


def test_balances_that_go_down_a_column_are_computed_day_by_day():
    cells = {
        "B1": 100,
        **{f"A{day}": day for day in range(2, 401)},
        **{f"B{day}": f"=B{day - 1}*0.5+A{day}" for day in range(2, 401)},
    }
    done, balance = together(book(cells)), 100.0
    for day in range(2, 401):
        balance = balance * 0.5 + day
        assert done[f"B{day}"] == balance


def test_families_are_computed_piece_by_piece_where_their_areas_are_large(monkeypatch):
    whole = together(book(corkscrew()))
    monkeypatch.setattr(groups, "CHUNK", 4)
    assert together(book(corkscrew())) == whole


def test_what_reads_a_left_cell_is_left_too_however_far():
    cells = {"A1": "1,000", "B1": "=A1+1", "C1": "=B1*2", "D1": "=SUM(C1:C9)", "E1": "=IFERROR(D1,0)", "F1": "=1+1"}
    assert together(book(cells)) == {"F1": 2}


def test_a_balance_is_left_from_the_month_on_that_is_not_certain():
    cells = corkscrew("={0}1+0") | {"AE1": "1,000"}  # month 30
    done = together(book(cells))
    closing = [f"{get_column_letter(month + 1)}6" in done for month in range(1, MONTHS + 1)]
    assert closing == [month < 30 for month in range(1, MONTHS + 1)]


def test_formulas_that_excel_alone_computes_hold_up_only_what_reads_them():
    found, left = calculated(book({"A1": "=NOW()", "B1": "=A1+1", "C1": "=2*2", "D1": "=C1+1"}))
    assert set(left) == {"A1", "B1"} and (found["C1"], found["D1"]) == (4, 5)


def test_circles_are_left_beside_healthy_formulas_of_their_own_pattern():
    # Each reads the cell to its left; A2 and F2 read each other.
    cells: dict[str, object] = {f"{column}2": f"={before}2+1" for before, column in zip("ABCDE", "BCDEF", strict=True)}
    cells |= {"A2": "=F2+1", "H2": 1, "I2": "=H2+1", "J2": "=I2+1"}
    found, left = calculated(book(cells))
    assert set(left) == {f"{column}2" for column in "ABCDEF"} and (found["I2"], found["J2"]) == (2, 3)
    assert all("circular" in reason or reason.startswith("depends on") for reason in left.values())


def test_a_formula_that_reads_itself_is_left():
    assert together(book({"A1": "=SUM(A1:A3)", "B1": "=1+1"})) == {"B1": 2}


def test_more_reads_than_are_worth_ordering_are_left_and_still_right(monkeypatch):
    whole, _ = calculated(book(corkscrew()))
    monkeypatch.setattr(run, "MOST_EDGES", 10)
    assert "B6" not in together(book(corkscrew()))
    found, left = calculated(book(corkscrew()))
    assert not left and found == pytest.approx(whole)


def test_a_blank_cell_shows_as_zero_and_a_negative_zero_as_none():
    done = together(book({"A2": "=A1", "B2": "=-A1", "C2": "=0*-1"}))
    assert [str(done[each]) for each in ("A2", "B2", "C2")] == ["0.0", "0.0", "0.0"]


def test_values_of_several_cells_in_one_cell_are_left():
    assert together(book({"A1": 1, "A2": 2, "B1": "=IF(A1>0,1,2)", "C1": "=INDEX(A1:A2,0)"})) == {"B1": 1}


def test_nothing_changes_where_the_file_holds_the_right_values_already():
    done = together(book(corkscrew()))
    cells = corkscrew()
    assert set(done) == {each for each, value in cells.items() if isinstance(value, str)}


def test_formulas_read_across_sheets_in_both_directions():
    first = {"A1": 5, "B1": "=Sheet2!B1+1", "C1": "=Sheet2!C1+1"}
    second = {"B1": "=Sheet1!A1*2", "C1": "=Sheet1!B1*2"}
    assert together(book(first, second)) == {"B1": 11, "C1": 23}
