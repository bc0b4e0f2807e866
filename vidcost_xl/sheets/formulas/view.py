"""What a workbook holds, cell by cell: formulas in canonical form, values, inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import InitVar, dataclass, field
from functools import cached_property
from typing import Final

from openpyxl.utils.cell import column_index_from_string

from vidcost_xl.areas import Place
from vidcost_xl.hosts.formulas import PREFIX, Token, canonical_formula, tokens
from vidcost_xl.sheets.formulas.copies import by_form, shifted
from vidcost_xl.sheets.formulas.formula_cells import FormulaCell, filled, read_formula_cells
from vidcost_xl.sheets.formulas.parsed import read_tokens
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.package.sheet_cells import SheetCells, read_sheets, value_of
from vidcost_xl.sheets.package.workbook import Workbook

#: What stands in front of functions that are newer than the form of the file.
_FUTURE: Final = re.compile(r"^(?:_xlfn\.|_xlws\.)+", re.IGNORECASE)
#: LibreOffice makes functions of the truth values.
_TRUTH: Final = frozenset({"TRUE(", "FALSE("})

#: Names of files of another workbook in a formula: [1]Sheet!A1, '[Budget.xlsx]Plan'!B2.
_FOREIGN: Final = re.compile(r"\[[^\[\]]+\][^\[\]]*!|\[\d+\]!")


def canonical(formula: str) -> str:
    """A formula without what Excel, LibreOffice and writers of files put around it.

    Parameters
    ----------
    formula : str
        Without its equals sign.

    Returns
    -------
    str
        Our functions under their bare names in capitals, no prefixes of newer functions, no spaces outside texts, truth
        values as Excel writes them.

    Examples
    --------
    >>> canonical('SUM( [1]!VIDEO_EGRESS(5, "PB"), A1)')
    'SUM(VIDEO_EGRESS(5,"PB"),A1)'
    >>> canonical('IF(A1=TRUE(),"TRUE()",FALSE())')
    'IF(A1=TRUE,"TRUE()",FALSE)'
    """
    return _canonical(formula)


@by_form
def _canonical(formula: str) -> str:
    try:
        read = [token for token in tokens(canonical_formula(f"={formula}")) if token.kind != "Whitespace"]
    except ValueError:  # no formula, so nothing is around it
        return formula
    written = [_plain(token) for token in read]
    for at, text in enumerate(written[:-1]):
        if text.upper() in _TRUTH and read[at + 1].role == "Close":
            written[at : at + 2] = text[:-1].upper(), ""
    return "".join(written)


def _plain(token: Token) -> str:
    text, kind, role = token
    if role == "Text" or "'" in text:
        return text
    text = "".join(text.split())
    if kind != "Func" or role != "Open":
        return text
    name = _FUTURE.sub("", text)
    return name.upper() if name.upper().startswith(PREFIX) else name


@dataclass
class Contents:
    """A workbook's file and everything in its cells.

    Parameters
    ----------
    name : str
        How messages call it.
    before : Contents, optional
        Of the file before it was changed: sheets that are as they were are not read again.
    """

    data: bytes
    name: str
    before: InitVar[Contents | None] = None
    book: Workbook = field(init=False)
    sheets: dict[str, SheetCells] = field(init=False)
    _formulas: dict[str, tuple[SheetCells, list[FormulaCell]]] = field(init=False, repr=False)
    _is_canonical: dict[tuple[str, ...], bool] = field(init=False, repr=False)

    def __post_init__(self, before: Contents | None) -> None:
        self.book = Workbook(Archive(self.data, self.name))
        self.sheets = {sheet.name: sheet for sheet in read_sheets(self.book, before.sheets if before else None)}
        self._formulas = dict(before._formulas) if before else {}
        self._is_canonical = before._is_canonical if before else {}

    def changed(self, data: bytes) -> Contents:
        """The same file with other bytes."""
        return self if data is self.data else Contents(data, self.name, self)

    @cached_property
    def entries(self) -> dict[Place, FormulaCell]:
        """Every formula."""
        for name, sheet in self.sheets.items():
            if name not in self._formulas or self._formulas[name][0] is not sheet:
                self._formulas[name] = sheet, read_formula_cells([sheet])
        return {entry.key: entry for name in self.sheets for entry in self._formulas[name][1]}

    @cached_property
    def spilled(self) -> frozenset[Place]:
        """Cells that array formulas fill besides their own: they hold values, but nobody typed them."""
        return frozenset(
            (key[0], *place)
            for key, entry in self.entries.items()
            if entry.array and not entry.fills.is_cell
            for place in filled(entry.fills)
            if place != key[1:]
        )

    @cached_property
    def unlocked(self) -> set[int]:
        """Looks of cells that protection leaves open: inputs."""
        return {number for number, look in enumerate(self.book.looks) if not look.locked}

    def looks_with(self, number_format: str) -> set[int]:
        """Looks of cells with a number format."""
        return {number for number, look in enumerate(self.book.looks) if look.format == number_format}

    def formula(self, key: Place) -> str:
        """The canonical formula of a cell; empty where there is none, or the truth value that LibreOffice makes one."""
        entry = self.entries.get(key)
        if entry is None:
            return ""
        found = entry.canonical
        if found is None:
            found = shifted(self._canonical(entry), entry.place.down, entry.place.right)
            found = entry.canonical = "" if found in {"TRUE", "FALSE"} else found
        return found

    def _canonical(self, entry: FormulaCell) -> str:
        # Of references only spaces go; whether anything else changes, what stands between them says.
        source, (between, references) = entry.source, entry.apart
        if len("".join(references).split()) > 1:
            return canonical(source)
        if between not in self._is_canonical:
            self._is_canonical[between] = canonical(source) == source
        return source if self._is_canonical[between] else canonical(source)

    def value(self, key: Place) -> CellValue | None:
        """What a cell holds or shows; None for a blank."""
        sheet = self.sheets.get(key[0])
        cell = sheet.places.get(key[1:]) if sheet else None
        return None if cell is None else self.value_in(cell)

    def value_in(self, cell: Cell) -> CellValue | None:
        """What a cell of any sheet holds; None for a blank."""
        found = value_of(cell, self.book.texts, from_1904=self.book.settings.from_1904)
        return None if found == "" else found

    def text(self, key: Place) -> str:
        """What a cell says, if it is a text."""
        found = self.value(key)
        return found if isinstance(found, str) else ""

    def is_input(self, cell: Cell) -> bool:
        """Whether protection leaves a cell open."""
        return cell.look in self.unlocked

    def named(self, name: str) -> Place | None:
        """The first cell that a workbook name points at."""
        sheet, _, area = self.book.names.get(("", name.casefold()), "").rpartition("!")
        match = re.match(r"\$?([A-Z]{1,3})\$?(\d+)", area)
        if match is None:
            return None
        return sheet.strip("'").replace("''", "'"), int(match[2]), column_index_from_string(match[1])

    def calls_us(self, key: Place) -> bool:
        """Whether a formula calls our functions."""
        return "VIDEO_" in self.entries[key].source.upper()

    def is_foreign(self, key: Place) -> bool:
        """Whether a formula reads another workbook; the link to our own add-in is none."""
        formula = self.formula(key)
        return "[" in formula and any(
            token.role != "Text" and _FOREIGN.search(token.text) for token in read_tokens(formula)
        )

    def rows(self, sheet: str) -> Iterator[tuple[int, list[Cell]]]:
        """The cells of a sheet, row by row."""
        by_row: dict[int, list[Cell]] = {}
        for cell in self.sheets[sheet].cells:
            by_row.setdefault(cell.row, []).append(cell)
        for row in sorted(by_row):
            yield row, sorted(by_row[row], key=lambda cell: cell.column)

    def find_label(self, sheet: str, label: str) -> int:
        """The row whose first column says something; 0 where none does."""
        if sheet not in self.sheets:
            return 0
        return next(
            (row for (row, column) in self.sheets[sheet].places if column == 1 and self.text((sheet, row, 1)) == label),
            0,
        )
