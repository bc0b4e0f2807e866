"""Totals: lines counted twice (rule 19) and sums over add-in cells without a gate (rule 21)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vidcost_xl.areas import Area
from vidcost_xl.sheets.formulas.parsed import Parsed, Within
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.review.rules.findings import Finding, address, grouped
from vidcost_xl.sheets.review.rules.graph import Graph
from vidcost_xl.sheets.review.rules.view import SheetView, WorkbookView

#: Functions that skip texts inside a range.
_SKIPS_TEXT: Final = frozenset(
    {"SUM", "SUBTOTAL", "AGGREGATE", "SUMIF", "SUMIFS", "AVERAGE", "AVERAGEIF", "AVERAGEIFS"}
)
#: Functions that add up every number of their range.
_ADDS: Final = frozenset({"SUM", "SUBTOTAL", "AGGREGATE"})
#: Functions that count the numbers of a range, or test them.
_GATES: Final = ("ISNUMBER", "COUNT")


def total_findings(book: WorkbookView, graph: Graph) -> list[Finding]:
    """Double counts and totals that a text would make too small."""
    found = []
    for sheet, cell, parsed in book.formulas():
        if not any(name in _SKIPS_TEXT for name, _ in parsed.functions):
            continue
        for what, fault in _double(book, graph, sheet, cell):
            found.append((fault, Finding("double-count", sheet.name, (cell.spot,), what)))
        ungated = None if parsed.calls(*_GATES) else _over_addin(graph, sheet, cell)
        if ungated:
            found.append((sheet.relative(cell), Finding("ungated-total", sheet.name, (cell.spot,), ungated)))
    return grouped(found)


def _double(book: WorkbookView, graph: Graph, sheet: SheetView, cell: Cell) -> Iterator[tuple[str, str]]:
    for area, within in graph.areas(sheet, cell):
        if within.function not in _ADDS or area.is_cell or not area.sheet:
            continue
        owner = book.sheets[area.sheet]
        for inner in graph.formulas_in(area):
            if inner is cell:
                continue
            parsed = owner.copied[inner.spot].parsed
            if within.function != "SUM" and parsed.calls("SUBTOTAL", "AGGREGATE"):
                continue  # SUBTOTAL skips subtotals
            counted = _counted(book, graph, owner, inner, area)
            if counted:
                place = address(inner.spot)
                what = f"adds {place} and also the lines {counted} that {place} is the sum of"
                yield what, f"{area.sheet}!{place}|{sheet.relative(cell)}"


def _counted(book: WorkbookView, graph: Graph, sheet: SheetView, inner: Cell, outer: Area) -> str:
    parsed = sheet.copied[inner.spot].parsed
    if not any(name in _ADDS for name, _ in parsed.functions):
        areas = [area for area, _ in graph.areas(sheet, inner)]
        return _added_up(areas, parsed, outer)
    for area, within in graph.areas(sheet, inner):
        if within.function not in _ADDS or area.sheet != outer.sheet:
            continue
        overlap = area.common(outer)
        if overlap is not None and any(book.cells_in(overlap)):
            first, last = address((overlap.top, overlap.left)), address((overlap.bottom, overlap.right))
            return first if first == last else f"{first}:{last}"
    return ""


def _added_up(areas: list[Area], parsed: Parsed, outer: Area) -> str:
    # =A2+A3+A4 is a subtotal too, when all it adds is inside the range.
    if parsed.functions or parsed.names or parsed.numbers or len(parsed.places) < 2:
        return ""
    if parsed.operators - {"+"}:
        return ""
    if all(outer.holds(area.sheet, area.top, area.left) and area.is_cell for area in areas):
        return " and ".join(address((area.top, area.left)) for area in areas)
    return ""


def _over_addin(graph: Graph, sheet: SheetView, cell: Cell) -> str:
    for area, within in graph.areas(sheet, cell):
        if not _sums(within) or area.is_cell:
            continue
        for inner in graph.addin_cells.get(area.sheet, ()):
            if area.holds(area.sheet, *inner.spot):
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
