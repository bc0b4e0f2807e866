"""Rules 18, 20 and 22 on workbooks of ours: protection, colours, print set-up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vidcost_xl.sheets.formulas.parsed import CELLS
from vidcost_xl.sheets.layout.styles import FORMATS, LINK_GREEN
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.review.rules.findings import Finding, grouped
from vidcost_xl.sheets.review.rules.layout import is_ours
from vidcost_xl.sheets.review.rules.structure import INPUT_INK, is_input_look
from vidcost_xl.sheets.review.rules.view import SheetView, WorkbookView

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
_LINK: Final = re.compile(r"\+?(?:'(?:[^']|'')+'|[\w.]+)!" + CELLS)
_LEGEND: Final = ("blue", "green", "input")


def presentation_findings(book: WorkbookView) -> list[Finding]:
    """Protection, colours and print set-up."""
    ours = [sheet for sheet in book.sheets.values() if is_ours(sheet)]
    found = []
    for sheet in ours:
        found += [*_protection(sheet), *_unlocked(sheet), *_colours(sheet), *_print(book, sheet)]
    texts = {sheet.text(*spot) for sheet in ours for spot in sheet.cells if spot not in sheet.copied}
    if ours and not any(all(word in text.casefold() for word in _LEGEND) for text in texts):
        found.append(Finding("colours", "", (), "no legend says what the colours mean", "workbook"))
    return found


def _protection(sheet: SheetView) -> Iterator[Finding]:
    settings = sheet.setup.protection
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


def _unlocked(sheet: SheetView) -> Iterator[Finding]:
    found = [
        ("unlocked", Finding("unlocked", sheet.name, (spot,), "an unlocked cell that is no input"))
        for spot, cell in sheet.cells.items()
        if not sheet.look(cell).locked and not sheet.is_formula(cell) and not is_input_look(sheet.look(cell))
    ]
    yield from grouped(found)


def _colours(sheet: SheetView) -> Iterator[Finding]:
    found = []
    for spot, cell in sheet.cells.items():
        what = _wrong_colour(sheet, cell)
        if what:
            found.append((what, Finding("colours", sheet.name, (spot,), what)))
    yield from grouped(found)


def _wrong_colour(sheet: SheetView, cell: Cell) -> str:
    look = sheet.look(cell)
    is_number = isinstance(sheet.value(cell), float)
    copied = sheet.copied.get(cell.spot)
    if copied is not None:
        if look.ink == INPUT_INK and not is_input_look(look):
            return "a formula in the blue of inputs"
        is_link = is_number and _LINK.fullmatch(copied.parsed.form) and copied.references[0].kind == "cell"
        if is_link and look.format not in _CHECKS and look.ink != LINK_GREEN and not look.filled:
            return "a number from another sheet that is not green"
        return ""
    if not look.locked and is_number and not is_input_look(look):
        return "an input that is not blue on a pale fill"
    if is_number and look.ink == LINK_GREEN:
        return "a typed number in the green of links"
    return ""


def _print(book: WorkbookView, sheet: SheetView) -> Iterator[Finding]:
    page = sheet.setup.page
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
