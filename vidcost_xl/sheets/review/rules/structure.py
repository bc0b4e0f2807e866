"""Rules 14, 16, 17 and parts of 18 and 19: what a workbook hides, links to, runs, and how it calculates."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from openpyxl.utils import get_column_letter

from vidcost_xl.sheets.layout.places import PREFIX
from vidcost_xl.sheets.package.looks import Look, alike
from vidcost_xl.sheets.review.rules.findings import Finding, grouped
from vidcost_xl.sheets.review.rules.view import SheetView, WorkbookView

#: File names of our own add-in; a link to it is no finding.
OUR_ADDIN: Final = frozenset({"vidcost.xlam", "vidcost_xl.xlam"})

INPUT_INK: Final = "0000FF"

#: Names that Excel and its add-ins hide for themselves, and ours.
_SYSTEM_NAMES: Final = ("_xl", "_xlnm", "_xlfn", "_xlpm", "_xlcn", "_msoanchor", "solver_", "_ftn", "_lkt", PREFIX)

#: A note in the row is a text of at least so many characters.
_NOTE: Final = 8


def structure_findings(book: WorkbookView) -> list[Finding]:
    """Everything that does not stand in a single formula."""
    found = [*_links(book), *_calculation(book)]
    for sheet in book.sheets.values():
        found += [*_hidden(sheet), *_invisible(sheet), *_notes(sheet), *_formulas_in_inputs(sheet)]
    found += [
        Finding("hidden-name", name.sheet, (), f"hidden name for {name.text[:60]}", f"name {name.name}")
        for name in book.book.defined
        if name.hidden and not name.name.casefold().startswith(_SYSTEM_NAMES)
    ]
    return found


def is_our_addin(target: str) -> bool:
    r"""Whether a link leads to our own add-in, wherever it is installed.

    Examples
    --------
    >>> is_our_addin("file:///C:\\Users\\x\\AddIns\\vidcost.xlam"), is_our_addin("other.xlam")
    (True, False)
    """
    return target.replace("\\", "/").rsplit("/", 1)[-1].casefold() in OUR_ADDIN


def _links(book: WorkbookView) -> Iterator[Finding]:
    ours = {f"[{number}]" for number, target in book.book.links if is_our_addin(target)}
    targets = {f"[{number}]": target for number, target in book.book.links}
    met: set[str] = set()
    found = []
    for sheet, cell, parsed in book.formulas():
        for source in dict.fromkeys(parsed.foreign):
            number = source[: source.find("]") + 1] if source.startswith("[") else source
            if number in ours or is_our_addin(source):
                continue
            met.add(number)
            what = f"reads {targets.get(number, source)}"
            found.append((number, Finding("external-link", sheet.name, (cell.spot,), what)))
    yield from grouped(found)
    for name in book.book.defined:
        numbers = [number for number in targets if number in name.text and number not in ours]
        met.update(numbers)
        for number in numbers:
            yield Finding("external-link", name.sheet, (), f"the name reads {targets[number]}", f"name {name.name}")
    for number, target in targets.items():
        if number not in ours | met:
            yield Finding("external-link", "", (), f"a link to {target} that no cell uses", "workbook")
    parts = book.book.archive.names
    if any(part.startswith(("xl/connections", "xl/queryTables", "xl/webExtensions")) for part in parts):
        yield Finding("connection", "", (), "a data connection or query feeds the workbook", "workbook")
    if any(part.startswith("xl/macrosheets/") for part in parts):
        yield Finding("macro-sheet", "", (), "a sheet of Excel 4 macros", "workbook")
    if any(part.rsplit("/", 1)[-1] == "vbaProject.bin" for part in parts):
        yield Finding("macro", "", (), "the workbook carries VBA macros", "workbook")


def _calculation(book: WorkbookView) -> Iterator[Finding]:
    settings = book.book.settings
    mode = settings.mode
    if mode != "auto":
        what = "calculation is manual" if mode == "manual" else "data tables are not calculated by themselves"
        yield Finding("manual-calculation", "", (), what, "workbook")
    if settings.iterates:
        yield Finding("iteration", "", (), "iterative calculation is on", "workbook")
    values = [sheet.value(cell) for sheet in book.sheets.values() for cell in sheet.formulas]
    if values and all(value is None for value in values):
        yield Finding("no-values", "", (), f"none of the {len(values)} formulas holds its value", "workbook")


def _hidden(sheet: SheetView) -> Iterator[Finding]:
    if sheet.state == "hidden":
        yield Finding("hidden-sheet", sheet.name, (), "the sheet is hidden", "sheet")
    elif sheet.state == "veryHidden":
        yield Finding("very-hidden-sheet", sheet.name, (), "the sheet is hidden from Excel's own menus", "sheet")
    for first, last in _runs(sheet.hidden_rows):
        spot = next(cell.spot for cell in sheet.by_row[first])
        rows = f"row {first}" if first == last else f"rows {first} to {last}"
        yield Finding("hidden-rows", sheet.name, (spot,), f"{rows} hidden, with contents")
    for first, last in sheet.hidden_columns:
        spot = min(spot for spot in sheet.cells if first <= spot[1] <= last)
        letters = get_column_letter(first), get_column_letter(last)
        columns = f"column {letters[0]}" if first == last else f"columns {letters[0]} to {letters[1]}"
        yield Finding("hidden-columns", sheet.name, (spot,), f"{columns} hidden, with contents")


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found


def _invisible(sheet: SheetView) -> Iterator[Finding]:
    found = []
    for spot, cell in sheet.cells.items():
        what = _unseen(sheet.look(cell))
        if what:
            found.append((what, Finding("invisible-text", sheet.name, (spot,), what)))
    yield from grouped(found)


@lru_cache(maxsize=4096)
def _unseen(look: Look) -> str:
    if look.format.replace(" ", "") in {";;;", ";;", '"";"";""', '"";"";"";""'}:
        return "number format shows nothing"
    return f"text of colour {look.ink} on {look.fill}" if alike(look.ink, look.fill) else ""


def _notes(sheet: SheetView) -> Iterator[Finding]:
    for spot, text in sorted(sheet.setup.comments.items()):
        cell = sheet.cells.get(spot)
        if cell is None or sheet.is_formula(cell) or not isinstance(sheet.value(cell), (float, bool)):
            continue
        beside = [sheet.text(spot[0], other.column) for other in sheet.by_row[spot[0]] if other.column > spot[1]]
        if not any(len(note.strip()) >= _NOTE for note in beside):
            yield Finding("comment-note", sheet.name, (spot,), f"note only in a comment: {text[:60]!r}")


def _formulas_in_inputs(sheet: SheetView) -> Iterator[Finding]:
    formulas = sheet.formulas
    # Where most formulas are unlocked, unlocking is no mark of an input.
    marks_inputs = sum(not sheet.look(cell).locked for cell in formulas) * 2 < max(1, len(formulas))
    found = []
    for cell in formulas:
        if is_input_look(sheet.look(cell)):
            why = "the look of an input"
        elif marks_inputs and not sheet.look(cell).locked:
            why = "no lock, like an input"
        else:
            continue
        what = f"{sheet.formula(cell)[:60]} in a cell with {why}"
        found.append((sheet.relative(cell), Finding("formula-in-input", sheet.name, (cell.spot,), what)))
    yield from grouped(found)


def is_input_look(look: Look) -> bool:
    """Whether a cell looks like an input: Excel's own style, or blue on a fill."""
    return look.is_input_style or (look.ink == INPUT_INK and look.filled)
