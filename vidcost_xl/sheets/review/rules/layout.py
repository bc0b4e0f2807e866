"""Rules 1, 2, 3, 5, 8 and 15 on workbooks of ours: sheets, columns, time axis, master check, labels, contents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vidcost_xl.areas import Spot
from vidcost_xl.sheets.layout.styles import FORMATS, NAVY
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.plan.functions_sheet import SHEET as FUNCTIONS
from vidcost_xl.sheets.review.rules.axes import time_axes
from vidcost_xl.sheets.review.rules.catalogue import catalogue
from vidcost_xl.sheets.review.rules.findings import Finding, address
from vidcost_xl.sheets.review.rules.view import Axis, SheetView, WorkbookView

#: Sheets that a workbook with a history has.
_CONTENTS, _LOG, _SCENARIOS = "Cover", "Audit", "Scenarios"

#: Title of the sheet that a hand-off adds.
HANDED_OFF: Final = "Hand-off"

#: What every footer of ours starts with.
STAMP: Final = "vidcost-xl "

#: Characters of the longest heading that is looked for.
_LONGEST_HEADING: Final = 200

_UNIT_HEADINGS: Final = frozenset({"unit", "billing unit"})


def layout_findings(book: WorkbookView) -> list[Finding]:
    """How a workbook of ours is laid out."""
    ours = [sheet for sheet in book.sheets.values() if is_ours(sheet)]
    found = [*_classes(book), *_columns(ours), *_master_checks(ours), *_version(book, ours)]
    for sheet in ours:
        found += [*_axis(sheet), *_labels(sheet)]
    return found


def is_ours(sheet: SheetView) -> bool:
    """Whether a sheet carries our stamp; a user's own sheet in our workbook does not."""
    return STAMP in sheet.setup.page.get("oddFooter", "")


def handed_off(book: WorkbookView) -> str:
    """The sheet that holds what was handed off beside formulas that look whether it still stands; empty for none."""
    titled = (name for name, sheet in book.sheets.items() if is_ours(sheet) and sheet.text(1, 1) == HANDED_OFF)
    return next(titled, "")


def frozen_words(book: WorkbookView) -> tuple[str, int]:
    """Where a hand-off holds words that the functions answered: a sheet, and the first column of its months.

    Returns
    -------
    tuple of str and int
        An empty name and 0 for a workbook that is no hand-off.
    """
    if not handed_off(book) or FUNCTIONS not in book.sheets:
        return "", 0
    return FUNCTIONS, min((axis.first for axis in time_axes(book.sheets[FUNCTIONS])), default=0)


def frozen_axes(sheet: SheetView) -> list[Axis]:
    """The time axes in the freeze pane of a sheet."""
    return [axis for axis in time_axes(sheet) if axis.at <= sheet.setup.frozen[0]]


def _classes(book: WorkbookView) -> Iterator[Finding]:
    rank = {sheet: (at, name) for at, (name, sheets) in enumerate(catalogue().classes) for sheet in sheets}
    highest, before = -1, ""
    for name in book.sheets:
        if name not in rank:
            continue
        at, kind = rank[name]
        if at < highest:
            what = f"{name} ({kind}) stands after {before} ({rank[before][1]})"
            yield Finding("sheet-classes", name, (), what, "sheet")
        else:
            highest, before = at, name


def _columns(sheets: list[SheetView]) -> Iterator[Finding]:
    purposes = catalogue().purposes
    first: tuple[str, list[tuple[str, int]]] | None = None
    for sheet in sheets:
        axes = frozen_axes(sheet)
        if not axes:
            continue
        start = min(axis.first for axis in axes)
        found: list[tuple[str, int]] = []
        for name, headings in purposes:
            places = [
                cell.column
                for cell in sheet.cells.values()
                if cell.row <= sheet.setup.frozen[0] and cell.column < start and _heading(sheet, cell) in headings
            ]
            if places:
                found.append((name, min(places)))
        missing = [name for name, _ in purposes if name not in dict(found)]
        if missing:
            yield Finding("column-purposes", sheet.name, (), f"no column headed {missing[0]}", "frozen rows")
        elif [column for _, column in found] != sorted(column for _, column in found):
            order = ", ".join(name for name, _ in sorted(found, key=lambda pair: pair[1]))
            yield Finding("column-purposes", sheet.name, (), f"columns in the order {order}", "frozen rows")
        elif first is None:
            first = (sheet.name, [*found, ("time", start)])
        elif [*found, ("time", start)] != first[1]:
            name, column = next(pair for pair in [*found, ("time", start)] if pair not in first[1])
            yield Finding(
                "column-purposes", sheet.name, ((1, column),), f"the column {name} stands elsewhere than on {first[0]}"
            )


def _heading(sheet: SheetView, cell: Cell) -> str:
    text = sheet.text(*cell.spot)
    return text.strip().casefold() if len(text) <= _LONGEST_HEADING else ""


def _axis(sheet: SheetView) -> Iterator[Finding]:
    dates = [axis for axis in time_axes(sheet) if axis.kind == "dates"]
    below = [axis for axis in dates if axis.at > sheet.setup.frozen[0]]
    frozen = [axis for axis in dates if axis.at <= sheet.setup.frozen[0]]
    if below and not frozen:
        spot = (below[0].at, below[0].first)
        yield Finding("time-axis", sheet.name, (spot,), "the time axis is not in the freeze pane")
        return
    if not frozen:
        return
    axis = frozen[0]
    if not any(other.kind == "counter" and other.first == axis.first for other in frozen_axes(sheet)):
        yield Finding("time-axis", sheet.name, ((axis.at, axis.first),), "no counter of periods beside the dates")
    if sheet.name in _results():
        return
    flags = [row for row in range(1, sheet.setup.frozen[0] + 1) if row != axis.at and _is_flags(sheet, row, axis)]
    if not flags:
        yield Finding("time-axis", sheet.name, ((axis.at, axis.first),), "no row of flags beside the dates")


def _results() -> frozenset[str]:
    # People read them: the flag of a month is a working.
    return frozenset(name for kind, names in catalogue().classes if kind == "results" for name in names)


def _is_flags(sheet: SheetView, row: int, axis: Axis) -> bool:
    values = [sheet.cells.get((row, column)) for column in range(axis.first, axis.last + 1)]
    return all(cell is not None and sheet.value(cell) in {0.0, 1.0} for cell in values)


def _master_checks(sheets: list[SheetView]) -> Iterator[Finding]:
    for sheet in sheets:
        if not master_checks(sheet):
            yield Finding("master-check", sheet.name, (), "no master check in the frozen rows", "frozen rows")


def master_checks(sheet: SheetView) -> list[Spot]:
    """Cells in the freeze pane that show the master check."""
    return [
        cell.spot
        for cell in sheet.formulas
        if cell.row <= sheet.setup.frozen[0] and sheet.look(cell).format in {FORMATS["flags"], FORMATS["flag"]}
    ]


def _labels(sheet: SheetView) -> Iterator[Finding]:
    """Rows below a heading that has a unit column: each with a label of its own and a unit."""
    unit = 0
    seen: dict[str, list[Spot]] = {}
    timed = bool(frozen_axes(sheet))
    for row in sorted(sheet.by_row):
        cells = sheet.by_row[row]
        if _is_heading_row(sheet, cells):
            units = [cell.column for cell in cells if _heading(sheet, cell) in _UNIT_HEADINGS and cell.column > 1]
            if units or not timed:
                unit = units[0] if units else 0
            if not timed:
                yield from _repeated(sheet, seen)
                seen = {}
            continue
        if not unit:
            continue
        numbers = [
            cell for cell in cells if isinstance(sheet.value(cell), float) and (timed or cell.column == unit - 1)
        ]
        if not numbers or row <= sheet.setup.frozen[0]:
            continue
        label = _label(sheet, row, 2 if timed else unit)
        if not label:
            yield Finding("label-and-unit", sheet.name, (numbers[0].spot,), "the row has no label")
        else:
            seen.setdefault(label, []).append((row, 1))
        if not sheet.text(row, unit) and (row, unit) not in sheet.copied:
            yield Finding("label-and-unit", sheet.name, ((row, unit),), f"the row {label!r} has no unit")
    yield from _repeated(sheet, seen)


def _repeated(sheet: SheetView, seen: dict[str, list[Spot]]) -> Iterator[Finding]:
    for label, spots in seen.items():
        if len(spots) > 1:
            what = f"{len(spots)} rows have the label {label!r}, the first one {address(spots[0])}"
            yield Finding("label-and-unit", sheet.name, tuple(spots[1:]), what)


def _label(sheet: SheetView, row: int, end: int) -> str:
    # Texts left of the unit, and in a list of tiers the typed numbers left of the last of them.
    parts = []
    for column in range(1, end):
        cell = sheet.cells.get((row, column))
        value = None if cell is None else sheet.value(cell)
        if isinstance(value, str):
            parts.append(value.strip())
        elif isinstance(value, float) and (row, column) not in sheet.copied and column < end - 1:
            parts.append(f"{value:g}")
    return " / ".join(part for part in parts if part)


def _is_heading_row(sheet: SheetView, cells: list[Cell]) -> bool:
    return any(sheet.look(cell).fill == NAVY and isinstance(sheet.value(cell), str) for cell in cells)


def _version(book: WorkbookView, ours: list[SheetView]) -> Iterator[Finding]:
    if not ours:
        yield Finding("stamp", "", (), "no sheet carries the version in its footer", "workbook")
    for needed, why in ((_CONTENTS, "contents"), (_LOG, "change log"), (_SCENARIOS, "scenarios")):
        if needed not in book.sheets:
            yield Finding("version", "", (), f"no sheet {needed} with the {why}", "workbook")
    cover = book.sheets.get(_CONTENTS)
    if cover is not None:
        texts = {cover.text(*spot) for spot in cover.cells}
        for sheet in ours:
            if not any(sheet.name in text for text in texts) and sheet.name != _CONTENTS:
                yield Finding("version", _CONTENTS, (), f"the contents do not list {sheet.name}", "sheet")
