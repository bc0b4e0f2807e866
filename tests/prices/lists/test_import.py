"""An import into a folder: what it proposes, what is written, and what a day before it still costs."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from datetime import date

import pytest

from vidcost_xl.errors import BadArgumentError, NotInBookError
from vidcost_xl.prices.book import layered, shipped_book, using
from vidcost_xl.prices.lists import locking, writing
from vidcost_xl.prices.lists.importing import read_import

STANDARD, PUT, GET, STAGING = "WP9ANXZGBYYSGJEA", "E9YHNFENF4XQBZR6", "ZWQ6Q48CRJXX4FXE", "EXB3YJ6YV5CRH4JN"
#: The first tier falls from 0.023 to 0.021: 4,656,613 GB, 5 PB, cost 51,200 x 0.002 less.
CHEAPER = {(STANDARD, "0"): "0.0210000000"}


def accept(path, folder, also=()):
    found = read_import(path, folder)
    return found.write(found.accepted(also))


def kinds(path, folder):
    return {change.meter: change.kind for change in read_import(path, folder).proposal.changes if change.kind != "gone"}


def first_price(folder, day=None):
    return layered(folder).price("aws.s3.standard.storage", None, day).price.tiers[0].price


def test_a_price_that_moved_is_changed_and_the_others_are_confirmed(offer_of, folder):
    found = read_import(offer_of(prices=CHEAPER), folder)
    assert {change.meter: change.kind for change in found.proposal.of("changed", "confirmed", "added", "doubtful")} == {
        "aws.s3.standard.storage": "changed",
        "aws.s3.standard.put": "confirmed",
        "aws.s3.standard.get": "confirmed",
    }
    (changed,) = found.proposal.of("changed")
    assert changed.valid_from == date(2026, 11, 1)
    assert not folder.exists()


def test_an_accepted_price_holds_from_its_day_on_and_the_old_one_before_it(offer_of, folder):
    accept(offer_of(prices=CHEAPER), folder)
    assert first_price(folder) == 0.021
    assert first_price(folder, date(2026, 11, 1)) == 0.021
    assert first_price(folder, date(2026, 10, 31)) == 0.023


def test_importing_twice_changes_nothing(offer_of, folder):
    path = offer_of(prices=CHEAPER)
    (written,) = accept(path, folder)
    before = written.read_bytes()
    again = read_import(path, folder)
    assert set(kinds(path, folder).values()) == {"same"}
    assert again.accepted() == []
    assert again.write(again.accepted()) == []
    assert written.read_bytes() == before


def test_the_list_of_the_month_after_keeps_the_month_before(offer_of, folder):
    accept(offer_of("2026-11-15", CHEAPER), folder)
    accept(offer_of("2026-12-15", {(STANDARD, "0"): "0.0200000000"}), folder)
    assert [first_price(folder, date(2026, month, 20)) for month in (10, 11, 12)] == [0.023, 0.021, 0.020]


def test_a_price_of_the_users_own_that_a_later_list_repeats_gains_a_day_of_reading_and_no_row(offer_of, folder):
    (path,) = accept(offer_of("2026-11-15", CHEAPER), folder)
    rows = path.read_text(encoding="utf-8").count("[[price]]")
    accept(offer_of("2026-12-15", CHEAPER), folder)
    assert path.read_text(encoding="utf-8").count("[[price]]") == rows
    price = layered(folder).price("aws.s3.standard.storage").price
    assert (price.valid_from, price.read_on) == (date(2026, 11, 1), date(2026, 12, 15))


def test_a_list_older_than_the_price_in_use_is_said_and_left(offer_of, folder):
    path = offer_of("2026-07-15", CHEAPER)
    assert kinds(path, folder)["aws.s3.standard.storage"] == "older"
    assert read_import(path, folder).accepted() == []


def test_another_price_of_the_same_day_is_doubtful(offer_of, folder):
    assert kinds(offer_of("2026-07-28", CHEAPER), folder)["aws.s3.standard.storage"] == "doubtful"


def test_a_first_day_that_is_not_after_the_price_in_use_becomes_the_day_of_the_list(offer_of, folder):
    def long_ago(offer):
        for terms in offer["terms"]["OnDemand"].values():
            for term in terms.values():
                term["effectiveDate"] = "2020-01-01T00:00:00Z"

    (changed,) = read_import(offer_of(prices=CHEAPER, edit=long_ago), folder).proposal.of("changed")
    assert changed.valid_from == date(2026, 11, 15)


@pytest.mark.parametrize(
    ("prices", "why"),
    [
        ({(PUT, "0"): "0.0000000000"}, "0 where the price in use is 5e-06"),
        ({(PUT, "0"): "0.0050000000"}, "1e+03 times the price in use"),
        ({(PUT, "0"): "0.0000005000"}, "0.1 times the price in use"),
    ],
)
def test_a_price_of_0_and_one_for_1000_in_place_of_one_are_doubtful_and_not_written(offer_of, folder, prices, why):
    path = offer_of(prices=prices)
    (doubtful,) = read_import(path, folder).proposal.of("doubtful")
    assert (doubtful.meter, doubtful.why) == ("aws.s3.standard.put", why)
    accept(path, folder)
    assert layered(folder).price("aws.s3.standard.put").price.tiers[0].price == 0.000005


def test_a_doubtful_price_is_taken_where_its_meter_is_named(offer_of, folder):
    accept(offer_of(prices={(PUT, "0"): "0.0000005000"}), folder, also=["aws.s3.standard.put"])
    assert layered(folder).price("aws.s3.standard.put").price.tiers[0].price == 0.0000005


def test_only_a_doubtful_price_of_the_list_can_be_taken_so(offer_of, folder):
    found = read_import(offer_of(), folder)
    with pytest.raises(BadArgumentError, match=r"doubtful price of the list 'aws.s3.standard.put' is not known"):
        found.accepted(["aws.s3.standard.put"])


def test_two_terms_of_one_product_are_the_newest_that_has_begun(offer_of, folder):
    def next_year(offer):
        terms = offer["terms"]["OnDemand"][PUT]
        ((code, term),) = terms.items()
        later = {"RATE": {**next(iter(term["priceDimensions"].values())), "pricePerUnit": {"USD": "0.0000060000"}}}
        terms[f"{code}-LATER"] = {**term, "effectiveDate": "2027-01-01T00:00:00Z", "priceDimensions": later}

    def last_year(offer):
        next_year(offer)
        terms = offer["terms"]["OnDemand"][PUT]
        later = next(code for code in terms if code.endswith("-LATER"))
        terms[later]["effectiveDate"] = "2025-01-01T00:00:00Z"

    for edit in (next_year, last_year):
        assert kinds(offer_of(edit=edit), folder)["aws.s3.standard.put"] == "confirmed"


def test_two_terms_of_the_same_day_are_doubtful(offer_of, folder):
    def twice(offer):
        terms = offer["terms"]["OnDemand"][PUT]
        ((code, term),) = terms.items()
        other = {"RATE": {**next(iter(term["priceDimensions"].values())), "pricePerUnit": {"USD": "0.0000060000"}}}
        terms[f"{code}-OTHER"] = {**term, "priceDimensions": other}

    (doubtful,) = read_import(offer_of(edit=twice), folder).proposal.of("doubtful")
    assert "a tier stands in it twice" in doubtful.why


@pytest.mark.parametrize("end", ["50000", "60000", "Inf"])
def test_tiers_with_a_gap_or_an_overlap_are_doubtful(offer_of, folder, end):
    def gap(offer):
        (term,) = offer["terms"]["OnDemand"][STANDARD].values()
        next(row for row in term["priceDimensions"].values() if row["beginRange"] == "0")["endRange"] = end

    (doubtful,) = read_import(offer_of(prices=CHEAPER, edit=gap), folder).proposal.of("doubtful")
    assert (doubtful.meter, doubtful.why) == ("aws.s3.standard.storage", "its tiers leave a gap or overlap")


def test_a_product_without_its_first_or_its_last_tier_is_doubtful(offer_of, folder):
    for lost, why in (("0", "its first tier starts at 51200"), ("512000", "its last tier ends at 512000")):

        def cut(offer, lost=lost):
            (term,) = offer["terms"]["OnDemand"][STANDARD].values()
            rows = term["priceDimensions"]
            del rows[next(code for code, row in rows.items() if row["beginRange"] == lost)]

        (doubtful,) = read_import(offer_of(edit=cut), folder).proposal.of("doubtful")
        assert doubtful.why == why


def test_a_price_that_the_list_does_not_name_is_gone_from_it_and_stays(offer_of, folder):
    path = offer_of(edit=lambda offer: offer["products"].pop(GET))
    gone = {change.meter for change in read_import(path, folder).proposal.of("gone")}
    assert "aws.s3.standard.get" in gone
    assert "aws.s3.standard.put" not in gone
    accept(path, folder)
    assert layered(folder).price("aws.s3.standard.get").price.tiers[0].price == 0.0000004


def test_a_region_that_the_book_does_not_know_comes_with_its_prices_and_names(offer_of, folder):
    def mexico(offer):
        for product in offer["products"].values():
            said = product["attributes"]
            said |= {"regionCode": "mx-central-1", "usagetype": "MXC1-" + said["usagetype"]}

    assert "mx-central-1" not in shipped_book().providers["aws"].regions
    accept(offer_of(edit=mexico), folder)
    book = layered(folder)
    assert book.price("aws.s3.standard.storage", "Mexico (Central)").price.tiers[0].price == 0.023
    with pytest.raises(NotInBookError, match="no price in 'mx-central-1'"):
        book.price("aws.s3.standard-ia.storage", "mx-central-1")


def test_of_two_prices_from_the_same_day_on_the_users_holds_alone(offer_of, folder):
    accept(offer_of("2026-07-29", {(STANDARD, "0"): "0.0210000000"}), folder)
    book = layered(folder)
    (price,) = [row for row in book.meters["aws.s3.standard.storage"].price if row.valid_from == date(2026, 7, 29)]
    path = folder / "aws" / "us-east-1.toml"
    text = path.read_text(encoding="utf-8").replace("valid_from = 2026-07-29", "valid_from = 2022-07-07")
    path.write_text(text, encoding="utf-8")
    (only,) = layered(folder).meters["aws.s3.standard.storage"].price
    assert only.tiers == price.tiers


def test_the_source_of_a_price_names_the_layer_and_the_digest_is_of_both(offer_of, folder):
    accept(offer_of(prices=CHEAPER), folder)
    book = layered(folder)
    key, source = book.source(book.price("aws.s3.standard.storage"))
    assert key == "yours/us-east-1/amazons3-20261115000000"
    assert source.title == "AWS Price List, AmazonS3 offer, version 20261115000000"
    shipped, own = book.digest.split("+")
    assert shipped == shipped_book().digest
    assert len(own) == 12
    key, _ = book.source(book.price("aws.s3.standard-ia.storage"))
    assert not key.startswith("yours/")


def test_the_functions_say_which_layer_a_price_came_from(offer_of, folder):
    from vidcost_xl.functions.audit import VIDEO_SOURCE, VIDEO_VERSION

    accept(offer_of(prices=CHEAPER), folder)
    with using(layered(folder)):
        assert "[aws/yours/us-east-1/" in str(VIDEO_SOURCE("aws.s3.standard.storage")[1])
        assert VIDEO_VERSION().endswith(f"+{layered(folder).layer.digest}); prices: 3 of your own in {folder}")
    assert "yours" not in str(VIDEO_SOURCE("aws.s3.standard.storage"))
    assert "of your own" not in VIDEO_VERSION()


def test_a_price_that_held_everywhere_still_does_on_the_days_before_a_regions_own(folder):
    path = folder / "gcp" / "us-central1.toml"
    path.parent.mkdir(parents=True)
    path.write_text(
        """
[region]
provider = "gcp"
id = "us-central1"

[sources.mine]
title = "Google Cloud Billing Catalog"
kind = "provider price list"

[[price]]
meter = "gcp.transfer.internet-out"
valid_from = 2026-11-01
tiers = [{ from = 0, price = 0.10 }]
source = "mine"
read_on = 2026-11-15
confidence = "high"
""",
        encoding="utf-8",
    )
    book, everywhere = layered(folder), shipped_book().price("gcp.transfer.internet-out").price
    assert everywhere.region == "*"
    assert book.price("gcp.transfer.internet-out", "us-central1", date(2026, 10, 15)).price.tiers == everywhere.tiers
    assert book.price("gcp.transfer.internet-out", "us-central1").price.tiers[0].price == 0.10
    assert book.price("gcp.transfer.internet-out", "us-east4").price == everywhere


def test_a_region_with_a_file_of_its_own_has_both_layers_in_functions_tables_and_the_meters_of_a_workbook(folder):
    london = "aws.s3.standard.storage", "eu-west-2"
    shipped = shipped_book().price(*london).price
    path = folder / "aws" / "eu-west-2.toml"
    path.parent.mkdir(parents=True)
    path.write_text(
        """
[region]
provider = "aws"
id = "eu-west-2"

[sources.mine]
title = "AWS Price List, AmazonS3 offer"
kind = "provider price list"

[[price]]
meter = "aws.s3.standard.storage"
valid_from = 2026-12-01
tiers = [{ from = 0, price = 0.02 }]
source = "mine"
read_on = 2026-12-15
confidence = "high"
""",
        encoding="utf-8",
    )
    book = layered(folder)
    assert book.price(*london).price.tiers[0].price == 0.02
    assert book.price(*london, date(2026, 11, 30)).price.tiers == shipped.tiers
    key, _ = book.source(book.price(*london, date(2026, 11, 30)))
    assert key == shipped.source
    rows = [price.valid_from for meter, price in book.all_prices() if (meter.id, price.region) == london]
    assert sorted(rows) == sorted([shipped.valid_from, date(2026, 12, 1)])
    placed = book.with_places(["aws.s3.standard@eu-west-2"], [])
    named = placed.meters["aws.s3.standard.storage@eu-west-2"]
    assert {price.valid_from for price in named.price} == {shipped.valid_from, date(2026, 12, 1)}


def test_what_would_be_is_priced_without_writing(offer_of, folder):
    found = read_import(offer_of(prices=CHEAPER), folder)
    with found.book_with(found.accepted()) as book:
        assert book.price("aws.s3.standard.storage").price.tiers[0].price == 0.021
    assert not folder.exists()


@pytest.mark.parametrize("step", range(8))
def test_an_import_that_is_stopped_anywhere_leaves_the_old_prices_or_the_new(offer_of, folder, monkeypatch, step):
    accept(offer_of("2026-11-15", CHEAPER), folder)
    found = read_import(offer_of("2026-12-15", {(STANDARD, "0"): "0.0200000000"}), folder)
    left = iter(range(step))

    def stopping(work):
        def run(*given, **named):
            if next(left, None) is None:
                raise KeyboardInterrupt
            return work(*given, **named)

        return run

    with monkeypatch.context() as patch:
        patch.setattr(writing.Path, "rename", stopping(writing.Path.rename))
        patch.setattr(writing, "_write", stopping(writing._write))
        patch.setattr(writing.shutil, "copytree", stopping(writing.shutil.copytree))
        patch.setattr(writing.shutil, "rmtree", stopping(writing.shutil.rmtree))
        try:
            found.write(found.accepted())
            stopped = False
        except KeyboardInterrupt:
            stopped = True
    # The folder and the provider's in it are copied, a file is written, two renamed, the old one removed.
    assert stopped == (step < 6)
    assert first_price(folder) in {0.021, 0.020}
    accept(offer_of("2027-01-15", {(STANDARD, "0"): "0.0190000000"}), folder)
    assert first_price(folder) == 0.019
    assert sorted(path.name for path in folder.parent.iterdir()) == ["prices", "prices.lock"]


HOLDS = """
import sys, time
from pathlib import Path
from vidcost_xl.prices.lists.locking import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_an_import_waits_for_another_and_then_says_who_writes_and_a_killed_one_leaves_no_lock(
    offer_of, folder, monkeypatch
):
    accept(offer_of("2026-11-15", CHEAPER), folder)
    found = read_import(offer_of("2026-12-15", {(STANDARD, "0"): "0.0200000000"}), folder)
    monkeypatch.setattr(locking, "LONGEST_WAIT", 0.3)
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(folder)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(BadArgumentError, match=rf"another import \(process {other.pid}\) is writing .*prices; "):
            found.write(found.accepted())
        assert first_price(folder) == 0.021
        other.kill()
    found.write(found.accepted())
    assert first_price(folder) == 0.020


def test_a_price_to_one_other_end_stays_where_a_list_changes_that_to_all(offer_of, folder):
    accept(offer_of("2026-11-15", CHEAPER), folder)
    path = folder / "aws" / "us-east-1.toml"
    row = tomllib.loads(path.read_text(encoding="utf-8"))["price"][0]
    mine = f"""
[[price]]
meter = "aws.transfer.inter-region"
to = "us-west-2"
valid_from = 2026-12-15
tiers = [{{ from = 0, price = 0.004 }}]
source = "{row["source"]}"
confidence = "high"
flags = ["undated"]
"""
    path.write_text(path.read_text(encoding="utf-8") + mine, encoding="utf-8")
    accept(offer_of("2026-12-15", {(STANDARD, "0"): "0.0200000000"}), folder)
    assert layered(folder).price("aws.transfer.inter-region@us-east-1>us-west-2").price.tiers[0].price == 0.004


def test_a_folder_that_cannot_be_written_is_said_and_the_prices_stay(offer_of, folder, monkeypatch):
    accept(offer_of("2026-11-15", CHEAPER), folder)
    found = read_import(offer_of("2026-12-15"), folder)

    def full(path, text):
        raise OSError("No space left on device")

    monkeypatch.setattr(writing, "_write", full)
    with pytest.raises(BadArgumentError, match=r"No space left on device\. The prices in use are as they were"):
        found.write(found.accepted())
    assert first_price(folder) == 0.021


@pytest.mark.parametrize("price", ["0.0000000000", "0.0800000000"])
def test_a_lower_tier_of_0_or_of_several_times_the_price_is_doubtful(offer_of, folder, price):
    # The list's second and third tiers keep their prices, 0.022 and 0.021; the first costs 0.023.
    found = read_import(offer_of(prices={(STANDARD, "0"): price}), folder)
    assert [change.meter for change in found.proposal.of("doubtful")] == ["aws.s3.standard.storage"]
    assert "aws.s3.standard.storage" not in {change.meter for change in found.accepted()}


@pytest.mark.parametrize(("day", "doubtful"), [("2026-10-01", False), ("2027-01-01", True)])
def test_a_tier_of_another_day_is_kept_and_one_yet_to_begin_is_doubtful(offer_of, folder, day, doubtful):
    def apart(offer):
        terms = offer["terms"]["OnDemand"][STANDARD]
        ((code, term),) = terms.items()
        rows = dict(term["priceDimensions"])
        moved = {name: rows.pop(name) for name, row in term["priceDimensions"].items() if row["beginRange"] == "51200"}
        terms[code] = {**term, "priceDimensions": rows}
        terms[f"{code}-APART"] = {**term, "effectiveDate": f"{day}T00:00:00Z", "priceDimensions": moved}

    found = read_import(offer_of(prices=CHEAPER, edit=apart), folder)
    (change,) = found.proposal.of("doubtful" if doubtful else "changed")
    assert change.after == "0.021, 0.022 from 51200, 0.021 from 512000"
    assert ("different days" in change.why) is doubtful
