"""Steps of the sheet Own that price the move out of the cloud, each meter on top of what the cloud still counts."""

from __future__ import annotations

from dataclasses import dataclass

from vidcost_xl.model.blocks.reading import SLOTS
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import Line
from vidcost_xl.sheets.plan.article.list_prices import MeterRows, of_meter
from vidcost_xl.sheets.plan.bill.charges import possible_lines
from vidcost_xl.sheets.plan.bill.leave import possible_exit
from vidcost_xl.sheets.plan.bill.routes import flag, numbers, total
from vidcost_xl.sheets.plan.line_sheet import as_billed, covers
from vidcost_xl.sheets.plan.place_rules import LEGS
from vidcost_xl.sheets.plan.row_names import Block, driver, rep, value_of

#: The checkpoints among what is read to move, beside the representations.
_STATES = "c"
_HOLDS = "ch_key,{$.note},ch_from,{cal_begun},ch_to,{cal_lasting}"


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
    """What the meters of the way out cost, as a formula without its equals sign."""
    return total([f"{item.row}_cost" for item in _legs()])


def reading_costs(plan: Plan) -> str:
    """What requests, restores and retrieval cost, as a formula without its equals sign."""
    items = _reads(plan)
    return f"SUM({{{items[0].row}_cost:{items[-1].row}_cost}})+{{own_log}}"


def add_move_meters(meters: MeterRows, plan: Plan) -> None:
    """The meters of the move."""
    meters.block("move", "Moving to an own site: amounts month by month on Own")
    for item in (*_legs(), *_reads(plan)):
        meters.add(item.row, item.label, item.meter, times=item.times)


def egress_steps(plan: Plan) -> Block:
    """The rows before the cost of moving out."""
    free = "{rt_exit_free_times!}*{al_exit_stored}*(1-{own_share<})-{al_exit_before}*(1-{own_share})"
    return [
        flag("own_both", "Whether leaving at the end counts on both sides", f'--({value_of("own.leaving")}="both")'),
        Line(
            "own_free",
            "Free egress left for the move, after what goes on",
            "bytes",
            f"=MAX(0,{free}-{{exit_moved}}*{{own_both!}})*{{rt_exit_limited!}}",
            format="tb",
        ),
        Line(
            "own_out",
            "Bytes of the move beyond the free egress",
            "bytes",
            "=MAX(0,{own_moved_tb}*bytes_per_tb-{own_free})",
            total="sum",
            format="tb",
        ),
        *_steps(_legs(), *_bill(plan)),
    ]


def reading_steps(plan: Plan) -> Block:
    """The rows before the cost of reading what moves."""
    lines: Block = []
    for n in numbers(plan):
        r = f"representation_{n}"
        lines += _read(str(n), plan.text(rep(n, "name")), f"{r}_stored", f"{r}_get_bytes")
        lines += [
            Line(
                f"own_objects{n}",
                f"{plan.text(rep(n, 'name'))}: objects read to move",
                "objects",
                f"=IF({{{r}_object_bytes}}=0,0,{{own_out{n}}}/{{{r}_object_bytes}})",
                total="sum",
            ),
            Line(
                f"own_share{n}",
                f"{plan.text(rep(n, 'name'))}: share read from the second class",
                "share",
                f"=IF({{{r}_stored}}=0,0,{{{r}_second}}/{{{r}_stored}})*{{{r}_mixed!}}",
                format="share",
            ),
        ]
    lines += _read(_STATES, "Checkpoints", "checkpoint_stored", "checkpoint_bytes!", "*{checkpoints!}")
    requests = total([f"own_gets{key}" for key in (*map(str, numbers(plan)), _STATES)])
    price = value_of("requests.logging_usd_per_million")
    return [
        *lines,
        *_steps(_reads(plan), *_bill(plan)),
        Line(
            "own_log",
            "Move: event log of these requests",
            "USD",
            f"=({requests})/million*{price}",
            total="sum",
            format="money",
        ),
    ]


def _read(key: str, name: str, stored: str, size: str, kept: str = "") -> Block:
    part = f"{{own_moved_tb}}*{{{stored}}}{kept}/{{own_data_tb}}"
    return [
        Line(
            f"own_out{key}",
            f"{name}: bytes read to move",
            "bytes",
            f"=IF({{own_data_tb}}=0,0,{part})",
            total="sum",
            format="tb",
        ),
        Line(
            f"own_gets{key}",
            f"{name}: GET requests to move",
            "requests",
            f"=IF({{{size}}}=0,0,{{own_out{key}}}/{{{size}}})",
            total="sum",
        ),
    ]


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
            "{own_out}",
            f"=INDEX(egress_leg{k}_times,{route})",
        )
        for k in range(1, LEGS + 1)
    ]


def _reads(plan: Plan) -> list[_Item]:
    found, encrypted = [], []
    for n in numbers(plan):
        r, name = f"representation_{n}", plan.text(rep(n, "name"))
        encrypted.append(f"{{own_gets{n}}}*{{{r}_iskms!}}")
        for at, slot in enumerate(SLOTS, start=1):
            first, label = slot == SLOTS[0], f"Move, {name}, {slot} class"
            share = f"(1-{{own_share{n}}})" if first else f"{{own_share{n}}}"
            on = "" if first else f"{{${r}_mixed.constant}}"
            amounts = (f"{{own_gets{n}}}*{share}", f"{{own_objects{n}}}*{share}", f"{{own_out{n}}}*{share}")
            found += _class_reads(f"{n}_{at}", label, f"{{${r}_{slot}_row.constant}}", on, *amounts)
    states = (f"{{own_gets{_STATES}}}", f"{{own_gets{_STATES}}}", f"{{own_out{_STATES}}}")
    found += _class_reads(
        _STATES, "Move, checkpoints", "{$checkpoint_row.constant}", "{$checkpoints.constant}", *states
    )
    encrypted.append(f"{{own_gets{_STATES}}}*{{checkpoint_iskms!}}")
    share = value_of("requests.kms_share")
    asked = f"({'+'.join(encrypted)})*{share}"
    return [*found, _Item("kms", "Move: requests to KMS", "=meter_kms", asked)]


def _class_reads(key: str, label: str, held: str, on: str, gets: str, objects: str, read: str) -> list[_Item]:
    speed, kept = "{$restore_speed.constant}", f"{read}*{value_of('requests.restore_days')}/days_per_month"
    return [
        _Item(f"{short}{key}", f"{label}: {what}", f"=IF({on}=0,no_meter,{rule})" if on else f"={rule}", amount)
        for short, what, rule, amount in (
            ("get", "GET requests", f"INDEX(class_get,{held})", gets),
            ("restore", "restore requests", f"INDEX(class_restore,{held},{speed})", objects),
            ("back", "retrieval", f"INDEX(class_retrieval,{held},{speed})", read),
            ("copy", "restored copies", f"INDEX(class_restored,{held})", kept),
        )
    ]


def _steps(items: list[_Item], before: tuple[str, str], leaving: tuple[str, str]) -> Block:
    # The lines of the bill before those of leaving, and these: the first and the last of each.
    lines: Block = []
    for item in items:
        key = item.row
        units = f"={item.amount}*{of_meter(key, 'on')}*{of_meter(key, 'times')}/{of_meter(key, 'size')}"
        pool = f'=payer_main&" "&IFERROR({of_meter(key, "meter")},"")'
        lines.append(Line(f"{key}_units", f"{item.label}: billing units", "units", units, total="sum", note=pool))

    def pooled(lines: tuple[str, str], note: str) -> str:
        first, last = lines
        return f"SUMIFS({{q_{first}:q_{last}}},{{$ln_{first}.pool:ln_{last}.pool}},{note})"

    for at, item in enumerate(items):
        note = f"{{${item.row}_units.note}}"
        text = f"={pooled(before, note)}*(1-{{own_share}})+{pooled(leaving, note)}*{{own_both!}}"
        if at:
            first, last = items[0].row, items[at - 1].row
            text += f"+SUMIFS({{{first}_units:{last}_units}},{{${first}_units.note:{last}_units.note}},{note})"
        lines.append(Line(f"{item.row}_beside", f"{item.label}: units that come before these", "units", text))
    for item in items:
        rounded, least = f"{of_meter(item.row, 'rounded')}=1", of_meter(item.row, "minimum")
        alone, both = f"{{{item.row}_beside}}", f"({{{item.row}_beside}}+{{{item.row}_units}})"
        lines += [
            Line(f"{item.row}_without", f"{item.label}: these as billed", "units", as_billed(alone, rounded, least)),
            Line(
                f"{item.row}_with",
                f"{item.label}: billed with the move (constant: row of Prices)",
                "units",
                as_billed(both, rounded, least),
                constant=f"={of_meter(item.row, 'row')}",
            ),
        ]
    return lines + [_cost(item) for item in items]


def _cost(item: _Item) -> Line:
    # By the tiers between what is billed without and with the move, or at the private rate where one holds.
    key, meter = item.row, of_meter(item.row, "meter")
    # A difference against 0 is exact where two numbers that are compared are not.
    bounds, steps = (f"INDEX(tier_{part},{{{key}_with!}},0)" for part in ("from", "step"))
    both, alone = (f"({{{key}_{part}}}-{bounds}>0)*({{{key}_{part}}}-{bounds})" for part in ("with", "without"))
    listed = f"SUMPRODUCT(({both}-{alone})*{steps})*{{cal_escalation}}"
    provider = f'LEFT({meter}&".",FIND(".",{meter}&".")-1)'
    return Line(
        f"{key}_cost",
        f"{item.label}: cost (constant 1: discounted)",
        "USD",
        f"=IF(COUNTIFS({_HOLDS})=0,{listed},{{{key}_units}}*SUMIFS(ch_new,{_HOLDS}))"
        f"*(1-{driver('commercial.discount')}*{{{key}_cost!}})",
        constant=f"=IF(SUMIFS(ch_fault,ch_key,{{$.note}})=0,--{covers('commercial.discount_provider', provider)},NA())",
        total="sum",
        note=_rate(meter),
        format="money",
    )


def _rate(meter: str) -> str:
    # A rate holds in every region.
    return f'="rate."&IFERROR(LEFT({meter},FIND("@",{meter}&"@")-1),"")'


def quoted(key: str, label: str, meter: str) -> Block:
    """Whether Changes has a private rate of a meter in the month, and which."""
    note = _rate(meter)
    return [
        Line(
            f"{key}_quoted",
            f"{label}: whether Changes has one",
            "flag",
            f"=IF(SUMIFS(ch_fault,ch_key,{{$.note}})=0,COUNTIFS({_HOLDS}),NA())",
            format="count",
            note=note,
        ),
        Line(f"{key}_quote", f"{label}: of Changes", "USD", f"=SUMIFS(ch_new,{_HOLDS})", note=note),
    ]
