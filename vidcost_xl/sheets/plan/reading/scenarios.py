"""What stands in the sheet Scenarios of a plan workbook, which scenario is in force, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from vidcost_xl.analysis.scenarios import BASE, Scenario, plan_in_force, scenario_plan
from vidcost_xl.digits import DIGITS
from vidcost_xl.errors import VideoCostError, unknown_name
from vidcost_xl.model.catalogue import catalogue, spec_key
from vidcost_xl.model.plan import Plan
from vidcost_xl.model.values import read_value
from vidcost_xl.names import tidy
from vidcost_xl.sheets.package.header_tables import HeadedTable, TableCell, WorkbookReader
from vidcost_xl.sheets.plan.reading.drivers import DriverLines
from vidcost_xl.sheets.plan.reading.remarks import Remarks, shown, used_value
from vidcost_xl.sheets.plan.row_names import DRIVERS, IN_FORCE, SCENARIOS
from vidcost_xl.sheets.plan.scenarios_sheet import CLOSED, SCENARIO_FAULTS, SCENARIO_HEADINGS

#: A name of the workbook that only one with the sheet has.
_SIGN: Final = "scenarios"


@dataclass(frozen=True)
class ScenarioCells:
    """The sheet as it was read.

    Parameters
    ----------
    cells : mapping of (str, str) to str
        The cell of a value, by scenario and key.
    notes : mapping of str to str
        Why an input differs, by key.
    named : str
        The scenario in force.
    at : str
        The cell that says so.
    """

    scenarios: tuple[Scenario, ...] = ()
    cells: Mapping[tuple[str, str], str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    named: str = BASE
    at: str = ""

    def in_force(self, plan: Plan, remarks: Remarks) -> Plan | None:
        """The plan under the scenario in force; what another one cannot have is noted.

        Parameters
        ----------
        plan : Plan
            As it is typed.
        remarks : Remarks
            Gets a fault for a scenario in force that is none.
        """
        for each in self.scenarios:
            try:
                scenario_plan(plan, each)
            except VideoCostError as error:
                at = next((self.cells[each.name, key] for key in each.changes if key in error.message), SCENARIOS)
                is_in_force = each.name.casefold() == self.named.casefold()
                (remarks.fault if is_in_force else remarks.note)(at, error.message)
        if remarks.faults:
            return None
        try:
            return plan_in_force(plan, self.scenarios, self.named)
        except VideoCostError as error:
            remarks.fault(self.at, error.message)
            return None


def read_scenarios(reader: WorkbookReader, drivers: DriverLines, remarks: Remarks) -> ScenarioCells:
    """The scenarios of a workbook and the one in force; the base alone where it has no such sheet.

    Parameters
    ----------
    remarks : Remarks
        Gets a fault for every cell that is none.
    """
    if ("", _SIGN) not in reader.book.names and SCENARIOS not in reader.book.sheets:
        return ScenarioCells()
    table = reader.table(SCENARIO_HEADINGS, SCENARIOS, _SIGN)
    if table is None:
        remarks.fault(SCENARIOS, f"has no columns {', '.join(SCENARIO_HEADINGS.values())}. Take it from a copy.")
        return ScenarioCells()
    table.need(("key", "base", "said"))
    names = _names(table, remarks)
    changes: dict[str, dict[str, object]] = {name: {} for name in names.values()}
    cells: dict[tuple[str, str], str] = {}
    notes: dict[str, str] = {}
    for key, row in _keys(table, remarks):
        if note := table.sheet.cell(row, table.places["note"]).text if "note" in table.places else "":
            notes[key] = note
        for column, name in names.items():
            cell = table.sheet.cell(row, column)
            if cell.is_blank and not cell.is_formula:
                continue
            cells[name, key] = cell.at
            value = _value(table, cell, key, remarks)
            if value is not None:
                changes[name][key] = value
    named = _switch(drivers)
    found = tuple(Scenario(name, changed) for name, changed in changes.items())
    if named is None:
        remarks.fault(DRIVERS, f"has no cell that says {IN_FORCE!r} any more. Take its row from a copy.")
        return ScenarioCells(found, cells, notes)
    if not named.text and not isinstance(named.value, float):
        remarks.fault(named.at, f"{IN_FORCE} is empty; allowed: {BASE}, {', '.join(names.values())}.")
    return ScenarioCells(found, cells, notes, called(named), named.at)


def _columns(table: HeadedTable) -> range:
    return range(table.places["base"] + 1, table.places["said"])


def _names(table: HeadedTable, remarks: Remarks) -> dict[int, str]:
    names: dict[int, str] = {}
    for column in _columns(table):
        cell = table.sheet.cell(table.header, column)
        name = called(cell)
        if not name:
            continue
        twin = next((at for at, other in names.items() if other.casefold() == name.casefold()), 0)
        if twin or name.casefold() == BASE:
            other = table.sheet.cell(table.header, twin or table.places["base"]).at
            remarks.fault(cell.at, f"two scenarios are called {name!r}, here and in {other}. Give each its own name.")
            continue
        names[column] = name
    return names


def _keys(table: HeadedTable, remarks: Remarks) -> Iterator[tuple[str, int]]:
    # The lines that name an input of this version, each with its row.
    rows: dict[str, str] = {}
    for row, cells in table.sheet.rows.items():
        if row <= table.header or (table.last and row > table.last):
            continue
        cell, columns = table.sheet.cell(row, table.places["key"]), _columns(table)
        for column in (each for each in columns if each in cells):
            if not called(table.sheet.cell(table.header, column)):
                remarks.fault(cells[column].at, f"{shown(cells[column])} stands under no name: write one at the head.")
        key = tidy(cell.text)
        if not key:
            if any(column in cells for column in columns):
                remarks.fault(cell.at, f"the line {SCENARIO_FAULTS[0]}.")
        elif catalogue().get(spec_key(key)) is None:
            remarks.fault(cell.at, unknown_name("input", key, catalogue()))
        elif key in CLOSED:
            remarks.fault(cell.at, f"{key} {SCENARIO_FAULTS[2]}.")
        elif key in rows:
            remarks.fault(cell.at, f"{key} is given twice, here and in {rows[key]}. Delete one of the lines.")
        else:
            rows[key] = cell.at
            yield key, row


def _value(table: HeadedTable, cell: TableCell, key: str, remarks: Remarks) -> object:
    if not used_value(cell, key, remarks) or cell.is_blank:
        return None
    value = cell.value
    if catalogue()[spec_key(key)].kind == "date" and isinstance(value, float):
        value = table.sheet.day_number(value)
    try:
        return read_value(key, value)
    except VideoCostError as error:
        remarks.fault(cell.at, error.message)
        return None


def _switch(drivers: DriverLines) -> TableCell | None:
    if drivers.table is None:
        return None
    sheet, column = drivers.table.sheet, drivers.table.places["value"]
    for row, cells in sheet.rows.items():
        if row < drivers.table.header and IN_FORCE in {cell.text for cell in cells.values()}:
            return sheet.cell(row, column)
    return None


def called(cell: TableCell) -> str:
    """The name at the head of a scenario, which may be a number, such as a year."""
    if isinstance(cell.value, float) and not isinstance(cell.value, bool):
        return f"{cell.value:.{DIGITS}g}"
    return cell.text
