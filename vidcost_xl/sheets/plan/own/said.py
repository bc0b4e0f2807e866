"""What Summary and the charts say of the own site, where it is compared with."""

from __future__ import annotations

from typing import Final

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import Line
from vidcost_xl.sheets.plan.bill.routes import flag, numbers
from vidcost_xl.sheets.plan.row_names import Block, value_of

#: The own site's cumulative cash as charts draw it: along the axis where it is not compared, or not priced right.
SHOWN: Final = "own_shown"
_MONEY: Final = f"={value_of('money.currency')}"
_PRICED: Final = "1-ISERROR({$own_cash.total})*ISNUMBER({$n_total.total})"
_IS_COMPARED: Final = f'{value_of("own.compare")}="yes"'


def said_lines(plan: Plan) -> Block:
    """A sentence, the line of the chart, and the column of its break-even."""
    kept = [f"({{representation_{n}_provider1!}}={{rt_exit_provider!}})" for n in numbers(plan)]
    kept.append("{checkpoints!}*(INDEX(class_provider,{checkpoint_row!})={rt_exit_provider!})")
    return [
        Line(
            "own_said",
            "What the summary says of it",
            "text",
            constant=f'=IF({_IS_COMPARED},{{own_stands!}},"It is not compared with an own site.")',
            format="general",
        ),
        Line(
            "own_stands",
            "What is said of it where it is compared",
            "text",
            constant="=IF({own_leaves!}=0,{own_astray!},{own_pays!})",
            format="general",
        ),
        flag("own_leaves", "Whether the way out leaves a provider that stores something", f"--({'+'.join(kept)}>0)"),
        Line(
            "own_astray",
            "What is said where it does not",
            "text",
            constant=f'="An own site is not priced right: "&{value_of("exit.route")}&" leaves a provider that stores '
            'nothing. Write the way out on Drivers."',
            format="general",
        ),
        Line(
            "own_pays",
            "Whether it pays, in words",
            "text",
            constant='=IF({own_at_cash!}=0,"An own site does not pay within the plan.",{own_from!})',
            format="general",
        ),
        Line(
            "own_from",
            "The month of it, in words",
            "text",
            constant='="An own site has cost less to date from month "&{own_at_cash!}&" of the plan."',
            format="general",
        ),
        flag("own_priced", "Whether the own site has prices; yes where the plan's own bill fails", _PRICED),
        flag(
            "own_compared",
            "Whether the plan is compared with it, along its own way out",
            f"({_IS_COMPARED})*{{own_leaves!}}",
        ),
        Line(
            SHOWN,
            '=IF({own_compared!}=1,"Own site, cumulative cash","An own site is not compared")',
            _MONEY,
            "={own_compared!}*{own_cash_sum}",
            format="money",
            note="the line on the chart",
        ),
        Line(
            "own_no_mark",
            "What the chart says where it has no break-even",
            "text",
            constant='=IF({own_compared!}=1,"No break-even within the plan","Not compared")',
            format="general",
        ),
        Line(
            "own_mark",
            '=IF({own_at_cash!}*{own_compared!}=0,{own_no_mark!},"Break-even: month "&{own_at_cash!})',
            _MONEY,
            "=({cal_counter}={own_at_cash!})*{own_compared!}*{own_cash_sum}",
            format="money",
            note="the column on the chart",
        ),
    ]
