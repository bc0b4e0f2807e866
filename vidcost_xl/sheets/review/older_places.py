"""Places of a workbook made by version 0.1, which did not name them: found by titles, labels and texts of formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vidcost_xl.areas import Area, Place
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.lines import STAGES
from vidcost_xl.sheets.formulas.resolver import Resolver, Standing
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.layout.grid import FIXED
from vidcost_xl.sheets.plan.time_sheet import OF_RESULTS
from vidcost_xl.sheets.review.known_places import KnownPlaces, Pair

#: Titles in the first cell of sheets of the plan workbook.
COSTS_TITLE: Final = "Costs"
CHECKS_TITLE: Final = "Checks"
#: In files of version 0.1, and since every answer of the functions stands on one sheet.
ENGINE_TITLES: Final = ("The bill by the functions", "What the functions answer")
NATIVE_TITLE: Final = "The bill by native formulas"

TOTAL: Final = "Total"
SWITCH: Final = "What feeds Costs"

_DIFFERENCE: Final = re.compile(r'IF\(ISNUMBER\(([A-Z]+\d+)\),\1-([A-Z]+\d+),"n/a"\)')
_USED: Final = re.compile(r"IF\(ISNUMBER\(([A-Z]+\d+)\),\1,([A-Z]+\d+)\)")
#: Heading of what a page without months takes, from the functions or the native formulas.
USED: Final = "Used, USD"

#: The check of the workbook: sums of the columns of checks.
_SUM: Final = r"SUM\((?:[^()!+]+!)?\$?[A-Z]+\$?\d+:\$?[A-Z]+\$?\d+\)"
_SUMS: Final = re.compile(rf"{_SUM}(?:\+{_SUM})*")
#: Rows of the head of a sheet.
_HEAD: Final = 5


def older_places(contents: Contents, template: str, loaded: Place) -> KnownPlaces:
    """The places of a workbook without names for them; errors as `finding_places.known_places`."""
    return _page(contents, template, loaded) if template == "quick" else _plan(contents, template, loaded)


def titled(contents: Contents, *titles: str) -> str:
    """The sheet whose first cell holds one of some titles.

    Raises
    ------
    BadArgumentError
        Where none does.
    """
    found = next((name for name in contents.sheets if contents.text((name, 1, 1)) in titles), None)
    if found is None:
        raise BadArgumentError(
            f"{contents.name} has no sheet with {titles[0]!r} in its first cell. Restore that sheet."
        )
    return found


def month_columns(contents: Contents, sheet: str) -> list[int]:
    """The columns of the months of a sheet with the time axis."""
    headings = {key: heading for key, heading, _ in FIXED}
    always = {heading for key, heading in headings.items() if key in {"label", "unit", "total"}}
    for row, cells in contents.rows(sheet):
        texts = {contents.value_in(cell): cell.column for cell in cells}
        last = {headings["start"], OF_RESULTS["start"]} & set(texts)
        if last and always <= set(texts):
            first = texts[last.pop()] + 1
            axis = [cell.column for cell in cells if cell.column >= first and cell.formula is not None]
            return axis if axis else _filled(contents, sheet, row - 1, first)
    raise BadArgumentError(
        f"{contents.name}: the sheet {sheet} has lost its row of headings ({', '.join(headings.values())})."
    )


def total_column(contents: Contents, sheet: str) -> int:
    """The column of the totals of a sheet with the time axis."""
    return month_columns(contents, sheet)[0] - 2


def older_switch(contents: Contents) -> Place | None:
    """The cell on Inputs that says what feeds Costs."""
    for name in contents.sheets:
        row = contents.find_label(name, SWITCH)
        key = contents.named("plan")
        if row and key is not None and key[0] == name:
            return name, row, key[2] + 1
    return None


def _filled(contents: Contents, sheet: str, row: int, first: int) -> list[int]:
    places = contents.sheets[sheet].places
    return sorted(column for at, column in places if at == row and column >= first)


def _plan(contents: Contents, template: str, loaded: Place) -> KnownPlaces:
    costs = titled(contents, COSTS_TITLE)
    column = total_column(contents, costs)
    rows = {contents.text((costs, row, 1)): row for row in range(_last_row(contents, costs), 0, -1)}
    missing = [label for label in (TOTAL, *(stage.capitalize() for stage in STAGES)) if label not in rows]
    if missing:
        raise BadArgumentError(f"{contents.name}: the sheet {costs} has lost its row {missing[0]!r}. Restore it.")
    stages = tuple((stage, (costs, rows[stage.capitalize()], column)) for stage in STAGES)
    months = tuple((costs, rows[TOTAL], month) for month in month_columns(contents, costs))
    pairs = tuple(_plan_pairs(contents))
    return KnownPlaces(template, loaded, _master(contents), (costs, rows[TOTAL], column), stages, months, pairs, {})


def _plan_pairs(contents: Contents) -> Iterator[Pair]:
    engine, native = titled(contents, *ENGINE_TITLES), titled(contents, NATIVE_TITLE)
    note = next(at for at, (key, _, _) in enumerate(FIXED, start=1) if key == "note")
    rows = {contents.text((native, row, 1)): row for row in range(1, _last_row(contents, native) + 1)}
    ours, theirs = month_columns(contents, engine), month_columns(contents, native)
    for row in range(1, _last_row(contents, engine) + 1):
        label, line = (contents.text((engine, row, column)) for column in (1, note))
        if label in rows and line and line != FIXED[note - 1][1]:
            yield Pair(
                line,
                label,
                tuple((engine, row, column) for column in ours),
                tuple((native, rows[label], column) for column in theirs),
            )


def _page(contents: Contents, template: str, loaded: Place) -> KnownPlaces:
    pairs: list[Pair] = []
    used: dict[Place, str] = {}
    resolver = Resolver(contents.book)
    for key in contents.entries:
        text = contents.formula(key)
        if match := _DIFFERENCE.fullmatch(text):
            label = contents.text((key[0], key[1], 2)) or contents.text((key[0], key[1], 1))
            engine, native = (_cell(resolver, match[at], key) for at in (1, 2))
            pairs.append(Pair(label, label, (engine,), (native,)))
        elif match := _USED.fullmatch(text):
            used[key] = match[2]
    column = next((key[2] for key in _texts(contents, loaded) if contents.text(key) == USED), 0)
    sums = {contents.text((key[0], key[1], 1)): key for key in contents.entries if key[2] == column and key not in used}
    if TOTAL not in sums:
        raise BadArgumentError(f"{contents.name} has lost its row {TOTAL!r}. Restore it.")
    stages = tuple((stage, sums[stage.capitalize()]) for stage in STAGES if stage.capitalize() in sums)
    return KnownPlaces(template, loaded, _master(contents), sums[TOTAL], stages, (), tuple(pairs), used)


def _texts(contents: Contents, loaded: Place) -> Iterator[Place]:
    for name, sheet in contents.sheets.items():
        if name != loaded[0]:
            yield from ((name, row, column) for row, column in sheet.places)


def _master(contents: Contents) -> Place:
    found = [key for key in contents.entries if key[1] <= _HEAD and _SUMS.fullmatch(contents.formula(key))]
    if not found:
        raise BadArgumentError(f"{contents.name} has lost the check of the workbook. Restore the sheet {CHECKS_TITLE}.")
    return found[0]


def _cell(resolver: Resolver, text: str, key: Place) -> Place:
    found = resolver.resolve(text, Standing(key[0], key[1], key[2]))
    assert isinstance(found, Area)
    return found.sheet, found.top, found.left


def _last_row(contents: Contents, sheet: str) -> int:
    return contents.sheets[sheet].last_row
