"""From the formula of a cell to formulas that explain each of our calls in it, from another workbook.

An explanation stands in a new workbook, so every reference must name the workbook and the
sheet it comes from. Excel itself resolves the arguments.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.functions.explain import MOST_ARGUMENTS
from vidcost_xl.hosts.formulas import PREFIX, Token, canonical_formula, explaining_formula, tokens
from vidcost_xl.sheets.formulas.references import reference

#: Calls of one cell that are explained, each on a sheet of its own.
MOST_CALLS: Final = 8

_TABLE = re.compile(r"[^\[\]!]+\[.*\]", re.DOTALL)
_OWN_NAMES: Final = {"LET(", "LAMBDA("}


def explanations(formula: str, workbook: str, sheet: str) -> list[str]:
    r"""The formulas that explain the calls of our functions in a formula.

    Parameters
    ----------
    formula : str
        As the cell holds it, in any form that Excel saves.
    workbook, sheet : str
        Where the cell stands; both are open in Excel.

    Returns
    -------
    list of str
        One for each call that is not inside another one, in order.

    Raises
    ------
    BadArgumentError
        For a formula without our functions, or with names that mean nothing elsewhere.

    Examples
    --------
    >>> explanations('=SUM(VIDEO_EGRESS(A1,"PB"),1)', "Book1.xlsx", "Plan")
    ['=VIDEO_EXPLAIN("VIDEO_EGRESS",\'[Book1.xlsx]Plan\'!A1,"PB")']
    """
    read = _tokens(formula)
    if any(text.upper() in _OWN_NAMES for text, _, _ in read):
        raise BadArgumentError("A cell with LET or LAMBDA cannot be explained: its names mean nothing elsewhere.")
    found = []
    start, depth = None, 0
    for position, (text, kind, role) in enumerate(read):
        if kind in {"Func", "Paren", "Array"} and role == "Open":
            if start is None and kind == "Func" and text.upper().startswith(PREFIX):
                start, outside = position, depth
            depth += 1
        elif kind in {"Func", "Paren", "Array"} and role == "Close":
            depth -= 1
            if start is not None and depth == outside:
                found.append(read[start : position + 1])
                start = None
    if not found:
        raise BadArgumentError("The selected cell holds no formula with a VIDEO function.")
    return [_explaining(call, workbook, sheet) for call in found[:MOST_CALLS]]


def _explaining(call: Sequence[Token], workbook: str, sheet: str) -> str:
    depth = commas = 0
    for text, kind, role in call:
        depth += (role == "Open") - (role == "Close") if kind in {"Func", "Paren", "Array"} else 0
        commas += depth == 1 and kind == "Sep" and text == ","
    if commas >= MOST_ARGUMENTS:
        raise BadArgumentError(
            f"VIDEO_EXPLAIN takes {MOST_ARGUMENTS} arguments of the function, and the cell has more."
        )
    if call[0][0].upper() == "VIDEO_EXPLAIN(":
        raise BadArgumentError("The selected cell is an explanation already.")
    moved = "".join(_moved(token, workbook, sheet) for token in call)
    return explaining_formula(f"={moved}")


def _moved(token: Token, workbook: str, sheet: str) -> str:
    text, kind, role = token
    if text == "@" or (kind == "Operand" and "@" in text and role == "Range") or "#THIS ROW" in text.upper():
        raise BadArgumentError("The cell points at its own row (@): put the function into a cell of its own.")
    if kind != "Operand" or role != "Range":
        return text
    if "[" in text.rpartition("!")[0]:
        return text  # another workbook already
    if "!" in text:
        place, _, cells = text.rpartition("!")
        if place.startswith("'"):
            place = place[1:-1].replace("''", "'")
        return f"{_quoted(workbook, place)}!{cells}"
    if reference(text):
        return f"{_quoted(workbook, sheet)}!{text}"
    if _TABLE.fullmatch(text) or re.fullmatch(r"[^\W\d][\w.?\\]*", text):
        return f"{_quoted(workbook)}!{text}"  # a name or a table of the workbook
    raise BadArgumentError(f"{text!r} cannot be followed from another workbook.")


def _quoted(workbook: str, sheet: str = "") -> str:
    place = f"[{workbook}]{sheet}" if sheet else workbook
    return "'" + place.replace("'", "''") + "'"


def _tokens(formula: str) -> list[Token]:
    if PREFIX not in formula.upper() or not formula.startswith("="):
        raise BadArgumentError("The selected cell holds no formula with a VIDEO function.")
    try:
        return tokens(canonical_formula(formula))
    except ValueError as error:
        raise BadArgumentError(str(error)) from None
