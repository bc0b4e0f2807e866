"""Comparing the book with AWS's own price file, and seeded differences that it must catch.

The extract is hand-made from facts that Amazon Web Services publishes: the AmazonS3 offer of us-east-1, version
20260728131000. It has three products that the book carries and the staging product that no one may take for
Glacier Deep Archive.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.offer import compare_offer

EXTRACT = Path(__file__).parent / "extracts" / "aws_AmazonS3_extract_20260728.json"
STANDARD, PUT, STAGING = "WP9ANXZGBYYSGJEA", "E9YHNFENF4XQBZR6", "EXB3YJ6YV5CRH4JN"


@pytest.fixture
def offer():
    return json.loads(EXTRACT.read_text(encoding="utf-8"))


@pytest.fixture
def compare(tmp_path):
    def run(offer):
        path = tmp_path / "offer.json"
        path.write_text(json.dumps(offer), encoding="utf-8")
        return compare_offer(price_book(), path)

    return run


def dimensions(offer, sku):
    (term,) = offer["terms"]["OnDemand"][sku].values()
    return term["priceDimensions"]


def errors(findings):
    return [finding for finding in findings if finding.severity == "error"]


def test_the_book_agrees_with_the_offer_sku_by_sku():
    findings = compare_offer(price_book(), EXTRACT)
    assert errors(findings) == []
    assert findings[-1].text == f"4 SKUs of {EXTRACT.name} compared, 0 differences"


def test_the_staging_product_is_not_taken_for_glacier_deep_archive(offer, compare):
    dimensions(offer, STAGING)[f"{STAGING}.TERM.TIER0"]["pricePerUnit"]["USD"] = "99"
    assert errors(compare(offer)) == []


@pytest.mark.parametrize("price", ["0.0220000001", "0.0021", "0"])
def test_a_changed_price_is_found_in_its_own_tier(offer, compare, price):
    dimensions(offer, STANDARD)[f"{STANDARD}.TERM.TIER1"]["pricePerUnit"]["USD"] = price
    (finding,) = errors(compare(offer))
    assert (finding.meter, finding.region) == ("aws.s3.standard.storage", "us-east-1")
    assert f"SKU {STANDARD} from 51200: 0.022 in the book, {float(price):.10g} " in finding.text


def test_a_moved_bound_is_found_as_a_tier_gone_and_a_tier_new(offer, compare):
    dimensions(offer, STANDARD)[f"{STANDARD}.TERM.TIER1"]["beginRange"] = "50000"
    found = " | ".join(finding.text for finding in errors(compare(offer)))
    assert "from 50000: no tier in the book" in found
    assert "from 51200: 0.022 in the book, no tier" in found


def test_a_missing_tier_is_found(offer, compare):
    del dimensions(offer, STANDARD)[f"{STANDARD}.TERM.TIER2"]
    (finding,) = errors(compare(offer))
    assert "from 512000: 0.021 in the book, no tier" in finding.text


def test_a_request_price_off_by_a_factor_of_ten_is_found(offer, compare):
    dimensions(offer, PUT)[f"{PUT}.TERM.TIER0"]["pricePerUnit"]["USD"] = "0.0000500000"
    (finding,) = errors(compare(offer))
    assert finding.meter == "aws.s3.standard.put"


def test_an_offer_without_any_of_our_skus_proves_nothing_and_says_so(offer, compare):
    offer["terms"]["OnDemand"] = {STAGING: offer["terms"]["OnDemand"][STAGING]}
    with pytest.raises(BadArgumentError, match="nothing was compared"):
        compare(offer)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"terms": {"OnDemand": []}}', "\x00\xff", '"text"'])
def test_a_file_that_is_no_offer_is_refused(tmp_path, content):
    path = tmp_path / "wrong.json"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(BadArgumentError, match=r"^wrong.json.* (?:is empty|not|cut off)"):
        compare_offer(price_book(), path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadArgumentError, match="cannot be read"):
        compare_offer(price_book(), tmp_path / "absent.json")
    with pytest.raises(BadArgumentError, match="cannot be read"):
        compare_offer(price_book(), tmp_path)
