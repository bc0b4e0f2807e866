"""The cells of a sheet part with the places of their bytes, read by expat and never parsed into a tree.

Places are what splicing needs: a part that is parsed and written again is another part,
with other prefixes, declarations and spaces, even if it means the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from openpyxl.utils.cell import column_index_from_string

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.package.cells import Cell, Formula, Spans, area
from vidcost_xl.sheets.package.parts import MAIN

#: The names of the spreadsheet language: as Excel writes it, and as "Strict Open XML" does.
NAMESPACES: Final = (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")

_ADDRESS: Final = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_ENCODING: Final = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)")

#: Elements that a reader is told of.
_ELEMENTS: Final = ("row", "c", "f", "v", "is", "si", "t", "rPh")

#: Start and close of what a cell does not have.
_NOWHERE: Final = (-1, -1)


@dataclass
class _Reader:
    part: str
    cells: list[Cell] = field(default_factory=list)
    row: int = 0
    column: int = 0
    cell: Cell | None = None
    formula: tuple[int, int] = _NOWHERE
    value: tuple[int, int] = _NOWHERE
    inline: bool = False
    texts: list[str] | None = None
    silent: int = 0  # inside a phonetic guide, whose text is not the cell's

    def start(self, name: str, attributes: dict[str, str], at: int) -> None:
        if name == "c":
            self._start_cell(attributes, at)
        elif name == "row":
            self.row = whole(attributes["r"]) if "r" in attributes else self.row + 1
            self.column = 0
        elif name == "rPh":
            self.silent += 1
        elif self.cell is None:
            return
        elif name in {"v", "is"}:
            self.value, self.inline = (at, -1), name == "is"
            self.texts = []
        elif name == "f":
            filled = attributes.get("ref")
            self.cell.formula = Formula(
                attributes.get("t", "normal"), "", area(filled) if filled else None, attributes.get("si", "")
            )
            self.formula = at, -1
            self.texts = []

    def end(self, name: str, at: int) -> None:
        if name == "rPh":
            self.silent -= 1
        elif self.cell is None:
            return
        elif name in {"v", "is"}:
            self.cell.text = "".join(self.texts or ())
            self.value = self.value[0], at
            self.texts = None
        elif name == "f" and self.cell.formula is not None:
            self.cell.formula.text = "".join(self.texts or ())
            self.formula = self.formula[0], at
            self.texts = None
        elif name == "c":
            self._end_cell()

    def characters(self, text: str) -> None:
        if self.texts is not None and not self.silent:
            self.texts.append(text)

    def _start_cell(self, attributes: dict[str, str], at: int) -> None:
        address = attributes.get("r")
        if address is None:
            self.column += 1
        else:
            match = _ADDRESS.fullmatch(address)
            if match is None:
                raise BadArgumentError(f"{self.part} has a cell {address!r}. Open and save the file in Excel.")
            self.row, self.column = int(match[2]), column_index_from_string(match[1].upper())
        kind, spills, rich = attributes.get("t", "n"), "cm" in attributes, "vm" in attributes
        look = whole(attributes.get("s", "0"))
        self.cell = Cell(self.row, self.column, kind, at, spills=spills, rich=rich, look=look, spans=Spans())
        self.formula, self.value, self.inline = _NOWHERE, _NOWHERE, False
        self.cells.append(self.cell)

    def _end_cell(self) -> None:
        assert self.cell is not None
        self.cell.spans = Spans(*self.formula, *self.value, self.inline)
        self.cell = None


def whole(text: str) -> int:
    """The number that an attribute is; raises ValueError for another text."""
    if not text.strip().isdecimal():
        raise ValueError(f"{text!r} where a number belongs")
    return int(text)


def read_cells(content: bytes, part: str) -> list[Cell]:
    """Every cell of a sheet part.

    Parameters
    ----------
    part : str
        How messages call it.

    Returns
    -------
    list of Cell
        In the order of the part.

    Raises
    ------
    BadArgumentError
        For a part that is not XML in UTF-8, declares a document type, or has cells without a place.
    """
    reader = _Reader(part)
    parse(content, part, reader.start, reader.end, reader.characters)
    return reader.cells


def parse(
    content: bytes,
    part: str,
    start: Callable[[str, dict[str, str], int], None] | None = None,
    end: Callable[[str, int], None] | None = None,
    characters: Callable[[str], None] | None = None,
) -> None:
    """Run expat over a part; the handlers get the names of the spreadsheet language without their namespace.

    Without handlers it only refuses what is no XML.

    Raises
    ------
    BadArgumentError
        As `read_cells`.
    """
    declared = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf")[:200])
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"} or (declared and declared[1].lower() not in {b"utf-8", b"us-ascii"}):
        raise BadArgumentError(f"{part} is not written in UTF-8, which Excel always uses. Open and save it in Excel.")
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    local = {f"{namespace} {name}": name for namespace in NAMESPACES for name in _ELEMENTS}

    def opened(name: str, attributes: dict[str, str]) -> None:
        if start and (known := local.get(name)):
            start(known, attributes, parser.CurrentByteIndex)

    def closed(name: str) -> None:
        if end and (known := local.get(name)):
            end(known, parser.CurrentByteIndex)

    def refused(*_: object) -> None:
        raise BadArgumentError(f"{part} declares a document type or an entity, which no Excel does; it is not read.")

    if start:
        parser.StartElementHandler = opened
    if end:
        parser.EndElementHandler = closed
    if characters:
        parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = refused
    parser.EntityDeclHandler = refused
    try:
        parser.Parse(content, True)
    except BadArgumentError:
        raise
    except (expat.ExpatError, ValueError) as error:
        raise BadArgumentError(f"{part} is not readable XML ({error}). Open and save the file in Excel.") from None
