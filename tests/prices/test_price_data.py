"""The shipped price files: what they may hold, and a table of prices copied by hand from the sources."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise

import pytest

from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.file_schema import PriceFile, RegionFile
from vidcost_xl.prices.schema import EVERYWHERE, Meter, Price, Route, Source, StorageClass, Tier

GIB = 2.0**30

# (meter, region, lower bound of the tier, price, SKU), copied by hand: AWS rows from the price-list offers named in
# aws.toml, Azure rows from its retail price service, Oracle rows by part number, the others from the provider's page.
COPIED = [
    ("aws.s3.standard.storage", "us-east-1", 0, 0.023, "WP9ANXZGBYYSGJEA"),
    ("aws.s3.standard.storage", "us-east-1", 51_200, 0.022, "WP9ANXZGBYYSGJEA"),
    ("aws.s3.standard.storage", "us-east-1", 512_000, 0.021, "WP9ANXZGBYYSGJEA"),
    ("aws.s3.standard-ia.storage", "us-east-1", 0, 0.0125, "379GYJUQ5WFBUYGM"),
    ("aws.s3.intelligent-tiering.deep-archive.storage", "us-east-1", 0, 0.00099, "82TFRVR9729PGTNP"),
    ("aws.s3.glacier-deep-archive.storage", "us-east-1", 0, 0.00099, ""),
    ("aws.s3.glacier-flexible.storage", "us-east-1", 0, 0.0036, ""),
    ("aws.s3.intelligent-tiering.monitoring", "us-east-1", 0, 0.0000025, ""),
    ("aws.s3.standard.put", "us-east-1", 0, 0.000005, "E9YHNFENF4XQBZR6"),
    ("aws.s3.standard.get", "us-east-1", 0, 0.0000004, "ZWQ6Q48CRJXX4FXE"),
    ("aws.s3.glacier-deep-archive.get", "us-east-1", 0, 0.0000004, "WDAC2WRXVNRSNQS6"),
    ("aws.s3.glacier-deep-archive.put", "us-east-1", 0, 0.00005, ""),
    ("aws.s3.express-one-zone.put", "us-east-1", 0, 0.00000113, ""),
    ("aws.s3.glacier-instant.retrieval.standard", "us-east-1", 0, 0.03, ""),
    ("aws.transfer.internet-out", "us-east-1", 0, 0.09, "HQEH3ZWJVT46JHRG"),
    ("aws.transfer.internet-out", "us-east-1", 10_240, 0.085, "HQEH3ZWJVT46JHRG"),
    ("aws.transfer.internet-out", "us-east-1", 51_200, 0.07, "HQEH3ZWJVT46JHRG"),
    ("aws.transfer.internet-out", "us-east-1", 153_600, 0.05, "HQEH3ZWJVT46JHRG"),
    ("aws.transfer.cross-az", "us-east-1", 0, 0.01, "PNUBVW4CPC8XA46W"),
    ("aws.transfer.inter-region", "us-east-1", 0, 0.02, ""),
    ("aws.nat-gateway.hour", "us-east-1", 0, 0.045, "M2YSHUBETB3JX4M4"),
    ("aws.nat-gateway.data", "us-east-1", 0, 0.045, "59S5R83GFPUAGVR5"),
    ("aws.privatelink.hour", "us-east-1", 0, 0.01, "EN2N5TATXE673A3B"),
    ("aws.privatelink.data", "us-east-1", 0, 0.01, "DQYYEZBCWSW5XS2R"),
    ("aws.privatelink.data", "us-east-1", 5_242_880, 0.004, ""),
    ("aws.public-ipv4.hour", "us-east-1", 0, 0.005, "4GQUNXTFWVSGPUZK"),
    ("aws.kms.request", "us-east-1", 0, 0.000003, "MFEBZPX8NHM5FY7Z"),
    ("aws.cloudfront.data-out", "us-east-1", 5_242_880, 0.02, ""),
    ("aws.direct-connect.port-100g", "us-east-1", 0, 22.5, ""),
    ("gcp.gcs.standard.storage", "us-central1", 0, 0.000027397, ""),
    ("gcp.gcs.archive.storage", "us-central1", 0, 0.000001644, ""),
    ("gcp.transfer.internet-out", EVERYWHERE, 10_240, 0.11, ""),
    ("azure.blob.hot-lrs.storage", "eastus", 0, 0.0208, "272492b3-1c92-4a5f-bee9-52a8e10ca514"),
    ("azure.blob.hot-lrs.storage", "eastus", 512_000, 0.019136, "272492b3-1c92-4a5f-bee9-52a8e10ca514"),
    ("azure.blob.hot-lrs.storage", "us", 0, 0.0184, ""),
    ("azure.blob.archive-lrs.get", "eastus", 0, 0.0005, "35c3d600-df22-4cdd-bfe7-71d519bcdd2c"),
    ("azure.transfer.internet-out", "eastus", 100, 0.087, "9995d93a-7d35-4d3f-9c69-7a7fea447ef4"),
    ("azure.transfer.internet-out", "eastus", 10_335, 0.083, "9995d93a-7d35-4d3f-9c69-7a7fea447ef4"),
    ("r2.standard.put", EVERYWHERE, 0, 4.50, ""),
    ("r2.standard.get", EVERYWHERE, 0, 0.36, ""),
    ("r2.infrequent-access.storage", EVERYWHERE, 0, 0.01, ""),
    ("oci.object.standard.storage", "us", 10, 0.0255, "B91628"),
    ("oci.object.requests", "us", 5, 0.0034, "B91627"),
    ("oci.transfer.internet-out", "us", 10_240, 0.0085, "B88327"),
    ("coreweave.hot.storage", EVERYWHERE, 0, 0.06, ""),
    ("coreweave.cold.storage", EVERYWHERE, 0, 0.015, ""),
    ("nebius.object.standard.storage", EVERYWHERE, 0, 0.0147, ""),
    ("own.drive.hdd-20tb-ultrastar-renewed", "us", 0, 28.0, ""),
]


def texts() -> dict[str, str]:
    folder = files("vidcost_xl.prices") / "data"
    found = {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }
    return dict(sorted(found.items()))


@cache
def price_files() -> dict[str, PriceFile]:
    return {name: PriceFile.model_validate(tomllib.loads(text)) for name, text in texts().items()}


def meters() -> dict[str, Meter]:
    return {meter.id: meter for file in price_files().values() for meter in file.meter}


@cache
def region_files() -> dict[tuple[str, str], RegionFile]:
    folder = files("vidcost_xl.prices") / "data"
    return {
        (provider, entry.name.removesuffix(".toml")): RegionFile.model_validate(tomllib.loads(entry.read_text("utf-8")))
        for provider in price_files()
        if (folder / provider).is_dir()
        for entry in (folder / provider).iterdir()
    }


def prices() -> list[tuple[Meter, Price]]:
    own = [(meter, price) for meter in meters().values() for price in meter.price]
    return own + [(meters()[price.meter], price) for file in region_files().values() for price in file.price]


def prices_of(meter: str) -> list[Price]:
    return [price for owner, price in prices() if owner.id == meter]


def source_of(meter: Meter, price: Price, tier: Tier) -> Source:
    return source_by_key(meter, price, tier.source or price.source)


def source_by_key(meter: Meter, price: Price, key: str) -> Source:
    provider = meter.id.split(".")[0]
    file = region_files().get((provider, price.region))
    return file.sources[key] if file and key in file.sources else price_files()[provider].sources[key]


def tiers() -> list[tuple[Meter, Price, Tier]]:
    return [(meter, price, tier) for meter, price in prices() for tier in price.tiers]


def classes() -> dict[str, StorageClass]:
    return {item.id: item for file in price_files().values() for item in file.storage_class}


def routes(direction: str) -> dict[str, Route]:
    return {item.id: item for file in price_files().values() for item in file.route if item.direction == direction}


def test_every_provider_has_one_file_that_validates() -> None:
    assert all(name == file.provider.id for name, file in price_files().items())


def test_the_book_holds_at_least_150_tiers() -> None:
    assert len(tiers()) >= 150


def test_ids_begin_with_their_provider() -> None:
    for name, file in price_files().items():
        ids = [item.id for item in (*file.meter, *file.storage_class, *file.route)]
        assert all(identifier.startswith(f"{name}.") for identifier in ids)


def test_every_meter_that_a_class_names_is_declared() -> None:
    for item in classes().values():
        named = {item.storage, *item.requests.values(), *item.retrieval.values(), *item.restore_requests.values()}
        named |= {extra.meter for extra in item.per_object} | {age.meter for age in item.by_last_access}
        named |= {name for name in (item.monitoring, item.upload, item.restored) if name}
        assert named <= set(meters()), item.id


def test_a_lifecycle_move_stays_with_its_provider_and_costs_a_write_of_the_class_moved_to_at_least() -> None:
    # S3 has meters of its own for moves; others bill one as a write of the class moved to.
    for item in classes().values():
        for name in item.moves_to:
            into = classes()[name]
            assert name.split(".")[0] == item.id.split(".")[0] and into.id != item.id
            move, put = into.requests.get("transition"), into.requests["put"]
            assert move is None or meters()[move].price[0].tiers[0].price >= meters()[put].price[0].tiers[0].price
            assert move is not None or "lifecycle move" in into.note


def test_every_meter_that_a_route_names_is_declared() -> None:
    for item in (*routes("egress").values(), *routes("ingest").values()):
        named = {leg.meter for leg in item.legs} | set(item.get_requests) | set(item.not_included)
        assert named <= set(meters()), item.id


def test_legs_move_bytes_and_get_requests_count_requests() -> None:
    for item in (*routes("egress").values(), *routes("ingest").values()):
        assert {meters()[leg.meter].dimension for leg in item.legs} == {"transfer"}
        assert {meters()[name].dimension for name in item.get_requests} <= {"request"}
        assert {meters()[name].dimension for name in item.not_included} <= {"time"}


def test_class_meters_have_the_dimension_of_their_role() -> None:
    for item in classes().values():
        storage = [item.storage, *(age.meter for age in item.by_last_access), *(more.meter for more in item.per_object)]
        assert {meters()[name].dimension for name in storage} == {"storage"}
        assert {meters()[name].dimension for name in item.retrieval.values()} <= {"retrieval"}
        requests = (*item.requests.values(), *item.restore_requests.values())
        assert {meters()[name].dimension for name in requests} <= {"request"}


def test_an_operation_is_either_priced_or_free() -> None:
    for item in classes().values():
        assert not set(item.requests) & set(item.requests_free), item.id


#: Sold, and at no published price: for a private rate alone.
UNLISTED = {"aws.interconnect.port-1g"}


def test_the_default_region_of_a_provider_prices_every_meter_that_not_only_others_sell() -> None:
    elsewhere = {price.meter for file in region_files().values() for price in file.price}
    only_elsewhere = set()
    for file in price_files().values():
        assert file.provider.default_region in file.provider.regions
        for meter in file.meter:
            if not meter.price:
                assert (meter.id in elsewhere) != (meter.id in UNLISTED)
                only_elsewhere |= {meter.id} - UNLISTED
                continue
            known = {file.provider.default_region, EVERYWHERE}
            if meter.between_regions:  # to another region of the geography
                (own,) = [name for name, inside in file.provider.geographies.items() if inside] or [""]
                known.add(f"{own}>{own}")
            assert {price.region for price in meter.price} & known, meter.id
    # Read in four regions of Europe, in two regions, and offered in Europe alone.
    lustre = {f"azure.managed-lustre-{n}.storage" for n in (40, 125, 250, 500)}
    assert only_elsewhere == {*lustre, "azure.transfer.internet-out-isp", "gcp.transfer.essentials"}


def test_a_meter_has_one_price_for_a_region_and_date() -> None:
    for meter in meters().values():
        keys = [(price.region, price.valid_from) for price in prices_of(meter.id)]
        assert len(keys) == len(set(keys)), meter.id


def test_no_price_was_read_in_the_future() -> None:
    today = date.today()
    for meter, price, tier in tiers():
        assert all(day <= today for day in (price.valid_from, price.read_on, tier.read_on) if day), meter.id
    for file in (*price_files().values(), *region_files().values()):
        assert all(source.read_on <= today for source in file.sources.values() if source.read_on)


def cited_by(price: Price) -> set[str]:
    tiers = [tier.source for tier in price.tiers]
    others = [price.allowance.source if price.allowance else None, *price.also, *price.against]
    return {source for source in (price.source, *tiers, *others) if source}


def test_every_source_is_cited_and_every_allowance_cites_a_declared_one() -> None:
    for name, file in price_files().items():
        regional = [found for (provider, _), found in region_files().items() if provider == name]
        for found in regional:
            cited = {source for price in found.price for source in cited_by(price)}
            assert set(found.sources) <= cited <= {*found.sources, *file.sources}, found.region.id
            assert not set(found.sources) & set(file.sources), found.region.id
        cited = {item.source for item in (*file.storage_class, *file.route)}
        cited |= {source for meter in file.meter for price in meter.price for source in cited_by(price)}
        cited |= {source for found in regional for price in found.price for source in cited_by(price)}
        own = {source for found in regional for source in found.sources}
        assert set(file.sources) == cited - own, name


def test_no_source_is_a_path_on_somebodys_machine() -> None:
    folder = files("vidcost_xl.prices") / "data"
    regional = {"/".join(at): (folder / at[0] / f"{at[1]}.toml").read_text("utf-8") for at in region_files()}
    for name, text in (texts() | regional).items():
        assert not [
            part for part in ("/work", "shared/", "samples/", "/home/", "public file id", "C:\\") if part in text
        ], name


def test_high_confidence_needs_a_source_of_the_provider() -> None:
    for meter, price, tier in tiers():
        confidence = tier.confidence or price.confidence
        if confidence == "high":
            assert source_of(meter, price, tier).kind in {"provider price list", "provider page"}, meter.id


def test_an_undated_price_is_never_of_high_confidence() -> None:
    assert not [meter.id for meter, price in prices() if "undated" in price.flags and price.confidence == "high"]


def test_a_price_that_other_sources_contradict_or_that_is_assumed_says_why() -> None:
    for meter, price in prices():
        if {"disagrees", "assumption", "weak"} & set(price.flags):
            assert price.note, meter.id


@pytest.mark.parametrize(
    ("meter", "other"),
    [
        ("aws.s3.glacier-flexible.get", "1e-05"),
        ("aws.s3.glacier-deep-archive.get", "1e-04"),
        ("aws.s3.glacier-flexible.put", "5e-05"),
        ("aws.s3.glacier-flexible.restore.standard", "3e-05"),
        ("aws.transfer.inter-region@us-east-1>us-east-2", "0.02"),
    ],
)
def test_a_disagreement_names_the_other_price(meter: str, other: str) -> None:
    name, _, place = meter.partition("@")
    (price,) = [row for row in meters()[name].price if row.region == (place or "us-east-1")]
    assert "disagrees" in price.flags and price.against
    assert other in price.note


def test_every_price_that_sources_contradict_names_them() -> None:
    assert [meter.id for meter, price in prices() if ("disagrees" in price.flags) != bool(price.against)] == []


def test_a_price_holds_from_the_day_of_its_earliest_source_at_the_latest() -> None:
    """Sources that say the same are readings of one price: it held when the first of them was read, or before."""
    for meter, price in prices():
        days = [source_by_key(meter, price, key).read_on for key in (price.source, *price.also)]
        assert all(price.valid_from <= day for day in days if day), (meter.id, price.region)


def test_the_staging_trap_of_glacier_deep_archive_is_not_in_the_book() -> None:
    assert "EXB3YJ6YV5CRH4JN" not in texts()["aws"]
    deep = {p.region: t.price for m, p, t in tiers() if m.id == "aws.s3.glacier-deep-archive.storage"}
    assert len(deep) >= 21
    assert deep["us-east-1"] == 0.00099
    # The staging rate is that of Standard, ten times the archive's and more.
    standard = {p.region: t.price for m, p, t in tiers() if m.id == "aws.s3.standard.storage"}
    assert all(price < standard[region] / 10 for region, price in deep.items())


def test_offers_without_a_list_price_in_dollars_are_not_in_the_book() -> None:
    assert {meter.currency for meter in meters().values()} == {"USD"}
    assert not [meter.id for meter, _, tier in tiers() if meter.id.startswith("r2.") and tier.price == 9 / 1000]
    assert not [meter.id for meter in meters().values() if meter.id.startswith("r2.") and "TB" in meter.billing_unit]


@pytest.mark.parametrize(("meter", "region", "start", "price", "sku"), COPIED)
def test_a_price_copied_by_hand_is_in_the_book(meter: str, region: str, start: float, price: float, sku: str) -> None:
    rows = [row for row in prices_of(meter) if row.region == region]
    newest = max(rows, key=lambda row: row.valid_from)
    (tier,) = [tier for tier in newest.tiers if tier.start == start]
    assert tier.price == price
    assert (tier.sku or newest.sku) == sku or not sku


@pytest.mark.parametrize(
    ("meter", "region", "bounds"),
    [
        ("aws.s3.standard.storage", "us-east-1", [0, 51_200, 512_000]),
        ("aws.transfer.internet-out", "us-east-1", [0, 10_240, 51_200, 153_600]),
        ("aws.cloudfront.data-out", "us-east-1", [0, 10_240, 51_200, 153_600, 512_000, 1_048_576, 5_242_880]),
        ("aws.privatelink.data", "us-east-1", [0, 1_048_576, 5_242_880]),
        ("azure.transfer.internet-out", "eastus", [0, 100, 10_335, 51_295, 153_695, 512_095]),
        ("gcp.transfer.internet-out", EVERYWHERE, [0, 10_240, 153_600]),
    ],
)
def test_tier_bounds_are_the_published_ones(meter: str, region: str, bounds: list[float]) -> None:
    (price,) = [row for row in meters()[meter].price if row.region == region]
    assert [tier.start for tier in price.tiers] == bounds


def test_no_tier_is_dearer_than_the_one_before_unless_the_one_before_is_free() -> None:
    for meter, price in prices():
        assert all(low.price >= high.price or low.price == 0 for low, high in pairwise(price.tiers)), meter.id


@pytest.mark.parametrize(
    ("meter", "quantity", "position"),
    [
        ("aws.transfer.internet-out", 100, "before"),
        ("aws.cloudfront.data-out", 1024, "inside"),
        ("aws.kms.request", 20_000, "before"),
        ("r2.standard.storage", 10, "before"),
        ("r2.standard.put", 1, "before"),
        ("r2.standard.get", 10, "before"),
        ("b2.standard.storage", 0.01, "before"),
    ],
)
def test_free_allowances_are_the_published_ones(meter: str, quantity: float, position: str) -> None:
    for price in prices_of(meter):
        assert price.allowance
        assert (price.allowance.quantity, price.allowance.position) == (quantity, position)


def test_a_free_first_tier_and_an_allowance_are_never_declared_together() -> None:
    assert not [m.id for m, p in prices() if p.allowance and len(p.tiers) > 1 and p.tiers[0].price == 0]


def test_r2_infrequent_access_has_no_free_tier_and_rounds_up_like_standard() -> None:
    r2 = [meter for name, meter in meters().items() if name.startswith("r2.") and meter.dimension != "transfer"]
    assert {meter.rounding for meter in r2} == {"up"}
    assert not [m.id for m, p in prices() if m.id.startswith("r2.infrequent-access.") and p.allowance]


@pytest.mark.parametrize(
    ("prefix", "size"),
    [("aws.", GIB), ("gcp.", GIB), ("azure.", GIB), ("oci.", GIB), ("coreweave.", GIB), ("nebius.", GIB), ("r2.", 1e9)],
)
def test_a_billed_gigabyte_has_the_size_its_provider_uses(prefix: str, size: float) -> None:
    byte_meters = [
        meter
        for name, meter in meters().items()
        if name.startswith(prefix) and meter.dimension in {"storage", "transfer", "retrieval"}
    ]
    assert byte_meters
    assert {meter.unit_size for meter in byte_meters} == {size}


def test_terabytes_are_decimal_at_backblaze_and_binary_at_wasabi() -> None:
    assert meters()["b2.standard.storage"].unit_size == 1e12
    assert meters()["b2.transfer.internet-out"].unit_size == 1e9
    assert meters()["wasabi.hot.storage"].unit_size == 2.0**40
    assert meters()["wasabi.hot.storage"].minimum_quantity == 1


def test_what_is_priced_by_the_byte_and_hour_says_how_many_hours_its_month_has() -> None:
    hourly = {meter.id for meter in meters().values() if meter.hours_per_month}
    assert hourly == {name for name, meter in meters().items() if meter.billing_unit.endswith("-hour")}
    assert {meters()[name].hours_per_month for name in hourly if name.startswith("gcp.")} == {730}


def test_archive_classes_bill_32_kb_at_their_own_rate_and_8_kb_at_the_standard_rate() -> None:
    for name in ("aws.s3.glacier-flexible", "aws.s3.glacier-deep-archive"):
        extra = {more.meter: more.bytes for more in classes()[name].per_object}
        assert extra == {f"{name}.storage": 32 * 1024, "aws.s3.standard.storage": 8 * 1024}


@pytest.mark.parametrize(
    ("name", "days", "size"),
    [
        ("aws.s3.standard", 0, 0),
        ("aws.s3.standard-ia", 30, 131_072),
        ("aws.s3.one-zone-ia", 30, 131_072),
        ("aws.s3.glacier-instant", 90, 131_072),
        ("aws.s3.glacier-flexible", 90, 0),
        ("aws.s3.glacier-deep-archive", 180, 0),
        ("gcp.gcs.nearline", 30, 0),
        ("gcp.gcs.coldline", 90, 0),
        ("gcp.gcs.archive", 365, 0),
        ("azure.blob.cool-lrs", 30, 0),
        ("azure.blob.cold-lrs", 90, 0),
        ("azure.blob.archive-lrs", 180, 0),
        ("r2.infrequent-access", 30, 0),
        ("wasabi.hot", 90, 4096),
    ],
)
def test_minimum_durations_and_sizes_are_the_published_ones(name: str, days: float, size: float) -> None:
    assert (classes()[name].minimum_days, classes()[name].minimum_object_bytes) == (days, size)


def test_classes_billed_by_last_access_start_with_the_meter_of_fresh_bytes() -> None:
    ladders = {name: item.by_last_access for name, item in classes().items() if item.by_last_access}
    assert [age.from_days for age in ladders["aws.s3.intelligent-tiering"]] == [0, 30, 90]
    assert [age.from_days for age in ladders["coreweave.object"]] == [0, 7, 30]
    assert all(ages[0].meter == classes()[name].storage for name, ages in ladders.items())


def test_a_route_does_not_say_both_that_a_get_is_free_and_what_it_costs() -> None:
    assert not [name for name, item in routes("egress").items() if item.get_requests and item.get_requests_free]


def test_bytes_pass_a_zone_border_and_a_nat_gateway_without_endpoint_twice() -> None:
    both = (*routes("egress").values(), *routes("ingest").values())
    twice = {(item.direction, item.id): [leg for leg in item.legs if leg.times != 1] for item in both}
    for key in (("egress", "aws.cross-az"), ("ingest", "aws.nat-without-gateway-endpoint")):
        assert [leg.times for leg in twice[key]] == [2]
    assert all(leg.why for legs in twice.values() for leg in legs)


def test_free_egress_policies_are_written_out() -> None:
    limited = {name: item for name, item in routes("egress").items() if item.free_egress_times_stored}
    assert limited["b2.internet"].free_egress_times_stored == 3
    assert limited["wasabi.internet"].free_egress_times_stored == 1
    assert all(item.policy for item in limited.values())


@pytest.mark.parametrize(
    ("meter", "day", "price"),
    [
        ("b2.standard.storage", date(2026, 4, 30), 6.00),
        ("b2.standard.storage", date(2026, 5, 1), 6.95),
        ("wasabi.hot.storage", date(2026, 6, 30), 6.99),
        ("wasabi.hot.storage", date(2026, 7, 1), 7.99),
        ("own.colocation.wholesale-space", date(2024, 6, 30), 174.06),
        ("own.colocation.wholesale-space", date(2024, 7, 1), 184.06),
    ],
)
def test_an_earlier_tariff_holds_until_the_day_before_the_next(meter: str, day: date, price: float) -> None:
    assert price_book().price(meter, as_of=day).tariff.prices == (price,)


@pytest.mark.parametrize(
    ("meter", "quantity", "expected"),
    [
        ("aws.s3.standard.storage", 5e15, 98_352.07),
        ("aws.s3.standard.storage", 10e15, 196_140.94),
        ("aws.transfer.internet-out", 5e15, 236_716.84),
        ("aws.transfer.internet-out", 50e15, 2_332_192.64),
        ("aws.nat-gateway.data", 5e15, 209_547.58),
        ("coreweave.hot.storage", 5e15, 279_396.77),
        ("r2.standard.storage", 1e12, 14.85),
        ("r2.standard.get", 300e6, 104.40),
        ("r2.infrequent-access.storage", 1e12, 10.00),
        ("r2.infrequent-access.put", 1000, 9.00),
        ("r2.infrequent-access.retrieval.standard", 1e12, 10.00),
    ],
)
def test_worked_numbers_of_the_article_and_of_cloudflare_come_out(meter: str, quantity: float, expected: float) -> None:
    found = price_book().price(meter)
    assert found.tariff.charge(quantity / found.meter.unit_size) == pytest.approx(expected, abs=0.005)
