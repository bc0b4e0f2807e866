"""The sheets Native, Forecast, Engine and Costs: the bill by native formulas, by the functions, and the one chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from vidcost_xl.model import charges as model
from vidcost_xl.sheets.layout.grid import Heading, Line, Total
from vidcost_xl.sheets.plan.accounts import account_of, center_of
from vidcost_xl.sheets.plan.bill.forecast import forecast
from vidcost_xl.sheets.plan.bill.possible_lines import PossibleLine, possible_line
from vidcost_xl.sheets.plan.line_sheet import line_row, of, tiered
from vidcost_xl.sheets.plan.row_names import Block, driver, engine_or_native, value_of

NATIVE: Final = "Native"
ENGINE: Final = "Engine"
COSTS: Final = "Costs"

SUPPORT: Final = "support"
SHORTFALL: Final = "shortfall"

_RATE: Final = (
    "=IF(COUNTIFS(ch_key,{{$.note}},ch_from,{{n_begun}},ch_to,{{n_lasting}})=0,{{l_{key}}},"
    "{{p_{key}}}*SUMIFS(ch_new,ch_key,{{$.note}},ch_from,{{n_begun}},ch_to,{{n_lasting}}))"
)
_FX: Final = driver("money.fx")


def derived_lines() -> list[PossibleLine]:
    """The lines that are computed from the other lines."""
    plan_name, provider = value_of("commercial.support"), value_of("commercial.commitment_provider")
    shortfall = possible_line(model.SHORTFALL, SHORTFALL, "", "{promised!}", f'{provider}&".commitment"')
    on = f'--({plan_name}<>"")'
    return [
        replace(shortfall, unit="USD"),
        possible_line(model.SUPPORT, SUPPORT, "", on, plan_name, what='"Support plan"'),
    ]


def native_lines(slots: list[PossibleLine]) -> Block:
    """Quantity, pool, list, contracted and amount of every line, in that order.

    Parameters
    ----------
    slots : list of PossibleLine
        Without the derived ones.
    """
    first, last = slots[0].key, slots[-1].key
    lines: Block = [Heading("n_quantity", "Quantity of each line, in billing units")]
    for slot in slots:
        counted = f"{{{slot.volume}}}*{of(slot.key, 'times')}/{of(slot.key, 'size')}"
        text = f"=IF({of(slot.key, 'used')}*{{cal_active}}=0,0,{counted})"
        lines.append(_line("q", slot, text, f"={of(slot.key, 'unit')}", "sum"))
    lines.append(
        Heading("n_pooled", "Quantity of its pool, where the line has any: all lines of one payer at one meter")
    )
    for slot in slots:
        quantity, column = f"{{q_{slot.key}}}", f"{{q_{first}:q_{last}}}"
        text = f"=IF({quantity}=0,0,SUMIFS({column},line_pool,{of(slot.key, 'pool')}))"
        lines.append(_line("p", slot, text, f"={of(slot.key, 'unit')}"))
    lines.append(Heading("n_billed", "Quantity of the pool as billed: rounded, at least the minimum"))
    for slot in slots:
        lines.append(_line("b", slot, _billed(slot.key, f"{{p_{slot.key}}}"), f"={of(slot.key, 'unit')}"))
    lines.append(Heading("n_list", "List charge of the pool: each step above its bound, escalated"))
    for slot in slots:
        if slot.price:
            lines.append(_line("l", slot, f"={{b_{slot.key}}}*{slot.price}", "USD"))
        else:
            lines.append(_line("l", slot, tiered(line_row(slot.key), f"{{b_{slot.key}}}") + "*{cal_escalation}", "USD"))
    lines.append(Heading("n_contracted", "Contracted charge of the pool: at the private rate where one holds"))
    for key, label in (("begun", "a private rate has begun"), ("lasting", "a private rate still holds")):
        lines.append(Line(f"n_{key}", f"Criterion: {label}", "text", f"={{cal_{key}}}", format="general"))
    for slot in slots:
        text = f"={{l_{slot.key}}}" if slot.price else _RATE.format(key=slot.key)
        lines.append(_line("c", slot, text, "USD"))
    lines.append(
        Heading("n_amount", "Amount of each line: its share of the pool, less the discount, in reporting currency")
    )
    for slot in slots:
        text = (
            f"=IF({{q_{slot.key}}}=0,0,{{c_{slot.key}}}*"
            f"(1-{driver('commercial.discount')}*{of(slot.key, 'discounted')})"
            f"*{{q_{slot.key}}}/{{p_{slot.key}}})*{_FX}"
        )
        lines.append(_line("a", slot, text, f"={value_of('money.currency')}", "sum", "money"))
    return lines + _derived(first, last)


def _derived(first: str, last: str) -> Block:
    shortfall, support = derived_lines()
    amounts = f"{{a_{first}:a_{last}}}"
    currency = f"={value_of('money.currency')}"
    return [
        _line(
            "a",
            shortfall,
            f"=MAX(0,{driver('commercial.commitment_usd')}-{{sh_base}})*{of(SHORTFALL, 'used')}*{{cal_active}}*{_FX}",
            currency,
            "sum",
            "money",
        ),
        _line(
            "a", support, f"=IF({of(SUPPORT, 'used')}*{{cal_active}}=0,0,{{su_list}}*{_FX})", currency, "sum", "money"
        ),
        Line(
            "n_total",
            "Total",
            currency,
            f"=SUM({{a_{first}:a_{SUPPORT}}})",
            total="sum",
            format="money",
            style="total",
            text_style="total_text",
        ),
        Heading("n_base", "What the commitment and the support plan are measured against"),
        Line(
            "sh_base",
            "Charges that count for the commitment",
            "USD",
            f"=SUMPRODUCT({amounts},line_committed)/{_FX}",
            total="sum",
            format="money",
        ),
        Line(
            "su_base",
            "Charges that count for the support plan",
            "USD",
            f"=SUMPRODUCT({amounts},line_supported)/{_FX}",
            total="sum",
            format="money",
        ),
        Line(
            "su_billed",
            "The same, at least the minimum",
            "USD",
            _billed(SUPPORT, "{su_base}"),
            total="sum",
            format="money",
        ),
        Line(
            "su_list",
            "Support plan at list",
            "USD",
            tiered(line_row(SUPPORT), "{su_billed}"),
            total="sum",
            format="money",
        ),
    ]


def _billed(key: str, quantity: str) -> str:
    rounded = f"IF({of(key, 'rounded')}>0,ROUNDUP(ROUND({quantity},conversion_decimals),0),{quantity})"
    return f"=MAX({rounded},({quantity}>0)*{of(key, 'minimum')})"


def engine_lines(slots: list[PossibleLine]) -> Block:
    """The row of every line in the answer of the functions.

    Parameters
    ----------
    slots : list of PossibleLine
        With the derived ones.
    """
    lines: Block = [Heading("e_heading", "Amount of each line, from the answer of VIDEO_FORECAST (sheet Forecast)")]
    currency, answer = f"={value_of('money.currency')}", forecast(len(slots)).in_month
    for slot in slots:
        key = slot.key
        lines.append(
            Line(
                f"e_{key}",
                f"={of(key, 'label')}",
                currency,
                f"=IF({{e_{key}!}}*{{cal_active}}=0,0,INDEX({answer},{{e_{key}!}}))",
                constant=f"=IF({of(key, 'used')}=0,0,MATCH({of(key, 'id')},forecast_ids,0))",
                total="sum",
                note=f"={of(key, 'id')}",
                format="money",
            )
        )
    first, last = slots[0].key, slots[-1].key
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


def cost_lines(slots: list[PossibleLine], stages: tuple[str, ...]) -> Block:
    """The bill by stage and line, from the functions or the native formulas.

    Parameters
    ----------
    slots : list of PossibleLine
        With the derived ones.
    """
    currency = f"={value_of('money.currency')}"
    first, last = slots[0].key, slots[-1].key
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
    lines.append(Heading("k_lines", "By line: GL account and cost centre as notes, stage in the column of constants"))
    for slot in slots:
        key = slot.key
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


#: What the label of a line says besides its name, by section.
_SAID: Final = {
    "q": '&", quantity"',
    "p": '&", its pool"',
    "b": '&", its pool as billed"',
    "l": '&", its pool at list"',
    "c": '&", its pool as contracted"',
    "a": "",
}


#: What the note of a line says, by section: its id, or the name of its private rate.
_NOTED: Final = {"q": "id", "c": "rate", "a": "id"}


def _line(part: str, slot: PossibleLine, text: str, unit: str, total: Total = "none", form: str = "compact") -> Line:
    return Line(
        f"{part}_{slot.key}",
        f"={of(slot.key, 'label')}" + _SAID[part],
        unit,
        text,
        total=total,
        format=form,
        note=f"={of(slot.key, _NOTED[part])}" if part in _NOTED else "",
    )
