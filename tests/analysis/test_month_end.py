"""The accrual of a month, its journal, and the forecast: numbers by hand, and nothing that is dropped."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidcost_xl.analysis.accrual import Accrual, AccrualRow, accrual_of
from vidcost_xl.analysis.invoices import Invoiced
from vidcost_xl.analysis.journal import COLUMNS, journal_frame, journal_of
from vidcost_xl.analysis.versions import forecast_of
from vidcost_xl.errors import BadArgumentError, OutOfDomainError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset

MAY = date(2027, 5, 1)

# The article's bill of a month (ARTICLE.md, claim 11): storage 196,140.94, egress 2,332,192.64, GETs 4,000.
STORAGE, EGRESS, GETS = 19_614_094, 233_219_264, 400_000


@pytest.fixture(scope="module")
def article():
    return evaluate(preset("article"))


def by_account(accrual):
    return {row.account: (row.expected, row.invoiced, row.accrued) for row in accrual.rows}


def test_nothing_invoiced_accrues_what_was_expected(article):
    accrual = accrual_of(article, MAY, [])
    assert by_account(accrual) == {"6110": (STORAGE, 0, STORAGE), "6120": (EGRESS + GETS, 0, EGRESS + GETS)}
    assert [(row.cost_center, row.provider) for row in accrual.rows] == [("video-training", "aws")] * 2


def test_a_bill_of_the_whole_provider_is_shared_by_expected_cost(article):
    """$1,000,000 of 2,532,333.58: storage takes 196,140.94 / 2,532,333.58 = 7.745462%, that is 77,454.62."""
    found = by_account(accrual_of(article, MAY, [Invoiced("b.csv, line 2", "AWS", "", 1_000_000.0)]))
    assert found["6110"][1] == pytest.approx(7_745_462, abs=1)
    assert found["6110"][1] + found["6120"][1] == 100_000_000
    assert found["6110"][2] == STORAGE - found["6110"][1]


def test_a_service_goes_to_its_own_lines(article):
    """Transfer of $2,000,000 leaves 332,192.64 of egress and all of the GETs and the storage to accrue."""
    found = by_account(
        accrual_of(article, MAY, [Invoiced("b.csv, line 2", "Amazon Web Services", "AWS Data Transfer", 2e6)])
    )
    assert found == {
        "6110": (STORAGE, 0, STORAGE),
        "6120": (EGRESS + GETS, 200_000_000, EGRESS + GETS - 200_000_000),
    }


def test_a_line_or_an_account_that_the_row_states_goes_first(article):
    rows = [
        Invoiced("b.csv, line 2", "AWS", "", 100.0, line="store.raw"),
        Invoiced("b.csv, line 3", "AWS", "", 50.0, account="6120"),
    ]
    found = by_account(accrual_of(article, MAY, rows))
    assert (found["6110"][1], found["6120"][1]) == (10_000, 5_000)


def test_an_account_that_the_plan_does_not_have_is_a_row_of_its_own(article):
    found = accrual_of(
        article, MAY, [Invoiced("b.csv, line 2", "Oxylabs", "", 50.0, account="6999", cost_center="web")]
    )
    assert [(row.account, row.cost_center, row.provider, row.difference) for row in found.over] == [
        ("6999", "web", "Oxylabs", -5_000)
    ]


def test_more_than_expected_accrues_nothing_and_is_named(article):
    accrual = accrual_of(article, MAY, [Invoiced("b.csv, line 2", "AWS", "", 200_000.0, line="store.raw")])
    assert by_account(accrual)["6110"][2] == 0
    assert [row.account for row in accrual.over] == ["6110"]
    assert all(line.account != "6110" for line in journal_of(accrual, "2150"))


def test_rows_that_fit_nowhere_and_of_other_months_are_kept_apart(article):
    rows = [
        Invoiced("b.csv, line 2", "Hetzner", "", 10.0, MAY),
        Invoiced("b.csv, line 3", "AWS", "Amazon Simple Queue Service", 20.0, MAY),
        Invoiced("b.csv, line 4", "CoreWeave", "", 30.0, MAY),
        Invoiced("b.csv, line 5", "AWS", "", 40.0, MAY, line="store.nothing"),
        Invoiced("b.csv, line 6", "AWS", "", 50.0, date(2027, 4, 1)),
        Invoiced("b.csv, line 7", "AWS", "", 60.0),
    ]
    accrual = accrual_of(article, MAY, rows)
    assert [(each.invoiced.where[-1], each.reason.split()[1]) for each in accrual.unmapped] == [
        ("2", "provider"),
        ("3", "plan"),
        ("4", "plan"),
        ("5", "plan"),
    ]
    assert [row.where for row in accrual.elsewhere] == ["b.csv, line 6"]
    assert accrual.undated == 1
    assert sum(row.invoiced for row in accrual.rows) == 6_000


def test_another_currency_needs_a_rate(article):
    rows = [Invoiced("b.csv, line 2", "AWS", "", 100.0, currency="EUR", line="store.raw")]
    with pytest.raises(BadArgumentError, match=r"line 2 is in EUR .* --rate EUR="):
        accrual_of(article, MAY, rows)
    assert by_account(accrual_of(article, MAY, rows, {"EUR": 1.1}))["6110"][1] == 11_000


def test_dollars_of_a_plan_in_euro_are_converted_at_its_own_rate_and_no_currency_is_refused():
    """0.92 a dollar: $100 is 92; a given rate goes before it; without a currency it could be either."""
    euro = evaluate(preset("article").with_overrides([("money.currency", "EUR"), ("money.fx", 0.92)]))
    rows = [Invoiced("b.csv, line 2", "AWS", "", 100.0, currency="USD", line="store.raw")]
    assert by_account(accrual_of(euro, MAY, rows))["6110"][1] == 9_200
    assert by_account(accrual_of(euro, MAY, rows, {"USD": 0.95}))["6110"][1] == 9_500
    with pytest.raises(BadArgumentError, match="line 2 has no currency, and the plan has two"):
        accrual_of(euro, MAY, [Invoiced("b.csv, line 2", "AWS", "", 100.0, line="store.raw")])


def test_what_fits_no_line_is_posted_only_to_an_account_that_is_told(article):
    rows = [Invoiced("b.csv, line 2", "Hetzner", "", 10.0, MAY)]
    assert len(accrual_of(article, MAY, rows).unmapped) == 1
    told = accrual_of(article, MAY, rows, unmatched="6990")
    assert told.unmapped == () and by_account(told)["6990"] == (0, 1_000, 0)


def test_a_month_outside_the_plan_is_refused(article):
    with pytest.raises(OutOfDomainError, match="2026-11 is outside the plan, 2027-01 to 2027-12"):
        accrual_of(article, date(2026, 11, 1), [])


def test_the_journal_of_a_month_by_hand():
    """$100 expected, $60.25 invoiced: 39.75 on 31 January, turned round on 1 February."""
    row = AccrualRow("6110", "video", "aws", 10_000, 6_025)
    accrual = Accrual(date(2027, 1, 1), "USD", (row,), (), (), 0)
    frame = journal_frame(journal_of(accrual, "2150"))
    assert tuple(frame.columns) == COLUMNS
    columns = ["date", "account", "debit", "credit", "reference"]
    booked = frame.astype(object).where(frame.notna(), "")[columns].to_numpy().tolist()
    assert booked == [
        ["2027-01-31", "6110", 39.75, "", "ACCRUAL-2027-01-001"],
        ["2027-01-31", "2150", "", 39.75, "ACCRUAL-2027-01-001"],
        ["2027-02-01", "6110", "", 39.75, "ACCRUAL-2027-01-001-R"],
        ["2027-02-01", "2150", 39.75, "", "ACCRUAL-2027-01-001-R"],
    ]


def test_the_offset_account_is_no_expense_and_not_empty(article):
    accrual = accrual_of(article, MAY, [])
    for offset, part in (("6110", "is an expense"), (" ", "is empty")):
        with pytest.raises(BadArgumentError, match=part):
            journal_of(accrual, offset)


amounts = st.floats(-1e7, 1e7, allow_subnormal=False)


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.sampled_from("pq")),
        st.tuples(st.integers(0, 10**12), st.integers(-(10**9), 10**12)),
    ),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)
def test_every_pair_day_and_both_days_balance_to_the_cent(rows, day):
    accrual = Accrual(
        day.replace(day=1), "USD", tuple(AccrualRow(*key, *both) for key, both in rows.items()), (), (), 0
    )
    lines = journal_of(accrual, "2150")
    for part in ("reference", "day"):
        balance = Counter()
        for line in lines:
            balance[getattr(line, part)] += line.debit - line.credit
        assert not any(balance.values())
    by_key = Counter()
    for line in lines:
        by_key[line.account, line.cost_center, line.description] += line.debit - line.credit
    booked = sum(line.debit for line in lines if line.reference[-2:] != "-R")
    assert booked == sum(row.accrued for row in accrual.rows)
    assert {line.day.month for line in lines} <= {day.month, day.month % 12 + 1}


@given(st.lists(st.tuples(st.sampled_from(["AWS", "Hetzner"]), st.sampled_from(["", "Amazon S3", "Other"]), amounts)))
def test_mapped_and_unmapped_are_all_that_was_invoiced(rows):
    accrual = accrual_of(ARTICLE, MAY, [Invoiced("bills.csv", *row) for row in rows])
    whole = sum(row.invoiced for row in accrual.rows) / 100 + sum(each.amount for each in accrual.unmapped)
    assert whole == pytest.approx(sum(amount for _, _, amount in rows), abs=0.006)


ARTICLE = evaluate(preset("article"))


def test_a_forecast_is_actual_where_closed_and_budget_after(article):
    """Three months closed at $100 of storage each; nine months of 2,532,333.58 to come."""
    billed = [Invoiced("bills.csv", "AWS", "", 100.0, date(2027, at, 1), line="store.raw") for at in (1, 2, 3)]
    found = forecast_of(article, billed, date(2027, 3, 1))
    assert found.forecast == "Forecast 3+9"
    sums = found.frame.groupby("version")["reporting_amount"].sum()
    assert sums["Actual"] == pytest.approx(300)
    assert sums["Budget"] == pytest.approx(12 * 2_532_333.58, abs=0.1)
    assert sums["Forecast 3+9"] == pytest.approx(300 + 9 * 2_532_333.58, abs=0.1)
    actual = found.frame[found.frame["version"] == "Actual"]
    assert actual[["stage", "gl_account", "quarter"]].drop_duplicates().to_numpy().tolist() == [
        ["store", "6110", "FY2027 Q1"]
    ]
    assert found.unplanned == () and found.not_used == ()


def test_what_nobody_planned_is_actual_too_and_named(article):
    rows = [
        Invoiced("b.csv, line 2", "AWS", "", 100.0, date(2027, 1, 1)),
        Invoiced("b.csv, line 3", "Hetzner", "Servers", 7.0, date(2027, 1, 1)),
        Invoiced("b.csv, line 4", "AWS", "", 9.0, date(2027, 2, 1)),
    ]
    found = forecast_of(article, rows, date(2027, 1, 1))
    actual = found.frame[found.frame["version"] == "Actual"]
    assert actual["reporting_amount"].sum() == pytest.approx(107)
    assert [row.where for row, _ in found.unplanned] == ["b.csv, line 3"]
    assert [row.where for row in found.not_used] == ["b.csv, line 4"]
    own = actual[actual["line"] == "unplanned.Hetzner.Servers"].iloc[0]
    assert (own["reporting_amount"], own["gl_account"], own["source"]) == (7, "", "b.csv, line 3")
    assert set(actual["source"]) - {own["source"]} == {"b.csv, line 2, shared out as expected"}


def test_a_row_that_names_a_provider_alone_is_for_the_lines_that_no_other_row_says_more_of(article):
    """Transfer of $20 and requests of $5 have rows of their own: the $300 of AWS are for storage, the same for both."""
    transfer, gets = (
        f"train.features.{name}" for name in ("transfer.aws.transfer.internet-out", "gets.aws.s3.standard.get")
    )
    january = date(2027, 1, 1)
    whole = Invoiced("b.csv, line 2", "AWS", "", 300.0, january)
    own = [Invoiced("b.csv", "AWS", "", amount, january, line=line) for line, amount in ((transfer, 20.0), (gets, 5.0))]
    assert _actual(article, [whole, *own]) == pytest.approx(
        {transfer: 20, gets: 5, "store.raw": 150, "store.features": 150}
    )
    # Nothing else is left to be for: then it is on top of all, as the plan expects them: 98,070.47 of 2,532,333.58.
    own += [Invoiced("b.csv", "AWS", "", 1.0, january, line=line) for line in ("store.raw", "store.features")]
    assert _actual(article, [whole, *own])["store.raw"] == pytest.approx(1 + 300 * 98_070.47 / 2_532_333.58)


def _actual(bill, billed):
    frame = forecast_of(bill, billed, date(2027, 1, 1)).frame.query("version == 'Actual'")
    return frame.groupby("line")["reporting_amount"].sum().to_dict()


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ([Invoiced("b.csv, line 2", "AWS", "", 1.0)], "line 2 does not say its month"),
        ([Invoiced("b.csv, line 2", "AWS", "", 1.0, date(2027, 2, 1))], "2027-01 is closed and has no actuals"),
    ],
)
def test_a_closed_month_is_never_filled_in(article, rows, part):
    with pytest.raises(BadArgumentError, match=part):
        forecast_of(article, rows, date(2027, 2, 1))
