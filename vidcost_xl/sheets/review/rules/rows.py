"""Rule 4 and the interrupted rows of rule 19: one formula per row over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from vidcost_xl.sheets.formulas.parsed import SUMS
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.review.rules.axes import time_axes
from vidcost_xl.sheets.review.rules.catalogue import catalogue
from vidcost_xl.sheets.review.rules.findings import Finding, address, grouped
from vidcost_xl.sheets.review.rules.view import SheetView, WorkbookView


def row_findings(book: WorkbookView) -> list[Finding]:
    """Rows over time whose formula changes or stops in between.

    Along a time axis every formula of the row is compared with the most frequent one. Without
    an axis only runs in which more than half of at least three are the same, and in them only
    single cells inside. Totals of the own row are left out. On a sheet whose only time axis
    goes down, columns take the place of rows.
    """
    found: list[tuple[str, Finding]] = []
    for sheet in book.sheets.values():
        for line in _lines(sheet):
            found += _judge(book, sheet, line)
    return grouped(found)


class _Line:
    """The cells of a row (or column) that belong together in time."""

    def __init__(self, cells: dict[int, Cell], first: int, last: int, *, has_axis: bool, down: bool) -> None:
        self.cells = cells
        self.first = first
        self.last = last
        self.has_axis = has_axis
        self.down = down


def _lines(sheet: SheetView) -> Iterator[_Line]:
    across, down = time_axes(sheet), []
    if not across:
        down = time_axes(sheet, down=True)
    turned = bool(down)
    rows: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in sheet.cells.items():
        at, place = (column, row) if turned else (row, column)
        rows.setdefault(at, {})[place] = cell
    axes = down or across
    for at, cells in rows.items():
        formulas = sorted(place for place, cell in cells.items() if sheet.is_formula(cell))
        above = [axis for axis in axes if axis.kind != "counter" and (axis.at != at if turned else axis.at < at)]
        for first, last in dict.fromkeys((axis.first, axis.last) for axis in above):
            inside = [place for place in formulas if first <= place <= last]
            if len(inside) >= catalogue().limits.time_row:
                yield _Line(cells, inside[0], inside[-1], has_axis=True, down=turned)
                formulas = [place for place in formulas if place not in inside]
        if not turned:
            for first, last in _runs(sheet, cells, formulas):
                yield _Line(cells, first, last, has_axis=False, down=False)


def _runs(sheet: SheetView, cells: dict[int, Cell], formulas: list[int]) -> Iterator[tuple[int, int]]:
    # A single foreign cell between two equal formulas interrupts a run; it does not end it.
    run: list[int] = []
    own = {place: sheet.relative(cells[place]) for place in formulas}
    for place in [*formulas, -9]:
        if run and (place == run[-1] + 1 or (place == run[-1] + 2 and own[place] == own[run[-1]])):
            run.append(place)
            continue
        if len(run) >= catalogue().limits.time_row:
            yield run[0], run[-1]
        run = [place]


def _judge(book: WorkbookView, sheet: SheetView, line: _Line) -> Iterator[tuple[str, Finding]]:
    places = [place for place in range(line.first, line.last + 1) if place in line.cells]
    formulas = [line.cells[place] for place in places if sheet.is_formula(line.cells[place])]
    rows = [cell for cell in formulas if not _sums_own_line(book, sheet, cell, line)]
    if len(rows) < 3:
        return
    usual, count = Counter(sheet.relative(cell) for cell in rows).most_common(1)[0]
    if not line.has_axis and count <= len(rows) / 2:
        return
    if count < 3:
        different = {sheet.relative(cell) for cell in rows}
        what = f"{len(different)} different formulas in one row"
        yield (
            "|".join(sorted(different)),
            Finding("inconsistent-row", sheet.name, tuple(cell.spot for cell in rows), what),
        )
        return
    example = next(cell for cell in rows if sheet.relative(cell) == usual)
    others: dict[str, list[Cell]] = {}
    for cell in rows:
        if sheet.relative(cell) != usual and (line.has_axis or _is_alone(sheet, cell, rows)):
            others.setdefault(sheet.relative(cell), []).append(cell)
    for cells in others.values():
        what = (
            f"{sheet.formula(cells[0])} differs from the {count} others of its {'column' if line.down else 'row'}, "
            f"such as {sheet.formula(example)} in {address(example.spot)}"
        )
        fault = f"{usual}|{sheet.relative(cells[0])}"
        yield fault, Finding("inconsistent-row", sheet.name, tuple(cell.spot for cell in cells), what)
    yield from _gaps(sheet, line, rows)


def _is_alone(sheet: SheetView, cell: Cell, rows: list[Cell]) -> bool:
    # Without a time axis a table has columns of their own: at its ends, or the same down the column.
    if cell is rows[0] or cell is rows[-1]:
        return False
    beside = [sheet.cells.get((cell.row + step, cell.column)) for step in (-1, 1)]
    return all(other is None or sheet.relative(other) != sheet.relative(cell) for other in beside)


def _gaps(sheet: SheetView, line: _Line, rows: list[Cell]) -> Iterator[tuple[str, Finding]]:
    at = rows[0].column if line.down else rows[0].row
    own = {cell.row if line.down else cell.column for cell in rows}
    for place in range(min(own), max(own) + 1):
        cell = line.cells.get(place)
        if place in own or (cell is not None and sheet.is_formula(cell)):
            continue
        spot = (place, at) if line.down else (at, place)
        if cell is None:
            what = "empty cell between formulas of the same row"
        elif isinstance(value := sheet.value(cell), float):
            what = f"typed number {value:g} over a formula: its row is computed on both sides"
        else:
            what = f"{str(value)[:40]!r} between formulas of the same row"
        kind = "empty" if cell is None else type(value).__name__
        yield f"{at}|{kind}", Finding("interrupted-row", sheet.name, (spot,), what)


def _sums_own_line(book: WorkbookView, sheet: SheetView, cell: Cell, line: _Line) -> bool:
    # A quarter or a total among months adds up cells of its own row.
    copied = sheet.copied[cell.spot]
    if not copied.parsed.calls(*SUMS, "AVERAGE", "MAX", "MIN") or not copied.references:
        return False
    for area, found in zip(book.areas(copied, sheet.name, *cell.spot), copied.references, strict=True):
        is_own = area.left == area.right == cell.column if line.down else area.top == area.bottom == cell.row
        is_apart = not any(found.fixed[:2])
        if not is_own or not is_apart or area.is_cell or area.sheet != sheet.name:
            return False
    return True
