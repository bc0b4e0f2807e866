"""Scenarios beside each other: numbers worked out by hand from published prices, and tables that are refused."""

from __future__ import annotations

import pytest

from vidcost_xl.errors import BadArgumentError, ExcelError, OutOfDomainError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.model import VIDEO_INPUTS, VIDEO_TOTAL
from vidcost_xl.functions.scenarios import VIDEO_SCENARIOS

#: 5 PB on S3 Standard at 0.023, 0.022 and 0.021, and what ten passes over the internet cost: two published tariffs.
GIB = 2**30


def internet(size):
    # 100 GB free; 10 TB at $0.09, 40 TB at $0.085, 100 TB at $0.07, the rest at $0.05.
    return 10_240 * 0.09 + 40_960 * 0.085 + 102_400 * 0.07 + (size / GIB - 100 - 153_600) * 0.05


def rows_of(table):
    return {(row[0], row[1]): row[2:] for row in table}


def test_each_figure_stands_beside_the_base_with_its_difference_in_money_and_percent():
    table = [["key", "half", "on R2"], ["train.passes", 0.5, ""], ["train.route", None, "r2.internet"]]
    table += [["representation.1.class", "", "r2.standard"], ["representation.2.class", "", "r2.standard"]]
    rows = rows_of(VIDEO_SCENARIOS(None, table, None, "total", "stage"))
    assert rows["what", "measure"] == ["base", "half", "on R2"]
    # By hand: 50 and 25 PB a month; ten and five billion GETs at $0.0004 a thousand.
    base, half = (12 * (internet(passes * 5e15) + passes * 1e9 * 0.0004 / 1000) for passes in (10, 5))
    # R2: egress free, 10 billion class B operations at $0.36 a million, ten million free.
    on_r2 = 12 * (10_000 - 10) * 0.36
    assert rows["train", "cost"] == pytest.approx([base, half, on_r2], rel=1e-12)
    assert rows["train", "difference"] == pytest.approx([0, half - base, on_r2 - base], rel=1e-12)
    assert rows["train", "share"] == pytest.approx([0, half / base - 1, on_r2 / base - 1], rel=1e-12)
    # 10 PB for 30 days at $0.015 a GB of 10^9 bytes, 10 GB free.
    assert rows["store", "cost"][2] == pytest.approx(12 * (10_000_000 - 10) * 0.015, rel=1e-12)
    whole = [sum(rows[stage, "cost"][at] for stage in ("store", "train")) for at in range(3)]
    assert rows["total", "cost"] == pytest.approx(whole, rel=1e-12)
    assert len(rows) == 1 + 3 * 3


def test_every_figure_is_that_of_video_total_and_overrides_hold_in_all_of_them():
    table = [["key", "label", "base", "more"], ["train.passes", "Passes", 1, 3]]
    overrides = [["train.passes@2027-02", 7], ["commercial.discount", 0.1]]
    rows = rows_of(VIDEO_SCENARIOS(None, table, overrides, "peak"))
    wanted = [VIDEO_TOTAL(None, "peak", None, [*overrides, *more]) for more in ([], [["train.passes", 3]])]
    assert rows["peak", "cost"] == wanted and wanted[0] == wanted[1]
    assert rows_of(VIDEO_SCENARIOS(overrides=overrides))["monthly", "cost"] == [
        VIDEO_TOTAL(None, "monthly", None, overrides)
    ]


def test_fiscal_years_add_up_to_the_plan():
    table = [["key", "July"], ["calendar.fiscal_year_start", 7]]
    rows = rows_of(VIDEO_SCENARIOS(None, table, None, "total", "year"))
    total = rows["total", "cost"][0]
    # Twelve equal months from January: half of them in the year that ends in June.
    assert rows["FY2027", "cost"] == pytest.approx([total, total / 2])
    assert rows["FY2028", "cost"] == pytest.approx([0, total / 2]) and rows["FY2028", "share"] == ["", ""]


def test_the_base_is_what_is_typed_and_every_other_function_takes_what_is_in_force():
    inputs = [[*row, row[1]] for row in VIDEO_INPUTS()]
    inputs[0][-1] = "in force"
    passes = next(row for row in inputs if row[0] == "train.passes")
    passes[-1] = 2.0
    assert VIDEO_TOTAL(inputs) == VIDEO_TOTAL(None, "monthly", None, [["train.passes", 2]])
    assert VIDEO_SCENARIOS(inputs)[1][2] == VIDEO_TOTAL()


def test_a_scenario_without_a_price_is_missing_and_says_why():
    table = [["key", "half", "early"], ["train.passes", 0.5, ""], ["money.as_of", "", "2001-01-01"]]
    _head, cost, more, share, note = VIDEO_SCENARIOS(None, table)
    assert isinstance(cost[3], float) and note[:4] == ["", "note", "", ""]
    assert all(isinstance(row[4], ExcelError) and row[4].code == "#N/A" for row in (cost, more, share))
    assert "no price" in note[4]
    # A lifecycle rule of the plan does not go with B2's class; the other scenario is answered.
    table = [["key", "on b2", "half"], ["representation.1.class", "b2.standard", ""], ["train.passes", "", 0.5]]
    _head, cost, _more, _share, note = VIDEO_SCENARIOS("complete", table)
    assert str(cost[3]) == "#N/A" and "representation.1.lifecycle_months" in note[3] and cost[4] < cost[2]


def test_a_bill_in_another_currency_is_not_taken_from_the_base():
    table = [["key", "in euros", "dearer"], ["money.currency", "EUR", None], ["money.fx", 0.9, 1.1]]
    cost, more, share, note = VIDEO_SCENARIOS(None, table)[1:]
    assert [str(row[3]) for row in (cost, more, share)] == ["#N/A"] * 3
    assert note[3] == (
        "its bill is in EUR and the base's in USD: their difference is no amount. money.fx may differ, "
        "money.currency not."
    )
    assert cost[4] == pytest.approx(1.1 * cost[2], rel=1e-12) and share[4] == pytest.approx(0.1, rel=1e-12)


@pytest.mark.parametrize(
    ("table", "error", "said"),
    [
        ([["key", "a"], ["train.pases", 2]], BadArgumentError, "scenario a: .*Nearest: train.passes"),
        ([["key", "a"], ["train.passes", -1]], OutOfDomainError, "scenario a: .*passes.* is -1; allowed"),
        ([["key", "a", "A "], ["train.passes", 1, 2]], BadArgumentError, "two of them are called 'a'"),
        ([["key", "a", ""], ["train.passes", 1, 2]], BadArgumentError, "column 3 holds values and has no name"),
        ([["key", "a"], ["", 2]], BadArgumentError, "row 2: there are values and no key"),
        ([["key", "a"], ["train.passes", ""], ["train.passes", 2]], BadArgumentError, "row 3: .* stands in row 2 too"),
        ([["keys", "a"], ["train.passes", 2]], BadArgumentError, "Nearest: key"),
        ([["key", "base"], ["train.passes", 2]], BadArgumentError, "no column with a scenario's name"),
    ],
)
def test_a_table_that_is_none_is_refused(table, error, said):
    with pytest.raises(error, match=said):
        VIDEO_SCENARIOS(None, table)


def test_an_error_value_passes_through_and_an_unknown_breakdown_names_the_nearest():
    found = call("VIDEO_SCENARIOS", [None, [["key", "a"], ["train.passes", ExcelError("#REF!")]]])
    assert found.code == "#REF!" and "row 2, column a" in found.message
    with pytest.raises(BadArgumentError, match="Nearest: stage"):
        VIDEO_SCENARIOS(by="stages")
