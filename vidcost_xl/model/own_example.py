"""A public build of 30 PB, priced by the model at its own prices of 2025 and at those of today.

Standard Intelligence, "Building the heap" (2025-09-30): 2,400 used drives of about 12 TB in 100 chassis
in colocation, without redundancy, about 29,500 USD a month all in, depreciation over three years included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from vidcost_xl.facts.book import fact_book
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.model.own import OwnSite, own_site
from vidcost_xl.prices.book import price_book

#: Years over which the source depreciates.
PUBLISHED_LIFE_MONTHS: Final = 36

#: Drive meter and TB of a drive: as it was built, the same with today's used drives, and with today's largest.
BUILDS: Final = (
    ("at its prices of 2025", "own.drive.hdd-12tb-used", 12),
    ("used drives of today", "own.drive.hdd-16tb-sas-used", 12),
    ("renewed drives of 28 TB, today", "own.drive.hdd-28tb-exos-renewed", 28),
)


@dataclass(frozen=True)
class Published:
    """What the source states.

    Parameters
    ----------
    space_usd, transit_usd, month_usd : float
        A month; the last is all in.
    """

    drives: float
    drive_tb: float
    drives_usd: float
    chassis_usd: float
    capex_usd: float
    space_usd: float
    transit_usd: float
    month_usd: float


def published() -> Published:
    """The figures of the source, from the fact book and the price book."""

    def fact(name: str) -> float:
        return fact_book().own_infra(f"si-heap-{name}").bounds[0]

    chassis = price_book().price("own.reference.si-heap.chassis").tariff.charge(1.0)
    return Published(
        fact("drives"),
        fact("drive-size"),
        fact("drives-cost"),
        float(chassis),
        fact("capex"),
        fact("power-colocation"),
        fact("internet"),
        fact("all-in"),
    )


def example_site(drive: str, drive_tb: float) -> OwnSite:
    """The public build with a drive of the price book.

    Parameters
    ----------
    drive : str
        Meter of the drives' price.
    drive_tb : float
        Capacity of a drive, TB.

    Returns
    -------
    OwnSite
        Ready from the first month, no staff, no redundancy, no cost of capital, as the source counts.
    """
    source = published()
    article = preset("article")
    video_tb = article.number("dataset.mb_per_video") / 1e6
    chassis = source.drives / article.number("own.bays")
    rest = source.capex_usd - source.drives_usd - source.chassis_usd
    overrides: dict[str, object] = {
        "dataset.videos": source.drives * source.drive_tb / video_tb,
        "dataset.opening": 0,
        "representation.2.ratio": 0,
        "train.experiments": 0,
        "own.lead_months": 0,
        "own.ramp_months": 0,
        "own.protection": "copies",
        "own.copies": 1,
        "own.fill_limit": 1,
        "own.drive": drive,
        "own.drive_tb": drive_tb,
        "own.spares": 0,
        "own.chassis_usd": source.chassis_usd / chassis,
        "own.server_usd": rest / chassis,
        "own.watts_per_drive": fact_book().own_infra("si-heap-power").bounds[0] * source.drive_tb * _KW_PER_PB_IN_WATTS,
        "own.commit_mbps": fact_book().own_infra("si-heap-link").bounds[0] * _MBPS_PER_GBPS,
        "own.staff_fte": 0,
        "own.life_months": PUBLISHED_LIFE_MONTHS,
        "own.residual": 0,
        "own.deposit": 0,
        "own.cost_of_capital": 0,
    }
    return own_site(evaluate(article.with_overrides(overrides.items())))


#: 1 kW for 1 PB is 1 W for 1 TB.
_KW_PER_PB_IN_WATTS: Final = 1.0
_MBPS_PER_GBPS: Final = 1_000


def example_table() -> list[list[Any]]:
    """The public build beside the model: published, at its prices of 2025, and at today's.

    Returns
    -------
    list of rows
        USD; "" where the source does not state a figure.
    """
    source = published()
    sites = [example_site(drive, size) for _, drive, size in BUILDS]

    def month(site: OwnSite, key: str) -> float:
        return float(site.months(key)[-1])

    def whole(site: OwnSite, key: str) -> float:
        return float(site.months(key).sum())

    held = source.drives * source.drive_tb
    rest = source.capex_usd - source.drives_usd - source.chassis_usd
    rows: list[list[Any]] = [
        ["Drives", source.drives, *(month(site, "drives") for site in sites)],
        ["Drives, USD", source.drives_usd, *(whole(site, "drives_cost") for site in sites)],
        [
            "Chassis, servers, set-up, USD",
            source.chassis_usd + rest,
            *(whole(site, "chassis_cost") for site in sites),
        ],
        ["Hardware in all, USD", source.capex_usd, *(whole(site, "additions") for site in sites)],
        ["Depreciation, USD a month", source.capex_usd / PUBLISHED_LIFE_MONTHS, *_row(sites, "depreciation")],
        ["Space and power, USD a month", source.space_usd, *_row(sites, "space")],
        ["Transit, USD a month", source.transit_usd, *_row(sites, "transit_cost")],
        ["Failed drives, USD a month", "", *_row(sites, "replacements")],
        ["All in, USD a month", source.month_usd, *_row(sites, "site_cost")],
        ["USD per TB-month", source.month_usd / held, *(month(site, "site_cost") / held for site in sites)],
        ["Difference to the published month", "", *(month(s, "site_cost") / source.month_usd - 1.0 for s in sites)],
    ]
    return [["figure", "published", *(label for label, _, _ in BUILDS)], *rows]


def _row(sites: list[OwnSite], key: str) -> list[float]:
    return [float(site.months(key)[-1]) for site in sites]
