"""Every class and route that a provider's place could have: rows of the sheets Meters and Routes.

No meter of a class is one of a route: the cheapest of each make the cheapest place, and the sheet searches two short
columns instead of every pair.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from vidcost_xl.analysis.places import OPERATIONS, policy_limit, priced_classes, priced_routes
from vidcost_xl.model.blocks.allowance import free_times
from vidcost_xl.model.blocks.common import extra_get_meters, request_meter
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.schema import Route, StorageClass
from vidcost_xl.sheets.layout.grid import Heading, Line
from vidcost_xl.sheets.plan.article.list_prices import MeterSheet, meter_row, of_meter
from vidcost_xl.sheets.plan.bill.routes import numbers
from vidcost_xl.sheets.plan.line_sheet import tiered
from vidcost_xl.sheets.plan.row_names import Block, driver, is_yes, rep, value_of

_RATE: Final = (
    "=IF(COUNTIFS(ch_key,{{$.note}},ch_from,{{bar_begun}},ch_to,{{bar_lasting}})=0,{{bl_{key}}},"
    "{{bq_{key}}}*SUMIFS(ch_new,ch_key,{{$.note}},ch_from,{{bar_begun}},ch_to,{{bar_lasting}}))"
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
        for age, end in zip(item.by_last_access, _ends(item), strict=True):
            bill(age.meter, _age_row(age.from_days, end))
    else:
        bill(item.storage, _billed_row(item.minimum_object_bytes) if item.minimum_object_bytes else "bar_stored")
    bill(item.monitoring, _watched_row(item.monitoring_minimum_object_bytes))
    for operation in OPERATIONS:
        bill(request_meter(item, operation), f"bar_{operation}s")
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


def _ends(item: StorageClass) -> list[float]:
    starts = [age.from_days for age in item.by_last_access]
    return [*starts[1:], math.inf][: len(starts)]


def _billed_row(least: float) -> str:
    return f"bar_billed_{least:.0f}"


def _watched_row(least: float) -> str:
    return f"bar_watched_{least:.0f}"


def _age_row(start: float, end: float) -> str:
    return f"bar_age_{start:.0f}_{'on' if math.isinf(end) else f'{end:.0f}'}"


def add_candidate_meters(meters: MeterSheet) -> None:
    """The meters of every candidate."""
    meters.block("places", "Classes and routes of every provider: amounts month by month on Routes")
    for provider in providers():
        for each in (*classes_of(provider), *routes_of(provider)):
            for at, meter in enumerate(each.meters, start=1):
                label = f"{each.id}: {price_book().meter(meter).label}"
                meters.add(f"{each.key}_{at}", label, meter, times=each.times.get(meter, 1))


def amount_lines(plan: Plan) -> Block:
    """What is stored, uploaded and read whatever the place, as each rule of a class counts it."""
    reps = list(numbers(plan))
    lines: Block = [Heading("bar_heading", "What is stored, uploaded and read, whatever the place")]
    for n in reps:
        name = plan.text(rep(n, "name"))
        read = f"={{representation_{n}_wanted}}*(1-{driver('train.cached')})"
        label = f"{name}: bytes that training reads from storage"
        lines.append(Line(f"bar_read{n}", label, "bytes", read, total="sum", format="tb"))
        for key, what, unit, amount, size in (
            ("gets", "GET requests of these reads", "requests", f"bar_read{n}", f"representation_{n}_get_bytes"),
            ("objects", "objects stored", "objects", f"representation_{n}_stored", f"representation_{n}_object_bytes"),
        ):
            text = f"=IF({{{size}}}=0,0,{{{amount}}}/{{{size}}})"
            lines.append(Line(f"bar_{key}{n}", f"{name}: {what}", unit, text, total="sum"))

    def summed(key: str, label: str, unit: str, each: Callable[[int], str], form: str = "compact") -> Line:
        text = "+".join(each(n) for n in reps)
        return Line(key, f"All representations: {label}", unit, f"={text}", total="sum", format=form)

    uploads = is_yes("requests.uploads")

    def uploaded(n: int) -> str:
        return f"({{representation_{n}_upload_puts}}+{{representation_{n}_upload_multipart}})*({uploads})"

    lines += [
        summed("bar_stored", "bytes stored", "byte-months", lambda n: f"{{representation_{n}_stored}}", "tb"),
        summed("bar_read", "bytes read", "bytes", lambda n: f"{{bar_read{n}}}", "tb"),
        summed("bar_gets", "GET requests", "requests", lambda n: f"{{bar_gets{n}}}"),
        summed("bar_puts", "requests of uploads, where the plan bills them", "requests", uploaded),
        Line(
            "bar_times",
            "Bytes read, times the bytes stored",
            "times",
            "=IF({bar_stored}=0,0,{bar_read}/{bar_stored})",
            total="max",
            format="number",
        ),
    ]
    return [*lines, *_rule_lines(summed)]


def _rule_lines(summed: Callable[..., Line]) -> Block:
    items = [item for provider in providers() for item in priced_classes()[provider]]
    lines: Block = []
    for least in sorted({item.minimum_object_bytes for item in items} - {0.0}):
        row = _billed_row(least)
        lines.append(Line(f"{row}_rule", f"Bytes billed at least for an object: {least:,.0f}", "bytes", constant=least))

        def billed(n: int, row: str = row) -> str:
            return f"MAX({{representation_{n}_stored}},{{bar_objects{n}}}*{{{row}_rule!}})"

        lines.append(summed(row, f"bytes billed, at least {least:,.0f} for an object", "byte-months", billed, "tb"))
    for least in sorted({item.monitoring_minimum_object_bytes for item in items if item.monitoring}):
        row = _watched_row(least)
        lines.append(Line(f"{row}_rule", f"Objects are monitored from {least:,.0f} bytes", "bytes", constant=least))

        def watched(n: int, row: str = row) -> str:
            return f"{{bar_objects{n}}}*({{representation_{n}_object_bytes}}>={{{row}_rule!}})"

        lines.append(summed(row, f"objects of {least:,.0f} bytes and more", "object-months", watched))
    return lines + _age_lines(items, summed)


def _age_lines(items: list[StorageClass], summed: Callable[..., Line]) -> Block:
    tiers = {(age.from_days, end) for item in items for age, end in zip(item.by_last_access, _ends(item), strict=True)}
    lines: Block = [
        Line(f"bar_day_{day:.0f}", f"Age tier: {day:.0f} days since a read", "days", constant=day)
        for day in sorted({day for tier in tiers for day in tier if math.isfinite(day)})
    ]
    for start, end in sorted(tiers):

        def aged(n: int, start: float = start, end: float = end) -> str:
            reread = driver(rep(n, "reread_days"))
            until = reread if math.isinf(end) else f"MIN({reread},{{bar_day_{end:.0f}!}})"
            return f"{{representation_{n}_stored}}*MAX(0,{until}-{{bar_day_{start:.0f}!}})/{reread}"

        until = "and more" if math.isinf(end) else f"to {end:.0f}"
        lines.append(
            summed(_age_row(start, end), f"bytes last read {start:.0f} days ago {until}", "byte-months", aged, "tb")
        )
    return lines


def candidate_lines() -> Block:
    """Cost of every class and route by month in reporting currency; those of a provider stand below each other."""
    lines: Block = [
        Heading("bar_rates", "Which private rates hold"),
        *(
            Line(f"bar_{key}", f"Criterion: {label}", "text", f"={{cal_{key}}}", format="general")
            for key, label in (("begun", "a private rate has begun"), ("lasting", "a private rate still holds"))
        ),
    ]
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
    amounts = candidate.meters[meter]
    lines: Block = []
    if amounts:
        counted = "+".join(f"{{{row}}}" for row in amounts)
        text = f"=({counted})*{of_meter(key, 'times')}/{of_meter(key, 'size')}"
        lines.append(Line(f"bq_{key}", f"{label}, quantity", unit, text, total="sum"))
    else:
        lines += _port_lines(candidate, key, label, unit)
    billed = f"bq_{key}"
    if book.meter(meter).rounding == "up" or book.meter(meter).minimum_quantity:
        billed = f"bb_{key}"
        rounded = f"IF({of_meter(key, 'rounded')}=1,ROUNDUP(ROUND({{bq_{key}}},conversion_decimals),0),{{bq_{key}}})"
        text = f"=MAX({rounded},({{bq_{key}}}>0)*{of_meter(key, 'minimum')})"
        lines.append(Line(billed, f"{label}, as billed", unit, text, total="sum"))
    text = tiered(meter_row(key), f"{{{billed}}}") + "*{cal_escalation}"
    lines.append(Line(f"bl_{key}", f"{label}, list charge", "USD", text, total="sum", format="money"))
    rate = f'="rate."&{of_meter(key, "meter")}'
    lines.append(
        Line(f"bc_{key}", f"{label}, contracted", "USD", _RATE.format(key=key), total="sum", note=rate, format="money")
    )
    return lines


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
    chosen = value_of("commercial.discount_provider")
    less = f'(1-{driver("commercial.discount")}*OR({chosen}="all",{chosen}="{candidate.provider}"))'
    text = f"=({charges})*{less}*{driver('money.fx')}*{{cal_active}}"
    return Line(candidate.row, f"{candidate.id}: cost", _CURRENCY, text, total="sum", format="money")


def limit_of(candidate: Candidate) -> float | None:
    """So many times the bytes stored may leave along a route in a month; None without such a limit."""
    return policy_limit(price_book().route("egress", candidate.id))
