"""Rows of the sheet Own by native formulas: the rows of the model, with the steps between them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from vidcost_xl.model.lines import Volume
from vidcost_xl.model.own_money import CURRENCY, RUNNING, own_money
from vidcost_xl.model.own_move import LEAVING
from vidcost_xl.model.own_rows import own_volumes
from vidcost_xl.model.own_views import own_views
from vidcost_xl.model.plan import Plan
from vidcost_xl.model.speed import speed_volumes
from vidcost_xl.sheets.layout.grid import Heading, Line, Total
from vidcost_xl.sheets.plan.bill.routes import numbers
from vidcost_xl.sheets.plan.model_rows import row_id
from vidcost_xl.sheets.plan.own.move import egress_costs, reading_costs
from vidcost_xl.sheets.plan.own.steps import PRICED, steps_before
from vidcost_xl.sheets.plan.row_names import Block, driver, value_of

_COUNTER: Final = "{cal_counter}"
_FX: Final = driver("money.fx")
_CURRENCY: Final = value_of("money.currency")


def declared(plan: Plan) -> tuple[Volume, ...]:
    """The rows of the model that have a row here, in its order."""
    return (*own_volumes(plan), *own_money(plan), *own_views(plan, ()), *speed_volumes(plan))


def own_lines(plan: Plan, first: str, last: str) -> Block:
    """Every row of the own site over time.

    Parameters
    ----------
    first, last : str
        Keys of the first and the last line of the bill; the derived lines are the last.
    """
    formulas = {**_quantities(plan), **_money(plan, first, last), **_speed(plan)}
    before = steps_before(plan)
    lines: Block = []
    for row in _as_corkscrews(declared(plan)):
        if row.id in _HEADINGS:
            lines.append(Heading(f"{row_id(row.id)}_heading", _HEADINGS[row.id]))
        lines += map(_readable, before.get(row.id, []))
        lines.append(_line(row, formulas[row.id]))
    return lines


def _as_corkscrews(rows: tuple[Volume, ...]) -> list[Volume]:
    # People read a balance from its opening; the model computes it from the flows.
    by_id = {row.id: row for row in rows}
    order = [row.id for row in rows if row.id not in _OPENINGS.values()]
    for flow, opening in _OPENINGS.items():
        order.insert(order.index(flow), opening)
    return [by_id[key] for key in order]


#: The first flow of each balance, and its opening.
_OPENINGS: Final = {"own.deposits": "own.prepaid_open", "own.depreciation": "own.book_open"}


def format_of(row: Volume) -> str:
    """The number format of a row."""
    known = _FORMATS.get(row.id.removeprefix("own."))
    return known or _OF_UNITS.get(row.unit, _read_by_people(row.unit))


def _readable(line: Line | Heading) -> Line | Heading:
    # Steps that state no format of their own.
    if isinstance(line, Line) and line.format == Line.format:
        return replace(line, format=_read_by_people(line.unit))
    return line


def _read_by_people(unit: str) -> str:
    return unit if unit in {"share", "factor"} else "whole" if unit in _COUNTED else "figure"


def _line(row: Volume, formula: str) -> Line:
    unit = row.unit
    if unit.startswith(CURRENCY):
        rest = unit.removeprefix(CURRENCY)
        unit = f'={_CURRENCY}&"{rest}"' if rest else f"={_CURRENCY}"
    key = row.id.removeprefix("own.")
    total: Total = "sum" if key in _SUMMED else "last" if key in _LAST else "none"
    return Line(
        row_id(row.id),
        row.label,
        unit,
        formula,
        start=0 if key in _STARTED else "",
        total=total,
        format=format_of(row),
        style="total" if key in _TOTALS else "number",
        text_style="total_text" if key in _TOTALS else "text",
    )


_HEADINGS: Final = {
    "own.share": "Data: what the plan stores, and what of it is at the own site",
    "own.overhead": "Hardware: raw capacity, drives",
    "own.served_mbps": "Servers, network and power: for the drives and for the reads",
    "own.out_mbps": "Transit at the 95th percentile",
    "own.loss_share": "Expected loss",
    "own.drive_price": "Prices by date: of the price book, or of Changes where a line holds",
    "own.drives_cost": "Hardware bought",
    "own.prepaid_open": "Deposits: opening, paid, delivered, closing",
    "own.book_open": "Book value: opening, additions, depreciation, disposals, closing",
    "own.replacements": "Running costs",
    "own.cloud": "The cloud beside it",
    "own.capex_paid": "Cash view, profit and loss view",
    "own.factor": "Cumulative, and discounted by explicit factors",
    "speed.read_tb": "Iteration speed, and the memo of waiting (in no total)",
}
#: Units of what is counted, and so whole.
_COUNTED: Final = frozenset({"clips", "requests", "objects", "units", "bytes"})
_SUMMED: Final = {
    *("moved_tb", "drives_bought", "chassis_bought", "drives_cost", "chassis_cost", "additions", "deposits"),
    *("delivered", "depreciation", "disposals", "replacements", "space", "power", "transit_cost", "staff"),
    *(
        "migration",
        "readout",
        "running",
        "cloud",
        "stays",
        "moves",
        "bridge",
        "committed",
        "capex_paid",
        "cash",
        "interest",
        "pnl",
    ),
    *("pnl_all", "site_cost", "speed.wait_cost"),
}
_LAST: Final = {
    *("held_tb", "drives", "chassis", "kw", "prepaid_close", "book_close"),
    *("cloud_sum", "cash_sum", "cloud_present", "cash_present"),
}
_STARTED: Final = {
    *("share", "data_tb", "drives", "chassis", "prepaid_close", "book_close"),
    *("cloud_sum", "cash_sum", "cloud_present", "cash_present"),
}
_TOTALS: Final = {"running", "cash", "pnl_all", "cloud"}
#: By unit, with as many decimals in every month.
_OF_UNITS: Final = {CURRENCY: "money", "TB": "tenths", "Mbit/s": "count", "hours": "tenths"}
_FORMATS: Final = {
    "drives_needed": "count",
    "drives": "count",
    "drives_added": "count",
    "drives_bought": "count",
    "served_mbps": "count",
    "chassis_filled": "count",
    "chassis": "count",
    "chassis_added": "count",
    "chassis_bought": "count",
    "loss_share": "chance",
    "loss_gb": "small_amount",
    "unreconciled": "difference",
    **dict.fromkeys(("prepaid_open", "prepaid_close", "book_open", "book_close"), "balance"),
    "speed.both": "count",
}


def _quantities(plan: Plan) -> dict[str, str]:
    stored = "+".join(f"{{representation_{n}_stored}}" for n in numbers(plan))
    lead, ramp = value_of("own.lead_months"), value_of("own.ramp_months")

    def again(added: str) -> str:
        # Not SUMIFS: an error in any month is one here.
        return f"=SUMPRODUCT({{{added}*}}*({{own_phase*}}={{own_phase}})*({{cal_counter*}}<={_COUNTER}))"

    return {
        "own.share": f"=MAX(0,MIN(1,({_COUNTER}-{lead})/MAX(1,{ramp})))",
        "own.data_tb": f"=({stored}+{{checkpoint_stored}}*{{checkpoints!}})/bytes_per_tb",
        "own.before_tb": f"=IF({_COUNTER}=1,{{own_data_tb}}*{value_of('dataset.opening')},{{own_data_tb<}})",
        "own.moved_tb": "=({own_share}-{own_share<})*MIN({own_before_tb},{own_data_tb})",
        "own.held_tb": "={own_data_tb}*{own_share}",
        "own.overhead": "={own_raw_ratio!}",
        "own.raw_tb": f"={{own_held_tb}}*{{own_overhead}}/{value_of('own.fill_limit')}",
        "own.drives_needed": f"=ROUNDUP({{own_raw_tb}}/{value_of('own.drive_tb')},0)",
        "own.drives": "=MAX({own_drives<},{own_drives_needed})",
        "own.drives_added": "={own_drives}-{own_drives<}",
        "own.drives_bought": again("own_drives_added"),
        "own.served_mbps": (
            f"={{own_read_tb}}*{{own_share}}*bytes_per_tb/{{own_mbit_month!}}*{value_of('own.peak_to_mean')}"
        ),
        "own.chassis_filled": f"=ROUNDUP({{own_drives}}/{value_of('own.bays')},0)",
        "own.chassis": (
            "=MAX({own_chassis<},{own_chassis_filled},"
            f"ROUNDUP({{own_served_mbps}}/({value_of('own.chassis_gbps')}*mbit_per_gbit),0))"
        ),
        "own.chassis_added": "={own_chassis}-{own_chassis<}",
        "own.chassis_bought": again("own_chassis_added"),
        "own.kw": (
            f"=({{own_drives}}*{value_of('own.watts_per_drive')}"
            f"+({{own_chassis}}-{{own_chassis_filled}})*{value_of('own.watts_per_chassis')})/watts_per_kw"
        ),
        "own.out_mbps": (
            f"={{own_read_tb}}*{driver('own.remote_share')}*{{own_share}}*bytes_per_tb/{{own_mbit_month!}}"
        ),
        "own.in_mbps": ("=({own_moved_tb}*bytes_per_tb+{acquire_bytes}*{acquiring!}*{own_share})/{own_mbit_month!}"),
        "own.mbps": (
            f"=MAX(MAX({{own_out_mbps}},{{own_in_mbps}})*{value_of('own.peak_to_mean')},"
            f"{driver('own.commit_mbps')})*({{own_share}}>0)"
        ),
        "own.loss_share": "={own_loss!}",
        "own.loss_gb": "={own_loss_share}*{own_held_tb}*gb_per_tb",
    }


def _money(plan: Plan, first: str, last: str) -> dict[str, str]:
    lead, life = value_of("own.lead_months"), value_of("own.life_months")
    tb, residual, deposit = value_of("own.drive_tb"), value_of("own.residual"), value_of("own.deposit")
    ordered = f"{_COUNTER}+{lead}"
    stays = f'SUMIFS({{k_{first}:k_{last}}},{{$ln_{first}.provider:ln_{last}.provider}},"plan")'
    prices = {
        f"own.{key}_price": f"=IF({{own_{key}_quoted}}=0,{{own_{key}_listed}},{{own_{key}_quote}})*{_FX}"
        for key in PRICED
    }
    sums = {
        f"own.{name}": f"={{own_{name}<}}+{{own_{flow}}}{factor}"
        for name, flow, factor in (
            ("cloud_sum", "cloud", ""),
            ("cash_sum", "cash", ""),
            ("cloud_present", "cloud", "*{own_factor}"),
            ("cash_present", "cash", "*{own_factor}"),
        )
    }
    return {
        **prices,
        "own.drives_cost": f"={{own_drives_bought}}*(1+{value_of('own.spares')})*{tb}*{{own_drive_price}}",
        "own.chassis_cost": (
            f"={{own_chassis_bought}}*({value_of('own.chassis_usd')}+{value_of('own.server_usd')})*{_FX}"
        ),
        "own.additions": "={own_drives_cost}+{own_chassis_cost}",
        "own.deposits": (
            f"=IF({ordered}>{value_of('calendar.months')},0,INDEX({{own_additions*}},{ordered}))*{deposit}"
        ),
        "own.delivered": f"={{own_additions}}*{deposit}",
        "own.prepaid_open": "={own_prepaid_close<}",
        "own.prepaid_close": "={own_prepaid_open}+{own_deposits}-{own_delivered}",
        "own.depreciation": f"={{own_in_use}}*(1-{residual})/{life}",
        "own.disposals": (f"=IF({_COUNTER}>{life},INDEX({{own_additions*}},MAX(1,{_COUNTER}-{life})),0)*{residual}"),
        "own.book_open": "={own_book_close<}",
        "own.book_close": "={own_book_open}+{own_additions}-{own_depreciation}-{own_disposals}",
        "own.replacements": f"={{own_drives}}*{value_of('own.afr')}/months_per_year*{tb}*{{own_drive_price}}",
        "own.space": "={own_kw}*{own_space_price}",
        "own.power": (
            f"={{own_kw}}*{value_of('own.pue')}*power_hours*{driver('own.usd_per_kwh')}*{_FX}*{{own_metered!}}"
        ),
        "own.transit_cost": "={own_mbps}*{own_transit_price}",
        "own.staff": f"={driver('own.staff_fte')}*{value_of('own.staff_usd')}/months_per_year*{_FX}",
        "own.migration": f"=({egress_costs()})*{{exit_goes_billed}}*{_FX}",
        "own.readout": f"=({reading_costs(plan)})*{_FX}",
        "own.running": "=" + "+".join(f"{{own_{key}}}" for key in RUNNING),
        "own.cloud": f"={{k_total}}-{{ks_{LEAVING}}}*(1-{{own_both!}})",
        "own.stays": f"={stays}-{{k_shortfall}}+{{ks_{LEAVING}}}*{{own_both!}}",
        "own.moves": "={own_cloud}-{own_stays}",
        "own.bridge": "={own_moves}*(1-{own_share})",
        "own.committed": (
            f"=({_COUNTER}<={value_of('own.commitment_months')})*(MAX(0,{driver('commercial.commitment_usd')}"
            f"-{{sh_base}}*(1-{{own_share}}))*{_FX}-{{k_shortfall}}*(1-{{own_share}}))"
        ),
        "own.capex_paid": "={own_additions}-{own_delivered}+{own_deposits}",
        "own.cash": "={own_capex_paid}-{own_disposals}+{own_running}+{own_bridge}+{own_committed}+{own_stays}",
        "own.interest": (
            f"=({{own_book_open}}+{{own_prepaid_open}})*{value_of('own.cost_of_capital')}/months_per_year"
        ),
        "own.pnl": "={own_depreciation}+{own_running}+{own_bridge}+{own_committed}+{own_stays}",
        "own.pnl_all": "={own_pnl}+{own_interest}",
        "own.unreconciled": "={own_cash_todate}-{own_pnl_todate}-{own_book_close}-{own_prepaid_close}",
        "own.site_cost": "={own_depreciation}+{own_running}-{own_migration}-{own_readout}",
        "own.factor": f"=(1+{value_of('money.discount_rate')})^(-{_COUNTER}/months_per_year)",
        **sums,
    }


def _speed(plan: Plan) -> dict[str, str]:
    del plan
    link, use = value_of("limits.link_gbps"), value_of("limits.utilisation")
    gpus, samples = value_of("limits.gpus"), value_of("limits.samples_per_gpu_second")
    passes = f"{driver('train.passes')}*{driver('train.share')}"
    return {
        "speed.read_tb": f"={{speed_once}}*{passes}*(1-{{train_from_cache}})*(1-{{staged}})/bytes_per_tb",
        "speed.link_hours": (
            f"=IF({link}=0,0,{{speed_read_tb}}*bytes_per_tb*bits_per_byte/({link}*{use}*bits_per_gbit*seconds_per_hour))"
        ),
        "speed.clips": f"={{dataset_closing}}*{driver('dataset.clips_per_video')}*{passes}",
        "speed.gpu_hours": (f"=IF({gpus}*{samples}=0,0,{{speed_clips}}/({gpus}*{samples}*seconds_per_hour))"),
        "speed.hours": "=MAX({speed_link_hours},{speed_gpu_hours})",
        "speed.both": f"=--({link}*{gpus}*{samples}>0)",
        "speed.wait_hours": "=MAX(0,{speed_link_hours}-{speed_gpu_hours})*{speed_both}",
        "speed.wait_cost": (
            f"=IF({{speed_on!}}>{{speed_both}},NA(),"
            f"{{speed_on!}}*{{speed_wait_hours}}*{driver('train.experiments')}*{{speed_rate}})"
        ),
    }
