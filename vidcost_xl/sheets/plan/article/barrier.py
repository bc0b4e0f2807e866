"""The sheet Barrier, what a first model costs; and its rows on Native, the training data at every provider."""

from __future__ import annotations

from typing import Final

from vidcost_xl.analysis.barrier import LEFT_OUT, OWN, OWN_SITE, THIS_PLAN, named
from vidcost_xl.analysis.figures import COLOSSUS, WAFER_FAB
from vidcost_xl.analysis.places import priced_classes
from vidcost_xl.analysis.ways import internet_way, parts
from vidcost_xl.facts.book import fact_book
from vidcost_xl.functions.article import BARRIER_COLUMNS, NO_LIMIT
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.layout.chart_layout import MONEY_AXIS, BarChart
from vidcost_xl.sheets.layout.grid import Heading, Line
from vidcost_xl.sheets.layout.sheet_layout import Entry, Row, SheetLayout
from vidcost_xl.sheets.plan.article.amounts import amount_lines
from vidcost_xl.sheets.plan.article.answers import Call, named_answer
from vidcost_xl.sheets.plan.article.candidates import (
    billing_units,
    candidate_lines,
    classes_of,
    providers,
    routes_of,
)
from vidcost_xl.sheets.plan.article.cheapest import WHY_UNPRICED, chosen_row, over, search_rows
from vidcost_xl.sheets.plan.article.list_prices import MeterRows, of_meter
from vidcost_xl.sheets.plan.article.proof import COLUMNS, ProofBlock, in_force, proof_row
from vidcost_xl.sheets.plan.article.result_sheet import entry, heading_row, result_sheet
from vidcost_xl.sheets.plan.bill.routes import numbers
from vidcost_xl.sheets.plan.line_sheet import tiered
from vidcost_xl.sheets.plan.row_names import Block, driver, driver_id, value_of

BARRIER: Final = "Barrier"

#: Rows that the chart spans.
CHART_ROWS: Final = 20

NO_FIGURE: Final = "n/a"

_MONEY: Final = f"={value_of('money.currency')}"
_COUNTED: Final = {"stored": "{bar_stored}", "gets": "{bar_gets}", "read": "{bar_read}"}

#: Columns of the answer, by our column.
_ANSWERED: Final = {
    "monthly": BARRIER_COLUMNS.index("monthly") + 1,
    "cumulative": BARRIER_COLUMNS.index("cumulative") + 1,
    "runway": BARRIER_COLUMNS.index("runway_months") + 1,
    "left": BARRIER_COLUMNS.index("funding_left") + 1,
    "share": BARRIER_COLUMNS.index("data_share") + 1,
}
_FORMATS: Final = {"monthly": "money", "cumulative": "money", "runway": "tenths", "left": "money", "share": "share"}

#: The same by their number on the sheet Proof, and the headings there.
_FIGURES: Final = {column: at for at, column in enumerate(_ANSWERED, start=1)}
_TITLES: Final = ("Month", "First model", "Months", "Left", "Data's share")
_HEADINGS: Final = {
    **{f"{part}{at}": text for part in "ned" for at, text in enumerate(_TITLES, 1)},
    "w1": "Can serve",
}

#: One row for the header, the plan and the own site, one a provider.
CALL: Final = Call(
    "barrier",
    "Barrier to entry",
    f"=VIDEO_BARRIER(plan,{value_of('barrier.months')},changes)",
    len(priced_classes()) + 3,
    len(BARRIER_COLUMNS),
)

_COLUMNS: Final = (
    ("label", "Where", 46.0),
    ("class", "Kept in", 34.0),
    ("route", "Read along", 30.0),
    ("monthly", "An average month", 24.0),
    ("cumulative", "Until a first model", 16.0),
    ("runway", "Months that the funding lasts", 14.0),
    ("left", "Funding left by then", 16.0),
    ("share", "Share of the data, training GPUs beside it", 18.0),
)


def part_key(at: int) -> str:
    """Key of a meter of the way that the article counts; the first stores."""
    return f"w_internet_{at}"


def add_way_meters(meters: MeterRows) -> None:
    """The meters of the way that the article counts."""
    way = internet_way()
    meters.block("ways", "What the article counts: amounts month by month on Native")
    for at, part in enumerate(parts(way), start=1):
        label = f"{way.label}: {price_book().meter(part.meter).label}"
        meters.add(part_key(at), label, part.meter, times=part.times)


def route_lines(plan: Plan) -> Block:
    """Rows of the sheet Native: the training data in every class and along every route, quantities and cost."""
    gpu = "+".join(f"{{a_encode_{n}_gpu_hours}}" for n in numbers(plan))
    lines = [*amount_lines(plan), *candidate_lines(), *_internet_lines()]
    lines.append(Heading("bar_outcomes", "What each row of Barrier costs"))
    lines += _totals("plan", f"{THIS_PLAN}, without GPU time", f"={{n_total}}-({gpu})")
    for provider in providers():
        name = price_book().providers[provider].name
        cost = "+".join(
            f"INDEX({{{each[0].row}:{each[-1].row}}},{{${chosen_row(provider)}.{column}}})"
            for each, column in ((classes_of(provider), "n1"), (routes_of(provider), "n2"))
        )
        lines += _totals(provider, f"{name}, cheapest place", f"=IF({{${chosen_row(provider)}.n3}}=0,0,{cost})")
    lines += _totals(OWN, f"{OWN_SITE}, without GPU time", f"={{own_cash}}-({gpu})")
    return lines


def _totals(key: str, label: str, cost: str) -> Block:
    paid = f"={{bs_{key}<}}+{{bw_{key}}}/{driver('money.fx')}"
    return [
        Line(f"bw_{key}", f"{label}: cost", _MONEY, cost, total="sum", format="money"),
        Line(f"bs_{key}", f"{label}: cost so far in USD", "USD", paid, start=0, format="money"),
    ]


def _internet_lines() -> Block:
    way = internet_way()
    lines: Block = [Heading("bar_internet", f"{way.label}: what the article counts, at list price")]
    charges = []
    for at, part in enumerate(parts(way), start=1):
        key, label = part_key(at), f"{way.label}: {price_book().meter(part.meter).label}"
        text = tiered(of_meter(key, "row"), billing_units(key, _COUNTED[part.what], part.times))
        lines.append(Line(f"bc_{key}", label, "USD", text, total="sum", format="money"))
        charges.append(f"{{bc_{key}}}")
    cost = f"=({'+'.join(charges)})*{{cal_escalation}}*{{cal_active}}"
    return [*lines, Line("bu_internet", f"{way.label}: cost in USD", "USD", cost, total="sum", format="money")]


def barrier_sheet(plan: Plan) -> tuple[SheetLayout, ProofBlock]:
    """The sheet Barrier, and its figures on the sheet Proof."""
    months = plan.integer("calendar.months")
    owned = f"{{$bp_{OWN}.n3}}"
    own = (
        f'=IF({owned}=0,"{LEFT_OUT}",{value_of("own.drive")})',
        f"=IF({owned}=0,{WHY_UNPRICED},{value_of('own.transit')})",
    )
    here = ("={$representation_1_first_class.constant}", "={$representation_1_way_train.constant}")
    listed = [("plan", THIS_PLAN, *here, "1")]
    for provider in providers():
        serves = f"{{${chosen_row(provider)}.n3}}"
        kept, read = (
            f"=IF({serves}=0,{{${chosen_row(provider)}.{said}}},{{${chosen_row(provider)}.{column}}})"
            for said, column in (("w3", "n4"), ("w4", "n5"))
        )
        listed.append((provider, named(provider), kept, read, serves))
    listed.append((OWN, OWN_SITE, *own, owned))
    rows = [_barrier_row(key, label, kept, read) for key, label, kept, read, _ in listed]
    proven = tuple(_proof_row(key, label, serves) for key, label, _, _, serves in listed)
    worked = _worked_rows([(key, label) for key, label, *_ in listed], months)
    for_chart = [Row(f"barrier_chart_{line}") for line in range(CHART_ROWS)]
    last = rows[-1].id
    chart = BarChart(
        title="Cost of the data until a first model, without GPU",
        axis=MONEY_AXIS,
        labels=f"{{{rows[0].id}.label:{last}.label}}",
        values=f"{{{rows[0].id}.cumulative:{last}.cumulative}}",
        top=for_chart[1].id,
        bottom=for_chart[-1].id,
        left="label",
        right="left",
        format="money",
    )
    about = (
        "What the data cost until there is a first model, before any GPU. This plan is the whole bill; a provider "
        "stores, uploads and reads the training data at its cheapest place, at the plan's rates and discounts, no more."
    )
    body = [*_given_rows(), *rows, *_beside_rows(), *for_chart]
    sheet = result_sheet(BARRIER, "Barrier to entry", about, _COLUMNS, body, [chart])
    return sheet, ProofBlock(BARRIER, _HEADINGS, proven, (*search_rows(plan, months), *worked))


def _given_rows() -> list[Row]:
    return [
        Row(f"barrier_{key}", {"label": Entry(label), "monthly": entry(text, form, "link")})
        for key, label, text, form in (
            ("months", "Months to a first model", f"={value_of('barrier.months')}", "count"),
            ("funding", "Funding, USD", f"={value_of('barrier.funding')}", "money"),
            ("currency", "Currency of the amounts below", f"={value_of('money.currency')}", "text"),
        )
    ]


def _beside_rows() -> list[Row]:
    memo = heading_row("barrier_beside", "Beside it, a memo in no row above", _COLUMNS)
    gpus = {
        "label": Entry("Training GPUs until a first model"),
        "class": Entry("Inputs: GPU hours x price", "note"),
        "cumulative": entry("={$barrier_gpus.n1}", "money"),
    }
    rows = [memo, Row("barrier_gpus_shown", gpus)]
    for key, name in (("colossus", COLOSSUS), ("fab", WAFER_FAB)):
        fact = fact_book().own_infra(name)
        rows.append(
            Row(
                f"barrier_{key}",
                {
                    "label": Entry(fact.label, "wrapped"),
                    "class": Entry(f"{fact.source}, {fact.as_of}", "wrapped_indent"),
                    "cumulative": entry(f"={{$cw_{key}.n1}}*{{$barrier_fx.n1}}", "money"),
                    "runway": entry("={br_plan.cumulative}/{.cumulative}", "share2"),
                    "left": Entry("of it are this plan's data", "note"),
                },
                height=45.0,
            )
        )
    return rows


def _barrier_row(key: str, label: str, kept: str, read: str) -> Row:
    row = f"br_{key}"
    entries = {
        "label": Entry(label),
        "class": entry(kept, "text", "link_unit"),
        "route": entry(read, "text", "link_unit"),
        **{column: entry(in_force(row, at), _FORMATS[column]) for column, at in _FIGURES.items()},
    }
    return Row(row, entries)


def _proof_row(key: str, label: str, serves: str) -> Row:
    cost = f"{{$bx_{key}.n1}}"
    native = {
        "monthly": f"{cost}/{value_of('barrier.months')}",
        "cumulative": cost,
        "runway": f"{{$bx_{key}.n5}}",
        "left": f"{{$bx_{key}.w3}}",
        "share": f"{{$bx_{key}.w1}}",
    }
    entries = {"w1": entry(f"={serves}", "count")}
    for column, number in _FIGURES.items():
        form = _FORMATS[column]
        entries[f"n{number}"] = entry(f'=IF({{.w1}}=0,"{NO_FIGURE}",{native[column]})', form)
        entries[f"e{number}"] = entry(named_answer(CALL, label, _ANSWERED[column], NO_FIGURE), form)
    return proof_row(f"br_{key}", label, "", entries)


def _worked_rows(listed: list[tuple[str, str]], months: int) -> list[Row]:
    """What the figures of a row are worked out from; 0 where a provider cannot serve."""
    head = heading_row("bx_heading", "Cost, months that the funding lasts, share of the data", COLUMNS)
    titles = ("Until first model", "Whole months paid", "Spent in them, USD", "Next month, USD", "Months it lasts")
    more = {"w1": "Data's share", "w2": "Until first model, USD", "w3": "Left"}
    named = {f"n{at}": text for at, text in enumerate(titles, start=1)} | more
    headings = {column: Entry(text, "total_text") for column, text in named.items()}
    rows = [Row(head.id, {**head.entries, **headings})]
    counter, active, rate = (over(row, months) for row in ("cal_counter", "cal_active", driver_id("money.fx")))
    following = "MIN({.n2}+1,{$cal_active.total})"
    funding, first_model = value_of("barrier.funding"), value_of("barrier.months")
    for key, label in listed:
        cost, spent = (over(f"{part}_{key}", months) for part in ("bw", "bs"))
        formulas = {
            "n1": (f"=SUMPRODUCT(({counter}<={first_model})*{cost})", "money"),
            "n2": (f"=SUMPRODUCT(({spent}<={funding})*{active})", "count"),
            "n3": (f"=IF({{.n2}}=0,0,INDEX({spent},MAX(1,{{.n2}})))", "money"),
            "n4": (f"=INDEX({cost},{following})/INDEX({rate},{following})", "money"),
            "n5": (f'=IF({{.n4}}=0,"{NO_LIMIT}",{{.n2}}+({funding}-{{.n3}})/{{.n4}})', "number"),
            "w2": (f"=SUMPRODUCT(({counter}<={first_model})*{cost}/{rate})", "money"),
            "w3": (f"=({funding}-{{.w2}})*INDEX({rate},{first_model})", "money"),
            "w1": ("=IF({.n1}+{$barrier_gpus.n1}=0,0,{.n1}/({.n1}+{$barrier_gpus.n1}))", "share"),
        }
        entries = {column: entry(text, form) for column, (text, form) in formulas.items()}
        rows.append(Row(f"bx_{key}", {"label": Entry(label), **entries}))
    return rows
