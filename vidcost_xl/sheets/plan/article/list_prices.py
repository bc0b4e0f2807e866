"""The sheet Meters: the prices that the sheets Text, Barrier, Agents and Claims need, and what amounts cost at them.

A row finds the price of a meter on the sheet Prices as the sheet Lines does, for meters that no line of the plan has:
the routes that it does not take, the text that it does not store.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from vidcost_xl.sheets.layout.sheet_layout import Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.plan.article.result_sheet import entry, heading_row, result_sheet
from vidcost_xl.sheets.plan.line_sheet import as_billed, tiered

SHEET: Final = "Meters"

_COLUMNS: Final = (
    ("label", "What is priced", 88.0),
    ("meter", "Meter", 40.0),
    ("on", "Has a price", 14.0),
    ("row", "Row in Prices", 24.0),
    ("unit", "Billing unit", 18.0),
    ("size", "Base units in it", 16.0),
    ("rounded", "Rounded up", 10.0),
    ("minimum", "Billed at least", 10.0),
    ("hours", "Hours in the month", 10.0),
    ("times", "Times counted", 10.0),
    ("amount", "Amount, base units", 15.0),
    ("quantity", "Billing units", 15.0),
    ("billed", "As billed", 15.0),
    ("charge", "List charge, USD", 15.0),
)

_BILLED: Final = as_billed("{.quantity}", "{.rounded}=1", "{.minimum}")


def meter_row(key: str) -> str:
    """Row id of a meter."""
    return f"mt_{key}"


def of_meter(key: str, column: str) -> str:
    """Reference to a column of a meter, the same from everywhere."""
    return f"{{${meter_row(key)}.{column}}}"


def charge(*keys: str) -> str:
    """The list charges of some rows together, as a formula without its equals sign."""
    return "+".join(of_meter(key, "charge") for key in keys)


class MeterSheet:
    """Collects the rows of the sheet."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def block(self, key: str, label: str) -> None:
        """Begin a block."""
        self.rows.append(heading_row(f"mt_block_{key}", label, _COLUMNS))

    def add(self, key: str, label: str, meter: str, amount: str = "", times: str | float = 1) -> None:
        """Add a meter.

        Parameters
        ----------
        meter : str
            Its id, or a formula that looks it up.
        amount : str
            Formula of base units; empty where months have amounts of their own.
        times : str or float
            How often each unit is counted.
        """
        found = {
            "label": Entry(label),
            "meter": entry(meter, "text", "text_indent"),
            "on": entry("=--({.meter}<>no_meter)", "count"),
            "row": entry("=IF({.on}=0,1,MATCH({.meter},price_key,0))", "count"),
            "unit": Entry(Formula('=IF({.on}=0,"",INDEX(price_unit,{.row}))'), "unit"),
            "times": entry(times, "compact"),
        }
        for column, missing in (("size", 1), ("rounded", 0), ("minimum", 0), ("hours", 0)):
            source = "unit_size" if column == "size" else column
            found[column] = entry(f"=IF({{.on}}=0,{missing},INDEX(price_{source},{{.row}}))", "compact")
        if amount:
            found["amount"] = entry(amount)
            found["quantity"] = entry("=IF({.on}=0,0,{.amount}*{.times}/{.size})")
            found["billed"] = entry(_BILLED)
            found["charge"] = entry(tiered("{.row}", "{.billed}"), "cents")
        self.rows.append(Row(meter_row(key), found))

    @property
    def sheet(self) -> SheetLayout:
        """The sheet."""
        about = (
            "List prices from the sheet Prices on the plan's day. Each row is a pool of its own: what it would cost, "
            "not what the plan pays."
        )
        sheet = result_sheet(SHEET, "Meters", about, _COLUMNS, self.rows)
        return replace(sheet, title_columns=1)
