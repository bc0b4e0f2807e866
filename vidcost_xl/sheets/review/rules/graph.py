"""Which formula reads which cell, and the loops among them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Final

from vidcost_xl.sheets.formulas.parsed import PLACES, Within
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.package.places import Area, Spot
from vidcost_xl.sheets.review.rules.findings import Finding, address
from vidcost_xl.sheets.review.rules.view import SheetView, WorkbookView

Node = tuple[str, Spot]
#: What a formula depends on: another one, or an area in which others stand.
Link = Node | Area

#: Links between formulas that are followed at most; a larger workbook is judged without them.
MOST_LINKS: Final = 5_000_000

#: Cells of a loop that a finding names.
_SHOWN: Final = 6


class Graph:
    """Precedents of the formulas of a workbook."""

    def __init__(self, book: WorkbookView) -> None:
        self.book = book
        self._areas: dict[Node, list[Area]] = {}
        self._within: dict[tuple[str, str], list[Within]] = {}
        self._known: dict[Area, Area] = {}
        self._formulas: dict[Area, list[Cell]] = {}

    def areas(self, sheet: SheetView, cell: Cell) -> Iterator[tuple[Area, Within]]:
        """What a formula reads, names resolved; an empty sheet for what is not in the workbook."""
        node, copied = (sheet.name, cell.spot), sheet.copied[cell.spot]
        within = self._within.get((sheet.name, copied.parsed.form))
        if within is None:
            parsed = copied.parsed
            within = [each for home, each in parsed.places if home is not None]
            within += [each for name, each in parsed.names for _ in self.book.named_areas(name, sheet.name)]
            self._within[sheet.name, parsed.form] = within
        if node not in self._areas:
            pointed = zip(self.book.areas(copied, sheet.name, *node[1]), copied.parsed.places, strict=True)
            found = [area for area, (home, _) in pointed if home is not None]
            for name, _ in copied.parsed.names:
                found += self.book.named_areas(name, sheet.name)
            self._areas[node] = [self._known.setdefault(area, area) for area in found]
        return zip(self._areas[node], within, strict=True)

    @cached_property
    def _read(self) -> tuple[set[Node], list[Area]]:
        cells: set[Node] = set()
        blocks: set[Area] = set()
        for sheet, cell, _ in self.book.formulas():
            for area, _ in self.areas(sheet, cell):
                if area.is_cell:
                    cells.add((area.sheet, (area.top, area.left)))
                elif area.sheet:
                    blocks.add(area)
        return cells, list(blocks)

    def is_used(self, sheet: str, spot: Spot) -> bool:
        """Whether a formula reads the cell."""
        cells, blocks = self._read
        return (sheet, spot) in cells or any(area.holds(sheet, *spot) for area in blocks)

    @cached_property
    def links(self) -> dict[Link, list[Link]] | None:
        """The formulas and areas that each formula reads, and the formulas in each area; None for too many."""
        found: dict[Link, list[Link]] = {}
        total = 0
        for sheet, cell, _ in self.book.formulas():
            targets: list[Link] = []
            for area, within in self.areas(sheet, cell):
                if not PLACES.isdisjoint(within.around) or area.sheet not in self.book.sheets:
                    continue
                if area.is_cell:
                    if (area.top, area.left) in self.book.sheets[area.sheet].copied:
                        targets.append((area.sheet, (area.top, area.left)))
                    continue
                if area not in found:
                    found[area] = [(area.sheet, other.spot) for other in self.formulas_in(area)]
                    total += len(found[area])
                targets.append(area)
            total += len(targets)
            if total > MOST_LINKS:
                return None
            found[sheet.name, cell.spot] = targets
        return found

    def formulas_in(self, area: Area) -> list[Cell]:
        """The formulas inside an area."""
        if area not in self._formulas:
            sheet = self.book.sheets.get(area.sheet)
            found = [] if sheet is None else [cell for cell in self.book.cells_in(area) if sheet.is_formula(cell)]
            self._formulas[area] = found
        return self._formulas[area]


def circular_findings(book: WorkbookView, graph: Graph) -> list[Finding]:
    """Formulas that read themselves, directly or around a loop.

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
        cells = [node for node in unsorted if not isinstance(node, Area)]
        loop = sorted(cells, key=lambda node: (tabs[node[0]], node[1]))
        sheets = [name for name, _ in loop]
        shown = " \u2192 ".join(
            address(spot) if name == sheets[0] else f"{name}!{address(spot)}" for name, spot in loop[:_SHOWN]
        )
        more = f" and {len(loop) - _SHOWN} more" if len(loop) > _SHOWN else ""
        what = f"the formula reads itself: {shown}{more}" if len(loop) > 1 else "the formula reads its own cell"
        own = tuple(sorted(spot for name, spot in loop if name == sheets[0]))
        found.append(Finding("circular", sheets[0], own, what))
    return found


def _loops(links: dict[Link, list[Link]]) -> list[list[Link]]:
    """The strongly connected components with more than one formula, or one that reads itself."""
    try:
        TopologicalSorter(links).prepare()
    except CycleError:
        pass
    else:
        return []
    finished: list[Link] = []
    seen: set[Link] = set()
    for start in links:
        _visit(links, start, seen, finished)
    back: dict[Link, list[Link]] = {node: [] for node in links}
    for node, targets in links.items():
        for target in targets:
            if target in back:
                back[target].append(node)
    loops = []
    settled: set[Link] = set()
    for start in reversed(finished):  # Kosaraju: against the links, the last finished first
        component: list[Link] = []
        _visit(back, start, settled, component)
        if len(component) > 1 or (component and start in links[start]):
            loops.append(component)
    return loops


def _visit(links: dict[Link, list[Link]], start: Link, seen: set[Link], finished: list[Link]) -> None:
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
