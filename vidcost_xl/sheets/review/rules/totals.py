"""Totals: lines counted twice (rule 19) and sums over add-in cells without a gate (rule 21)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vidcost_xl.hosts.formulas import PREFIX
from vidcost_xl.sheets.formulas.parsed import Parsed, Within
from vidcost_xl.sheets.formulas.tokens import Box
from vidcost_xl.sheets.review.rules.findings import Finding, address, grouped
from vidcost_xl.sheets.review.rules.graph import Graph
from vidcost_xl.sheets.review.rules.view import Book, Cell, Sheet

#: Functions that skip texts inside a range.
_SKIPS_TEXT: Final = frozenset(
    {"SUM", "SUBTOTAL", "AGGREGATE", "SUMIF", "SUMIFS", "AVERAGE", "AVERAGEIF", "AVERAGEIFS"}
)
#: Functions that add up every number of their range.
_ADDS: Final = frozenset({"SUM", "SUBTOTAL", "AGGREGATE"})
#: Functions that count the numbers of a range, or test them.
_GATES: Final = ("ISNUMBER", "COUNT")


def total_findings(book: Book, graph: Graph) -> list[Finding]:
    """Double counts and totals that a text would make too small.

    Parameters
    ----------
    book : Book
    graph : Graph

    Returns
    -------
    list of Finding
    """
    found = []
    for sheet, cell, parsed in book.formulas():
        if not any(name in _SKIPS_TEXT for name, _ in parsed.functions):
            continue
        for what, fault in _double(book, graph, sheet, cell):
            found.append((fault, Finding("double-count", sheet.name, (cell.spot,), what)))
        ungated = None if parsed.calls(*_GATES) else _over_addin(book, graph, sheet, cell)
        if ungated:
            found.append((cell.relative, Finding("ungated-total", sheet.name, (cell.spot,), ungated)))
    return grouped(found)


def _double(book: Book, graph: Graph, sheet: Sheet, cell: Cell) -> Iterator[tuple[str, str]]:
    for box, within in graph.boxes(sheet, cell):
        if within.function not in _ADDS or box.is_cell or not box.sheet:
            continue
        owner = book.sheets[box.sheet]
        for inner in book.cells_in(box):
            if inner is cell or not inner.formula:
                continue
            parsed = book.parsed(inner)
            if within.function != "SUM" and parsed.calls("SUBTOTAL", "AGGREGATE"):
                continue  # SUBTOTAL skips subtotals
            counted = _counted(book, graph, owner, inner, box)
            if counted:
                place = address(inner.spot)
                what = f"adds {place} and also the lines {counted} that {place} is the sum of"
                yield what, f"{box.sheet}!{place}|{cell.relative}"


def _counted(book: Book, graph: Graph, sheet: Sheet, inner: Cell, outer: Box) -> str:
    parsed = book.parsed(inner)
    if not any(name in _ADDS for name, _ in parsed.functions):
        boxes = [box for box, _ in graph.boxes(sheet, inner)]
        return _added_up(boxes, inner, parsed, outer)
    for box, within in graph.boxes(sheet, inner):
        if within.function not in _ADDS or box.sheet != outer.sheet:
            continue
        overlap = Box(
            box.sheet,
            max(box.top, outer.top),
            max(box.left, outer.left),
            min(box.bottom, outer.bottom),
            min(box.right, outer.right),
        )
        if overlap.top <= overlap.bottom and overlap.left <= overlap.right and any(book.cells_in(overlap)):
            first, last = address((overlap.top, overlap.left)), address((overlap.bottom, overlap.right))
            return first if first == last else f"{first}:{last}"
    return ""


def _added_up(boxes: list[Box], inner: Cell, parsed: Parsed, outer: Box) -> str:
    # =A2+A3+A4 is a subtotal too, when all it adds is inside the range.
    if parsed.functions or parsed.names or parsed.numbers or len(parsed.references) < 2:
        return ""
    if set(inner.formula) & set("*/^&<>-%"):
        return ""
    if all(outer.holds(box.sheet, box.top, box.left) and box.is_cell for box in boxes):
        return " and ".join(address((box.top, box.left)) for box in boxes)
    return ""


def _over_addin(book: Book, graph: Graph, sheet: Sheet, cell: Cell) -> str:
    for box, within in graph.boxes(sheet, cell):
        if not _sums(within) or box.is_cell:
            continue
        for inner in book.cells_in(box):
            if inner.formula and any(name.startswith(PREFIX) for name, _ in book.parsed(inner).functions):
                return (
                    f"adds {address(inner.spot)} and other cells of add-in functions without asking if they are numbers"
                )
    return ""


def _sums(within: Within) -> bool:
    if within.function in {"SUMIF", "AVERAGEIF"}:
        return within.argument in {1, 3}
    if within.function in {"SUMIFS", "AVERAGEIFS"}:
        return within.argument == 1
    return within.function in _SKIPS_TEXT
