"""What is worked out from the plan when a workbook is made and stands there as values: its levers, what drivers do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vidcost_xl.analysis.levers import effects, levers
from vidcost_xl.analysis.scenarios import Scenario
from vidcost_xl.digits import TOLERANCE
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.package.edits.cells import NewCell, put_cells
from vidcost_xl.sheets.package.header_tables import SheetReader, WorkbookReader
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.plan.drivers_sheet import AT_HIGH, AT_LOW, DRIVER_HEADINGS, LOW, TOTAL_THEN, effect_values
from vidcost_xl.sheets.plan.reading.scenarios import called
from vidcost_xl.sheets.plan.results.summary import LEVER_HEADINGS, MOST_LEVERS, SHEET, lever_values
from vidcost_xl.sheets.plan.row_names import DRIVERS, SCENARIOS
from vidcost_xl.sheets.plan.scenarios_sheet import FIGURES, SCENARIO_HEADINGS, figures_of

_Wanted = dict[tuple[int, int], CellValue]

_DRIVER_HEADINGS: Final = {key: DRIVER_HEADINGS[key] for key in ("key", "value", LOW, AT_LOW, AT_HIGH)}


@dataclass(frozen=True)
class StampedSheet:
    """A sheet of such values, written for the plan at hand.

    Parameters
    ----------
    content : bytes
        Its part.
    """

    part: str
    content: bytes


def stamped_sheets(
    reader: WorkbookReader, plan: Plan, base: Plan, scenarios: Sequence[Scenario] = ()
) -> list[StampedSheet]:
    """The sheets that show something else than the plan gives now; a sheet that is gone is left alone.

    Parameters
    ----------
    plan, base : Plan
        Under the scenario in force; as it is typed.
    """
    whole = evaluate(plan).whole
    found = []
    for sheet, wanted in (_drivers(reader, plan), _summary(reader, plan), _scenarios(reader, base, scenarios)):
        if sheet is None:
            continue
        changed = {
            place: NewCell(None if value == "" else value)
            for place, value in (wanted | _totals(sheet, whole)).items()
            if not _stands(sheet, place, value)
        }
        if changed:
            content = put_cells(sheet.cells.content, f"sheet {sheet.name!r}", changed)
            found.append(StampedSheet(sheet.cells.part, content))
    return found


def _drivers(reader: WorkbookReader, plan: Plan) -> tuple[SheetReader | None, _Wanted]:
    table = reader.table(_DRIVER_HEADINGS, DRIVERS, DRIVERS) if DRIVERS in reader.book.sheets else None
    if table is None:
        return None, {}
    rows = {
        cells[table.places["key"]].text: row for row, cells in table.sheet.rows.items() if _has(cells, table.places)
    }
    keys = [key for key in rows if key in plan.values]
    known = {lever.key: lever for lever in effects(plan, keys)}
    wanted: _Wanted = {
        (rows[key], table.places[column]): value
        for key in keys
        for column, value in effect_values(known.get(key)).items()
        if column in table.places
    }
    return table.sheet, wanted


def _has(cells: Mapping[int, object], places: Mapping[str, int]) -> bool:
    return places.get("key", 0) in cells


def _summary(reader: WorkbookReader, plan: Plan) -> tuple[SheetReader | None, _Wanted]:
    sheet = reader.sheet(SHEET) if SHEET in reader.book.sheets else None
    for row, cells in sheet.rows.items() if sheet else ():
        places = {cell.text: column for column, cell in cells.items()}
        if all(heading in places for heading in LEVER_HEADINGS):
            found: list[tuple[CellValue, ...]] = [lever_values(plan, lever) for lever in levers(plan)[:MOST_LEVERS]]
            found += [("", "", "")] * (MOST_LEVERS - len(found))
            columns = [places[heading] for heading in LEVER_HEADINGS]
            wanted: _Wanted = {
                (row + at, column): value
                for at, values in enumerate(found, start=1)
                for column, value in zip(columns, values, strict=True)
            }
            return sheet, wanted
    return None, {}


def _scenarios(reader: WorkbookReader, base: Plan, scenarios: Sequence[Scenario]) -> tuple[SheetReader | None, _Wanted]:
    table = reader.table(SCENARIO_HEADINGS, SCENARIOS, "scenarios") if SCENARIOS in reader.book.sheets else None
    if table is None or "base" not in table.places or "said" not in table.places:
        return None, {}
    names: dict[str, int] = {}
    for column in range(table.places["base"] + 1, table.places["said"]):
        names[called(table.sheet.cell(table.header, column))] = column
    places = [table.places["base"], *(names[each.name] for each in scenarios)]
    rows = {cell.text: row for row, cells in table.sheet.rows.items() for cell in cells.values() if row < table.header}
    wanted: _Wanted = {}
    for key, amounts in figures_of(base, scenarios).items():
        if FIGURES[key] in rows:
            row = rows[FIGURES[key]]
            wanted |= {(row, column): "" for column in range(places[0], table.places["said"])}
            wanted |= {(row, column): amount for column, amount in zip(places, amounts, strict=True)}
    return table.sheet, wanted


def _totals(sheet: SheetReader, whole: float) -> _Wanted:
    # Beside its label stands the total that they were worked out with.
    return {
        (row, column + 1): whole
        for row, cells in sheet.rows.items()
        for column, cell in cells.items()
        if cell.text == TOTAL_THEN
    }


def _stands(sheet: SheetReader, place: tuple[int, int], value: CellValue) -> bool:
    cell = sheet.cell(*place)
    if isinstance(value, float) and isinstance(cell.value, float):
        # Figures of one plan may have been worked out in another order.
        return abs(value - cell.value) <= TOLERANCE * max(1.0, abs(value))
    return cell.is_blank if value == "" else cell.value == value
