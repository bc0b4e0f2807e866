"""A workbook as plain values: what the checks look at, and nothing that could run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from openpyxl.formula.translate import Translator

from vidcost_xl.errors import ExcelError
from vidcost_xl.sheets.formulas.parsed import Parsed, parse, relative_text
from vidcost_xl.sheets.formulas.tokens import Box
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.review.rules.findings import Spot, address


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks, as far as rules go.

    Parameters
    ----------
    ink, fill : str
        RRGGBB; black and white where nothing is set.
    filled : bool
    format : str
        Number format code.
    locked : bool
    is_input_style : bool
        Whether Excel's own cell style "Input" is used.
    """

    ink: str = "000000"
    fill: str = "FFFFFF"
    filled: bool = False
    format: str = "General"
    locked: bool = True
    is_input_style: bool = False


@dataclass(slots=True)
class Cell:
    """One cell that holds something.

    Parameters
    ----------
    row, column : int
    value : float, str, bool, ExcelError or None
        None for a formula without a stored value.
    formula : str
        With its equals sign, our functions under their bare names; empty for a constant.
    relative : str
        The formula with references counted from the cell.
    look : Look
    shared : tuple of (str, str)
        Of a cell of a shared formula: the first cell and its formula.
    """

    row: int
    column: int
    value: CellValue | None
    formula: str
    relative: str
    look: Look
    shared: tuple[str, str] | None = None

    @property
    def spot(self) -> Spot:
        """Row and column."""
        return self.row, self.column

    @property
    def is_number(self) -> bool:
        """Whether it holds or computes a number, as far as the file says."""
        if self.formula and self.value is None:
            return True
        return isinstance(self.value, float)

    @property
    def shown_formula(self) -> str:
        """The formula as this cell has it."""
        if self.shared is None:
            return self.formula
        origin, first = self.shared
        return str(Translator(first, origin).translate_formula(address(self.spot)))


@dataclass
class Sheet:
    """One worksheet.

    Parameters
    ----------
    name : str
    state : str
        "visible", "hidden" or "veryHidden".
    cells : dict
        Cells that hold something, by (row, column).
    hidden_rows : tuple of int
    hidden_columns : tuple of (int, int)
    frozen : (int, int)
        Rows and columns in the freeze pane.
    protection : mapping of str to str, or None
        The attributes of the sheet's protection.
    page : mapping of str to str
        Page set-up: orientation, fitToPage, fitToWidth, fitToHeight, header and footer texts.
    comments : mapping of (row, column) to str
    validated : tuple of Box
        Cells with data validation.
    """

    name: str
    state: str = "visible"
    cells: dict[Spot, Cell] = field(default_factory=dict)
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    frozen: tuple[int, int] = (0, 0)
    protection: Mapping[str, str] | None = None
    page: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[Spot, str] = field(default_factory=dict)
    validated: tuple[Box, ...] = ()

    @cached_property
    def formulas(self) -> list[Cell]:
        """Cells with formulas, row by row."""
        return [self.cells[spot] for spot in sorted(self.cells) if self.cells[spot].formula]

    @cached_property
    def by_row(self) -> dict[int, list[Cell]]:
        """Cells of each row, from the left."""
        rows: dict[int, list[Cell]] = {}
        for spot in sorted(self.cells):
            rows.setdefault(spot[0], []).append(self.cells[spot])
        return rows

    def text(self, row: int, column: int) -> str:
        """The text in a cell, empty where there is none."""
        cell = self.cells.get((row, column))
        return cell.value if cell is not None and isinstance(cell.value, str) else ""


@dataclass(frozen=True, slots=True)
class Name:
    """A defined name.

    Parameters
    ----------
    name, text : str
        The text is what it stands for, without an equals sign.
    sheet : str
        Of a name of one sheet only.
    hidden : bool
    """

    name: str
    text: str
    sheet: str = ""
    hidden: bool = False


@dataclass
class Book:
    """One workbook.

    Parameters
    ----------
    sheets : dict of str to Sheet
        In the order of the tabs.
    names : tuple of Name
    calculation : mapping of str to str
        The attributes of the calculation settings.
    links : tuple of (int, str)
        Workbooks it links to: number in formulas, target; never followed.
    parts : frozenset of str
        Names of the parts of the file.
    creator : str
    linked_from : mapping of str to str
        Folded sheet names to their own spelling, for formulas that spell them otherwise.
    """

    sheets: dict[str, Sheet]
    names: tuple[Name, ...] = ()
    calculation: Mapping[str, str] = field(default_factory=dict)
    links: tuple[tuple[int, str], ...] = ()
    parts: frozenset[str] = frozenset()
    creator: str = ""

    @cached_property
    def _parsed(self) -> dict[str, Parsed]:
        return {}

    @cached_property
    def _names(self) -> dict[tuple[str, str], Name]:
        return {(name.sheet.casefold(), name.name.casefold()): name for name in self.names}

    @cached_property
    def spelled(self) -> dict[str, str]:
        """Sheet names by their folded form: formulas may spell them otherwise."""
        return {name.casefold(): name for name in self.sheets}

    def formulas(self) -> Iterator[tuple[Sheet, Cell, Parsed]]:
        """Every formula with its sheet, taken apart."""
        for sheet in self.sheets.values():
            for cell in sheet.formulas:
                yield sheet, cell, self.parsed(cell)

    def parsed(self, cell: Cell) -> Parsed:
        """The formula of a cell taken apart, once for all cells it was copied to."""
        known = self._parsed.get(cell.relative)
        if known is None:
            known = parse(cell.formula, cell.row, cell.column)
            self._parsed[cell.relative] = known
        return known

    def name(self, name: str, sheet: str = "") -> Name | None:
        """A defined name, of the sheet first."""
        return self._names.get((sheet.casefold(), name.casefold())) or self._names.get(("", name.casefold()))

    def name_boxes(self, name: str, sheet: str = "", depth: int = 0) -> list[Box]:
        """The cells that a name stands for; none for a constant, a table or another workbook's."""
        found = self.name(name, sheet)
        if found is None or depth > 4:
            return []
        parsed = parse(f"={found.text}", 1, 1)
        boxes = [self.respelled(reference.box(sheet, 1, 1)) for reference, _ in parsed.references]
        for inner, _ in parsed.names:
            boxes += self.name_boxes(inner, sheet, depth + 1)
        return [box for box in boxes if box.sheet]

    def respelled(self, box: Box) -> Box:
        """A block with its sheet's own spelling; an empty sheet for one that is not in this workbook."""
        return Box(self.spelled.get(box.sheet.casefold(), ""), box.top, box.left, box.bottom, box.right)

    def cells_in(self, box: Box) -> Iterator[Cell]:
        """The cells that hold something inside a block."""
        sheet = self.sheets.get(box.sheet)
        if sheet is None:
            return
        if box.bottom - box.top < len(sheet.by_row):
            rows: Iterator[int] = iter(range(box.top, box.bottom + 1))
        else:
            rows = (row for row in sheet.by_row if box.top <= row <= box.bottom)
        for row in rows:
            if box.right - box.left < 64:
                for column in range(box.left, box.right + 1):
                    cell = sheet.cells.get((row, column))
                    if cell is not None:
                        yield cell
            else:
                yield from (cell for cell in sheet.by_row.get(row, ()) if box.left <= cell.column <= box.right)


def formula_cell(row: int, column: int, value: CellValue | None, formula: str, look: Look) -> Cell:
    """A cell with a formula of its own."""
    return Cell(row, column, value, formula, relative_text(formula, row, column), look)


def is_error(cell: Cell) -> bool:
    """Whether the file stores an error as the cell's value."""
    return isinstance(cell.value, ExcelError)
