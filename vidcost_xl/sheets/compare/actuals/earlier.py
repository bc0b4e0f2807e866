"""The sheet Actuals that a workbook has already: the notes in it, and whether anything else was typed there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from vidcost_xl.areas import Place, column_letters
from vidcost_xl.digits import DIGITS, kept
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.calendar import day_of_serial
from vidcost_xl.sheets.compare.actuals.columns import COLUMNS
from vidcost_xl.sheets.compare.actuals.page import DIGEST, SHEET, TITLE
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.package.edits.opened import Package
from vidcost_xl.sheets.render.added_sheets import part_of

_AT: Final = {key: at for at, (key, _, _) in enumerate(COLUMNS, start=1)}

#: Digits of a number, and of the digest itself, that tell whether a cell is as it was.
_DIGITS: Final = 12
_LENGTH: Final = 16

#: What hangs on the sheet as it is written, and what a program adds by itself.
_OWN: Final = frozenset({"drawing", "table", "printerSettings"})

_REMEDY: Final = "Move it to another sheet, or drop it with --anew."


@dataclass(frozen=True)
class Earlier:
    """What an earlier sheet holds of people's.

    Parameters
    ----------
    notes : dict
        By the columns month and line of their row.
    digest_at : Place
        Where the digest of the sheet stands.
    """

    notes: dict[tuple[str, str], str]
    digest_at: Place


def is_there(contents: Contents) -> bool:
    """Whether a workbook has the sheet.

    Raises
    ------
    BadArgumentError
        For a sheet of that name that is somebody's own.
    """
    name = _name(contents)
    if name and contents.text((name, 1, 1)) != TITLE:
        raise BadArgumentError(f"{contents.name} has a sheet {name} of its own. Rename it, and run this again.")
    return bool(name)


def earlier(contents: Contents, package: Package, *, anew: bool) -> Earlier | None:
    """What people wrote on the sheet; None where there is none.

    Parameters
    ----------
    anew : bool
        Whether what does not stand in a note may go.

    Raises
    ------
    BadArgumentError
        For anything typed, drawn or commented elsewhere than in the column note: it would be lost.
    """
    if not is_there(contents):
        return None
    name = _name(contents)
    where = next((row for row, column in contents.sheets[name].places if _is_digest(contents, name, row, column)), 0)
    found = Earlier(_notes(contents, name), (name, where, _AT["actual"]))
    if not anew:
        if extra := _extra(package, name):
            raise BadArgumentError(f"the sheet {name} of {contents.name} has {extra}, which would be lost. {_REMEDY}")
        if not where or contents.text(found.digest_at) != digest(contents, found.digest_at):
            raise BadArgumentError(
                f"the sheet {name} of {contents.name} is not as it was written{_suspect(contents, name)}. "
                f"It would be lost: only what stands in the column note is kept. {_REMEDY}"
            )
    return found


def digest(contents: Contents, digest_at: Place) -> str:
    """Of every cell of the sheet but its notes: what was typed, and the formulas."""
    name = digest_at[0]
    hashed = hashlib.sha256()
    for row, cells in contents.rows(name):
        for cell in cells:
            key = (name, row, cell.column)
            if key == digest_at or _is_note(contents, cell):
                continue
            text = contents.formula(key) if key in contents.entries else _text(contents, cell)
            if text:
                hashed.update(f"{row},{cell.column}:{text}\n".encode())
    return hashed.hexdigest()[:_LENGTH]


def check_notes(found: Earlier, kept_rows: set[tuple[str, str]], name: str) -> None:
    """Refuse to lose a note whose row is not written any more."""
    lost = next((key for key in found.notes if key not in kept_rows), None)
    if lost is not None:
        raise BadArgumentError(
            f"the note {found.notes[lost]!r} on {' '.join(filter(None, lost))} in the sheet {SHEET} of {name} has no "
            f"row any more. {_REMEDY}"
        )


def _name(contents: Contents) -> str:
    return next((each for each in contents.sheets if each.casefold() == SHEET.casefold()), "")


def _is_digest(contents: Contents, name: str, row: int, column: int) -> bool:
    return column == 1 and contents.text((name, row, column)) == DIGEST


def _is_note(contents: Contents, cell: Cell) -> bool:
    return cell.column == _AT["note"] and contents.is_input(cell)


def _notes(contents: Contents, name: str) -> dict[tuple[str, str], str]:
    notes = {}
    for cell in contents.sheets[name].cells:
        value = contents.value_in(cell) if _is_note(contents, cell) else None
        if value is not None:
            month = contents.value((name, cell.row, _AT["month"]))
            # `value` counts days from 1900 whatever the workbook does.
            label = f"{day_of_serial(month):%Y-%m}" if isinstance(month, float) else str(month or "")
            notes[label, contents.text((name, cell.row, _AT["line"]))] = _text(contents, cell, DIGITS)
    return notes


def _text(contents: Contents, cell: Cell, digits: int = _DIGITS) -> str:
    value = contents.value_in(cell)
    if isinstance(value, float) and not isinstance(value, bool):
        return f"{kept(value):.{digits}g}"
    return "" if value is None else str(value)


def _extra(package: Package, name: str) -> str:
    part = part_of(package, name)
    for relation in package.relations(part):
        if relation.kind not in _OWN:
            return f"something of a person's on it ({relation.kind})"
        if relation.kind == "drawing":
            drawn = package.relations(relation.target)
            if len(drawn) > 1 or any(each.kind != "chart" for each in drawn):
                return "another drawing than its chart"
    return ""


def _suspect(contents: Contents, name: str) -> str:
    # What stands where nothing was written has the look that every cell begins with.
    last = len(COLUMNS)
    for cell in contents.sheets[name].cells:
        if contents.value_in(cell) is not None and (cell.column > last or not cell.look):
            return f": {column_letters(cell.column)}{cell.row} holds {_text(contents, cell)[:60]!r}"
    return ""
