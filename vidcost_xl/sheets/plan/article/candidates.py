"""Every class and route that a provider's place could have: rows of the sheets Lines and Native.

No meter of a class is one of a route: the cheapest of each make the cheapest place, and the sheet searches two short
columns instead of every pair.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from vidcost_xl.analysis.places import OPERATIONS, policy_limit, priced_classes, priced_routes
from vidcost_xl.model.blocks.allowance import free_times
from vidcost_xl.model.blocks.common import extra_get_meters, request_meter
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.schema import Route, StorageClass
from vidcost_xl.sheets.layout.grid import Heading, Line
from vidcost_xl.sheets.plan.article.amounts import age_row, billed_row, ends, watched_row
from vidcost_xl.sheets.plan.article.list_prices import MeterRows, of_meter
from vidcost_xl.sheets.plan.line_sheet import RATE_STANDS, as_billed, covers, tiered
from vidcost_xl.sheets.plan.row_names import Block, driver, value_of

#: A charge by the tiers of the list price, or at the private rate where one holds.
_CHARGE: Final = (
    "=IF(COUNTIFS(ch_key,{{$.note}},ch_from,{{cal_begun}},ch_to,{{cal_lasting}})=0,{listed}*{{cal_escalation}},"
    "{quantity}*{{bc_{key}!}}*SUMIFS(ch_new,ch_key,{{$.note}},ch_from,{{cal_begun}},ch_to,{{cal_lasting}}))"
)
_CURRENCY: Final = f"={value_of('money.currency')}"


@dataclass(frozen=True)
class Candidate:
    """A class or a route, and what its meters bill.

    Parameters
    ----------
    key : str
        Of its rows.
    meters : dict of str to list of str
        By meter: rows of what it counts in base units; none for the hours of ports.
    times : dict of str to float
        How often a meter counts each unit, where that is not once.
    port_gbps : float
        Of the dedicated port that it needs; 0 for none.
    """

    id: str
    key: str
    provider: str
    meters: dict[str, list[str]] = field(hash=False)
    times: dict[str, float] = field(default_factory=dict, hash=False)
    port_gbps: float = 0.0

    @property
    def row(self) -> str:
        """The row of its cost by month."""
        return f"bk_{self.key}"


@lru_cache(maxsize=1)
def providers() -> tuple[str, ...]:
    """The providers that a plan may be placed at."""
    return tuple(priced_classes())


def classes_of(provider: str) -> list[Candidate]:
    """Its candidate classes."""
    return [_of_class(provider, item) for item in priced_classes()[provider]]


def routes_of(provider: str) -> list[Candidate]:
    """Its candidate routes."""
    return [_of_route(provider, route) for route in priced_routes(provider)]


def _key(name: str) -> str:
    return name.replace(".", "_").replace("-", "_")


def _of_class(provider: str, item: StorageClass) -> Candidate:
    meters: dict[str, list[str]] = {}

    def bill(meter: str | None, row: str) -> None:
        if meter:
            meters.setdefault(meter, []).append(row)

    if item.by_last_access:
        for age, end in zip(item.by_last_access, ends(item), strict=True):
            bill(age.meter, age_row(age.from_days, end))
    else:
        bill(item.storage, billed_row(item.minimum_object_bytes) if item.minimum_object_bytes else "bar_stored")
    bill(item.monitoring, watched_row(item.monitoring_minimum_object_bytes))
    for operation in OPERATIONS:
        bill(request_meter(item, operation), f"bar_{operation}s")
    bill(item.upload, "bar_written")
    bill(item.retrieval.get("standard"), "bar_read")
    return Candidate(item.id, "c_" + _key(item.id), provider, meters)


def _of_route(provider: str, route: Route) -> Candidate:
    row = f"bar_beyond_{_key(route.id)}" if free_times(route.id) is not None else "bar_read"
    meters = {leg.meter: [row] for leg in route.legs} | {meter: ["bar_gets"] for meter in extra_get_meters(route.id)}
    if route.port:
        meters[route.port.meter] = []
    times = {leg.meter: leg.times for leg in route.legs}
    gbps = route.port.gbps if route.port else 0.0
    return Candidate(route.id, "r_" + _key(route.id), provider, meters, times, gbps)


def add_candidate_meters(meters: MeterRows) -> None:
    """The meters of every candidate."""
    meters.block("places", "Classes and routes of every provider: amounts month by month on Native")
    for provider in providers():
        for each in (*classes_of(provider), *routes_of(provider)):
            for at, meter in enumerate(each.meters, start=1):
                label = f"{each.id}: {price_book().meter(meter).label}"
                meters.add(f"{each.key}_{at}", label, meter, times=each.times.get(meter, 1))


def candidate_lines() -> Block:
    """Cost of every class and route by month in reporting currency; those of a provider stand below each other."""
    lines: Block = []
    for provider in providers():
        name = price_book().providers[provider].name
        lines.append(Heading(f"bar_{provider}", f"{name}: at private rates where there are any, less the discount"))
        for route in priced_routes(provider):
            lines += _beyond(route)
        each = [*classes_of(provider), *routes_of(provider)]
        for candidate in each:
            for at, meter in enumerate(candidate.meters, start=1):
                lines += _meter_lines(candidate, at, meter)
        lines += [_total(candidate) for candidate in each]
    return lines


def _beyond(route: Route) -> Block:
    times = free_times(route.id)
    if times is None:
        return []
    return [
        Line(
            f"bar_beyond_{_key(route.id)}",
            f"{route.id}: bytes read beyond the free egress, times the bytes stored",
            "bytes",
            f"=MAX(0,{{bar_read}}-{{bar_beyond_{_key(route.id)}!}}*{{bar_stored}})",
            constant=times,
            total="sum",
            format="tb",
        )
    ]


def _meter_lines(candidate: Candidate, at: int, meter: str) -> Block:
    book, key = price_book(), f"{candidate.key}_{at}"
    label, unit = f"{candidate.id}: {book.meter(meter).label}", f"={of_meter(key, 'unit')}"
    amounts, lines = candidate.meters[meter], []
    if amounts:
        quantity = billing_units(key, "+".join(f"{{{row}}}" for row in amounts), candidate.times.get(meter, 1.0))
    else:
        quantity, lines = f"{{bq_{key}}}", _port_lines(candidate, key, label, unit)
    billed = quantity
    if book.meter(meter).rounding == "up" or book.meter(meter).minimum_quantity:
        billed = f"{{bb_{key}}}"
        text = as_billed(quantity, f"{of_meter(key, 'rounded')}=1", of_meter(key, "minimum"))
        lines.append(Line(f"bb_{key}", f"{label}, as billed", unit, text, total="sum"))
    text = _CHARGE.format(listed=tiered(of_meter(key, "row"), billed).removeprefix("="), quantity=quantity, key=key)
    charge = Line(
        f"bc_{key}",
        label,
        "USD",
        text,
        constant=RATE_STANDS,
        total="sum",
        note=f"rate.{meter}",
        format="money",
    )
    return [*lines, charge]


def billing_units(key: str, counted: str, times: float = 1.0) -> str:
    """Formula of base units in the billing units of a meter of the sheet Lines."""
    counted = f"({counted})" if "+" in counted else counted
    return f"{counted}{'' if times == 1 else '*' + of_meter(key, 'times')}/{of_meter(key, 'size')}"


def _port_lines(candidate: Candidate, key: str, label: str, unit: str) -> Block:
    seconds = f"({of_meter(key, 'hours')}*seconds_per_hour)"
    rate = f"={{bar_read}}*bits_per_byte/{seconds}/bits_per_gbit"
    ports = f"ROUNDUP(MAX({{bt_{key}*}})/({{bq_{key}!}}*{value_of('limits.utilisation')}),0)"
    return [
        Line(f"bt_{key}", f"{label}, Gbit/s of reads in the month", "Gbit/s", rate, total="max"),
        Line(
            f"bq_{key}",
            f"{label}, hours of those that the busiest month needs",
            unit,
            f"={ports}*{of_meter(key, 'hours')}*{{cal_active}}",
            constant=candidate.port_gbps,
            total="sum",
        ),
    ]


def _total(candidate: Candidate) -> Line:
    charges = "+".join(f"{{bc_{candidate.key}_{at}}}" for at in range(1, len(candidate.meters) + 1))
    discounted = covers("commercial.discount_provider", f'"{candidate.provider}"')
    less = f"(1-{driver('commercial.discount')}*{discounted})"
    text = f"=({charges})*{less}*{driver('money.fx')}*{{cal_active}}"
    return Line(candidate.row, f"{candidate.id}: cost", _CURRENCY, text, total="sum", format="money")


def limit_of(candidate: Candidate) -> float | None:
    """So many times the bytes stored may leave along a route in a month; None without such a limit."""
    return policy_limit(price_book().route("egress", candidate.id))
