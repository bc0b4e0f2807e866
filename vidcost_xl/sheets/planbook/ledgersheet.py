"""The sheet Ledger: the rows of the model as values, in a table for pivots."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from vidcost_xl.model.bill import Bill
from vidcost_xl.model.ledger import COLUMNS, to_columns
from vidcost_xl.sheets.layout import Column, Entry, Formula, Row, SheetLayout, Table
from vidcost_xl.sheets.planbook.names import MASTER

SHEET: Final = "Ledger"

_WIDTHS: Final = {
    "line": 44.0,
    "label": 44.0,
    "meter": 36.0,
    "source": 110.0,
    "service": 24.0,
    "unit": 22.0,
    **dict.fromkeys(
        (
            "list_unit_price",
            "contracted_unit_price",
            "effective_unit_price",
            "contracted_amount",
            "reporting_amount",
            "reporting_currency",
        ),
        23.0,
    ),
}
_WIDTH: Final = 16.0
_NUMBERS: Final = {
    "list_unit_price": "small_number",
    "contracted_unit_price": "small_number",
    "effective_unit_price": "small_number",
    "quantity": "compact",
}


def ledger_sheet(bill: Bill) -> SheetLayout:
    """The sheet.

    Parameters
    ----------
    bill : Bill

    Returns
    -------
    SheetLayout
    """
    columns = to_columns(bill)
    about = (
        "The ledger as the file was made: values for pivot tables, which do not follow a change on Inputs. Costs does."
    )
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
        Row("ledger_head", {name: Entry(name, "heading") for name in COLUMNS}),
    ]
    values = [column.tolist() for column in columns.values()]
    for at, record in enumerate(zip(*values, strict=True), start=1):
        entries = {}
        for name, value in zip(COLUMNS, record, strict=True):
            if isinstance(value, float):
                if value == value:  # noqa: PLR0124 - an unused line has no unit price: NaN, and an empty cell
                    entries[name] = Entry(value, "constant_black", _NUMBERS.get(name, "cents"))
            elif isinstance(value, (date, datetime)):
                entries[name] = Entry(value, "constant_black", "date")
            else:
                entries[name] = Entry(str(value), "text_indent")
        rows.append(Row(f"ledger_{at}", entries))
    area = f"{{ledger_head.{COLUMNS[0]}:{rows[-1].id}.{COLUMNS[-1]}}}"
    return SheetLayout(
        name=SHEET,
        columns=tuple(Column(name, _WIDTHS.get(name, _WIDTH)) for name in COLUMNS),
        rows=tuple(rows),
        last_frozen="ledger_head",
        flags=("{ledger_title.label:ledger_title.label}",),
        tables=(Table("ledger", area),),
        large_paper=True,
    )
