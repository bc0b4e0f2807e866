"""Formulas with LET and LAMBDA as a file stores them, and what they read that they do not bind themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openpyxl.utils import FORMULAE

from vidcost_xl.hosts.formulas import Token, tokens


def stored(typed: str) -> str:
    """A formula as a file holds it.

    Excel writes what LET and LAMBDA bind with `_xlpm.` in front, an optional argument where it is declared with
    `_xlop.` and without its brackets, and functions newer than the form of the file with `_xlfn.`.

    Parameters
    ----------
    typed : str
        As Excel shows it, without its equals sign.

    Examples
    --------
    >>> stored("LAMBDA(x,[y],IF(ISOMITTED(y),x,XLOOKUP(x,name_key,y)))")
    '_xlfn.LAMBDA(_xlpm.x,_xlop.y,IF(_xlfn.ISOMITTED(_xlpm.y),_xlpm.x,_xlfn.XLOOKUP(_xlpm.x,name_key,_xlpm.y)))'
    """
    read = list(tokens(f"={typed}"))
    bound = _bound(read)
    return "".join(_stored(token, bound) for token in read)


def _stored(token: Token, bound: set[str]) -> str:
    text, kind, role = token
    if kind == "Func" and role == "Open":
        name = text[:-1]
        if name in bound:
            return f"_xlpm.{text}"
        return text if name in FORMULAE or "." in name else f"_xlfn.{text}"
    if kind == "Operand" and _is_bound(token, bound):
        return f"_xlop.{text[1:-1]}" if text.startswith("[") else f"_xlpm.{text}"
    return text


def _is_bound(token: Token, bound: set[str]) -> bool:
    return token.role == "Range" and token.text.strip("[]") in bound


def _bound(read: Iterable[Token]) -> set[str]:
    # What LAMBDA declares, and every other argument of LET; the last argument of each is a formula.
    found: set[str] = set()
    for name, arguments in _calls(read):
        if name in {"LET", "LAMBDA"}:
            declared = arguments[:-1:2] if name == "LET" else arguments[:-1]
            found.update(argument[0].text.strip("[]") for argument in declared)
    return found


def _calls(read: Iterable[Token]) -> Iterator[tuple[str, list[list[Token]]]]:
    # Every call with the tokens of its arguments; those of calls inside stand in them too.
    around: list[tuple[str, list[list[Token]]]] = []
    for token in read:
        closes = token.role == "Close"
        if closes:
            name, arguments = around.pop()
            yield name, arguments
        for _, arguments in around:
            arguments[-1].append(token)
        if token.role == "Open":
            around.append((token.text.rstrip("("), [[]]))
        elif token.kind == "Sep" and around:
            around[-1][1][-1].pop()
            around[-1][1].append([])


def needs(typed: str) -> set[str]:
    """The names of the workbook that a formula reads."""
    read = list(tokens(f"={typed}"))
    bound = _bound(read)
    named = (each for each in read if each.kind == "Operand" and each.role == "Range")
    return {each.text for each in named if not _is_bound(each, bound)}
