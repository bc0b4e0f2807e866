"""The sheet Own: its headline, its chart, and what its checks catch."""

from __future__ import annotations

import pytest

from tests.sheets.opened import typed_into
from tests.sheets.plan.plan_cases import OPEN, Case, month
from vidcost_xl.functions.adapter import call
from vidcost_xl.model.files import preset
from vidcost_xl.sheets.package.parts import read_parts
from vidcost_xl.sheets.plan.own.sheets import own_sheet


@pytest.fixture(scope="module")
def model(models):
    return models["article"]


def shown(model, values, key, column="constant"):
    return values[model.addresses.key(f"own_s_{key}.{column}")]


def test_the_headline_is_what_the_functions_say(model):
    rows = {row[0]: row[1] for row in call("VIDEO_BREAKEVEN", [])}
    summary = {row[0]: row[1] for row in call("VIDEO_OWN", ["article", "summary"])}
    expected = {
        "break_cash": rows["Break-even, cash"],
        "break_present": rows["Break-even, cash discounted"],
        "break_pnl": rows["Break-even, profit and loss after interest"],
        "saved": rows["Saved by the own site, cash"],
        "ahead": rows["Most spent ahead on the own site, cash"],
        "left": rows["Book value left at the end, not counted"],
        "tb": summary["Site, a TB and month"],
        "loss": summary["Expected loss"],
    }
    for key, value in expected.items():
        assert shown(model, model.values, key) == pytest.approx(value, rel=1e-9), key


@pytest.mark.parametrize("months", [12, 36])
def test_the_headline_and_its_charts_print_on_one_page(months):
    sheet = own_sheet(preset("article").with_overrides([("calendar.months", months)]), "acquire_leg1", "support")
    keys = [column.key for column in sheet.columns]
    last = keys.index(sheet.prints[0].strip("{}").rpartition(".")[2])
    # A digit of Calibri 11 is 7 pixels wide, a column 5 more; 96 make an inch, and A3 has 16.54 less two margins.
    inches = sum(7 * column.width + 5 for column in sheet.columns[: last + 1]) / 96
    assert all(keys.index(chart.right) <= last for chart in sheet.charts)
    if months > 12:  # pages beside each other are not made smaller than they are
        assert inches <= 16.54 - 2 * 0.4


def test_the_break_even_month_stands_on_the_chart(model):
    assert model.values[model.addresses.key("own_mark.label")] == "Break-even: month 7"
    marks = [model.values[model.addresses.key(f"own_mark.m{at}")] for at in range(1, 13)]
    assert [at for at, value in enumerate(marks, start=1) if value] == [7]
    assert marks[6] == model.values[model.addresses.key("own_cash_sum.m7")]
    parts = read_parts(model.data)
    chart = next(text for name, text in parts.items() if name.startswith("xl/charts/") and b"Break-even: month" in text)
    assert b"lineChart>" in chart and b"barChart>" in chart
    assert chart.count(b"<c:ser>") + chart.count(b"<ser>") == 3


def test_without_a_break_even_the_sheet_says_none_and_why(model):
    values = typed_into(model.data, Case(lines=(("own.staff_fte", OPEN, OPEN, 1_000.0),)).cells(model.addresses))
    for key in ("break_cash", "break_present", "break_pnl"):
        assert shown(model, values, key) == "none"
        assert shown(model, values, key, "note") == "none: the own site has cost more at the end"
    assert values[model.addresses.key("own_mark.label")] == "No break-even within the plan"
    assert values[model.addresses.key("checks_master.flag")] == 0


def test_a_price_of_the_site_changed_in_the_sheet_is_a_failed_check_of_what_it_moves(model):
    row = next(
        row
        for sheet in model.addresses.layout.sheets
        if sheet.name == "Prices"
        for row in sheet.rows
        if row.id.startswith("tier_") and row.entries["meter"].value == "own.drive.hdd-28tb-exos-renewed"
    )
    values = typed_into(model.data, {model.addresses.key(f"{row.id}.price"): 30.0})

    def flag(key):
        return values[model.addresses.key(f"{key}.flag")]

    assert flag("ch_own_drive_price") == flag("ch_own_additions") == flag("ch_own_cash") == 1
    assert flag("ch_own_drives") == flag("ch_own_cloud") == flag("chk_own_views") == 0


def test_waiting_that_cannot_be_priced_is_an_error_and_a_failed_check(model):
    case = Case(inputs={"wait.on": "yes", "limits.link_gbps": 100}, lines=(("train.passes", month(3), OPEN, 2.0),))
    values = typed_into(model.data, case.cells(model.addresses))
    assert values[model.addresses.key("speed_wait_cost.m1")].code == "#N/A"
    assert values[model.addresses.key("checks_master.flag")] > 0
    assert values[model.addresses.key("k_total.total")] > 0


def test_native_formulas_can_be_chosen_and_the_sheet_follows(model):
    values = typed_into(model.data, {model.addresses.key("inputs_switch.value"): "native"})
    assert shown(model, values, "saved") == pytest.approx(shown(model, model.values, "saved"), rel=1e-9)


def test_a_way_out_of_where_nothing_is_stored_is_said_in_place_of_a_verdict(model):
    moved = {"representation.1.class": "r2.standard", "representation.2.class": "r2.standard"}
    moved |= {"train.route": "r2.internet"}
    said, drawn = {}, {}
    for way in ("aws.internet", "r2.internet"):
        values = typed_into(model.data, Case("article", moved | {"exit.route": way}).cells(model.addresses))
        said[way] = values[model.addresses.key("sum_own.a")]
        drawn[way] = [values[model.addresses.key(f"own_{row}")] for row in ("shown.label", "mark.label", "shown.m12")]
    assert said["aws.internet"].startswith("An own site is not priced right: aws.internet leaves a provider")
    assert drawn["aws.internet"] == ["An own site is not compared", "Not compared", 0]
    assert said["r2.internet"] == "An own site does not pay within the plan."
    assert drawn["r2.internet"][:2] == ["Own site, cumulative cash", "No break-even within the plan"]
    assert drawn["r2.internet"][2] > 0
