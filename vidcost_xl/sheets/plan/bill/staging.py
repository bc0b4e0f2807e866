"""Rows of Volumes: reads beyond free egress, the copy beside the GPUs, ports."""

from __future__ import annotations

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import Heading, Line
from vidcost_xl.sheets.plan.bill.holdings import holding_lines
from vidcost_xl.sheets.plan.bill.routes import chosen, flag, numbers, total
from vidcost_xl.sheets.plan.row_names import Block, driver, rep, used, value_of


def train_lines(plan: Plan) -> Block:
    """Reads beyond free egress, the copy beside the GPUs, ports."""
    reads = [f"representation_{n}_read" for n in numbers(plan)]
    same = f"*({value_of('staging.fill_route')}={value_of('train.route')})"
    lines: Block = [Heading("train_heading", "Training reads, and the copy beside the GPUs")]
    for n in numbers(plan):
        r, name = f"representation_{n}", plan.text(rep(n, "name"))
        lines += [
            Line(
                f"{r}_staged",
                f"{name}: bytes in the copy",
                "byte-months",
                f"={{{r}_one_copy}}*{driver(rep(n, 'read_share'))}*{{staged}}",
                start=0,
                format="tb",
            ),
            Line(
                f"{r}_fill",
                f"{name}: bytes copied",
                "bytes",
                f"=MAX(0,{{{r}_staged}}-{{{r}_staged<}})+{driver('staging.refreshes')}*{{{r}_staged}}",
                format="tb",
            ),
            Line(
                f"{r}_fill_gets",
                f"{name}: GET requests to fill the copy",
                "requests",
                f"=IF({{{r}_get_bytes}}=0,0,{{{r}_fill}}/{{{r}_get_bytes}})",
            ),
        ]
    lines += [
        Line(
            "staging_bytes",
            "Copy beside the GPUs",
            "byte-months",
            "=" + total([f"representation_{n}_staged" for n in numbers(plan)]),
            total="sum",
            format="tb",
        ),
        Line(
            "staging_filled",
            "Bytes copied to the GPUs",
            "bytes",
            "=" + total([f"representation_{n}_fill" for n in numbers(plan)]),
            total="sum",
            format="tb",
        ),
        Line(
            "staging_object",
            "Bytes of an object of the copy",
            "bytes",
            "=" + chosen(plan, "read", "{{representation_{n}_object_bytes}}"),
        ),
        Line(
            "staging_any",
            "Whether anything is read",
            "flag",
            format="count",
            constant="=" + "+".join(f"{{representation_{n}_wread!}}" for n in numbers(plan)),
        ),
        Line(
            "staging_reread",
            "Days between two reads of it",
            "days",
            "="
            + chosen(plan, "read", "{{dr_representation_{n}_reread_days}}")
            + "+(1-{staging_any!})*{dr_representation_1_reread_days}",
        ),
        *holding_lines(
            "staging_bytes",
            "copy beside the GPUs",
            "staging_bytes",
            "staging_object",
            "{staging_reread}",
            value_of("staging.class"),
        ),
        Line("tr_reads", "Bytes read by training", "bytes", "=" + total(reads), total="sum", format="tb"),
        *allowance_lines(plan, "train", "reads", f"{{tr_reads}}+{{staging_filled}}*{{staging!}}{same}", "0"),
        *allowance_lines(plan, "fill", "filling", f"{{staging_filled}}+{{tr_reads}}{same}", "0"),
        Line(
            "staging_filled_billed",
            "Bytes copied beyond the free egress",
            "bytes",
            "={staging_filled}*{staging_billed_share}",
            format="tb",
        ),
    ]
    lines += [
        Line(
            f"representation_{n}_read_billed",
            f"{plan.text(rep(n, 'name'))}: bytes read beyond the free egress",
            "bytes",
            f"={{representation_{n}_read}}*{{train_billed_share}}",
            total="sum",
            format="tb",
        )
        for n in numbers(plan)
    ]
    meter = value_of("train.port_meter")
    lines += [
        flag("ports_used", "Whether ports are rented", used("train.ports")),
        Line(
            "port_month",
            "Hours in a month of the port's provider",
            "hours",
            constant=f"=IF({{ports_used!}}>0,INDEX(price_hours,MATCH({meter},price_meter,0)),0)",
        ),
        Line("train_port_hours", "Port hours", "hours", f"={driver('train.ports')}*{{port_month!}}", total="sum"),
    ]
    return lines


def allowance_lines(plan: Plan, key: str, label: str, moved: str, before: str) -> Block:
    """The share of bytes moved that is billed: all of it, or what is beyond the free egress."""
    billed = "staging" if key == "fill" else key
    stored = "+".join(
        f"{{representation_{n}_stored}}*({{representation_{n}_provider1!}}={{rt_{key}_provider!}})"
        for n in numbers(plan)
    )
    return [
        Line(f"al_{key}_stored", f"Bytes stored where the {label} start", "byte-months", f"={stored}", format="tb"),
        Line(f"al_{key}_moved", f"Bytes that share the free egress: {label}", "bytes", f"={moved}", format="tb"),
        Line(f"al_{key}_before", f"Bytes that used it first: {label}", "bytes", f"={before}", format="tb"),
        Line(
            f"al_{key}_free",
            f"Free egress left for {label}",
            "bytes",
            f"=MAX(0,{{rt_{key}_free_times!}}*{{al_{key}_stored}}-{{al_{key}_before}})",
            format="tb",
        ),
        Line(
            f"al_{key}_over",
            f"Beyond the free egress: {label}",
            "bytes",
            f"=MAX(0,{{al_{key}_moved}}-{{al_{key}_free}})",
            format="tb",
        ),
        Line(
            f"al_{key}_part",
            f"Share beyond the free egress: {label}",
            "share",
            f"=IF({{al_{key}_moved}}=0,0,{{al_{key}_over}}/{{al_{key}_moved}})",
        ),
        Line(
            f"{billed}_billed_share",
            f"Share billed: {label}",
            "share",
            f"=IF({{rt_{key}_limited!}}>0,{{al_{key}_part}},1)",
        ),
    ]
