"""The sheet Summary: one page that tells what the plan costs, why, and what changes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vidcost_xl.analysis.levers import Lever, levers
from vidcost_xl.areas import Address
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.calendar import MONTHS_PER_YEAR
from vidcost_xl.model.catalogue import catalogue, entry_number, spec_key
from vidcost_xl.model.lines import STAGES
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.addresses import Addresses
from vidcost_xl.sheets.layout.chart_layout import MONEY_AXIS, Chart, SeriesChart
from vidcost_xl.sheets.layout.grid import month
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.plan.guards import FIRST, IMPOSSIBLE
from vidcost_xl.sheets.plan.levers_stamp import is_outdated, stamped
from vidcost_xl.sheets.plan.own.said import SHOWN
from vidcost_xl.sheets.plan.results.assumptions import assumption_rows
from vidcost_xl.sheets.plan.results.summary_rows import GROUPS, HEADLINE
from vidcost_xl.sheets.plan.row_names import MASTER, TITLE, rep, value_of

SHEET: Final = "Summary"

#: Key and width of the columns: figures on the left, words on the right.
_COLUMNS: Final = (
    *((key, 14.0) for key in ("a", "b", "c", "d", "e", "f")),
    ("gap", 2.0),
    ("h", 26.0),
    ("k", 14.0),
    ("i", 16.0),
    ("j", 16.0),
)

#: The headline: columns of each box, and the figure in it.
_BOXES: Final = (
    ("a", "b", "whole", "The whole plan", "money"),
    ("c", "d", "average", "An average month", "money"),
    ("e", "f", "peak", "The dearest month", "money"),
    ("h", "k", "tb", HEADLINE["tb"], "cents"),
    ("i", "j", "experiment", HEADLINE["experiment"], "money"),
)

#: Rows that a chart spans, and how many levers are shown.
_CHART_ROWS: Final = 17
MOST_LEVERS: Final = 5

LEVER_HEADINGS: Final = ("What changes it most, all else as planned", "at the low", "at the high")

_CURRENCY: Final = value_of("money.currency")
_COMPANY: Final = value_of("about.company")
_TITLE: Final = f'=IF({_COMPANY}="","What",{_COMPANY}&": what")&" the data of the video model cost"'
#: An input of a scenario that is none has no value, and the title says so.
_TITLE_IN_FORCE: Final = f'=IFERROR({_TITLE[1:]},"No plan")&{TITLE}'
#: What explains the bill, or why there is none.
_REASON: Final = f"=IF({IMPOSSIBLE}=0,{{s_reason.constant}},{FIRST})"
_BY: Final = value_of("about.prepared_by")
_VERSION: Final = value_of("about.version")
_COMMA: Final = f'IF(OR({_VERSION}="",{_BY}=""),"",", ")'
_PREPARED: Final = f'={_VERSION}&{_COMMA}&IF({_BY}="","","prepared by "&{_BY})'


def summary_sheet(
    plan: Plan, before: Mapping[str, float] | None = None, *, own: bool = True, scenarios: bool = False
) -> SheetLayout:
    """The sheet.

    Parameters
    ----------
    own, scenarios : bool
        Whether the workbook has an own site; the sheet Scenarios.
    before : mapping of str to float, optional
        The headline of the version before, by label.
    """
    months = plan.integer("calendar.months")
    band = tuple(Row(f"sum_chart_{at}") for at in range(_CHART_ROWS))
    rows = (
        *_head(_TITLE_IN_FORCE if scenarios else _TITLE),
        *_figures(before or {}, own=own),
        *band,
        *_tables(plan, months),
        *_assumed(plan),
    )
    return SheetLayout(
        name=SHEET,
        columns=tuple(Column(key, width) for key, width in _COLUMNS),
        rows=rows,
        last_frozen="sum_state",
        one_page=True,
        flags=("{sum_title.j:sum_title.j}",),
        charts=_charts(plan, months, band, own=own),
        outdated=((f"{{sum_year_1.i:sum_year_{MOST_LEVERS}.j}}", is_outdated("sum_stamped.h")),),
    )


def _head(title: str) -> tuple[Row, ...]:
    return (
        Row(
            "sum_title",
            {
                "a": Entry(Formula(title), "title"),
                "i": Entry("Checks of the workbook", "label_right"),
                "j": Entry(Formula(f"={MASTER}"), "flag", "flags"),
            },
            height=26,
        ),
        Row(
            "sum_state",
            {
                "a": Entry(Formula('={s_from.constant}&" to "&{s_to.constant}'), "subtitle"),
                "c": Entry(Formula(f'="in "&{_CURRENCY}'), "subtitle"),
                "d": Entry(Formula(_PREPARED), "subtitle"),
                "h": Entry(Formula("=source_text"), "subtitle"),
            },
        ),
        Row("sum_space", height=8),
    )


def _figures(before: Mapping[str, float], *, own: bool) -> tuple[Row, ...]:
    labels: dict[str, Entry] = {}
    values: dict[str, Entry] = {}
    olds: dict[str, Entry] = {}
    for left, right, key, label, form in _BOXES:
        labels[left], values[left] = Entry(label, "kpi_label"), Entry(Formula(f"={{s_{key}.constant}}"), "kpi", form)
        labels[right], values[right] = Entry("", "kpi_label"), Entry("", "kpi")
        if HEADLINE[key] in before:
            olds[left] = Entry(before[HEADLINE[key]], "kpi_label", f"{form}_before")
            olds[right] = Entry(Formula(f"={{sum_values.{left}}}-{{sum_before.{left}}}"), "kpi_label", f"{form}_change")
    return (
        Row("sum_labels", labels),
        Row("sum_values", values, height=24),
        *([Row("sum_before", olds)] if olds else []),
        Row("sum_space2", height=8),
        Row("sum_reason", {"a": Entry(Formula(_REASON), "said")}, height=18),
        *([Row("sum_own", {"a": Entry(Formula("={own_said.constant}"), "text")})] if own else []),
        Row("sum_space3", height=8),
    )


def _charts(plan: Plan, months: int, band: tuple[Row, ...], *, own: bool) -> tuple[Chart, ...]:
    def row(key: str) -> tuple[str, str]:
        return f"{{{key}.label}}", f"{{{key}.{month(1)}:{key}.{month(months)}}}"

    def chart(title: str, axis: str, kind: str, rows: tuple[str, ...], left: str, right: str) -> SeriesChart:
        return SeriesChart(
            title=title,
            axis=axis,
            kind="stacked" if kind == "stacked" else "lines",
            labels=f"{{costs_axis_end.{month(1)}:costs_axis_end.{month(months)}}}",
            series=tuple(row(key) for key in rows),
            marks=() if kind == "stacked" else (row("own_mark"),),
            top=band[0].id,
            bottom=band[-1].id,
            left=left,
            right=right,
        )

    stages = ("s_first", "s_second", "s_rest")
    if not own:
        return (chart("Cost by month", f"{MONEY_AXIS}, a month", "stacked", stages, "a", "j"),)
    return (
        chart("Cost by month", f"{MONEY_AXIS}, a month", "stacked", stages, "a", "f"),
        chart("Cloud against own site: cash to date", MONEY_AXIS, "lines", ("own_cloud_sum", SHOWN), "h", "j"),
    )


def _tables(plan: Plan, months: int) -> tuple[Row, ...]:
    years = _most_years(months)
    found = levers(plan)[:MOST_LEVERS]
    heads = ("Fiscal year", *GROUPS.values(), "Total")
    rows = [
        Row("sum_space4", height=8),
        Row(
            "sum_years",
            {
                **{
                    key: Entry(text, "heading" if at == 0 else "heading_right")
                    for at, (key, text) in enumerate(zip("abcdef", heads, strict=True))
                },
                "h": Entry(LEVER_HEADINGS[0], "heading"),
                "k": Entry("", "heading"),
                "i": Entry(LEVER_HEADINGS[1], "heading_right"),
                "j": Entry(LEVER_HEADINGS[2], "heading_right"),
            },
        ),
    ]
    for at in range(max(years, MOST_LEVERS)):
        entries: dict[str, Entry] = {}
        if at < years:
            entries["a"] = Entry(Formula(f"={{s_year_name.{month(at + 1)}}}"), "text")
            keys = [*(f"s_year_{group.casefold()}" for group in GROUPS.values()), "s_year_total"]
            for column, key in zip("bcdef", keys, strict=True):
                figure = Formula(f'=IF({{.a}}="","",{{{key}.{month(at + 1)}}})')
                entries[column] = Entry(figure, "number", "money")
        if at < MOST_LEVERS:
            shown = lever_values(plan, found[at]) if at < len(found) else ("", "", "")
            styles = (("text", None), ("constant", "change"), ("constant", "change"))
            entries |= {key: Entry(value, *look) for key, value, look in zip("hij", shown, styles, strict=True)}
        rows.append(Row(f"sum_year_{at + 1}", entries))
    rows.append(
        Row(
            "sum_stamped",
            {
                "h": Entry(Formula(stamped("sum_stamped.j")), "note"),
                "i": Entry("total then", "label_right"),
                "j": Entry(evaluate(plan).whole, "constant", "money"),
            },
        )
    )
    return tuple(rows)


def lever_values(plan: Plan, lever: Lever) -> tuple[str, float, float | str]:
    """A lever in words, and what the bill changes by at its ends; of a choice at the cheapest alone."""
    unit = catalogue()[spec_key(lever.key)].unit.split(" (")[0]
    label = _label(plan, lever.key)
    if not isinstance(lever.low, float) or not isinstance(lever.high, float):
        return f"{label}: {lever.low}", lever.at_low, ""
    shown = f"{_short(lever.low)} to {_short(lever.high)}"
    # A ratio has no unit, and the unit of videos is their name.
    if unit not in {"ratio", label.casefold()}:
        shown += f" {unit}"
    if unit.startswith("share"):
        shown = f"{lever.low:.0%} to {lever.high:.0%}{unit.removeprefix('share')}"
    return f"{label}: {shown}", lever.at_low, lever.at_high


def _label(plan: Plan, key: str) -> str:
    number, label = entry_number(key), catalogue()[spec_key(key)].label
    return label if number is None else f"{plan.text(rep(number, 'name'))}: {label[0].lower()}{label[1:]}"


def _short(value: float) -> str:
    return f"{value:,.6g}" if value < 1e6 else f"{value / 1e6:,.6g} million"


def _most_years(months: int) -> int:
    """Fiscal years that so many months can touch, wherever they start."""
    return (months + MONTHS_PER_YEAR - 2) // MONTHS_PER_YEAR + 1


def _assumed(plan: Plan) -> tuple[Row, ...]:
    return assumption_rows(plan, (key for key, _ in _COLUMNS if key != "gap"))


def plan_headline(addresses: Addresses, values: Mapping[Address, CellValue]) -> list[list[CellValue]]:
    """The headline and the stages of a computed workbook, for the command line.

    Parameters
    ----------
    values : mapping
        By (sheet, address).

    Returns
    -------
    list of rows
        With a header row; amounts in reporting currency.
    """

    def value(reference: str) -> CellValue:
        return values[addresses.key(reference)]

    rows: list[list[CellValue]] = [["in reporting currency", "amount"]]
    rows += [[label, value(f"s_{key}.constant")] for key, label in HEADLINE.items()]
    rows += [[f"Stage {stage}, whole plan", value(f"ks_{stage}.total")] for stage in STAGES]
    rows.append(["Checks to look at", value("checks_master.flag")])
    return rows
