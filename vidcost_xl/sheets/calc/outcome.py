"""What the embedded engine answered, read cell by cell: a value that Excel has too, or why it is not certain.

An answer is left where the engine has no such value as Excel, where a text may be a number to
Excel alone, and where it fills other cells than the file holds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from openpyxl.utils.cell import range_boundaries

from vidcost_xl.areas import Area, Place
from vidcost_xl.errors import ExcelError
from vidcost_xl.hosts.formualizer import KINDS, Reasons, from_engine
from vidcost_xl.hosts.formulas import PREFIX
from vidcost_xl.sheets.calc.judgement import Judge
from vidcost_xl.sheets.calc.patterns import Prepared, Preparer
from vidcost_xl.sheets.calc.trust import LONGEST_TEXT, NUMBER_LIKE
from vidcost_xl.sheets.formulas.formula_cells import FormulaCell, filled
from vidcost_xl.sheets.package.edits.values import PLAIN_ERRORS
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.package.sheet_cells import SheetCells

#: What becomes of a dynamic array in files that openpyxl or LibreOffice saved, and the way out.
FIXED: Final = (
    ": the program that saved the file made it an array of fixed size; vidcost new PATH --from this file makes it anew"
)

#: What becomes of an array in files of programs that write its first cell alone.
NOT_THERE: Final = "of which the file does not hold every one"

#: Cells looked at to explain an error.
MOST_READ: Final = 10_000

_QUOTED: Final = re.compile(r'"((?:[^"]|"")*)"')


@dataclass
class Outcome:
    """What an engine found.

    Parameters
    ----------
    values : dict
        By formula, then by row and column of what it fills; None where an answer that is smaller now left a cell.
    troubles : dict
        Why a formula has none.
    kept : Kept, optional
        The engine, where it computed every formula.
    """

    values: dict[Place, dict[tuple[int, int], CellValue | None]] = field(default_factory=dict)
    troubles: dict[Place, str] = field(default_factory=dict)
    kept: Kept | None = None


class Kept(NamedTuple):
    """A workbook of the engine with every formula computed, and its formulas, to change cells in it for a moment."""

    workbook: Any
    preparer: Preparer
    prepared: Mapping[Place, Prepared]


class Evaluated(NamedTuple):
    """A workbook of the engine that has been evaluated, and the reasons of the errors that our functions gave it."""

    workbook: Any
    reasons: Reasons


def outcome_of(
    evaluated: Evaluated,
    sheets: list[SheetCells],
    preparer: Preparer,
    prepared: Mapping[Place, Prepared],
    *,
    clips: bool = False,
) -> Outcome:
    """The answers of the engine, for the formulas that it was given.

    Parameters
    ----------
    clips : bool
        As of `engine.evaluate`.
    """
    workbook, reasons = evaluated
    places = {sheet.name: sheet.places for sheet in sheets}
    doubts = Judge(workbook, preparer, {sheet.name: sheet.last_row for sheet in sheets}).troubles(prepared)
    outcome = Outcome()
    for key, ready in prepared.items():
        entry = ready.entry
        if not entry.array and key not in doubts:
            value = workbook.get_value(*key)
            is_alone = not ready.pattern.may_spill or _is_hemmed(key, prepared) or _spilled(workbook, key) == (1, 1)
            if is_alone and _is_plain(value, entry):  # nearly every formula
                outcome.values[key] = {key[1:]: value}
                continue
        fills = fills_now(workbook, entry)
        found = {place: workbook.get_value(key[0], *place) for place in filled(fills)}
        filling = entry if fills == entry.fills else replace(entry, fills=fills)
        trouble = _trouble(workbook, filling, preparer, ready, found) or doubts.get(key, "")
        if fills.is_cell and not entry.fills.is_cell and PREFIX not in ready.pattern.text and _is_error(found[key[1:]]):
            trouble = trouble or "would give up its cells for an error, which Excel may show in some of them only"
        if clips:
            found = {place: value for place, value in found.items() if place in places[key[0]]}
        elif any(place not in places[key[0]] for place in found):
            trouble = trouble or f"fills {shape_of(fills.size)}, {NOT_THERE}"
        if trouble:
            outcome.troubles[key] = trouble
        else:
            left = {place: None for place in filled(entry.fills) if fills != entry.fills and place in places[key[0]]}
            outcome.values[key] = {**left, **{place: _ours(value, reasons) for place, value in found.items()}}
    return outcome


def _is_plain(value: Any, entry: FormulaCell) -> bool:
    # What a cell takes as it is.
    if type(value) is float:
        return math.isfinite(value)
    return (type(value) is bool or (type(value) is str and len(value) <= LONGEST_TEXT)) and entry.fills.is_cell


def _is_error(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") == "Error"


def _trouble(
    workbook: Any, entry: FormulaCell, preparer: Preparer, ready: Prepared, found: Mapping[tuple[int, int], Any]
) -> str:
    for value in found.values():
        if isinstance(value, dict) and value.get("type") == "Error":
            kind = str(value.get("kind"))
            if kind == "Circ":
                return "is part of a circular formula"
            if kind not in KINDS:
                return "has a result that the embedded engine cannot compute as Excel does"
            if KINDS[kind] not in PLAIN_ERRORS:
                return f"results in {KINDS[kind]}, which only Excel writes"
        elif isinstance(value, str) and len(value) > LONGEST_TEXT:
            return f"results in a text of more than {LONGEST_TEXT:,} characters"
    if any(isinstance(value, dict) and value.get("kind") == "Value" for value in found.values()):
        doubt = _text_as_number(workbook, ready, preparer.areas(ready))
        if doubt:
            return doubt
    if entry.array or ready.pattern.may_spill:
        size = _spilled(workbook, entry.key)
        if size != entry.fills.size:
            if entry.array:
                fixed = "" if entry.cell.spills or PREFIX not in ready.pattern.text else FIXED
                return f"fills {shape_of(entry.fills.size)} in the file and would fill {shape_of(size)} now{fixed}"
            return "takes one cell out of a range (implicit intersection, @)"
    return ""


def _text_as_number(workbook: Any, ready: Prepared, areas: Iterable[Area]) -> str:
    # Excel reads more texts as numbers than the engine: "1,000", "$5", "TRUE" as a condition.
    if PREFIX in ready.pattern.text:
        return ""
    cells = [
        workbook.get_value(area.sheet, *place)
        for area in areas
        if math.prod(area.size) <= MOST_READ
        for place in filled(area)
    ]
    if any(isinstance(value, dict) and value.get("kind") == "Value" for value in cells):
        return ""
    texts = [value for value in cells if isinstance(value, str)] + _QUOTED.findall(ready.text)
    if any(NUMBER_LIKE.search(text) for text in texts):
        return "results in #VALUE! here from a text that Excel may read as a number"
    return ""


def fills_now(workbook: Any, entry: FormulaCell) -> Area:
    """What a formula fills: a dynamic array what its answer needs now, other arrays what their author selected."""
    if not (entry.array and entry.cell.spills):
        return entry.fills
    rows, columns = _spilled(workbook, entry.key)
    return entry.fills._replace(bottom=entry.fills.top + rows - 1, right=entry.fills.left + columns - 1)


def _is_hemmed(key: Place, prepared: Mapping[Place, Prepared]) -> bool:
    # With formulas below and beside it an answer of more cells is #SPILL!; to ask the engine takes longer.
    sheet, row, column = key
    return (sheet, row + 1, column) in prepared and (sheet, row, column + 1) in prepared


def _spilled(workbook: Any, key: Place) -> tuple[int, int]:
    role = workbook.inspect_cell(Area(*key, *key[1:]).text).cell.spill
    if role is None or role.extent is None:
        return 1, 1
    left, top, right, bottom = (edge or 0 for edge in range_boundaries(role.extent.rpartition("!")[2].replace("$", "")))
    return bottom - top + 1, right - left + 1


def shape_of(size: tuple[int, int]) -> str:
    """Rows and columns in words."""
    return "one cell" if size == (1, 1) else f"{size[0]} x {size[1]} cells"


def _ours(value: Any, reasons: Reasons) -> CellValue:
    if value is None:
        return 0.0  # a reference to a blank cell is a 0 in a cell of its own
    cell = from_engine(value, reasons)
    if isinstance(cell, float) and not math.isfinite(cell):
        return ExcelError("#NUM!")
    return 0.0 if cell is None else cell
