"""Operators that formualizer computes otherwise than Excel, as functions that formulas are rewritten to call.

Excel compares numbers by their first 15 digits (`=1.1*1.1=1.21` is TRUE) and joins them to
texts with as many; the engine takes every bit. Where Excel's own rule is not certain the
result is an error that stands for "not computed here".
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Final, TypeVar

import formualizer

from vidcost_xl.digits import DIGITS, kept

#: Functions that stand for the comparison operators.
COMPARISONS: Final[dict[str, str]] = {
    "=": "VIDCOST_EQUAL",
    "<>": "VIDCOST_UNEQUAL",
    "<": "VIDCOST_LESS",
    "<=": "VIDCOST_ATMOST",
    ">": "VIDCOST_MORE",
    ">=": "VIDCOST_ATLEAST",
}

#: The function that stands for what `&` does to its operands.
AS_TEXT: Final = "VIDCOST_TEXT"

#: The engine's kind of an error that says "not implemented"; no formula of Excel results in it.
UNKNOWN: Final = "NImpl"

#: What the comparison operators say of two values that compare as they are.
TESTS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
#: Relative difference beyond which two numbers differ in their first 15 digits for certain.
NEAR: Final = 1e-13

#: What an array of another size holds beyond its end.
_MISSING: Final = {"type": "Error", "kind": "Na"}

_Value = TypeVar("_Value")

#: Sizes between which Excel writes a number without an exponent for certain.
_PLAIN: Final = (1e-4, 1e15)


class Doubtful(Exception):  # noqa: N818 - carries no failure
    """What Excel would do is not certain."""


def bind_operators(workbook: Any) -> None:
    """Register the functions of this module on a formualizer workbook."""
    for sign, name in COMPARISONS.items():
        workbook.register_function(name, _lifted_pair(_comparison(sign)), min_args=2, max_args=2)
    workbook.register_function(AS_TEXT, _lifted(as_text), min_args=1, max_args=1)


def compare(sign: str, left: Any, right: Any) -> bool:
    """Compare two values as Excel does: by their first 15 digits, texts without case, numbers before texts.

    Parameters
    ----------
    sign : str
        A key of `COMPARISONS`.
    left, right : float, str, bool or None
        None is a blank cell, which is like 0, FALSE or the empty text, whichever it meets.

    Examples
    --------
    >>> compare("=", 1.1 * 1.1, 1.21), compare(">", "a", 5.0), compare("=", None, "")
    (True, True, True)
    """
    first, second = _filled(left, right), _filled(right, left)
    if isinstance(first, str) and isinstance(second, str):
        return _compare_texts(sign, first.casefold(), second.casefold())
    ranks = _rank(first), _rank(second)
    if ranks[0] != ranks[1]:
        return bool(TESTS[sign](*ranks))
    if not isinstance(first, bool) and first != second:
        first, second = kept(first), kept(second)
    return bool(TESTS[sign](first, second))


def _compare_texts(sign: str, first: str, second: str) -> bool:
    if sign not in {"=", "<>"} and first != second and not (_plain(first) and _plain(second)):
        raise Doubtful
    return bool(TESTS[sign](first, second))


def compared(sign: str, left: str, right: str) -> str:
    """A comparison of two references or numbers as a formula that calls Python only where the engine may be wrong.

    Parameters
    ----------
    sign : str
        A key of `COMPARISONS`.
    left, right : str
        As written in a formula.

    Returns
    -------
    str
        Equal numbers, numbers that differ in their first digits, and equal or other texts are the engine's.

    Examples
    --------
    >>> compared("<", "A1", "B1")
    'IF(AND(ISNUMBER(A1),ISNUMBER(B1)),IF((A1=B1)+(ABS(A1-B1)>1E-13*(ABS(A1)+ABS(B1)))>0,A1<B1,VIDCOST_LESS(A1,B1)),VIDCOST_LESS(A1,B1))'
    """
    call = f"{COMPARISONS[sign]}({left},{right})"
    is_certain = f"({left}={right})+(ABS({left}-{right})>{NEAR:.0E}*(ABS({left})+ABS({right})))>0"
    otherwise = call
    if sign in {"=", "<>"}:
        otherwise = f"IF(AND(ISTEXT({left}),ISTEXT({right})),{left}{sign}{right},{call})"
    return f"IF(AND(ISNUMBER({left}),ISNUMBER({right})),IF({is_certain},{left}{sign}{right},{call}),{otherwise})"


def as_text(value: Any) -> str:
    """A value as `&` joins it.

    Examples
    --------
    >>> as_text(1 / 3), as_text(1e14), as_text(True), as_text(None)
    ('0.333333333333333', '100000000000000', 'TRUE', '')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    number = float(value)
    if number and not _PLAIN[0] <= abs(number) < _PLAIN[1]:
        raise Doubtful
    text = f"{Decimal(f'{number:.{DIGITS}g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text.replace("-0", "0") if not number else text


def _comparison(sign: str) -> Callable[[Any, Any], Any]:
    test, is_of_equality = TESTS[sign], sign in {"=", "<>"}

    def comparison(left: Any, right: Any) -> Any:
        # Numbers that differ in their first digits, and texts that are equal or not, are most of what is compared.
        kind = type(left)
        if kind is type(right):
            if kind is float and abs(left - right) > NEAR * (abs(left) + abs(right)):
                return test(left, right)
            if kind is str and is_of_equality:
                return test(left.casefold(), right.casefold())
        return _safely(partial(compare, sign), left, right)

    return comparison


def _filled(value: Any, beside: Any) -> Any:
    if value is not None:
        return value
    return "" if isinstance(beside, str) else False if isinstance(beside, bool) else 0.0


def _rank(value: Any) -> int:
    return 2 if isinstance(value, bool) else 1 if isinstance(value, str) else 0


def _plain(text: str) -> bool:
    # The order of other characters is a language's, and Excel passes over hyphens and apostrophes.
    return all(character.isascii() and (character.isalnum() or character == " ") for character in text)


def _lifted(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def lifted(value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return [[_safely(function, cell) for cell in row] for row in value]
        return _safely(function, value)

    return lifted


def _lifted_pair(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def lifted(left: Any, right: Any) -> Any:
        if not isinstance(left, (list, tuple)) and not isinstance(right, (list, tuple)):
            return function(left, right)
        # One row or one column serves every row or column of the other; beyond its end there is #N/A.
        first, second = _grid(left), _grid(right)
        rows, columns = max(len(first), len(second)), max(len(first[0]), len(second[0]))
        wide = ([_stretched(row, columns, _MISSING) for row in grid] for grid in (first, second))
        missing = [_MISSING] * columns
        pairs = zip(*(_stretched(grid, rows, missing) for grid in wide), strict=True)
        return [list(map(function, one, other)) for one, other in pairs]

    return lifted


def _safely(function: Callable[..., Any], *values: Any) -> Any:
    for value in values:
        if isinstance(value, dict) and value.get("type") == "Error":
            return formualizer.LiteralValue.error(str(value.get("kind")), "")
    try:
        return function(*values)
    except Doubtful:
        return formualizer.LiteralValue.error(UNKNOWN, "")


def _grid(value: Any) -> list[list[Any]]:
    return [list(row) for row in value] if isinstance(value, (list, tuple)) else [[value]]


def _stretched(values: Sequence[_Value], count: int, missing: _Value) -> Sequence[_Value]:
    if len(values) == count:
        return values
    return [*values] * count if len(values) == 1 else [*values, *[missing] * (count - len(values))]
