"""The sheet Lines: one row a line of the bill, with its meter, its pool and the row of its price."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from vidcost_xl.model.charges import SUPPORT as SUPPORT_LINE
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.plan.bill.possible_lines import PossibleLine
from vidcost_xl.sheets.plan.row_names import MASTER, value_of

SHEET: Final = "Lines"

_BESIDE: Final = (
    "Below: list prices that other sheets ask for, on the plan's day. Each row is a pool of its own: what it would "
    "cost, not what the plan pays."
)

#: 1; none where a line of Changes with the private rate, the note of the row, is impossible.
RATE_STANDS: Final = "=IF(SUMIFS(ch_fault,ch_key,{$.note})=0,1,NA())"

_CONSTANT: Final = re.compile(r"\{([a-z0-9_]+)!\}")

COLUMNS: Final = (
    ("label", "Label", 50.0),
    ("stage", "Stage", 12.0),
    ("id", "Id in the ledger", 56.0),
    ("on", "Plan has it", 9.0),
    ("meter", "Meter, or input that holds the price", 42.0),
    ("used", "Billed", 9.0),
    ("provider", "Provider", 12.0),
    ("payer", "Payer", 13.0),
    ("pool", "Pool: payer, meter", 50.0),
    ("rate", "Its private rate in Changes", 46.0),
    ("row", "Row in Prices, the first where there is none", 14.0),
    ("unit", "Billing unit", 20.0),
    ("size", "Base units in it", 16.0),
    ("times", "Times counted", 10.0),
    ("rounded", "Rounded up", 10.0),
    ("minimum", "Billed at least", 11.0),
    ("discounted", "Discount applies", 11.0),
    ("committed", "Counts for the commitment", 13.0),
    ("supported", "Counts for support", 11.0),
    ("hours", "Hours in the month", 10.0),
    ("amount", "Amount, base units", 15.0),
    ("quantity", "Billing units", 15.0),
    ("billed", "As billed", 15.0),
    ("charge", "List charge, USD", 15.0),
)


def line_row(key: str) -> str:
    """Row id of a line."""
    return f"ln_{key}"


def of(key: str, column: str) -> str:
    """Reference to a column of a line's row, the same from every month."""
    return f"{{${line_row(key)}.{column}}}"


def tiered(at: str, quantity: str) -> str:
    """The list charge of a quantity by the tiers of the price in a row of Prices, as a formula."""
    bounds, steps = f"INDEX(tier_from,{at},0)", f"INDEX(tier_step,{at},0)"
    # A difference against 0 is exact where two numbers that are compared are not.
    return f"=SUMPRODUCT(({quantity}-{bounds}>0)*({quantity}-{bounds})*{steps})"


def as_billed(quantity: str, rounded: str, minimum: str) -> str:
    """A quantity as it is billed, as a formula: whole units where `rounded` holds, at least the minimum."""
    return f"=MAX(IF({rounded},ROUNDUP(ROUND({quantity},conversion_decimals),0),{quantity}),({quantity}>0)*{minimum})"


def covers(key: str, provider: str) -> str:
    """Whether an input that names a provider, or all, names one, as a formula without its equals sign."""
    return f'OR({value_of(key)}="all",{value_of(key)}={provider})'


def lines_sheet(
    possible: list[PossibleLine], derived: list[PossibleLine], meters: Sequence[Row]
) -> tuple[SheetLayout, dict[str, str]]:
    """The sheet and its workbook names.

    Parameters
    ----------
    meters : sequence of Row
        Prices beside those of the lines.
    """
    about = (
        "Every line that a choice on Inputs can bring. Meters follow the classes and routes chosen; a line that the "
        "plan does not have is 0. Lines of one pool share its tiers."
    )
    head = (
        Row(
            "lines_title",
            {
                "label": Entry("Lines of the bill", "title"),
                "meter": Entry("Checks of the workbook", "label_right"),
                "used": Entry(Formula(f"={MASTER}"), "flag", "flags"),
            },
            height=24,
        ),
        Row("lines_about", {"label": Entry(about, "subtitle")}),
        Row("lines_head", {key: Entry(text, "heading_wrapped") for key, text, _ in COLUMNS}, height=42),
    )
    rows = [_row(line) for line in possible] + [_row(line, _SUPPORT_COMMITTED) for line in derived]
    first, last, end = (line_row(line.key) for line in (possible[0], possible[-1], derived[-1]))
    names = {f"line_{column}": f"{{{first}.{column}:{last}.{column}}}" for column in ("pool", "committed", "supported")}
    names |= {
        f"all_{column}": f"{{{first}.{column}:{end}.{column}}}" for column in ("stage", "meter", "used", "id", "label")
    }
    sheet = SheetLayout(
        name=SHEET,
        columns=tuple(Column(key, width) for key, _, width in COLUMNS),
        rows=(*head, *rows, *([Row("lines_beside", {"label": Entry(_BESIDE, "note")})] if meters else []), *meters),
        last_frozen="lines_head",
        title_columns=1,
        large_paper=True,
        pages_wide=2,
        flags=("{lines_title.used:lines_title.used}",),
    )
    return sheet, names


def _formula(text: str) -> Formula:
    # {id!} is the constant of a row over time on another sheet.
    return Formula("=" + _CONSTANT.sub(lambda match: f"{{${match[1]}.constant}}", text))


def _row(line: PossibleLine, committed: str = "") -> Row:
    entries = {
        "label": Entry(_formula(line.label)),
        "stage": Entry(_formula(line.stage)),
        "id": Entry(_formula(line.line)),
        "on": Entry(_formula(line.on), "link" if _CONSTANT.fullmatch(line.on) else "number", "count"),
        "meter": Entry(_formula(f"IF({{.on}}=0,no_meter,{line.meter})"), "text_indent"),
        "used": Entry(Formula("={.on}*({.meter}<>no_meter)"), "number", "count"),
        "payer": Entry(_formula(line.payer)),
        "pool": Entry(Formula('={.payer}&" "&{.meter}')),
        "rate": Entry(Formula('="rate."&IFERROR(LEFT({.meter},FIND("@",{.meter}&"@")-1),"")')),
        "times": Entry(_formula(f"IF({{.used}}=0,0,{line.times})"), "number", "compact"),
        "committed": Entry(Formula(committed or _COMMITTED), "number", "count"),
        "supported": Entry(Formula(_SUPPORTED), "number", "count"),
    }
    if line.unit:
        entries |= {
            "provider": Entry("plan", "text_indent"),
            "unit": Entry(line.unit, "unit"),
            "size": Entry(_formula(line.size), "number", "compact"),
            "discounted": Entry(0, "constant", "count"),
        }
    else:
        entries |= _metered()
    return Row(line_row(line.key), entries)


_PROMISED: Final = covers("commercial.commitment_provider", "{.provider}")
_COMMITTED: Final = (
    f"=({{.payer}}=payer_main)*{_PROMISED}*"
    f'OR({value_of("commercial.commitment_stages")}="all",'
    f'IFERROR(FIND(" "&{{.stage}}&" "," "&{value_of("commercial.commitment_stages")}&" "),0)>0)'
)
#: Of the lines that follow from others, support counts where the contract says so.
_SUPPORT_COMMITTED: Final = (
    f'=({{.payer}}=payer_main)*({{.id}}="{SUPPORT_LINE.id}")*{_PROMISED}*'
    f'({value_of("commercial.commitment_support")}="yes")'
)
_SUPPORTED: Final = f"=({{.payer}}=payer_main)*({{.provider}}={of('support', 'provider')})"


def _metered() -> dict[str, Entry]:
    def price(column: str, missing: str) -> Formula:
        return Formula(f"=IF({{.used}}=0,{missing},INDEX(price_{column},{{.row}}))")

    return {
        "provider": Entry(Formula('=IF({.used}=0,no_meter,LEFT({.meter},FIND(".",{.meter})-1))'), "text_indent"),
        "row": Entry(Formula("=IF({.used}=0,1,MATCH({.meter},price_key,0))"), "number", "count"),
        "unit": Entry(price("unit", '""'), "unit"),
        "size": Entry(price("unit_size", "1"), "number", "compact"),
        "rounded": Entry(price("rounded", "0"), "number", "count"),
        "minimum": Entry(price("minimum", "0"), "number", "compact"),
        "discounted": Entry(Formula(f"=--{covers('commercial.discount_provider', '{.provider}')}"), "number", "count"),
    }
