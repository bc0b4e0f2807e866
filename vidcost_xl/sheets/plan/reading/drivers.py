"""What stands in the sheet Drivers of a plan workbook: deciding inputs, and inputs month by month."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from vidcost_xl.digits import same
from vidcost_xl.model.calendar import MONTHS_PER_YEAR
from vidcost_xl.model.catalogue import catalogue, spec_key
from vidcost_xl.sheets.package.header_tables import HeadedTable, SheetReader, TableCell, WorkbookReader
from vidcost_xl.sheets.plan.drivers import series_keys
from vidcost_xl.sheets.plan.drivers_sheet import DRIVER_HEADINGS, HIGH, KEY, LOW, MONTH_NUMBERS
from vidcost_xl.sheets.plan.reading.remarks import Remarks, shown, used_value
from vidcost_xl.sheets.plan.row_names import DRIVERS
from vidcost_xl.sheets.plan.user_notes import ChangeLine

#: Columns that the inputs are read from.
_HEADINGS: Final = {
    "key": DRIVER_HEADINGS[KEY],
    "value": DRIVER_HEADINGS["value"],
    "unit": DRIVER_HEADINGS["unit"],
    "low": DRIVER_HEADINGS[LOW],
    "high": DRIVER_HEADINGS[HIGH],
}
#: What a program may write around a cell without changing what is meant.
_SPELLING: Final = re.compile(r"[\s$']|_xlfn\.|^=")


@dataclass(frozen=True)
class DriverLines:
    """The rows of the sheet Drivers.

    Parameters
    ----------
    table : HeadedTable, optional
        None for a workbook without the sheet, as the version before made it.
    lines : mapping of str to mapping of str to TableCell
        By key; columns key, value, unit, low, high.
    """

    table: HeadedTable | None = None
    lines: Mapping[str, Mapping[str, TableCell]] = field(default_factory=dict)

    def check_links(self, key: str, line: Mapping[str, TableCell], sheet: SheetReader, remarks: Remarks) -> None:
        """A fault for every cell of Inputs that no longer shows what is typed on Drivers.

        Parameters
        ----------
        line : mapping of str to TableCell
            The row of Inputs.
        """
        columns = ["value", *(("low", "high") if catalogue()[spec_key(key)].is_numeric else ())]
        for column in columns:
            here, there = line[column], self.lines[key][column]
            if not here.is_formula:
                stands = _same(here, there)
            else:
                formula = sheet.formula(here.at)
                stands = not formula or _SPELLING.sub("", formula).upper() == _link(there.at)
            if not stands:
                holds = "holds a formula of its own" if here.is_formula else f"holds {shown(here)}"
                remarks.fault(
                    here.at,
                    f"{key} is typed in {there.at}, which holds {shown(there)}, and here stands only a link to it, "
                    f"but it {holds}. Type the value in {there.at}, and here ={_written(there.at)} again.",
                )


def read_drivers(reader: WorkbookReader, remarks: Remarks) -> DriverLines:
    """The deciding inputs that are typed on the sheet Drivers.

    Parameters
    ----------
    remarks : Remarks
        Gets a fault for a key that stands in two rows.
    """
    if ("", DRIVERS.casefold()) not in reader.book.names and DRIVERS not in reader.book.sheets:
        return DriverLines()
    table = reader.table(_HEADINGS, DRIVERS, DRIVERS)
    if table is None:
        return DriverLines()
    table.need(("key", "value"))
    lines: dict[str, Mapping[str, TableCell]] = {}
    for line in table.lines():
        key = line["key"].text
        if key in lines:
            remarks.fault(line["value"].at, f"{key} is given twice, here and in {lines[key]['value'].at}.")
        elif key:
            lines[key] = line
    return DriverLines(table, lines)


def read_series(drivers: DriverLines, start: date, remarks: Remarks) -> list[ChangeLine]:
    """The months that are typed in the series, each as a change of that month.

    Parameters
    ----------
    start : date
        The first month of the plan.
    """
    if drivers.table is None:
        return []
    found: list[ChangeLine] = []
    months: dict[int, int] = {}
    for row, cells in drivers.table.sheet.rows.items():
        texts = {cell.text for cell in cells.values()}
        if MONTH_NUMBERS in texts:
            months = {column: int(cell.value) for column, cell in cells.items() if isinstance(cell.value, float)}
        key = next((key for key in series_keys() if key in texts), "")
        if not key or not months:
            continue
        for column, month in months.items():
            cell = drivers.table.sheet.cell(row, column)
            if cell.is_blank and not cell.is_formula:
                continue
            line = _month_line(key, cell, _month(start, month), remarks)
            found += [line] if line else []
    return found


def _month_line(key: str, cell: TableCell, month: date, remarks: Remarks) -> ChangeLine | None:
    what = f"{key} of {month:%Y-%m}"
    if cell.is_formula and cell.is_blank and isinstance(cell.value, str):
        return None  # a formula that leaves the month empty
    if not used_value(cell, what, remarks):
        return None
    if isinstance(cell.value, bool) or not isinstance(cell.value, float):
        remarks.fault(cell.at, f"{what} is a number, not {shown(cell)}. Type a number, or empty the cell.")
        return None
    return ChangeLine(key, month, month, cell.value, at=cell.at, in_series=True)


def _month(start: date, number: int) -> date:
    count = start.year * MONTHS_PER_YEAR + start.month - 1 + number - 1
    return date(count // MONTHS_PER_YEAR, count % MONTHS_PER_YEAR + 1, 1)


def _same(here: TableCell, there: TableCell) -> bool:
    if isinstance(here.value, float) and isinstance(there.value, float):
        return same(here.value, there.value)
    return (here.is_blank and there.is_blank) or here.value == there.value


def _link(at: str) -> str:
    return _SPELLING.sub("", _written(at)).upper()


def _written(at: str) -> str:
    return f'IF({at}="","",{at})'
