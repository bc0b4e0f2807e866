"""Rules 18, 20 and 22 on workbooks of ours: protection, colours, print set-up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vidcost_xl.sheets.layout.styles import FORMATS, LINK_GREEN
from vidcost_xl.sheets.review.rules.findings import Finding, grouped
from vidcost_xl.sheets.review.rules.layout import is_ours
from vidcost_xl.sheets.review.rules.structure import INPUT_INK, is_input_look
from vidcost_xl.sheets.review.rules.view import Book, Cell, Sheet

#: Actions that stay allowed on a protected sheet; the file marks a forbidden one with 1.
ALLOWED: Final = (
    *("formatCells", "formatColumns", "formatRows", "insertColumns", "insertRows", "sort", "autoFilter"),
    *("pivotTables", "selectLockedCells", "selectUnlockedCells"),
)
#: What Excel assumes where the file says nothing.
_FORBIDDEN_UNSAID: Final = frozenset(ALLOWED) - {"selectLockedCells", "selectUnlockedCells"}
_PASSWORD: Final = ("password", "hashValue", "algorithmName", "saltValue")
_ON: Final = frozenset({"1", "true"})
_CHECKS: Final = frozenset({FORMATS["flag"], FORMATS["flags"]})
_LINK: Final = re.compile(r"=\+?(?:'(?:[^']|'')+'|[\w.]+)!\$?[A-Za-z]{1,3}\$?\d+")
_LEGEND: Final = ("blue", "green", "input")


def presentation_findings(book: Book) -> list[Finding]:
    """Protection, colours and print set-up.

    Parameters
    ----------
    book : Book

    Returns
    -------
    list of Finding
    """
    ours = [sheet for sheet in book.sheets.values() if is_ours(sheet)]
    found = []
    for sheet in ours:
        found += [*_protection(sheet), *_unlocked(sheet), *_colours(sheet), *_print(book, sheet)]
    texts = (str(cell.value).casefold() for sheet in ours for cell in sheet.cells.values() if not cell.formula)
    if ours and not any(all(word in text for word in _LEGEND) for text in texts):
        found.append(Finding("colours", "", (), "no legend says what the colours mean", "workbook"))
    return found


def _protection(sheet: Sheet) -> Iterator[Finding]:
    settings = sheet.protection
    if settings is None or settings.get("sheet") not in _ON:
        yield Finding("protection", sheet.name, (), "the sheet is not protected", "sheet")
        return
    if any(settings.get(key) for key in _PASSWORD):
        yield Finding("protection", sheet.name, (), "the protection has a password", "sheet")
    forbidden = [
        action for action in ALLOWED if settings.get(action, "1" if action in _FORBIDDEN_UNSAID else "0") in _ON
    ]
    if forbidden:
        yield Finding("protection", sheet.name, (), f"forbids {', '.join(forbidden)}", "sheet")


def _unlocked(sheet: Sheet) -> Iterator[Finding]:
    found = [
        ("unlocked", Finding("unlocked", sheet.name, (spot,), "an unlocked cell that is no input"))
        for spot, cell in sorted(sheet.cells.items())
        if not cell.look.locked and not cell.formula and not is_input_look(cell)
    ]
    yield from grouped(found)


def _colours(sheet: Sheet) -> Iterator[Finding]:
    found = []
    for spot, cell in sorted(sheet.cells.items()):
        what = _wrong_colour(cell)
        if what:
            found.append((what, Finding("colours", sheet.name, (spot,), what)))
    yield from grouped(found)


def _wrong_colour(cell: Cell) -> str:
    ink = cell.look.ink
    if cell.formula:
        if ink == INPUT_INK and not is_input_look(cell):
            return "a formula in the blue of inputs"
        is_link = isinstance(cell.value, float) and _LINK.fullmatch(cell.formula) and cell.look.format not in _CHECKS
        if is_link and ink != LINK_GREEN and not cell.look.filled:
            return "a number from another sheet that is not green"
        return ""
    if not cell.look.locked and isinstance(cell.value, float) and not is_input_look(cell):
        return "an input that is not blue on a pale fill"
    if isinstance(cell.value, float) and ink == LINK_GREEN:
        return "a typed number in the green of links"
    return ""


def _print(book: Book, sheet: Sheet) -> Iterator[Finding]:
    page = sheet.page
    missing = []
    if page.get("orientation") != "landscape":
        missing.append("not landscape")
    if page.get("fitToPage") not in _ON or page.get("fitToWidth", "1") != "1":
        missing.append("not one page wide")
    titles = book.name("_xlnm.Print_Titles", sheet.name)
    has_titles = titles is not None and titles.sheet == sheet.name and "$" in titles.text
    if page.get("fitToHeight", "1") != "1" and not has_titles:
        missing.append("header rows not repeated")
    if "&P" not in page.get("oddFooter", "") + page.get("oddHeader", ""):
        missing.append("no page numbers")
    area = book.name("_xlnm.Print_Area", sheet.name)
    if area is None or area.sheet != sheet.name or "#REF!" in area.text:
        missing.append("no print area")
    if missing:
        yield Finding("print", sheet.name, (), ", ".join(missing), "page set-up")
