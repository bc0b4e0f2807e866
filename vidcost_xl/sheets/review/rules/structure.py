"""Rules 14, 16, 17 and parts of 18 and 19: what a workbook hides, links to, runs, and how it calculates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from openpyxl.utils import get_column_letter

from vidcost_xl.sheets.layout.places import PREFIX
from vidcost_xl.sheets.review.rules.findings import Finding, grouped
from vidcost_xl.sheets.review.rules.looks import alike
from vidcost_xl.sheets.review.rules.view import Book, Cell, Sheet

#: File names of our own add-in; a link to it is no finding.
OUR_ADDIN: Final = frozenset({"vidcost.xlam", "vidcost_xl.xlam"})

INPUT_INK: Final = "0000FF"

#: Names that Excel and its add-ins hide for themselves, and ours.
_SYSTEM_NAMES: Final = ("_xl", "_xlnm", "_xlfn", "_xlpm", "_xlcn", "_msoanchor", "solver_", "_ftn", "_lkt", PREFIX)

#: A note in the row is a text of at least so many characters.
_NOTE: Final = 8


def structure_findings(book: Book) -> list[Finding]:
    """Everything that does not stand in a single formula.

    Parameters
    ----------
    book : Book

    Returns
    -------
    list of Finding
    """
    found = [*_links(book), *_calculation(book)]
    for sheet in book.sheets.values():
        found += [*_hidden(sheet), *_invisible(sheet), *_notes(sheet), *_formulas_in_inputs(sheet)]
    found += [
        Finding("hidden-name", name.sheet, (), f"hidden name for {name.text[:60]}", f"name {name.name}")
        for name in book.names
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


def _links(book: Book) -> Iterator[Finding]:
    ours = {f"[{number}]" for number, target in book.links if is_our_addin(target)}
    targets = {f"[{number}]": target for number, target in book.links}
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
    for name in book.names:
        numbers = [number for number in targets if number in name.text and number not in ours]
        met.update(numbers)
        for number in numbers:
            yield Finding("external-link", name.sheet, (), f"the name reads {targets[number]}", f"name {name.name}")
    for number, target in targets.items():
        if number not in ours | met:
            yield Finding("external-link", "", (), f"a link to {target} that no cell uses", "workbook")
    if any(part.startswith(("xl/connections", "xl/queryTables", "xl/webExtensions")) for part in book.parts):
        yield Finding("connection", "", (), "a data connection or query feeds the workbook", "workbook")
    if any(part.startswith("xl/macrosheets/") for part in book.parts):
        yield Finding("macro-sheet", "", (), "a sheet of Excel 4 macros", "workbook")
    if any(part.rsplit("/", 1)[-1] == "vbaProject.bin" for part in book.parts):
        yield Finding("macro", "", (), "the workbook carries VBA macros", "workbook")


def _calculation(book: Book) -> Iterator[Finding]:
    mode = book.calculation.get("calcMode", "auto")
    if mode != "auto":
        what = "calculation is manual" if mode == "manual" else "data tables are not calculated by themselves"
        yield Finding("manual-calculation", "", (), what, "workbook")
    if book.calculation.get("iterate") in {"1", "true"}:
        yield Finding("iteration", "", (), "iterative calculation is on", "workbook")
    formulas = [cell for sheet in book.sheets.values() for cell in sheet.formulas]
    if formulas and all(cell.value is None for cell in formulas):
        yield Finding("no-values", "", (), f"none of the {len(formulas)} formulas holds its value", "workbook")


def _hidden(sheet: Sheet) -> Iterator[Finding]:
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


def _runs(rows: tuple[int, ...]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for row in sorted(rows):
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found


def _invisible(sheet: Sheet) -> Iterator[Finding]:
    found = []
    for spot in sorted(sheet.cells):
        look = sheet.cells[spot].look
        if look.format.replace(" ", "") in {";;;", ";;", '"";"";""', '"";"";"";""'}:
            found.append(("format", Finding("invisible-text", sheet.name, (spot,), "number format shows nothing")))
        elif alike(look.ink, look.fill):
            what = f"text of colour {look.ink} on {look.fill}"
            found.append((what, Finding("invisible-text", sheet.name, (spot,), what)))
    yield from grouped(found)


def _notes(sheet: Sheet) -> Iterator[Finding]:
    for spot, text in sorted(sheet.comments.items()):
        cell = sheet.cells.get(spot)
        if cell is None or cell.formula or not isinstance(cell.value, (float, bool)):
            continue
        beside = [sheet.text(spot[0], other.column) for other in sheet.by_row[spot[0]] if other.column > spot[1]]
        if not any(len(note.strip()) >= _NOTE for note in beside):
            yield Finding("comment-note", sheet.name, (spot,), f"note only in a comment: {text[:60]!r}")


def _formulas_in_inputs(sheet: Sheet) -> Iterator[Finding]:
    formulas = sheet.formulas
    # Where most formulas are unlocked, unlocking is no mark of an input.
    marks_inputs = sum(not cell.look.locked for cell in formulas) * 2 < max(1, len(formulas))
    found = []
    for cell in formulas:
        if is_input_look(cell):
            why = "the look of an input"
        elif marks_inputs and not cell.look.locked:
            why = "no lock, like an input"
        else:
            continue
        what = f"{cell.shown_formula[:60]} in a cell with {why}"
        found.append((cell.relative, Finding("formula-in-input", sheet.name, (cell.spot,), what)))
    yield from grouped(found)


def is_input_look(cell: Cell) -> bool:
    """Whether a cell looks like an input: Excel's own style, or blue on a fill."""
    return cell.look.is_input_style or (cell.look.ink == INPUT_INK and cell.look.filled)
