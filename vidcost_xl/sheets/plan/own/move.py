"""Steps of the sheet Own that price the move out of the cloud, each meter on top of what the cloud still counts."""

from __future__ import annotations

from dataclasses import dataclass

from vidcost_xl.model.blocks.reading import SLOTS
from vidcost_xl.model.own_move import LEAVING
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import Line
from vidcost_xl.sheets.plan.article.list_prices import MeterSheet, meter_row, of_meter
from vidcost_xl.sheets.plan.bill.charges import possible_lines
from vidcost_xl.sheets.plan.bill.routes import flag, numbers
from vidcost_xl.sheets.plan.line_sheet import tiered
from vidcost_xl.sheets.plan.lists import LEGS
from vidcost_xl.sheets.plan.row_names import Block, rep, value_of


@dataclass(frozen=True)
class _Item:
    # What one meter counts of the move: its key, label, formula of the meter, times, and of the base units of a month.
    key: str
    label: str
    meter: str
    amount: str
    times: str | float = 1

    @property
    def row(self) -> str:
        return f"own_{self.key}"


def egress_costs() -> str:
    """What the meters of the way out cost, as a sum of rows."""
    return "+".join(f"{{{item.row}_cost}}" for item in _legs())


def reading_costs(plan: Plan) -> str:
    """What requests and retrieval cost, as a sum of rows."""
    return "+".join(f"{{{item.row}_cost}}" for item in _reads(plan))


def add_move_meters(meters: MeterSheet, plan: Plan) -> None:
    """The meters of the move."""
    meters.block("move", "Moving to an own site: amounts month by month on Own")
    for item in (*_legs(), *_reads(plan)):
        meters.add(item.row, item.label, item.meter, times=item.times)


def egress_steps(plan: Plan) -> Block:
    """The rows before the cost of moving out."""
    every = possible_lines(plan)
    return [
        flag("own_both", "Whether leaving at the end counts on both sides", f'--({value_of("own.leaving")}="both")'),
        *(row for item in _legs() for row in _steps(item, every[0].key, every[-1].key)),
    ]


def reading_steps(plan: Plan) -> Block:
    """The rows before the cost of reading what moves."""
    every = possible_lines(plan)
    lines: Block = []
    for n in numbers(plan):
        r, name = f"representation_{n}", plan.text(rep(n, "name"))
        part = f"{{own_moved_tb}}*{{{r}_stored}}/{{own_data_tb}}"
        lines += [
            Line(
                f"own_out{n}",
                f"{name}: bytes read to move",
                "bytes",
                f"=IF({{own_data_tb}}=0,0,{part})",
                total="sum",
                format="tb",
            ),
            Line(
                f"own_gets{n}",
                f"{name}: GET requests to move",
                "requests",
                f"=IF({{{r}_get_bytes}}=0,0,{{own_out{n}}}/{{{r}_get_bytes}})",
                total="sum",
            ),
        ]
    return [*lines, *(row for item in _reads(plan) for row in _steps(item, every[0].key, every[-1].key))]


def _legs() -> list[_Item]:
    route = "{$rt_exit.constant}"
    return [
        _Item(
            f"leg{k}",
            f"Move, meter {k} of the way out",
            f"=INDEX(egress_leg{k}_meter,{route})",
            "{own_moved_tb}*bytes_per_tb",
            f"=INDEX(egress_leg{k}_times,{route})",
        )
        for k in range(1, LEGS + 1)
    ]


def _reads(plan: Plan) -> list[_Item]:
    found = []
    for n in numbers(plan):
        r, name = f"representation_{n}", plan.text(rep(n, "name"))
        for at, slot in enumerate(SLOTS, start=1):
            held = f"{{$representation_{n}_{slot}_row.constant}}"
            share = f"IF({{{r}_stored}}=0,0,{{{r}_{slot}}}/{{{r}_stored}})"
            mixed, speed = f"{{{r}_mixed!}}", "{$restore_speed.constant}"

            def meter(rule: str, first: bool = slot == SLOTS[0], r: str = r) -> str:
                return f"={rule}" if first else f"=IF({{${r}_mixed.constant}}=0,no_meter,{rule})"

            divided = f"IF({mixed}>0,{share},{int(slot == SLOTS[0])})"
            read, label = f"{{own_out{n}}}*{divided}", f"Move, {name}, {slot} class"
            objects = f"IF({{{r}_object_bytes}}=0,0,{read}/{{{r}_object_bytes}})"
            kept = f"{read}*{value_of('requests.restore_days')}/days_per_month"
            for key, what, rule, amount in (
                ("get", "GET requests", f"INDEX(class_get,{held})", f"{{own_gets{n}}}*{divided}"),
                ("restore", "restore requests", f"INDEX(class_restore,{held},{speed})", objects),
                ("back", "retrieval", f"INDEX(class_retrieval,{held},{speed})", read),
                ("copy", "restored copies", f"INDEX(class_restored,{held})", kept),
            ):
                found.append(_Item(f"{key}{n}_{at}", f"{label}: {what}", meter(rule), amount))
    return found


def _steps(item: _Item, first: str, last: str) -> Block:
    key, row, meter = item.row, item.row, of_meter(item.row, "meter")
    pool = f'{{q_{first}:q_{last}}},line_pool,payer_main&" "&{meter},line_stage'
    goes_on = f'=SUMIFS({pool},"<>{LEAVING}")*(1-{{own_share}})+SUMIFS({pool},"{LEAVING}")*{{own_both!}}'
    provider = f'LEFT({meter}&".",FIND(".",{meter}&".")-1)'
    chosen = value_of("commercial.discount_provider")

    def billed(quantity: str) -> str:
        rounded = f"IF({of_meter(row, 'rounded')}=1,ROUNDUP(ROUND({quantity},conversion_decimals),0),{quantity})"
        return f"=MAX({rounded},({quantity}>0)*{of_meter(row, 'minimum')})"

    above, below = (tiered(meter_row(row), f"{{{key}_{what}}}").removeprefix("=") for what in ("with", "without"))
    units = f"={item.amount}*{of_meter(row, 'on')}*{of_meter(row, 'times')}/{of_meter(row, 'size')}"
    return [
        Line(f"{key}_units", f"{item.label}: billing units", "units", units, total="sum"),
        Line(f"{key}_beside", f"{item.label}: units that the cloud still counts there", "units", goes_on),
        Line(f"{key}_without", f"{item.label}: these as billed", "units", billed(f"{{{key}_beside}}")),
        Line(
            f"{key}_with",
            f"{item.label}: as billed with the move",
            "units",
            billed(f"({{{key}_beside}}+{{{key}_units}})"),
        ),
        Line(
            f"{key}_list",
            f"{item.label}: at list",
            "USD",
            f"=({above}-{below})*{{cal_escalation}}",
            total="sum",
            format="money",
        ),
        *quoted(key, item.label, meter),
        Line(
            f"{key}_cost",
            f"{item.label}: after the discount (constant: whether it applies)",
            "USD",
            f"=IF({{{key}_quoted}}=0,{{{key}_list}},{{{key}_quote}}*{{{key}_units}})"
            f"*(1-{{dr_commercial_discount}}*{{{key}_cost!}})",
            constant=f'=--OR({chosen}="all",{chosen}={provider})',
            total="sum",
            format="money",
        ),
    ]


def quoted(key: str, label: str, meter: str) -> Block:
    """Whether Changes has a private rate of a meter in the month, and which."""
    holds = "ch_key,{$.note},ch_from,{cal_begun},ch_to,{cal_lasting}"
    note = f'="rate."&IFERROR({meter},"")'
    return [
        Line(
            f"{key}_quoted",
            f"{label}: whether Changes has one",
            "flag",
            f"=IF(SUMIFS(ch_fault,ch_key,{{$.note}})=0,COUNTIFS({holds}),NA())",
            format="count",
            note=note,
        ),
        Line(f"{key}_quote", f"{label}: of Changes", "USD", f"=SUMIFS(ch_new,{holds})", note=note),
    ]
