"""What stands in the rows of Inputs, Changes and Audit of a plan workbook, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from vidcost_xl.errors import BadArgumentError, ExcelError, VideoCostError, unknown_name
from vidcost_xl.model.calendar import LAST_SERIAL, day_of_serial
from vidcost_xl.model.catalogue import InputSpec, catalogue, spec_key
from vidcost_xl.model.plan import RATE_PREFIX
from vidcost_xl.model.values import Value, read_value
from vidcost_xl.sheets.headed import FoundCell, HeadedTable, WorkbookReader
from vidcost_xl.sheets.planbook.front import AUDIT, AUDIT_LOG
from vidcost_xl.sheets.planbook.inputs import CHANGE_COLUMNS, CHANGES, ENGINE_CHOICES, INPUT_COLUMNS, INPUTS, SWITCH

#: What a user writes into; the other columns are ours.
_INPUT_HEADINGS: Final = {
    key: heading for key, heading, _ in INPUT_COLUMNS if key in {"key", "value", "unit", "low", "high"}
}
_CHANGE_HEADINGS: Final = {
    key: heading for key, heading, _ in CHANGE_COLUMNS if key in {"input", "first", "last", "value", "note"}
}

_RESTORE: Final = "Undo the change, or take the sheet from a copy of the file."


@dataclass(frozen=True)
class ReadingNote:
    """Something about a workbook that a reader should know.

    Parameters
    ----------
    at : str
        The cell, such as Inputs!C5, or the sheet.
    text : str
        What it is and what to do.
    """

    at: str
    text: str

    def __str__(self) -> str:
        return f"{self.at}: {self.text}"


@dataclass
class Remarks:
    """What is found while reading: faults, for which there is no plan, and notes.

    Parameters
    ----------
    faults, notes : list of ReadingNote
    """

    faults: list[ReadingNote] = field(default_factory=list)
    notes: list[ReadingNote] = field(default_factory=list)

    def fault(self, at: str, text: str) -> None:
        """Add what stands in the way of a plan."""
        self.faults.append(ReadingNote(at, text))

    def note(self, at: str, text: str) -> None:
        """Add what does not."""
        self.notes.append(ReadingNote(at, text))


@dataclass(frozen=True)
class InputLine:
    """One input of the sheet Inputs.

    Parameters
    ----------
    key : str
    value : float, str, date or None
        Checked against the catalogue.
    pair : tuple of float, optional
        Low and high, where they differ from the catalogue's.
    at : str
        The cell of its value.
    """

    key: str
    value: Value
    pair: tuple[float, float] | None
    at: str


@dataclass(frozen=True)
class ChangeLine:
    """One line of the sheet Changes.

    Parameters
    ----------
    key : str
        An input that may differ by month, or rate.<meter>; empty for a note alone.
    first, last : date, optional
        Months that it holds from and to; None for an open end.
    value : float, optional
    note : str
        Why, and who decided.
    at : str
        The cell of its input.
    """

    key: str
    first: date | None
    last: date | None
    value: float | None
    note: str = ""
    at: str = ""


@dataclass(frozen=True)
class LogLine:
    """One line of the change log of the sheet Audit.

    Parameters
    ----------
    day : date or str
        As it was written.
    text, who : str
    """

    day: date | str
    text: str
    who: str


def read_inputs(reader: WorkbookReader, remarks: Remarks) -> tuple[list[InputLine], list[ReadingNote]]:
    """The inputs of a workbook, and the keys that this version does not know.

    Parameters
    ----------
    reader : WorkbookReader
    remarks : Remarks
        Gets a fault for every cell that is none.

    Returns
    -------
    list of InputLine, list of ReadingNote

    Raises
    ------
    BadArgumentError
        For a workbook without such a table.
    """
    table = _table(reader, _INPUT_HEADINGS, INPUTS, "plan", ("key", "value"), remarks)
    found: dict[str, InputLine] = {}
    unknown = []
    for line in table.lines():
        key, cell = line["key"].text, line["value"]
        if not key:
            continue
        spec = catalogue().get(spec_key(key))
        if spec is None:
            unknown.append(ReadingNote(line["key"].at, unknown_name("input", key, catalogue())))
        elif key in found:
            remarks.fault(cell.at, f"{key} is given twice, here and in {found[key].at}. Delete one of the rows.")
        else:
            _check_unit(line["unit"], key, spec, remarks)
            value = _input_value(table, cell, key, spec, remarks)
            found[key] = InputLine(key, value, _pair(line, key, spec, remarks), cell.at)
    return list(found.values()), unknown


def read_switch(reader: WorkbookReader, remarks: Remarks) -> str:
    """What feeds Costs; anything but a known choice is native, as in the formulas."""
    table = reader.table(_INPUT_HEADINGS, INPUTS, "plan")
    above = [] if table is None else [cells for row, cells in table.sheet.rows.items() if row < table.header]
    line = next((list(cells.values()) for cells in above if SWITCH in {cell.text for cell in cells.values()}), [])
    chosen = next((cell.text.casefold() for cell in line if cell.text.casefold() in ENGINE_CHOICES), "")
    if not chosen:
        at = line[-1].at if line else INPUTS
        remarks.note(at, f"{SWITCH!r} is one of {', '.join(ENGINE_CHOICES)}, and neither is there: native was read.")
    return chosen or ENGINE_CHOICES[-1]


def read_changes(reader: WorkbookReader, remarks: Remarks) -> list[ChangeLine]:
    """The lines of the sheet Changes.

    Parameters
    ----------
    reader : WorkbookReader
    remarks : Remarks

    Returns
    -------
    list of ChangeLine
    """
    table = _table(reader, _CHANGE_HEADINGS, CHANGES, "changes", ("input", "value", "first", "last"), remarks)
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


def used_value(cell: FoundCell, what: str, remarks: Remarks) -> bool:
    """Whether a cell holds something usable; an error value is a fault, and a formula is noted."""
    if isinstance(cell.value, ExcelError):
        remarks.fault(cell.at, f"{what} holds the error {cell.value}. Type the value again.")
        return False
    if cell.is_formula and cell.value is None:
        remarks.fault(cell.at, f"{what} holds a formula without a saved value. Type the value, or save it in Excel.")
        return False
    if cell.is_formula:
        remarks.note(cell.at, f"{what} is computed by a formula; its saved value {_shown(cell)} was read.")
    return True


def _table(
    reader: WorkbookReader, headings: Mapping[str, str], home: str, name: str, needed: tuple[str, ...], remarks: Remarks
) -> HeadedTable:
    table = reader.table(headings, home, name)
    if table is None:
        raise BadArgumentError(
            f"{reader.book.archive.name} has no sheet {home} with the columns {', '.join(headings.values())}: it is "
            f"not a workbook of the template model, or the sheet was deleted. {_RESTORE}"
        )
    table.need(needed)
    if table.sheet.name != home:
        remarks.note(table.sheet.name, f"was {home} in the template and was read as such.")
    return table


def _input_value(table: HeadedTable, cell: FoundCell, key: str, spec: InputSpec, remarks: Remarks) -> Value:
    if not used_value(cell, key, remarks):
        return None
    value = cell.value
    if spec.kind == "date" and isinstance(value, float):
        value = table.sheet.day_number(value)
    try:
        return read_value(key, value)
    except VideoCostError as error:
        is_text = spec.is_numeric and isinstance(value, str)
        hint = " It is stored as text: type the number again." if is_text and _is_number(cell.text) else ""
        remarks.fault(cell.at, error.message + hint)
        return None


def _check_unit(cell: FoundCell, key: str, spec: InputSpec, remarks: Remarks) -> None:
    if cell.text not in {"", spec.unit}:
        remarks.fault(
            cell.at, f"{key} is in {spec.unit}, not in {cell.text!r}. Convert the value and write the unit back."
        )


def _pair(line: Mapping[str, FoundCell], key: str, spec: InputSpec, remarks: Remarks) -> tuple[float, float] | None:
    cells = (line["low"], line["high"])
    if all(cell.is_blank and not cell.is_formula for cell in cells):
        return None
    numbers = []
    for cell in cells:
        what = f"{'low' if cell is cells[0] else 'high'} of {key}"
        if not used_value(cell, what, remarks):
            return None
        if isinstance(cell.value, bool) or not isinstance(cell.value, float):
            shown = "is empty" if cell.is_blank else f"is a number, not {_shown(cell)}"
            remarks.fault(cell.at, f"{what} {shown}. Low and high are two numbers, or both empty.")
            return None
        numbers.append(cell.value)
    low, high = numbers
    if low > high:
        remarks.fault(cells[0].at, f"low of {key} ({low:g}) is above its high ({high:g}). Write the smaller one first.")
        return None
    return None if (low, high) == (spec.low, spec.high) else (low, high)


def _change(table: HeadedTable, line: Mapping[str, FoundCell], remarks: Remarks) -> ChangeLine | None:
    key, at = line["input"].text, line["input"].at
    note = _written(line["note"])
    given = [line[column] for column in ("input", "first", "last", "value") if not line[column].is_blank]
    if not given and not any(line[column].is_formula for column in ("input", "value")):
        return ChangeLine("", None, None, None, note, at) if note else None
    if not used_value(line["input"], "the input of a change", remarks):
        return None
    if not key:
        remarks.fault(at, f"the change with {_shown(given[0])} names no input. Write one, or empty the line.")
        return None
    cell = line["value"]
    if not used_value(cell, f"the value of {key}", remarks):
        return None
    if isinstance(cell.value, bool) or not isinstance(cell.value, float):
        is_text = not cell.is_blank
        what = f"is a number, not {_shown(cell)}" if is_text else "is missing"
        remarks.fault(cell.at, f"the value of {key} {what}. Type a number, or empty the line.")
        return None
    known = len(remarks.faults)
    first, last = (_month(table, line[column], key, remarks) for column in ("first", "last"))
    if len(remarks.faults) > known:
        return None
    is_rate = key.casefold().startswith(RATE_PREFIX)
    return ChangeLine(RATE_PREFIX + key[len(RATE_PREFIX) :] if is_rate else key, first, last, cell.value, note, at)


def _month(table: HeadedTable, cell: FoundCell, key: str, remarks: Remarks) -> date | None:
    # None for an open end, and for what is no month, which is a fault.
    if not used_value(cell, f"a month of {key}", remarks) or cell.is_blank:
        return None
    if isinstance(cell.value, float):
        day = table.sheet.day_number(cell.value)
        if 1 <= day <= LAST_SERIAL:
            return day_of_serial(day).replace(day=1)
    remarks.fault(cell.at, f"{_shown(cell)} is no date. Write a day of the month as a date, such as 2027-03-01.")
    return None


def _log_day(table: HeadedTable, cell: FoundCell) -> date | str:
    if isinstance(cell.value, float) and not isinstance(cell.value, bool):
        day = table.sheet.day_number(cell.value)
        if 1 <= day <= LAST_SERIAL:
            return day_of_serial(day)
    return _written(cell)


def _written(cell: FoundCell) -> str:
    # A text of the user's, whatever Excel made of it.
    return cell.text if isinstance(cell.value, str) else "" if cell.value is None else _shown(cell)


def _shown(cell: FoundCell) -> str:
    if isinstance(cell.value, float) and not isinstance(cell.value, bool):
        return f"{cell.value:.15g}"
    return repr(cell.value) if isinstance(cell.value, str) else str(cell.value)


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "").replace("\N{NO-BREAK SPACE}", "").replace(" ", ""))
    except ValueError:
        return False
    return True
