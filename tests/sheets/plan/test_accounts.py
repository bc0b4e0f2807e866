"""The sheet Accounts: lines booked elsewhere than their stage, in Costs, in the ledger, and read back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.sheets.calc_files import with_inputs
from tests.sheets.conftest import as_excel_saves
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import plan_from_mapping, plan_to_mapping, preset
from vidcost_xl.model.ledger import by_group, to_frame
from vidcost_xl.sheets.plan.new import build
from vidcost_xl.sheets.plan.reading.carry import carry
from vidcost_xl.sheets.plan.reading.workbook import read_plan_workbook

OWN = {"store.raw": ("6111", ""), "train.features.gets.aws.s3.standard.get": ("", "operations")}


@pytest.fixture(scope="module")
def plan():
    return replace(preset("article"), accounts=OWN)


@pytest.fixture(scope="module")
def made(once, plan):
    return once("model-accounts", lambda: build("model", plan=plan))


def mapped(model):
    """The line of every row of the mapping, by the row's id."""
    sheet = next(sheet for sheet in model.addresses.layout.sheets if sheet.name == "Accounts")
    return {row.id: model.values[model.addresses.key(f"{row.id}.line")] for row in sheet.rows if row.id[:3] == "ac_"}


def test_the_ledger_books_a_line_to_its_own_account(plan):
    frame = to_frame(evaluate(plan))
    booked = frame.drop_duplicates("line").set_index("line")[["gl_account", "cost_center"]]
    assert booked.loc["store.raw"].tolist() == ["6111", "video-training"]
    assert booked.loc["store.features"].tolist() == ["6110", "video-training"]
    assert booked.loc["train.features.gets.aws.s3.standard.get"].tolist() == ["6120", "operations"]
    months = by_group(evaluate(plan), "gl_account")
    assert months["6111"][0] == pytest.approx(months["6110"][0])


def test_costs_and_the_ledger_sheet_follow(made):
    slots = {line: row[3:] for row, line in mapped(made).items()}
    shown = {line: made.values[made.addresses.key(f"k_{slots[line]}.note")] for line in ("store.raw", "store.features")}
    assert shown == {"store.raw": "6111 / video-training", "store.features": "6110 / video-training"}
    ledger = next(sheet for sheet in made.addresses.layout.sheets if sheet.name == "Ledger")
    accounts = {
        row.entries["line"].value: row.entries["gl_account"].value for row in ledger.rows if "gl_account" in row.entries
    }
    assert (accounts["store.raw"], accounts["store.features"]) == ("6111", "6110")
    assert made.values[made.addresses.key("checks_master.flag")] == 0


@pytest.mark.parametrize("form", [lambda data: data, as_excel_saves], ids=["generated", "as Excel saves"])
def test_they_are_read_back_and_carried_over(made, plan, form):
    assert read_plan_workbook(form(made.data), "plan.xlsx").plan == plan
    assert carry(form(made.data), "plan.xlsx").plan.accounts == OWN


def test_an_account_typed_as_a_number_is_its_digits(models):
    model = models["bill"]
    typed = {"acct_1.line": "store.raw", "acct_1.account": 6111.0}
    data = with_inputs(model.data, {model.addresses.key(entry): value for entry, value in typed.items()})
    assert read_plan_workbook(data, "plan.xlsx").plan.accounts == {"store.raw": ("6111", "")}


def test_a_line_twice_or_none_is_a_fault_with_its_cell(models):
    model = models["bill"]
    for typed, part in (
        ({"acct_1.account": "6111"}, "stands beside no line"),
        ({"acct_1.line": "a", "acct_1.account": "1", "acct_3.line": "a", "acct_3.account": "2"}, "stands in two rows"),
    ):
        data = with_inputs(model.data, {model.addresses.key(entry): value for entry, value in typed.items()})
        with pytest.raises(BadArgumentError, match=part):
            read_plan_workbook(data, "plan.xlsx")


def test_a_plan_file_holds_them_too(plan):
    assert plan_from_mapping(plan_to_mapping(plan)) == plan
    with pytest.raises(BadArgumentError, match="GL account and a cost centre"):
        plan_from_mapping({**plan_to_mapping(plan), "line_account": {"store.raw": 6111}})


def test_every_line_of_the_bill_has_its_row(models):
    for name, model in models.items():
        assert {charge.line.id for charge in evaluate(preset(name)).charges} <= set(mapped(model).values())
