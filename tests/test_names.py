"""Names as people type them: what is unambiguous is found, what is not is refused with all it may be."""

from __future__ import annotations

import pytest

from vidcost_xl.errors import NotInBookError
from vidcost_xl.facts.book import fact_book
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.values import OMITTED as GAP
from vidcost_xl.model.files import preset
from vidcost_xl.names import Named, find_name, words
from vidcost_xl.prices.book import price_book

ROWS = [
    Named("a.disk.cold", ("Disk Cold", "Deep Disk"), ("a", "Acme")),
    Named("a.disk.cold-ia", ("Disk Cold, seldom read",), ("a", "Acme")),
    Named("b.cold", ("Cold of Beta",), ("b", "Beta")),
]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("A.Disk.Cold", "a.disk.cold"),
        ("disk cold", "a.disk.cold"),  # the label of one, though another has these words too
        ("Acme Disk Cold", "a.disk.cold"),
        ("deepdisk", "a.disk.cold"),
        ("Cold-IA", "a.disk.cold-ia"),
        ("Beta cold", "b.cold"),
    ],
)
def test_a_name_is_found_by_its_words(written, found):
    assert find_name("thing", written, ROWS) == found


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("cold", "may be a.disk.cold, a.disk.cold-ia, b.cold: write one"),
        ("seldom read", "is not known"),  # words of a label alone are no name
        ("disk ia", "is not known"),  # nor are words with others between them
        ("a.disk", "is not known"),  # nor is a part of an id
        ("", "is not known"),
        ("!", "is not known"),
    ],
)
def test_a_name_of_several_or_of_none_is_refused(written, said):
    with pytest.raises(NotInBookError, match=said):
        find_name("thing", written, ROWS)


def test_only_whole_names_count_where_a_part_might_mean_a_row_that_is_not_there():
    assert find_name("thing", "deep disk", ROWS, whole=True) == "a.disk.cold"
    with pytest.raises(NotInBookError, match="is not known"):
        find_name("thing", "cold ia", ROWS, whole=True)


@pytest.mark.parametrize(
    ("name", "written", "exact"),
    [
        ("VIDEO_STORAGE", [5.0, "PB", "S3 Standard-IA"], [5.0, "PB", "aws.s3.standard-ia"]),
        ("VIDEO_STORAGE", [5.0, "PB", "Amazon S3 Glacier Instant Retrieval"], [5.0, "PB", "aws.s3.glacier-instant"]),
        ("VIDEO_STORAGE", [5.0, "PB", "Azure hot"], [5.0, "PB", "azure.blob.hot-lrs"]),
        ("VIDEO_STORAGE", [5.0, "PB", GAP, GAP, GAP, GAP, "us east 1"], [5.0, "PB"]),
        ("VIDEO_STORAGE", [5.0, "PB", GAP, GAP, GAP, GAP, "US East (N. Virginia)"], [5.0, "PB"]),
        ("VIDEO_STORAGE", [5.0, "PB", "azure hot", GAP, GAP, GAP, "East US"], [5.0, "PB", "azure.blob.hot-lrs"]),
        ("VIDEO_EGRESS", [5.0, "PB", "cloudfront"], [5.0, "PB", "aws.cloudfront"]),
        ("VIDEO_INGEST", [5.0, "PB", "AWS NAT"], [5.0, "PB", "aws.nat"]),
        ("VIDEO_EGRESS", [5.0, "PB", GAP, GAP, GAP, "12%"], [5.0, "PB", GAP, GAP, GAP, 0.12]),
        ("VIDEO_EGRESS", [5.0, "PB", GAP, GAP, GAP, [["12 %"]]], [5.0, "PB", GAP, GAP, GAP, [[0.12]]]),
        ("VIDEO_EXPERIMENT", [5.0, "PB", 1.0, "25%"], [5.0, "PB", 1.0, 0.25]),
        (
            "VIDEO_TOTAL",
            ["complete", "total", GAP, [["commercial.discount", "12%"], ["train.share@2027-03", "50%"]]],
            ["complete", "total", GAP, [["commercial.discount", 0.12], ["train.share@2027-03", 0.5]]],
        ),
        ("VIDEO_LATENT", ["HunyuanVideo 1.5"], ["hunyuanvideo-1.5"]),
        ("VIDEO_TEXTFEATURE", ["UMT5 XXL"], ["umt5-xxl"]),
        ("VIDEO_SOURCE", ["S3 Standard-IA"], ["aws.s3.standard-ia"]),
        (
            "VIDEO_EGRESS",
            [5.0, "PB", GAP, GAP, "us east 1", GAP, [["meter", "rate"], ["aws.transfer.internet-out", 0.02]]],
            [5.0, "PB", GAP, GAP, GAP, GAP, [["meter", "rate"], ["aws.transfer.internet-out", 0.02]]],
        ),
        (
            "VIDEO_EGRESS",
            [
                5.0,
                "PB",
                GAP,
                GAP,
                GAP,
                GAP,
                [["meter", "rate", "region"], ["aws.transfer.internet-out", 0.02, "N. Virginia"]],
            ],
            [5.0, "PB", GAP, GAP, GAP, GAP, [["meter", "rate"], ["aws.transfer.internet-out", 0.02]]],
        ),
    ],
)
def test_what_people_type_is_what_the_book_calls_it(name, written, exact):
    assert call(name, written) == call(name, exact)


def test_twelve_average_months_are_annual():
    # The article's plan has twelve months: its total.
    assert call("VIDEO_TOTAL", ["article", "annual"]) == pytest.approx(call("VIDEO_TOTAL", ["article", "total"]))
    years = [["calendar.months", 24.0], ["train.experiments@2027-03", 20.0]]
    annual = call("VIDEO_TOTAL", ["article", "annual", GAP, years])
    assert annual == pytest.approx(call("VIDEO_TOTAL", ["article", "total", GAP, years]) / 2)


def test_a_plan_takes_the_same_names():
    plan = preset("article").with_overrides(
        [
            ("representation.1.class", "S3 Standard-IA"),
            ("train.route", "CloudFront"),
            ("commercial.discount_provider", "Amazon"),
        ]
    )
    assert plan.text("representation.1.class") == "aws.s3.standard-ia"
    assert plan.text("train.route") == "aws.cloudfront"
    assert plan.text("commercial.discount_provider") == "aws"


def test_every_id_of_the_book_is_found_as_itself_however_it_is_spaced():
    book = price_book()
    for name in book.classes:
        assert book.storage_class(" ".join(words(name)).upper()).id == name
    for name in book.meters:
        assert book.meter("_".join(words(name))).id == name
    for direction, name in book.routes:
        assert book.route(direction, " ".join(words(name))).id == name
    for provider in book.providers.values():
        for region in provider.regions:
            assert book.region(provider, " ".join(words(region))) == region
            assert all(book.region(provider, name) == region for name in provider.region_names.get(region, ()))
    for vae in fact_book().vaes:
        assert fact_book().vae(" ".join(words(vae))).id == vae
