"""A sheet of values that a command puts into a user's workbook, with the digest by which it knows itself again."""

from __future__ import annotations

import hashlib
from typing import Final

from vidcost_xl.areas import Place, column_letters, quoted
from vidcost_xl.digits import kept
from vidcost_xl.sheets.calc.calculate import calculated
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.layout.sheet_layout import SheetLayout
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.package.edits.cells import NewCell, put_cells
from vidcost_xl.sheets.package.edits.opened import Package, opened
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.render.added_parts import fill_charts
from vidcost_xl.sheets.render.added_sheets import Stamp, part_of, put_sheet

#: Digits of a number, and of the digest itself, that tell whether a cell is as it was.
_DIGITS: Final = 12
_LENGTH: Final = 16

#: What hangs on the sheet as it is written, and what a program adds by itself.
_OWN: Final = frozenset({"drawing", "table", "printerSettings"})


def put_stamped(contents: Contents, package: Package, page: SheetLayout, stamp: Stamp, digest_at: str) -> bytes:
    """Put a sheet into a workbook in memory, or write it again.

    Parameters
    ----------
    contents, package : Contents, Package
        The workbook, opened for reading and for writing.
    digest_at : str
        Where the digest of the sheet stands in it, as `row.column`.
    """
    addresses = put_sheet(package, page, stamp)
    part = part_of(package, page.name)
    _, row, column = addresses.position(digest_at)
    put = contents.changed(package.data())
    own = digest(put, (sheet_named(put, page.name), row, column))
    package.write(part, put_cells(package.read(part), part, {(row, column): NewCell(own)}))
    # Only the sheet's own formulas are computed into the file; what other sheets show stays as it was saved.
    bare = put.changed(package.data())
    done = bare.changed(calculated(bare).data)
    package.write(part, opened(done.data, contents.name).read(part))
    tab = sheet_named(done, page.name)

    def shown(_: str, row: int, column: int) -> CellValue | None:
        return done.value((tab, row, column))

    fill_charts(package, part, shown)
    return package.data()


def sheet_named(contents: Contents, name: str) -> str:
    """A sheet as the workbook writes its name; empty where there is none."""
    return next((each for each in contents.sheets if each.casefold() == name.casefold()), "")


def digest(contents: Contents, digest_at: Place, note: int = 0) -> str:
    """Of every cell of a sheet but its notes: what was typed, and the formulas.

    Parameters
    ----------
    note : int
        The column in which people write; none where it is 0.
    """
    name = digest_at[0]
    hashed = hashlib.sha256()
    for row, cells in contents.rows(name):
        for cell in cells:
            key = (name, row, cell.column)
            if key == digest_at or is_note(contents, cell, note):
                continue
            text = contents.formula(key) if key in contents.entries else text_in(contents, cell)
            if text:
                hashed.update(f"{row},{cell.column}:{text}\n".encode())
    return hashed.hexdigest()[:_LENGTH]


def is_note(contents: Contents, cell: Cell, note: int) -> bool:
    """Whether people may write into a cell."""
    return cell.column == note and contents.is_input(cell)


def text_in(contents: Contents, cell: Cell, digits: int = _DIGITS) -> str:
    """What a cell holds, a number by its first digits."""
    value = contents.value_in(cell)
    if isinstance(value, float) and not isinstance(value, bool):
        return f"{kept(value):.{digits}g}"
    return "" if value is None else str(value)


def extra(package: Package, name: str) -> str:
    """What hangs on a sheet that no command put there; empty where nothing does."""
    part = part_of(package, name)
    for relation in package.relations(part):
        if relation.kind not in _OWN:
            return f"something of a person's on it ({relation.kind})"
        if relation.kind == "drawing":
            drawn = package.relations(relation.target)
            if len(drawn) > 1 or any(each.kind != "chart" for each in drawn):
                return "another drawing than its chart"
    return ""


def suspect(contents: Contents, name: str, last: int) -> str:
    """The first cell that holds something where nothing was written.

    Parameters
    ----------
    last : int
        The last column that is written.
    """
    # What stands there has the look that every cell begins with.
    for cell in contents.sheets[name].cells:
        if contents.value_in(cell) is not None and (cell.column > last or not cell.look):
            return f": {column_letters(cell.column)}{cell.row} holds {text_in(contents, cell)[:60]!r}"
    return ""


def address_named(contents: Contents, name: str, columns: int = 1) -> str:
    """A named place as formulas of another sheet write it; empty where a workbook of an older version lacks it."""
    place = contents.named(name)
    if place is None or place[0] not in contents.sheets:
        return ""
    sheet, row, column = place
    last = f":${column_letters(column + columns - 1)}${row}" if columns > 1 else ""
    return f"{quoted(sheet)}!${column_letters(column)}${row}{last}"
