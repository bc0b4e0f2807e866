"""The bill by the functions, and the sheet Costs: the one chosen."""

from __future__ import annotations

from typing import Final

from vidcost_xl.sheets.layout.grid import Heading, Line
from vidcost_xl.sheets.plan.accounts import account_of, center_of
from vidcost_xl.sheets.plan.bill.forecast import forecast
from vidcost_xl.sheets.plan.bill.possible_lines import PossibleLine
from vidcost_xl.sheets.plan.line_sheet import of
from vidcost_xl.sheets.plan.row_names import Block, engine_or_native, value_of

COSTS: Final = "Costs"

#: What its columns hold, where another sheet over time has a note and a constant.
COST_HEADINGS: Final = {"note": "Account or note", "constant": "Stage, figure"}


def engine_lines(possible: list[PossibleLine]) -> Block:
    """The row of every line in the answer of the functions.

    Parameters
    ----------
    possible : list of PossibleLine
        With the derived ones.
    """
    lines: Block = [Heading("e_heading", "The bill: amount of each line, from the answer of VIDEO_FORECAST below")]
    currency, answer = f"={value_of('money.currency')}", forecast(len(possible)).in_month
    # At least 1, though a line that is not billed stops before: what is looked up is then a row for certain.
    for line in possible:
        key = line.key
        lines.append(
            Line(
                f"e_{key}",
                f"={of(key, 'label')}",
                currency,
                f"=IF({{e_{key}!}}*{{cal_active}}=0,0,INDEX({answer},MAX(1,{{e_{key}!}})))",
                constant=f"=IF({of(key, 'used')}=0,0,MATCH({of(key, 'id')},forecast_ids,0))",
                total="sum",
                note=f"={of(key, 'id')}",
                format="money",
            )
        )
    first, last = possible[0].key, possible[-1].key
    lines += [
        Line(
            "e_total",
            "Total",
            currency,
            f"=SUM({{e_{first}:e_{last}}})",
            total="sum",
            format="money",
            style="total",
            text_style="total_text",
        ),
        Line(
            "e_all",
            "Total of the answer",
            currency,
            f"=IF({{cal_active}}=0,0,INDEX({answer},{{e_all!}}))",
            constant='=MATCH("total",forecast_ids,0)',
            total="sum",
            format="money",
        ),
    ]
    return lines


def stage_lines(possible: list[PossibleLine], stages: tuple[str, ...]) -> Block:
    """The bill by stage, and its total.

    Parameters
    ----------
    possible : list of PossibleLine
        With the derived ones.
    """
    currency = f"={value_of('money.currency')}"
    first, last = possible[0].key, possible[-1].key
    column = f"{{k_{first}:k_{last}}}"
    lines: Block = [Heading("k_stages", "By stage")]
    for stage in stages:
        lines.append(
            Line(
                f"ks_{stage}",
                stage.capitalize(),
                currency,
                f"=SUMIFS({column},all_stage,{{$.constant}})",
                constant=stage,
                total="sum",
                note="=INDEX(stage_account,MATCH({$.constant},stage_id,0))",
                format="money",
            )
        )
    # SUM skips texts: a line that is no number must not make the total smaller.
    lines.append(
        Line(
            "k_total",
            "Total",
            currency,
            f"=IF(COUNT({column})=ROWS({column}),SUM({column}),NA())",
            total="sum",
            format="money",
            style="total",
            text_style="total_text",
        )
    )
    return lines


def cost_lines(possible: list[PossibleLine]) -> Block:
    """The bill by line, from the functions or the native formulas.

    Parameters
    ----------
    possible : list of PossibleLine
        With the derived ones.
    """
    currency = f"={value_of('money.currency')}"
    lines: Block = [Heading("k_lines", "By line")]
    for line in possible:
        key = line.key
        lines.append(
            Line(
                f"k_{key}",
                f"={of(key, 'label')}",
                currency,
                engine_or_native(f"{{e_{key}}}", f"{{a_{key}}}"),
                constant=f"={of(key, 'stage')}",
                total="sum",
                note=f'={account_of(key)}&" / "&{center_of(key)}',
                format="money",
            )
        )
    return lines
