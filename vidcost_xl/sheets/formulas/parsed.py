"""What a formula uses: functions, references, names and numbers, each with the function around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from vidcost_xl.sheets.formulas.tokens import Reference, Token, tokens

_TEXT: Final = re.compile(r'"(?:[^"]|"")*"')

#: Functions that add up.
SUMS: Final = frozenset({"SUM", "SUBTOTAL", "AGGREGATE", "SUMIF", "SUMIFS", "SUMPRODUCT"})
#: Functions that look at where a reference is, not at what it holds.
PLACES: Final = frozenset({"ROW", "ROWS", "COLUMN", "COLUMNS", "AREAS", "SHEET", "SHEETS", "FORMULATEXT", "ISFORMULA"})


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
    """A formula taken apart; the same for every cell it was copied to.

    Parameters
    ----------
    relative : str
        With references counted from the own cell.
    references : tuple of (Reference, Within)
    names : tuple of (str, Within)
        Names and tables of the workbook.
    functions : tuple of (str, Within)
        In upper case without prefixes.
    numbers : tuple of (float, str, Within)
        Value, text, place.
    foreign : tuple of str
        Workbooks in front of names and functions.
    errors : tuple of str
    depth : int
        Functions inside functions.
    length : int
        Characters without texts in quotes.
    """

    relative: str
    references: tuple[tuple[Reference, Within], ...]
    names: tuple[tuple[str, Within], ...]
    functions: tuple[tuple[str, Within], ...]
    numbers: tuple[tuple[float, str, Within], ...]
    foreign: tuple[str, ...]
    errors: tuple[str, ...]
    depth: int
    length: int

    def calls(self, *names: str) -> bool:
        """Whether it calls one of these functions."""
        return any(name in names for name, _ in self.functions)


def relative_text(formula: str, row: int, column: int) -> str:
    """The formula with references counted from its own cell.

    Examples
    --------
    >>> relative_text("=B2*$C$1", 2, 3) == relative_text("=C2*$C$1", 2, 4)
    True
    """
    return "".join(_shown(token) for token in tokens(formula, row, column))


def parse(formula: str, row: int, column: int) -> Parsed:
    """Take a formula apart.

    Parameters
    ----------
    formula : str
        With its equals sign; our functions under their bare names.
    row, column : int
        Where it stands.

    Returns
    -------
    Parsed
    """
    read = [token for token in tokens(formula, row, column) if token.kind != "space"]
    stack: list[tuple[str, int]] = []
    references, names, functions, numbers, errors = [], [], [], [], []
    depth = 0
    for at, token in enumerate(read):
        function, argument = stack[-1] if stack else ("", 0)
        within = Within(function, argument, tuple(name for name, _ in stack), _alone(read, at))
        if token.kind == "open":
            if token.text:
                functions.append((token.text, within))
            stack.append((token.text, 1))
            depth = max(depth, sum(bool(name) for name, _ in stack))
        elif token.kind == "close" and stack:
            stack.pop()
        elif token.kind == "separator" and stack:
            stack[-1] = (function, argument + 1)
        elif token.kind == "reference" and token.reference is not None:
            references.append((token.reference, within))
        elif token.kind == "name" and token.text.upper() not in {"TRUE", "FALSE"}:
            names.append((token.text, within))
        elif token.kind == "number":
            numbers.append((float(token.text), token.text, within))
        elif token.kind == "error":
            errors.append(token.text)
    foreign = [token.sheet for token in read if token.external]
    return Parsed(
        relative="".join(_shown(token) for token in read),
        references=tuple(references),
        names=tuple(names),
        functions=tuple(functions),
        numbers=tuple(numbers),
        foreign=tuple(foreign),
        errors=tuple(errors),
        depth=depth,
        length=len(_TEXT.sub('""', formula)),
    )


def _shown(token: Token) -> str:
    prefix = f"{token.sheet}!" if token.sheet and token.kind != "reference" else ""
    if token.kind == "open":
        return f"{prefix}{token.text}("
    return "" if token.kind == "space" else prefix + token.text


def _alone(read: list[Token], at: int) -> bool:
    before = at - 1
    if before >= 0 and read[before].kind == "operator" and read[before].text in {"-", "+"}:
        before -= 1
    after = read[at + 1].kind if at + 1 < len(read) else "close"
    return (before < 0 or read[before].kind in {"open", "separator"}) and after in {"close", "separator"}
