"""Which formula reads which cell, and the loops among them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from vidcost_xl.sheets.formulas.parsed import PLACES, Within
from vidcost_xl.sheets.formulas.tokens import Box
from vidcost_xl.sheets.review.rules.findings import Finding, Spot, address
from vidcost_xl.sheets.review.rules.view import Book, Cell, Sheet

Node = tuple[str, Spot]

#: Links between formulas that are followed at most; a larger workbook is judged without them.
MOST_LINKS: Final = 5_000_000

#: Cells of a loop that a finding names.
_SHOWN: Final = 6


class Graph:
    """Precedents of the formulas of a workbook.

    Parameters
    ----------
    book : Book
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self._names: dict[tuple[str, str], list[Box]] = {}

    def boxes(self, sheet: Sheet, cell: Cell) -> Iterator[tuple[Box, Within]]:
        """The blocks that a formula reads, names resolved.

        Parameters
        ----------
        sheet : Sheet
        cell : Cell

        Yields
        ------
        Box, Within
        """
        parsed = self.book.parsed(cell)
        for reference, within in parsed.references:
            if not reference.external:
                yield self.book.respelled(reference.box(sheet.name, cell.row, cell.column)), within
        for name, within in parsed.names:
            for box in self._named(name, sheet.name):
                yield box, within

    def _named(self, name: str, sheet: str) -> list[Box]:
        key = (name, sheet)
        if key not in self._names:
            self._names[key] = self.book.name_boxes(name, sheet)
        return self._names[key]

    @cached_property
    def _read(self) -> tuple[set[Node], list[Box]]:
        cells: set[Node] = set()
        blocks: set[Box] = set()
        for sheet, cell, _ in self.book.formulas():
            for box, _ in self.boxes(sheet, cell):
                if box.is_cell:
                    cells.add((box.sheet, (box.top, box.left)))
                elif box.sheet:
                    blocks.add(box)
        return cells, list(blocks)

    def is_used(self, sheet: str, spot: Spot) -> bool:
        """Whether a formula reads the cell."""
        cells, blocks = self._read
        return (sheet, spot) in cells or any(box.holds(sheet, *spot) for box in blocks)

    @cached_property
    def links(self) -> dict[Node, list[Node]] | None:
        """The formula cells that each formula reads; None for too many."""
        found: dict[Node, list[Node]] = {}
        seen: dict[Box, list[Node]] = {}
        total = 0
        for sheet, cell, _ in self.book.formulas():
            targets: list[Node] = []
            for box, within in self.boxes(sheet, cell):
                if PLACES & set(within.around):
                    continue
                if box not in seen:
                    seen[box] = [(box.sheet, other.spot) for other in self.book.cells_in(box) if other.formula]
                targets += seen[box]
            total += len(targets)
            if total > MOST_LINKS:
                return None
            found[sheet.name, cell.spot] = targets
        return found


def circular_findings(book: Book, graph: Graph) -> list[Finding]:
    """Formulas that read themselves, directly or around a loop.

    Parameters
    ----------
    book : Book
    graph : Graph

    Returns
    -------
    list of Finding
        One for each loop, at its first cell.
    """
    tabs = {name: at for at, name in enumerate(book.sheets)}
    if graph.links is None:
        what = f"more than {MOST_LINKS:,} links between formulas: loops were not looked for"
        return [Finding("not-measured", "", (), what, "workbook")]
    found = []
    for unsorted in _loops(graph.links):
        loop = sorted(unsorted, key=lambda node: (tabs[node[0]], node[1]))
        sheets = [name for name, _ in loop]
        shown = " \u2192 ".join(
            address(spot) if name == sheets[0] else f"{name}!{address(spot)}" for name, spot in loop[:_SHOWN]
        )
        more = f" and {len(loop) - _SHOWN} more" if len(loop) > _SHOWN else ""
        what = f"the formula reads itself: {shown}{more}" if len(loop) > 1 else "the formula reads its own cell"
        own = tuple(sorted(spot for name, spot in loop if name == sheets[0]))
        found.append(Finding("circular", sheets[0], own, what))
    return found


def _loops(links: dict[Node, list[Node]]) -> list[list[Node]]:
    """The strongly connected components with more than one formula, or one that reads itself."""
    finished: list[Node] = []
    seen: set[Node] = set()
    for start in links:
        _visit(links, start, seen, finished)
    back: dict[Node, list[Node]] = {node: [] for node in links}
    for node, targets in links.items():
        for target in targets:
            if target in back:
                back[target].append(node)
    loops = []
    settled: set[Node] = set()
    for start in reversed(finished):  # Kosaraju: against the links, the last finished first
        component: list[Node] = []
        _visit(back, start, settled, component)
        if len(component) > 1 or (component and start in links[start]):
            loops.append(component)
    return loops


def _visit(links: dict[Node, list[Node]], start: Node, seen: set[Node], finished: list[Node]) -> None:
    # Depth first without recursion; a formula is finished after everything it reads.
    if start in seen:
        return
    seen.add(start)
    work = [(start, iter(links[start]))]
    while work:
        node, targets = work[-1]
        following = next((target for target in targets if target in links and target not in seen), None)
        if following is None:
            work.pop()
            finished.append(node)
        else:
            seen.add(following)
            work.append((following, iter(links[following])))
