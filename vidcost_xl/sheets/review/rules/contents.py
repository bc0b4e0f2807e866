"""Rule 19: what stands in cells, and what formulas read that holds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vidcost_xl.areas import Area, Spot
from vidcost_xl.errors import VideoCostError
from vidcost_xl.functions.registry import functions
from vidcost_xl.hosts.formulas import PREFIX
from vidcost_xl.sheets.formulas.parsed import Within
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.review.rules.axes import time_axes
from vidcost_xl.sheets.review.rules.findings import Finding, address, grouped
from vidcost_xl.sheets.review.rules.graph import Graph
from vidcost_xl.sheets.review.rules.layout import frozen_words, handed_off
from vidcost_xl.sheets.review.rules.view import SheetView, WorkbookView

_NUMBER: Final = re.compile(
    r"[-+]?\(?\s*[$\u20ac\u00a3\u00a5]?\s*[-+]?(?:\d[\d\s,.'\u00a0\u202f]*|\.\d+)(?:[eE][+-]?\d+)?\s*[%$\u20ac]?\)?"
)
#: Characters of the longest text that may be a number.
_LONGEST: Final = 1_000
_CODE: Final = re.compile(r"0\d+|\d{16,}|\d+\.\d+\.[\d.]+")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")

#: Functions that compare texts: a text that looks like a number may be right for them.
_LOOKUPS: Final = frozenset(
    {
        *("MATCH", "XMATCH", "VLOOKUP", "HLOOKUP", "XLOOKUP", "LOOKUP", "INDEX", "COUNTIF", "COUNTIFS", "SUMIF"),
        *(
            "SUMIFS",
            "EXACT",
            "CONCATENATE",
            "CONCAT",
            "TEXTJOIN",
            "LEFT",
            "RIGHT",
            "MID",
            "LEN",
            "VALUE",
            "NUMBERVALUE",
        ),
        *(
            "ROW",
            "COLUMN",
            "INDIRECT",
            "ISTEXT",
            "ISNUMBER",
            "ISLOGICAL",
            "COUNTA",
            "DATEVALUE",
            "TRIM",
            "SUBSTITUTE",
            "FIND",
            "SEARCH",
            "TEXT",
        ),
    }
)
#: Functions for which an empty cell is an answer.
_TOLERANT: Final = frozenset(
    {
        *("ISBLANK", "ISNUMBER", "ISTEXT", "ISERROR", "ISNA", "COUNTA", "COUNT", "COUNTBLANK", "N", "T", "ROW", "ROWS"),
        *("COLUMN", "COLUMNS", "CELL", "OFFSET", "IFERROR", "AND", "OR", "MAX", "MIN", "SUM", "AVERAGE", "HYPERLINK"),
    }
)


def content_findings(book: WorkbookView, graph: Graph) -> list[Finding]:
    """Errors, broken references, text numbers and references to empty cells."""
    return [*_errors(book), *_broken(book), *_text_numbers(book, graph), *_empty(book, graph)]


def _errors(book: WorkbookView) -> Iterator[Finding]:
    for sheet in book.sheets.values():
        found = []
        for spot, cell in sheet.cells.items():
            if sheet.is_error(cell) and not _is_absent_addin(sheet, cell):
                value, formula = sheet.value(cell), sheet.formula(cell)
                source = f"shows {value}: {formula[:60]}" if formula else f"typed or pasted {value}"
                found.append((f"{value}|{sheet.relative(cell)}", Finding("error-value", sheet.name, (spot,), source)))
        yield from grouped(found)


def _is_absent_addin(sheet: SheetView, cell: Cell) -> bool:
    # Without the add-in every cell of it shows #NAME?: nothing is wrong with the workbook.
    copied = sheet.copied.get(cell.spot)
    calls = copied.parsed.functions if copied else ()
    is_ours = any(name.startswith(PREFIX) for name, _ in calls)
    is_ours = is_ours or (not calls and any(area.holds(area.sheet, *cell.spot) for area in sheet.answers))
    return str(sheet.value(cell)) == "#NAME?" and is_ours


def _broken(book: WorkbookView) -> Iterator[Finding]:
    found = []
    for sheet, cell, parsed in book.formulas():
        lost = [error for error in parsed.errors if error == "#REF!"]
        gone = [home for home, _ in parsed.places if home and not _is_there(book, home)]
        if lost or gone:
            what = f"#REF! in {sheet.formula(cell)[:60]}" if lost else f"reads sheet {gone[0]!r}, which is not there"
            found.append((sheet.relative(cell), Finding("broken-reference", sheet.name, (cell.spot,), what)))
    yield from grouped(found)
    for name in book.book.defined:
        if "#REF!" in name.text:
            yield Finding("broken-reference", name.sheet, (), f"the name stands for {name.text}", f"name {name.name}")


def _is_there(book: WorkbookView, sheet: str) -> bool:
    return all(part.casefold() in book.spelled for part in sheet.split(":"))


def looks_like_number(text: str) -> bool:
    """Whether a text would be a number had it been typed as one.

    Examples
    --------
    >>> [looks_like_number(text) for text in ("1,234.5", " 12 %", "($3)", "007", "5 PB", "1.2.3")]
    [True, True, True, False, False, False]
    """
    if len(text) > _LONGEST:
        return False
    bare = text.strip()
    return bool(bare) and _NUMBER.fullmatch(bare) is not None and _CODE.fullmatch(bare) is None


def _text_numbers(book: WorkbookView, graph: Graph) -> Iterator[Finding]:
    handed, (answered, months) = handed_off(book), frozen_words(book)
    suspects = {
        (sheet.name, spot)
        for sheet in book.sheets.values()
        if sheet.name != handed
        for spot, cell in sheet.cells.items()
        if sheet.name != answered or spot[1] >= months
        if (text := sheet.text(*spot)) and looks_like_number(text) and not sheet.is_formula(cell)
    }
    if not suspects:
        return
    computed = _computed_with(book, graph, suspects)
    for name, spot in sorted(suspects, key=lambda node: (list(book.sheets).index(node[0]), node[1])):
        sheet = book.sheets[name]
        text = sheet.text(*spot)
        if (name, spot) in computed or _among_numbers(sheet, spot, text):
            yield Finding("text-number", name, (spot,), f"{text!r} is a text, not a number")


def _computed_with(book: WorkbookView, graph: Graph, suspects: set[tuple[str, Spot]]) -> set[tuple[str, Spot]]:
    blocks: set[Area] = set()
    handed = handed_off(book)
    for sheet, cell, parsed in book.formulas():
        if "&" in parsed.operators or sheet.name == handed:
            continue
        for area, within in graph.areas(sheet, cell):
            is_passed_on = within.alone and within.function in {"", "IF", "IFERROR"}
            is_passed_on |= within.function.startswith(PREFIX) and not area.is_cell  # a table of keys and values
            if not is_passed_on and _LOOKUPS.isdisjoint(within.around):
                blocks.add(area)
    by_sheet: dict[str, list[Spot]] = {}
    for name, spot in suspects:
        by_sheet.setdefault(name, []).append(spot)
    return {
        (area.sheet, spot) for area in blocks for spot in by_sheet.get(area.sheet, ()) if area.holds(area.sheet, *spot)
    }


def _among_numbers(sheet: SheetView, spot: Spot, text: str) -> bool:
    def number(row: int, column: int) -> bool:
        cell = sheet.cells.get((spot[0] + row, spot[1] + column))
        return cell is not None and sheet.is_number(cell)

    if number(-1, 0) or (number(0, -1) and number(0, 1)):
        return True
    return number(1, 0) and _YEAR.fullmatch(text.strip()) is None and spot[0] > 1 and not _is_heading(sheet, spot)


def _is_heading(sheet: SheetView, spot: Spot) -> bool:
    # The other texts of a heading row are texts over columns too.
    row = [cell for cell in sheet.by_row.get(spot[0], ()) if cell.column != spot[1]]
    return bool(row) and not any(sheet.is_number(cell) for cell in row)


def _empty(book: WorkbookView, graph: Graph) -> Iterator[Finding]:
    starts: dict[str, set[int]] = {}
    found = []
    for sheet, cell, parsed in book.formulas():
        empty = [each for each in graph.areas(sheet, cell) if book.is_empty(each[0])]
        if not empty or '=""' in parsed.form or '<>""' in parsed.form:
            continue  # it asks whether a cell is empty
        tested = {area for area, within in empty if not _TOLERANT.isdisjoint(within.around)}
        for area, within in empty:
            target = book.sheets[area.sheet]
            if area in tested:
                continue
            if sheet.name not in starts:
                starts[sheet.name] = {axis.first for axis in time_axes(sheet)}
            if _is_optional(within) or _is_before_time(cell, area, sheet, starts[sheet.name]):
                continue
            place = address((area.top, area.left))
            place = place if target is sheet else f"{area.sheet}!{place}"
            found.append(
                (
                    sheet.relative(cell),
                    Finding("empty-reference", sheet.name, (cell.spot,), f"reads {place}, which is empty"),
                )
            )
    yield from grouped(found)


def _is_optional(within: Within) -> bool:
    # An optional argument of ours takes its default from an empty cell.
    ours = [name for name in within.around if name.startswith(PREFIX)]
    if not ours:
        return False
    try:
        specification = functions()[ours[-1]]
    except (KeyError, VideoCostError):
        return False
    if within.function != ours[-1] or not 1 <= within.argument <= len(specification.parameters):
        return False
    parameter = specification.parameters[within.argument - 1]
    return not parameter.is_required and not parameter.refuses_blank


def _is_before_time(cell: Cell, area: Area, sheet: SheetView, starts: set[int]) -> bool:
    # The opening balance of the first period reads the column before it, by the row's one formula.
    if area.sheet != sheet.name or cell.column not in starts or area.left >= cell.column:
        return False
    after = sheet.cells.get((cell.row, cell.column + 1))
    return after is not None and sheet.relative(after) == sheet.relative(cell)
