"""Names of generators: resolutions, days of old budgets, and what is refused."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from vidcost_xl.errors import BadArgumentError, NotInBookError
from vidcost_xl.model.offers import find_offer, offers

FACTS = Path(__file__).parents[3] / "shared" / "facts" / "video_facts.csv"


@pytest.mark.parametrize(
    ("name", "price"),
    [
        # List prices of a second as the sellers publish them: facts/data/generators.toml names where each was read.
        ("veo-3.1", 0.40),
        ("Veo-3.1 4K", 0.60),
        ("seedance-2.0", 0.3034),
        ("seedance-2.0 4k", 1.5552),
        ("grok-imagine-video-1.5-lite", 0.02),
        ("gemini/veo-3.1-generate-001", 0.40),
    ],
)
def test_a_generator_is_found_with_its_resolution_in_any_case(name, price):
    assert find_offer(name).usd_per_second == price


def test_the_dearest_and_the_cheapest_second_are_those_of_the_article():
    prices = [offer.usd_per_second for offer in offers()]
    assert (min(prices), round(max(prices), 2)) == (0.02, 1.56)


@pytest.mark.skipif(not FACTS.exists(), reason="the research file is not part of the repository")
def test_prices_are_those_of_the_research_file():
    with FACTS.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["topic"] == "gen_price"]
    compared = 0
    for row in rows:
        field = row["field"].replace("_per_video_per_second", "_per_second")
        start, found, resolution = field.partition("output_cost_per_second")
        if start or not found:
            continue
        try:
            offer = find_offer(f"{row['name']} {resolution.removeprefix('_')}".strip() + "@2026-01-01")
        except NotInBookError:
            continue  # sold, but not taken into the facts
        assert offer.usd_per_second == pytest.approx(float(row["value"])), row
        compared += 1
    assert compared > 30


def test_a_withdrawn_generator_needs_the_day_of_its_budget():
    with pytest.raises(NotInBookError, match=r"withdrawn on 2026-09-24.*sora-2@2026-09-23"):
        find_offer("sora-2")
    assert find_offer("sora-2@2026-06-01").name == "sora-2@2026-06-01"
    assert find_offer("sora-2@2026-09-23").usd_per_second == 0.1


def test_a_day_on_or_after_the_withdrawal_is_refused():
    with pytest.raises(NotInBookError, match="withdrawn"):
        find_offer("sora-2@2026-09-24")


def test_a_day_is_no_part_of_the_name_of_a_generator_that_is_sold():
    assert find_offer("veo-3.1@2026-06-01").name == "veo-3.1"


@pytest.mark.parametrize(
    ("name", "error", "says"),
    [
        ("veo-3.2", NotInBookError, "veo-3.1"),
        ("seedance-2.0 8k", NotInBookError, "4k"),
        ("sora-2@June", BadArgumentError, "2026-06-01"),
        ("", NotInBookError, "generator"),
    ],
)
def test_what_is_unknown_is_refused_with_the_nearest(name, error, says):
    with pytest.raises(error, match=says):
        find_offer(name)


def test_every_listed_name_is_found_and_says_when_it_ended():
    for offer in offers():
        assert find_offer(offer.name) == offer
    ended = {offer.name: offer.withdrawn for offer in offers() if offer.withdrawn}
    assert set(ended.values()) == {date(2026, 9, 24)}
    assert all(name.endswith("@2026-09-23") for name in ended)
