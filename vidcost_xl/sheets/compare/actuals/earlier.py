"""The sheet Actuals that a workbook has already: the notes in it, and whether anything else was typed there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vidcost_xl.areas import Place
from vidcost_xl.digits import DIGITS
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.calendar import day_of_serial
from vidcost_xl.sheets.compare.actuals.columns import COLUMNS
from vidcost_xl.sheets.compare.actuals.page import DIGEST, SHEET, TITLE
from vidcost_xl.sheets.compare.stamped import digest, extra, is_note, sheet_named, suspect, text_in
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.package.edits.opened import Package

_AT: Final = {key: at for at, (key, _, _) in enumerate(COLUMNS, start=1)}

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
    name = sheet_named(contents, SHEET)
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
    name = sheet_named(contents, SHEET)
    where = next((row for row, column in contents.sheets[name].places if _is_digest(contents, name, row, column)), 0)
    found = Earlier(_notes(contents, name), (name, where, _AT["actual"]))
    if not anew:
        if more := extra(package, name):
            raise BadArgumentError(f"the sheet {name} of {contents.name} has {more}, which would be lost. {_REMEDY}")
        if not where or contents.text(found.digest_at) != digest(contents, found.digest_at, _AT["note"]):
            raise BadArgumentError(
                f"the sheet {name} of {contents.name} is not as it was written{suspect(contents, name, len(COLUMNS))}. "
                f"It would be lost: only what stands in the column note is kept. {_REMEDY}"
            )
    return found


def check_notes(found: Earlier, kept_rows: set[tuple[str, str]], name: str) -> None:
    """Refuse to lose a note whose row is not written any more."""
    lost = next((key for key in found.notes if key not in kept_rows), None)
    if lost is not None:
        raise BadArgumentError(
            f"the note {found.notes[lost]!r} on {' '.join(filter(None, lost))} in the sheet {SHEET} of {name} has no "
            f"row any more. {_REMEDY}"
        )


def _is_digest(contents: Contents, name: str, row: int, column: int) -> bool:
    return column == 1 and contents.text((name, row, column)) == DIGEST


def _notes(contents: Contents, name: str) -> dict[tuple[str, str], str]:
    notes = {}
    for cell in contents.sheets[name].cells:
        value = contents.value_in(cell) if is_note(contents, cell, _AT["note"]) else None
        if value is not None:
            month = contents.value((name, cell.row, _AT["month"]))
            # `value` counts days from 1900 whatever the workbook does.
            label = f"{day_of_serial(month):%Y-%m}" if isinstance(month, float) else str(month or "")
            notes[label, contents.text((name, cell.row, _AT["line"]))] = text_in(contents, cell, DIGITS)
    return notes
