"""A plan's own bill in every form, written here as its provider writes it: read whole; one change is that change."""

from __future__ import annotations

import csv
import re

import pytest

from vidcost_xl.analysis.actuals import REASONS, actuals_of
from vidcost_xl.analysis.invoices import read_invoices
from vidcost_xl.bills.matching import MATCHED
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.export import write_ledger
from vidcost_xl.model.files import preset
from vidcost_xl.model.ledger import to_frame

#: Part number, name and unit of Oracle's price list for what the plan uses there.
OCI = {
    "oci.object.standard.storage": ("B91628", "Object Storage - Storage", "OBJECT_STORAGE", "GB MONTHS"),
    "oci.object.infrequent-access.storage": ("B93000", "Infrequent Access - Storage", "OBJECT_STORAGE", "GB MONTHS"),
    "oci.object.infrequent-access.retrieval.standard": ("B93001", "Data Retrieval", "OBJECT_STORAGE", "GB"),
    "oci.object.requests": ("B91627", "Object Storage - Requests", "OBJECT_STORAGE", "10,000 Requests"),
    "oci.transfer.internet-out": ("B88327", "Outbound Data Transfer Zone 1", "NETWORK", "GB"),
}

#: Usage type, operation and unit of S3's usage reports.
AWS = {
    "aws.s3.standard.storage": ("TimedStorage-ByteHrs", "StandardStorage", "GB-Mo"),
    "aws.s3.standard-ia.storage": ("TimedStorage-SIA-ByteHrs", "StandardIAStorage", "GB-Mo"),
    "aws.s3.standard-ia.retrieval.standard": ("Retrieval-SIA", "", "GB"),
    "aws.s3.standard-ia.get": ("Requests-SIA-Tier2", "GetObject", "Requests"),
    "aws.s3.standard.get": ("Requests-Tier2", "GetObject", "Requests"),
    "aws.transfer.internet-out": ("DataTransfer-Out-Bytes", "GetObject", "GB"),
    "aws.nat-gateway.data": ("NatGateway-Bytes", "NatGateway", "GB"),
    "aws.nat-gateway.hour": ("NatGateway-Hours", "NatGateway", "Hrs"),
}

ON_OCI = [
    ("representation.1.class", "oci.object.standard"),
    ("representation.2.class", "oci.object.standard"),
    ("checkpoint.class", "oci.object.standard"),
    ("train.route", "oci.internet"),
    ("exit.route", "oci.internet"),
    ("encode.route", "oci.internet"),
    ("staging.fill_route", "oci.internet"),
]


def used(bill):
    frame = to_frame(bill)
    return frame[frame["quantity"] > 0].to_dict("records")


def write(path, heads, rows):
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([heads, *rows])
    return path


def as_focus(bill, path):
    write_ledger(bill, path, "focus")
    return path


def as_ledger(bill, path):
    frame = to_frame(bill, version="Actual")
    frame.to_csv(path, index=False)
    return path


def as_table(bill, path):
    names = ("provider", "period", "amount", "meter", "quantity", "unit", "currency")
    return write(path, ("provider", "month", *names[2:]), [[row[name] for name in names] for row in used(bill)])


def as_cur(bill, path, name=lambda group, column: f"{group}/{column}"):
    columns = (
        *(("lineItem", each) for each in ("LineItemType", "UsageType", "Operation", "ProductCode", "UsageAmount")),
        *(("lineItem", each) for each in ("UnblendedCost", "CurrencyCode", "UsageStartDate")),
        ("pricing", "unit"),
    )
    rows = []
    for row in used(bill):
        usage, operation, unit = AWS[row["meter"]]
        code = "AmazonEC2" if "nat-gateway" in row["meter"] else "AmazonS3"
        money = (row["quantity"], row["amount"], "USD", f"{row['period']:%Y-%m-%dT00:00:00Z}")
        rows.append(("Usage", usage, operation, code, *money, unit))
    return write(path, [name(*each) for each in columns], rows)


def as_cur_2(bill, path):
    def snake(group, column):
        return re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", group + column[0].upper() + column[1:])

    return as_cur(bill, path, snake)


def as_oci(bill, path):
    heads = (
        *("lineItem/referenceNo", "lineItem/tenantId", "lineItem/intervalUsageStart", "product/service"),
        *("product/region", "usage/billedQuantity", "cost/subscriptionId", "cost/productSku", "product/Description"),
        *("cost/unitPrice", "cost/myCost", "cost/currencyCode", "cost/billingUnitReadable", "lineItem/isCorrection"),
    )
    rows = []
    for at, row in enumerate(used(bill)):
        sku, words, service, unit = OCI[row["meter"]]
        month = f"{row['period']:%Y-%m-%dT00:00Z}"
        priced = (row["quantity"], 77, sku, words, row["amount"] / row["quantity"], row["amount"], "USD", unit, "false")
        rows.append((f"v2.{at}", "ocid1.tenancy", month, service, "us-ashburn-1", *priced))
    return write(path, heads, rows)


FORMS = {"focus": as_focus, "ledger": as_ledger, "table": as_table, "cur": as_cur, "cur 2": as_cur_2, "oci": as_oci}


@pytest.fixture(scope="module")
def plans():
    article = preset("article")
    return {"oci": article.with_overrides(ON_OCI)} | {form: article for form in FORMS if form != "oci"}


def effects(plan, billed, form, path):
    """What explains the difference, in cents, of a bill of one plan against another."""
    rows = read_invoices(FORMS[form](evaluate(billed), path))
    assert {row.kind for row in rows} == {MATCHED}
    found = actuals_of(evaluate(plan), rows)
    assert found.left == () and found.elsewhere == () and not found.uncounted
    _, *sums, _ = map(sum, zip(*found.by_month().values(), strict=True))
    return dict(zip(REASONS, sums, strict=True)), found


@pytest.mark.parametrize("form", FORMS)
def test_a_bill_of_the_plan_itself_has_no_variance(plans, form, tmp_path):
    parts, found = effects(plans[form], plans[form], form, tmp_path / "bill.csv")
    assert not any(parts.values())
    assert found.statement.total[-1] == pytest.approx(evaluate(plans[form]).total.sum() * 100, abs=12)


@pytest.mark.parametrize("form", FORMS)
def test_one_price_changed_is_that_price(plans, form, tmp_path):
    """A GB of storage at 0.03 in place of the list's: 9,313,225.746 GB of two copies, a month's difference by hand."""
    meter = "oci.object.standard.storage" if form == "oci" else "aws.s3.standard.storage"
    gb = 2 * 5e15 / 2**30
    # Oracle: 0.0255 beyond 10 GB. AWS: 50 TB at 0.023, 450 TB at 0.022, the rest at 0.021.
    listed = (gb - 10) * 0.0255 if form == "oci" else 51_200 * 0.023 + 460_800 * 0.022 + (gb - 512_000) * 0.021
    billed = plans[form].with_overrides([(f"rate.{meter}", 0.03)])
    parts, _ = effects(plans[form], billed, form, tmp_path / "bill.csv")
    assert parts.pop("price") == pytest.approx(1200 * (gb * 0.03 - listed), abs=12)
    assert all(abs(cents) <= 12 for cents in parts.values())


@pytest.mark.parametrize("form", FORMS)
def test_one_volume_changed_is_that_volume(plans, form, tmp_path):
    """A pass more in each of January's ten runs, 46,566,128.73 GB and ten billion GETs: at the last tier, by hand."""
    one_more = plans[form].number("train.passes") + 1
    billed = plans[form].with_overrides([("train.passes@2027-01", one_more)])
    parts, found = effects(plans[form], billed, form, tmp_path / "bill.csv")
    by_month = found.by_month()
    assert all(row[0] == row[-1] for month, row in by_month.items() if month != "2027-01")
    gb, gets = 10 * 5e15 / 2**30, 1e10
    by_hand = gb * 0.0085 + gets / 10_000 * 0.0034 if form == "oci" else gb * 0.05 + gets * 4e-7
    assert sum(parts.values()) == pytest.approx(by_hand * 100, abs=2)
    # What is not volume is what the tiers do to the average price.
    assert parts["not budgeted"] == parts["not incurred"] == parts["currency"] == 0 and parts["volume"] > 0


@pytest.mark.parametrize("form", [form for form in FORMS if form != "oci"])
def test_one_route_changed_is_what_that_route_bills(plans, form, tmp_path):
    """Through a NAT gateway as well, 0.045 on each of 46,566,128.73 GB a month."""
    billed = plans[form].with_overrides([("train.route", "aws.nat")])
    parts, _ = effects(plans[form], billed, form, tmp_path / "bill.csv")
    assert parts["not budgeted"] == pytest.approx(12 * 100 * 10 * 5e15 / 2**30 * 0.045, rel=1e-3)
    assert parts["price"] == parts["currency"] == 0
