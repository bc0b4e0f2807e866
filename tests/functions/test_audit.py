"""Explanations sum up to the result, passports name their source, lists hold what arguments accept."""

from __future__ import annotations

import math

import pytest

from vidcost_xl import __version__
from vidcost_xl.errors import ExcelError
from vidcost_xl.facts.book import fact_book
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.audit import meters_of
from vidcost_xl.functions.registry import functions
from vidcost_xl.functions.values import EMPTY, OMITTED
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import located_class

GAP = OMITTED


def explain(*arguments):
    rows = call("VIDEO_EXPLAIN", list(arguments))
    assert rows[0] == ["step", "value", "unit", "note"]
    return rows[1:]


def values(rows, label):
    return [value for step, value, *_ in rows if step == label]


def tiers(rows):
    return [value for step, value, *_ in rows if step.startswith("tier ")]


# --- VIDEO_EXPLAIN -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call_",
    [
        ("VIDEO_EGRESS",),
        ("VIDEO_EGRESS", 5.0, "PB", "aws.nat"),
        ("VIDEO_EGRESS", 5.0, "PB", "aws.cloudfront"),
        ("VIDEO_EGRESS", 5.0, "PB", "aws.cross-az"),
        ("VIDEO_EGRESS", 5.0, "PB", "oci.internet", 1.0),
        ("VIDEO_STORAGE", 5.0, "PB", GAP, GAP, GAP, 5.0),
        ("VIDEO_STORAGE", 1.0, "TiB", "aws.s3.glacier-flexible", GAP, 1e6),
        ("VIDEO_STORAGE", 1.0, "TB", "r2.standard"),
        ("VIDEO_STORAGE", 1.0, "GB", "wasabi.hot"),
        ("VIDEO_STORAGE", 5.0, "PB", GAP, 0.5),
        ("VIDEO_INGEST",),
        ("VIDEO_REQUESTS", 1_500_000.0, "put", "r2.infrequent-access"),
        ("VIDEO_RETRIEVAL",),
        ("VIDEO_EXPERIMENT", 5.0, "PB", 2.0),
    ],
)
def test_the_tiers_of_an_explanation_sum_to_the_result(call_):
    rows = explain(*call_)
    (result,) = values(rows, "result")
    assert result == call(call_[0], list(call_[1:]))
    assert math.fsum(tiers(rows)) == pytest.approx(result, rel=1e-9)
    assert math.fsum(values(rows, "list")) == pytest.approx(result, rel=1e-9)


def test_the_steps_of_5_pb_out_of_aws_are_those_of_the_hand_calculation():
    rows = explain("VIDEO_EGRESS", 5.0, "PB")
    assert values(rows, "quantity") == [pytest.approx(4_656_612.873077)]
    assert values(rows, "free allowance") == [100.0]
    assert tiers(rows) == pytest.approx([0, 921.60, 3_481.60, 7_168.00, 225_145.64], abs=0.005)
    assert [row[0] for row in rows if row[0].startswith("tier ")][1:3] == [
        "tier 100 to 10,340",
        "tier 10,340 to 51,300",
    ]


def test_list_contracted_and_effective_stand_side_by_side():
    rates = [["meter", "rate"], ["aws.transfer.internet-out", 0.02]]
    rows = explain("VIDEO_EGRESS", 5.0, "PB", GAP, GAP, GAP, 0.1, rates)
    assert values(rows, "list") == [pytest.approx(236_716.84, abs=0.005)]
    assert values(rows, "contracted") == [pytest.approx(93_132.26, abs=0.005)]
    assert values(rows, "effective") == [pytest.approx(83_819.03, abs=0.005)]  # less ten percent
    assert values(rows, "result") == values(rows, "effective")


def test_the_source_and_its_date_stand_beside_the_list_price():
    (note,) = [note for step, _, _, note in explain("VIDEO_EGRESS") if step == "list"]
    assert "read 2026-09-16" in note
    assert "AWSDataTransfer offer, version 20260916132208" in note


def test_what_is_not_billed_by_volume_is_listed_as_not_included():
    rows = explain("VIDEO_INGEST", 5.0, "PB", "aws.nat")
    assert values(rows, "not included") == ["aws.nat-gateway.hour", "aws.public-ipv4.hour"]
    assert "per-object charges" in values(
        explain("VIDEO_STORAGE", 5.0, "PB", "aws.s3.glacier-flexible"), "not included"
    )


def test_a_class_that_bills_by_last_access_says_that_all_bytes_are_priced_as_frequent_until_shares_are_given():
    tiering = ["VIDEO_STORAGE", 5.0, "PB", "aws.s3.intelligent-tiering"]
    (step,) = [row for row in explain(*tiering) if row[0] == "access tiers"]
    assert step[1] == "all bytes are priced as frequent access"
    assert "last read 0 to 30 days ago; last read 30 to 90 days ago; last read 90 days ago and more" in step[3]
    shared = explain(*tiering, *[GAP] * 7, "20% 30% 50%")
    assert not values(shared, "access tiers")
    # 4,656,612.87 GB in three tiers.
    assert values(shared, "quantity") == pytest.approx([931_322.57, 1_396_983.86, 2_328_306.44], abs=0.005)
    assert ["access", "20% 30% 50%", "", "as written"] in shared


def test_the_passport_of_access_tiers_says_when_each_is_billed_and_that_the_first_takes_all():
    header, *rows = call("VIDEO_SOURCE", ["aws.s3.intelligent-tiering"])
    notes = {row[0]: row[header.index("note")] for row in rows}
    assert "all bytes are priced as frequent access" in notes["aws.s3.intelligent-tiering.storage"]
    assert "last read 30 to 90 days ago" in notes["aws.s3.intelligent-tiering.infrequent.storage"]


def test_months_explain_how_the_month_below_becomes_the_result():
    rows = explain("VIDEO_STORAGE", 5.0, "PB", GAP, 2.5)
    month, part = values(rows, "list")
    assert values(rows, "months") == [2.5, 2.5]  # as written, and as it is billed
    assert values(rows, "part of a month") == [0.5]
    assert values(rows, "result") == [pytest.approx(2 * month + part)]


def test_arguments_are_shown_as_written_or_as_defaults():
    rows = explain("VIDEO_EGRESS", 5.0, "PB", GAP, EMPTY, [["x"], ["y"]])
    assert rows[0] == ["amount", 5.0, "", "as written"]
    assert rows[2] == ["route", "aws.internet", "", "default"]
    assert rows[3] == ["prior", "(empty cell)", "", "as written"]
    assert rows[4] == ["region", "range of 2 x 1", "", "as written"]


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (("VIDEO_EGRESS", 5_000.0), "#VALUE!", "5000 what?"),
        (("VIDEO_EGRESS", 5.0, "PB", "aws.internett"), "#N/A", "Nearest: aws.internet"),
        (("VIDEO_EGRESS", 5.0, "PB", GAP, GAP, GAP, 10.0), "#NUM!", "from 0 to 1"),
        (("VIDEO_EGRESS", ExcelError("#REF!"), "PB"), "#REF!", "amount holds #REF!"),
        (("VIDEO_EGRESS", *[1.0] * 10), "#VALUE!", "takes 9 arguments, not 10"),
        (("VIDEO_CONVERT",), "#VALUE!", "needs amount"),
    ],
)
def test_a_failing_call_is_explained_by_its_reason_and_the_explanation_does_not_fail(arguments, code, reason):
    rows = explain(*arguments)
    (result,) = values(rows, "result")
    assert result.code == code
    assert reason in values(rows, "reason")[0]


def test_of_a_range_the_first_cell_is_explained_and_the_first_bad_one_named():
    rows = explain("VIDEO_EGRESS", [[5.0], [-1.0]], "PB")
    assert math.fsum(tiers(rows)) == pytest.approx(236_716.84, abs=0.005)
    assert rows[-2] == ["result", pytest.approx(236_716.84, abs=0.005), "", "2 x 1 cells; the first is explained"]
    assert "not -1" in rows[-1][1]


@pytest.mark.parametrize("klass", ["aws.s3.standard", "r2.standard", "wasabi.hot"])
def test_a_bad_first_cell_is_explained_by_its_own_reason(klass):
    rows = explain("VIDEO_STORAGE", [[EMPTY], [5.0]], "PB", klass)
    assert values(rows, "result")[0].code == "#VALUE!"
    assert values(rows, "reason") == ["amount points at an empty cell. Write 0 if nothing is meant."]


@pytest.mark.parametrize("name", sorted(functions()))
def test_every_function_can_be_explained_without_arguments(name):
    assert values(explain(name), "result")


def test_asking_for_an_explanation_leaves_no_trace_in_the_next_call():
    explain("VIDEO_EGRESS", [[5.0], [-1.0]], "PB")
    assert call("VIDEO_EGRESS", [[[5.0], [5.0]], "PB"]) == [[call("VIDEO_EGRESS", [])]] * 2


# --- VIDEO_SOURCE ------------------------------------------------------------------------------------------------


def passports(*arguments):
    header, *rows = call("VIDEO_SOURCE", list(arguments))
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_a_passport_goes_from_price_to_tier_to_sku_to_source_to_date_to_who_may_override():
    first, second, third = passports()
    assert (first["tier_from"], first["tier_to"], first["unit_price"]) == (0.0, 51_200.0, 0.023)
    assert (second["tier_from"], second["tier_to"], second["unit_price"]) == (51_200.0, 512_000.0, 0.022)
    assert (third["tier_from"], third["tier_to"], third["unit_price"]) == (512_000.0, "", 0.021)
    assert {row["sku"] for row in (first, second, third)} == {"WP9ANXZGBYYSGJEA"}
    assert first["read_on"] == "2026-07-28"
    assert "AmazonS3 offer, version 20260728131000" in first["source"]
    assert first["override_by"] == "a private rate (argument rates) or a discount"


def test_a_tier_read_elsewhere_has_its_own_source_date_and_confidence():
    first, second, _ = passports("aws.privatelink.data")
    assert (first["read_on"], first["confidence"], first["sku"]) == ("2026-09-17", "high", "DQYYEZBCWSW5XS2R")
    assert (second["read_on"], second["confidence"]) == ("2024-10-18", "medium")
    assert "infracost" in second["source"]


def test_the_sources_that_agree_with_a_price_and_those_against_it_are_named():
    (put,) = passports("aws.s3.glacier-flexible.put")
    first, *others = put["source"].split("; ")
    assert first.endswith("[aws/s3-feed-20251022]") and put["valid_from"] == "2023-06-19"
    assert [
        each for each in others if each.startswith("also: infracost") and each.endswith("[aws/infracost-s3-20230619]")
    ]
    assert others[-1].startswith("against: objectfs") and "5e-05" in put["note"]
    (free,) = passports("r2.infrequent-access.put")
    assert "also:" not in free["source"]


def test_an_undated_price_says_so_and_shows_its_flags():
    (row,) = passports("gcp.gcs.coldline.put")
    assert row["read_on"] == "undated"
    assert "flag: undated" in row["note"]


def test_a_route_and_a_class_show_all_their_meters():
    nat = {row["meter"] for row in passports("aws.nat")}
    assert {"aws.nat-gateway.data", "aws.transfer.internet-out", "aws.nat-gateway.hour", "aws.s3.standard.get"} <= nat
    glacier = {row["meter"] for row in passports("aws.s3.glacier-flexible")}
    assert {"aws.s3.glacier-flexible.storage", "aws.s3.standard.storage", "aws.s3.glacier-flexible.put"} <= glacier


def test_a_passport_can_be_asked_for_a_day_and_a_region():
    assert passports("b2.standard.storage", GAP, "2026-04-30")[0]["unit_price"] == 6.00
    assert passports("b2.standard.storage", GAP, 46_143.0)[0]["unit_price"] == 6.95
    assert passports("azure.blob.hot-lrs.storage", "us")[0]["unit_price"] == 0.0184


def sold(name):
    """The name, in a region that sells it where the default region of its provider does not."""
    book = price_book()
    first = meters_of(book, name)[0]
    regions = book.regional[book.provider_of(first).id].pricing(first)
    return name if book.meter(first).price else f"{name}@{regions[0]}"


#: Sold, and at no published price: for a private rate alone.
UNLISTED = {"aws.interconnect.port-1g"}


def test_every_meter_has_a_passport_with_a_source():
    for meter in set(price_book().meters) - UNLISTED:
        for row in passports(sold(meter)):
            assert row["source"].count("[") >= 1, meter
            assert row["read_on"], meter


def test_the_passport_of_a_route_with_two_ends_names_what_is_billed_between_them():
    table = passports("aws.cross-region@us-east-1>us-east-2")
    assert [(row["meter"], row["region"], row["unit_price"]) for row in table] == [
        ("aws.transfer.inter-region", "us-east-1>us-east-2", 0.01),
        ("aws.s3.standard.get", "us-east-1", 4e-07),
    ]
    assert "its sentence on N. Virginia and Ohio" in table[0]["source"]
    assert passports("aws.cross-region", "us-east-1>us-east-2") == table
    # Between continents; the request is that of the region where it begins.
    table = passports("gcp.cross-region@Netherlands>us-central1")
    assert (table[0]["meter"], table[0]["region"]) == ("gcp.transfer.inter-region", "europe>north-america")
    assert passports("aws.cross-region@eu-west-1>us-west-2")[0]["region"] == "eu-west-1"


@pytest.mark.parametrize(
    ("name", "unpriced"),
    [("aws.cloudfront@edge-eu", {"aws.s3.standard.get"}), ("azure.blob.cool-lrs@uksouth", {"azure.blob.cool-lrs.put"})],
)
def test_a_meter_without_a_price_is_a_row_that_says_so_beside_those_with_one(name, unpriced):
    table = passports(name)
    missing = [row for row in table if row["source"] == "no source"]
    assert unpriced <= {row["meter"] for row in missing}
    assert all(row["unit_price"].code == "#N/A" and "has no price in" in row["note"] for row in missing)
    assert {row["region"] for row in table} - {"*"} == {name.partition("@")[2]}
    priced = [row for row in table if row not in missing]
    assert priced
    assert all(row["source"].count("[") == 1 and isinstance(row["unit_price"], float) for row in priced)


def test_a_name_of_which_no_meter_has_a_price_is_an_error():
    for name in ("aws.cloudfront@mars", "aws.s3.standard.storage@edge-eu"):
        assert call("VIDEO_SOURCE", [name]).code == "#N/A"


# --- VIDEO_LIST --------------------------------------------------------------------------------------------------

KINDS = ["route", "ingest-route", "class", "meter", "region", "provider", "unit", "operation", "speed", "vae"]
KINDS += ["encoder", "dtype", "corpus", "text-corpus", "generator", "model", "function"]


@pytest.mark.parametrize("what", KINDS)
def test_a_list_has_a_header_names_and_their_meaning(what):
    header, *rows = call("VIDEO_LIST", [what])
    assert header == [what, "meaning"]
    assert rows
    assert all(name and meaning for name, meaning in rows)
    assert call("VIDEO_LIST", [f" {what.upper()} "]) == [header, *rows]


def test_video_data_sets_are_listed_with_the_size_that_was_published_its_source_and_date():
    listed = dict(call("VIDEO_LIST", ["corpus"])[1:])
    for name, size, source in (
        ("webvid-10m", "20 TB", "m-bain/webvid issue 7"),
        ("hd-vg-130m", "300 TB", "daooshee/HD-VG-130M issue 1"),
        ("panda-70m", "36 TB", "snap-research/Panda-70M"),
        ("panda-70m-as-downloaded", "17.57 TB", "Panda-70M issue 45"),
        ("standard-intelligence-heap", "30,000 TB", "si.inc"),
    ):
        assert f": {size}" in listed[name] and source in listed[name]
        assert listed[name].endswith(fact_book().corpus(name).as_of)


@pytest.mark.parametrize(
    ("what", "name", "position"),
    [
        ("route", "VIDEO_EGRESS", 2),
        ("ingest-route", "VIDEO_INGEST", 2),
        ("class", "VIDEO_STORAGE", 2),
        ("meter", "VIDEO_RATE", 0),
        ("vae", "VIDEO_LATENT", 0),
        ("encoder", "VIDEO_TEXTFEATURE", 0),
    ],
)
def test_every_listed_name_is_accepted_where_it_belongs(what, name, position):
    arguments = [5.0, "PB", GAP][:position]
    for listed, _ in call("VIDEO_LIST", [what])[1:]:
        if listed in UNLISTED:
            assert "No list price of" in call(name, [listed]).message
            continue
        priced = sold(listed) if what in {"route", "ingest-route", "class", "meter"} else listed
        result = call(name, [*arguments, priced])
        assert isinstance(result, float), (listed, result)


def test_what_only_other_regions_sell_is_not_available_and_names_them():
    refused = call("VIDEO_STORAGE", [5.0, "PB", "azure.managed-lustre-250"])
    assert refused.code == "#N/A"
    assert (
        "The book prices azure.managed-lustre-250.storage in: francecentral, northeurope, swedencentral"
        in refused.message
    )
    # 1 PiB in Ireland at 0.000345 a GiB-hour, 730 hours.
    assert call("VIDEO_STORAGE", [1.0, "PiB", "azure.managed-lustre-250@northeurope"]) == pytest.approx(
        2**20 * 0.000345 * 730
    )


def test_listed_units_are_accepted_beside_an_amount():
    for unit, _ in call("VIDEO_LIST", ["unit"])[1:]:
        assert isinstance(call("VIDEO_EGRESS", [1.0, unit]), float)


@pytest.mark.parametrize(("what", "direction"), [("route", "egress"), ("ingest-route", "ingest")])
def test_the_routes_listed_are_those_of_the_book(what, direction):
    assert [row[0] for row in call("VIDEO_LIST", [what])[1:]] == price_book().route_names(direction)


# --- VIDEO_VERSION -----------------------------------------------------------------------------------------------


def test_the_version_names_engine_and_price_book():
    book = price_book()
    assert call("VIDEO_VERSION", []) == f"vidcost-xl {__version__}; price book {book.as_of} ({book.digest})"


def names_in(dumped):
    """Every text in a row of the book, however deep."""
    if isinstance(dumped, dict):
        return {name for each in dumped.values() for name in names_in(each)}
    if isinstance(dumped, (list, tuple)):
        return {name for each in dumped for name in names_in(each)}
    return {dumped} if isinstance(dumped, str) else set()


def test_no_list_of_the_meters_of_a_class_leaves_one_out():
    book = price_book()
    for item in book.classes.values():
        named = names_in(item.model_dump()) & set(book.meters)
        assert named
        assert named == set(meters_of(book, item.id)), item.id
        assert named <= book.meters_named(), item.id
        elsewhere = located_class(item, "elsewhere")
        assert {f"{name}@elsewhere" for name in named} <= names_in(elsewhere.model_dump()), item.id
        assert not names_in(elsewhere.model_dump()) & named, item.id
