"""Formulas and sheets of two workbooks compared cell by cell, in the form that every program saves them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from openpyxl.utils.cell import get_column_letter

from vidcost_xl.hosts.formulas import canonical_formula
from vidcost_xl.sheets.formulas.copies import shifted
from vidcost_xl.sheets.formulas.formula_cells import FormulaCell, read_formula_cells
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.sheet_cells import SheetCells, read_sheets, value_of
from vidcost_xl.sheets.package.workbook import Workbook

#: Cells of a sheet that are listed one by one; where more differ, rows were moved and the sheet is one finding.
MOST_CELLS: Final = 25

#: What the cell of a formula that is gone holds.
NOTHING: Final = "nothing"


@dataclass(frozen=True)
class FormulaChange:
    """A cell whose formula differs.

    Parameters
    ----------
    at : str
        Such as Native!F12, or a sheet where many differ.
    old, new : str
        Formulas, or the value that stands in place of one.
    """

    at: str
    old: str
    new: str


@dataclass(frozen=True)
class SheetChanges:
    """How the sheets of two workbooks differ.

    Parameters
    ----------
    added, removed : tuple of str
        Sheets on one side only.
    formulas : tuple of FormulaChange
        On sheets of both.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    formulas: tuple[FormulaChange, ...]


def sheet_changes(old: bytes, new: bytes, names: tuple[str, str]) -> SheetChanges:
    """Compare the sheets and formulas of two workbooks.

    Parameters
    ----------
    names : tuple of str
        How messages call the two.

    Returns
    -------
    SheetChanges
        The prefixes and links under which programs save our functions make no difference.
    """
    books = [Workbook(Archive(data, name)) for data, name in zip((old, new), names, strict=True)]
    sheets = [{sheet.name: sheet for sheet in read_sheets(book)} for book in books]
    entries = [{entry.key: entry for entry in read_formula_cells(list(found.values()))} for found in sheets]
    added = tuple(name for name in sheets[1] if name not in sheets[0])
    removed = tuple(name for name in sheets[0] if name not in sheets[1])
    changes: list[FormulaChange] = []
    for name in sheets[0]:
        if name in sheets[1]:
            found = list(_sheet(name, entries, [each[name] for each in sheets], [book.texts for book in books]))
            changes += found if len(found) <= MOST_CELLS else [_many(name, found)]
    return SheetChanges(added, removed, tuple(changes))


def _many(name: str, found: list[FormulaChange]) -> FormulaChange:
    first = found[0]
    text = f"{len(found):,} formulas differ, the first in {first.at.split('!')[1]}; rows or columns may have moved"
    return FormulaChange(name, "", text)


def _sheet(
    name: str, entries: list[dict[tuple[str, int, int], FormulaCell]], sheets: list[SheetCells], texts: list[list[str]]
) -> Iterator[FormulaChange]:
    for key in sorted({key for found in entries for key in found if key[0] == name}):
        first, second = (found.get(key) for found in entries)
        if first and second and first.source == second.source and first.place == second.place:
            continue
        shown = [
            _text(entry) if entry else _held(sheet, key[1:], shared)
            for entry, sheet, shared in zip((first, second), sheets, texts, strict=True)
        ]
        if shown[0] != shown[1]:
            yield FormulaChange(f"{name}!{get_column_letter(key[2])}{key[1]}", *shown)


def _text(entry: FormulaCell) -> str:
    return canonical_formula(f"={shifted(entry.source, entry.place.down, entry.place.right)}")


def _held(sheet: SheetCells, at: tuple[int, int], texts: list[str]) -> str:
    cell = sheet.places.get(at)
    value = None if cell is None else value_of(cell, texts)
    return NOTHING if value is None else f"{value:g}" if isinstance(value, float) else str(value)
