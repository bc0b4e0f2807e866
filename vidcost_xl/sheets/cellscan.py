"""The cells of a sheet part as Excel and we write them, found by one expression.

Reading a part event by event takes longer than computing it. Parts that are written in any
other way (prefixes, comments, cells without an address) are left to `cells.read_cells`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from openpyxl.utils.cell import column_index_from_string, range_boundaries

from vidcost_xl.sheets import cells
from vidcost_xl.sheets.cells import Cell, Formula
from vidcost_xl.sheets.package import MAIN

_ATTRIBUTES: Final = rb'(?: [a-zA-Z]+="[^"<]*")*'
#: Address, its column and row, other attributes; formula: attributes, text; value; inline text.
_CELL: Final = re.compile(
    rb'<c r="(([A-Z]{1,3})(\d{1,7}))"(' + _ATTRIBUTES + rb")(?:/>|>"
    rb"(?:<f(" + _ATTRIBUTES + rb")(?:/>|>([^<]*)</f>))?"
    rb"(?:<v>([^<]*)</v>|<v/>|<is><t(?: xml:space=\"preserve\")?>([^<]*)</t></is>)?</c>)"
)
_ATTRIBUTE: Final = re.compile(rb' ([a-zA-Z]+)="([^"]*)"')
_ROOT: Final = re.compile(rb'<worksheet [^>]*?xmlns="' + MAIN.encode() + rb'"')

#: What makes a part one that this module does not read: comments, character data, carriage returns, entities by number.
_OTHERWISE: Final = (b"<!", b"\r", b"&#")
_OPENING: Final = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


def read_cells(content: bytes, part: str) -> list[Cell]:
    """Every cell of a sheet part, as `cells.read_cells`, sooner.

    Raises
    ------
    BadArgumentError
        For a part that is not XML in UTF-8, declares a document type, or has cells without a place.
    """
    cells.parse(content, part)
    found = scanned(content)
    return cells.read_cells(content, part) if found is None else found


def scanned(content: bytes) -> list[Cell] | None:
    """Every cell of a part, or None where one is written in another way.

    Parameters
    ----------
    content : bytes
        Well-formed, in UTF-8.

    Returns
    -------
    list of Cell, or None
    """
    if _ROOT.search(content, 0, 2_000) is None or any(mark in content for mark in _OTHERWISE):
        return None
    found = [_cell(match) for match in _CELL.finditer(content)]
    return found if len(found) == sum(1 for _ in _OPENING.finditer(content)) else None


def _cell(match: re.Match[bytes]) -> Cell:
    _, column, row, attributes, formula_attributes, formula, value, inline = match.groups()
    kind, spills, rich = _described(attributes)
    cell = Cell(int(row), _column(column), kind, match.start())
    cell.spills, cell.rich = spills, rich
    if formula_attributes is not None:
        cell.formula = _formula(formula_attributes, formula or b"")
        cell.formula_start = match.start(5) - len(b"<f")
        cell.formula_close = match.end(6) if formula is not None else match.end(5) + len(b"/>")
    if value is not None:
        cell.text = _text(value)
        cell.value_start, cell.value_close = match.start(7) - len(b"<v>"), match.end(7)
    elif inline is not None:
        cell.text, cell.inline = _text(inline), True
        cell.value_close = match.end(8) + len(b"</t>")
        cell.value_start = match.string.rindex(b"<is>", match.start(), match.start(8))
    elif match[0].endswith(b"<v/></c>"):
        cell.text = ""
        cell.value_start = match.end() - len(b"<v/></c>")
        cell.value_close = match.end() - len(b"</c>")
    return cell


def _formula(attributes: bytes, text: bytes) -> Formula:
    if not attributes:
        return Formula("normal", _text(text))
    found = dict(_ATTRIBUTE.findall(attributes))
    area = found.get(b"ref")
    bounds = None
    if area:
        left, top, right, bottom = range_boundaries(area.decode())
        assert left is not None and top is not None and right is not None and bottom is not None
        bounds = top, left, bottom, right
    return Formula(found.get(b"t", b"normal").decode(), _text(text), bounds, found.get(b"si", b"").decode())


@lru_cache(maxsize=4096)
def _described(attributes: bytes) -> tuple[str, bool, bool]:
    found = dict(_ATTRIBUTE.findall(attributes))
    return found.get(b"t", b"n").decode(), b"cm" in found, b"vm" in found


@cache
def _column(letters: bytes) -> int:
    return column_index_from_string(letters.decode())


def _text(text: bytes) -> str:
    found = text.decode()
    if "&" in found:
        for entity, character in _ENTITIES:
            found = found.replace(entity, character)
    return found
