"""The cells of a declared sheet as the text of its part, without an object a cell.

A workbook has tens of thousands of cells and few looks. openpyxl knows the looks, by number;
rows, texts and formulas are written here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from itertools import count
from operator import itemgetter
from typing import Any, Final

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from vidcost_xl.sheets.layout.addresses import Addresses
from vidcost_xl.sheets.layout.sheet_layout import Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.package.edits.values import number

#: Number of a look: of a style, a number format, and whether the text begins like a formula.
Look = Callable[[str, str | None, bool], int]

#: Texts that Excel would read as formulas if a person typed them.
_LIKE_FORMULAS: Final = tuple("=+-@\t\r")

#: Characters that XML 1.0 cannot hold.
_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

#: What a formula must not hold that its copies share: Excel reads what is relative on another sheet as if it did not
#: move, and takes no constant arrays, other files or deleted references there.
_NOT_SHARED: Final = re.compile(r"[!{\[#]")

#: How every part begins.
DECLARATION: Final = b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"

_CELLS: Final = re.compile(rb"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.DOTALL)
_DIMENSION: Final = re.compile(rb'<dimension ref="[^"]*"')


def cells_xml(sheet: SheetLayout, addresses: Addresses, look: Look) -> bytes:
    """The rows and cells of a sheet.

    Returns
    -------
    bytes
        Formulas without values, texts inside their cells.
    """
    return _Writer(sheet, addresses, look).written()


def with_cells(part: bytes, cells: bytes, sheet: SheetLayout) -> bytes:
    """A sheet part as openpyxl wrote it, with a declaration, and other cells in place of those it has."""
    area = f'<dimension ref="A1:{get_column_letter(len(sheet.columns))}{len(sheet.rows)}"'.encode()
    return DECLARATION + _CELLS.sub(lambda _: cells, _DIMENSION.sub(area, part, count=1), count=1)


class _Writer:
    def __init__(self, sheet: SheetLayout, addresses: Addresses, look: Look) -> None:
        self._sheet, self._addresses, self._look = sheet, addresses, look
        self._places = {column.key: at for at, column in enumerate(sheet.columns, start=1)}
        self._shared = count()

    def written(self) -> bytes:
        rows = [self._row(row, at).encode() for at, row in enumerate(self._sheet.rows, start=1)]
        return b"<sheetData>%s</sheetData>" % b"".join(rows)

    def _row(self, row: Row, at: int) -> str:
        height = self._sheet.row_height if row.height is None else row.height
        tall = "" if height is None else f' ht="{height:g}" customHeight="1"'
        tall += ' outlineLevel="1"' if row.folds else ""
        if not row.entries and not tall:
            return ""
        found = sorted([(self._places[key], entry) for key, entry in row.entries.items()], key=itemgetter(0))
        cells: list[str] = []
        start, last = 0, len(found)
        while start < last:
            first, entry = found[start]
            end = start + 1
            while end < last and found[end][1] is entry and found[end][0] == first + end - start:
                end += 1
            if end - start == 1:
                cells.append(self._cell(entry, row.id, at, first))
            else:
                cells += self._run(entry, row.id, at, range(first, first + end - start))
            start = end
        return f'<row r="{at}"{tall}>{"".join(cells)}</row>'

    def _cell(self, entry: Entry, row: str, at: int, place: int) -> str:
        value, head = entry.value, f'<c r="{get_column_letter(place)}{at}" s="{self._number(entry)}"'
        if not isinstance(value, Formula):
            return head + _held(value)
        text = self._addresses.formula(value.text, self._sheet.name, row, place)
        return f"{head}><f>{escaped(text[1:])}</f></c>"

    def _run(self, entry: Entry, row: str, at: int, places: range) -> Iterable[str]:
        # One entry in cells beside each other: the months of a row.
        value = entry.value
        shifts: tuple[int, ...] = ()
        if isinstance(value, Formula):
            text, shifts = self._addresses.pattern(value.text, self._sheet.name, row)
            # LibreOffice computes shared formulas on opening, and what reads an answer has none without the add-in.
            if not self._sheet.engine_areas and not _NOT_SHARED.search(text):
                return self._copies(entry, text[1:] % _letters(places.start, shifts), at, places)
            held = f"><f>{escaped(text[1:])}</f></c>"
        else:
            held = _held(value).replace("%", "%%")
        cell = f'<c r="%s{at}" s="{self._number(entry)}"{held}'
        return [cell % _letters(place, (0, *shifts)) for place in places]

    def _copies(self, entry: Entry, formula: str, at: int, places: range) -> Iterable[str]:
        # The text stands in the first cell alone, as Excel writes formulas that were filled to the right.
        number, first, last = next(self._shared), *_letters(places.start, (0, len(places) - 1))
        cell = f'<c r="%s{at}" s="{self._number(entry)}"><f t="shared"%s si="{number}">%s</f></c>'
        yield cell % (first, f' ref="{first}{at}:{last}{at}"', escaped(formula))
        for place in places[1:]:
            yield cell % (get_column_letter(place), "", "")

    def _number(self, entry: Entry) -> int:
        value = entry.value
        return self._look(entry.style, entry.format, isinstance(value, str) and value.startswith(_LIKE_FORMULAS))


def _letters(place: int, shifts: Iterable[int]) -> tuple[str, ...]:
    return tuple([get_column_letter(place + shift) for shift in shifts])


def _held(value: str | float | date) -> str:
    # What follows the style of a cell that holds no formula.
    if isinstance(value, str):
        if not value:
            return "/>"  # a look and nothing in it
        space = ' xml:space="preserve"' if value != value.strip() else ""
        return f' t="inlineStr"><is><t{space}>{escaped(value)}</t></is></c>'
    if isinstance(value, bool):
        return f' t="b"><v>{value:d}</v></c>'
    days: Any = to_excel(value) if isinstance(value, date) else value  # type: ignore[no-untyped-call]
    return f"><v>{number(days)}</v></c>"


def escaped(text: str) -> str:
    """A text as XML holds it."""
    return _NOT_IN_XML.sub(" ", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
