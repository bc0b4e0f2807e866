"""Whole workbooks in the embedded engine: the order of computing, where answers spill to, and what it cannot finish."""

from __future__ import annotations

import pytest
from openpyxl.utils.cell import get_column_letter

from tests.sheets.calc.small_books import EMPTY, Array, Spilling, across, book, calculated, sheet_data
from tests.sheets.calc_files import SHEET, package, part
from vidcost_xl.errors import ExcelError
from vidcost_xl.sheets.calc.calculate import calculate
from vidcost_xl.sheets.package.parts import read_parts, write_parts

MONTHS = 60
NUMBERS = {"F1": 3, "G1": 4, "H1": 5, "F2": 6, "F3": 7}
MISSING, DIVISION = ExcelError("#N/A"), ExcelError("#DIV/0!")


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
    found, left = calculated(book(corkscrew()))
    balances = [found[f"{get_column_letter(month + 1)}6"] for month in range(1, MONTHS + 1)]
    assert balances == pytest.approx(by_hand(), rel=1e-12) and not left


def test_balances_that_go_down_a_column_are_computed_day_by_day():
    cells = {
        "B1": 100,
        **{f"A{day}": day for day in range(2, 401)},
        **{f"B{day}": f"=B{day - 1}*0.5+A{day}" for day in range(2, 401)},
    }
    (found, _), balance = calculated(book(cells)), 100.0
    for day in range(2, 401):
        balance = balance * 0.5 + day
        assert found[f"B{day}"] == pytest.approx(balance, rel=1e-14)


def test_a_balance_is_left_from_the_month_on_that_is_not_certain():
    _, left = calculated(book(corkscrew("={0}1+0") | {"AE1": "1,000"}))  # month 30
    closing = [f"{get_column_letter(month + 1)}6" in left for month in range(1, MONTHS + 1)]
    assert closing == [month >= 30 for month in range(1, MONTHS + 1)]


def test_what_reads_a_left_cell_is_left_too_however_far():
    cells = {"A1": "1,000", "B1": "=A1+1", "C1": "=B1*2", "D1": "=SUM(C1:C9)", "E1": "=IFERROR(D1,0)", "F1": "=1+1"}
    found, left = calculated(book(cells))
    assert set(left) == {"B1", "C1", "D1", "E1"} and found["F1"] == 2


def test_formulas_that_excel_alone_computes_hold_up_only_what_reads_them():
    found, left = calculated(book({"A1": "=NOW()", "B1": "=A1+1", "C1": "=2*2", "D1": "=C1+1"}))
    assert set(left) == {"A1", "B1"} and (found["C1"], found["D1"]) == (4, 5) and "NOW" in left["A1"]


def test_circles_are_left_beside_healthy_formulas_of_their_own_pattern():
    # Each reads the cell to its left; A2 and F2 read each other.
    cells: dict[str, object] = {f"{column}2": f"={before}2+1" for before, column in zip("ABCDE", "BCDEF", strict=True)}
    cells |= {"A2": "=F2+1", "H2": 1, "I2": "=H2+1", "J2": "=I2+1", "A4": "=SUM(A4:A6)"}
    found, left = calculated(book(cells))
    assert set(left) == {"A4", *(f"{column}2" for column in "ABCDEF")} and (found["I2"], found["J2"]) == (2, 3)
    assert all("circular" in reason or reason.startswith("depends on") for reason in left.values())


def test_a_blank_cell_shows_as_zero_and_a_negative_zero_as_none():
    found, _ = calculated(book({"A2": "=A1", "B2": "=-A1", "C2": "=0*-1"}))
    assert [str(found[each]) for each in ("A2", "B2", "C2")] == ["0.0", "0.0", "0.0"]


def test_formulas_read_across_sheets_in_both_directions():
    first = {"A1": 5, "B1": "=Sheet2!B1+1", "C1": "=Sheet2!C1+1"}
    second = {"B1": "=Sheet1!A1*2", "C1": "=Sheet1!B1*2"}
    found, left = calculated(book(first, second))
    assert (found["B1"], found["C1"]) == (11, 23) and not left


@pytest.mark.parametrize("value", [1.5, "text", True, False, MISSING, DIVISION, "", "é ß 数"])
def test_cells_are_read_as_what_they_hold(value):
    found = calculated(book({"A1": value, "B1": "=A1"}))[0]["B1"]
    assert (found, type(found)) == ((value, type(value)) if value != "" else (0.0, float))


def test_references_beyond_the_last_cell_read_blanks_and_whole_rows_and_columns_end_there():
    cells = {"A1": 2, "A2": 3, "B1": 7, "C2": "=SUM(A:A)", "C3": "=SUM(A1:A40)+Z99", "C4": "=COUNT(Sheet2!A1:C3)"}
    cells |= {"C5": "=COUNT($1:$1)", "C6": "=MATCH(7,1:1,0)", "XFD9": 1}
    found, left = calculated(book(cells, {}))
    assert [found[f"C{row}"] for row in range(2, 7)] == [5, 5, 0, 2, 2] and not left


def test_names_of_cells_areas_and_constants_are_read_by_all_copies():
    names = (
        "<definedName name='rate'>Sheet1!$A$1</definedName><definedName name='all'>Sheet1!$A$1:$A$3</definedName>"
        "<definedName name='twelve'>12</definedName><definedName name='word'>\"x\"</definedName>"
    )
    cells = {"A1": 2, "A2": 3, "A3": 4, "B2": "=A2*rate*twelve", "B3": "=A3*rate*twelve", "C1": "=SUM(all)&word"}
    found, _ = calculated(book(cells, names=names))
    assert (found["B2"], found["B3"], found["C1"]) == (72, 96, "9x")


def test_an_area_written_from_its_end_is_read_like_any_other():
    found, left = calculated(book({"A1": 1, "A2": 2, "A3": 4, "B1": "=SUM(A3:A1)+COUNT(A:A)"}))
    assert found["B1"] == 10 and not left


def test_each_copy_asks_for_its_own_criterion():
    # Criteria of several kinds in one pattern: a number, a text, a comparison, and the same number again.
    cells = {f"A{row}": value for row, value in enumerate((1, 2, 2, "x"), 5)}
    cells |= {"A1": 2, "B1": "x", "C1": ">1", "D1": 2, "E1": 9, **across("=COUNTIF($A$5:$A$8,#1)", 2)}
    found, _ = calculated(book(cells))
    assert [found[f"{column}2"] for column in "ABCDE"] == [2, 1, 2, 2, 0]


@pytest.mark.parametrize(("criterion", "count"), [("Feb 2024", 1), ("January 1, 2024", 1), ("Zone 2024", 0)])
def test_a_month_in_words_counts_the_dates_that_it_names_or_is_left(criterion, count):
    # 1 January and 1 February 2024 as serial numbers.
    cells = {"A1": 45292, "A2": 45323, "B2": criterion, "C1": f'=COUNTIF(A1:A2,"{criterion}")'}
    found, left = calculated(book({**cells, "C2": "=COUNTIF(A1:A2,B2)"}))
    assert [found.get(each) for each in ("C1", "C2") if each not in left] == [count] * (2 - len(left))


@pytest.mark.parametrize(
    ("formula", "values"),
    [
        ("=SUM(IF(#1>0,#2:#3,10))", [5, 10, 5]),  # 2 + 3, or 10 once
        ("=SUM(IF(#1>0,#2:#3,#1:#3))", [5, 5, 5]),
        ("=ROWS(IF(#1>0,#2:#3,#1:#3))", [2, 3, 2]),
        ("=SUM(IF(#1>0,#2:#3))", [5, 0, 5]),
    ],
)
def test_the_answer_of_each_copy_has_the_size_of_its_own_branch(formula, values):
    cells = {f"{column}{row}": number for column in "ABC" for row, number in ((2, 2), (3, 3))}
    found, left = calculated(book({**cells, "A1": 1, "B1": 0, "C1": 1, **across(formula, 4, "ABC")}))
    assert [found[f"{column}4"] for column in "ABC"] == values and not left


def test_array_formulas_choose_cell_by_cell():
    cells = {"A1": 1, "A2": -2, "A3": DIVISION, "B1": 10, "B2": 20, "B3": 30}
    arrays = {
        "C1": Array("=SUM(IF(A1:A2>0,B1:B2,1))"),
        "C2": Array("=SUM(IFERROR(A1:A3,B1:B3))"),
        "C3": Array("=SUM(IF(A1:A3>0,B1:B3))"),
    }
    found, _ = calculated(book({**cells, **arrays}))
    assert (found["C1"], found["C2"], found["C3"]) == (11, 29, DIVISION)


def test_an_answer_spills_into_free_cells_and_is_read_there():
    data = book({**NUMBERS, "A1": Spilling("=F1:F3*10"), "A2": EMPTY, "A3": EMPTY, "C1": "=SUM(A1:A3)", "C2": "=A3+1"})
    found, left = calculated(data)
    assert [found[each] for each in ("A1", "A2", "A3", "C1", "C2")] == [30, 60, 70, 160, 71] and not left
    assert 'ref="A1:A3"' in part(calculate(data, "a.xlsx").data)


def test_an_answer_larger_than_the_cells_of_the_file_is_left():
    _, left = calculated(book({**NUMBERS, "A1": Spilling("=F1:F3*10"), "A2": EMPTY}))
    assert "3 x 1" in left["A1"]


def test_an_answer_does_not_spill_over_values():
    _, left = calculated(book({**NUMBERS, "A1": Spilling("=F1:F3*10"), "A2": EMPTY, "A3": "mine"}))
    assert "A1" in left


@pytest.mark.parametrize("formula", ["=F1*2", "=INDEX(F1:F3,2)"])
def test_an_answer_does_not_spill_over_formulas_that_it_does_not_need(formula):
    cells = {"A1": Spilling("=F1:F3*10"), "A2": EMPTY, "A3": formula, "C1": "=A3*2"}
    found, left = calculated(book({**NUMBERS, **cells}))
    assert (found["A3"], found["C1"]) == (6, 12) and set(left) == {"A1"}


def test_what_an_answer_needs_and_what_follows_from_it_are_computed_however_far():
    # A1 needs B1, which no other formula reads; D1 and E1 follow from it, I1 is an answer that needs E1.
    cells = {"B1": "=F1*2", "A1": Spilling("=F1:F3*B1"), "A2": EMPTY, "A3": EMPTY, "D1": "=SUM(A1:A3)", "E1": "=D1+1"}
    more = {"I1": Spilling("=F1:F2*E1"), "I2": EMPTY, "K1": "=I2+A3", "L1": "=K1*2"}
    found, left = calculated(book({**NUMBERS, **cells, **more}))
    # 3, 6 and 7 times 6 are 18, 36 and 42; 6 times 97 is 582.
    assert [found[each] for each in ("A3", "D1", "E1", "I2", "K1", "L1")] == [42, 96, 97, 582, 624, 1248] and not left


@pytest.mark.parametrize("around", [{}, {"A2": "=F1"}, {"B1": "=F1"}, {"A2": "=F1", "B1": "=F1"}])
@pytest.mark.parametrize("taken", ["INDEX(F1:F3,E1)", "INDEX(F1:H1,E1)", "INDEX(F1:H1,1,E1)", "INDEX(F1:H3,E1,E1)"])
def test_a_whole_column_or_row_in_one_cell_is_left_whatever_stands_around_it(taken, around):
    _, left = calculated(book({**NUMBERS, **around, "E1": 0, "A1": f"={taken}"}))
    assert "A1" in left


def test_an_answer_that_is_smaller_than_before_leaves_blank_cells():
    data = book({**NUMBERS, "A1": Spilling("=F1:F2*10"), "A2": 60, "A3": 70, "C1": "=COUNT(A1:A3)"})
    parts = read_parts(data)
    parts[SHEET] = parts[SHEET].replace(b'ref="A1"', b'ref="A1:A3"')
    found, left = calculated(write_parts(parts))
    assert (found["A1"], found["A2"], found["A3"], found["C1"]) == (30, 60, None, 2) and not left


def test_an_array_of_fixed_size_keeps_its_size():
    _, left = calculated(book({**NUMBERS, "A1": Array("=F1:F3*10"), "A2": EMPTY, "A3": EMPTY}))
    assert set(left) == {"A1"}


@pytest.mark.parametrize(
    ("below", "beside", "value"), [("=F1:G1*10", "=F1*2", 40), ("=F1*2", "=F1:F2*10", 60)], ids=["below", "beside"]
)
def test_of_two_answers_that_could_spill_into_the_same_cell_the_one_that_needs_it_does(below, beside, value):
    # B2 is free to both A2 and B1; one of them needs it.
    cells = {"A2": Spilling(below), "B1": Spilling(beside), "B2": EMPTY, "D1": "=B2+1"}
    found, left = calculated(book({**NUMBERS, **cells}))
    assert (found["B2"], found["D1"]) == (value, value + 1) and not left


def test_free_cells_beside_a_block_that_is_not_free_are_read_after_the_answer():
    # B1 and C1 are free and A2 is, B2 is not: no rectangle. The answer fills the row.
    cells = {**NUMBERS, "A1": Spilling("=F1:H1*10"), "B1": EMPTY, "C1": EMPTY, "A2": EMPTY, "B2": 8, "J1": "=C1+1"}
    found, left = calculated(book(cells))
    assert [found[each] for each in ("A1", "B1", "C1", "J1")] == [30, 40, 50, 51] and not left


def test_rows_become_columns():
    found, _ = calculated(book({"A1": 1, "B1": "x", "A3": Spilling("=TRANSPOSE(A1:B1)"), "A4": "", "C1": "=A3&A4"}))
    assert found["A3"] == 1 and found["C1"] == "1x"


def test_answers_that_spill_into_each_other_are_left_and_end_no_calculation():
    # A blank column number is a whole row to INDEX: C5 spills over D5, which reads what adds C5 up.
    cells = {
        "A1": "=1+1",
        "C5": "=IFERROR(INDEX(T6:V10,1,U2),B7)",
        "D5": "=IFERROR(INDEX(U6:W10,1,V2),C7)",
        "C7": "=SUM(C4:C6)",
    }
    _, left = calculated(book(cells))
    assert {"C5", "D5", "C7"} <= set(left) and "gave up" in left["C5"]


def shared(text: str, addresses: list[str]) -> str:
    """A shared formula as Excel saves what was filled to the right."""
    of = f't="shared" ref="{addresses[0]}:{addresses[-1]}" si="0"'
    copies = "".join(f'<c r="{each}"><f t="shared" si="0"/></c>' for each in addresses[1:])
    return f'<row r="3"><c r="{addresses[0]}"><f {of}>{text}</f></c>{copies}</row>'


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("A1*10+A$2", "ABCD", [20, 40, 80, 160]),
        ("SUM($A1:A1)", "ABCD", [1, 3, 7, 15]),  # what grows reads more in each copy
        ("SUM($A1:A1)+COUNT($A1:A1)", "ABCD", [2, 5, 10, 19]),
        ("SUM($A1:A1)+SUM(A:A)", "FGH", [1 + 11, 3 + 22, 7 + 44]),  # whole columns move along
    ],
)
def test_shared_formulas_are_copies_like_any_others(text, columns, expected):
    # Above them 1, 2, 4, 8 and 10, 20, 40, 80.
    numbers = {f"{column}{row}": 10 ** (row - 1) * 2**at for row in (1, 2) for at, column in enumerate("ABCD")}
    data = package(sheet_data(numbers) + shared(text, [f"{column}3" for column in columns]))
    found, left = calculated(data)
    assert [found[f"{column}3"] for column in columns] == expected and not left


WRONG = (
    *("ABS()", "ABS(1,2)", "ROUND(1)", "ROUND(1,2,3)", "IF(1)", "IF(1,2,3,4)", "IFERROR(1)", "MATCH(1)"),
    *("INDEX(A1:A2)", "YEAR()", "YEAR(1,2)", "SUMPRODUCT()", "LEFT()", 'RIGHT("a",1,2)', "DATE(1,2)", "MOD(1)"),
    *("NOT()", "NOT(1,2)", "ISNUMBER()", "ISTEXT(1,2)", "COUNTIF(A1:A2)", "SUMIFS(A1:A2,A1:A2)", "SUMIFS(A1:A2)"),
    *('FIND("x")', "SUM()", "MAX()", "COUNT()", "AND()", "OR()", "TRANSPOSE()", "EDATE(1)", "EOMONTH(1,2,3)"),
    *("ROWS()", "NA(1)", "COMBIN(1)", "HYPERLINK()", "INT()", "ROUNDUP()", "ISNA()", "ISERROR(1,2)", "TRUE(1)"),
    *("VIDEO_CONVERT(1)", "COUNTIFS(A1:A2)"),
)


@pytest.mark.parametrize("formula", WRONG)
def test_a_wrong_number_of_arguments_ends_no_calculation(formula):
    found, left = calculated(book({"A1": 1, "A2": 2, "B1": f"={formula}", "B2": "=A1+A2"}))
    assert found["B2"] == 3
    assert "B1" in left or "B1" in found
