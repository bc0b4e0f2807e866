"""What a formula uses: functions, references, names and numbers, each with the function around it.

Formulas that differ in their references only are taken apart once. A formula of a stranger is
never refused: what is no formula is one name that nothing is known of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from vidcost_xl.hosts.formulas import PREFIX, Token, bare_name, tokens
from vidcost_xl.sheets.formulas.copies import taken_apart
from vidcost_xl.sheets.formulas.references import Reference, reference

#: Functions that add up.
SUMS: Final = frozenset({"SUM", "SUBTOTAL", "AGGREGATE", "SUMIF", "SUMIFS", "SUMPRODUCT"})
#: Functions that look at where a reference is, not at what it holds.
PLACES: Final = frozenset({"ROW", "ROWS", "COLUMN", "COLUMNS", "AREAS", "SHEET", "SHEETS", "FORMULATEXT", "ISFORMULA"})

#: Stands for a reference to cells in the form of a formula, behind its sheet.
CELLS: Final = "\x00"

_FUTURE: Final = re.compile(r"^(?:_xlfn\.|_xlws\.|_xll\.)+", re.IGNORECASE)
_FILES: Final = (".xlsx", ".xlsm", ".xlam", ".xla", ".xls", ".xlsb")
_OPERATORS: Final = frozenset({"OpPrefix", "OpInfix", "OpPostfix"})


@dataclass(frozen=True, slots=True)
class Within:
    """Where in a formula something stands.

    Parameters
    ----------
    function : str
        The innermost call or bracket around it; empty for none or a bracket.
    argument : int
        From 1; 0 outside every call.
    around : tuple of str
        All calls around it, the outermost first; brackets are "".
    alone : bool
        Whether it is all there is in its argument, up to a sign.
    """

    function: str
    argument: int
    around: tuple[str, ...]
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A formula taken apart, but for where its references to cells point.

    Parameters
    ----------
    form : str
        Its text without spaces and prefixes, with a mark for each reference to cells.
    places : tuple of (str or None, Within)
        For each of these its sheet, empty for the own one and None in another workbook.
    names : tuple of (str, Within)
        Names and tables of the workbook.
    functions : tuple of (str, Within)
        In upper case without prefixes.
    numbers : tuple of (float, str, Within)
        Value, text, place.
    foreign : tuple of str
        Workbooks in front of references, names and functions.
    depth : int
        Functions inside functions.
    calls_addin : bool
        Whether it calls a function of the add-in.
    """

    form: str
    places: tuple[tuple[str | None, Within], ...]
    names: tuple[tuple[str, Within], ...]
    functions: tuple[tuple[str, Within], ...]
    numbers: tuple[tuple[float, str, Within], ...]
    operators: frozenset[str]
    foreign: tuple[str, ...]
    errors: tuple[str, ...]
    depth: int
    calls_addin: bool

    def calls(self, *names: str) -> bool:
        """Whether it calls one of these functions."""
        return any(name in names for name, _ in self.functions)


@dataclass(frozen=True, slots=True)
class Copied:
    """A formula, the same for every cell that it was copied to.

    Parameters
    ----------
    relative : str
        With references counted from the own cell.
    source : str
        The text of the first copy.
    references : tuple of Reference
        To cells, as that has them.
    row, column : int
        Where it stands.
    """

    relative: str
    parsed: Parsed
    source: str
    references: tuple[Reference, ...]
    row: int
    column: int


@dataclass
class Parser:
    """Takes formulas apart, each pattern once."""

    _parsed: dict[tuple[object, ...], Parsed] = field(default_factory=dict)
    _copied: dict[tuple[object, ...], Copied] = field(default_factory=dict)

    def copied(self, formula: str, row: int, column: int) -> Copied:
        """A formula taken apart, with or without its equals sign, as it stands in a cell."""
        between, texts = taken_apart(formula)
        found = tuple([cells for text in texts if (cells := reference(text))])
        written = between, *[cells.sheet for cells in found]
        parsed = self._parsed.get(written)
        if parsed is None:
            parsed = self._parsed[written] = _parsed(formula)
        key = parsed.form, *[cells.counted_from(row, column) for cells in found]
        known = self._copied.get(key)
        if known is None:
            relative = "|".join([parsed.form, *[cells.seen_from(row, column) for cells in found]])
            known = self._copied[key] = Copied(relative, parsed, formula, found, row, column)
        return known


def read_tokens(formula: str) -> list[Token]:
    """The tokens of a formula without spaces; one name for what is no formula."""
    try:
        return [token for token in tokens(formula) if token.kind != "Whitespace"]
    except ValueError:
        return [Token(formula, "Operand", "Range")]


def _form(token: Token) -> str:
    if token.kind == "Func" and token.role == "Open":
        return _called(token.text)
    cells = reference(token.text) if token.role == "Range" else None
    return token.text if cells is None else cells.sheet + CELLS


def _called(text: str) -> str:
    # SUM( of _xlfn.sum(, and ours without the add-in in front.
    return _FUTURE.sub("", f"{bare_name(text[:-1])}(").upper()


def _parsed(formula: str) -> Parsed:
    read = read_tokens(formula)
    stack: list[tuple[str, int]] = []
    places, names, functions, numbers, errors, operators, foreign = [], [], [], [], [], [], []
    depth = 0
    for at, token in enumerate(read):
        function, argument = stack[-1] if stack else ("", 0)
        within = Within(function, argument, tuple(name for name, _ in stack), _alone(read, at))
        if token.role == "Open":
            name = _called(token.text)[:-1] if token.kind == "Func" else ""
            home, name = _home(name)
            if home and not name.startswith(PREFIX):
                foreign += _outside(home)
            if name:
                functions.append((name, within))
            stack.append((name, 1))
            depth = max(depth, sum(bool(each) for each, _ in stack))
        elif token.role == "Close" and stack:
            stack.pop()
        elif _separates(token) and stack:
            stack[-1] = (function, argument + 1)
        elif token.role == "Range":
            home, name = _home(token.text)
            foreign += _outside(home)
            if reference(token.text):
                places.append((None if _outside(home) else home, within))
            else:
                names.append((name, within))
        elif token.role == "Number":
            numbers.append((float(token.text), token.text, within))
        elif token.role == "Error":
            errors.append("#REF!" if token.text.endswith("#REF!") else token.text)
        elif token.kind in _OPERATORS:
            operators.append(token.text)
    return Parsed(
        "".join(map(_form, read)),
        tuple(places),
        tuple(names),
        tuple(functions),
        tuple(numbers),
        frozenset(operators),
        tuple(foreign),
        tuple(errors),
        depth,
        any(name.startswith(PREFIX) for name, _ in functions),
    )


def _separates(token: Token) -> bool:
    return token.kind == "Sep" or (token.kind == "OpInfix" and token.text == ",")


def _home(text: str) -> tuple[str, str]:
    # The sheet or workbook in front of something, and what it is without.
    sheet, mark, rest = text.rpartition("!")
    if not mark or not rest:
        return "", text
    return (sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet), rest


def _outside(home: str) -> list[str]:
    # [1]Sheet, C:\folder\[Book.xlsx]Sheet, or a whole file in front of a name
    return [home] if "[" in home or home.lower().endswith(_FILES) else []


def _alone(read: list[Token], at: int) -> bool:
    before = at - 1
    if before >= 0 and read[before].kind in _OPERATORS and read[before].text in {"-", "+"}:
        before -= 1
    starts = before < 0 or read[before].role == "Open" or _separates(read[before])
    return starts and (at + 1 == len(read) or read[at + 1].role == "Close" or _separates(read[at + 1]))
