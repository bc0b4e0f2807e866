"""What rows of bills are: every row of two real bills accounted for, and accounts that a bill of a million reaches."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from vidcost_xl.analysis.accrual import accrual_of
from vidcost_xl.analysis.invoices import read_invoices
from vidcost_xl.bills.matching import matched
from vidcost_xl.bills.reading import read_bill
from vidcost_xl.bills.repricing import AGREES, PRICE, TIERS, UNKNOWN, repriced
from vidcost_xl.bills.rules import bill_rules
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.prices.book import price_book

EXTRACTS = Path(__file__).parent / "extracts"
SHARED = Path(__file__).parents[3] / "shared"
SAMPLES = SHARED / "samples" / "bills"

FOCUS_HEAD = (
    "BilledCost,BillingCurrency,ChargeCategory,ChargeDescription,ChargePeriodStart,ListCost,PricingQuantity,PricingUnit,"
    "ProviderName,ServiceName,SkuId,RegionId,x_UsageType,x_Operation"
)
S3 = "Amazon Simple Storage Service"


def sample(name):
    path = SAMPLES / name
    if not path.exists():
        pytest.skip("the whole sample is not part of the repository")
    return path


@pytest.fixture
def bill(tmp_path):
    """A FOCUS file of rows: cost, category, description, quantity, unit, service, and further columns by name."""

    def write(*rows, month="2027-01"):
        path = tmp_path / "focus.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, FOCUS_HEAD.split(","), restval="")
            writer.writeheader()
            for cost, category, description, quantity, unit, service, *others in rows:
                writer.writerow(
                    {
                        "BilledCost": cost,
                        "BillingCurrency": "USD",
                        "ChargeCategory": category,
                        "ChargeDescription": description,
                        "ChargePeriodStart": f"{month}-01 00:00:00",
                        "ListCost": cost,
                        "PricingQuantity": quantity,
                        "PricingUnit": unit,
                        "ProviderName": "AWS",
                        "ServiceName": service,
                        "RegionId": "us-east-1",
                        **(others[0] if others else {}),
                    }
                )
        return path

    return write


# The rows of a company's month, with the SKUs of the AWS price list where it has them.
MONTH = [
    (204000, "Usage", "$0.021 per GB - storage used / month over 500 TB", 9.5e6, "GB-Mo", S3,
     {"SkuId": "WP9ANXZGBYYSGJEA"}),
    (2300000, "Usage", "$0.050 per GB - greater than 150 TB / month data transfer out", 4.59e7, "GB", S3,
     {"SkuId": "HQEH3ZWJVT46JHRG"}),
    (4100, "Usage", "$0.004 per 10,000 GET and all other requests", 1.025e10, "Requests", S3,
     {"SkuId": "ZWQ6Q48CRJXX4FXE"}),
    (139349.14, "Usage", "$0.045 per GB Data Processed by NAT Gateways", "", "", "Amazon Elastic Compute Cloud"),
    (900000, "Usage", "p5.48xlarge", 1, "Hours", "Amazon Elastic Compute Cloud"),
    (-150000, "Credit", "EDP credit", "", "", S3),
    (12000, "Tax", "VAT", "", "", S3),
]  # fmt: skip


@pytest.mark.parametrize("by", ["SKU", "description"])
def test_a_month_reaches_its_accounts_and_gpus_credit_and_tax_stay_apart(bill, by):
    """Storage 204,000 to 6110; egress, requests and NAT 2,300,000 + 4,100 + 139,349.14 to 6120; the rest nowhere."""
    rows = MONTH if by == "SKU" else [row[:6] for row in MONTH]
    accrual = accrual_of(evaluate(preset("article")), date(2027, 1, 1), read_invoices(bill(*rows)))
    assert {row.account: row.invoiced for row in accrual.rows} == {"6110": 20_400_000, "6120": 244_344_914}
    apart = {each.amount: each.reason for each in accrual.unmapped}
    assert apart[900000.0] == "no rule knows what it is"
    assert apart[-150000.0].startswith("credit:") and apart[12000.0].startswith("tax:")
    everything = sum(row.invoiced for row in accrual.rows) / 100 + sum(apart)
    assert everything == pytest.approx(sum(row[0] for row in MONTH), abs=0.005)


def test_every_row_of_a_focus_bill_is_accounted_for():
    """Counted in the file with a reader of its own: by what the text of a row says, not by the rules."""
    path = sample("focus_1.0_sample.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    items = matched(read_bill([path]))
    found = Counter()
    for meter, kind, count in zip(items["is_meter"], items["is_kind"], items["rows"], strict=True):
        found[meter or kind] += count
    said = [row["ChargeDescription"] for row in rows]

    def say(pattern):
        return sum(bool(re.search(pattern, text)) for text in said)

    assert found["aws.nat-gateway.data"] == say("NAT Gateways") and found["aws.nat-gateway.hour"] == say(
        "NAT Gateway Hour"
    )
    assert found["aws.transfer.internet-in"] == say("data transfer in per month")
    assert found["aws.transfer.cross-az"] == say("regional data transfer")
    assert found["aws.transfer.inter-region"] == say("data transfer to |-AWS-Out-Bytes")
    assert found["aws.s3.standard.storage"] == say("of storage used")
    assert found["credit"] + found["adjustment"] == sum(row["ChargeCategory"] != "Usage" for row in rows) == 3
    assert sum(found.values()) == len(rows) == 1000
    whole = sum(Decimal(row["BilledCost"]) for row in rows)
    assert float(items["amount"].sum()) == pytest.approx(float(whole), abs=1e-12)


def test_every_storage_transfer_and_request_row_of_a_focus_bill_has_a_price_of_the_book_or_a_reason():
    """36 rows of S3 and hundreds of transfer, at the list prices of September 2024."""
    found = repriced(matched(read_bill([sample("focus_1.0_sample.csv")])))
    assert not [row for row in found if row.verdict == PRICE and row.region != "af-south-1"]
    agreed = [row for row in found if row.verdict in {AGREES, TIERS}]
    assert sum(row.listed for row in agreed) > 0.9 * sum(row.listed for row in found)
    by_row = [row for row in found if row.verdict == AGREES and row.listed]
    assert all(row.book == pytest.approx(row.listed, rel=1e-6, abs=1e-8) for row in by_row) and len(by_row) > 20
    assert all(row.why for row in found if row.verdict in {UNKNOWN, TIERS})


def test_every_row_of_a_cur_is_accounted_for():
    """Of the extract: 12 taxes; requests 0.000... by the column of costs; what no rule knows costs nothing."""
    path = EXTRACTS / "cur_extract.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    items = matched(read_bill([path]))
    by_kind = items.groupby("is_kind")["amount"].sum()
    tax = sum(Decimal(row["lineItem/UnblendedCost"]) for row in rows if row["lineItem/LineItemType"] == "Tax")
    assert by_kind["tax"] == pytest.approx(float(tax), abs=1e-12) and by_kind["unmatched"] == 0
    out = [row for row in rows if row["lineItem/UsageType"].endswith("-AWS-Out-Bytes")]
    mine = items[items["is_meter"] == "aws.transfer.inter-region"]
    assert mine["rows"].sum() == len(out)
    assert set(mine["is_region"]) == {"us-east-1", "ca-central-1", "us-west-2"}  # USE1-, CAN1-, USW2-
    assert items["amount"].sum() == pytest.approx(
        float(sum(Decimal(r["lineItem/UnblendedCost"]) for r in rows)), abs=1e-12
    )


@pytest.mark.parametrize(
    ("usage_type", "operation", "meter", "region"),
    [
        ("TimedStorage-ByteHrs", "StandardStorage", "aws.s3.standard.storage", "us-east-1"),
        ("EUC1-TimedStorage-ByteHrs", "StandardStorage", "aws.s3.standard.storage", "eu-central-1"),
        ("USW2-TimedStorage-SIA-ByteHrs", "StandardIAStorage", "aws.s3.standard-ia.storage", "us-west-2"),
        ("EUC1-Requests-Tier1", "PutObject", "aws.s3.standard.put", "eu-central-1"),
        ("Requests-Tier2", "GetObject", "aws.s3.standard.get", "us-east-1"),
        ("EUC1-DataTransfer-Out-Bytes", "GetObject", "aws.transfer.internet-out", "eu-central-1"),
        ("USW2-EUC1-AWS-Out-Bytes", "GetObject", "aws.transfer.inter-region", "us-west-2"),
        ("USW2-EUC1-AWS-In-Bytes", "GetObject", "transfer in", "us-west-2"),
        ("EarlyDelete-SIA", "", "aws.s3.standard-ia.storage", "us-east-1"),
        ("EUC1-EarlyDelete-GDA", "", "aws.s3.glacier-deep-archive.storage", "eu-central-1"),
        ("TimedStorage-ByteHrs", "DeepArchiveS3ObjectOverhead", "aws.s3.standard.storage", "us-east-1"),
        ("Monitoring-Automation-INT", "", "aws.s3.intelligent-tiering.monitoring", "us-east-1"),
        ("EUC1-TimedStorage-RRS-ByteHrs", "", "unmatched", ""),
        ("BucketSizeByLens", "", "unmatched", ""),
    ],
)
def test_usage_types_tell_the_meter_and_the_region(bill, usage_type, operation, meter, region):
    """Usage types as the S3 user guide and the billing codes of regions write them."""
    row = (1, "Usage", "no words that tell", 1, "GB", S3, {"x_UsageType": usage_type, "x_Operation": operation})
    (found,) = matched(read_bill([bill(row)])).to_dict("records")
    assert (found["is_meter"] or found["is_kind"], found["is_region"]) == (meter, region)


def test_nat_and_transfer_stand_under_the_service_that_caused_them(bill):
    ec2 = "Amazon Elastic Compute Cloud"
    rows = [
        (45, "Usage", "x", 1000, "GB", ec2, {"x_UsageType": "NatGateway-Bytes", "x_Operation": "NatGateway"}),
        (20, "Usage", "y", 1000, "GB", ec2, {"x_UsageType": "EUC1-USE1-AWS-Out-Bytes", "x_Operation": "InterZone-Out"}),
    ]
    items = matched(read_bill([bill(*rows)]))
    assert set(items["is_meter"]) == {"aws.nat-gateway.data", "aws.transfer.inter-region"}
    assert [(row.meter, row.verdict) for row in repriced(items)] == [
        ("aws.nat-gateway.data", AGREES),  # 1,000 GB at 0.045
        ("aws.transfer.inter-region", AGREES),  # Frankfurt: 1,000 GB at 0.02
    ]


def test_a_price_that_is_not_the_list_s_shows_and_a_discount_too(bill):
    """1,000 GB at 0.025 in place of 0.023; 10 TB of egress at 0.08 in place of 0.09 less the free 100 GB."""
    rows = [
        (25.0, "Usage", "$0.023 per GB - first 50 TB / month of storage used", 1000, "GB-Mo", S3),
        (800.0, "Usage", "$0.085 per GB - next 40 TB / month data transfer out", 10000, "GB", S3),
    ]
    found = {row.meter: row for row in repriced(matched(read_bill([bill(*rows)])))}
    storage, egress = found["aws.s3.standard.storage"], found["aws.transfer.internet-out"]
    assert (storage.book, storage.verdict) == (pytest.approx(23.0), PRICE) and "0.025" in storage.why
    assert (egress.book, egress.verdict) == (pytest.approx(9900 * 0.09), PRICE) and "0.08 a GB" in egress.why


def test_every_rule_names_what_the_book_has_and_its_source():
    meters = price_book().meters
    for rule in bill_rules().rule:
        assert not rule.meter or "{" in rule.meter or rule.meter in meters, rule
    tiers = {"hot", "cool", "cold", "archive"}
    templates = {rule.meter for rule in bill_rules().rule if "{" in rule.meter}
    assert all(any(t.format(tier=tier, redundancy="lrs") in meters for tier in tiers) for t in templates)
    dimensions = {meter.dimension for meter in meters.values()}
    assert dimensions == set(bill_rules().accounts)


def test_a_usage_type_without_a_region_s_code_is_of_the_first_region(bill):
    row = (90, "Usage", "x", 1000, "GB", S3, {"x_UsageType": "DataTransfer-Out-Bytes", "RegionId": ""})
    assert matched(read_bill([bill(row)]))["is_region"].tolist() == ["us-east-1"]


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("me-south-1", "me-south-1"),
        ("us-gov-west-1", "us-gov-west-1"),
        ("global", "us-east-1"),
        ("us-west-2", "us-west-2"),
    ],
)
def test_a_region_that_the_book_lacks_is_not_another_one(bill, written, region):
    row = (23, "Usage", "x", 1000, "GB-Mo", S3, {"x_UsageType": "TimedStorage-ByteHrs", "RegionId": written})
    row[-1]["x_Operation"] = "StandardStorage"
    (found,) = matched(read_bill([bill(row)])).to_dict("records")
    assert (found["is_meter"], found["is_region"]) == ("aws.s3.standard.storage", region)


def test_what_is_bought_is_no_unused_commitment(bill):
    rows = [(50000, "Purchase", "a data set of the marketplace", 1, "", "AWS Marketplace")]
    assert matched(read_bill([bill(*rows)]))["is_kind"].tolist() == ["purchase"]


def test_a_meter_that_nobody_knows_is_posted_nowhere(tmp_path):
    path = tmp_path / "bill.csv"
    path.write_text("provider,month,amount,meter\nAWS,2027-01,100,aws.s3.standard.storge\n", encoding="utf-8")
    accrual = accrual_of(evaluate(preset("article")), date(2027, 1, 1), read_invoices(path))
    (left,) = accrual.unmapped
    assert "aws.s3.standard.storage" in left.reason and not any(row.invoiced for row in accrual.rows)


def test_kinds_of_a_table_are_kinds_and_spread_over_nothing(tmp_path):
    path = tmp_path / "bill.csv"
    path.write_text("provider,month,amount,kind\nAWS,2027-01,100,VAT\nAWS,2027-01,-9,Discount\nAWS,2027-01,7,Oddity\n")
    accrual = accrual_of(evaluate(preset("article")), date(2027, 1, 1), read_invoices(path), unmatched="6990")
    assert [each.reason.partition(":")[0] for each in accrual.unmapped] == ["tax", "credit", "oddity"]
    assert not any(row.invoiced for row in accrual.rows)


def test_an_account_of_a_cloud_is_none_of_the_ledger_and_an_account_s_lines_share(tmp_path):
    path = tmp_path / "bill.csv"
    path.write_text("provider,month,amount,account\nAWS,2027-01,100,123456789012\nAWS,2027-01,50,6110\n")
    accrual = accrual_of(evaluate(preset("article")), date(2027, 1, 1), read_invoices(path))
    assert {row.account for row in accrual.rows} == {"6110", "6120"}
    assert sum(row.invoiced for row in accrual.rows) == 15_000


def test_too_much_for_its_tiers_is_another_price(bill):
    """1,000,000 GB of egress at 0.09 are 90,000; the list has (10,240 x 0.09 + 40,960 x 0.085 + ...) far below."""
    words = "$0.090 per GB - first 10 TB / month data transfer out beyond the global free tier"
    (found,) = repriced(matched(read_bill([bill((90000, "Usage", words, 1_000_000, "GB", S3))])))
    by_hand = 10_240 * 0.09 + 40_960 * 0.085 + 102_400 * 0.07 + (1_000_000 - 100 - 153_600) * 0.05
    assert found.book == pytest.approx(by_hand) and found.verdict == PRICE and "more than the tiers" in found.why
