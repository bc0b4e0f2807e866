"""The blocks of results on the sheet Actuals: by stage, to the year's end, the bridge, by month. All formulas."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from vidcost_xl.analysis.actuals import REASONS
from vidcost_xl.analysis.variance import money as in_units
from vidcost_xl.model.lines import STAGES
from vidcost_xl.sheets.compare.actuals.columns import (
    AMOUNTS,
    LABEL,
    REASON_KEYS,
    Range,
    across,
    block,
    money,
    remark,
    total,
)
from vidcost_xl.sheets.compare.actuals.standing import UNPLANNED, Standing
from vidcost_xl.sheets.layout.chart_layout import BridgeChart
from vidcost_xl.sheets.layout.sheet_layout import Entry, Formula, Row

#: Rows that the chart spans, and one below it.
CHART_ROWS: Final = 18
_SENTENCES: Final = 5

#: The bridge is drawn from 0 unless its steps are smaller than this share of it: nobody would see them.
_SMALL: Final = 0.25

_HEADINGS: Final = {"budget": "budget", "actual": "actual", "difference": "difference"}
_REASON_HEADINGS: Final = dict(zip(REASON_KEYS, REASONS, strict=True))

_CLOSED: Final = "of it closed months"
_APART: Final = "more (less -) than the budget"
_MONTHS_TOTAL: Final = "Total: budget of all months, the others of closed ones"
_INDENTED: Final = frozenset({_CLOSED, _APART})

#: Columns of the forecast: the whole plan, then its fiscal years.
_YEARS: Final = AMOUNTS[1:]


def by_stage(standing: Standing, table: Range, notes: Mapping[str, str]) -> list[Row]:
    """Closed months by stage, with the difference taken apart."""
    present = {record.stage for record in standing.records if record.is_closed}
    stages = [stage for stage in (*STAGES, UNPLANNED) if stage in present]
    rows = [
        Row(
            f"act_stage_{at}",
            {
                "month": Entry(stage),
                **money({key: "=" + table.sums(key, "stage", "{.month}", "closed", "1") for key in AMOUNTS}),
                "note": remark(notes.get(stage, "")),
            },
        )
        for at, stage in enumerate(stages, start=1)
    ]
    first, last = rows[0].id, rows[-1].id
    sums = money({key: f"=SUM({{{first}.{key}:{last}.{key}}})" for key in AMOUNTS}, "total")
    heading = block("act_stages", "Closed months, by stage", {**_HEADINGS, **_REASON_HEADINGS, "note": "note"})
    return [heading, *rows, total("act_total", "Total", sums)]


def sentences(standing: Standing) -> list[Row]:
    """The reasons that matter; always as many rows, so that what is below stays where it is."""
    texts = [*standing.sentences, *[""] * _SENTENCES][:_SENTENCES]
    return [
        block("act_why", "The five reasons that matter", {}),
        *(across(f"act_why_{at}", text) for at, text in enumerate(texts, start=1)),
    ]


def to_year_end(standing: Standing, table: Range) -> list[Row]:
    """Budget, actual to date and two forecasts, of the plan and of each fiscal year."""
    years = list(dict.fromkeys(standing.fiscal_years))
    columns = ("budget", *_YEARS[: len(years)])
    heads = {"budget": "whole plan", **dict(zip(_YEARS, years, strict=False))}

    def each(key: str, label: str, text: str, whole: str = "", style: str = "number") -> Row:
        # `@` in a formula is the column's own key.
        formulas = {
            column: (text if column != "budget" or not whole else whole).replace("@", column) for column in columns
        }
        entries = money(formulas, style)
        return (
            Row(key, {"month": Entry(label, "text_indent" if label in _INDENTED else "text"), **entries})
            if style == "number"
            else total(key, label, entries, (*LABEL, *columns))
        )

    head = "{$act_year.@}"
    rest = "{act_year_budget.@}-{act_year_closed.@}"
    pace = Row(
        "act_year_pace",
        {
            "month": Entry("Actual ÷ budget, all closed months"),
            "budget": Entry(
                Formula('=IF({act_year_closed.budget}=0,"n/a",{act_year_actual.budget}/{act_year_closed.budget})'),
                "number",
                "share2",
            ),
        },
    )
    run = '=IF(ISNUMBER({$act_year_pace.budget}),{act_year_actual.@}+{act_year_rest.@}*{$act_year_pace.budget},"n/a")'
    apart = '=IF(ISNUMBER({act_year_run.@}),{act_year_run.@}-{act_year_budget.@},"n/a")'
    return [
        block("act_year", "To the year's end, actual where closed", heads),
        each("act_year_budget", "Budget", "=" + table.sums("budget", "year", head), f"=SUM({table['budget']})"),
        each(
            "act_year_closed",
            _CLOSED,
            "=" + table.sums("budget", "year", head, "closed", "1"),
            "=" + table.sums("budget", "closed", "1"),
        ),
        each("act_year_actual", "Actual to date", "=" + table.sums("actual", "year", head), f"=SUM({table['actual']})"),
        each("act_year_rest", "Budget of the months still open", f"={rest}"),
        each(
            "act_year_plan",
            "Forecast: actual to date + budget of the rest",
            "={act_year_actual.@}+{act_year_rest.@}",
            style="total",
        ),
        each("act_year_apart", _APART, "={act_year_plan.@}-{act_year_budget.@}"),
        pace,
        each("act_year_run", "At the pace so far: actual to date + budget of the rest x that", run, style="total"),
        each("act_year_run_apart", _APART, apart),
    ]


def bridge(standing: Standing) -> tuple[list[Row], BridgeChart]:
    """From the budget to the actual of the closed months, step by step, with its chart."""
    band = [Row(f"act_chart_{line}") for line in range(1, CHART_ROWS + 1)]
    names = {"budget": "amount", "actual": "total after", "difference": "not drawn"}
    names |= dict(zip(REASON_KEYS, ("total", "adverse", "favourable", "in the chart"), strict=False))
    said = REASON_KEYS[3]
    first_sum, *reasons, last_sum = standing.sums()
    rows = [_end("act_step_budget", "Budget", "={act_total.budget}", first_sum)]
    for key, name, cents in zip(REASON_KEYS, REASONS, reasons, strict=True):
        before = rows[-1].id
        formulas = {
            "budget": f"={{act_total.{key}}}",
            "actual": f"={{{before}.actual}}+{{.budget}}",
            "difference": f"=MIN({{{before}.actual}},{{.actual}})",
            REASON_KEYS[1]: "=MAX(0,{.budget})",
            REASON_KEYS[2]: "=MAX(0,-{.budget})",
        }
        rows.append(Row(f"act_step_{key}", {"month": Entry(name), **money(formulas), said: _said(name, cents, "+")}))
    rows.append(_end("act_step_actual", "Actual", "={act_total.actual}", last_sum))
    first, last = rows[0].id, rows[-1].id
    lowest = _lowest(standing.sums())
    begins = f", from {lowest:,.0f}" if lowest else ""
    chart = BridgeChart(
        title="From budget to actual, closed months",
        axis=f"{standing.currency}{begins}",
        labels=f"{{{first}.{said}:{last}.{said}}}",
        under=f"{{{first}.difference:{last}.difference}}",
        series=tuple((f"{{act_steps.{key}}}", f"{{{first}.{key}:{last}.{key}}}") for key in REASON_KEYS[:3]),
        top=band[0].id,
        bottom=band[-2].id,
        left="month",
        right="not_incurred",
        format="money",
        lowest=lowest,
    )
    return [*band, block("act_steps", "From budget to actual", names, left=(said,)), *rows], chart


def _end(key: str, label: str, amount: str, cents: int) -> Row:
    sums = money({"budget": amount, "actual": "={.budget}", REASON_KEYS[0]: "={.budget}"}, "total")
    columns = (*LABEL, *AMOUNTS)
    return total(key, label, {**sums, REASON_KEYS[3]: _said(label, cents, "", "total_text")}, columns)


def _said(name: str, cents: int, sign: str, style: str = "text_indent") -> Entry:
    # The amount stands in the label: on a bar that is a sliver, or grey on grey, it could not be read. A text, as the
    # amounts are values: formulas write thousands in each language otherwise.
    return Entry(f"{name} {round(in_units(cents)):{sign},}" if cents else f"{name} -", style)


def _lowest(sums: Sequence[int]) -> float | None:
    """Where the axis of the bridge begins; None for 0."""
    ends = [sums[0]]
    for reason in sums[1:-1]:
        ends.append(ends[-1] + reason)
    least, most = in_units(min(ends)), in_units(max(ends))
    span = most - least
    if span <= 0 or least <= 0 or span > _SMALL * most:
        return None
    step = 10.0 ** math.floor(math.log10(span))
    return max(0.0, math.floor((least - span / 2) / step) * step) or None


def by_month(standing: Standing, table: Range, notes: Mapping[str, str]) -> list[Row]:
    """Every month of the plan; those that are open have a budget alone."""
    rows = []
    for at, month in enumerate(standing.months, start=1):
        is_closed = at <= standing.closed
        keys = AMOUNTS if is_closed else ("budget",)
        rows.append(
            Row(
                month_row(at),
                {
                    "month": Entry(month, "text", "axis_month"),
                    "year": Entry(standing.fiscal_years[at - 1]),
                    **money({key: "=" + table.sums(key, "month", "{.month}") for key in keys}),
                    "closed": Entry(int(is_closed), "constant_black", "closed"),
                    "note": remark(notes.get(f"{month:%Y-%m}", "")),
                },
            )
        )
    first, last = rows[0].id, rows[-1].id
    sums = money({key: f"=SUM({{{first}.{key}:{last}.{key}}})" for key in AMOUNTS}, "total")
    head = {**_HEADINGS, **_REASON_HEADINGS, "closed": "closed", "note": "note"}
    return [block("act_months", "By month", head), *rows, total("act_month_total", _MONTHS_TOTAL, sums)]


def month_row(at: int) -> str:
    """Id of the row of a month, from 1."""
    return f"act_month_{at}"
