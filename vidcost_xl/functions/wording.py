"""How refusals put what was written, and what would have been allowed."""

from __future__ import annotations

import math

import numpy as np

from vidcost_xl.functions.values import EMPTY, is_range


def is_numeral(text: str) -> bool:
    """Whether a text is written like a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def domain(low: float, high: float, above: bool) -> str:
    """A range of numbers in words; `above` leaves out the lowest."""
    if low == 0 and high == math.inf:
        return "a finite number above 0" if above else "a finite number, 0 or more"
    if high == math.inf:
        return f"a finite number {'above' if above else 'of at least'} {low:g}"
    return f"a number above {low:g}, at most {high:g}" if above else f"a number from {low:g} to {high:g}"


def shown(value: object) -> str:
    """What stands in an argument, in words."""
    if value is None or value is EMPTY:
        return "an empty cell"
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).upper()
    if isinstance(value, str):
        return f"the text {value!r}"
    if is_range(value):
        return "a range"
    if isinstance(value, (int, float)):
        return f"the number {value:g}"
    return f"a {type(value).__name__}"
