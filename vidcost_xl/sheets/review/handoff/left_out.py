"""Rows that the printed book leaves out: lines nobody filled, lines without an amount, prices the plan does not use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from vidcost_xl.areas import Area
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.layout import places
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.plan.results.contents import CONTENTS
from vidcost_xl.sheets.review.finding_places import areas_of
from vidcost_xl.sheets.review.handoff.page import DONE, LINES, SHEET

#: Amounts below half a cent are none.
_NOTHING: Final = 0.005

#: What says that there is no figure, instead of one.
_NO_FIGURE: Final = frozenset({"", "n/a"})

#: Workbook names over the prices, the meters of the bill, whether the plan has them, and the inputs.
_PRICED, _METERS, _USED, _INPUTS = "price_meter", "all_meter", "all_used", "plan"

#: Columns of the amounts on the sheet Handoff.
_AMOUNTS: Final = (3, 5)

_ROW: Final = re.compile(rb'<((?:\w+:)?)row r="(\d+)"')
#: How the repeated rows of a sheet are written in the workbook, with its name in between.
_TITLES: Final = (rb'(Print_Titles"[^>]*>(?:[^<,]*,)?\'?', rb"\'?!\$)(\d+):\$(\d+)")
_HEADER: Final = re.compile(rb"<((?:\w+:)?)oddHeader>")

#: What the head of a page says where rows are left out; sizes and places as a header writes them.
_SAID: Final = b"&amp;L&amp;8Rows in which nothing stands are left out"


def empty_rows(contents: Contents) -> dict[str, set[int]]:
    """The rows, by sheet; none of a workbook that does not name them."""
    found: dict[str, set[int]] = {}
    for area in _areas(contents, places.FILLED):
        found.setdefault(area.sheet, set()).update(
            row for row in _rows(area) if not any(map(_says_something, _values(contents, area, row)))
        )
    for area in (*_areas(contents, places.STEPS), *_handed(contents)):
        found.setdefault(area.sheet, set()).update(_rows(area))
    used = _used(contents)
    for area in _areas(contents, _PRICED) if used else ():
        unused = {row for row in _rows(area) if not used.intersection(_texts(contents, area, row))}
        found.setdefault(area.sheet, set()).update(unused)
    return {sheet: rows for sheet, rows in found.items() if rows}


def without_rows(content: bytes, rows: Iterable[int]) -> bytes:
    """A sheet part whose print leaves rows out and says so; for print only, since a file of ours hides nothing."""
    hidden = {b"%d" % row for row in rows}
    done = _ROW.sub(lambda row: row[0] + b' hidden="1"' * (row[2] in hidden), content)
    return _HEADER.sub(lambda head: head[0] + _SAID, done, count=1)


def with_titles(workbook: bytes, sheet: str, rows: Iterable[int]) -> bytes:
    """The workbook part with the repeated rows of a sheet begun below those left out; LibreOffice counts them."""
    left_out = set(rows)

    def below(match: re.Match[bytes]) -> bytes:
        first, last = int(match[2]), int(match[3])
        first = max((row + 1 for row in left_out if first <= row < last), default=first)
        return b"%s%d:$%d" % (match[1], first, last)

    before, after = _TITLES
    return re.sub(before + re.escape(sheet.encode()) + after, below, workbook, count=1)


def unfilled(contents: Contents, rows: Mapping[str, set[int]]) -> set[str]:
    """The sheets to fill in of which the rows left out are all that could have been filled in."""
    fillable: dict[str, set[int]] = {}
    for area in _areas(contents, places.FILLED):
        fillable.setdefault(area.sheet, set()).update(_rows(area))
    inputs = {name for name, kind, _ in CONTENTS if kind == "inputs"}
    return {sheet for sheet, found in fillable.items() if sheet in inputs and found <= rows.get(sheet, set())}


def _handed(contents: Contents) -> Iterator[Area]:
    # Lines of the sheet Handoff without an amount on either side.
    first, end = (contents.find_label(SHEET, label) for label in (LINES, DONE))
    for row in range(first + 1, end if first else 0):
        if not any(map(_says_something, _values(contents, Area(SHEET, row, _AMOUNTS[0], row, _AMOUNTS[1]), row))):
            yield Area(SHEET, row, 1, row, 1)


def _areas(contents: Contents, name: str) -> list[Area]:
    return areas_of(contents, name) if ("", name) in contents.book.names else []


def _rows(area: Area) -> range:
    return range(area.top, area.bottom + 1)


def _values(contents: Contents, area: Area, row: int) -> list[CellValue | None]:
    return [contents.value((area.sheet, row, column)) for column in range(area.left, area.right + 1)]


def _texts(contents: Contents, area: Area, row: int) -> set[str]:
    return {value for value in _values(contents, area, row) if isinstance(value, str)}


def _says_something(value: CellValue | None) -> bool:
    if isinstance(value, float):
        return abs(value) >= _NOTHING
    return value is not None and value not in _NO_FIGURE


def _used(contents: Contents) -> set[str]:
    # Meters of lines that the plan has, and those that an input names.
    meters, used, inputs = (_areas(contents, name) for name in (_METERS, _USED, _INPUTS))
    if not (meters and used and inputs):
        return set()
    found: set[str] = set()
    for row, flag in zip(_rows(meters[0]), _rows(used[0]), strict=True):
        if any(map(_says_something, _values(contents, used[0], flag))):
            found |= _texts(contents, meters[0], row)
    for row in _rows(inputs[0]):
        found |= _texts(contents, inputs[0], row)
    return found
