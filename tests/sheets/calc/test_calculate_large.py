"""Workbooks whose formulas read more than fits in memory at once, and texts that a condition takes for dates."""

from __future__ import annotations

import tracemalloc

import pytest

from tests.sheets.calc_files import package, rows, values
from vidcost_xl.sheets.calc.calculate import calculate
from vidcost_xl.sheets.calc.vectors import groups


def formula(address: str, text: str) -> str:
    return f'<c r="{address}"><f>{text}</f></c>'


def number(address: str, value: object) -> str:
    return f'<c r="{address}"><v>{value}</v></c>'


def text(address: str, value: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>{value}</t></is></c>'


def computed(data: bytes) -> dict[str, object]:
    done = calculate(data, "a.xlsx")
    assert not done.report.left
    return {address: value for (_, address), value in values(done.data).items()}


def test_windows_that_each_copy_moves_are_read_in_parts(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(groups, "CHUNK", 50)
    data = package(
        rows(
            *(
                number(f"A{row}", row % 7) + formula(f"B{row}", f"COUNTIF(A{row}:A{row + 19},A{row})")
                for row in range(1, 101)
            )
        )
    )
    found = computed(data)
    cells = [row % 7 if row <= 100 else None for row in range(1, 121)]
    assert [found[f"B{row}"] for row in range(1, 101)] == [
        cells[row - 1 : row + 19].count(row % 7) for row in range(1, 101)
    ]


@pytest.mark.parametrize(
    "area", ["A{row}:A{end}", "A$1:A{row}"], ids=["windows of a fixed length", "running totals from the first row on"]
)
def test_areas_of_many_copies_are_never_held_all_at_once(area, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(groups, "CHUNK", 20_000)
    count = 1_500
    data = package(
        rows(
            *(
                number(f"A{row}", 1) + formula(f"B{row}", f"SUM({area.format(row=row, end=row + count - 1)})")
                for row in range(1, count + 1)
            )
        )
    )
    tracemalloc.start()
    found = computed(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert {found["B1"], found[f"B{count}"]} == {1.0, float(count)}
    # All places of all copies, 8 bytes each, would be more.
    assert peak < 8 * count * count


@pytest.mark.parametrize(("criterion", "count"), [("Feb 2024", 1), ("January 1, 2024", 1), ("Zone 2024", 0)])
def test_a_month_in_words_counts_the_dates_that_it_names(criterion, count):
    # 1 January and 1 February 2024 as serial numbers.
    data = package(
        rows(
            number("A1", 45292) + formula("C1", f'COUNTIF(A1:A2,"{criterion}")'),
            number("A2", 45323) + text("B2", criterion) + formula("C2", "COUNTIF(A1:A2,B2)"),
        )
    )
    found = computed(data)
    assert found["C1"] == found["C2"] == count
