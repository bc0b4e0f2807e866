"""Rule 19: what stands in cells, and what formulas read that holds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vidcost_xl.errors import VideoCostError
from vidcost_xl.functions.registry import functions
from vidcost_xl.hosts.formulas import PREFIX
from vidcost_xl.sheets.formulas.parsed import Within
from vidcost_xl.sheets.formulas.tokens import Box
from vidcost_xl.sheets.review.rules.axes import time_axes
from vidcost_xl.sheets.review.rules.findings import Finding, Spot, address, grouped
from vidcost_xl.sheets.review.rules.graph import Graph
from vidcost_xl.sheets.review.rules.view import Book, Cell, Sheet, is_error

_NUMBER: Final = re.compile(
    r"[-+]?\(?\s*[$\u20ac\u00a3\u00a5]?\s*[-+]?(?:\d[\d\s,.'\u00a0\u202f]*|\.\d+)(?:[eE][+-]?\d+)?\s*[%$\u20ac]?\)?"
)
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
        *("INDIRECT", "ISTEXT", "ISNUMBER", "COUNTA", "DATEVALUE", "TRIM", "SUBSTITUTE", "FIND", "SEARCH", "TEXT"),
    }
)
#: Functions for which an empty cell is an answer.
_TOLERANT: Final = frozenset(
    {
        *("ISBLANK", "ISNUMBER", "ISTEXT", "ISERROR", "ISNA", "COUNTA", "COUNT", "COUNTBLANK", "N", "T", "ROW", "ROWS"),
        *("COLUMN", "COLUMNS", "CELL", "OFFSET", "IFERROR", "AND", "OR", "MAX", "MIN", "SUM", "AVERAGE", "HYPERLINK"),
    }
)


def content_findings(book: Book, graph: Graph) -> list[Finding]:
    """Errors, broken references, text numbers and references to empty cells.

    Parameters
    ----------
    book : Book
    graph : Graph

    Returns
    -------
    list of Finding
    """
    return [*_errors(book), *_broken(book), *_text_numbers(book, graph), *_empty(book, graph)]


def _errors(book: Book) -> Iterator[Finding]:
    for sheet in book.sheets.values():
        found = []
        for spot in sorted(sheet.cells):
            cell = sheet.cells[spot]
            if is_error(cell) and not _is_absent_addin(book, cell):
                source = (
                    f"shows {cell.value}: {cell.shown_formula[:60]}"
                    if cell.formula
                    else f"typed or pasted {cell.value}"
                )
                found.append((f"{cell.value}|{cell.relative}", Finding("error-value", sheet.name, (spot,), source)))
        yield from grouped(found)


def _is_absent_addin(book: Book, cell: Cell) -> bool:
    # Without the add-in every cell of it shows #NAME?: nothing is wrong with the workbook.
    return str(cell.value) == "#NAME?" and any(name.startswith(PREFIX) for name, _ in book.parsed(cell).functions)


def _broken(book: Book) -> Iterator[Finding]:
    found = []
    for sheet, cell, parsed in book.formulas():
        lost = [error for error in parsed.errors if error == "#REF!"]
        gone = [r.sheet for r, _ in parsed.references if r.sheet and not r.external and not _is_there(book, r.sheet)]
        if lost or gone:
            what = f"#REF! in {cell.shown_formula[:60]}" if lost else f"reads sheet {gone[0]!r}, which is not there"
            found.append((cell.relative, Finding("broken-reference", sheet.name, (cell.spot,), what)))
    yield from grouped(found)
    for name in book.names:
        if "#REF!" in name.text:
            yield Finding("broken-reference", name.sheet, (), f"the name stands for {name.text}", f"name {name.name}")


def _is_there(book: Book, sheet: str) -> bool:
    return all(part.casefold() in book.spelled for part in sheet.split(":"))


def looks_like_number(text: str) -> bool:
    """Whether a text would be a number had it been typed as one.

    Examples
    --------
    >>> [looks_like_number(text) for text in ("1,234.5", " 12 %", "($3)", "007", "5 PB", "1.2.3")]
    [True, True, True, False, False, False]
    """
    bare = text.strip()
    return bool(bare) and _NUMBER.fullmatch(bare) is not None and _CODE.fullmatch(bare) is None


def _text_numbers(book: Book, graph: Graph) -> Iterator[Finding]:
    suspects = {
        (sheet.name, spot)
        for sheet in book.sheets.values()
        for spot, cell in sheet.cells.items()
        if not cell.formula and isinstance(cell.value, str) and looks_like_number(cell.value)
    }
    if not suspects:
        return
    computed = _computed_with(book, graph, suspects)
    for name, spot in sorted(suspects, key=lambda node: (list(book.sheets).index(node[0]), node[1])):
        sheet = book.sheets[name]
        text = str(sheet.cells[spot].value)
        if (name, spot) in computed or _among_numbers(sheet, spot, text):
            yield Finding("text-number", name, (spot,), f"{text!r} is a text, not a number")


def _computed_with(book: Book, graph: Graph, suspects: set[tuple[str, Spot]]) -> set[tuple[str, Spot]]:
    found: set[tuple[str, Spot]] = set()
    blocks: set[Box] = set()
    for sheet, cell, _ in book.formulas():
        for box, within in graph.boxes(sheet, cell):
            is_passed_on = within.alone and within.function in {"", "IF", "IFERROR"}
            is_passed_on |= within.function.startswith(PREFIX) and not box.is_cell  # a table of keys and values
            if not is_passed_on and not _LOOKUPS & set(within.around) and "&" not in cell.formula:
                blocks.add(box)
    for box in blocks:
        found |= {node for node in suspects if box.holds(node[0], *node[1])}
    return found


def _among_numbers(sheet: Sheet, spot: Spot, text: str) -> bool:
    def number(row: int, column: int) -> bool:
        cell = sheet.cells.get((spot[0] + row, spot[1] + column))
        return cell is not None and cell.is_number and not isinstance(cell.value, bool)

    if number(-1, 0) or (number(0, -1) and number(0, 1)):
        return True
    return number(1, 0) and _YEAR.fullmatch(text.strip()) is None and spot[0] > 1 and not _is_heading(sheet, spot)


def _is_heading(sheet: Sheet, spot: Spot) -> bool:
    # The other texts of a heading row are texts over columns too.
    row = [cell for cell in sheet.by_row.get(spot[0], ()) if cell.column != spot[1]]
    return bool(row) and not any(cell.is_number for cell in row)


def _empty(book: Book, graph: Graph) -> Iterator[Finding]:
    starts: dict[str, set[int]] = {}
    found = []
    for sheet, cell, parsed in book.formulas():
        if '=""' in parsed.relative or '<>""' in parsed.relative:
            continue  # it asks whether a cell is empty
        read = list(graph.boxes(sheet, cell))
        tested = {box for box, within in read if _TOLERANT & set(within.around)}
        for box, within in read:
            target = book.sheets.get(box.sheet)
            if target is None or not box.is_cell or box in tested or (box.top, box.left) in target.cells:
                continue
            if sheet.name not in starts:
                starts[sheet.name] = {axis.first for axis in time_axes(sheet)}
            if _is_optional(within) or _is_before_time(cell, box, sheet, starts[sheet.name]):
                continue
            place = address((box.top, box.left))
            place = place if target is sheet else f"{box.sheet}!{place}"
            found.append(
                (cell.relative, Finding("empty-reference", sheet.name, (cell.spot,), f"reads {place}, which is empty"))
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


def _is_before_time(cell: Cell, box: Box, sheet: Sheet, starts: set[int]) -> bool:
    # The opening balance of the first period reads the column before it, by the row's one formula.
    if box.sheet != sheet.name or cell.column not in starts or box.left >= cell.column:
        return False
    after = sheet.cells.get((cell.row, cell.column + 1))
    return after is not None and after.relative == cell.relative
