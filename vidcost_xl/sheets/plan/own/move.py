"""Steps of the sheet Own that price the move out of the cloud, each meter on top of what the cloud still counts."""

from __future__ import annotations

from dataclasses import dataclass

from vidcost_xl.model.blocks.reading import SLOTS
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import Line
from vidcost_xl.sheets.plan.article.list_prices import MeterSheet, meter_row, of_meter
from vidcost_xl.sheets.plan.bill.charges import possible_lines
from vidcost_xl.sheets.plan.bill.leave import possible_exit
from vidcost_xl.sheets.plan.bill.routes import flag, numbers
from vidcost_xl.sheets.plan.line_sheet import as_billed, covers, tiered
from vidcost_xl.sheets.plan.place_rules import LEGS
from vidcost_xl.sheets.plan.row_names import Block, driver, rep, value_of


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
    return [
        flag("own_both", "Whether leaving at the end counts on both sides", f'--({value_of("own.leaving")}="both")'),
        *(row for item in _legs() for row in _steps(item, *_bill(plan))),
    ]


def reading_steps(plan: Plan) -> Block:
    """The rows before the cost of reading what moves."""
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
            Line(
                f"own_objects{n}",
                f"{name}: objects read to move",
                "objects",
                f"=IF({{{r}_object_bytes}}=0,0,{{own_out{n}}}/{{{r}_object_bytes}})",
                total="sum",
            ),
            Line(
                f"own_share{n}",
                f"{name}: share read from the second class",
                "share",
                f"=IF({{{r}_stored}}=0,0,{{{r}_second}}/{{{r}_stored}})*{{{r}_mixed!}}",
                format="share",
            ),
        ]
    return [*lines, *(row for item in _reads(plan) for row in _steps(item, *_bill(plan)))]


def _bill(plan: Plan) -> tuple[tuple[str, str], tuple[str, str]]:
    # The lines of leaving are the last of the bill.
    every, leaving = possible_lines(plan), possible_exit(plan)
    return (every[0].key, every[-len(leaving) - 1].key), (leaving[0].key, leaving[-1].key)


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
            held, speed = f"{{$representation_{n}_{slot}_row.constant}}", "{$restore_speed.constant}"

            def meter(rule: str, first: bool = slot == SLOTS[0], r: str = r) -> str:
                return f"={rule}" if first else f"=IF({{${r}_mixed.constant}}=0,no_meter,{rule})"

            share = f"(1-{{own_share{n}}})" if slot == SLOTS[0] else f"{{own_share{n}}}"
            read, label = f"{{own_out{n}}}*{share}", f"Move, {name}, {slot} class"
            kept = f"{read}*{value_of('requests.restore_days')}/days_per_month"
            for key, what, rule, amount in (
                ("get", "GET requests", f"INDEX(class_get,{held})", f"{{own_gets{n}}}*{share}"),
                ("restore", "restore requests", f"INDEX(class_restore,{held},{speed})", f"{{own_objects{n}}}*{share}"),
                ("back", "retrieval", f"INDEX(class_retrieval,{held},{speed})", read),
                ("copy", "restored copies", f"INDEX(class_restored,{held})", kept),
            ):
                found.append(_Item(f"{key}{n}_{at}", f"{label}: {what}", meter(rule), amount))
    return found


def _steps(item: _Item, before: tuple[str, str], leaving: tuple[str, str]) -> Block:
    # The lines of the bill before those of leaving, and these: the first and the last of each.
    key, meter = item.row, of_meter(item.row, "meter")
    provider = f'LEFT({meter}&".",FIND(".",{meter}&".")-1)'

    def pooled(lines: tuple[str, str]) -> str:
        first, last = lines
        return f"SUMIFS({{q_{first}:q_{last}}},{{$ln_{first}.pool:ln_{last}.pool}},{{${key}_beside.note}})"

    def billed(quantity: str) -> str:
        return as_billed(quantity, f"{of_meter(key, 'rounded')}=1", of_meter(key, "minimum"))

    def at_list(what: str, label: str) -> Line:
        text = tiered(meter_row(key), f"{{{key}_{what}}}")
        return Line(f"{key}_{what}_list", f"{item.label}: {label}, at list", "USD", text, format="money")

    units = f"={item.amount}*{of_meter(key, 'on')}*{of_meter(key, 'times')}/{of_meter(key, 'size')}"
    listed = f"({{{key}_with_list}}-{{{key}_without_list}})*{{cal_escalation}}"
    return [
        Line(f"{key}_units", f"{item.label}: billing units", "units", units, total="sum"),
        Line(
            f"{key}_beside",
            f"{item.label}: units that the cloud still counts there",
            "units",
            f"={pooled(before)}*(1-{{own_share}})+{pooled(leaving)}*{{own_both!}}",
            note=f'=payer_main&" "&IFERROR({meter},"")',
        ),
        Line(f"{key}_without", f"{item.label}: these as billed", "units", billed(f"{{{key}_beside}}")),
        Line(
            f"{key}_with", f"{item.label}: billed with the move", "units", billed(f"({{{key}_beside}}+{{{key}_units}})")
        ),
        at_list("without", "without the move"),
        at_list("with", "with the move"),
        *quoted(key, item.label, meter),
        Line(
            f"{key}_cost",
            f"{item.label}: cost, after the discount (constant: whether it applies)",
            "USD",
            f"=IF({{{key}_quoted}}=0,{listed},{{{key}_quote}}*{{{key}_units}})"
            f"*(1-{driver('commercial.discount')}*{{{key}_cost!}})",
            constant=f"=--{covers('commercial.discount_provider', provider)}",
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
