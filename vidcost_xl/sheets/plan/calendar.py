"""The sheet Calendar: the time axis of the workbook, and every input that may differ by month."""

from __future__ import annotations

from vidcost_xl.model.catalogue import catalogue, spec_key
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import Heading, Line
from vidcost_xl.sheets.plan.row_names import Block, driver_id, label_of, value_of

SHEET = "Calendar"

#: Label of the row that counts the months.
COUNTER = "Month of the plan"

_DRIVER = (
    "=IF(COUNTIFS(ch_key,{{$.note}},ch_from,{{cal_begun}},ch_to,{{cal_lasting}})=0,{{{id}!}},"
    "SUMIFS(ch_new,ch_key,{{$.note}},ch_from,{{cal_begun}},ch_to,{{cal_lasting}})+0*{{{id}!}})"
)
#: The value of Inputs; none where a line of Changes is impossible, so that no month has one.
_BASE = "=IF(SUMIFS(ch_fault,ch_key,{{$.note}})=0,{value},NA())"


def calendar_lines(plan: Plan) -> Block:
    """The rows of the sheet."""
    lines: Block = [
        Heading("cal_heading", "Time axis"),
        Line(
            "cal_start",
            "First day",
            "date",
            "=EDATE({cal_first!},{cal_counter}-1)",
            format="date",
            note="of the month",
        ),
        Line("cal_first", "First month of the plan", "date", constant=_FIRST, format="date", note="calendar.start"),
        Line("cal_end", "Last day", "date", "=EOMONTH({cal_start},0)", format="date", note="of the month"),
        Line(
            "cal_begun",
            "Criterion: a change has begun",
            "text",
            '=IF(ISNUMBER({cal_end}),"<="&{cal_end},"no date")',
            note="first day in Changes",
        ),
        Line(
            "cal_lasting",
            "Criterion: a change still holds",
            "text",
            '=IF(ISNUMBER({cal_end}),">="&{cal_end},"no date")',
            note="last day in Changes",
        ),
        Line("cal_counter", COUNTER, "number", "={cal_counter<}+1", start=0, format="count"),
        Line(
            "cal_active",
            "In the plan",
            "flag",
            f"=--({{cal_counter}}<={value_of('calendar.months')})",
            format="count",
            note="calendar.months",
            total="sum",
        ),
        Line(
            "cal_fiscal_month",
            "Month of the fiscal year, from 0",
            "number",
            f"=MOD(MONTH({{cal_start}})-{value_of('calendar.fiscal_year_start')},months_per_year)",
            format="count",
        ),
        Line(
            "cal_next_year",
            "Whether the fiscal year ends in the next year",
            "flag",
            f"=({value_of('calendar.fiscal_year_start')}>1)*(MONTH({{cal_start}})>="
            f"{value_of('calendar.fiscal_year_start')})",
            format="count",
        ),
        Line(
            "cal_year",
            "Fiscal year, named by the year in which it ends",
            "text",
            '="FY"&(YEAR({cal_start})+{cal_next_year})',
            format="general",
        ),
        Line(
            "cal_quarter",
            "Fiscal quarter",
            "text",
            '={cal_year}&" Q"&(INT({cal_fiscal_month}/months_per_quarter)+1)',
            format="general",
        ),
        Line(
            "cal_escalation",
            "List prices, escalated",
            "factor",
            f"=(1+{value_of('money.escalation')})^(({{cal_counter}}-1)/months_per_year)",
            format="number",
            note="money.escalation",
        ),
        Heading("drivers_heading", "Inputs month by month: the value of Inputs, unless a line of Changes holds"),
    ]
    for key in plan.values:
        spec = catalogue()[spec_key(key)]
        if spec.monthly:
            row = driver_id(key)
            is_version = key.endswith(".versions")
            lines.append(
                Line(
                    row,
                    label_of(key, spec.label),
                    spec.unit,
                    _DRIVER.format(id=row),
                    constant=_BASE.format(value=value_of(key)),
                    start=f"=INDEX({{{row}*}},1)" if is_version else "",
                    note=key,
                    format="figure",
                )
            )
    return lines


_START = value_of("calendar.start")
_FIRST = f"=DATE(YEAR({_START}),MONTH({_START}),1)"
