"""The public build of 30 PB: its published month, from its published parts, by the model."""

from __future__ import annotations

import pytest

from vidcost_xl.facts.book import fact_book
from vidcost_xl.model.own_example import BUILDS, example_site, example_table, published

AT_2025, USED_TODAY, LARGE_TODAY = range(3)


def month(build):
    _, drive, size = BUILDS[build]
    return float(example_site(drive, size).months("site_cost")[-1])


def test_its_published_figures_are_those_of_the_fact_book():
    source = published()
    assert (source.drives, source.drive_tb, source.month_usd) == (2_400, 12, 29_500)
    assert source.drives_usd + source.chassis_usd + 91_500 == source.capex_usd == 426_500


def test_at_its_own_prices_the_month_is_within_ten_percent_of_the_published_one():
    assert month(AT_2025) == pytest.approx(fact_book().own_infra("si-heap-all-in").bounds[0], rel=0.10)


def test_its_parts_are_within_five_percent_of_the_published_ones():
    _, drive, size = BUILDS[AT_2025]
    site, source = example_site(drive, size), published()
    assert site.months("drives")[-1] == source.drives
    assert site.months("chassis")[-1] == 100
    assert site.months("additions").sum() == pytest.approx(source.capex_usd, rel=0.001)
    assert site.months("space")[-1] == pytest.approx(source.space_usd, rel=0.05)
    assert site.months("transit_cost")[-1] == pytest.approx(source.transit_usd, rel=0.001)
    assert site.months("migration").sum() == site.months("staff").sum() == site.months("interest").sum() == 0


def test_today_the_same_build_is_dearer_by_the_rise_of_drives_alone():
    rise = (668_448 - 300_001) / 36  # 28,800 TB at 23.21 instead of 10.4167
    more_failures = 2_400 * 0.0136 / 12 * 12 * (23.21 - 10.4167)
    assert month(USED_TODAY) - month(AT_2025) == pytest.approx(rise + more_failures, abs=1)


def test_larger_drives_take_less_space_and_power():
    _, drive, size = BUILDS[LARGE_TODAY]
    site = example_site(drive, size)
    assert site.months("drives")[-1] == 1_029  # 28,800 TB in drives of 28 TB
    assert site.months("kw")[-1] == pytest.approx(1_029 * 12 / 1_000)
    assert month(AT_2025) < month(LARGE_TODAY) < month(USED_TODAY)


def test_the_table_says_what_differs():
    rows = {row[0]: row for row in example_table()}
    assert rows["figure"][1:3] == ["published", "at its prices of 2025"]
    assert abs(rows["Difference to the published month"][2]) < 0.10
