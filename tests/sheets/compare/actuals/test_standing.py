"""A bill against a plan, row by row: against numbers worked by hand, and to the cent for any bill."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sheets.compare.actuals.two_months import (
    ACTUAL,
    BUDGET,
    FEBRUARY,
    GETS,
    JANUARY,
    MONTH,
    REASONS,
    TRANSFER,
    plan,
    written,
)
from vidcost_xl.analysis.invoices import Invoiced
from vidcost_xl.bills.matching import MATCHED
from vidcost_xl.bills.reading import Options
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.sheets.compare.actuals.billed import BillsRead, read_billed
from vidcost_xl.sheets.compare.actuals.standing import UNPLANNED, standing_of


@pytest.fixture(scope="module")
def bill():
    return evaluate(plan())


@pytest.fixture(scope="module")
def billed(tmp_path_factory):
    return read_billed([written(tmp_path_factory.mktemp("bill"), "bill.csv", JANUARY, FEBRUARY)], Options())


@pytest.fixture(scope="module")
def standing(bill, billed):
    return standing_of(bill, billed)


def test_two_months_come_out_as_worked_by_hand(standing):
    budget, *reasons, actual = [cents / 100 for cents in standing.sums()]
    assert (standing.closed, budget, actual) == (2, BUDGET, ACTUAL)
    assert reasons == pytest.approx(list(REASONS.values()), abs=0.02)
    assert budget + sum(reasons) == pytest.approx(actual, abs=1e-6)


def test_every_line_and_month_has_its_row(standing):
    rows = {(f"{each.month:%m}", each.line): each for each in standing.records}
    assert {line for _, line in rows} == {
        *("store.raw", "store.features", TRANSFER, GETS, "unplanned.aws.aws.nat-gateway.data"),
    }
    assert len(rows) == len(standing.records) == 12 * 4 + 1
    raw, transfer = rows["01", "store.raw"], rows["01", TRANSFER]
    assert (raw.stage, raw.account, raw.budget, raw.actual) == ("store", "6110", 9_313_226, 0)
    # Totals are exact; a row is within a cent of its amount, so that all of them add up.
    assert (transfer.budget, transfer.actual) == (232_830_644, pytest.approx(209_547_579, abs=1))
    gateway = rows["02", "unplanned.aws.aws.nat-gateway.data"]
    assert (gateway.stage, gateway.account, gateway.budget, gateway.actual) == (UNPLANNED, "6120", 0, 450_000)
    march = rows["03", "store.raw"]
    assert march.budget == pytest.approx(9_313_226, abs=1) and march.actual is None and march.reasons == ()


def test_the_budget_is_the_plan_and_the_forecast_takes_its_open_months(bill, standing):
    """Twelve months are 30,222,851.42; what was billed less than planned, 368,029.02, stays saved."""
    assert standing.budget == round(12 * MONTH * 100) == 3_022_285_142
    assert standing.forecast == 3_022_285_142 - 36_802_902


def test_matched_and_all_else_add_up_to_the_file(standing):
    kinds = {part.name: (part.amount, part.rows) for part in standing.kinds}
    assert kinds == {"matched": (pytest.approx(ACTUAL), 7), "tax": (99.01, 1), "unmatched": (1_000.0, 1)}
    assert standing.billed.totals == {"": pytest.approx(ACTUAL + 1_099.01)}
    left = [part for part in standing.places if part.is_left]
    assert [part.amount for part in left] == [1_000.0, 99.01]
    assert sum(part.amount for part in standing.places) == pytest.approx(ACTUAL + 1_099.01)
    assert standing.posted == pytest.approx(ACTUAL)


def test_an_earlier_close_leaves_later_months_open(bill, billed):
    standing = standing_of(bill, billed, date(2027, 1, 1))
    assert standing.closed == 1
    assert standing.sums()[-1] == 223_917_418
    assert [(part.name, part.amount) for part in standing.places if "open" in part.name] == [
        ("in months that are open, or outside the plan", pytest.approx(2_430_938.70))
    ]


def test_a_closed_month_without_a_bill_is_refused(bill, tmp_path):
    only = read_billed([written(tmp_path, "february.csv", FEBRUARY)], Options())
    with pytest.raises(BadArgumentError, match="2027-01 is closed and nothing was billed in it"):
        standing_of(bill, only)


def test_the_digest_of_a_file_is_that_of_its_bytes(tmp_path):
    import hashlib

    (tmp_path / "parts").mkdir()
    paths = [written(tmp_path / "parts", f"{name}.csv", text) for name, text in (("a", JANUARY), ("b", FEBRUARY))]
    read = read_billed([tmp_path / "parts"], Options())
    assert [(file.name, file.digest) for file in read.files] == [
        (path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in paths
    ]


METERS = ("aws.s3.standard.storage", "aws.s3.standard.get", "aws.transfer.internet-out", "aws.nat-gateway.data")


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(METERS), st.integers(2, 6), st.floats(-1e6, 1e7), st.none() | st.floats(0, 1e9)),
        max_size=12,
    ),
    st.floats(0.5, 2.0),
)
def test_rows_add_up_to_the_cent(bill, rows, rate):
    """Every row by itself, the budget to the plan, and the actual to the bill at its rate."""
    every = [("aws.s3.standard.get", month, 1.0, 1.0) for month in range(1, 7)]
    invoices = tuple(
        Invoiced(
            "b.csv",
            "AWS",
            "",
            amount,
            date(2027, month, 1),
            "EUR",
            kind=MATCHED,
            meter=meter,
            dimension="transfer",
            metered=quantity,
        )
        for meter, month, amount, quantity in [*every, *rows]
    )
    total = sum(row.amount for row in invoices)
    standing = standing_of(bill, BillsRead((), invoices, len(invoices), {"EUR": total}), rates={"EUR": rate})
    closed = [each for each in standing.records if each.is_closed]
    assert all(each.budget + sum(each.reasons) == each.actual for each in closed)
    assert standing.budget == 3_022_285_142
    assert sum(each.actual for each in closed) == pytest.approx(total * rate * 100, abs=0.6)
    assert standing.posted == pytest.approx(total * rate)
