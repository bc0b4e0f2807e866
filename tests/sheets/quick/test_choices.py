"""What the quick page offers follows from declared rules, and what it leaves out says why."""

from __future__ import annotations

import pytest

from vidcost_xl.errors import NotInBookError
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.quick.choices import choices_of


def test_the_article_s_case_is_offered_with_alternatives():
    choices = choices_of(price_book(), "aws")
    assert {"aws.internet", "aws.cloudfront", "aws.direct-connect", "aws.same-region"} <= {
        item.id for item in choices.routes
    }
    assert {"aws.s3.standard", "aws.s3.standard-ia"} <= {item.id for item in choices.classes}
    assert "us-east-1" in choices.regions


def test_a_region_is_offered_where_it_prices_every_meter():
    book = price_book()
    choices = choices_of(book, "aws")
    for region in choices.regions:
        assert all(book.price(meter, region) for meter in choices.meters), region


def test_every_class_and_route_is_offered_or_left_out_with_a_reason():
    book = price_book()
    choices = choices_of(book, "aws")
    named = {item.id for item in (*choices.classes, *choices.routes)} | {name for name, _ in choices.left_out}
    known = {name for name in book.classes if name.startswith("aws.")}
    known |= {name for name in book.route_names("egress") if name.startswith("aws.")}
    assert named == known
    assert all(reason for _, reason in choices.left_out)


def test_free_items_have_ids_of_their_own_and_sources():
    book = price_book()
    for item in choices_of(book, "aws").free:
        assert item.meter not in book.meters
        assert item.source.title


def test_a_provider_whose_rules_do_not_fit_is_refused():
    with pytest.raises(NotInBookError, match="wasabi"):
        choices_of(price_book(), "wasabi")
