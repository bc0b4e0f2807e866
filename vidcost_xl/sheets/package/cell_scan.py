"""The cells of a sheet part as Excel and we write them, found by one expression.

Reading a part event by event takes longer than computing it. Parts that are written in any
other way (prefixes, comments, cells without an address) are left to `cell_parser.read_cells`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from openpyxl.utils.cell import column_index_from_string

from vidcost_xl.sheets.package import cell_parser
from vidcost_xl.sheets.package.cells import Bounds, Cell, Formula, Spans, area
from vidcost_xl.sheets.package.parts import MAIN

_ATTRIBUTES: Final = '(?: [a-zA-Z]++="[^"<&]*+")*+'
#: Column, row, other attributes; formula: attributes, text; value. What closes the value needs no second look: in XML
#: it is the tag that opened it.
_WRITTEN: Final = (
    f'<c r="([A-Z]{{1,3}}+)([0-9]{{1,7}}+)"({_ATTRIBUTES})(?:>'
    f'(?:<f({_ATTRIBUTES})(?:>([^<]*+)</f>|(?<=")/>))?+'
    '(?:<(?:v>|v/>(?=<)|is><t(?: xml:space="preserve")?>)([^<]*+)(?:</(?:v>|t></is>))?+)?+'
    "</c>|/>)"
)
_CELL: Final = re.compile(_WRITTEN)
#: What the expression splits a part into for each cell: what stands before it, and its groups.
_PIECES: Final = _CELL.groups + 1
_BYTES: Final = re.compile(_WRITTEN.encode())
#: How every cell starts that is found, and nothing else.
_START: Final = re.compile(b"<c ")

_ATTRIBUTE: Final = re.compile(' ([a-zA-Z]+)="([^"]*)"')
_ROOT: Final = re.compile(rb'<worksheet [^>]*?xmlns="' + MAIN.encode() + rb'"')
#: A cell that was not found; a comment, character data, an instruction or another language, which may hold what only
#: looks like one.
_OTHERWISE: Final = re.compile(r"<(?:\w+:)?c[\s/>]|<!|<\?(?!xml )|xmlns=.*xmlns=", re.DOTALL)

_REFERENCE: Final = re.compile("&(?:#([0-9]+)|#x([0-9a-fA-F]+)|([a-z]+));")
_ENTITIES: Final = {"lt": "<", "gt": ">", "quot": '"', "apos": "'", "amp": "&"}


def read_cells(content: bytes, part: str) -> list[Cell]:
    """Every cell of a sheet part, as `cell_parser.read_cells`, sooner.

    Raises
    ------
    BadArgumentError
        For a part that is not XML in UTF-8, declares a document type, or has cells without a place.
    """
    cell_parser.parse(content, part)
    found = scanned(content)
    return cell_parser.read_cells(content, part) if found is None else found


def scanned(content: bytes) -> list[Cell] | None:
    """Every cell of a part, or None where one is written in another way.

    Parameters
    ----------
    content : bytes
        Well-formed, in UTF-8.
    """
    root = _ROOT.search(content, 0, 2_000)
    # XML reads line ends in another way than they are written; Excel has one, behind the declaration.
    if root is None or content.find(b"\r", root.start()) >= 0:
        return None
    pieces = _CELL.split(content.decode())
    if _OTHERWISE.search("".join(pieces[::_PIECES])):
        return None
    starts = (match.start() for match in _START.finditer(content))
    groups = (pieces[at::_PIECES] for at in range(1, _PIECES))
    try:
        return [_cell(start, *found) for start, *found in zip(starts, *groups, strict=True)]
    except ValueError:
        return None  # what the parser refuses or passes over


def _cell(  # noqa: PLR0913, PLR0917 - one for each group of the expression
    start: int, letters: str, digits: str, said: str, formula_said: str | None, formula: str | None, value: str | None
) -> Cell:
    kind, spills, rich, look = _tag(said)
    written = None if formula is None and formula_said is None else _formula(formula_said or "", _text(formula) or "")
    return Cell(int(digits), _column(letters), kind, start, _text(value), written, spills, rich, look)


_column = lru_cache(maxsize=None)(column_index_from_string)


def _text(piece: str | None) -> str | None:
    return _unescaped(piece) if piece and "&" in piece else piece


def _unescaped(text: str) -> str:
    if "&#" in text:
        return _REFERENCE.sub(_character, text)
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&apos;", "'")
    return text.replace("&amp;", "&")


def _character(reference: re.Match[str]) -> str:
    decimal, hexadecimal, name = reference.groups()
    if name:
        return _ENTITIES[name]
    return chr(int(decimal)) if decimal else chr(int(hexadecimal, 16))


def _formula(said: str, text: str) -> Formula:
    kind, bounds, shared = _described(said)
    return Formula(kind, text, bounds, shared)


@lru_cache(maxsize=4096)
def _described(attributes: str) -> tuple[str, Bounds | None, str]:
    found = _said(attributes)
    return found.get("t", "normal"), area(found["ref"]) if found.get("ref") else None, found.get("si", "")


@lru_cache(maxsize=4096)
def _tag(attributes: str) -> tuple[str, bool, bool, int]:
    found = _said(attributes)
    return found.get("t", "n"), "cm" in found, "vm" in found, cell_parser.whole(found.get("s", "0"))


def _said(attributes: str) -> dict[str, str]:
    found: dict[str, str] = dict(_ATTRIBUTE.findall(attributes))
    if "xmlns" in found:
        raise ValueError("an element of another language")
    return found


def spans_of(content: bytes, cell: Cell) -> Spans:
    """Where the formula and the value of a cell of a part are."""
    if cell.spans is not None:
        return cell.spans
    match = _BYTES.match(content, cell.start)
    assert match is not None
    *_, (others, others_end), (_, text_end), (value, value_close) = match.regs
    formula_start, formula_close = -1, -1
    if others >= 0:
        formula_start = others - len("<f")
        formula_close = text_end if text_end >= 0 else others_end + len("/>")
    if value < 0:
        return Spans(formula_start, formula_close)
    if content[value - 3 : value] == b"<v>":
        return Spans(formula_start, formula_close, value - len("<v>"), value_close)
    if content[value - 4 : value] == b"<v/>":
        return Spans(formula_start, formula_close, value - len("<v/>"), value_close)
    inline = content.rindex(b"<is>", cell.start, value)
    return Spans(formula_start, formula_close, inline, value_close + len("</t>"), inline=True)
