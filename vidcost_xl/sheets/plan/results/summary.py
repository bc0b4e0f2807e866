"""The sheet Summary: headline, the monthly stack, quarters and fiscal years, charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from vidcost_xl.areas import Address
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.catalogue import PRESETS
from vidcost_xl.model.files import preset
from vidcost_xl.model.ledger import ACCOUNTS
from vidcost_xl.model.lines import STAGES
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.addresses import Addresses
from vidcost_xl.sheets.layout.chart_layout import SeriesChart
from vidcost_xl.sheets.layout.grid import Heading, Line, month
from vidcost_xl.sheets.layout.sheet_layout import Row, SheetLayout
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.plan.bill.routes import numbers
from vidcost_xl.sheets.plan.row_names import Block, driver, driver_id, value_of
from vidcost_xl.sheets.plan.time_sheet import time_sheet

SHEET: Final = "Summary"

#: Rows that a chart spans.
CHART_ROWS: Final = 19

CUMULATIVE: Final = "Cumulative cost"

#: The row of the headline with the total over all months.
WHOLE_COST: Final = "Cost of the whole plan"

_GROUPS: Final[Mapping[str, str]] = {
    "account.storage": "Storage",
    "account.transfer": "Transfer",
    "account.compute": "Compute",
    "account.support": "Support",
}
_CURRENCY: Final = f"={value_of('money.currency')}"


def summary_sheet(plan: Plan) -> SheetLayout:
    """The sheet."""
    months = plan.integer("calendar.months")
    about = (
        "Reporting currency, costs positive. The engine chosen on Inputs feeds all but the presets, which are stamped."
    )
    sheet = time_sheet(
        SHEET, "Summary", about, [*_headline(plan), *_stack(), *_periods(months), *_presets(plan)], months
    )
    return _with_charts(sheet, months, plan.text("money.currency"))


def _headline(plan: Plan) -> Block:
    stored = "+".join(f"{{representation_{n}_stored.total}}" for n in numbers(plan))

    def figure(key: str, label: str, formula: str, note: str, form: str = "money") -> Line:
        return Line(f"s_{key}", label, _CURRENCY, constant=formula, note=note, format=form)

    total = "{k_total.total}"
    return [
        Heading("s_headline", "Headline"),
        figure("average", "Cost of an average month", f"={total}/{{cal_active.total}}", "all stages"),
        figure("whole", WHOLE_COST, f"={total}", "all months"),
        figure("peak", "Cost of the dearest month", "=MAX({k_total*})", ""),
        figure(
            "video",
            "Cost of a video kept, a month",
            f"=IF(SUM({{dataset_closing*}})=0,0,{total}/SUM({{dataset_closing*}}))",
            "all costs over video-months",
            "small_number",
        ),
        figure("experiment", "Cost of an experiment", _EXPERIMENT, "all costs over all experiments"),
        Line(
            "s_experiments",
            "Experiments in the plan",
            "experiments",
            constant=f"=SUM({{{driver_id('train.experiments')}*}})",
            format="compact",
        ),
        figure(
            "tb",
            "Cost of a TB stored, a month",
            f"=IF({{s_stored!}}=0,0,{total}/{{s_stored!}})",
            "all costs over TB-months",
            "cents",
        ),
        Line("s_stored", "TB-months stored", "TB-months", constant=f"=({stored})/bytes_per_tb", format="compact"),
    ]


_EXPERIMENT: Final = "=IF({s_experiments!}=0,0,{k_total.total}/{s_experiments!})"


def _stack() -> Block:
    lines: Block = [Heading("s_stack", "Month by month, by stage")]
    lines += [
        Line(f"s_{stage}", stage.capitalize(), _CURRENCY, f"={{ks_{stage}}}", total="sum", format="money")
        for stage in STAGES
    ]
    lines += [
        Line(
            "s_total",
            "Total",
            _CURRENCY,
            "={k_total}",
            total="sum",
            format="money",
            style="total",
            text_style="total_text",
        ),
        Line(
            "s_cumulative", "Cumulative", _CURRENCY, "={s_cumulative<}+{s_total}", start=0, total="last", format="money"
        ),
        Heading("s_groups", "Month by month, by account"),
    ]
    for account, label in _GROUPS.items():
        mine = "+".join(f"{{s_{stage}}}" for stage in STAGES if ACCOUNTS[stage] == account)
        lines.append(
            Line(
                f"sg_{label.casefold()}",
                f"{label} accounts",
                _CURRENCY,
                f"={mine}",
                total="sum",
                format="money",
                note=f"={value_of(account)}",
            )
        )
    return lines


def _periods(months: int) -> Block:
    lines: Block = []
    for key, label, row, length, offset in (
        (
            "quarter",
            "fiscal quarter",
            "cal_quarter",
            "months_per_quarter",
            f"MOD({{$cal_fiscal_month.{month(1)}}},months_per_quarter)",
        ),
        ("year", "fiscal year", "cal_year", "months_per_year", f"{{$cal_fiscal_month.{month(1)}}}"),
    ):
        lines += [
            Heading(f"s_{key}s", f"By {label}: a column each, from the left"),
            Line(
                f"s_{key}_at",
                f"First month of the {label} in the plan",
                "number",
                f"=MAX(1,({{cal_counter}}-1)*{length}+1-{offset})",
                format="count",
            ),
            Line(
                f"s_{key}_name",
                f"{label.capitalize()}",
                "text",
                f'=IF({{s_{key}_at}}>{{$cal_active.total}},"",INDEX({{{row}*}},{{s_{key}_at}}))',
                format="general",
            ),
        ]
        lines += [
            Line(
                f"s_{key}_{stage}",
                f"{stage.capitalize()}, {label}",
                _CURRENCY,
                f"=SUMPRODUCT({{s_{stage}*}}*({{{row}*}}={{s_{key}_name}}))",
                total="sum",
                format="money",
            )
            for stage in STAGES
        ]
        lines.append(
            Line(
                f"s_{key}_total",
                f"Total, {label}",
                _CURRENCY,
                f"=SUMPRODUCT({{s_total*}}*({{{row}*}}={{s_{key}_name}}))",
                total="sum",
                format="money",
                style="total",
                text_style="total_text",
            )
        )
    del months
    return lines


def _presets(plan: Plan) -> Block:
    months = plan.integer("calendar.months")
    lines: Block = [
        Heading("s_presets", "The two presets, stamped when the file was made: what the article leaves out")
    ]
    for name in PRESETS:
        asked = [("calendar.start", plan.values["calendar.start"]), ("calendar.months", months)]
        bill = evaluate(preset(name).with_overrides(asked))
        amounts = tuple(float(value) for value in bill.total[:, 0])
        lines += [
            Line(f"s_stamped_{name}", f"Preset {name}, as stamped", "USD", values=amounts, format="money"),
            Line(
                f"s_preset_{name}",
                f"Preset {name}",
                _CURRENCY,
                f"={{s_stamped_{name}}}*{driver('money.fx')}",
                format="money",
            ),
        ]
    return lines


def _with_charts(sheet: SheetLayout, months: int, currency: str) -> SheetLayout:
    # Charts stand between the headline and the figures they show.
    at = next(index for index, row in enumerate(sheet.rows) if row.id == "s_stack")
    bands = [[Row(f"s_chart{band}_{line}") for line in range(CHART_ROWS)] for band in range(2)]
    rows = (*sheet.rows[:at], *bands[0], *bands[1], *sheet.rows[at:])
    last = month(min(months, 7))

    def chart(title: str, kind: str, ids: list[str], band: int, is_left: bool) -> SeriesChart:
        left, right = ("label", "unit") if is_left else ("constant", last)
        return SeriesChart(
            title=title,
            axis=currency if title == CUMULATIVE else f"{currency} a month",
            kind="stacked" if kind == "stacked" else "lines",
            labels=f"{{summary_axis_end.{month(1)}:summary_axis_end.{month(months)}}}",
            series=tuple((f"{{{key}.label}}", f"{{{key}.{month(1)}:{key}.{month(months)}}}") for key in ids),
            top=bands[band][0].id,
            bottom=bands[band][-1].id,
            left=left,
            right=right,
        )

    charts = (
        chart("Cost by stage", "stacked", [f"s_{stage}" for stage in STAGES], 0, True),
        chart("Storage against transfer", "lines", ["sg_storage", "sg_transfer"], 0, False),
        chart(CUMULATIVE, "lines", ["s_cumulative"], 1, True),
        chart("The article against the complete bill", "lines", [f"s_preset_{name}" for name in PRESETS], 1, False),
    )
    return replace(sheet, rows=rows, charts=charts)


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
    figures = ("average", "whole", "peak", "video", "experiment", "tb")
    labels = {
        row.id: row.entries["label"].value
        for sheet in addresses.layout.sheets
        for row in sheet.rows
        if "label" in row.entries
    }
    rows += [[str(labels[f"s_{key}"]), value(f"s_{key}.constant")] for key in figures]
    rows += [[f"Stage {stage}, whole plan", value(f"ks_{stage}.total")] for stage in STAGES]
    rows.append(["Checks to look at", value("checks_master.flag")])
    return rows
