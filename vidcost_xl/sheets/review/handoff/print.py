"""The assumptions book: the sheets of a hand-off that a reader wants on paper, printed through LibreOffice."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from vidcost_xl.sheets.calc.libreoffice import PROGRAMS, find_program, printed
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.package.edits.opened import WORKBOOK, opened
from vidcost_xl.sheets.package.safe_files.writing import check_target, write_file
from vidcost_xl.sheets.plan.results.contents import CONTENTS
from vidcost_xl.sheets.plan.results.ledger import SHEET as LEDGER
from vidcost_xl.sheets.plan.results.ledger import STALE, STATE_ROW
from vidcost_xl.sheets.render.added_sheets import part_of, remove_sheet, sheet_elements
from vidcost_xl.sheets.review.handoff.left_out import empty_rows, unfilled, with_titles, without_rows
from vidcost_xl.sheets.review.handoff.page import SHEET

PDF: Final = ".pdf"

#: Sheets of the book besides inputs and results, those that there are; of the one-page workbook its page.
_OTHERS: Final = ("Cover", "Quick", "Checks", SHEET)

#: Classes of sheets that it has whole.
_CLASSES: Final = ("inputs", "results")


#: Rows of a ledger that people read on paper; a longer one is for pivot tables, and Costs has its sums.
MOST_LEDGER_ROWS: Final = 200


def check_book_target(path: Path, *, force: bool = False) -> None:
    """Refuse a book that cannot be printed or written, before any work is done.

    Raises
    ------
    BadArgumentError
        As `writing.check_target`.
    LibreOfficeError
        Without LibreOffice; says how to install it.
    """
    check_target(path, force=force, suffix=PDF)
    find_program(*PROGRAMS)


def print_book(data: bytes, path: Path, *, everything: bool = False, force: bool = False) -> list[str]:
    """Print the assumptions book of a hand-off: what a reader signs, without rows in which nothing stands,
    and without sheets on which nothing is filled in.

    Parameters
    ----------
    data : bytes
        The hand-off.
    path : Path
        Ends in .pdf.
    everything : bool
        Whether to print every sheet and every row instead.
    force : bool
        Whether an existing file may be replaced.

    Returns
    -------
    list of str
        The sheets in it.
    """
    package = opened(data, path.name)
    names = [element.attributes.get("name", "") for element in sheet_elements(package)]
    signed = {*_OTHERS, *(name for name, kind, _ in CONTENTS if kind in _CLASSES)}
    kept = [name for name in names if everything or name in signed]
    if not everything:
        contents = Contents(data, path.name)
        kept = [name for name in kept if name != LEDGER or is_for_paper(contents)]
        empty = empty_rows(contents)
        unused = unfilled(contents, empty)
        kept = [name for name in kept if name not in unused]
        for name, rows in empty.items():
            part = part_of(package, name)
            package.write(part, without_rows(package.read(part), rows))
            package.write(WORKBOOK, with_titles(package.read(WORKBOOK), name, rows))
    for name in names:
        if name not in kept:
            remove_sheet(package, name)  # values are printed, and nothing is computed again
    with tempfile.TemporaryDirectory(prefix="vidcost-book-") as temporary:
        source, folder = Path(temporary) / "in" / f"{path.stem}.xlsx", Path(temporary) / "out"
        source.parent.mkdir()
        folder.mkdir()
        source.write_bytes(package.data())
        write_file(path, printed(source, folder).read_bytes(), force=force, suffix=PDF)
    return kept


def is_for_paper(contents: Contents) -> bool:
    """Whether the ledger of a hand-off is printed: one that is short, and of the plan as it stands."""
    rows = {row for row, _ in contents.sheets[LEDGER].places}
    return len(rows) <= MOST_LEDGER_ROWS and not contents.text((LEDGER, STATE_ROW, 1)).startswith(STALE)
