"""What stands in the sheets Changes and Audit of a plan workbook, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from vidcost_xl.errors import NotInBookError
from vidcost_xl.model.calendar import LAST_SERIAL, day_of_serial, serial_of
from vidcost_xl.model.catalogue import FIRST_DATE, LAST_DATE
from vidcost_xl.model.rate_keys import RATE_PREFIX, is_rate, rated_meter
from vidcost_xl.names import tidy
from vidcost_xl.sheets.package.header_tables import HeadedTable, TableCell, WorkbookReader
from vidcost_xl.sheets.plan.changes import CHANGE_COLUMNS, CHANGES, INSIDE_MONTH
from vidcost_xl.sheets.plan.reading.remarks import Remarks, own_table, shown, used_value
from vidcost_xl.sheets.plan.results.cover import AUDIT, AUDIT_LOG
from vidcost_xl.sheets.plan.user_notes import ChangeLine, LogLine

#: What a user writes into; the other columns are ours.
_CHANGE_HEADINGS: Final = {
    key: heading for key, heading, _ in CHANGE_COLUMNS if key in {"input", "first", "last", "value", "note"}
}


def read_changes(reader: WorkbookReader, remarks: Remarks) -> list[ChangeLine]:
    """The lines of the sheet Changes."""
    table = own_table(reader, _CHANGE_HEADINGS, CHANGES, "changes", ("input", "value", "first", "last"), remarks)
    found = [_change(table, line, remarks) for line in table.lines()]
    for line in table.below():
        at = line["input"].at
        remarks.note(at, "stands under the lines that formulas and functions read. Insert it as a row between them.")
    return [line for line in found if line is not None]


def read_log(reader: WorkbookReader) -> list[LogLine]:
    """The change log of the sheet Audit; empty where there is none."""
    table = reader.table(AUDIT_LOG, AUDIT)
    if table is None:
        return []
    return [
        LogLine(_log_day(table, line["topic"]), _written(line["text"]), _written(line["more"]))
        for line in table.lines()
        if not all(cell.is_blank for cell in line.values())
    ]


def read_facts(reader: WorkbookReader, topics: Mapping[str, str]) -> dict[str, str]:
    """What the sheet Audit says about how the file was made, by our key of its topics."""
    if AUDIT not in reader.book.sheets:
        return {}
    written: dict[str, str] = {}
    for cells in reader.sheet(AUDIT).rows.values():
        first, *others = cells.values()
        if others:
            written.setdefault(first.text, others[0].text)
    return {key: written[topic] for key, topic in topics.items() if topic in written}


def _change(table: HeadedTable, line: Mapping[str, TableCell], remarks: Remarks) -> ChangeLine | None:
    key, at = tidy(line["input"].text), line["input"].at
    note = _written(line["note"])
    given = [line[column] for column in ("input", "first", "last", "value") if not line[column].is_blank]
    if not given and not any(line[column].is_formula for column in ("input", "value")):
        return ChangeLine("", None, None, None, note, at) if note else None
    if not used_value(line["input"], "the input of a change", remarks):
        return None
    if not key:
        remarks.fault(at, f"the change with {shown(given[0])} names no input. Write one, or empty the line.")
        return None
    try:
        name = RATE_PREFIX + rated_meter(key) if is_rate(key) else key
    except NotInBookError as error:
        remarks.fault(at, error.message)
        return None
    cell = line["value"]
    if not used_value(cell, f"the value of {key}", remarks):
        return None
    if isinstance(cell.value, bool) or not isinstance(cell.value, float):
        is_text = not cell.is_blank
        what = f"is a number, not {shown(cell)}" if is_text else "is missing"
        remarks.fault(cell.at, f"the value of {key} {what}. Type a number, or empty the line.")
        return None
    known = len(remarks.faults)
    first, last = (_month(table, line[column], key, column == "last", remarks) for column in ("first", "last"))
    if len(remarks.faults) > known:
        return None
    return ChangeLine(name, first, last, cell.value, note, at)


def _month(table: HeadedTable, cell: TableCell, key: str, ends: bool, remarks: Remarks) -> date | None:
    # None for an open end, and for what is no month, which is a fault.
    if not used_value(cell, f"a month of {key}", remarks) or cell.is_blank:
        return None
    number = table.sheet.day_number(cell.value) if isinstance(cell.value, float) else 0.0
    if not serial_of(FIRST_DATE) <= number < serial_of(LAST_DATE) + 1:
        remarks.fault(cell.at, f"{shown(cell)} is no date. Write a day of the month as a date, such as 2027-03-01.")
        return None
    day = day_of_serial(number)
    if day.day != 1 and not (ends and (day + timedelta(days=1)).day == 1):
        remarks.fault(cell.at, f"{key} {INSIDE_MONTH[ends]}; it is {day}.")
        return None
    return day.replace(day=1)


def _log_day(table: HeadedTable, cell: TableCell) -> date | str:
    if isinstance(cell.value, float) and not isinstance(cell.value, bool):
        day = table.sheet.day_number(cell.value)
        if 1 <= day <= LAST_SERIAL:
            return day_of_serial(day)
    return _written(cell)


def _written(cell: TableCell) -> str:
    # A text of the user's, whatever Excel made of it.
    return cell.text if isinstance(cell.value, str) else "" if cell.value is None else shown(cell)
