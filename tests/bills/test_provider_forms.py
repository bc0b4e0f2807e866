"""Exports of Azure and Google Cloud in their own columns: amounts to the cent, kinds, meters, credits."""

from __future__ import annotations

import csv
import json

import pytest

from vidcost_xl.bills.matching import matched
from vidcost_xl.bills.reading import Options, read_bill
from vidcost_xl.errors import BadArgumentError

AZURE = (
    *("SubscriptionId", "ResourceLocation", "Date", "ProductName", "MeterCategory", "MeterSubCategory", "MeterId"),
    *("MeterName", "UnitOfMeasure", "Quantity", "CostInBillingCurrency", "BillingCurrency", "ChargeType", "Tags"),
)
GOOGLE = (
    *("billing_account_id", "service.description", "sku.id", "sku.description", "usage_start_time", "usage_end_time"),
    *("project.id", "location.region", "cost", "currency", "usage.amount_in_pricing_units", "usage.pricing_unit"),
    *("credits", "cost_type"),
)


def written(path, heads, *rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, heads, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def azure(subcategory, meter, unit="1 GB/Month", cost=10.0, **others):
    row = {"Date": "2026-09-01", "MeterCategory": "Storage", "MeterSubCategory": subcategory, "MeterName": meter}
    money = {"Quantity": 500, "CostInBillingCurrency": cost, "BillingCurrency": "USD", "ChargeType": "Usage"}
    return row | money | {"UnitOfMeasure": unit, "ResourceLocation": "eastus", "SubscriptionId": "s1"} | others


def google(sku, cost, service="Cloud Storage", **others):
    row = {"service.description": service, "sku.description": sku, "cost": cost, "currency": "USD", "credits": "[]"}
    when = {"usage_start_time": "2026-09-01T00:00:00", "usage_end_time": "2026-09-01T01:00:00"}
    place = {"billing_account_id": "01-02", "location.region": "us-central1", "cost_type": "regular"}
    return row | when | place | others


@pytest.mark.parametrize(
    ("subcategory", "name", "meter"),
    [
        ("General Block Blob v2", "Hot LRS Data Stored", "azure.blob.hot-lrs.storage"),
        ("General Block Blob v2", "Cool ZRS Data Stored", "azure.blob.cool-zrs.storage"),
        ("Tiered Block Blob", "Hot LRS Write Operations", "azure.blob.hot-lrs.put"),
        ("General Block Blob v2", "Hot Read Operations", "azure.blob.hot-lrs.get"),
        ("General Block Blob v2", "Cold ZRS Read Operations", "azure.blob.cold-zrs.get"),
        ("General Block Blob v2", "Cool Data Retrieval", "azure.blob.cool-lrs.retrieval.standard"),
        ("General Block Blob v2", "Cold LRS Data Retrieval", "azure.blob.cold-lrs.retrieval.standard"),
        ("General Block Blob v2", "Archive LRS Early Delete", "azure.blob.archive-lrs.early-delete"),
        ("Rtn Preference: MGN", "Standard Data Transfer Out", "azure.transfer.internet-out"),
        ("Files v2", "Hot LRS Data Stored", "unmatched"),
        ("General Block Blob v2", "Hot GRS Data Stored", "unmatched"),
        ("Premium SSD Managed Disks", "Disk Operations", "unmatched"),
    ],
)
def test_azure_s_meters_are_told_by_subcategory_and_name(tmp_path, subcategory, name, meter):
    """Names as the Retail Prices API has them; FOCUS files have the same in columns that begin with x_."""
    own = written(tmp_path / "azure.csv", AZURE, azure(subcategory, name))
    focus = written(
        tmp_path / "focus.csv",
        ["ProviderName", "ServiceName", "BilledCost", "BillingCurrency", "x_SkuMeterSubcategory", "x_SkuMeterName"],
        {"ProviderName": "Microsoft", "BilledCost": 10, "BillingCurrency": "USD", "ServiceName": "Storage Accounts"}
        | {"x_SkuMeterSubcategory": subcategory, "x_SkuMeterName": name},
    )
    for path in (own, focus):
        (found,) = matched(read_bill([path])).to_dict("records")
        assert (found["is_meter"] or found["is_kind"], found["is_provider"]) == (meter, "azure")


def test_azure_s_blocks_have_no_certain_quantity_and_kinds_stay_apart(tmp_path):
    path = written(
        tmp_path / "azure.csv",
        AZURE,
        azure("General Block Blob v2", "Hot LRS Data Stored", cost=9.2),
        azure("General Block Blob v2", "Hot LRS Write Operations", "10K", cost=0.05),
        azure("", "", "", cost=-3.0, ChargeType="Refund"),
        azure("", "", "", cost=100.0, ChargeType="Purchase"),
        azure("", "", "", cost=4.0, ChargeType="UnusedReservation"),
    )
    items = matched(read_bill([path])).sort_values("amount")
    assert dict(zip(items["is_kind"] + items["is_meter"], items["amount"], strict=True)) == {
        "refund": -3.0,
        "matchedazure.blob.hot-lrs.put": 0.05,
        "commitment": 4.0,
        "matchedazure.blob.hot-lrs.storage": 9.2,
        "purchase": 100.0,
    }
    units = dict(zip(items["is_meter"], items["billed_units"], strict=True))
    assert units["azure.blob.hot-lrs.storage"] == 500 and units["azure.blob.hot-lrs.put"] != 5_000_000


def test_google_s_credits_are_a_kind_of_their_own(tmp_path):
    """12.50 and a committed discount of 2.25 and 0.25 taken off it, in one row; tax in another: 12.50 - 2.50 + 1."""
    taken = json.dumps([{"name": "CUD", "amount": -2.25}, {"name": "promotion", "amount": -0.25}])
    rows = [
        google("Standard Storage US Regional", 12.5, credits=taken) | {"usage.amount_in_pricing_units": 625},
        google("Tax", 1.0, "Invoice", cost_type="tax"),
        google("Rounding", -0.01, "Invoice", cost_type="rounding_error"),
    ]
    for row in rows[:1]:
        row["usage.pricing_unit"] = "gibibyte month"
    path = written(tmp_path / "google.csv", GOOGLE, *rows)
    items = matched(read_bill([path]))
    assert dict(zip(items["is_kind"], items["amount"], strict=True)) == {
        "matched": 12.5,
        "credit": -2.5,
        "tax": 1.0,
        "adjustment": -0.01,
    }
    storage = items[items["is_kind"] == "matched"].iloc[0]
    assert (storage["is_meter"], storage["is_region"]) == ("gcp.gcs.standard.storage", "us-central1")
    assert storage["billed_units"] == 625 and storage["is_how"] == "list"
    assert read_bill([path], Options(where=["service=Invoice"])).items["amount"].sum() == pytest.approx(0.99)


def test_credits_that_cannot_be_read_are_refused_and_not_left_out(tmp_path):
    path = written(tmp_path / "google.csv", GOOGLE, google("Standard Storage US Regional", 12.5, credits="minus 2.5"))
    with pytest.raises(BadArgumentError, match=r"google\.csv, line 2: credits is no list of credits"):
        read_bill([path])


def test_a_file_with_an_account_and_no_cost_is_of_no_form(tmp_path):
    path = written(tmp_path / "google.csv", ["billing_account_id", "costs"], {"costs": 1})
    with pytest.raises(BadArgumentError, match="no column of amounts"):
        read_bill([path])
