"""The sheet Native: the bill by native formulas, from the quantity of each line to its amount."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from vidcost_xl.model import charges as model
from vidcost_xl.sheets.layout.grid import Heading, Line, Total
from vidcost_xl.sheets.plan.bill.possible_lines import PossibleLine, possible_line
from vidcost_xl.sheets.plan.guard_rows import choices_name
from vidcost_xl.sheets.plan.line_sheet import RATE_STANDS, as_billed, of, tiered
from vidcost_xl.sheets.plan.row_names import Block, driver, value_of

NATIVE: Final = "Native"

SUPPORT: Final = "support"
SHORTFALL: Final = "shortfall"

_RATE: Final = (
    "=IF(COUNTIFS(ch_key,{{$.note}},ch_from,{{n_begun}},ch_to,{{n_lasting}})=0,{{l_{key}}},"
    "{{p_{key}}}*{{c_{key}!}}*SUMIFS(ch_new,ch_key,{{$.note}},ch_from,{{n_begun}},ch_to,{{n_lasting}}))"
)
_FX: Final = driver("money.fx")
_BASIS: Final = "commercial.support_basis"

#: Of pools: those of the quantity of the line above.
_UNITS: Final = "billing units"


def derived_lines() -> list[PossibleLine]:
    """The lines that are computed from the other lines."""
    plan_name, provider = value_of("commercial.support"), value_of("commercial.commitment_provider")
    shortfall = possible_line(model.SHORTFALL, SHORTFALL, "", "{promised!}", f'{provider}&".commitment"')
    on = f'--({plan_name}<>"")'
    return [
        replace(shortfall, unit="USD"),
        possible_line(model.SUPPORT, SUPPORT, "", on, plan_name, what='"Support plan"'),
    ]


def native_lines(possible: list[PossibleLine]) -> Block:
    """Quantity, pool, list, contracted and amount of every line, in that order.

    Parameters
    ----------
    possible : list of PossibleLine
        Without the derived ones.
    """
    first, last = possible[0].key, possible[-1].key
    lines: Block = [Heading("n_quantity", "Quantity of each line, in billing units")]
    for line in possible:
        counted = f"{{{line.volume}}}*{of(line.key, 'times')}/{of(line.key, 'size')}"
        text = f"=IF({of(line.key, 'used')}*{{cal_active}}=0,0,{counted})"
        lines.append(_line("q", line, text, f"={of(line.key, 'unit')}", "sum"))
    lines.append(
        Heading("n_pooled", "Quantity of its pool, where the line has any: all lines of one payer at one meter")
    )
    for line in possible:
        quantity, column = f"{{q_{line.key}}}", f"{{q_{first}:q_{last}}}"
        text = f"=IF({quantity}=0,0,SUMIFS({column},line_pool,{of(line.key, 'pool')}))"
        lines.append(_line("p", line, text, _UNITS))
    lines.append(Heading("n_billed", "Quantity of the pool as billed: rounded, at least the minimum"))
    for line in possible:
        lines.append(_line("b", line, _billed(line.key, f"{{p_{line.key}}}"), _UNITS))
    lines.append(
        Heading("n_list", "List charge of the pool (constant: row of Prices): each step above its bound, escalated")
    )
    for line in possible:
        if line.price:
            lines.append(_line("l", line, f"={{b_{line.key}}}*{line.price}", "USD"))
        else:
            text = tiered(f"{{l_{line.key}!}}", f"{{b_{line.key}}}") + "*{cal_escalation}"
            lines.append(_line("l", line, text, "USD", constant=f"={of(line.key, 'row')}"))
    lines.append(Heading("n_contracted", "Contracted charge of the pool: at the private rate where one holds"))
    for key, label in (("begun", "a private rate has begun"), ("lasting", "a private rate still holds")):
        lines.append(Line(f"n_{key}", f"Criterion: {label}", "text", f"={{cal_{key}}}", format="general"))
    for line in possible:
        text = f"={{l_{line.key}}}" if line.price else _RATE.format(key=line.key)
        lines.append(_line("c", line, text, "USD", constant="" if line.price else RATE_STANDS))
    lines.append(
        Heading("n_amount", "Amount of each line: its share of the pool, less the discount, in reporting currency")
    )
    for line in possible:
        text = (
            f"=IF({{q_{line.key}}}=0,0,{{c_{line.key}}}*"
            f"(1-{driver('commercial.discount')}*{of(line.key, 'discounted')})"
            f"*{{q_{line.key}}}/{{p_{line.key}}})*{_FX}"
        )
        lines.append(_line("a", line, text, f"={value_of('money.currency')}", "sum", "money"))
    return lines + _derived(first, last)


def _derived(first: str, last: str) -> Block:
    shortfall, support = derived_lines()

    def section(part: str) -> str:
        return f"{{{part}_{first}:{part}_{last}}}"

    def shared(part: str) -> str:
        # The share of each line in its pool, with 0 where there is nothing to share.
        return f"{section(part)}*{section('q')}/({section('p')}+({section('p')}=0))"

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
            f"=SUMPRODUCT({section('a')},line_committed)/{_FX}+{{su_list}}*{of(SUPPORT, 'committed')}",
            total="sum",
            format="money",
        ),
        _measured("su_list_base", "Charges that count for the support plan, at list", shared("l")),
        _measured("su_contracted_base", "The same at private rates", shared("c")),
        _measured("su_effective_base", "The same after discounts", f"{section('a')}/{_FX}"),
        Line(
            "su_base",
            "What the support plan is a share of",
            "USD",
            f"=INDEX({{su_list_base:su_effective_base}},MATCH({value_of(_BASIS)},{choices_name(_BASIS)},0))",
            total="sum",
            format="money",
        ),
        Line(
            "su_version",
            "The support plan's prices in the month hold from",
            "date",
            f"=SUMPRODUCT(MAX((price_meter={_PLAN})*(price_valid_from<={{cal_start}})*price_valid_from))",
            note=f"={of(SUPPORT, 'meter')}",
            format="day",
        ),
        Line(
            "su_rows",
            "Rows of these prices, where they have not ended",
            "rows",
            f"=SUMPRODUCT({_IN_FORCE}*(price_valid_to>{{cal_start}}))",
            format="count",
        ),
        Line(
            "su_sold",
            "Whether it is on sale then: #N/A when it is chosen and is not (see aws.support on Prices)",
            "0 or 1",
            f"=IF({of(SUPPORT, 'used')}*{{cal_active}}*({{su_rows}}=0),NA(),--({{su_rows}}>0))",
            format="count",
        ),
        Line(
            "su_minimum",
            "What its minimum fee is the share of",
            "USD",
            f"={{su_sold}}*SUMPRODUCT({_IN_FORCE}*price_minimum)/MAX(1,{{su_rows}})",
            format="money",
        ),
        Line(
            "su_billed",
            "What it is a share of, at least that of the minimum fee",
            "USD",
            "=MAX({su_base},{su_minimum}*{cal_active})",
            total="sum",
            format="money",
        ),
        Line(
            "su_list",
            "Support plan at list, by the bands of the month",
            "USD",
            f"=SUMPRODUCT({_IN_FORCE}"
            "*({su_billed}>price_charged_from)*({su_billed}-price_charged_from)*price_step)",
            total="sum",
            format="money",
        ),
    ]


#: The meter of the support plan.
_PLAN: Final = "{$su_version.note}"
_IN_FORCE: Final = f"(price_meter={_PLAN})*(price_valid_from={{su_version}})"


def _measured(row: str, label: str, amounts: str) -> Line:
    return Line(row, label, "USD", f"=SUMPRODUCT({amounts},line_supported)", total="sum", format="money")


def _billed(key: str, quantity: str) -> str:
    return as_billed(quantity, f"{of(key, 'rounded')}>0", of(key, "minimum"))


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


def _line(
    part: str,
    line: PossibleLine,
    text: str,
    unit: str,
    total: Total = "none",
    form: str = "compact",
    constant: str = "",
) -> Line:
    return Line(
        f"{part}_{line.key}",
        f"={of(line.key, 'label')}" + _SAID[part],
        unit,
        text,
        total=total,
        format=form,
        constant=constant,
        note=f"={of(line.key, _NOTED[part])}" if part in _NOTED else "",
    )
