"""Rows of Volumes: leaving a provider."""

from __future__ import annotations

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import Heading, Line
from vidcost_xl.sheets.plan.bill.holdings import holding_lines
from vidcost_xl.sheets.plan.bill.routes import chosen, flag, numbers
from vidcost_xl.sheets.plan.bill.staging import allowance_lines
from vidcost_xl.sheets.plan.row_names import Block, rep, value_of


def exit_lines(plan: Plan) -> Block:
    """Leaving: one move of everything out, and months in which all data are stored twice."""
    month = value_of("exit.month")
    stored = "+".join(f"{{representation_{n}_stored}}*{{representation_{n}_leaves!}}" for n in numbers(plan))
    train = f"({value_of('train.route')}={value_of('exit.route')})"
    fill = f"({value_of('staging.fill_route')}={value_of('exit.route')})"
    some = "+".join(f"{{representation_{n}_leaves!}}" for n in numbers(plan))
    lines: Block = [
        Heading("exit_heading", "Leaving a provider"),
        flag("leaving", "Whether the plan leaves", f"--({month}>0)"),
        flag(
            "checkpoint_leaves",
            "Whether checkpoints leave too",
            "{leaving!}*{checkpoints!}*(INDEX(class_provider,{checkpoint_row!})={rt_exit_provider!})",
        ),
        Line(
            "exit_ok",
            "Whether anything is stored there; #N/A when nothing is",
            "flag",
            format="count",
            constant=f"=IF({{leaving!}}*({some}+{{checkpoint_leaves!}}=0)=0,1,NA())",
        ),
        flag("exit_goes_billed", "Whether egress is billed", f'--({value_of("exit.waived")}="no")'),
        Line("exit_goes", "The month of the move", "flag", f"=--({{cal_counter}}={month})", format="count"),
        Line(
            "exit_runs",
            "Months stored at both providers",
            "flag",
            format="count",
            monthly=f"=({{cal_counter}}>={month})*({{cal_counter}}<{month}+{value_of('exit.double_run_months')})*{{leaving!}}",
        ),
        Line(
            "exit_stored",
            "Bytes stored when leaving",
            "byte-months",
            f"={stored}+{{checkpoint_stored}}*{{checkpoint_leaves!}}",
            format="tb",
        ),
        Line(
            "exit_moved",
            "Bytes moved out whose egress is billed",
            "bytes",
            "={exit_stored}*{exit_goes}*{exit_goes_billed!}*{exit_ok!}",
            total="sum",
            format="tb",
        ),
        Line(
            "exit_twice",
            "Bytes stored at both providers",
            "byte-months",
            "={exit_stored}*{exit_runs}*{exit_ok!}",
            total="sum",
            format="tb",
        ),
        *allowance_lines(
            plan, "exit", "move", "{exit_moved}", f"{{tr_reads}}*{train}+{{staging_filled}}*{{staging!}}*{fill}"
        ),
        Line(
            "exit_moved_billed",
            "Bytes moved out beyond the free egress",
            "bytes",
            "={exit_moved}*{exit_billed_share}",
            format="tb",
        ),
        Line(
            "exit_object",
            "Bytes of an object at the new provider",
            "bytes",
            "="
            + chosen(plan, "left", "{{representation_{n}_object_bytes}}")
            + f"+(1-({'+'.join(f'{{representation_{n}_wleft!}}' for n in numbers(plan))}))*{{representation_1_object_bytes}}",
        ),
        Line(
            "exit_reread",
            "Days between two reads there",
            "days",
            "="
            + chosen(plan, "left", "{{dr_representation_{n}_reread_days}}")
            + f"+(1-({'+'.join(f'{{representation_{n}_wleft!}}' for n in numbers(plan))}))*{{dr_representation_1_reread_days}}",
        ),
        *holding_lines(
            "exit_twice", "double running", "exit_twice", "exit_object", "{exit_reread}", value_of("exit.class")
        ),
    ]
    for n in numbers(plan):
        r, name = f"representation_{n}", plan.text(rep(n, "name"))
        lines += [
            Line(
                f"{r}_leaving",
                f"{name}: bytes read to move out",
                "bytes",
                f"={{{r}_stored}}*{{exit_goes}}*{{{r}_leaves!}}",
                total="sum",
                format="tb",
            ),
            Line(
                f"{r}_leaving_gets",
                f"{name}: GET requests to move out",
                "requests",
                f"=IF({{{r}_get_bytes}}=0,0,{{{r}_leaving}}/{{{r}_get_bytes}})",
                total="sum",
            ),
        ]
    return lines
