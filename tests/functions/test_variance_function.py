"""VIDEO_VARIANCE: ledgers as ranges in, a table that adds up out; refusals that name the row."""

from __future__ import annotations

import pytest

from vidcost_xl.errors import ExcelError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.model import VIDEO_LEDGER, VIDEO_TOTAL
from vidcost_xl.functions.variance import VIDEO_VARIANCE

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
