"""Formulas cut into tokens, with every reference relative to the cell that holds it.

Two cells that hold the same formula, copied, have the same `relative` text. A formula of a
stranger is never refused: what is not understood passes as an operator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from openpyxl.utils import column_index_from_string

Kind = Literal["text", "number", "reference", "name", "open", "close", "separator", "error", "operator", "space"]

#: The last row and column of a sheet.
LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384

_CELL: Final = r"\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}"
_END: Final = r"(?![\w.(!\[])"
_TOKEN: Final = re.compile(
    rf"""
      (?P<text>"(?:[^"]|"")*")
    | (?P<error>\#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!))
    | (?P<sheet>(?:'(?:[^']|'')*'|[^\s'"!(),;:&=<>^*/+\-{{}}\#%@]+)!)?
      (?: (?P<area>{_CELL}:{_CELL}{_END})
        | (?P<columns>\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}{_END})
        | (?P<rows>\$?[1-9]\d{{0,6}}:\$?[1-9]\d{{0,6}}{_END})
        | (?P<cell>{_CELL}{_END})
        | (?P<function>(?:_xll\.)?[^\W\d][\w.]*\()
        | (?P<table>[^\W\d][\w.]*\[(?:[^\[\]]|\[[^\[\]]*\])*\])
        | (?P<name>[^\W\d][\w.?\\]*|\\[\w.?\\]+)
        | (?P<gone>\#REF!)
      )
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<open>[({{])
    | (?P<close>[)}}])
    | (?P<separator>[,;])
    | (?P<space>\s+)
    | (?P<operator><=|>=|<>|\[[^\[\]]*\]|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_PREFIX: Final = re.compile(r"^(?:_xlfn\.|_xlws\.|_xll\.)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Corner:
    """A row or column number: counted from the cell that refers to it, or absolute.

    Parameters
    ----------
    value : int
    absolute : bool
    """

    value: int
    absolute: bool

    def at(self, own: int) -> int:
        """The number as seen from `own`."""
        return self.value if self.absolute else own + self.value


@dataclass(frozen=True, slots=True)
class Box:
    """A block of cells on a sheet; the sheet is empty for one outside this workbook."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def is_cell(self) -> bool:
        """Whether it is a single cell."""
        return self.top == self.bottom and self.left == self.right

    def holds(self, sheet: str, row: int, column: int) -> bool:
        """Whether a cell lies in it."""
        return self.sheet == sheet and self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference in a formula, relative to the cell that holds it.

    Parameters
    ----------
    sheet : str
        Empty for the own sheet.
    external : bool
        Whether it leads into another workbook.
    top, left, bottom, right : Corner
    """

    sheet: str
    external: bool
    top: Corner
    left: Corner
    bottom: Corner
    right: Corner

    def box(self, sheet: str, row: int, column: int) -> Box:
        """What it covers, seen from a cell."""
        tops = sorted((self.top.at(row), self.bottom.at(row)))
        sides = sorted((self.left.at(column), self.right.at(column)))
        return Box("" if self.external else self.sheet or sheet, tops[0], sides[0], tops[1], sides[1])


@dataclass(frozen=True, slots=True)
class Token:
    """One token.

    Parameters
    ----------
    kind : str
    text : str
        Of a function: its bare name in upper case; of a reference: relative, as R1C1.
    reference : Reference, optional
    sheet : str
        The sheet or workbook in front of it.
    external : bool
        Whether that is another workbook.
    """

    kind: Kind
    text: str
    reference: Reference | None = None
    sheet: str = ""
    external: bool = False


def tokens(formula: str, row: int, column: int) -> Iterator[Token]:
    """The tokens of a formula.

    Parameters
    ----------
    formula : str
        With its equals sign.
    row, column : int
        Where it stands.

    Yields
    ------
    Token
    """
    for match in _TOKEN.finditer(formula, 1 if formula.startswith("=") else 0):
        kind = match.lastgroup or "operator"
        text = match[0]
        prefix = match["sheet"] or ""
        sheet, external = _sheet(prefix)
        if kind in {"area", "columns", "rows", "cell"}:
            reference = _reference(match[kind], kind, (sheet, external), (row, column))
            yield Token("reference", _r1c1(prefix, reference), reference, sheet, external)
        elif kind == "function":
            yield Token("open", _PREFIX.sub("", match["function"][:-1]).upper(), None, sheet, external)
        elif kind in {"name", "table"}:
            yield Token("name", match[kind], None, sheet, external)
        elif kind in {"gone", "error"}:
            yield Token("error", "#REF!" if kind == "gone" else text)
        elif kind in {"open", "close"}:
            yield Token("open" if kind == "open" else "close", "" if kind == "open" else text)
        elif kind in {"text", "number", "separator", "space", "operator"}:
            yield Token(_plain(kind), text)


def _plain(kind: str) -> Kind:
    kinds: dict[str, Kind] = {
        "text": "text",
        "number": "number",
        "separator": "separator",
        "space": "space",
        "operator": "operator",
    }
    return kinds[kind]


def _sheet(prefix: str) -> tuple[str, bool]:
    if not prefix:
        return "", False
    name = prefix[:-1]
    if name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    # [1]Sheet, 'C:\folder\[Book.xlsx]Sheet', or a whole file in front of a name
    return name, "[" in name or name.lower().endswith((".xlsx", ".xlsm", ".xlam", ".xla", ".xls", ".xlsb"))


def _reference(text: str, kind: str, home: tuple[str, bool], spot: tuple[int, int]) -> Reference:
    row, column = spot
    first, _, last = text.partition(":")
    ends = (first, last or first)
    if kind == "columns":
        left, right = (_corner(end, column) for end in ends)
        return Reference(*home, Corner(1, True), left, Corner(LAST_ROW, True), right)
    if kind == "rows":
        top, bottom = (_corner(end, row) for end in ends)
        return Reference(*home, top, Corner(1, True), bottom, Corner(LAST_COLUMN, True))
    corners = []
    for end in ends:
        letters = end.rstrip("0123456789")
        digits = end[len(letters) :]
        row_dollar = "$" if letters.endswith("$") else ""
        across = _corner(letters.rstrip("$"), column)
        corners.append((_corner(row_dollar + digits, row), across))
    (top, left), (bottom, right) = corners
    return Reference(*home, top, left, bottom, right)


def _corner(text: str, own: int) -> Corner:
    bare = text.lstrip("$")
    value = int(bare) if bare.isdigit() else column_index_from_string(bare.upper())
    return Corner(value, True) if text.startswith("$") else Corner(value - own, False)


def _r1c1(prefix: str, reference: Reference) -> str:
    def end(row: Corner, column: Corner) -> str:
        return "R{}C{}".format(*(f"{x.value}" if x.absolute else f"[{x.value}]" for x in (row, column)))

    first, last = end(reference.top, reference.left), end(reference.bottom, reference.right)
    return prefix + (first if first == last else f"{first}:{last}")
