"""A plan that reports in euros: every amount stands in the currency that its label says, on every sheet."""

from __future__ import annotations

import re

import pytest

from tests.sheets.opened import typed_into
from tests.sheets.plan import plan_cases as cases
from vidcost_xl.sheets.plan.article.barrier import NO_FIGURE
from vidcost_xl.sheets.plan.article.candidates import providers

RATE = 0.92
EURO = cases.Case("complete", {"money.currency": "EUR", "money.fx": RATE})

#: Where a row of these sheets says which row of an answer it reads.
PLACES = {("Functions", "constant")}


@pytest.fixture(scope="module")
def euro(once, models):
    workbook = models["complete"]
    return once("complete-euro", lambda: dict(typed_into(workbook.data, EURO.cells(workbook.addresses))))


def labelled(workbook, values):
    """The amounts of rows whose unit names a currency: sheet, row, currency, address."""
    for sheet in workbook.addresses.layout.sheets:
        for row in sheet.rows:
            if "unit" not in row.entries:
                continue
            unit = str(values.get(workbook.addresses.key(f"{row.id}.unit"), row.entries["unit"].value))
            named = re.search(r"\b(USD|EUR)\b", unit)
            for column in row.entries:
                if named and unit != "reporting per USD" and (sheet.name, column) not in PLACES:
                    yield sheet.name, row.id, named[1], workbook.addresses.key(f"{row.id}.{column}")


def is_amount(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def test_an_amount_is_in_the_currency_of_its_label_on_every_sheet(models, euro):
    workbook = models["complete"]
    seen: dict[tuple[str, str], int] = {}
    for sheet, row, currency, at in labelled(workbook, euro):
        before, after = workbook.values.get(at), euro.get(at)
        if is_amount(before) and is_amount(after):
            rate = RATE if currency == "EUR" else 1.0
            assert after == pytest.approx(before * rate, rel=1e-12, abs=1e-6), (sheet, row, currency, at)
            seen[sheet, currency] = seen.get((sheet, currency), 0) + bool(before)
    for sheet in ("Native", "Functions", "Costs", "Own"):
        assert seen[sheet, "EUR"], sheet
    for sheet in ("Native", "Claims", "Agents", "Text", "Proof"):
        assert seen[sheet, "USD"], sheet


#: Differences of about nothing in either currency, and flags of what was filled in before.
UNMEASURED = {"Checks", "Ledger"}


def test_whatever_the_currency_changes_on_any_sheet_it_changes_by_its_rate(models, euro):
    workbook = models["complete"]
    changed: dict[str, int] = {}
    for at, after in euro.items():
        before = workbook.values.get(at)
        both = at[0] not in UNMEASURED and is_amount(before) and is_amount(after)
        if both and after != pytest.approx(before, rel=1e-9, abs=1e-6):
            assert after == pytest.approx(before * RATE, rel=1e-9), at
            changed[at[0]] = changed.get(at[0], 0) + 1
    assert changed["Summary"] >= 8
    # Sheets without units beside their amounts, too; what a unit names is in the test above.
    for sheet in ("Accounts", "Barrier", "Functions", "Proof"):
        assert changed[sheet] >= 30, sheet


def test_the_cover_states_its_figures_in_the_currency_beside_them(models, euro):
    cells = {at: value for at, value in euro.items() if at[0] == "Cover"}
    beside = {at for at, value in cells.items() if value == "EUR"}
    figures = [("Cover", f"B{at[1][1:]}") for at in beside]
    assert len(figures) >= 5
    for at in figures:
        assert euro[at] == pytest.approx(models["complete"].values[at] * RATE, rel=1e-12), at


def test_barrier_is_in_the_reporting_currency_and_its_months_are_those_of_the_dollars(models, euro):
    workbook = models["complete"]

    def both(row, column):
        at = workbook.addresses.key(f"{row}.{column}")
        return workbook.values[at], euro[at]

    rows = [row.id for sheet in workbook.addresses.layout.sheets if sheet.name == "Barrier" for row in sheet.rows]
    compared = [row for row in rows if row.startswith("br_")]
    assert len(compared) == len(providers()) + 2  # the plan, and its own site
    served = [row for row in compared if both(row, "runway")[0] != NO_FIGURE]
    assert len(served) >= 8
    for row in compared:
        rates = {"monthly": RATE, "cumulative": RATE, "left": RATE, "runway": 1, "share": 1}
        for column, rate in rates.items():
            dollars, euros = both(row, column)
            expected = pytest.approx(dollars * rate, rel=1e-12) if row in served else NO_FIGURE
            assert euros == expected, (row, column)
    assert both("barrier_funding", "monthly") == (1e7, 1e7)  # labelled USD
    assert both("barrier_currency", "monthly") == ("USD", "EUR")
    for row in ("barrier_gpus_shown", "barrier_colossus", "barrier_fab"):
        dollars, euros = both(row, "cumulative")
        assert dollars > 0 and euros == pytest.approx(dollars * RATE, rel=1e-12), row


def test_a_claim_is_measured_in_the_dollars_it_was_made_in(models, euro):
    workbook = models["complete"]
    rows = [row.id for sheet in workbook.addresses.layout.sheets if sheet.name == "Claims" for row in sheet.rows]
    for row in (row for row in rows if row.startswith("cl_")):
        for column in ("ours", "compared", "under", "turns"):
            at = workbook.addresses.key(f"{row}.{column}")
            dollars = workbook.values.get(at)
            expected = pytest.approx(dollars, rel=1e-12) if is_amount(dollars) else dollars
            assert euro.get(at) == expected, (row, column)
        at = workbook.addresses.key(f"{row}.verdict")
        assert euro[at] == workbook.values[at], row
    assert euro[workbook.addresses.key("checks_master.flag")] == 0
