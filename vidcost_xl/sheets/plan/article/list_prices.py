"""Rows of the sheet Lines below its lines: prices that Own, Text, Barrier, Agents and Claims need.

A row finds the list price of a meter on the plan's day as a line does, for meters that no line of the plan has: the
routes that it does not take, the text that it does not store. Each is a pool of its own: what it would cost.
"""

from __future__ import annotations

from typing import Final

from vidcost_xl.sheets.layout.sheet_layout import Entry, Formula, Row
from vidcost_xl.sheets.plan.article.result_sheet import entry
from vidcost_xl.sheets.plan.line_sheet import COLUMNS, as_billed, tiered

#: What the columns of the sheet Lines mean for a meter that no line has.
_COLUMNS: Final = {"meter": "Meter", "on": "Has a price", "row": "Row in Prices"}

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


class MeterRows:
    """Collects the rows."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def block(self, key: str, label: str) -> None:
        """Begin a block."""
        texts = {"label": label, **(_COLUMNS if not self.rows else {})}
        entries = {column: Entry(texts.get(column, ""), "total_text") for column, _, _ in COLUMNS}
        self.rows.append(Row(f"mt_block_{key}", entries))

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
