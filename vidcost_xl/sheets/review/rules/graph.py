"""Which formula reads which cell, and the loops among them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from vidcost_xl.areas import Area, Spot
from vidcost_xl.sheets.formulas.parsed import PLACES, Parsed, Within
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.review.rules.findings import Finding, address
from vidcost_xl.sheets.review.rules.view import SheetView, WorkbookView

Node = tuple[str, Spot]
#: What a formula depends on: another one, or an area in which others stand.
Link = Node | Area

#: Links between formulas that are followed at most; a larger workbook is judged without them.
MOST_LINKS: Final = 5_000_000

#: Cells of a loop that a finding names.
_SHOWN: Final = 6


class _Form:
    """What the copies of a formula on a sheet read alike: its sheets, names resolved, and where in the formula."""

    def __init__(self, book: WorkbookView, parsed: Parsed, sheet: str) -> None:
        self.homes = [None if home is None else book.home(home, sheet) for home, _ in parsed.places]
        self.named = [area for name, _ in parsed.names for area in book.named_areas(name, sheet)]
        self.within = [each for home, each in parsed.places if home is not None]
        self.within += [each for name, each in parsed.names for _ in book.named_areas(name, sheet)]


class Graph:
    """Precedents of the formulas of a workbook."""

    def __init__(self, book: WorkbookView) -> None:
        self.book = book
        self._areas: dict[str, dict[Spot, tuple[list[Area], list[Within]]]] = {name: {} for name in book.sheets}
        self._forms: dict[tuple[str, str], _Form] = {}
        self._known: dict[Area, Area] = {}
        self._formulas: dict[Area, list[Cell]] = {}

    def areas(self, sheet: SheetView, cell: Cell) -> Iterator[tuple[Area, Within]]:
        """What a formula reads, names resolved; an empty sheet for what is not in the workbook."""
        spot = cell.row, cell.column
        known = self._areas[sheet.name].get(spot)
        if known is None:
            known = self._areas[sheet.name][spot] = self._found(sheet, spot)
        return zip(*known, strict=True)

    def _found(self, sheet: SheetView, spot: Spot) -> tuple[list[Area], list[Within]]:
        copied = sheet.copied[spot]
        form = self._forms.get((sheet.name, copied.parsed.form))
        if form is None:
            form = self._forms[sheet.name, copied.parsed.form] = _Form(self.book, copied.parsed, sheet.name)
        known, down, right = self._known, spot[0] - copied.row, spot[1] - copied.column
        found = []
        for home, written in zip(form.homes, copied.references, strict=True):
            if home is not None:
                area = Area(home, *written.bounds(down, right))
                found.append(known.setdefault(area, area))
        return found + form.named, form.within

    @cached_property
    def _read(self) -> tuple[set[Area], dict[str, list[Area]]]:
        # What formulas read: the single cells, and the blocks by sheet.
        found: set[Area] = set()
        for sheet, cell, _ in self.book.formulas():
            found.update([area for area, _ in self.areas(sheet, cell)])
        blocks: dict[str, list[Area]] = {}
        for area in found:
            if not area.is_cell:
                blocks.setdefault(area.sheet, []).append(area)
        return found, blocks

    def is_used(self, sheet: str, spot: Spot) -> bool:
        """Whether a formula reads the cell."""
        found, blocks = self._read
        return Area(sheet, *spot, *spot) in found or any(area.holds(sheet, *spot) for area in blocks.get(sheet, ()))

    @cached_property
    def links(self) -> dict[Link, list[Link]] | None:
        """The formulas and areas that each formula reads, and the formulas in each area; None for too many."""
        found: dict[Link, list[Link]] = {}
        sheets, total = self.book.sheets, 0
        for sheet, cell, _ in self.book.formulas():
            targets: list[Link] = []
            for area, within in self.areas(sheet, cell):
                name, top, left, bottom, right = area
                if not PLACES.isdisjoint(within.around) or name not in sheets:
                    continue
                if top == bottom and left == right:
                    if (top, left) in sheets[name].copied:
                        targets.append((name, (top, left)))
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

    @cached_property
    def addin_cells(self) -> dict[str, list[Cell]]:
        """The formulas that call functions of the add-in, by sheet."""
        found: dict[str, list[Cell]] = {}
        for sheet, cell, parsed in self.book.formulas():
            if parsed.calls_addin:
                found.setdefault(sheet.name, []).append(cell)
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
    numbers = {node: at for at, node in enumerate(links)}
    ahead = [[numbers[target] for target in targets if target in numbers] for targets in links.values()]
    finished: list[int] = []
    seen = bytearray(len(ahead))
    for start in range(len(ahead)):
        _visit(ahead, start, seen, finished)
    order = [0] * len(ahead)
    for at, node in enumerate(finished):
        order[node] = at
    if all(order[target] < order[node] for node, targets in enumerate(ahead) for target in targets):
        return []
    back: list[list[int]] = [[] for _ in ahead]
    for node, targets in enumerate(ahead):
        for target in targets:
            back[target].append(node)
    named, loops = list(links), []
    settled = bytearray(len(ahead))
    for start in reversed(finished):  # Kosaraju: against the links, the last finished first
        component: list[int] = []
        _visit(back, start, settled, component)
        if len(component) > 1 or (component and start in ahead[start]):
            loops.append([named[node] for node in component])
    return loops


def _visit(ahead: list[list[int]], start: int, seen: bytearray, finished: list[int]) -> None:
    # Depth first without recursion; a formula is finished after everything it reads.
    if seen[start]:
        return
    seen[start] = True
    work = [(start, iter(ahead[start]))]
    while work:
        node, targets = work[-1]
        for target in targets:
            if not seen[target]:
                seen[target] = True
                work.append((target, iter(ahead[target])))
                break
        else:
            work.pop()
            finished.append(node)
