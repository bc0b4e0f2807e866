"""The sheets Routes and Barrier: the training data on every route, month by month, and what a first model costs."""

from __future__ import annotations

from typing import Final

from vidcost_xl.analysis.barrier import THIS_PLAN, Part, Way, parts, ways
from vidcost_xl.functions.article import BARRIER_COLUMNS, NO_LIMIT
from vidcost_xl.model.blocks.common import prefix
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.layout.grid import Heading, Line, month
from vidcost_xl.sheets.layout.sheet_layout import BarChart, Entry, Row, SheetLayout
from vidcost_xl.sheets.plan.article.answers import Call, table_answer
from vidcost_xl.sheets.plan.article.list_prices import MeterSheet, meter_row, of_meter
from vidcost_xl.sheets.plan.article.proof import ProofBlock, in_force, proof_row
from vidcost_xl.sheets.plan.article.result_sheet import entry, result_sheet
from vidcost_xl.sheets.plan.bill.routes import numbers
from vidcost_xl.sheets.plan.line_sheet import tiered
from vidcost_xl.sheets.plan.row_names import Block, driver, driver_id, rep, value_of

ROUTES: Final = "Routes"
BARRIER: Final = "Barrier"

#: Rows that the chart spans.
CHART_ROWS: Final = 20

_MONEY: Final = f"={value_of('money.currency')}"
_COUNTED: Final = {"storage": "{bar_stored}", "get": "{bar_gets}", "route": "{bar_read}"}

#: Columns of the answer that are numbers, by our column.
_ANSWERED: Final = {
    "monthly": BARRIER_COLUMNS.index("monthly") + 1,
    "cumulative": BARRIER_COLUMNS.index("cumulative") + 1,
    "runway": BARRIER_COLUMNS.index("runway_months") + 1,
    "left": BARRIER_COLUMNS.index("funding_left") + 1,
}
_FORMATS: Final = {"monthly": "money", "cumulative": "money", "runway": "number", "left": "money"}

#: The same by their number on the sheet Proof, and the headings there.
_FIGURES: Final = {column: at for at, column in enumerate(_ANSWERED, start=1)}
_HEADINGS: Final = {
    **{f"{part}{at}": text for part in "ne" for at, text in enumerate(("Month", "First model", "Months", "Left"), 1)},
    **{f"d{at}": text for at, text in enumerate(("Month", "Model", "Months", "Left"), 1)},
    **{"w1": "Whole months paid", "w2": "Spent in them", "w3": "Next month", "w4": "First model, USD"},
}

#: One row for the header, one for the plan, one a way.
CALL: Final = Call(
    "barrier",
    "Barrier to entry",
    f"=VIDEO_BARRIER(plan,{value_of('barrier.months')},changes)",
    len(ways()) + 2,
    len(BARRIER_COLUMNS),
)

_COLUMNS: Final = (
    ("label", "Way", 46.0),
    ("class", "Kept in", 26.0),
    ("route", "Read along", 24.0),
    ("monthly", "An average month", 24.0),
    ("cumulative", "Until a first model", 16.0),
    ("runway", "Months that the funding lasts", 14.0),
    ("left", "Funding left by then", 16.0),
)


def part_key(way: Way, at: int) -> str:
    """Key of the meter of a way's part."""
    return f"w_{way.id}_{at}"


def add_way_meters(meters: MeterSheet) -> None:
    """The meters of every way."""
    meters.block("ways", "Ways to keep the training data and to read them: amounts month by month on Routes")
    for way in ways():
        for at, part in enumerate(parts(way), start=1):
            meters.add(part_key(way, at), f"{way.label}: {_label(part)}", part.meter, times=part.times)


def route_lines(plan: Plan) -> Block:
    """Rows of the sheet Routes."""
    reps = list(numbers(plan))
    gpu = "+".join(f"{{a_encode_{n}_gpu_hours}}" for n in reps)
    lines: Block = [Heading("bar_heading", "What is stored and read, whatever the route")]
    for n in reps:
        name = plan.text(rep(n, "name"))
        lines.append(
            Line(
                f"bar_read{n}",
                f"{name}: bytes that training reads from storage",
                "bytes",
                f"={{representation_{n}_wanted}}*(1-{driver('train.cached')})",
                total="sum",
                format="tb",
            )
        )
        lines.append(
            Line(
                f"bar_gets{n}",
                f"{name}: GET requests of these reads",
                "requests",
                f"=IF({{representation_{n}_get_bytes}}=0,0,{{bar_read{n}}}/{{representation_{n}_get_bytes}})",
                total="sum",
            )
        )
    for key, label, unit, row, form in (
        ("stored", "All representations: bytes stored", "byte-months", "representation_{n}_stored", "tb"),
        ("read", "All representations: bytes read", "bytes", "bar_read{n}", "tb"),
        ("gets", "All representations: GET requests", "requests", "bar_gets{n}", "compact"),
    ):
        summed = "+".join(f"{{{row.format(n=n)}}}" for n in reps)
        lines.append(Line(f"bar_{key}", label, unit, f"={summed}", total="sum", format=form))
    lines += [Heading("bar_plan", "This plan: the whole bill without GPU time, by native formulas")]
    lines += _totals("plan", THIS_PLAN, f"=({{n_total}}-({gpu}))/{driver('money.fx')}")
    for way in ways():
        lines.append(Heading(f"bar_{way.id}", way.label))
        charges = []
        for at, part in enumerate(parts(way), start=1):
            lines += _part_lines(way, at, part)
            charges.append(f"{{bc_{part_key(way, at)}}}")
        lines += _totals(way.id, way.label, f"=({'+'.join(charges)})*{{cal_escalation}}*{{cal_active}}")
    return lines


def _totals(key: str, label: str, cost: str) -> Block:
    return [
        Line(f"bu_{key}", f"{label}: cost in USD", "USD", cost, total="sum", format="money"),
        Line(
            f"bs_{key}", f"{label}: cost so far in USD", "USD", f"={{bs_{key}<}}+{{bu_{key}}}", start=0, format="money"
        ),
        Line(f"bw_{key}", f"{label}: cost", _MONEY, f"={{bu_{key}}}*{driver('money.fx')}", total="sum", format="money"),
    ]


def _part_lines(way: Way, at: int, part: Part) -> Block:
    key, meter = part_key(way, at), price_book().meter(part.meter)
    label = f"{way.label}: {_label(part)}"
    lines: Block = []
    if part.what == "port":
        seconds = f"({of_meter(key, 'hours')}*seconds_per_hour)"
        lines.append(
            Line(
                f"bt_{key}",
                f"{label}, Gbit/s of reads in the month",
                "Gbit/s",
                f"={{bar_read}}*bits_per_byte/{seconds}/bits_per_gbit",
            )
        )
        ports = f"ROUNDUP({{bt_{key}}}/({{bq_{key}!}}*{value_of('limits.utilisation')}),0)"
        text = f"={ports}*{of_meter(key, 'hours')}"
        lines.append(
            Line(
                f"bq_{key}",
                f"{label}, quantity",
                f"={of_meter(key, 'unit')}",
                text,
                constant=way.port_gbps,
                total="sum",
            )
        )
    else:
        text = f"={_COUNTED[part.what]}*{of_meter(key, 'times')}/{of_meter(key, 'size')}"
        lines.append(Line(f"bq_{key}", f"{label}, quantity", f"={of_meter(key, 'unit')}", text, total="sum"))
    billed = f"bq_{key}"
    if meter.rounding == "up" or meter.minimum_quantity:
        billed = f"bb_{key}"
        rounded = f"IF({of_meter(key, 'rounded')}=1,ROUNDUP(ROUND({{bq_{key}}},conversion_decimals),0),{{bq_{key}}})"
        text = f"=MAX({rounded},({{bq_{key}}}>0)*{of_meter(key, 'minimum')})"
        lines.append(Line(billed, f"{label}, as billed", f"={of_meter(key, 'unit')}", text, total="sum"))
    text = tiered(meter_row(key), f"{{{billed}}}")
    lines.append(Line(f"bc_{key}", f"{label}, list charge", "USD", text, total="sum", format="money"))
    return lines


def _label(part: Part) -> str:
    return price_book().meter(part.meter).label


def barrier_sheet(plan: Plan) -> tuple[SheetLayout, ProofBlock]:
    """The sheet Barrier, and its figures on the sheet Proof."""
    months = plan.integer("calendar.months")
    own = (f"={value_of(prefix(1) + 'class')}", f"={value_of('train.route')}")
    listed = [("plan", THIS_PLAN, *own), *((way.id, way.label, way.storage_class, way.route) for way in ways())]
    rows = [_barrier_row(*each) for each in listed]
    proven = tuple(_proof_row(key, label, at, months) for at, (key, label, *_) in enumerate(listed, start=2))
    for_chart = [Row(f"barrier_chart_{line}") for line in range(CHART_ROWS)]
    last = rows[-1].id
    notes = [
        ("Months to a first model", f"={value_of('barrier.months')}", "count"),
        ("Funding, USD", f"={value_of('barrier.funding')}", "money"),
        ("Currency of the amounts below; months are paid in USD", f"={value_of('money.currency')}", "text"),
    ]
    facts = [
        Row(f"barrier_fact_{at}", {"label": Entry(label), "monthly": entry(text, form, "link")})
        for at, (label, text, form) in enumerate(notes, start=1)
    ]
    chart = BarChart(
        title="Cost of the data until a first model, without GPU",
        axis=plan.text("money.currency"),
        labels=f"{{{rows[0].id}.label:{last}.label}}",
        values=f"{{{rows[0].id}.cumulative:{last}.cumulative}}",
        top=for_chart[1].id,
        bottom=for_chart[-1].id,
        left="label",
        right="left",
        format="money",
    )
    about = (
        "What the data cost until there is a first model, before any GPU. This plan is the whole bill; the other ways "
        "store and read the same training data at list price, and nothing else."
    )
    sheet = result_sheet(BARRIER, "Barrier to entry", about, _COLUMNS, [*facts, *rows, *for_chart], [chart])
    return sheet, ProofBlock(BARRIER, _HEADINGS, proven)


def _barrier_row(key: str, label: str, kept: str, read: str) -> Row:
    row = f"br_{key}"
    entries = {
        "label": Entry(label),
        "class": entry(kept, "text", "link_unit" if kept.startswith("=") else "unit"),
        "route": entry(read, "text", "link_unit" if read.startswith("=") else "unit"),
        **{column: entry(in_force(row, at), _FORMATS[column]) for column, at in _FIGURES.items()},
    }
    return Row(row, entries)


def _proof_row(key: str, label: str, at: int, months: int) -> Row:
    cost, paid, spent = (f"{{${part}_{key}.{month(1)}:{part}_{key}.{month(months)}}}" for part in ("bw", "bu", "bs"))
    counter = f"{{$cal_counter.{month(1)}:cal_counter.{month(months)}}}"
    active = f"{{$cal_active.{month(1)}:cal_active.{month(months)}}}"
    rate = f"{{${driver_id('money.fx')}.{month(1)}:{driver_id('money.fx')}.{month(months)}}}"
    funding, first_model = value_of("barrier.funding"), value_of("barrier.months")
    native = {
        "cumulative": f"=SUMPRODUCT(({counter}<={first_model})*{cost})",
        "monthly": f"={{.n2}}/{first_model}",
        "runway": f'=IF({{.w3}}=0,"{NO_LIMIT}",{{.w1}}+({funding}-{{.w2}})/{{.w3}})',
        "left": f"=({funding}-{{.w4}})*INDEX({rate},{first_model})",
    }
    entries = {
        "w1": entry(f"=SUMPRODUCT(({spent}<={funding})*{active})", "count"),
        "w2": entry(f"=IF({{.w1}}=0,0,INDEX({spent},MAX(1,{{.w1}})))", "money"),
        "w3": entry(f"=INDEX({paid},MIN({{.w1}}+1,{{$cal_active.total}}))", "money"),
        "w4": entry(f"=SUMPRODUCT(({counter}<={first_model})*{paid})", "money"),
    }
    for column, number in _FIGURES.items():
        form = _FORMATS[column]
        entries[f"n{number}"] = entry(native[column], form)
        entries[f"e{number}"] = entry(table_answer("barrier", at, _ANSWERED[column]), form)
    return proof_row(f"br_{key}", label, "", entries)
