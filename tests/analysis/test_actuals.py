"""A bill made from a plan's own ledger, in every form: matched whole, without variance; and what one change does."""

from __future__ import annotations

import csv
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vidcost_xl.analysis.actuals import REASONS, actuals_of, reasons_that_matter
from vidcost_xl.analysis.invoices import Invoiced, read_invoices
from vidcost_xl.bills.matching import MATCHED
from vidcost_xl.errors import BadArgumentError, OutOfDomainError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.export import write_frame, write_ledger
from vidcost_xl.model.files import preset
from vidcost_xl.model.ledger import to_frame
from vidcost_xl.prices.lists.rules import rules_of

JANUARY = date(2027, 1, 1)

# How usage reports call what the article's month is billed by.
USAGE_TYPES = {
    rule.meter: (rule.service, rule.key, rule.operation[0] if rule.operation else "")
    for rule in reversed(rules_of("aws").rule)
    if rule.key
}


@pytest.fixture(scope="module")
def article():
    return evaluate(preset("article"))


def as_focus(bill, path):
    write_ledger(bill, path, "focus")
    return path


def as_table(bill, path):
    frame = to_frame(bill, version="Actual")
    write_frame(frame, path, "csv")
    return path


def as_cur(bill, path):
    head = ("LineItemType", "UsageType", "Operation", "ProductCode", "UsageAmount", "UnblendedCost", "CurrencyCode")
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow([*(f"lineItem/{name}" for name in head), "lineItem/UsageStartDate", "pricing/unit"])
        for row in to_frame(bill).to_dict("records"):
            if row["meter"] in USAGE_TYPES:
                service, key, operation = USAGE_TYPES[row["meter"]]
                unit = {"GB-month": "GB-Mo", "request": "Requests", "hour": "Hrs"}.get(row["unit"], row["unit"])
                writer.writerow(
                    ["Usage", key, operation, service, row["quantity"], row["amount"], "USD", row["period"], unit]
                )
    return path


FORMS = {"focus": as_focus, "table": as_table, "cur": as_cur}


@pytest.mark.parametrize("form", FORMS)
def test_a_bill_of_the_plan_itself_is_matched_whole_and_has_no_variance(article, form, tmp_path):
    rows = read_invoices(FORMS[form](article, tmp_path / "bill.csv"))
    assert {row.kind for row in rows} == {MATCHED}
    found = actuals_of(article, rows)
    assert found.left == () and found.elsewhere == ()
    assert not found.statement.effects.any() and not found.uncounted
    # ARTICLE.md, claim 11: 2,532,333.58 a month.
    assert found.statement.total[0] == found.statement.total[-1] == pytest.approx(12 * 253_233_358, abs=6)


def test_a_bill_of_the_complete_plan_comes_back_line_by_line(tmp_path):
    bill = evaluate(preset("complete"))
    found = actuals_of(bill, read_invoices(as_focus(bill, tmp_path / "bill.csv")))
    assert found.left == () and not found.statement.effects.any()
    old, new = found.statement.old, found.statement.new
    assert (old == new).all() and len(found.statement.variance.lines) == len(bill.charges)


@pytest.mark.parametrize(
    ("changes", "months", "expected"),
    [
        # A tenth more for a GB of storage: 0.1 of 0.0210609 a GB on average is 19,614.09 a month, all of it price.
        ([("rate.aws.s3.standard.storage", 196_140.94 / 9_313_225.746154785 * 1.1)], 12, {"price": 12 * 1_961_409}),
        # Ten percent off everything on the list.
        ([("commercial.discount", 0.1)], 12, {"price": -12 * 25_323_336}),
    ],
    ids=["a price", "a discount"],
)
def test_one_price_changed_is_that_price(article, tmp_path, changes, months, expected):
    billed = evaluate(preset("article").with_overrides(changes))
    found = actuals_of(article, read_invoices(as_focus(billed, tmp_path / "bill.csv")))
    parts = dict(zip(REASONS, _sums(found)[1:-1], strict=True))
    assert {name: cents for name, cents in parts.items() if abs(cents) > 12} == {
        name: pytest.approx(cents, abs=60) for name, cents in expected.items()
    }


def test_more_passes_are_volume_and_the_tiers_that_they_reach(article, tmp_path):
    """A pass more in a month reads 4,656,613 GB more at the last tier, 0.05: 232,830.64, beside its GETs."""
    one_more = preset("article").number("train.passes") + 1
    billed = evaluate(preset("article").with_overrides([("train.passes@2027-01", one_more)]))
    found = actuals_of(article, read_invoices(as_focus(billed, tmp_path / "bill.csv")))
    by_month = found.by_month()
    assert all(row[0] == row[-1] for month, row in by_month.items() if month != "2027-01")
    change = by_month["2027-01"][-1] - by_month["2027-01"][0]
    per_pass = (billed.total[0, 0] - article.total[0, 0]) * 100
    assert change == pytest.approx(per_pass, abs=1)
    sentence = reasons_that_matter(found)[0]
    assert "more than planned" in sentence and "PB" in sentence and "+" in sentence


def test_another_route_is_what_was_not_budgeted_and_not_incurred(article, tmp_path):
    """Through a NAT gateway as well: 0.045 a GB on every byte that was budgeted to leave without one."""
    billed = evaluate(preset("article").with_overrides([("train.route", "aws.nat")]))
    found = actuals_of(article, read_invoices(as_focus(billed, tmp_path / "bill.csv")))
    parts = dict(zip(REASONS, _sums(found)[1:-1], strict=True))
    gb = sum(float(charge.quantity.sum()) * (1 if len(charge.quantity) > 1 else 12) for charge in article.charges
             if charge.line.meter == "aws.transfer.internet-out")  # fmt: skip
    assert parts["not budgeted"] == pytest.approx(gb * 0.045 * 100, rel=1e-3)
    assert "NAT gateway data processed: billed and not in the plan" in " ".join(reasons_that_matter(found))
    assert parts["price"] == parts["currency"] == 0


def test_what_no_rule_knows_is_in_no_number(article):
    rows = [
        Invoiced("b.csv", "AWS", "Amazon EC2", 900.0, JANUARY, is_table=False),
        Invoiced("b.csv, line 3", "AWS", "", 100.0, JANUARY, line="store.raw"),
        Invoiced("b.csv, line 4", "AWS", "", 7.0, date(2026, 1, 1), line="store.raw"),
    ]
    found = actuals_of(article, rows)
    assert [(row.amount, why) for row, why in found.left] == [(900.0, "no rule knows what it is")]
    assert [row.amount for row in found.elsewhere] == [7.0]
    assert found.statement.total[-1] == 10_000 and [line.id for line in found.uncounted] == ["store.raw"]


def test_a_bill_without_months_or_of_other_years_is_refused(article):
    with pytest.raises(BadArgumentError, match="line 2 does not say its month"):
        actuals_of(article, [Invoiced("b.csv, line 2", "AWS", "", 1.0)])
    with pytest.raises(OutOfDomainError, match="2027-01 to 2027-12"):
        actuals_of(article, [Invoiced("b.csv", "AWS", "", 1.0, date(2020, 1, 1))])


def test_a_month_of_which_nothing_is_in_a_line_is_no_month_in_which_nothing_was_incurred(article):
    unknown = Invoiced("b.csv", "AWS", "Amazon EC2", 900.0, date(2027, 2, 1), is_table=False)
    found = actuals_of(article, [Invoiced("b.csv, line 2", "AWS", "", 100.0, JANUARY, line="store.raw"), unknown])
    assert found.statement.variance.months == (JANUARY,) and [row for row, _ in found.left] == [unknown]
    with pytest.raises(OutOfDomainError, match=r"no row of the bill is in a line of the plan; b\.csv: no rule knows"):
        actuals_of(article, [unknown])


def test_a_credit_larger_than_the_usage_is_in_no_line_and_a_correction_takes_off(article):
    """30 are taken off 100 where a correction names the meter; a credit of 500 stays apart."""

    def row(amount, quantity, kind=MATCHED):
        return Invoiced("b.csv", "AWS", "Amazon S3", amount, JANUARY, "USD", kind=kind, meter=METERS[0],
                        dimension="storage", metered=quantity, is_table=False)  # fmt: skip

    found = actuals_of(article, [row(100.0, 5000.0), row(-30.0, -1000.0), row(-500.0, None, "credit")])
    assert found.by_month()["2027-01"][-1] == 7_000 and [each.amount for each, _ in found.left] == [-500.0]


def test_a_row_in_a_line_that_counts_something_else_has_no_quantity_there(article):
    gets = next(charge.line.id for charge in article.charges if charge.line.id.endswith("s3.standard.get"))
    row = Invoiced("b.csv, line 2", "AWS", "", 10.0, JANUARY, line=gets, kind=MATCHED, meter=METERS[0],
                   dimension="storage", metered=100.0)  # fmt: skip
    found = actuals_of(article, [row])
    assert [line.id for line in found.uncounted] == [gets]
    assert dict(zip(REASONS, _sums(found)[1:-1], strict=True))["volume"] == 0


METERS = ("aws.s3.standard.storage", "aws.s3.standard.get", "aws.transfer.internet-out", "aws.nat-gateway.data")


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(METERS), st.integers(1, 12), st.floats(-1e6, 1e7), st.none() | st.floats(0, 1e9)),
        min_size=1,
    ),
    st.floats(0.5, 2.0),
)
def test_every_figure_adds_up_to_the_cent(article, rows, rate):
    """Fifty random bills: each line, each month, and the whole; budget, reasons, actual."""
    billed = [
        Invoiced("b.csv", "AWS", "", amount, date(2027, month, 1), "EUR", kind=MATCHED, meter=meter,
                 dimension="transfer", metered=quantity)
        for meter, month, amount, quantity in rows
    ]  # fmt: skip
    found = actuals_of(article, billed, rates={"EUR": rate})
    for groups in (found.by(line.id for line in found.statement.variance.lines), found.by_month()):
        for budget, *reasons, actual in groups.values():
            assert budget + sum(reasons) == actual
        assert tuple(map(sum, zip(*groups.values(), strict=True))) == _sums(found)
    assert _sums(found)[-1] == pytest.approx(sum(amount * rate * 100 for _, _, amount, _ in rows), abs=1)
    # The budget of a month and of a line is what the ledger says, the actual what was billed: to about a cent.
    for month, (budget, *_, actual) in found.by_month().items():
        own = sum(amount * rate for _, number, amount, _ in rows if number == int(month[-2:]))
        assert budget == pytest.approx(253_233_358, abs=1.5) and actual == pytest.approx(own * 100, abs=1.5)
    for line, (budget, *_) in found.by(line.id for line in found.statement.variance.lines).items():
        planned = [charge for charge in article.charges if charge.line.id == line]
        own = sum(float(charge.effective[0, 0]) for charge in planned) * len(found.by_month())
        assert budget == pytest.approx(own * 100, abs=1.5)


def _sums(found):
    return tuple(map(sum, zip(*found.by_month().values(), strict=True)))
