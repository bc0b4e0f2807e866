"""Training reads, the copy beside the GPUs, ports."""

from __future__ import annotations

from vidcost_xl.model.blocks.common import UPLOADS
from vidcost_xl.model.blocks.encode import BILLED_SHARE
from vidcost_xl.model.blocks.reading import ENCODE_WAY, FILL_WAY, OBJECTS, TRAIN_WAY
from vidcost_xl.model.blocks.staging import COPY, FILL_TRANSFER, FILLING, STAGED, TOTALS, staging_holding
from vidcost_xl.model.blocks.train import OWN_FILL, OWN_SHARE, PORTS, READS, TRANSFER
from vidcost_xl.sheets.layout.grid import Heading
from vidcost_xl.sheets.plan.bill.allowance import allowance_lines, taken_along, way_lines
from vidcost_xl.sheets.plan.bill.placing import COPY_CLASS
from vidcost_xl.sheets.plan.bill.possible_lines import (
    PossibleLine,
    name_of,
    possible_legs,
    possible_line,
    possible_route_gets,
)
from vidcost_xl.sheets.plan.bill.reading import class_reads, in_objects, possible_reading
from vidcost_xl.sheets.plan.bill.routes import chosen, flag, numbers, total
from vidcost_xl.sheets.plan.bill.store import holding_lines, possible_holding
from vidcost_xl.sheets.plan.bill.writing import class_writes, upload_lines
from vidcost_xl.sheets.plan.model_rows import ModelRows, Step, row_id
from vidcost_xl.sheets.plan.row_names import Block, driver, rep, used, value_of


def train_lines(model: ModelRows) -> Block:
    """Reads beyond free egress, with those of encoders, which share it; the copy beside the GPUs; ports."""
    plan = model.plan
    lines: Block = [Heading("train_heading", "Training reads, and the copy beside the GPUs")]
    for n in numbers(plan):
        r, name = f"representation_{n}", plan.text(rep(n, "name"))
        lines += [
            model.row(
                f"{r}_staged",
                f"={{{r}_one_copy}}*{driver(rep(n, 'read_share'))}*{{staged}}",
                format="tb",
            ),
            model.row(
                f"{r}_staged_each",
                f"={{{r}_bytes_each}}*{driver(rep(n, 'read_share'))}*{{staged}}",
                start=0,
            ),
            model.row(
                f"{r}_fill_new",
                f"={{{r}_videos_additions}}*{{{r}_staged_each}}*(1+{driver('staging.refreshes')})",
                format="tb",
            ),
            Step(
                f"{r}_fill_each",
                f"{name}: bytes copied of a video in place before the month",
                "bytes per video",
                f"=MAX(0,{{{r}_staged_each}}-{{{r}_staged_each<}})"
                f"+{{{r}_change}}*MIN({{{r}_staged_each}},{{{r}_staged_each<}})"
                f"+{driver('staging.refreshes')}*{{{r}_staged_each}}",
            ),
            model.row(f"{r}_fill_old", f"={{{r}_stayed}}*{{{r}_fill_each}}", format="tb"),
            model.row(f"{r}_fill", f"={{{r}_fill_new}}+{{{r}_fill_old}}", format="tb"),
            model.row(
                f"{r}_fill_gets",
                f"=IF({{{r}_get_bytes}}=0,0,{{{r}_fill}}/{{{r}_get_bytes}})",
            ),
            *upload_lines(model, f"{r}_copied", f"{name}, filling the copy", f"{r}_fill", f"{r}_object_bytes"),
            model.row(
                f"{r}_staged_read", f"={{{r}_wanted}}*(1-{{train_from_cache}})*{{staged}}", total="sum", format="tb"
            ),
            model.row(f"{r}_staged_gets", f"=IF({{{r}_get_bytes}}=0,0,{{{r}_staged_read}}/{{{r}_get_bytes}})"),
            model.row(f"{r}_staged_read_{OBJECTS}", in_objects(f"{r}_staged_read", f"{r}_object_bytes")),
        ]
    lines += [
        model.row(
            row_id(line),
            "=" + total([f"representation_{n}_{row_id(part)}" for n in numbers(plan)]),
            total="sum",
            format="compact" if unit == "requests" else "tb",
        )
        for line, (part, _, unit) in TOTALS.items()
    ]
    lines += [
        Step(
            "staging_object",
            "Bytes of an object of the copy",
            "bytes",
            "=" + chosen(plan, "read", "{{representation_{n}_object_bytes}}"),
        ),
        Step(
            "staging_any",
            "Whether anything is read",
            "flag",
            format="count",
            constant="=" + "+".join(f"{{representation_{n}_wread!}}" for n in numbers(plan)),
        ),
        Step(
            "staging_reread",
            "Days between two reads of it",
            "days",
            "="
            + chosen(plan, "read", "{{dr_representation_{n}_reread_days}}")
            + "+(1-{staging_any!})*{dr_representation_1_reread_days}",
        ),
        *holding_lines(model, staging_holding([]), "staging_object", "{staging_reread}", COPY_CLASS),
        *way_lines(plan),
        *_billed(model, "train", "reads", value_of(TRAIN_WAY), "train_billed_share"),
        *_billed(model, "fill", "filling", value_of(FILL_WAY), "staging_billed_share"),
        *_billed(model, "encode", "encoders' reads", value_of(ENCODE_WAY), row_id(BILLED_SHARE)),
        *(
            model.row(
                f"encode_{n}_bytes_billed",
                f"={{encode_{n}_bytes}}*{{{row_id(BILLED_SHARE)}}}",
                total="sum",
                format="tb",
            )
            for n in numbers(plan)
        ),
        model.row(
            "staging_along",
            "=" + "+".join(f"{{representation_{n}_fill}}*(1-{{representation_{n}_ownway!}})" for n in numbers(plan)),
            format="tb",
        ),
        model.row(
            "staging_filled_billed",
            "={staging_along}*{staging_billed_share}",
            format="tb",
        ),
    ]
    for n in numbers(plan):
        r, name = f"representation_{n}", plan.text(rep(n, "name"))
        share = f"{r}_{OWN_SHARE}"
        lines += [
            *_billed(model, f"own{n}", f"the route of {name}", f"{{{r}_way_train!}}", share),
            model.row(
                f"{r}_read_billed",
                f"={{{r}_read}}*IF({{{r}_ownway!}}>0,{{{share}}},{{train_billed_share}})",
                total="sum",
                format="tb",
            ),
            model.row(f"{r}_fill_billed", f"={{{r}_fill}}*{{{share}}}", total="sum", format="tb"),
        ]
    meter = value_of("train.port_meter")
    lines += [
        flag("ports_used", "Whether ports are rented", used("train.ports")),
        Step(
            "port_month",
            "Hours in a month of the port's provider",
            "hours",
            constant=f"=IF({{ports_used!}}>0,INDEX(price_hours,MATCH({meter},price_meter,0)),0)",
        ),
        model.row("train_port_hours", f"={driver('train.ports')}*{{port_month!}}", total="sum"),
    ]
    return lines


def _billed(model: ModelRows, key: str, label: str, route: str, share: str) -> Block:
    return allowance_lines(model, key, label, taken_along(model.plan, route), "0", share)


def possible_staging() -> list[PossibleLine]:
    """The possible lines of holding the copy."""
    return possible_holding(STAGED, "staging_bytes", "{staging!}")


def possible_train(n: int) -> list[PossibleLine]:
    """The possible lines of training reads of the n-th representation, and of filling the copy with it."""
    r, name = f"representation_{n}", name_of(n)
    on, gets, fill_gets = f"{{{r}_isread!}}", f"{r}_gets", f"{r}_fill_gets"
    fills = f"{on}*{{staging!}}"
    own = f"{fills}*{{{r}_ownway!}}"
    return [
        *possible_legs(OWN_FILL, f"{r}_fill", f"{r}_fill_billed", own, "egress", f"{{{r}_to_fill!}}", name=name),
        *possible_legs(TRANSFER, f"{r}_train", f"{r}_read_billed", on, "egress", f"{{{r}_to_train!}}", name=name),
        *possible_reading(READS, n, f"{r}_train", f"{r}_read", gets, on),
        possible_route_gets(READS, f"{r}_train", gets, on, f"{{{r}_to_train!}}", name=name),
        *possible_reading(FILLING, n, f"{r}_fill", f"{r}_fill", fill_gets, fills),
        possible_route_gets(FILLING, f"{r}_fill", fill_gets, fills, f"{{{r}_to_fill!}}", name=name),
    ]


def possible_filling() -> list[PossibleLine]:
    """The possible lines of filling the copy and reading it, and of ports."""
    ports = possible_line(
        PORTS, "ports", "train_port_hours", "{ports_used!}", value_of("train.port_meter"), what='"Ports"'
    )
    on, row, whole = "{staging!}*{staging_any!}", "staging_bytes_row", {"part": '""', "slot": '""'}
    written = {kind: f"staging_{kind}" for kind in UPLOADS}
    return [
        *possible_legs(
            FILL_TRANSFER,
            "fill",
            "staging_filled_billed",
            "{staging!}*{staging_plain!}",
            "egress",
            "{rt_fill_checked!}",
        ),
        *class_reads(COPY, "staging", "", "staging_read", "staging_gets", on, row, back='""', **whole),
        *class_writes(COPY, "staging", row, f"{on}*{{uploads!}}", "staging_filled", written, **whole),
        ports,
    ]
