"""Reviewing the book: seeded future, stale, doubtful and rising prices are found, sound ones are not."""

from __future__ import annotations

from datetime import date

import pytest

from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.reading import read_price_files
from vidcost_xl.prices.review import price_table, review

TODAY = date(2026, 11, 23)

HEAD = """
[provider]
id = "acme"
name = "Acme"
default_region = "north"
regions = ["north"]

[sources.list]
title = "Acme price list"
kind = "provider page"
read_on = 2026-05-01
"""

METER = """
[[meter]]
id = "acme.{name}.storage"
service = "Disk"
label = "Disk"
dimension = "storage"
billing_unit = "GB-month"
unit_size = 1e9

[[meter.price]]
valid_from = {valid_from}
tiers = {tiers}
source = "list"
{read}
confidence = "{confidence}"
flags = {flags}
note = "{note}"
"""


def meter(
    name="sound",
    *,
    valid_from="2026-05-01",
    read="read_on = 2026-05-01",
    confidence="high",
    flags="[]",
    tiers="[{ from = 0, price = 0.02 }]",
    note="",
):
    return METER.format(
        name=name, valid_from=valid_from, read=read, confidence=confidence, flags=flags, tiers=tiers, note=note
    )


def found(*meters, stale_days=365):
    findings = review(read_price_files([HEAD + "".join(meters)]), TODAY, stale_days)
    assert findings[-1].severity == "ok"
    return [(finding.severity, finding.meter, finding.text) for finding in findings[:-1]]


def test_a_sound_price_gives_no_finding():
    assert found(meter()) == []


@pytest.mark.parametrize(
    "seed", [{"valid_from": "2026-11-24"}, {"read": "read_on = 2026-11-24"}, {"valid_from": "2027-01-01"}]
)
def test_a_price_of_the_future_is_an_error(seed):
    ((severity, name, text),) = found(meter(), meter("seeded", **seed))
    assert (severity, name) == ("error", "acme.seeded.storage")
    assert "only after today (2026-11-23)" in text


def test_a_price_of_today_is_not_of_the_future():
    assert found(meter(valid_from="2026-11-23", read="read_on = 2026-11-23")) == []


@pytest.mark.parametrize(("stale_days", "stale"), [(206, False), (205, True)])
def test_a_price_read_too_long_ago_is_a_warning(stale_days, stale):
    # From 2026-05-01 to 2026-11-23: 30 + 30 + 31 + 31 + 30 + 31 + 23 = 206 days.
    findings = found(meter(), stale_days=stale_days)
    assert findings == ([("warning", "acme.sound.storage", "read 206 days ago")] if stale else [])


@pytest.mark.parametrize("flag", ["weak", "disagrees", "assumption"])
def test_a_flagged_price_is_a_warning_with_its_note(flag):
    findings = found(meter(flags=f'["{flag}"]', note="Another page differs."))
    assert findings == [("warning", "acme.sound.storage", f"{flag}: Another page differs.")]


def test_an_undated_or_unsure_price_is_a_warning():
    findings = found(meter(read="", flags='["undated"]', confidence="low"))
    assert [text for _, _, text in findings] == ["undated", "low confidence"]


def test_a_dearer_later_tier_is_noted_but_a_free_first_tier_is_not():
    rising = meter("rising", tiers="[{ from = 0, price = 0.01 }, { from = 10, price = 0.02 }]")
    free = meter("free", tiers="[{ from = 0, price = 0 }, { from = 10, price = 0.02 }]")
    assert found(rising, free) == [("note", "acme.rising.storage", "a later tier is dearer than an earlier one")]


@pytest.mark.parametrize(
    ("note", "error"),
    [
        ("", True),
        ("Not read.", True),
        ("Freed of tax.", True),
        ("Free.", False),
        ("No fee.", False),
        ("Zero egress.", False),
    ],
)
def test_a_price_of_0_is_an_error_unless_its_note_says_that_it_is_free(note, error):
    findings = found(meter(tiers="[{ from = 0, price = 0 }]", note=note))
    assert [(severity, name) for severity, name, _ in findings] == ([("error", "acme.sound.storage")] if error else [])


def test_the_shipped_book_has_no_error_on_the_day_of_its_newest_price():
    book = price_book()
    findings = review(book, book.as_of, 365)
    assert [finding for finding in findings if finding.severity == "error"] == []
    assert f"{len(book.providers)} providers, {len(book.meters)} meters" in findings[-1].text


def test_the_table_shows_one_row_a_price_with_its_first_paid_tier():
    rows = price_table(price_book(), "oci.transfer")
    assert rows[0][:5] == ["meter", "region", "price", "currency", "unit"]
    assert rows[1][:5] == ["oci.transfer.internet-out", "us", 0.0085, "USD", "GB"]
    assert {row[0] for row in rows[1:]} == {"oci.transfer.internet-out"}


def test_the_table_can_be_asked_in_any_case_and_for_nothing():
    assert price_table(price_book(), "B2.STANDARD") == price_table(price_book(), "b2.standard")
    prices = price_book().meter("b2.standard.storage").price
    assert len(price_table(price_book(), "b2.standard")) == 1 + len(prices)  # a header, and a row a price
    assert price_table(price_book(), "no such meter")[1:] == []
