"""FOCUS 1.2 as it is written: every column and rule that the specification has for whoever lists prices and usage."""

from __future__ import annotations

import csv
import re
import tomllib
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.export import write_ledger
from vidcost_xl.model.files import preset
from vidcost_xl.model.focus import FOCUS_COLUMNS, focus_units, to_focus
from vidcost_xl.model.ledger import to_frame
from vidcost_xl.prices.book import price_book

SPEC = tomllib.loads((Path(__file__).parent / "focus_1_2.toml").read_text(encoding="utf-8"))

#: What a plan has of what a provider may support: no zones, resources, tags, sub accounts or commitment discounts.
SUPPORTED = {"price list", "unit prices", "private rates", "usage", "regions", "pricing categories"}

#: Subcategories and their one category, from the page of ServiceSubcategory (v1.2), as far as they are written.
PARENTS = {
    "Content Delivery": "Networking",
    "File Storage": "Storage",
    "Network Connectivity": "Networking",
    "Network Infrastructure": "Networking",
    "Object Storage": "Storage",
    "Other (Other)": "Other",
    "Secret Management": "Security",
    "Storage Platforms": "Storage",
    "Support": "Management and Governance",
}

#: Unit Format (v1.2): a size or a count, alone, over time in the plural, or a number of them.
_SIZE = r"[KMGTPE]?i?[bB]"
_COUNT = r"[A-Za-z][A-Za-z0-9]*(?: [A-Za-z][A-Za-z0-9]*)*"
_TIME = r"(?:Years|Months|Days|Hours|Minutes|Seconds)"
UNIT = re.compile(rf"(?:\d+ )?(?:{_SIZE}|{_COUNT})|(?:{_SIZE}|{_COUNT})-{_TIME}|{_TIME}")
NUMBER = re.compile(r"-?\d+\.\d+")


@pytest.fixture(scope="module")
def bill():
    commitment = [("commercial.commitment_usd", 7e6), ("commercial.discount", 0.1), ("money.currency", "EUR")]
    return evaluate(preset("complete").with_overrides(commitment))


@pytest.fixture(scope="module")
def rows(bill, tmp_path_factory):
    path = tmp_path_factory.mktemp("focus") / "focus.csv"
    write_ledger(bill, path, "focus")
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_column_that_is_asked_for_is_there_and_none_of_its_own(rows):
    asked = {
        name for name, column in SPEC.items() if column["level"] != "may" and set(column.get("when", ())) <= SUPPORTED
    }
    assert len(SPEC) == 57 and len(asked) == 35
    assert asked <= set(rows[0]) <= set(SPEC)
    assert tuple(rows[0]) == FOCUS_COLUMNS == tuple(sorted(FOCUS_COLUMNS))


def test_every_cell_is_of_its_column_s_type(rows):
    for row in rows:
        for name, text in row.items():
            column = SPEC[name]
            assert text or column.get("null", True), name
            if not text:
                continue
            if column["type"] == "decimal":
                assert NUMBER.fullmatch(text), (name, text)
            elif column["type"] == "datetime":
                assert datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").day == 1
            assert text in column.get("values", (text,)), (name, text)
            assert column.get("format") != "unit" or UNIT.fullmatch(text), (name, text)


def test_what_depends_on_another_column_does(rows):
    subcategories, skus = {}, {}
    for row in rows:
        usage = row["ChargeCategory"] == "Usage"
        assert (
            usage == (row["ChargeFrequency"] == "Usage-Based") == bool(row["ConsumedQuantity"] and row["ConsumedUnit"])
        )
        # Of usage and purchases none of these may be empty.
        for name in ("ListUnitPrice", "ContractedUnitPrice", "PricingQuantity", "SkuId", "SkuPriceId", "SkuMeter"):
            assert row[name], (name, row)
        quantity = Decimal(row["PricingQuantity"])
        for price, cost in (("ListUnitPrice", "ListCost"), ("ContractedUnitPrice", "ContractedCost")):
            assert float(Decimal(row[price]) * quantity) == pytest.approx(float(row[cost]), rel=1e-12), price
        assert bool(row["RegionId"]) == bool(row["RegionName"])
        assert not row["ChargeClass"] and not row["InvoiceId"] and len(row["BillingCurrency"]) == 3
        assert row["BillingPeriodStart"] == row["ChargePeriodStart"] < row["ChargePeriodEnd"] == row["BillingPeriodEnd"]
        assert PARENTS[row["ServiceSubcategory"]] == row["ServiceCategory"]
        assert subcategories.setdefault(row["ServiceName"], row["ServiceSubcategory"]) == row["ServiceSubcategory"]
        assert skus.setdefault(row["SkuPriceId"], row["SkuId"]) == row["SkuId"]
    assert {row["ChargeCategory"] for row in rows} == {"Usage", "Purchase"}


def test_the_charges_are_the_ledger_s(bill, rows):
    """Of 612 lines and months those that nothing is used or charged in are no charges."""
    ledger = to_frame(bill)
    used = ledger[(ledger["quantity"] != 0) | (ledger["amount"] != 0)]
    assert len(rows) == len(used) < len(ledger)
    costs = (("EffectiveCost", "amount"), ("ListCost", "list_amount"), ("ContractedCost", "contracted_amount"))
    for name, column in costs:
        assert float(sum(Decimal(row[name]) for row in rows)) == pytest.approx(used[column].sum(), rel=1e-12)


def test_small_prices_have_no_exponent_and_keep_every_digit(tmp_path):
    """0.0000004 a request of the article's GETs would be 4e-07, which importers take for a text."""
    path = tmp_path / "focus.csv"
    write_ledger(evaluate(preset("article")), path, "focus")
    with path.open(encoding="utf-8", newline="") as stream:
        gets = [row for row in csv.DictReader(stream) if row["SkuMeter"] == "aws.s3.standard.get"]
    assert {row["ListUnitPrice"] for row in gets} == {"0.0000004"}


def test_every_unit_of_the_book_has_a_name_in_focus():
    units = {meter.billing_unit for meter in price_book().meters.values()}
    # What is counted by the hour stands in the ledger by the month.
    units |= {unit.replace("-hour", "-month") for unit in units} | {"USD", "GPU hour"}
    assert units <= set(focus_units())
    assert all(UNIT.fullmatch(name) for name in focus_units().values())


def test_every_service_of_the_book_has_a_subcategory():
    frame = to_focus(evaluate(preset("complete")))
    found = dict(zip(frame["ServiceName"], frame["ServiceSubcategory"], strict=True))
    assert found["Amazon S3"] == "Object Storage" and found["AWS Key Management Service"] == "Secret Management"
    assert found["AWS Support"] == "Support" and found["Amazon VPC"] == "Network Infrastructure"


def test_a_decimal_comma_is_no_focus(bill, tmp_path):
    with pytest.raises(BadArgumentError, match="decimal point"):
        write_ledger(bill, tmp_path / "focus.csv", "focus", decimal=",", delimiter=";")
