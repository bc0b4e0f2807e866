"""What LibreOffice alone changes when it saves a workbook of ours, so that the checks see what people changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from vidcost_xl.sheets.layout.addresses import Addresses
from vidcost_xl.sheets.package.workbook import Workbook
from vidcost_xl.sheets.review.rules.findings import Finding
from vidcost_xl.sheets.review.rules.view import WorkbookView

_APP: Final = "docProps/app.xml"
_LIBREOFFICE: Final = re.compile(rb"<Application>\s*LibreOffice", re.IGNORECASE)

#: The last of the rows that print repeats.
_ROWS: Final = re.compile(r"\$1:\$(\d+)")


def saved_by_libreoffice(book: Workbook) -> bool:
    """Whether LibreOffice saved the file last, as its properties say."""
    return _APP in book.archive and bool(_LIBREOFFICE.search(book.archive.read(_APP)))


def lost_panes(book: WorkbookView, template: Addresses) -> Iterator[Finding]:
    """Give sheets their freeze panes back where a conversion without a window dropped all of them.

    The rows that print repeats are those of the pane. A pane that is missing while others stand was taken away by a
    person, and stays missing.

    Returns
    -------
    iterator of Finding
        One note, whatever LibreOffice lost.
    """
    lost = not any(sheet.setup.frozen != (0, 0) for sheet in book.sheets.values())
    declared = {sheet.name: sheet for sheet in template.layout.sheets}
    for name, sheet in book.sheets.items() if lost else ():
        titles = book.name("_xlnm.Print_Titles", name)
        repeated = _ROWS.search(titles.text) if titles is not None and titles.sheet == name else None
        rows = int(repeated[1]) if repeated else template.row(declared[name].last_frozen) if name in declared else 0
        sheet.setup = replace(sheet.setup, frozen=(rows, 0))
    panes = "freeze panes, " if lost else ""
    what = f"LibreOffice saved this file last: {panes}tab colours, chart details and the answers of the add-in are lost"
    yield Finding("saved-by-libreoffice", "", (), what, "the file")
