"""The prices of the regions against the table of readings they come from: each row is in the book, or left out by name.

The table is compared by its own words, apart from what made the files of the book.
"""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.values import OMITTED
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.schema import EVERYWHERE

READINGS = Path(__file__).parents[3] / "shared" / "facts" / "prices_regions.csv"

Row = dict[str, str]

CLASSES = {
    "Glacier IR": "glacier-instant",
    "Glacier FR": "glacier-flexible",
    "Glacier DA": "glacier-deep-archive",
}

S3_TIERS = {
    "Intelligent-Tiering Frequent storage": "storage",
    "Intelligent-Tiering Infrequent storage": "infrequent.storage",
    "Intelligent-Tiering Archive Instant storage": "archive-instant.storage",
    "Intelligent-Tiering Archive Access storage": "archive.storage",
    "Intelligent-Tiering Deep Archive Access storage": "deep-archive.storage",
    "Intelligent-Tiering monitoring": "monitoring",
}

ENDINGS = {
    "PUT/COPY/POST/LIST": "put",
    "PUT": "put",
    "GET/other": "get",
    "Retrieval": "retrieval.standard",
    "Retrieval (data read)": "retrieval.standard",
    "Upload": "upload",
    "Lifecycle transition into": "transition",
    **{f"Retrieval, {speed}": f"retrieval.{speed}" for speed in ("standard", "expedited", "bulk")},
    **{f"Restore request, {speed}": f"restore.{speed}" for speed in ("standard", "expedited", "bulk")},
}

NETWORK = {
    "Internet egress": "aws.transfer.internet-out",
    "Internet ingress": "aws.transfer.internet-in",
    "Inter-region out": "aws.transfer.inter-region",
    "Inter-region out to US East regions": "aws.transfer.inter-region",
    "Cross-AZ, each direction": "aws.transfer.cross-az",
    "NAT gateway hour": "aws.nat-gateway.hour",
    "NAT gateway data processed": "aws.nat-gateway.data",
    "Interface endpoint hour, per AZ": "aws.privatelink.hour",
    "Interface endpoint data": "aws.privatelink.data",
    "Public IPv4 address in use": "aws.public-ipv4.hour",
    "CloudFront egress to internet": "aws.cloudfront.data-out",
    "CloudFront HTTPS request": "aws.cloudfront.https-request",
}

GOOGLE = {
    "Rapid storage (zonal)": "gcp.gcs.rapid.storage",
    "Rapid Cache storage": "gcp.gcs.rapid-cache.storage",
    "Rapid Cache ingest": "gcp.gcs.rapid-cache.ingest",
    "Rapid Cache data out": "gcp.gcs.rapid-cache.data-out",
    "Internet egress, worldwide, first tier 0-10 TiB": "gcp.transfer.internet-out",
}

#: Stores with one price wherever they are: (provider, class, meter) and the book's meter.
EVERYWHERE_ALIKE = {
    ("Cloudflare", "Standard", "Storage"): "r2.standard.storage",
    ("Cloudflare", "Standard", "Class A"): "r2.standard.put",
    ("Cloudflare", "Standard", "Class B"): "r2.standard.get",
    ("Cloudflare", "Infrequent Access", "Storage"): "r2.infrequent-access.storage",
    ("Cloudflare", "Infrequent Access", "Class A"): "r2.infrequent-access.put",
    ("Cloudflare", "Infrequent Access", "Class B"): "r2.infrequent-access.get",
    ("Cloudflare", "Infrequent Access", "Retrieval"): "r2.infrequent-access.retrieval.standard",
    ("Cloudflare", "-", "Egress"): "r2.transfer.internet-out",
    ("Backblaze", "pay-as-you-go", "Storage"): "b2.standard.storage",
    ("Backblaze", "-", "Egress over 3x average stored"): "b2.transfer.internet-out",
    ("Wasabi", "pay-as-you-go", "Storage"): "wasabi.hot.storage",
    ("Tigris", "Standard", "Storage"): "tigris.standard.storage",
    ("Tigris", "Infrequent Access", "Storage"): "tigris.infrequent-access.storage",
    ("Tigris", "Archive Instant Retrieval", "Storage"): "tigris.archive-instant.storage",
    ("Tigris", "Infrequent Access", "Retrieval"): "tigris.infrequent-access.retrieval.standard",
    ("Tigris", "Archive Instant Retrieval", "Retrieval"): "tigris.archive-instant.retrieval.standard",
    ("Tigris", "-", "Class A"): "tigris.put",
    ("Tigris", "-", "Class B"): "tigris.get",
    ("Tigris", "-", "Egress"): "tigris.transfer.internet-out",
    ("Nebius", "Standard", "Storage"): "nebius.object.standard.storage",
    ("Nebius", "Enhanced Throughput", "Storage"): "nebius.object.enhanced.storage",
    ("CoreWeave", "Hot", "Storage"): "coreweave.hot.storage",
    ("CoreWeave", "Warm", "Storage"): "coreweave.warm.storage",
    ("CoreWeave", "Cold", "Storage"): "coreweave.cold.storage",
    ("CoreWeave", "-", "Storage"): "coreweave.distributed-file.storage",
    ("CoreWeave", "-", "Egress and operations"): "coreweave.transfer.internet-out",
    ("OCI", "Standard", "Storage"): "oci.object.standard.storage",
    ("OCI", "Infrequent Access", "Storage"): "oci.object.infrequent-access.storage",
    ("OCI", "Archive", "Storage"): "oci.object.archive.storage",
}

#: Read on pages of their own, in no row of the table: what begins so.
ELSEWHERE = ("gcp.partner-interconnect.", "gcp.transfer.essentials")

#: Operations where a bucket spans regions: read on the page of October 2026.
SPANNING = ("us", "eu", "asia", "nam4", "eur4", "asia1")

#: Regions that a written zone or location names.
ZONES = {
    "zone 1 (eastus": ["eastus", "westus2", "westeurope", "northeurope"],
    "zone 2 (southeastasia": ["southeastasia", "japaneast", "australiaeast", "koreacentral", "centralindia"],
    "single region": ["us-central1", "europe-west3", "asia-northeast1", "me-west1"],
    "europe (multi-region)": ["eu"],
    "asia (multi-region)": ["asia"],
    "us (multi-region)": ["us"],
}

#: Two regions of a continent.
CONTINENTS = {
    "North America": ["eastus>westus2"],
    "North America, Europe": ["northeurope>westeurope"],
    "Asia, Oceania, Middle East, Africa": ["koreacentral>japaneast"],
}

PER = {"10K operations": 10_000, "10,000 operations": 10_000, "1,000 operations": 1_000, "1,000": 1_000}
HOURS = 730

#: Rows of providers of the book that it has otherwise: every one is counted, so that none drops out unseen.
REASONS = {
    "in euro: the book is in dollars": 8,
    "parts of an upload into Glacier, not the archive price": 21,
    "parts of an upload into Deep Archive: no volume of a plan": 21,
    "an allowance: part of the price of what is beyond it": 2,
    "bytes sent to an origin through CloudFront: no route of the book": 10,
    "redundancy other than LRS and ZRS, and premium: no class of the book": 342,
    "Hot ZRS outside East US: only the last tier was read": 17,
    "a tier without the tiers below it": 1,
    "list and other operations: not read in the default region": 7,
    "priority reads of an archive: the class has one speed": 8,
    "replication, peering and transfer between zones or continents, or where there is one region: no route": 14,
    "egress of virtual machines, not of storage": 59,
    "operations of Coldline in one location, of 2024": 2,
    "Cloud NAT: no route of the book": 2,
    "Autoclass and moving a bucket: no volume of a plan": 2,
    "egress of 2024 to Asia, Australia and China: only the first tiers": 4,
    "egress of 2024, which the page of 2026 contradicts": 3,
    "operations of a multi-region in 2024, which the page of 2026 contradicts": 2,
    "to a region of the same continent, in 2024: the price between the two is in the book": 1,
    "a provider that the book does not have": 13,
    "a class or request of a store priced everywhere alike: not in the book": 4,
    "egress of Oracle, whose bound two sources dispute": 2,
}


def readings() -> list[Row]:
    if not READINGS.exists():
        pytest.skip("the table of readings is not beside the repository")
    with READINGS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def meter_of(row: Row) -> str:
    """The meter a row prices, or the reason why it prices none (it has a space)."""
    if row["currency"] != "USD":
        return "in euro: the book is in dollars"
    return {"AWS": _aws, "Azure": _azure, "GCP": _google}.get(row["provider"], _other)(row)


def _other(row: Row) -> str:
    if row["provider"] not in {provider for provider, *_ in EVERYWHERE_ALIKE}:
        return "a provider that the book does not have"
    if row["provider"] == "OCI" and row["meter"] == "Internet egress":
        return "egress of Oracle, whose bound two sources dispute"
    unknown = "a class or request of a store priced everywhere alike: not in the book"
    return EVERYWHERE_ALIKE.get((row["provider"], row["class"], row["meter"]), unknown)


def _aws(row: Row) -> str:
    name = row["meter"]
    if "staging" in name:
        return "parts of an upload into Glacier, not the archive price"
    if name == "Upload part":
        return "parts of an upload into Deep Archive: no volume of a plan"
    if " free" in name:
        return "an allowance: part of the price of what is beyond it"
    if name == "CloudFront to origin (upload)":
        return "bytes sent to an origin through CloudFront: no route of the book"
    if row["service"].startswith("FSx"):
        return f"aws.fsx.lustre-{name.split(', ')[1].split()[0]}.storage"
    if row["service"] != "S3":
        return NETWORK[name]
    if name.startswith("Batch Operations "):
        return f"aws.s3.batch-operations.{name.split()[-1]}"
    kind = CLASSES.get(row["class"], row["class"].lower().replace(" ", "-"))
    return f"aws.s3.{kind}.{S3_TIERS.get(name) or ENDINGS.get(name) or 'storage'}"


def _azure(row: Row) -> str:
    name = row["meter"].casefold()
    if row["service"].startswith("Azure Managed Lustre"):
        return f"azure.managed-lustre-{row['class'].split('-')[-1]}.storage"
    if name == "internet egress, routing preference internet":
        return "azure.transfer.internet-out-isp"
    if name == "inter-region transfer, same continent" and row["region"] != "South America":
        return "azure.transfer.inter-region"
    if row["service"] in {"Bandwidth", "Storage - Bandwidth"} and not name.startswith("internet egress"):
        return "replication, peering and transfer between zones or continents, or where there is one region: no route"
    if row["region"].startswith("zone 3"):
        return "a tier without the tiers below it"
    if name.startswith("internet egress"):
        return "azure.transfer.internet-out"
    heat, redundancy = row["class"].casefold().split()
    if redundancy not in {"lrs", "zrs"} or heat == "premium":
        return "redundancy other than LRS and ZRS, and premium: no class of the book"
    if (heat, redundancy) == ("hot", "zrs") and row["region"] != "eastus":
        return "Hot ZRS outside East US: only the last tier was read"
    if "list and create" in name or name == "all other operations":
        return "list and other operations: not read in the default region"
    if "priority" in name:
        return "priority reads of an archive: the class has one speed"
    endings = {
        "data stored": "storage",
        "early delete": "early-delete",
        "write operations": "put",
        "read operations": "get",
        "data retrieval": "retrieval.standard",
    }
    return f"azure.blob.{heat}-{redundancy}." + next(ending for text, ending in endings.items() if name.endswith(text))


def _google(row: Row) -> str:
    name, kind = row["meter"], row["class"].casefold()
    if row["service"] == "Compute Engine network":
        return "egress of virtual machines, not of storage"
    if row["service"] == "Cloud NAT":
        return "Cloud NAT: no route of the book"
    if name in {"Autoclass management", "Bucket relocation"}:
        return "Autoclass and moving a bucket: no volume of a plan"
    if name.startswith("Internet egress to "):
        return "egress of 2024 to Asia, Australia and China: only the first tiers"
    if name == "Internet egress, worldwide except Asia and Australia":
        return "egress of 2024, which the page of 2026 contradicts"
    if name == "Inter-region, same continent":
        return "to a region of the same continent, in 2024: the price between the two is in the book"
    if name.startswith("Class ") and row["region"] == "europe (multi-region)":
        return "operations of a multi-region in 2024, which the page of 2026 contradicts"
    if name.startswith("Class "):
        ending = "put" if name.startswith("Class A") else "get"
        known = kind == "standard"
        return f"gcp.gcs.standard.{ending}" if known else "operations of Coldline in one location, of 2024"
    if name in GOOGLE:
        return GOOGLE[name]
    return f"gcp.gcs.{kind}." + ("storage" if name.endswith("storage") else "retrieval.standard")


def regions_of(row: Row) -> list[str | None]:
    written = row["region"]
    for start, regions in ZONES.items():
        if written.startswith(start):
            return list(regions)
    if row["meter"] == "Inter-region transfer, same continent":
        return list(CONTINENTS.get(written, ()))
    if row["meter"] == "Inter-region out to US East regions":
        return ["us-east-2>us-east-1"]
    if written.startswith("edge: "):
        return ["edge-" + written.removeprefix("edge: ").casefold().replace(" ", "-")]
    if written == "all" or row["provider"] not in {"AWS", "Azure", "GCP"}:
        return [None]
    return [written.removesuffix(" (predefined dual-region)")]


def price_of(row: Row) -> Decimal:
    return Decimal(row["price"]) / PER.get(row["unit"], 1)


def test_every_row_is_in_the_book_or_left_out_for_a_reason_that_counts_it() -> None:
    book, left_out, found = price_book(), Counter[str](), 0
    for row in readings():
        meter = meter_of(row)
        if " " in meter:
            left_out[meter] += 1
            continue
        for region in regions_of(row):
            priced = book.price(meter, region)
            # A price of a month where the book has it by the hour, and the hour's own price elsewhere.
            hours = HOURS if row["unit"] == "GiB-month" and priced.meter.hours_per_month else 1
            assert (row["unit"] == "GiB/Hour") <= (priced.meter.billing_unit == "GiB-hour")
            # The allowance of Oracle is its first tier.
            start = float(row["tier_from"]) if row["provider"] != "OCI" else priced.price.tiers[-1].start
            (tier,) = [tier for tier in priced.price.tiers if tier.start == start]
            known = tier.price * hours
            if priced.price.region in {"us-central1", EVERYWHERE}:  # printed with five digits there
                assert known == pytest.approx(float(price_of(row)), rel=2e-4), row
            else:
                assert known == pytest.approx(float(price_of(row)), rel=1e-15), row
            assert priced.meter.currency == row["currency"]
        found += 1
    assert left_out == REASONS
    assert found + left_out.total() == len(readings())


def test_a_row_of_the_book_is_weak_where_its_reading_is() -> None:
    book = price_book()
    for row in readings():
        meter = meter_of(row)
        if row["confidence"] == "weak" and " " not in meter:
            for region in regions_of(row):
                assert "weak" in book.price(meter, region).price.flags, row


def test_no_region_has_a_price_that_was_not_read() -> None:
    read = {(meter_of(row), region) for row in readings() for region in regions_of(row)}
    single = {(meter, region) for meter, region in read if region in ZONES["single region"]}
    book = price_book()
    for meter, price in book.all_prices():
        provider = book.provider_of(meter.id)
        if price.region in {provider.default_region, EVERYWHERE} or (provider.id, price.region) == ("azure", "us"):
            continue
        if ">" in price.region or meter.id.startswith(ELSEWHERE):  # test_between.py has each pair
            continue
        if price.region in SPANNING and meter.id.endswith((".put", ".get")):
            continue
        if provider.id in {"aws", "azure", "gcp"} and (meter.id, price.region) not in read:
            assert any(meter.id == name for name, _ in single), (meter.id, price.region)


#: By provider: a way out, a class, how its storage and its way out are called in the table, and regions at least.
ANSWERED = {
    "AWS": ("aws.internet", "aws.s3.standard", "Standard", "Internet egress", 20),
    "Azure": ("azure.internet", "azure.blob.hot-lrs", "Hot LRS", "Internet egress, Microsoft network", 8),
    "GCP": ("gcp.internet", "gcp.gcs.standard", "Standard", "Internet egress, worldwide, first tier 0-10 TiB", 10),
}


@pytest.mark.parametrize("provider", ANSWERED)
def test_storing_and_sending_200_tb_is_priced_in_as_many_regions_of_the_table_as_were_asked_for(provider: str) -> None:
    route, kept, named, way_out, least = ANSWERED[provider]
    rows = [row for row in readings() if row["provider"] == provider and row["currency"] == "USD"]
    stored = {
        region for row in rows if row["class"] == named and row["kind"] == "storage" for region in regions_of(row)
    }
    sent = {region for row in rows if row["meter"] == way_out for region in regions_of(row)}
    if sent == {None}:  # one price, wherever the bytes are
        sent = stored
    answered = set()
    for region in stored & sent:
        storage = call("VIDEO_STORAGE", [200.0, "TB", kept, *[OMITTED] * 3, region])
        egress = call("VIDEO_EGRESS", [200.0, "TB", route, OMITTED, region])
        # Dearer than a tenth of what Virginia costs, and no price of another order.
        if all(isinstance(cost, float) and 500 < cost < 60_000 for cost in (storage, egress)):
            answered.add(region)
    assert len(answered) >= least, sorted(map(str, answered))
    assert answered == stored & sent
