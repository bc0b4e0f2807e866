"""Native functions of single numbers, over many cells: ABS, INT, MOD, ROUND, ROUNDUP, COMBIN."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Final

import numpy as np

from vidcost_xl.sheets.calc.vectors.batch import Batch, Unsupported, either, only
from vidcost_xl.sheets.calc.vectors.logic import Arguments
from vidcost_xl.sheets.calc.vectors.operators import check_sizes
from vidcost_xl.sheets.calc.vectors.values import CODES, Numbers, Vector, numbers, with_errors

#: Powers of ten that numbers hold exactly.
MOST_DIGITS: Final = 22

#: Steps beyond which every number is a whole one, so that nothing is left to round.
ALL_WHOLE: Final = 2.0**53

#: Relative distance to a tie or a whole number below which the first 15 digits decide.
CLOSE: Final = 1e-11


def absolute(batch: Batch, arguments: Arguments) -> Vector:
    """ABS."""
    argument = only(arguments)
    number, errors = batch.numeric(argument.of(batch))
    return with_errors(numbers(np.abs(number)), errors)


def whole(batch: Batch, arguments: Arguments) -> Vector:
    """INT."""
    argument = only(arguments)
    number, errors = batch.numeric(argument.of(batch))
    batch.doubt(_is_close(number, np.rint(number)))
    return with_errors(numbers(np.floor(number)), errors)


def remainder(batch: Batch, arguments: Arguments) -> Vector:
    """MOD, of whole numbers."""
    number, divisor, errors = _pair(batch, arguments)
    exact = (number == np.trunc(number)) & (divisor == np.trunc(divisor)) & (np.abs(number) < 2**53)
    batch.doubt(~exact)
    is_zero = divisor == 0
    result = numbers(np.where(is_zero, 0.0, np.mod(number, np.where(is_zero, 1.0, divisor))))
    return with_errors(result, either(errors, np.where(is_zero, CODES["#DIV/0!"], -1.0)))


def _rounded(exact: str, certain: Callable[[Numbers], Numbers], border: float) -> Callable[[Batch, Arguments], Vector]:
    def rounded(batch: Batch, arguments: Arguments) -> Vector:
        number, digits, errors = _pair(batch, arguments)
        digits = np.trunc(digits)
        batch.doubt(np.abs(digits) > MOST_DIGITS)
        digits = np.clip(digits, -MOST_DIGITS, MOST_DIGITS)
        power = 10.0 ** np.abs(digits)
        size = np.abs(number)
        scaled = np.where(digits < 0, size / power, size * power)
        steps = certain(scaled)
        steps = np.where(digits < 0, steps * power, steps / power)
        result = np.copysign(np.where(scaled < ALL_WHOLE, steps, size), number)
        # Close to where one result becomes another, the decimal number that Excel shows is rounded.
        close = _is_close(scaled + border, np.rint(scaled + border)) | ((scaled >= 1e14) & (scaled != np.rint(scaled)))
        close &= np.ones_like(result, bool)
        for place in zip(*np.nonzero(close), strict=True):
            value, by = np.broadcast_to(number, close.shape)[place], np.broadcast_to(digits, close.shape)[place]
            step = Decimal(1).scaleb(-int(by))
            result[place] = float(Decimal(f"{value:.15g}").quantize(step, exact)) if _fits(value, step) else value
        return with_errors(numbers(result + 0.0), errors)

    return rounded


def _fits(value: float, step: Decimal) -> bool:
    # Decimals of 28 digits, and nothing to round beyond the digits of a number.
    return abs(Decimal(f"{value:.15g}") / step) < Decimal(10) ** 27


def _is_close(number: Numbers, other: Numbers) -> np.ndarray:
    distance = np.abs(number - other)
    close: np.ndarray = (distance > 0) & (distance <= CLOSE * np.maximum(np.abs(other), 1.0))
    return close


def _pair(batch: Batch, arguments: Arguments) -> tuple[Numbers, Numbers, Numbers | None]:
    if len(arguments) != 2:
        raise Unsupported
    first, error = batch.numeric(arguments[0].of(batch))
    second, more = batch.numeric(arguments[1].of(batch))
    check_sizes(first, second)
    return first, second, either(error, more)


def combinations(batch: Batch, arguments: Arguments) -> Vector:
    """COMBIN."""
    items, chosen, errors = _pair(batch, arguments)
    items, chosen = (np.trunc(each) for each in np.broadcast_arrays(items, chosen))
    outside = (items < 0) | (chosen < 0) | (chosen > items)
    batch.doubt(items > 1000)
    result = np.zeros(items.shape)
    for place in zip(*np.nonzero(~outside & (items <= 1000)), strict=True):
        result[place] = float(math.comb(int(items[place]), int(chosen[place])))
    return with_errors(numbers(result), either(errors, np.where(outside, CODES["#NUM!"], -1.0)))


ROUNDING: Final[dict[str, Callable[[Batch, Arguments], Vector]]] = {
    "ABS": absolute,
    "COMBIN": combinations,
    "INT": whole,
    "MOD": remainder,
    "ROUND": _rounded(ROUND_HALF_UP, lambda scaled: np.floor(scaled + 0.5), 0.5),
    "ROUNDUP": _rounded(ROUND_UP, np.ceil, 0.0),
}
