"""The sheet Ledger: the rows of the model as values, in a table for pivots."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from vidcost_xl.model.bill import Bill
from vidcost_xl.model.calendar import EXCEL_EPOCH
from vidcost_xl.model.ledger import ACCOUNTS, COLUMNS, to_columns
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import month
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, Table, Value
from vidcost_xl.sheets.package.edits.values import number
from vidcost_xl.sheets.plan.row_names import MASTER, rep, value_of

SHEET: Final = "Ledger"

_WIDTHS: Final = {
    "version": 16.0,
    "line": 44.0,
    "label": 44.0,
    "meter": 36.0,
    "source": 110.0,
    "service": 24.0,
    "unit": 18.0,
    "cost_center": 16.0,
    **dict.fromkeys(
        (
            "list_unit_price",
            "contracted_unit_price",
            "effective_unit_price",
            "contracted_amount",
            "reporting_amount",
            "reporting_currency",
        ),
        21.0,
    ),
    **dict.fromkeys(("quantity", "list_amount", "amount"), 16.0),
}
_WIDTH: Final = 12.0
_NUMBERS: Final = {
    "list_unit_price": "small_number",
    "contracted_unit_price": "small_number",
    "effective_unit_price": "small_number",
    "quantity": "quantity",
}


#: Label of each figure that tells whether the rows are those of the plan as it stands, by its key.
STAMPS: Final = {
    "total": "Cost of the plan",
    "moment": "Month x cost",
    "plan": "Calendar, owner",
    "accounts": "Accounts",
    "names": "Names",
}

#: Between joined texts: account numbers beside each other must not read as one number.
_BETWEEN: Final = " / "

#: Columns of what a figure was when the rows were written, and of what it is now: for money, and for texts.
_MONEY_AT: Final = ("period", "fiscal_year")
_TEXT_AT: Final = ("line", "meter")

_COMPARED: Final = {
    "period": "As stamped",
    "fiscal_year": "On Costs now",
    "quarter": "Differs",
    "line": "As stamped",
    "meter": "On Inputs now",
}
#: Columns that stand on both pages of a print.
_REPEATED: Final = COLUMNS[: COLUMNS.index("line") + 1]
#: How the sheet begins to say that its rows are of another plan by now, in its third row.
STALE: Final = "STALE"
STATE_ROW: Final = 3
_STATE: Final = (
    "=IF(IFERROR(SUM({ledger_stamp_total.quarter:ledger_stamp_names.quarter}),1)=0,"
    '"These rows are those of the plan as it stands.",'
    f'"{STALE}: Inputs, Changes or Prices differ from what these rows were written for. Refresh them."'
    ")"
)


def records(columns: Mapping[str, Any]) -> Iterator[dict[str, float | str | date]]:
    """The rows of the ledger as cells hold them; a unit price that an unused line does not have is left out."""
    values = [column.tolist() for column in columns.values()]
    for record in zip(*values, strict=True):
        named = zip(COLUMNS, record, strict=True)
        yield {
            name: value if isinstance(value, (float, date)) else str(value)
            for name, value in named
            if value == value  # noqa: PLR0124 - NaN
        }


def text_keys(plan: Plan) -> dict[str, list[str]]:
    """The inputs that name rows of the ledger, or date them, by the key of their stamp."""
    return {
        "plan": ["calendar.start", "calendar.fiscal_year_start", "money.currency", "account.cost_center"],
        "accounts": list(dict.fromkeys(ACCOUNTS.values())),
        "names": [rep(n, "name") for n in range(1, plan.representations + 1)],
    }


def stamps_of(bill: Bill) -> dict[str, Value]:
    """What the sheet says beside its rows, by the keys of `STAMPS`.

    Returns
    -------
    dict of str to value
        `total` and `moment` in reporting currency: the cost of the plan, and the sum of month number times cost, which
        changes when a cost moves to another month.
    """
    columns = to_columns(bill)
    amounts = np.asarray(columns["reporting_amount"], dtype=float)
    counter = {start: at for at, start in enumerate(bill.plan.calendar.starts, start=1)}
    moments = np.array([counter[period] for period in columns["period"].tolist()], dtype=float)
    texts = {key: _BETWEEN.join(map(_shown(bill.plan), keys)) for key, keys in text_keys(bill.plan).items()}
    return {"total": float(amounts.sum()), "moment": float((amounts * moments).sum()), **texts}


def _shown(plan: Plan) -> Callable[[str], str]:
    # As a formula joins cells: a date is its number, a blank nothing.
    def text(key: str) -> str:
        value = plan.values[key]
        if isinstance(value, date):
            return str((value - EXCEL_EPOCH).days)
        return number(value) if isinstance(value, float) else plan.text(key)

    return text


def _entries(record: Mapping[str, float | str | date]) -> dict[str, Entry]:
    entries = {}
    for name, value in record.items():
        if isinstance(value, float):
            entries[name] = Entry(value, "constant_black", _NUMBERS.get(name, "cents"))
        elif isinstance(value, date):
            entries[name] = Entry(value, "constant_black", "date")
        else:
            entries[name] = Entry(value, "text_indent")
    return entries


def _months(row: str, months: int) -> str:
    return f"{{{row}.{month(1)}:{row}.{month(months)}}}"


def _money_row(key: str, stamps: Mapping[str, Value], now: str) -> Row:
    stamped, current = _MONEY_AT
    differs = f"=--(ABS({{.{stamped}}}-{{.{current}}})>tolerance_money+tolerance*ABS({{.{current}}}))"
    return Row(
        f"ledger_stamp_{key}",
        {
            "version": Entry(STAMPS[key]),
            stamped: Entry(stamps[key], "constant", "money"),
            current: Entry(Formula(now), "link" if key == "total" else "number", "money"),
            "quarter": Entry(Formula(differs), "number", "count"),
        },
    )


def _text_row(key: str, stamps: Mapping[str, Value], keys: Sequence[str]) -> Row:
    stamped, current = _TEXT_AT
    now = f'&"{_BETWEEN}"&'.join(map(value_of, keys))
    return Row(
        f"ledger_stamp_{key}",
        {
            "version": Entry(STAMPS[key]),
            stamped: Entry(stamps[key], "text_indent"),
            current: Entry(Formula(f"={now}"), "link_text" if len(keys) == 1 else "text_indent"),
            "quarter": Entry(Formula(f"=--({{.{stamped}}}<>{{.{current}}})"), "number", "count"),
        },
    )


def ledger_sheet(bill: Bill) -> SheetLayout:
    """The sheet."""
    columns = to_columns(bill)
    about = (
        "One row a month and line of the bill, as values for pivot tables. They do not follow a change on Inputs: "
        "vidcost refresh, or Refresh on the tab Video cost, writes them again."
    )
    plan, stamps = bill.plan, stamps_of(bill)
    months = plan.integer("calendar.months")
    rows = [
        Row(
            "ledger_title",
            {
                "version": Entry("Ledger", "title"),
                "line": Entry("Checks of the workbook", "label_right"),
                "label": Entry(Formula(f"={MASTER}"), "flag", "flags"),
            },
            height=24,
        ),
        Row("ledger_about", {"version": Entry(about, "subtitle")}),
        Row("ledger_state", {"version": Entry(Formula(_STATE), "total_text")}),
        Row("ledger_compared", {key: Entry(text, "total_text") for key, text in _COMPARED.items()}),
        _money_row("total", stamps, "={k_total.total}"),
        _money_row("moment", stamps, f"=SUMPRODUCT({_months('cal_counter', months)},{_months('k_total', months)})"),
        *(_text_row(key, stamps, keys) for key, keys in text_keys(plan).items()),
        Row("ledger_head", {name: Entry(name, "heading") for name in COLUMNS}),
    ]
    rows += [Row(f"ledger_{at}", _entries(record)) for at, record in enumerate(records(columns), start=1)]
    area = f"{{ledger_head.{COLUMNS[0]}:{rows[-1].id}.{COLUMNS[-1]}}}"
    return SheetLayout(
        name=SHEET,
        columns=tuple(Column(name, _WIDTHS.get(name, _WIDTH)) for name in COLUMNS),
        rows=tuple(rows),
        last_frozen="ledger_head",
        flags=("{ledger_title.label:ledger_title.label}",),
        tables=(Table("ledger", area),),
        large_paper=True,
        title_columns=len(_REPEATED),
        pages_wide=2,
        last_printed_column=COLUMNS[-2],
    )
