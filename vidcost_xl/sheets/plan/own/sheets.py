"""The sheet Own: an own data centre by native formulas; and its rows by the function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.chart_layout import MONEY_AXIS, SeriesChart
from vidcost_xl.sheets.layout.grid import Heading, Line, month, rows
from vidcost_xl.sheets.layout.sheet_layout import Column, Row, SheetLayout
from vidcost_xl.sheets.plan.functions_sheet import FunctionRows
from vidcost_xl.sheets.plan.model_rows import row_id
from vidcost_xl.sheets.plan.own.lines import declared, format_of, own_lines
from vidcost_xl.sheets.plan.own.said import SHOWN, said_lines
from vidcost_xl.sheets.plan.row_names import Block, value_of
from vidcost_xl.sheets.plan.spilled import Spilled, spilled_rows
from vidcost_xl.sheets.plan.time_sheet import MONTHS_ON_A_PAGE, time_sheet

SHEET: Final = "Own"

#: Names of a representation, class and meter stand in one label.
LABEL_WIDTH: Final = 66.0
#: Rows that the chart spans.
CHART_ROWS: Final = 20
_MONEY: Final = f"={value_of('money.currency')}"

#: Where the left chart ends, the right one begins and ends, and print ends, on a page with its labels repeated.
_BESIDE_LABELS: Final = ("unit", "constant", month(3), month(3))
#: The first row of money over time, behind the workings.
MONEY_STARTS: Final = "own_drives_cost_heading"
#: Cumulative costs that are compared: key, label, row of the cloud, row of the own site.
_BREAKS: Final = (
    ("cash", "cash", "own_cloud_sum", "own_cash_sum"),
    ("present", "cash discounted", "own_cloud_present", "own_cash_present"),
    ("pnl", "profit and loss after interest", "own_cloud_sum", "own_pnl_sum"),
)


@dataclass(frozen=True)
class Compared:
    """A row that Checks compares month by month.

    Parameters
    ----------
    key : str
        Part of the row id.
    native, engine : str
        Row ids.
    is_small : bool
        Whether a difference below the tolerance of money could be all of it.
    """

    key: str
    label: str
    native: str
    engine: str
    is_small: bool


def compared_rows(plan: Plan) -> list[Compared]:
    """Every row of the model on the sheet Own, with its row by the function."""
    small = {"own.loss_share", "own.loss_gb"}
    return [
        Compared(row_id(row.id), f"Own site: {row.label}", row_id(row.id), f"eo_{row_id(row.id)}", row.id in small)
        for row in declared(plan)
    ]


def own_sheet(plan: Plan, first: str, last: str) -> SheetLayout:
    """The sheet Own.

    Parameters
    ----------
    first, last : str
        Keys of the first and the last line of the bill.
    """
    months = plan.integer("calendar.months")
    about = (
        "The plan with an own data centre: the cloud bill goes on until the data have moved. Reporting currency, costs "
        "positive. Lines priced by the plan (GPU time, proxies, event log) are the same on both sides."
    )
    block = [*_headline(months), *_marks(plan), *own_lines(plan, first, last)]
    sheet = time_sheet(SHEET, "Own data centre against the cloud", about, block, months, is_result=True)
    return _with_chart(sheet, months)


def own_functions(plan: Plan) -> tuple[tuple[FunctionRows, ...], Mapping[str, str]]:
    """The rows of Own by the function, the answer that they are looked up in, and their workbook names."""
    months = plan.integer("calendar.months")
    answer, keys = _answer(plan), [row_id(row.id) for row in declared(plan)]
    names = {
        "own_forecast_ids": answer.found_ids,
        "own_id": f"{{eo_{keys[0]}.note:eo_{keys[-1]}.note}}",
        "own_label": f"{{eo_{keys[0]}.label:eo_{keys[-1]}.label}}",
    }
    return (FunctionRows(rows(_engine_lines(plan), months)), spilled_rows(answer, months)), names


def _headline(months: int) -> Block:
    last = month(months)

    def figure(key: str, label: str, unit: str, formula: str, note: str = "", form: str = "money") -> Line:
        return Line(f"own_s_{key}", label, unit, constant=formula, note=note, format=form)

    lines: Block = [Heading("own_headline", "Headline")]
    for key, label, _, _ in _BREAKS:
        lines.append(
            figure(
                f"break_{key}",
                f"Break-even, {label}",
                "month of the plan",
                f'=IF({{own_at_{key}!}}=0,"none",{{own_at_{key}!}})',
                f'=IF({{own_at_{key}!}}=0,"none: the own site has cost more at the end","from then on the own site has '
                'cost less")',
                "count",
            )
        )
    lines += [
        figure("cloud", "The plan in the cloud, all months", _MONEY, "={own_cloud.total}", "whole plan"),
        figure("own", "The plan with an own site, cash", _MONEY, "={own_cash.total}", "whole plan"),
        figure("saved", "Saved by the own site, cash", _MONEY, "={own_s_cloud!}-{own_s_own!}", "whole plan"),
        figure(
            "ahead",
            "Most spent ahead on the own site, cash",
            _MONEY,
            "=MAX(0,SUMPRODUCT(MAX({own_cash_sum*}-{own_cloud_sum*})))",
            "before the savings",
        ),
        figure("site", "The site, a month", _MONEY, f"={{own_site_cost.{last}}}", "last month: without the move"),
        figure(
            "tb",
            "The site, a TB and month",
            f'{_MONEY}&" per TB-month"',
            f'=IF({{own_held_tb.{last}}}=0,"nothing held",{{own_site_cost.{last}}}/{{own_held_tb.{last}}})',
            "last month: depreciation and running",
            "cents",
        ),
        figure("capital", "Cost of capital, a month", _MONEY, f"={{own_interest.{last}}}", "last month: apart"),
        figure(
            "left",
            "Book value and deposits at the end, not counted as saved",
            _MONEY,
            "={own_book_close.total}+{own_prepaid_close.total}",
        ),
        figure(
            "loss",
            "Data expected to be lost in a year",
            "GB (10^9 bytes)",
            f"={{own_loss_gb.{last}}}",
            "last month: drives that fail independently",
            "small_amount",
        ),
        figure(
            "hours",
            "Hours of an experiment",
            "hours",
            f'=IF({{speed_hours.{last}}}=0,"not given",{{speed_hours.{last}}})',
            '=IF(ISNUMBER({own_s_hours!}),"last month: the slower of link and GPUs",'
            '"give limits.link_gbps or limits.gpus on Inputs")',
            "tenths",
        ),
        figure("wait", "Memo: waiting for data", _MONEY, "={speed_wait_cost.total}", "in no total; wait.on on Inputs"),
    ]
    return lines


def _marks(plan: Plan) -> Block:
    lines: Block = [Heading("own_breaks", "Break-even: the months in which the own site has cost more to date")]
    for key, label, cloud, own in _BREAKS:
        lines += [
            Line(
                f"own_dearer_{key}",
                f"The own site has cost more, {label}",
                "flag",
                f"=--({{{own}}}-{{{cloud}}}>tolerance_money+tolerance*ABS({{{cloud}}}))",
                format="count",
                total="sum",
            ),
            Line(
                f"own_at_{key}",
                f"Month after the last of them, {label}; 0 when that is the end of the plan",
                "month",
                format="count",
                constant=f"=(INDEX({{own_dearer_{key}*}},{value_of('calendar.months')})=0)*(SUMPRODUCT(MAX({{own_dearer_{key}*}}*{{cal_counter*}}))+1)",
            ),
        ]
    lines += said_lines(plan)
    return lines


def _with_chart(sheet: SheetLayout, months: int) -> SheetLayout:
    at = next(index for index, row in enumerate(sheet.rows) if row.id == "own_breaks")
    band = tuple(Row(f"own_chart_{line}") for line in range(CHART_ROWS))

    def series(key: str) -> tuple[str, str]:
        return f"{{{key}.label}}", f"{{{key}.{month(1)}:{key}.{month(months)}}}"

    def chart(title: str, axis: str, lines: tuple[str, ...], left: str, right: str, mark: str = "") -> SeriesChart:
        return SeriesChart(
            title=title,
            axis=axis,
            kind="lines",
            labels=f"{{own_axis_end.{month(1)}:own_axis_end.{month(months)}}}",
            series=tuple(series(key) for key in lines),
            marks=(series(mark),) if mark else (),
            top=band[0].id,
            bottom=band[-1].id,
            left=left,
            right=right,
        )

    # Where pages stand side by side the labels are repeated, and fewer months fit beside them.
    is_one = months <= MONTHS_ON_A_PAGE
    half, begin, end, last = (month(3), month(4), month(11), month(months)) if is_one else _BESIDE_LABELS
    charts = (
        chart(
            "Cloud against own site: cumulative cash",
            MONEY_AXIS,
            ("own_cloud_sum", SHOWN),
            "label",
            half,
            "own_mark",
        ),
        chart(
            "Cost of a month, profit and loss",
            f"{MONEY_AXIS}, a month",
            ("own_cloud", "own_pnl_all"),
            begin,
            end,
        ),
    )
    prints = (
        f"{{own_title.label:{band[-1].id}.{last}}}",
        f"{{{MONEY_STARTS}.label:{sheet.rows[-1].id}.{month(months)}}}",
    )
    wide = tuple(Column(each.key, LABEL_WIDTH) if each.key == "label" else each for each in sheet.columns)
    return replace(sheet, columns=wide, rows=(*sheet.rows[:at], *band, *sheet.rows[at:]), charts=charts, prints=prints)


def _answer(plan: Plan) -> Spilled:
    return Spilled(
        "of",
        "The own site, rows of the model down and months across",
        'VIDEO_OWN(plan,"monthly",changes)',
        len(declared(plan)) + 1,
        1,
        "own_id",
        "own_label",
        tuple(format_of(row) for row in declared(plan)),
    )


def _engine_lines(plan: Plan) -> Block:
    lines: Block = [Heading("eo_heading", "The own site: each row of the model, from the answer of VIDEO_OWN below")]
    answer = _answer(plan).in_month
    for row in declared(plan):
        native = row_id(row.id)
        lines.append(
            Line(
                f"eo_{native}",
                f"={{${native}.label}}",
                f"={{${native}.unit}}",
                f"=INDEX({answer},{{eo_{native}!}})",
                constant="=MATCH({$.note},own_forecast_ids,0)",
                note=row.id.removeprefix("own."),
                format=format_of(row),
            )
        )
    return lines
