"""Which formulas of a workbook must be computed again after some of its cells were changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain
from typing import Final

from vidcost_xl.areas import Place, Spot
from vidcost_xl.sheets.formulas.formula_cells import FormulaCell, filled
from vidcost_xl.sheets.formulas.precedents import precedents
from vidcost_xl.sheets.formulas.resolver import Resolver
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.package.cells import Cell

#: How names begin that Excel gives to what it prints and filters.
_PRINT: Final = "_xlnm."


def new_formulas(contents: Contents, before: Contents) -> frozenset[Place] | None:
    """The formulas that a change of cells brought, if nothing else can have another value for it.

    Parameters
    ----------
    contents : Contents
        Of now, with the values of `before` wherever a formula stayed.
    before : Contents
        Of the workbook before, computed.

    Returns
    -------
    frozenset of Place, or None
        None where a formula that stayed reads what changed, or names mean something else.
    """
    if not (before.sheets.keys() <= contents.sheets.keys() and _names_stay(contents, before)):
        return None
    changed = _changed(contents, before)
    cells: dict[str, set[Spot]] = {}
    for sheet, row, column in changed:
        cells.setdefault(sheet, set()).add((row, column))
    stayed = [entry for key, entry in contents.entries.items() if key not in changed]
    read = precedents(Resolver(contents.book), _may_read(stayed, contents, cells)).values()
    for area in set(chain.from_iterable(read)):
        if any(area.holds(area.sheet, *spot) for spot in cells.get(area.sheet, ())):
            return None
    return frozenset(changed & contents.entries.keys())


def _names_stay(contents: Contents, before: Contents) -> bool:
    # A new name may stand in front of one of the whole workbook.
    old, new = before.book.names, contents.book.names
    known = {name for _, name in old if not name.startswith(_PRINT)}
    return (
        all(new.get(key) == text for key, text in old.items())
        and not any(name in known for _, name in new.keys() - old.keys())
        and before.book.tables == contents.book.tables
    )


def _changed(contents: Contents, before: Contents) -> set[Place]:
    found: set[Place] = set()
    for name, sheet in contents.sheets.items():
        earlier = before.sheets.get(name)
        if sheet is earlier:
            continue
        old = {} if earlier is None else {spot: _held(cell, before) for spot, cell in earlier.places.items()}
        new = {spot: _held(cell, contents) for spot, cell in sheet.places.items()}
        found |= {(name, *spot) for spot in old.keys() | new.keys() if old.get(spot) != new.get(spot)}
    for key in list(found):
        for entries in (before.entries, contents.entries):
            if key in entries:
                found |= {(key[0], *spot) for spot in filled(entries[key].fills)}
    return found


def _held(cell: Cell, contents: Contents) -> object:
    # The value that a file holds of a formula is the one of before.
    formula = cell.formula
    if formula is None:
        return contents.value_in(cell)
    return formula.kind, formula.text, formula.area, formula.shared


def _may_read(entries: Iterable[FormulaCell], contents: Contents, sheets: Collection[str]) -> list[FormulaCell]:
    # What a formula reads on a sheet, it reads from there or by a name: its own, that of an area in it or of a table.
    words = [name.replace("'", "''").casefold() for name in sheets]
    words += [name for (_, name), text in contents.book.names.items() if any(each in text.casefold() for each in words)]
    words += [name for name, table in contents.book.tables.items() if table.sheet in sheets]
    return [
        entry
        for entry in entries
        if entry.key[0] in sheets or any(word in text for text in (entry.source.casefold(),) for word in words)
    ]
