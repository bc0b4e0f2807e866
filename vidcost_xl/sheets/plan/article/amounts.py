"""What a plan stores, uploads and reads whatever the place, as the rules of classes count it: rows of Native."""

from __future__ import annotations

import math
from collections.abc import Callable

from vidcost_xl.analysis.places import priced_classes
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.schema import StorageClass
from vidcost_xl.sheets.layout.grid import Heading, Line
from vidcost_xl.sheets.plan.bill.routes import numbers
from vidcost_xl.sheets.plan.row_names import Block, driver, is_yes, rep


def amount_lines(plan: Plan) -> Block:
    """What is stored, uploaded and read whatever the place, as each rule of a class counts it."""
    reps = list(numbers(plan))
    lines: Block = [Heading("bar_heading", "What is stored, uploaded and read, whatever the place")]
    for n in reps:
        name = plan.text(rep(n, "name"))
        read = f"={{representation_{n}_wanted}}*(1-{{train_from_cache}})"
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

    def written(n: int) -> str:
        return f"{{representation_{n}_written}}*({uploads})"

    lines += [
        summed("bar_stored", "bytes stored", "byte-months", lambda n: f"{{representation_{n}_stored}}", "tb"),
        summed("bar_read", "bytes read", "bytes", lambda n: f"{{bar_read{n}}}", "tb"),
        summed("bar_gets", "GET requests", "requests", lambda n: f"{{bar_gets{n}}}"),
        summed("bar_puts", "requests of uploads, where the plan bills them", "requests", uploaded),
        summed("bar_written", "bytes uploaded, where the plan bills uploads", "bytes", written, "tb"),
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
    items = [item for provider in priced_classes() for item in priced_classes()[provider]]
    lines: Block = []
    for least in sorted({item.minimum_object_bytes for item in items} - {0.0}):
        row = billed_row(least)
        lines.append(Line(f"{row}_rule", f"Bytes billed at least for an object: {least:,.0f}", "bytes", constant=least))

        def billed(n: int, row: str = row) -> str:
            return f"MAX({{representation_{n}_stored}},{{bar_objects{n}}}*{{{row}_rule!}})"

        lines.append(summed(row, f"bytes billed, at least {least:,.0f} for an object", "byte-months", billed, "tb"))
    for least in sorted({item.monitoring_minimum_object_bytes for item in items if item.monitoring}):
        row = watched_row(least)
        lines.append(Line(f"{row}_rule", f"Objects are monitored from {least:,.0f} bytes", "bytes", constant=least))

        def watched(n: int, row: str = row) -> str:
            return f"{{bar_objects{n}}}*({{representation_{n}_object_bytes}}>={{{row}_rule!}})"

        lines.append(summed(row, f"objects of {least:,.0f} bytes and more", "object-months", watched))
    return lines + _age_lines(items, summed)


def _age_lines(items: list[StorageClass], summed: Callable[..., Line]) -> Block:
    tiers = {(age.from_days, end) for item in items for age, end in zip(item.by_last_access, ends(item), strict=True)}
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
            summed(age_row(start, end), f"bytes last read {start:.0f} days ago {until}", "byte-months", aged, "tb")
        )
    return lines


def ends(item: StorageClass) -> list[float]:
    """Days at which the age tiers of a class end; infinite for the last."""
    starts = [age.from_days for age in item.by_last_access]
    return [*starts[1:], math.inf][: len(starts)]


def billed_row(least: float) -> str:
    """Row of the bytes billed where an object counts as so many at least."""
    return f"bar_billed_{least:.0f}"


def watched_row(least: float) -> str:
    """Row of the objects that are monitored from so many bytes."""
    return f"bar_watched_{least:.0f}"


def age_row(start: float, end: float) -> str:
    """Row of the bytes last read so many days ago."""
    return f"bar_age_{start:.0f}_{'on' if math.isinf(end) else f'{end:.0f}'}"
