"""The formulas of a workbook, computed by the embedded engine.

The engine is fed with the cells of a file rather than with the file: values as they are, and
only those formulas that it computes as Excel does. What an array fills is left free, since a
value there would keep the array from spilling.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any, Final

import formualizer

from vidcost_xl.areas import Area, Place
from vidcost_xl.hosts.formualizer import bind, settings, to_engine
from vidcost_xl.hosts.operators import bind_operators
from vidcost_xl.sheets.calc.outcome import Evaluated, Kept, Outcome, outcome_of
from vidcost_xl.sheets.calc.patterns import Prepared, Preparer, with_precedents
from vidcost_xl.sheets.calc.surroundings import Surroundings
from vidcost_xl.sheets.formulas.dependents import with_dependents
from vidcost_xl.sheets.formulas.formula_cells import FormulaCell, filled
from vidcost_xl.sheets.formulas.resolver import Resolver, Untrusted
from vidcost_xl.sheets.package.sheet_cells import SheetCells, value_of
from vidcost_xl.sheets.package.workbook import Workbook

#: Raised once for all formulas, as for answers that spill into each other again and again.
GAVE_UP: Final = formualizer.ExcelEvaluationError

#: Formulas after which the engine puts those that wait into its graph: of all at once it needs more memory, and each
#: time takes long.
MOST_STAGED: Final = 60_000


@dataclass
class PreparedFormulas:
    """The formulas of a workbook as the engine takes them, and why it does not take the others."""

    preparer: Preparer
    ready: dict[Place, Prepared]
    refused: dict[Place, str]

    @cached_property
    def reads(self) -> dict[Place, tuple[Area, ...]]:
        """The areas that each formula reads; asked for only where a cell is left, for its dependents."""
        return {key: self.preparer.areas(ready) for key, ready in self.ready.items()}


def preparer_of(book: Workbook, sheets: list[SheetCells], entries: Mapping[Place, FormulaCell]) -> Preparer:
    """What judges and writes the formulas of a workbook."""
    around = Surroundings(
        Resolver(book),
        book.settings.from_1904,
        {sheet.name: sheet.last_row for sheet in sheets},
        {key: entry.fills for key, entry in entries.items() if entry.array},
    )
    return Preparer(around)


def prepared_formulas(
    book: Workbook,
    sheets: list[SheetCells],
    entries: Mapping[Place, FormulaCell],
    only: Collection[Place] | None = None,
) -> PreparedFormulas:
    """Judge every formula, or some only, and write those that are trusted for the engine."""
    found = PreparedFormulas(preparer_of(book, sheets, entries), {}, {})
    for key in entries if only is None else only:
        try:
            found.ready[key] = found.preparer.prepare(entries[key])
        except Untrusted as verdict:
            found.refused[key] = str(verdict)
    return found


def evaluate(
    book: Workbook,
    sheets: list[SheetCells],
    entries: Mapping[Place, FormulaCell],
    *,
    clips: bool = False,
    only: Collection[Place] | None = None,
) -> Outcome:
    """Compute what is computed here as in Excel; the other formulas, and what depends on them, are the troubles.

    Parameters
    ----------
    clips : bool
        Whether answers are cut to the cells that the file holds; otherwise one that needs more is left.
    only : collection of Place, optional
        The formulas to compute; all others keep the value that the file has. All when not given.
    """
    formulas = prepared_formulas(book, sheets, entries, only)
    left = _with_dependents(formulas.refused, entries, formulas)
    ready = {key: each for key, each in formulas.ready.items() if key not in left}
    try:
        evaluated = computed(book, sheets, ready, formulas.preparer)
    except GAVE_UP as error:
        outcome = Outcome(troubles=dict.fromkeys(ready, f"is left, as the embedded engine gave up here ({error})"))
    else:
        outcome = outcome_of(evaluated, sheets, formulas.preparer, ready, clips=clips)
        if not outcome.troubles and len(ready) == len(entries):
            outcome.kept = Kept(evaluated.workbook, formulas.preparer, ready)
    outcome.troubles = _with_dependents(outcome.troubles | left, entries, formulas)
    return outcome


def computed(
    book: Workbook, sheets: list[SheetCells], prepared: Mapping[Place, Prepared], preparer: Preparer
) -> Evaluated:
    """The engine with the cells of a file, evaluated; formulas that are not given keep the value that the file has.

    For each cell that an array fills the engine looks for all that follows from it, again and again. So arrays are
    computed before there is anything: with what they are computed from, and without what follows from them.

    Raises
    ------
    GAVE_UP
    """
    workbook: Any = formualizer.Workbook(config=settings())
    workbook.set_temporal_egress("serial")
    reasons = bind(workbook)
    bind_operators(workbook)
    present = set(workbook.sheet_names)
    for sheet in sheets:
        if sheet.name not in present:
            workbook.add_sheet(sheet.name)
    arrays = [ready.entry for ready in prepared.values() if ready.entry.array]
    filling = {(entry.key[0], *place) for entry in arrays for place in filled(entry.fills)}
    for sheet in sheets:
        _load_values(workbook, book, sheet, lambda key: key in prepared or key in filling)
    first = with_precedents([entry.key for entry in arrays], prepared, preparer)
    formulas = {sheet.name: _formulas(sheet, prepared) for sheet in sheets}
    for is_now in (first.__contains__, lambda key: key not in first):
        _load_formulas(workbook, formulas, is_now)
        workbook.evaluate_all()
    return Evaluated(workbook, reasons)


def _load_formulas(workbook: Any, formulas: Mapping[str, list[Prepared]], is_now: Callable[[Place], bool]) -> None:
    staged = 0
    for sheet, found in formulas.items():
        for top, left, rows in _blocks([(*key[1:], ready.text) for ready in found if is_now(key := ready.entry.key)]):
            workbook.sheet(sheet).set_formulas_batch(top, left, len(rows), len(rows[0]), rows)
            staged += len(rows) * len(rows[0])
            if staged >= MOST_STAGED:
                workbook.get_eval_plan([(sheet, top, left)])
                staged = 0


def _with_dependents(
    troubles: Mapping[Place, str], entries: Mapping[Place, FormulaCell], formulas: PreparedFormulas
) -> dict[Place, str]:
    return with_dependents(troubles, entries, formulas.reads) if troubles else {}


def _load_values(workbook: Any, book: Workbook, sheet: SheetCells, is_free: Callable[[Place], bool]) -> None:
    loaded = []
    for cell in sheet.cells:
        if is_free((sheet.name, cell.row, cell.column)):
            continue
        value = value_of(cell, book.texts, from_1904=book.settings.from_1904)
        if value is not None:
            loaded.append((cell.row, cell.column, to_engine(value)))
    for top, left, rows in _blocks(loaded):
        workbook.set_values_batch(sheet.name, top, left, rows)


def _formulas(sheet: SheetCells, prepared: Mapping[Place, Prepared]) -> list[Prepared]:
    found = [prepared.get((sheet.name, cell.row, cell.column)) for cell in sheet.cells if cell.formula is not None]
    return [each for each in found if each is not None]


def _blocks(cells: list[tuple[int, int, Any]]) -> list[tuple[int, int, list[list[Any]]]]:
    # Cells as blocks without a gap, each with its top and left: even a blank would stand in the way of an array, and
    # for each call the engine copies what it holds of the sheet.
    cells.sort(key=itemgetter(0, 1))
    runs: list[tuple[int, int, list[Any]]] = []
    following = 0, 0
    for row, column, value in cells:
        if (row, column) == following:
            runs[-1][2].append(value)
        else:
            runs.append((row, column, [value]))
        following = row, column + 1
    blocks: list[tuple[int, int, list[list[Any]]]] = []
    open_blocks: dict[tuple[int, int], tuple[int, list[list[Any]]]] = {}
    for row, left, values in runs:
        top, rows = open_blocks.get((left, len(values)), (0, []))
        if top + len(rows) == row:
            rows.append(values)
        else:
            open_blocks[left, len(values)] = row, (rows := [values])
            blocks.append((row, left, rows))
    return blocks
