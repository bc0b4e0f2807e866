"""VIDEO_VARIANCE: ledgers as ranges in, a table that adds up out; refusals that name the row."""

from __future__ import annotations

import pytest

from vidcost_xl.analysis.actuals import actuals_of
from vidcost_xl.analysis.invoices import read_invoices
from vidcost_xl.errors import ExcelError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.model import VIDEO_INPUTS, VIDEO_LEDGER, VIDEO_TOTAL
from vidcost_xl.functions.values import EMPTY
from vidcost_xl.functions.variance import VIDEO_VARIANCE
from vidcost_xl.hosts.formualizer import evaluate as evaluate_formula
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset

HEAD = ["line", "period", "stage", "unit", "quantity", "amount", "currency"]
HEADER = [
    *("stage", "line", "budget", "actual", "variance"),
    *("structure", "volume", "mix", "price", "currency", "verdict"),
]


def ledger(*rows, head=HEAD):
    return [list(head), *map(list, rows)]


def january(line, quantity, amount, currency="USD"):
    return (line, "2027-01-01", "train", "GB", quantity, amount, currency)


def test_every_line_has_its_effects_and_the_last_row_their_sum():
    """Volume 75, mix 25 and price 30 of the worked example in the analysis; a line that came for $7, one that went."""
    budget = ledger(january("a", 100.0, 200.0), january("b", 100.0, 100.0), january("old", 1.0, 50.0))
    actual = ledger(january("a", 150.0, 330.0), january("b", 100.0, 100.0), january("new", 1.0, 7.0))
    table = VIDEO_VARIANCE(budget, actual)
    assert table[0] == HEADER
    assert table[1:] == [
        ["train", "a", 200, 330, 130, 0, 50, 50, 30, 0, "adverse"],
        ["train", "b", 100, 100, 0, 0, 25, -25, 0, 0, "on budget"],
        ["train", "old", 50, 0, -50, -50, 0, 0, 0, 0, "favourable"],
        ["train", "new", 0, 7, 7, 7, 0, 0, 0, 0, "adverse"],
        ["total", "", 350, 437, 87, -43, 75, 25, 30, 0, "adverse"],
    ]


def test_what_video_ledger_spills_goes_straight_in():
    more = [["key", "value"], ["train.experiments", 12], ["money.fx", 0.9], ["money.currency", "EUR"]]
    table = VIDEO_VARIANCE(VIDEO_LEDGER(None, more[:1] + more[2:]), VIDEO_LEDGER(None, more))
    total = table[-1]
    assert total[2] == pytest.approx(0.9 * VIDEO_TOTAL(None, "total"), abs=0.006)
    assert total[3] == pytest.approx(12 * VIDEO_TOTAL(None, "monthly", None, more), abs=0.006)
    assert total[4] == pytest.approx(sum(total[5:10]), abs=1e-6)
    stored = next(row for row in table if row[1] == "store.raw")
    assert stored[4:] == [0, 0, 0, 0, 0, 0, "on budget"]


def test_rows_of_one_line_and_month_are_added():
    half = january("a", 50.0, 100.0)
    assert VIDEO_VARIANCE(ledger(january("a", 100.0, 200.0)), ledger(half, half))[1][4] == 0


def test_a_focus_bill_is_matched_by_meter_or_service():
    """Budget $200 of egress for 100 GB; billed 120 GB for $240, and a queue that nobody planned for $3."""
    head = ["ChargePeriodStart", "EffectiveCost", "ProviderName", "ServiceName", "SkuMeter", "PricingQuantity"]
    head += ["PricingUnit", "BillingCurrency"]
    bill = ledger(
        ("2027-01-09 22:00:00", 240.0, "AWS", "AWS Data Transfer", "aws.transfer.internet-out", 120.0, "GB", "USD"),
        ("2027-01-30T22:00:00Z", 3.0, "AWS", "Amazon Simple Queue Service", "NULL", 1.0, "Requests", "USD"),
        head=head,
    )
    row = ("reads", "2027-01-01", "train", "GB", 100.0, 200.0, "USD", "aws.transfer.internet-out")
    table = VIDEO_VARIANCE(ledger(row, head=[*HEAD, "meter"]), bill)
    found = {line[1]: line for line in table[1:]}
    assert found["aws.transfer.internet-out"][2:5] == [200, 240, 40]
    assert found["AWS Amazon Simple Queue Service"][4:6] == [3, 3]
    assert found[""][4] == 43


def test_a_month_as_a_date_number_is_that_month():
    """46388 is 2027-01-01 in Excel's 1900 system: 46023 is 2026-01-01, and 2026 has 365 days."""
    assert (
        VIDEO_VARIANCE(ledger(january("a", 1.0, 5.0)), ledger(("a", 46388.0, "train", "GB", 1.0, 5.0, "USD")))[1][5]
        == 0
    )


@pytest.mark.parametrize(
    ("budget", "actual", "parts"),
    [
        (5.0, ledger(january("a", 1.0, 1.0)), ["budget is a range with a header row"]),
        (ledger(january("a", 1.0, 1.0)), ledger(), ["actual has a header row and nothing under it"]),
        (ledger(january("a", 1.0, 1.0)), ledger(("a",), head=["line"]), ["'period' is missing"]),
        (ledger(january("a", 1.0, "5")), ledger(january("a", 1.0, 1.0)), ["budget, row 2: amount is a number"]),
        (ledger(january("a", 1.0, None)), ledger(january("a", 1.0, 1.0)), ["budget, row 2: the amount is empty"]),
        (ledger(january("a", 1.0, 1.0, "EUR")), ledger(january("a", 1.0, 1.0)), ["EUR and in USD"]),
        (ledger(january("a", 1.0, 1.0, "EUR"), january("b", 1.0, 1.0)), ledger(january("a", 1.0, 1.0)), ["EUR, USD"]),
        (ledger(("a", "May", "train", "GB", 1.0, 1.0, "USD")), ledger(january("a", 1.0, 1.0)), ["'May' is not a date"]),
    ],
)
def test_a_range_that_is_no_ledger_is_refused_by_name(budget, actual, parts):
    result = call("VIDEO_VARIANCE", [budget, actual])
    assert isinstance(result, ExcelError)
    assert result.code == "#VALUE!"
    for part in parts:
        assert part in result.message


def test_an_error_cell_passes_through():
    bad = ledger(january("a", 1.0, ExcelError("#N/A")))
    assert call("VIDEO_VARIANCE", [bad, bad]).code == "#N/A"


BILL = ["provider", "month", "amount", "meter", "quantity", "unit", "service"]
#: S3 Standard at 0.02 a GB flat: the article keeps 9,313,225.75 GB for 186,264.51 a month, in two lines alike.
FLAT = [*VIDEO_INPUTS("article"), ["rate.aws.s3.standard.storage", 0.02, "", "", "", ""]]


def test_a_bill_beside_a_plan_is_matched_and_taken_apart_by_month_and_line():
    """10,000,000 GB at 0.025: 686,774.25 GB more at 0.02 are 13,735.49 of volume, 10,000,000 x 0.005 of price."""
    bill = ledger(("AWS", 46388.0, 250_000.0, "aws.s3.standard.storage", 10_000_000.0, "GB-month", None), head=BILL)
    table = VIDEO_VARIANCE(FLAT, bill)
    assert table[0] == [
        *("month", "stage", "line", "meter", "budget", "actual", "variance"),
        *("volume", "mix", "price", "currency", "not budgeted", "not incurred"),
    ]
    stored = [row for row in table if row[1] == "store"]
    assert [row[:4] for row in stored] == [
        ["2027-01", "store", f"store.{name}", "aws.s3.standard.storage"] for name in ("raw", "features")
    ]
    assert [sum(row[at] for row in stored) for at in (4, 5, 7, 9)] == pytest.approx(
        [186_264.51, 250_000, 13_735.49, 50_000], abs=0.011
    )
    total = table[-1]
    assert total[0] == "total" and sum(total[7:]) == pytest.approx(total[6]) == pytest.approx(total[5] - total[4])
    assert total[12] == pytest.approx(stored[0][4] + stored[1][4] - total[4], abs=0.011)


def test_a_bill_in_cells_comes_out_as_the_same_bill_in_a_file(tmp_path):
    rows = [
        ("AWS", "2027-01", 250_000.0, "aws.s3.standard.storage", 1e7, "GB-month", ""),
        ("AWS", "2027-02", -12.5, "aws.transfer.internet-out", "", "", ""),
        ("AWS", "2027-02", 700.0, "", "", "", "Amazon S3"),
        ("AWS", "2027-03", 70.0, "aws.nat-gateway.data", 1555.5, "GB", ""),
        ("AWS", "2026-12", 9.0, "", "", "", "Amazon S3"),
        ("Nobody", "2027-01", 3.0, "", "", "", "Boxes"),
    ]
    path = tmp_path / "bill.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in (BILL, *rows)), encoding="utf-8")
    found = actuals_of(evaluate(preset("article")), read_invoices(path))
    table = VIDEO_VARIANCE("article", ledger(*rows, head=BILL))
    lines = [
        [f"{month:%Y-%m}", line.stage, line.id, line.meter, cents[0], cents[-1], *cents[1:-1]]
        for month, line, cents in found.rows()
    ]
    assert [
        [*row[:4], *(round(row[at] * 100) for at in (4, 5, *range(7, 13)))] for row in table[1 : len(lines) + 1]
    ] == lines
    total, left, elsewhere, whole = table[len(lines) + 1 :]
    assert (total[0], left[:3], left[5]) == (
        "total",
        ["2027-01", "in no line", "Nobody Boxes: the provider is not known"],
        3,
    )
    assert (elsewhere[:3], elsewhere[5]) == (["2026-12", "of other months", "AWS Amazon S3"], 9)
    assert whole[0] == "all of the bill" and whole[5] == pytest.approx(sum(row[2] for row in rows))


def test_the_sheet_of_an_export_is_read_as_the_export():
    """Blank rows do not count, moments may be date numbers, and an account of twelve digits stays one."""
    head = ["ProviderName", "ServiceName", "SkuMeter", "BilledCost", "BillingCurrency", "ChargePeriodStart"]
    head += ["PricingQuantity", "PricingUnit", "SubAccountId"]
    row = ["AWS", "Amazon S3", "aws.s3.standard.storage", 5.0, "USD", 46419.75, 200.0, "GB-month", 123456789012.0]
    table = VIDEO_VARIANCE("article", [head, [None] * 9, row])
    assert {line[0] for line in table[1:]} == {"2027-02", "total"} and table[-1][5] == 5


def test_another_currency_takes_the_rate_of_fx():
    bill = ledger(("AWS", "2027-01", 100.0, "EUR", "store.raw"), head=["vendor", "date", "amount", "currency", "line"])
    table = VIDEO_VARIANCE("article", bill, [["currency", "rate"], ["EUR", 1.08]])
    assert table[-1][5] == 108
    refused = call("VIDEO_VARIANCE", ["article", bill])
    assert refused.code == "#VALUE!" and "actual, row 2 is in EUR" in refused.message and "fx" in refused.message


GOOD = ("AWS", "2027-01", 5.0, "", "", "", "Amazon S3")


@pytest.mark.parametrize(
    ("cell", "value", "code", "part"),
    [
        ((3, 2), "abc", "#VALUE!", "actual, row 4, amount: 'abc' is not a number"),
        ((3, 2), None, "#VALUE!", "actual, row 4: amount is empty"),
        ((3, 1), "May", "#VALUE!", "actual, row 4: month: 'May' is not a month"),
        ((1, 0), None, "#VALUE!", "actual, row 2: provider is empty"),
        ((3, 2), ExcelError("#N/A"), "#N/A", "actual, row 4, column amount holds #N/A"),
        ((0, 2), "amout", "#VALUE!", "Nearest: amout"),
        ((0, 0), "who", "#VALUE!", "no column provider"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_by_row_and_column(cell, value, code, part):
    table = ledger(GOOD, (None,) * 7, GOOD, head=BILL)
    table[cell[0]][cell[1]] = value
    refused = call("VIDEO_VARIANCE", ["article", table])
    assert (refused.code, part in refused.message) == (code, True), refused.message


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["article", "bill.csv"], "a function reads none"),
        (["C:\\plans\\plan", [BILL, list(GOOD)]], "a function reads none"),
        (["artcle", [BILL, list(GOOD)]], "Nearest: article"),
        (["article", [BILL]], "nothing under it"),
        ([VIDEO_LEDGER(), [BILL, list(GOOD)]], "give the plan's inputs"),
        ([VIDEO_LEDGER(), VIDEO_LEDGER(), [["currency", "rate"], ["EUR", 1.0]]], "fx goes with a plan"),
        (["article", [BILL, list(GOOD)], [["currency", "rate"], ["EUR", 0.0]]], "fx, row 2: rate"),
        (["article", [BILL, ["AWS", "2020-01", *GOOD[2:]]]], "2027-01 to 2027-12"),
    ],
)
def test_what_is_no_bill_or_no_plan_is_refused_with_what_to_do(arguments, part):
    refused = call("VIDEO_VARIANCE", arguments)
    assert isinstance(refused, ExcelError) and part in refused.message, refused


def test_a_whole_column_of_blanks_below_a_bill_is_no_bill():
    table = call("VIDEO_VARIANCE", ["article", [BILL, list(GOOD), *([EMPTY] * 7 for _ in range(200))]])
    assert table[-1][5] == 5


def test_the_embedded_engine_gives_the_same():
    formula = '=INDEX(VIDEO_VARIANCE("article",{"provider","month","amount";"AWS","2027-01",5}),2,6)'
    bill = [["provider", "month", "amount"], ["AWS", "2027-01", 5.0]]
    assert evaluate_formula(formula) == VIDEO_VARIANCE("article", bill)[1][5]
