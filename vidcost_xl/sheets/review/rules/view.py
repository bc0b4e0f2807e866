"""A workbook as the checks look at it: its cells with their values, formulas and looks, and nothing that could run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from vidcost_xl.areas import Area, Spot
from vidcost_xl.errors import BadArgumentError, ExcelError
from vidcost_xl.hosts.formulas import PREFIX, canonical_formula
from vidcost_xl.sheets.formulas.copies import shifted
from vidcost_xl.sheets.formulas.formula_cells import read_formula_cells
from vidcost_xl.sheets.formulas.parsed import Copied, Parsed, Parser
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.package.looks import Look
from vidcost_xl.sheets.package.parts import CellValue, parse_xml
from vidcost_xl.sheets.package.sheet_cells import read_sheet_cells, value_of
from vidcost_xl.sheets.package.workbook import DefinedName, Workbook
from vidcost_xl.sheets.review.rules.findings import address
from vidcost_xl.sheets.review.rules.setup import Setup, read_setup

_CORE: Final = "docProps/core.xml"
_CREATOR: Final = "{http://purl.org/dc/elements/1.1/}creator"

#: Names that stand for names that stand for others are followed so far.
_DEEPEST: Final = 4

#: What LibreOffice writes for a truth value that somebody typed.
_TRUTHS: Final = frozenset({"TRUE()", "FALSE()"})

#: Columns of an area up to which its cells are looked up one by one.
_NARROW: Final = 64


@dataclass(frozen=True, slots=True)
class Axis:
    """A run of periods along a row (or, turned, down a column).

    Parameters
    ----------
    at : int
        The row (or column) that holds the periods.
    first, last : int
        Columns (or rows) it spans.
    kind : str
        "dates", "counter", "periods", or "unvalued" for dates whose values the file does not store.
    """

    at: int
    first: int
    last: int
    kind: str


class SheetView:
    """One sheet.

    Parameters
    ----------
    name, state : str
        The state is "visible", "hidden" or "veryHidden".
    parser : Parser
        Of the workbook.

    Attributes
    ----------
    cells : dict of (row, column) to Cell
        Those that hold something, row by row.
    copied : dict of (row, column) to Copied
        Their formulas, taken apart.
    axes : dict
        Kept by `axes.time_axes`.
    answers : list of Area
        What the answer of a function of ours fills besides its own cell.
    """

    def __init__(self, book: Workbook, name: str, state: str, parser: Parser) -> None:
        self.name, self.state = name, state
        self.setup = Setup()
        self.cells: dict[Spot, Cell] = {}
        self.copied: dict[Spot, Copied] = {}
        self.axes: dict[bool, list[Axis]] = {}
        self._looks: list[Look] = []
        self._values: dict[Spot, CellValue | None] = {}
        self.answers: list[Area] = []
        if name in book.sheets:
            self._read(book, parser)

    def _read(self, book: Workbook, parser: Parser) -> None:
        sheet = read_sheet_cells(book, self.name)
        self.setup = read_setup(book, self.name, sheet.content)
        self._looks = book.looks
        for entry in read_formula_cells([sheet]):
            is_table = entry.cell.formula is not None and entry.cell.formula.kind == "dataTable"
            if entry.source.strip() and entry.source not in _TRUTHS and not is_table:
                _, row, column, down, right = entry.place
                first = self.copied.get(entry.first.key[1:]) if entry.first else None
                self.copied[row, column] = copied = first or parser.copied(entry.source, row - down, column - right)
                if entry.array and any(name.startswith(PREFIX) for name, _ in copied.parsed.functions):
                    self.answers.append(entry.fills)
        self.copied = dict(sorted(self.copied.items()))
        for spot, cell in sorted(sheet.places.items()):
            value = value_of(cell, book.texts, from_1904=book.settings.from_1904)
            if value is None and cell.kind == "n" and cell.text and cell.text.strip():
                raise BadArgumentError(
                    f"the workbook is damaged: {self.name}!{address(spot)} holds {cell.text.strip()[:30]!r} where a "
                    "number belongs. In Excel: File, Open, Open and Repair."
                )
            if spot not in self.copied and (value is None or (value == "" and cell.formula is None)):
                continue
            self.cells[spot], self._values[spot] = cell, value

    @cached_property
    def formulas(self) -> list[Cell]:
        """Cells with formulas, row by row."""
        return [self.cells[spot] for spot in self.copied]

    @cached_property
    def by_row(self) -> dict[int, list[Cell]]:
        """Cells of each row, from the left."""
        rows: dict[int, list[Cell]] = {}
        for cell in self.cells.values():
            rows.setdefault(cell.row, []).append(cell)
        return rows

    @cached_property
    def hidden_rows(self) -> list[int]:
        """Hidden rows that hold something."""
        return sorted(self.setup.hidden_rows & self.by_row.keys())

    @cached_property
    def hidden_columns(self) -> list[tuple[int, int]]:
        """Runs of hidden columns that hold something; others are the edge of the sheet, not a secret."""
        used = {column for _, column in self.cells}
        return [
            (first, min(last, max(used)))
            for first, last in self.setup.hidden_columns
            if any(first <= column <= last for column in used)
        ]

    def value(self, cell: Cell) -> CellValue | None:
        """What a cell holds or shows; None for a formula without a stored value."""
        return self._values[cell.row, cell.column]

    def look(self, cell: Cell) -> Look:
        """How a cell looks."""
        return self._looks[cell.look] if 0 <= cell.look < len(self._looks) else Look()

    def is_formula(self, cell: Cell) -> bool:
        """Whether a cell is computed."""
        return (cell.row, cell.column) in self.copied

    def relative(self, cell: Cell) -> str:
        """The formula of a cell with references counted from it; empty for a constant."""
        found = self.copied.get((cell.row, cell.column))
        return "" if found is None else found.relative

    def formula(self, cell: Cell) -> str:
        """The formula as this cell has it, ours under their bare names; empty for a constant."""
        copied = self.copied.get(cell.spot)
        if copied is None:
            return ""
        own = cell.formula.text if cell.formula else ""
        text = f"={own or shifted(copied.source, cell.row - copied.row, cell.column - copied.column)}"
        try:
            return canonical_formula(text)
        except ValueError:
            return text  # no formula that the engine understands; the checks still look at it

    def text(self, row: int, column: int) -> str:
        """The text in a cell, empty where there is none."""
        value = self._values.get((row, column))
        return value if isinstance(value, str) else ""

    def is_number(self, cell: Cell) -> bool:
        """Whether a cell holds or computes a number, as far as the file says."""
        value = self.value(cell)
        return isinstance(value, float) or value is None

    def is_error(self, cell: Cell) -> bool:
        """Whether the file stores an error as the cell's value."""
        return isinstance(self.value(cell), ExcelError)


class WorkbookView:
    """One workbook.

    Raises
    ------
    BadArgumentError
        For a workbook without sheets, or one that is damaged.
    """

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self._parser = Parser()
        for tab in book.tabs:
            if tab.part not in book.archive:
                raise BadArgumentError(f"the workbook is damaged: its sheet {tab.name!r} is missing.")
        if not book.tabs:
            raise BadArgumentError("the workbook is damaged: it has no sheets.")
        self.sheets = {tab.name: SheetView(book, tab.name, tab.state, self._parser) for tab in book.tabs}
        self._names = {(each.sheet.casefold(), each.name.casefold()): each for each in book.defined}
        self._named: dict[tuple[str, str], list[Area]] = {}

    @cached_property
    def spelled(self) -> Mapping[str, str]:
        """Sheet names by their folded form: formulas may spell them otherwise."""
        return {name.casefold(): name for name in self.sheets}

    @cached_property
    def creator(self) -> str:
        """The program or person that the file says it is by."""
        if _CORE not in self.book.archive:
            return ""
        root: Any = parse_xml(self.book.archive.read(_CORE))
        return root.findtext(_CREATOR) or ""

    def formulas(self) -> list[tuple[SheetView, Cell, Parsed]]:
        """Every formula with its sheet, taken apart."""
        return self._every

    @cached_property
    def _every(self) -> list[tuple[SheetView, Cell, Parsed]]:
        return [
            (sheet, cell, sheet.copied[cell.row, cell.column].parsed)
            for sheet in self.sheets.values()
            for cell in sheet.formulas
        ]

    def name(self, name: str, sheet: str = "") -> DefinedName | None:
        """A defined name, of the sheet first."""
        return self._names.get((sheet.casefold(), name.casefold())) or self._names.get(("", name.casefold()))

    def areas(self, copied: Copied, sheet: str, row: int, column: int) -> Iterator[Area]:
        """What the references of a formula in a cell point at; an empty sheet for one that is not in this workbook."""
        down, right = row - copied.row, column - copied.column
        for found, (home, _) in zip(copied.references, copied.parsed.places, strict=True):
            yield Area("" if home is None else self.home(home, sheet), *found.bounds(down, right))

    def home(self, written: str, sheet: str) -> str:
        """The sheet that stands in front of a reference, as it is spelled; the own one where none does."""
        return self.spelled.get(written.casefold(), "") if written else sheet

    def named_areas(self, name: str, sheet: str = "", depth: int = 0) -> list[Area]:
        """The cells that a name stands for; none for a constant, a table or another workbook's."""
        if (name, sheet) not in self._named:
            found = self.name(name, sheet)
            if found is None or depth > _DEEPEST:
                return []
            copied = self._parser.copied(f"={found.text}", 1, 1)
            areas = [area for area in self.areas(copied, sheet, 1, 1) if area.sheet]
            for inner, _ in copied.parsed.names:
                areas += self.named_areas(inner, sheet, depth + 1)
            self._named[name, sheet] = areas
        return self._named[name, sheet]

    def is_empty(self, area: Area) -> bool:
        """Whether it is one cell of the workbook, and nothing is in it."""
        name, top, left, bottom, right = area
        return (top, left) == (bottom, right) and name in self.sheets and (top, left) not in self.sheets[name].cells

    def cells_in(self, area: Area) -> Iterator[Cell]:
        """The cells that hold something inside an area."""
        sheet = self.sheets.get(area.sheet)
        if sheet is None:
            return
        rows: Iterator[int] = (row for row in sheet.by_row if area.top <= row <= area.bottom)
        if area.bottom - area.top < len(sheet.by_row):
            rows = iter(range(area.top, area.bottom + 1))
        for row in rows:
            if area.right - area.left < _NARROW:
                for column in range(area.left, area.right + 1):
                    cell = sheet.cells.get((row, column))
                    if cell is not None:
                        yield cell
            else:
                yield from (cell for cell in sheet.by_row.get(row, ()) if area.left <= cell.column <= area.right)
