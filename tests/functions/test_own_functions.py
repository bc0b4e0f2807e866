"""VIDEO_OWN and VIDEO_BREAKEVEN as a cell calls them, through the adapter and through the engine."""

from __future__ import annotations

import pytest

from vidcost_xl.errors import ExcelError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.values import EMPTY, OMITTED
from vidcost_xl.hosts.formualizer import evaluate
from vidcost_xl.model.bill import evaluate as bill
from vidcost_xl.model.files import preset
from vidcost_xl.model.own import VIEWS, own_site


def column(rows, name):
    at = rows[0].index(name)
    return [row[at] for row in rows[1:]]


def rows_of(table):
    return {row[0]: row for row in table}


@pytest.mark.parametrize("view", list(VIEWS))
def test_a_view_has_a_row_a_month_and_spills_the_same_in_the_engine(view):
    table = call("VIDEO_OWN", ["complete", view])
    assert [row[0] for row in table[1:]] == [f"2027-{month:02d}" for month in range(1, 13)]
    assert evaluate(f'=VIDEO_OWN("complete","{view}")') == table


def test_monthly_is_the_default_and_holds_every_row_of_the_model():
    site = own_site(bill(preset("article")))
    table = call("VIDEO_OWN", [])
    assert table == call("VIDEO_OWN", [OMITTED, EMPTY, OMITTED])
    assert len(table[0]) == len(site.rows) + 1
    assert column(table, "cash") == site.months("cash").tolist()


def test_overrides_change_it_and_the_bill_stays():
    changed = call("VIDEO_OWN", ["article", "cash", [["own.staff_fte", 0.0], ["own.staff_fte@2027-09", 1.0]]])
    assert column(changed, "staff") == pytest.approx([0, 0, 0, 0, 0, 0, 0, 0, 200_000 / 12, 0, 0, 0])
    assert column(changed, "cloud") == column(call("VIDEO_OWN", ["article", "cash"]), "cloud")


def test_the_example_is_the_public_build_whatever_the_plan():
    rows = rows_of(call("VIDEO_OWN", ["complete", "example"]))
    assert rows["All in, USD a month"][1] == 29_500
    assert rows["All in, USD a month"][2] == pytest.approx(29_500, rel=0.1)


def test_the_summary_says_where_its_prices_come_from():
    rows = call("VIDEO_OWN", ["article", "summary"])
    price = rows_of(rows)["List price: Seagate Exos 28 TB, renewed"]
    assert price[1:3] == [21.96, "USD per TB"]
    assert "2026-06-07" in price[3] and "confidence low" in price[3]


@pytest.mark.parametrize("plan", ["article", "complete"])
def test_an_own_site_breaks_even_in_its_first_month(plan):
    rows = rows_of(call("VIDEO_BREAKEVEN", [plan]))
    # Six months of lead: month 7 is the first of the site.
    assert rows["Break-even, cash"][1] == 7
    cash = call("VIDEO_OWN", [plan, "cash"])
    cloud, own = column(cash, "cloud_sum"), column(cash, "cash_sum")
    assert cloud[5] < own[5] and cloud[6] > own[6]
    assert rows["Saved by the own site, cash"][1] == pytest.approx(cloud[-1] - own[-1])
    ahead = max(b - a for a, b in zip(cloud, own, strict=True))
    assert rows["Most spent ahead on the own site, cash"][1] == pytest.approx(ahead)


def test_without_a_break_even_the_value_is_n_a_with_the_reason_beside_it():
    dear = [["own.staff_fte", 1_000.0]]
    row = rows_of(call("VIDEO_BREAKEVEN", ["article", OMITTED, OMITTED, dear]))["Break-even, cash"]
    assert isinstance(row[1], ExcelError) and row[1].code == "#N/A"
    assert row[3].startswith("none: by 2027-12 the own site has cost ")
    assert evaluate('=INDEX(VIDEO_BREAKEVEN(,,,{"own.staff_fte",1000}),2,2)').code == "#N/A"


def test_the_other_order_asks_when_the_cloud_becomes_cheaper():
    dear = [["own.staff_fte", 1_000.0]]
    row = rows_of(call("VIDEO_BREAKEVEN", ["article", " Own, cloud ", OMITTED, dear]))["Break-even, cash"]
    assert row[1] == 1


def test_passes_flip_with_the_cost_of_either_beside_it():
    rows = rows_of(call("VIDEO_BREAKEVEN", ["article", OMITTED, "Passes"]))
    assert rows["Passes in the plan"][1] == 10
    flips = rows["Same cost, cash"][1]
    assert 0 < flips < 1
    total = call("VIDEO_TOTAL", ["article", "total", OMITTED, [["train.experiments", flips]]])
    assert rows["Either then costs, cash"][1] == pytest.approx(total, rel=1e-9)


def test_another_input_flips_in_its_own_unit():
    rows = call("VIDEO_BREAKEVEN", ["article", OMITTED, "dataset.videos"])
    assert rows_of(rows)["Same cost, cash"][2] == "videos"


def test_every_flip_is_listed_where_a_step_turns_the_answer_back():
    """Another chassis at 30,345,000 videos makes the cloud the cheaper one again, for a while."""
    rows = rows_of(call("VIDEO_BREAKEVEN", ["article", OMITTED, "dataset.videos"]))
    first = rows["Same cost, cash discounted"]
    assert first[3] == "the own site is cheaper above; the first of 3 flips"
    values = [first[1], *(rows[f"Same cost {at}, cash discounted"][1] for at in (2, 3))]
    dearer = []
    for value in (1.0001 * values[0], 1.0001 * values[1], 1.0001 * values[2]):
        site = own_site(bill(preset("article").with_overrides([("dataset.videos", value)])))
        dearer.append(site.months("cash_present")[-1] > site.months("cloud_present")[-1])
    assert dearer == [False, True, False]


@pytest.mark.parametrize(
    ("name", "arguments", "code", "part"),
    [
        ("VIDEO_OWN", ["article", "csah"], "#VALUE!", "cash"),
        ("VIDEO_OWN", ["artikle"], "#VALUE!", "article"),
        ("VIDEO_OWN", ["article", 5.0], "#VALUE!", "view"),
        ("VIDEO_OWN", ["article", "cash", [["own.fill_limit", 1.5]]], "#NUM!", "own.fill_limit"),
        ("VIDEO_OWN", ["article", "cash", [["own.drive", "own.drive.hdd"]]], "#N/A", "own.drive.hdd-28tb-exos"),
        ("VIDEO_OWN", ["article", "cash", [["own.transit", "own.colocation.all-in"]]], "#VALUE!", "Mbps-month"),
        ("VIDEO_OWN", ["article", "speed", [["wait.on", "yes"]]], "#NUM!", "limits.link_gbps"),
        ("VIDEO_BREAKEVEN", ["article", "cloud"], "#VALUE!", "own,cloud"),
        ("VIDEO_BREAKEVEN", ["article", "cloud,colo"], "#VALUE!", "colo"),
        ("VIDEO_BREAKEVEN", ["article", OMITTED, "pases"], "#VALUE!", "passes"),
        ("VIDEO_BREAKEVEN", ["article", OMITTED, "train.route"], "#VALUE!", "driver"),
    ],
)
def test_bad_arguments_are_the_right_excel_error_with_a_reason(name, arguments, code, part):
    result = call(name, arguments)
    assert isinstance(result, ExcelError)
    assert result.code == code
    assert part in result.message and "failed inside" not in result.message


def test_a_private_price_of_the_site_is_used_by_the_plan():
    rows = call("VIDEO_CHECK", ["article", [["rate.own.drive.hdd-28tb-exos-renewed", 30.0]]])
    assert not [row for row in rows if row[1] == "private rate"]
    other = call("VIDEO_CHECK", ["article", [["rate.own.drive.nvme-30tb-enterprise", 30.0]]])
    assert [row[2] for row in other if row[1] == "private rate"] == ["rate.own.drive.nvme-30tb-enterprise"]


def test_an_explanation_lists_the_headline_of_the_site():
    steps = {row[0]: row[1] for row in call("VIDEO_EXPLAIN", ["VIDEO_OWN", "article"])}
    assert steps["Drives"] == 495
    # Of it the move: 5 PB on top of five passes at 0.05 a GB, 5 PB alone, two billion GETs at 0.0004 for 1,000.
    assert steps["Plan with an own site, cash"] == pytest.approx(17_776_149.70, abs=0.01)
