"""The rules of storage classes and routes as the native formulas look them up, one row each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vidcost_xl.errors import NotInBookError
from vidcost_xl.model.blocks import common
from vidcost_xl.model.blocks.acquire import NAT_HOUR, NAT_ROUTE, NAT_ROUTE_TWICE
from vidcost_xl.model.blocks.allowance import free_times
from vidcost_xl.model.blocks.reading import STANDARD
from vidcost_xl.model.blocks.store import AGES
from vidcost_xl.model.catalogue import catalogue
from vidcost_xl.model.plan import MOVES_APART, MOVES_NOWHERE
from vidcost_xl.prices.book import PriceBook, price_book
from vidcost_xl.prices.located import beside, split_place
from vidcost_xl.prices.schema import Route, StorageClass
from vidcost_xl.sheets.layout.sheet_layout import Value
from vidcost_xl.sheets.plan.constants import NEVER_DAYS
from vidcost_xl.sheets.plan.row_names import NO_METER, UNKNOWN_METER

#: The end of a route that ends at no region of its provider.
NO_PLACE: Final = "elsewhere"

#: Slots of the native formulas; data that need more are refused when the workbook is made.
LEGS: Final = 3
OVERHEADS: Final = 2

#: Speeds of restores, and the rules of a class that have a column for each.
SPEEDS: Final = catalogue()["requests.restore_speed"].choices
BY_SPEED: Final = ("retrieval", "restore")

CLASS_COLUMNS: Final = (
    *("id", "label", "provider", "storage", "min_object", "min_days", "by_access"),
    *(f"age{k}_{part}" for k in range(1, AGES + 1) for part in ("meter", "from", "to")),
    *(f"over{k}_{part}" for k in range(1, OVERHEADS + 1) for part in ("meter", "bytes")),
    *("watch", "watch_min", "transition", "put", "get", "upload", "restored"),
    *(f"{rule}_{speed}" for rule in BY_SPEED for speed in SPEEDS),
    *("moves_to", "keeps_age"),
)


def class_row(item: StorageClass) -> tuple[Value, ...]:
    """The rules of a storage class, in the order of its columns."""
    if len(item.by_last_access) > AGES or len(item.per_object) > OVERHEADS:
        raise ValueError(f"{item.id} has more age tiers or overheads than the workbook has slots for")
    ages: list[Value] = []
    tiers = [(age.from_days, age.meter) for age in item.by_last_access] or [(0.0, item.storage)]
    ends = [start for start, _ in tiers[1:]] + [NEVER_DAYS]
    for (start, meter), end in zip(tiers, ends, strict=True):
        ages += [meter, start, end]
    ages += [NO_METER, NEVER_DAYS, NEVER_DAYS] * (AGES - len(tiers))
    overheads: list[Value] = []
    for extra in item.per_object:
        overheads += [extra.meter, extra.bytes]
    overheads += [NO_METER, 0.0] * (OVERHEADS - len(item.per_object))
    return (
        *(item.id, item.label, price_book().place_of(item.id), item.storage, item.minimum_object_bytes),
        *(item.minimum_days, int(bool(item.by_last_access)), *ages, *overheads),
        *(item.monitoring or NO_METER, item.monitoring_minimum_object_bytes),
        *_requests(item),
        *(MOVES_APART.join(item.moves_to) or MOVES_NOWHERE, int(item.keeps_age)),
    )


def _requests(item: StorageClass) -> tuple[str, ...]:
    # Free and unknown are told apart: the first is no line, the second is #N/A.
    def operation(name: str) -> str:
        try:
            return common.request_meter(item, name) or NO_METER
        except NotInBookError:
            return UNKNOWN_METER

    def at_speeds(meters: Mapping[str, str], free: bool) -> list[str]:
        # Only an archive is read at the speed chosen; everything else at once.
        read = [speed if item.restore_requests else STANDARD for speed in SPEEDS]
        return [NO_METER if free else meters.get(speed, UNKNOWN_METER) for speed in read]

    return (
        *(operation(name) for name in ("transition", "put", "get")),
        *(item.upload or NO_METER, item.restored or NO_METER),
        *at_speeds(item.retrieval, item.retrieval_free),
        *at_speeds(item.restore_requests, not item.restore_requests),
    )


ROUTE_COLUMNS: Final = (
    *("id", "label", "provider"),
    *(f"leg{k}_{part}" for k in range(1, LEGS + 1) for part in ("meter", "times")),
    *("request", "limited", "free_times", "end"),
)


#: Of a way in: the same without a gateway endpoint, and the meter of its NAT gateways.
GATEWAY_COLUMNS: Final = ("without_endpoint", "gateway_hour")


def gateway_row(item: Route) -> tuple[Value, ...]:
    """What a way in has beside its legs and rules, in the order of its columns."""
    is_nat = split_place(item.id)[0] == NAT_ROUTE
    return (beside(NAT_ROUTE_TWICE, item.id) if is_nat else item.id, beside(NAT_HOUR, item.id))


def route_row(book: PriceBook, item: Route) -> tuple[Value, ...]:
    """The legs and rules of a route, in the order of its columns."""
    extra = common.extra_get_meters(item.id) if item.direction == "egress" else []
    if len(item.legs) > LEGS or len(extra) > 1:
        raise ValueError(f"{item.id} has more meters than the workbook has slots for")
    legs: list[Value] = []
    for leg in item.legs:
        legs += [leg.meter, leg.times]
    legs += [NO_METER, 0.0] * (LEGS - len(item.legs))
    times = free_times(item.id) if item.direction == "egress" else None
    return (
        *(item.id, item.label, book.place_of(item.id), *legs),
        *((extra or [NO_METER])[0], int(times is not None), times or 0.0, book.end_of(item) or NO_PLACE),
    )
