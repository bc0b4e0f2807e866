"""The usage types that S3's user guide lists, each with what it bills: none is forgotten without a word."""

from __future__ import annotations

import csv

import pytest

from vidcost_xl.bills.matching import matched
from vidcost_xl.bills.reading import read_bill

#: "Understanding your AWS billing and usage reports for Amazon S3", without the region before each; by what is billed.
STORAGE = {
    "standard": ("TimedStorage-ByteHrs", "TimedStorage-GDA-Staging", "TimedStorage-GlacierStaging"),
    "standard-ia": (
        "TimedStorage-SIA-ByteHrs",
        "TimedStorage-SIA-SmObjects",
        "EarlyDelete-SIA",
        "EarlyDelete-SIA-SmObjects",
    ),
    "one-zone-ia": (
        "TimedStorage-ZIA-ByteHrs",
        "TimedStorage-ZIA-SmObjects",
        "EarlyDelete-ZIA",
        "EarlyDelete-ZIA-SmObjects",
    ),
    "glacier-instant": ("TimedStorage-GIR-ByteHrs", "TimedStorage-GIR-SmObjects", "EarlyDelete-GIR"),
    "glacier-flexible": ("TimedStorage-GlacierByteHrs", "EarlyDelete-ByteHrs"),
    "glacier-deep-archive": ("TimedStorage-GDA-ByteHrs", "EarlyDelete-GDA"),
    "intelligent-tiering": ("TimedStorage-INT-FA-ByteHrs", "EarlyDelete-INT"),
    "intelligent-tiering.infrequent": ("TimedStorage-INT-IA-ByteHrs",),
    "intelligent-tiering.archive-instant": ("TimedStorage-INT-AIA-ByteHrs",),
    "intelligent-tiering.archive": ("TimedStorage-INT-AA-ByteHrs",),
    "intelligent-tiering.deep-archive": ("TimedStorage-INT-DAA-ByteHrs",),
    "express-one-zone": ("TimedStorage-XZ-ByteHrs",),
}
OTHERS = {
    "aws.s3.standard.put": ("Requests-Tier1",),
    "aws.s3.standard.get": ("Requests-Tier2",),
    "aws.s3.standard-ia.put": ("Requests-SIA-Tier1",),
    "aws.s3.standard-ia.get": ("Requests-SIA-Tier2",),
    "aws.s3.one-zone-ia.put": ("Requests-ZIA-Tier1",),
    "aws.s3.one-zone-ia.get": ("Requests-ZIA-Tier2",),
    "aws.s3.glacier-instant.put": ("Requests-GIR-Tier1",),
    "aws.s3.glacier-instant.get": ("Requests-GIR-Tier2",),
    "aws.s3.glacier-flexible.put": ("Requests-GLACIER-Tier1",),
    "aws.s3.glacier-flexible.get": ("Requests-GLACIER-Tier2",),
    "aws.s3.glacier-flexible.restore.standard": ("Requests-Tier3",),
    "aws.s3.glacier-flexible.restore.bulk": ("Requests-Tier5",),
    "aws.s3.glacier-flexible.restore.expedited": ("Requests-Tier6",),
    "aws.s3.glacier-deep-archive.put": ("Requests-GDA-Tier1",),
    "aws.s3.glacier-deep-archive.get": ("Requests-GDA-Tier2",),
    "aws.s3.glacier-deep-archive.restore.standard": ("Requests-GDA-Tier3",),
    "aws.s3.glacier-deep-archive.restore.bulk": ("Requests-GDA-Tier5",),
    "aws.s3.intelligent-tiering.put": ("Requests-INT-Tier1",),
    "aws.s3.intelligent-tiering.get": ("Requests-INT-Tier2",),
    "aws.s3.intelligent-tiering.monitoring": ("Monitoring-Automation-INT",),
    "aws.s3.standard-ia.retrieval.standard": ("Retrieval-SIA",),
    "aws.s3.one-zone-ia.retrieval.standard": ("Retrieval-ZIA",),
    "aws.s3.glacier-instant.retrieval.standard": ("Retrieval-GIR",),
    "aws.s3.glacier-flexible.retrieval.standard": ("Standard-Retrieval-Bytes",),
    "aws.s3.glacier-flexible.retrieval.bulk": ("Bulk-Retrieval-Bytes",),
    "aws.s3.glacier-flexible.retrieval.expedited": ("Expedited-Retrieval-Bytes",),
    "aws.s3.batch-operations.job": ("BatchOperations-Jobs",),
    "aws.s3.batch-operations.object": ("BatchOperations-Objects",),
    "aws.s3.transfer-acceleration": ("USE1-AWS-Out-ABytes", "USE1-AWS-In-ABytes-T2", "DataTransfer-Out-ABytes-T1"),
    "aws.transfer.internet-out": ("DataTransfer-Out-Bytes",),
    "aws.transfer.internet-in": ("DataTransfer-In-Bytes",),
    "aws.transfer.inter-region": ("USE1-AWS-Out-Bytes",),
    "aws.transfer.cross-az": ("DataTransfer-Regional-Bytes",),
    "aws.transfer.s3-to-cloudfront": ("CloudFront-Out-Bytes",),
    "aws.transfer.s3-same-region": (
        "C3DataTransfer-In-Bytes",
        "C3DataTransfer-Out-Bytes",
        "S3G-DataTransfer-Out-Bytes",
    ),
    "aws.privatelink.data": ("VpcEndpoint-Bytes",),
    "aws.privatelink.hour": ("VpcEndpoint-Hours",),
    "transfer in": ("USE1-AWS-In-Bytes", "CloudFront-In-Bytes"),
    # The book has no price of these, and a plan no line.
    "unmatched": ("TimedStorage-RRS-ByteHrs", "Select-Scanned-Bytes", "Inventory-ObjectsListed", "TagStorage-TagHrs"),
}
BILLED = {name: f"aws.s3.{storage}.storage" for storage, names in STORAGE.items() for name in names} | {
    name: meter for meter, names in OTHERS.items() for name in names
}


@pytest.mark.parametrize("service", ["AmazonS3", "AmazonEC2"])
def test_every_usage_type_of_the_guide_reaches_its_meter_and_region(tmp_path, service):
    path = tmp_path / "cur.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        columns = ("LineItemType", "UsageType", "ProductCode", "UnblendedCost", "CurrencyCode")
        writer.writerow([f"lineItem/{each}" for each in columns])
        writer.writerows(["Usage", f"EUC1-{name}", service, 1, "USD"] for name in BILLED)
    items = matched(read_bill([path]))
    found = {
        usage.removeprefix("EUC1-"): meter or kind
        for usage, meter, kind in items[["usage_type", "is_meter", "is_kind"]].itertuples(index=False)
    }
    mine = (
        BILLED if service == "AmazonS3" else {name: BILLED[name] for name in BILLED if "Vpc" in name or "Out-B" in name}
    )
    assert {name: found[name] for name in mine} == mine
    assert set(items.loc[items["is_kind"] != "unmatched", "is_region"]) == {"eu-central-1"}
