"""What stands in the sheet Inputs of a plan workbook, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vidcost_xl.digits import same
from vidcost_xl.errors import VideoCostError, unknown_name
from vidcost_xl.model.catalogue import InputSpec, catalogue, spec_key
from vidcost_xl.model.values import Value, read_value
from vidcost_xl.sheets.package.header_tables import HeadedTable, TableCell, WorkbookReader
from vidcost_xl.sheets.plan.guard_rows import PAIR
from vidcost_xl.sheets.plan.inputs import ENGINE_CHOICES, INPUT_COLUMNS, SWITCH
from vidcost_xl.sheets.plan.reading.drivers import DriverLines
from vidcost_xl.sheets.plan.reading.remarks import RESTORE, ReadingNote, Remarks, own_table, shown, used_value
from vidcost_xl.sheets.plan.row_names import DRIVERS, INPUTS

#: What a user writes into; the other columns are ours.
_INPUT_HEADINGS: Final = {
    key: heading for key, heading, _ in INPUT_COLUMNS if key in {"key", "value", "unit", "low", "high"}
}


@dataclass(frozen=True)
class InputLine:
    """One input of the sheet Inputs.

    Parameters
    ----------
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


def read_inputs(
    reader: WorkbookReader, drivers: DriverLines, remarks: Remarks
) -> tuple[list[InputLine], list[ReadingNote]]:
    """The inputs of a workbook, and the keys that this version does not know.

    Parameters
    ----------
    drivers : DriverLines
        Those that are typed on Drivers, and only shown on Inputs.
    remarks : Remarks
        Gets a fault for every cell that is none.

    Raises
    ------
    BadArgumentError
        For a workbook without such a table.
    """
    table = own_table(reader, _INPUT_HEADINGS, INPUTS, "plan", ("key", "value"), remarks)
    found: dict[str, InputLine] = {}
    rows: dict[str, str] = {}
    unknown = []
    for row in table.lines():
        key, cell = row["key"].text, row["value"]
        if not key:
            continue
        spec = catalogue().get(spec_key(key))
        if spec is None:
            text = f"{unknown_name('input', key, catalogue())} It holds {shown(cell)}."
            unknown.append(ReadingNote(row["key"].at, text))
        elif key in rows:
            remarks.fault(cell.at, f"{key} is given twice, here and in {rows[key]}. Delete one of the rows.")
        else:
            rows[key] = cell.at
            line = _typed_line(table, drivers, key, row, remarks)
            if line is not None:
                _check_unit(line["unit"], key, spec, remarks)
                value = _input_value(table, line["value"], key, spec, remarks)
                found[key] = InputLine(key, value, _pair(line, key, spec, remarks), line["value"].at)
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


def _input_value(table: HeadedTable, cell: TableCell, key: str, spec: InputSpec, remarks: Remarks) -> Value:
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


def _typed_line(
    table: HeadedTable, drivers: DriverLines, key: str, row: Mapping[str, TableCell], remarks: Remarks
) -> Mapping[str, TableCell] | None:
    # The cells that an input is typed in; None where it is typed on Drivers and they are gone.
    if key in drivers.lines:
        drivers.check_links(key, row, table.sheet, remarks)
        # What is chosen by name has no range there.
        ranged = {} if catalogue()[spec_key(key)].is_numeric else {column: row[column] for column in ("low", "high")}
        return {**drivers.lines[key], **ranged}
    if row["value"].is_formula and f"{DRIVERS}!" in table.sheet.formula(row["value"].at):
        remarks.fault(row["value"].at, f"{key} is typed on {DRIVERS}, where its row is gone. {RESTORE}")
        return None
    return row


def _check_unit(cell: TableCell, key: str, spec: InputSpec, remarks: Remarks) -> None:
    if spec.is_numeric and cell.text not in {"", spec.unit}:  # what a choice allows may grow
        remarks.fault(
            cell.at, f"{key} is in {spec.unit}, not in {cell.text!r}. Convert the value and write the unit back."
        )


def _pair(line: Mapping[str, TableCell], key: str, spec: InputSpec, remarks: Remarks) -> tuple[float, float] | None:
    cells = (line["low"], line["high"])
    if all(cell.is_blank and not cell.is_formula for cell in cells):
        return None
    numbers = []
    for cell in cells:
        what = f"{'low' if cell is cells[0] else 'high'} of {key}"
        if not used_value(cell, what, remarks):
            return None
        if isinstance(cell.value, bool) or not isinstance(cell.value, float):
            wrong = "is empty" if cell.is_blank else f"is a number, not {shown(cell)}"
            remarks.fault(cell.at, f"{spec.named(key)} {PAIR}: {what} {wrong}.")
            return None
        numbers.append(cell.value)
    low, high = numbers
    if low > high:
        remarks.fault(cells[0].at, f"{spec.named(key)} {PAIR}: low {low:g} is above its high {high:g}.")
        return None
    is_default = None not in (spec.low, spec.high) and all(
        same(found, usual or 0.0) for found, usual in ((low, spec.low), (high, spec.high))
    )
    return None if is_default else (low, high)


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "").replace("\N{NO-BREAK SPACE}", "").replace(" ", ""))
    except ValueError:
        return False
    return True
