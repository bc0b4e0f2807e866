"""Steps of the sheet Own between the rows of the model: protection, prices by date, the way out of the cloud."""

from __future__ import annotations

from typing import Final

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import Line
from vidcost_xl.sheets.plan.bill.routes import flag, numbers
from vidcost_xl.sheets.plan.own.move import egress_steps, quoted, reading_steps
from vidcost_xl.sheets.plan.row_names import Block, driver, is_yes, rep, value_of

_COUNTER: Final = "{cal_counter}"
_FX: Final = driver("money.fx")
_CURRENCY: Final = value_of("money.currency")


def steps_before(plan: Plan) -> dict[str, Block]:
    """The rows that stand before a row of the model, by its id."""
    wanted = "+".join(f"{{representation_{n}_wanted}}" for n in numbers(plan))
    data, parity, copies = (value_of(f"own.{key}") for key in ("data_shards", "parity_shards", "copies"))
    afr = value_of("own.afr")
    prices = {f"own.{key}_price": _price_lines(key) for key in PRICED}
    return {
        **prices,
        "own.overhead": [
            flag("own_erasure", "Whether data are protected by erasure coding", _is("own.protection", "erasure")),
            Line(
                "own_raw_ratio",
                "Raw capacity for a byte, by the protection chosen",
                "ratio",
                constant=f"=IF({{own_erasure!}}=1,({data}+{parity})/{data},{copies})",
            ),
            Line(
                "own_phase",
                "Month of the hardware's life in which what is added is bought again",
                "months",
                f"=MOD({_COUNTER}-1,{value_of('own.life_months')})",
                format="count",
            ),
        ],
        "own.served_mbps": [
            Line(
                "own_read_tb",
                "Read by training, without caches",
                "TB",
                f"=({wanted})*(1-{{train_from_cache}})/bytes_per_tb",
                total="sum",
            ),
            Line(
                "own_mbit_month",
                "Bytes that a Mbit/s carries in a month of 30 days",
                "bytes",
                constant="=days_per_month*seconds_per_day*bits_per_mbit/bits_per_byte",
            ),
        ],
        "own.loss_share": [
            Line(
                "own_width",
                "Drives that a stripe or the copies lie on",
                "drives",
                format="count",
                constant=f"=IF({{own_erasure!}}=1,{data}+{parity},{copies})",
            ),
            Line(
                "own_may_fail",
                "Of them may be away without loss",
                "drives",
                format="count",
                constant=f"=IF({{own_erasure!}}=1,{parity},{copies}-1)",
            ),
            Line(
                "own_window",
                "Chance that a drive fails while another is rebuilt",
                "share",
                constant=f"={afr}*{value_of('own.rebuild_hours')}/hours_per_year",
                format="chance",
            ),
            Line(
                "own_together",
                "Chance that as many fail with it as must not",
                "share",
                constant="=IF({own_may_fail!}=0,1,COMBIN({own_width!}-1,{own_may_fail!})*{own_window!}^{own_may_fail!})",
                format="chance",
            ),
            Line(
                "own_loss",
                "Share of the data expected to be lost in a year",
                "share per year",
                constant=f"=MIN(1,{{own_width!}}*{afr}*{{own_together!}})",
                format="chance",
                note="independent failures only",
            ),
        ],
        "own.book_open": [
            Line(
                "own_in_use",
                "Hardware within its life, at cost",
                f"={_CURRENCY}",
                f"=SUMPRODUCT({{own_additions*}}*({{cal_counter*}}<={_COUNTER})*({{cal_counter*}}>{_COUNTER}-"
                f"{value_of('own.life_months')}))",
                format="money",
            ),
        ],
        "own.depreciation": [
            Line(
                "own_book_added",
                "Hardware put to use, as above",
                f"={_CURRENCY}",
                "={own_additions}",
                total="sum",
                format="money",
            ),
        ],
        "own.replacements": [flag("own_metered", "Whether power is metered", _is("own.power", "metered"))],
        "own.migration": egress_steps(plan),
        "own.readout": reading_steps(plan),
        "own.cloud_sum": [
            Line(
                "own_pnl_sum",
                "Profit and loss after interest, cumulative",
                f"={_CURRENCY}",
                "={own_pnl_sum<}+{own_pnl_all}",
                start=0,
                total="last",
                format="money",
            )
        ],
        "own.unreconciled": [
            Line(
                f"own_{key}_todate",
                f"{label}, to date",
                f"={_CURRENCY}",
                f"={{own_{key}_todate<}}+{{own_{key}}}",
                start=0,
                total="last",
                format="money",
            )
            for key, label in (("cash", "Cash"), ("pnl", "Profit and loss before interest"))
        ],
        "speed.read_tb": [
            Line(
                "speed_once",
                "Read by one pass over all the data",
                "bytes",
                "="
                + "+".join(f"{{representation_{n}_one_copy}}*{driver(rep(n, 'read_share'))}" for n in numbers(plan)),
                format="tb",
            ),
        ],
        "speed.wait_cost": [
            flag("speed_on", "Whether waiting is priced", is_yes("wait.on")),
            Line(
                "speed_rate",
                "Cost of an hour of waiting: GPUs and people",
                f"={_CURRENCY}",
                f"=({value_of('limits.gpus')}*{driver('wait.gpu_usd_per_hour')}"
                f"+{driver('wait.people')}*{value_of('wait.people_usd_per_hour')})*{_FX}",
            ),
        ],
    }


def _is(key: str, text: str) -> str:
    return f'--({value_of(key)}="{text}")'


#: Input of each price, and the billing unit that it must have.
PRICED: Final = {
    "drive": ("own.drive", "TB", "Price of drives"),
    "space": ("own.colocation", "kW-month", "Price of space"),
    "transit": ("own.transit", "Mbps-month", "Price of transit"),
}


def _price_lines(key: str) -> Block:
    source, unit, label = PRICED[key]
    growth = "{cal_escalation}"
    if key == "drive":
        growth = f"(1+{value_of('own.drive_trend')})^(({_COUNTER}-1)/months_per_year)"
    return [
        _day(f"own_{key}", label, value_of(source)),
        Line(
            f"own_{key}_row",
            f"{label}: row in Prices",
            "row",
            format="count",
            constant=f"=MATCH({value_of(source)},price_key,0)",
        ),
        Line(
            f"own_{key}_listed",
            f"{label}: of the book, by month",
            "USD",
            f"={{own_{key}_listed!}}*{growth}",
            constant=f'=IF(INDEX(price_unit,{{own_{key}_row!}})="{unit}",INDEX(price_step,{{own_{key}_row!}}),NA())',
            note=f"USD per {unit}",
        ),
        *quoted(f"own_{key}", label, value_of(source)),
    ]


def _day(key: str, label: str, meter: str) -> Line:
    newest = f"(price_meter={meter})*(price_valid_from<=price_day)*price_valid_from"
    return Line(f"{key}_day", f"{label}: valid from", "date", constant=f"=SUMPRODUCT(MAX({newest}))", format="day")
