"""How good a plan was: numbers worked by hand, tiers of the plan at other volumes, months that are open or partial."""

from __future__ import annotations

from datetime import date

import pytest

from vidcost_xl.analysis.actuals import actuals_of
from vidcost_xl.analysis.backtest import NOT_BUDGETED, NOT_INCURRED, backtest_of, conclusion
from vidcost_xl.analysis.invoices import Invoiced, read_invoices
from vidcost_xl.bills.matching import MATCHED
from vidcost_xl.errors import OutOfDomainError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset

JANUARY, FEBRUARY = date(2027, 1, 1), date(2027, 2, 1)
STORAGE, EGRESS, NAT = "aws.s3.standard.storage", "aws.transfer.internet-out", "aws.nat-gateway.data"
# 5 PB of videos and 5 PB of features, in GB of 2^30 bytes.
STORED = 2 * 5e15 / 2**30
#: What the article reads in a month: ten passes over 5 PB.
READ = 10 * 5e15 / 2**30


@pytest.fixture(scope="module")
def article():
    return evaluate(preset("article"))


def billed(meter, amount, quantity, month=JANUARY, **more):
    dimension = "storage" if meter == STORAGE else "transfer"
    return Invoiced("b.csv", "AWS", "", amount, month, "USD", kind=MATCHED, meter=meter, dimension=dimension,
                    metered=quantity, is_table=False, **more)  # fmt: skip


def measured(bill, *rows):
    return backtest_of(bill, actuals_of(bill, rows), rows)


def test_prices_and_volumes_are_told_apart_by_hand():
    """Planned 9,313,225.75 GB at 0.02, 186,264.51; billed 10,000,000 GB at 0.025, 250,000.

    At the actual volumes 200,000: 50,000 of 250,000 are missing, 20%. At the actual prices 9,313,225.75 x 0.025 =
    232,830.64: 17,169.36, 6.87%. In all 63,735.49, 25.49%, and the plan was as much too low.
    """
    plan = evaluate(preset("article").with_overrides([("rate." + STORAGE, 0.02)]))
    found = measured(plan, billed(STORAGE, 250_000, 10_000_000)).by_stage["store"]
    assert found.budget == pytest.approx(186_264.51, abs=0.01)
    assert found.with_volumes == pytest.approx(200_000, abs=0.01)
    assert found.with_prices == pytest.approx(232_830.64, abs=0.01)
    assert found.rates == pytest.approx((0.25494, -0.25494, 0.2, 0.06868), abs=5e-6)


def test_lines_and_months_that_cancel_are_errors_and_no_bias():
    """100,000 too much in January and 100,000 too little in February, of 372,529.03 in all: 53.69%, and no bias."""
    plan = evaluate(preset("article").with_overrides([("rate." + STORAGE, 0.02)]))
    rows = [billed(STORAGE, 186_264.51 + off, STORED, month) for off, month in ((1e5, JANUARY), (-1e5, FEBRUARY))]
    found = measured(plan, *rows)
    wape, bias, price, volume = found.by_stage["store"].rates
    assert (wape, bias) == pytest.approx((2e5 / 372_529.02, 0), abs=1e-6)
    assert (price, volume) == pytest.approx((wape, 0), abs=1e-6)
    assert found.by_month["2027-01"].budget == found.by_month["2027-02"].budget


def test_actual_volumes_are_priced_through_the_tiers_of_the_plan(article):
    """A million GB more than planned are at the last tier, 0.05 a GB, and no error of price."""
    planned = article.line("train.features.transfer." + EGRESS).effective[0, 0]
    found = measured(article, billed(EGRESS, planned + 50_000, READ + 1e6)).by_line["train.features.transfer." + EGRESS]
    assert found.with_volumes == pytest.approx(planned + 50_000, abs=0.01)
    wape, bias, price, _ = found.rates
    assert price == pytest.approx(0, abs=1e-9) and wape == -bias == pytest.approx(50_000 / (planned + 50_000))


def test_support_and_discount_follow_the_actual_volumes():
    """Twice the bytes at a tenth off and Business Support+ of 9, 7, 5 and 3% of what is at list."""
    changes = [("commercial.discount", 0.1), ("commercial.support", "aws.support.business-plus")]
    changes += [("commercial.support_basis", "list")]
    plan = evaluate(preset("article").with_overrides(changes))
    found = measured(plan, billed(STORAGE, 1.0, 2 * STORED))
    # S3 Standard: 0.023 to 51,200 GB, 0.022 to 512,000 GB, 0.021 above; nothing else was billed.
    listed = 51_200 * 0.023 + 460_800 * 0.022 + (2 * STORED - 512_000) * 0.021
    assert found.by_stage["store"].with_volumes == pytest.approx(0.9 * listed, abs=0.01)
    support = 900 + 70_000 * 0.07 + 170_000 * 0.05 + (listed - 250_000) * 0.03
    assert found.by_stage["support"].with_volumes == pytest.approx(support, abs=0.01)


def test_without_a_budget_or_an_actual_there_is_no_error_in_percent(article):
    found = measured(article, billed(NAT, 700.0, 10_000.0), billed(STORAGE, 196_140.94, STORED))
    assert found.by_line[f"unplanned.aws.{NAT}"].state == NOT_BUDGETED
    assert found.by_line[f"unplanned.aws.{NAT}"].rates is None
    assert found.by_stage["train"].state == NOT_INCURRED
    # What only one side has is an error of volume.
    assert found.by_stage[""].with_prices == 0 and found.by_stage[""].with_volumes == 700
    assert found.total.error == pytest.approx(700 + found.by_stage["train"].budget, abs=0.01)
    assert found.total.price_error == pytest.approx(0, abs=0.01)


def test_a_line_without_quantities_has_an_error_of_price(article):
    """The article stores for 196,140.94 a month: 4,000 more without a quantity are no volume."""
    row = billed(STORAGE, 200_140.94, None)
    wape, _, price, volume = measured(article, row).by_stage["store"].rates
    assert (wape, price, volume) == pytest.approx((4_000 / 200_140.94, 4_000 / 200_140.94, 0), abs=1e-7)


def test_months_without_a_bill_in_a_line_are_open(article):
    unknown = Invoiced("b.csv", "AWS", "Amazon EC2", 5.0, date(2027, 3, 1), is_table=False)
    rows = [billed(STORAGE, 1.0, 1.0), billed(STORAGE, 1.0, 1.0, date(2027, 4, 1)), unknown]
    found = measured(article, *rows)
    assert found.months == (JANUARY, date(2027, 4, 1))
    assert [month.month for month in found.open_months] == [2, 3, *range(5, 13)]
    with pytest.raises(OutOfDomainError, match="no row of the bill is in a line"):
        measured(article, unknown)


def test_a_month_that_ends_early_or_lacks_a_provider_is_said(tmp_path):
    head = "BilledCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ProviderName,ServiceName,SkuMeter"
    row = "{},USD,2027-{}T00:00:00Z,2027-{}T00:00:00Z,AWS,Amazon S3," + STORAGE
    path = tmp_path / "bill.csv"
    days = [("01-01", "01-02"), ("01-20", "01-21"), ("02-01", "02-28"), ("02-28", "03-01"), ("03-05", "04-01")]
    path.write_text("\n".join([head, *(row.format(7, *ends) for ends in days)]), encoding="utf-8")
    plan = evaluate(preset("article").with_overrides([("representation.1.class", "r2.standard")]))
    rows = read_invoices(path)
    partial = backtest_of(plan, actuals_of(plan, rows), rows).partial
    assert [list(map(str, partial[month]))[:-1] for month in sorted(partial)] == [
        ["nothing after 2027-01-20"],
        [],
        ["nothing before 2027-03-05"],
    ]
    assert all(each[-1].startswith("nothing of r2, ") for each in partial.values())


def test_the_conclusion_names_the_side_the_cause_and_the_line(article):
    planned = article.line("train.features.transfer." + EGRESS).effective[0, 0]
    said = conclusion(
        measured(article, billed(EGRESS, planned + 50_000, READ + 1e6), billed(STORAGE, 196_140.94, STORED))
    )
    assert said.startswith("Over 1 closed month the plan was ") and "too low in all" in said
    assert "mostly of volumes" in said and "features: reads" in said and "50,000.00 off" in said
