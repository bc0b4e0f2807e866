"""Formulas sorted by pattern: which ones are copies of each other, and which only look like it."""

from __future__ import annotations

from tests.sheets.calc.vectors.small_books import across, book, calculated, sheet_data, sorted_formulas, together
from tests.sheets.calc_files import package
from vidcost_xl.sheets.calc.vectors.families import Families, families


def found(data: bytes) -> Families:
    preparer, entries = sorted_formulas(data)
    return families(entries.values(), preparer)


def runs(data: bytes) -> list[list[tuple[int, int, bool, int]]]:
    """By family, each run: row, column, whether it goes down, how many copies."""
    return [[(run.row, run.column, run.down, run.count) for run in each.runs] for each in found(data).members]


def test_copies_beside_each_other_are_one_run_to_the_right():
    assert runs(book(across("=#1*$A$1+2", 2))) == [[(2, 1, False, 5)]]


def test_copies_below_each_other_are_one_run_down():
    assert runs(book({f"B{row}": f"=A{row}*A$1" for row in range(2, 7)})) == [[(2, 2, True, 5)]]


def test_rows_of_a_block_are_runs_of_one_family():
    cells = {address: text for row in (3, 4, 5) for address, text in across(f"=#1*$F{row}", row).items()}
    assert runs(book(cells)) == [[(3, 1, False, 5), (4, 1, False, 5), (5, 1, False, 5)]]


def test_a_gap_ends_a_run():
    assert runs(book(across("=#1+1", 2, "ABDE"))) == [[(2, 1, False, 2), (2, 4, False, 2)]]


def test_a_copy_that_keeps_what_its_neighbour_moves_begins_another_run_of_the_family():
    # All four read one cell and add 1: what differs is only where.
    assert runs(book({"A2": "=A1+1", "B2": "=B1+1", "C2": "=A1+1", "D2": "=B1+1"})) == [
        [(2, 1, False, 2), (2, 3, False, 2)]
    ]


def test_a_cell_read_twice_is_another_pattern_than_two_cells_read_once():
    assert len(runs(book({"A2": "=A1*2+A1*3", "B2": "=A1*2+B1*3"}))) == 2


def test_a_constant_is_part_of_the_pattern():
    assert len(runs(book({"A2": "=A1+1", "B2": "=B1+2", "C2": '=A1&"x"', "D2": '=B1&"y"'}))) == 4


def test_growing_ranges_are_no_copies_of_each_other():
    assert len(runs(book(across("=SUM($A1:#1)", 2)))) == 5


def test_the_same_formula_on_another_sheet_is_another_family():
    cells = across("=#1+1", 2)
    assert [each.pattern.place.sheet for each in found(book(cells, cells)).members] == ["Sheet1", "Sheet2"]


def test_array_formulas_are_no_copies_of_ordinary_ones():
    shared = '<c r="A2"><f>SUM(A1:B1)</f></c><c r="B2"><f t="array" ref="B2">SUM(B1:C1)</f></c>'
    assert [each.pattern.array for each in found(package(f'<row r="2">{shared}</row>')).members] == [False, True]


def test_a_copy_never_continues_over_the_edge_of_a_sheet():
    # The cell to the right of XFD is none; the formula beside it is written with the first column again.
    assert runs(book({"A2": "=XFC1+1", "B2": "=XFD1+1", "C2": "=A1+1"})) == [[(2, 1, False, 2), (2, 3, False, 1)]]


def test_formulas_that_excel_alone_computes_are_refused_with_a_reason():
    refused = found(book({"A1": "=NOW()", "B1": "=1+1"})).refused
    assert list(refused) == [("Sheet1", 1, 1)] and "NOW" in refused["Sheet1", 1, 1]


def shared(text: str, addresses: list[str]) -> dict[str, str]:
    of = f't="shared" ref="{addresses[0]}:{addresses[-1]}" si="0"'
    first = f'<c r="{addresses[0]}"><f {of}>{text}</f></c>'
    return {addresses[0]: first} | {each: f'<c r="{each}"><f t="shared" si="0"/></c>' for each in addresses[1:]}


def shared_book(text: str) -> bytes:
    """A3:D3 shared as Excel saves what was filled to the right, above 1, 2, 4, 8 and 10, 20, 40, 80."""
    numbers = sheet_data(
        {f"{column}{row}": 10 ** (row - 1) * 2**at for row in (1, 2) for at, column in enumerate("ABCD")}
    )
    return package(numbers + '<row r="3">' + "".join(shared(text, ["A3", "B3", "C3", "D3"]).values()) + "</row>")


def test_shared_formulas_are_copies_like_any_others():
    done = together(shared_book("A1*10+A$2"))
    assert [done[f"{column}3"] for column in "ABCD"] == [20, 40, 80, 160]


def test_a_shared_range_that_grows_reads_more_in_each_copy():
    # 1, 1 + 2, 1 + 2 + 4, 1 + 2 + 4 + 8.
    found, left = calculated(shared_book("SUM($A1:A1)"))
    assert [found[f"{column}3"] for column in "ABCD"] == [1, 3, 7, 15] and not left


def test_a_shared_range_that_grows_is_computed_together_with_others_of_its_size():
    done = together(shared_book("SUM($A1:A1)+COUNT($A1:A1)"))
    assert [done[f"{column}3"] for column in "ABCD"] == [2, 5, 10, 19]


def test_whole_columns_of_shared_formulas_move_with_them():
    # A:A holds 1 and 10, B:B 2 and 20 and so on, in the rows above; the growing range adds to that.
    numbers = sheet_data(
        {f"{column}{row}": 10 ** (row - 1) * 2**at for row in (1, 2) for at, column in enumerate("ABCD")}
    )
    cells = shared("SUM($A1:A1)+SUM(A:A)", ["F3", "G3", "H3"])
    found, left = calculated(package(numbers + '<row r="3">' + "".join(cells.values()) + "</row>"))
    assert [found[f"{column}3"] for column in "FGH"] == [1 + 11, 3 + 22, 7 + 44] and not left
