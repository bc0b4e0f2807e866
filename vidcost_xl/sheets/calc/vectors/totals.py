"""Native functions that make one number of many: SUM, COUNT, MAX, MIN, SUMPRODUCT, ROWS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from vidcost_xl.sheets.calc.vectors.areas import Area, Constant, is_area, may_refer
from vidcost_xl.sheets.calc.vectors.batch import Batch, Expression, Unsupported, either, only
from vidcost_xl.sheets.calc.vectors.logic import Arguments, first_error
from vidcost_xl.sheets.calc.vectors.values import (
    BLANK,
    LOGICAL,
    NUMBER,
    TEXT,
    Mask,
    Numbers,
    Vector,
    numbers,
    single,
    with_errors,
)


def total(values: Numbers) -> Numbers:
    """The sum of each copy's values, one after the other as a sheet adds them."""
    flat = values.reshape(len(values), -1)
    if flat.shape[1] == 1:
        return flat[:, :, None]
    return np.cumsum(flat, axis=1)[:, -1:, None]


def _counted(batch: Batch, argument: Expression) -> tuple[Numbers, Mask | None, Numbers | None]:
    # Numbers, which of them count (all when None), and the first error.
    if isinstance(argument, Constant) and (argument.omitted or argument.value.are(TEXT)):
        raise Unsupported
    value = argument.of(batch)
    if value.are(NUMBER):
        return value.number, None, None
    if is_area(argument) or not value.is_single:
        return value.number, value.holds(NUMBER), first_error(batch, value)
    kinds = value.kinds
    batch.doubt((kinds == TEXT) | (kinds == BLANK) | ((kinds == LOGICAL) & may_refer(argument)))
    return value.number, (kinds == NUMBER) | (kinds == LOGICAL), first_error(batch, value)


def sum_of(batch: Batch, arguments: Arguments) -> Vector:
    """SUM."""
    result, errors = np.zeros((1, 1, 1)), None
    for argument in arguments:
        found, counts, error = _counted(batch, argument)
        result = result + total(found if counts is None else np.where(counts, found, 0.0))
        errors = either(errors, error)
    return with_errors(numbers(result), errors)


def count_of(batch: Batch, arguments: Arguments) -> Vector:
    """COUNT."""
    result = np.zeros((1, 1, 1))
    for argument in arguments:
        found, counts, _ = _counted(batch, argument)
        each = np.ones_like(found) if counts is None else counts.astype(float)
        result = result + each.sum(axis=(1, 2), keepdims=True)
    return numbers(result)


def _extreme(reduce: Callable[..., Any], start: float) -> Callable[[Batch, Arguments], Vector]:
    def extreme(batch: Batch, arguments: Arguments) -> Vector:
        result, errors = np.full((1, 1, 1), start), None
        for argument in arguments:
            found, counts, error = _counted(batch, argument)
            found = found if counts is None else np.where(counts, found, start)
            if found.shape[1:] != (1, 1):
                found = reduce(found, axis=(1, 2), keepdims=True)
            result = reduce(np.broadcast_arrays(result, found), axis=0)
            errors = either(errors, error)
        return with_errors(numbers(np.where(result == start, 0.0, result)), errors)

    return extreme


def sum_of_products(batch: Batch, arguments: Arguments) -> Vector:
    """SUMPRODUCT."""
    product, errors = None, None
    for argument in arguments:
        value = argument.of(batch)
        if value.is_single and not is_area(argument) and not value.are(NUMBER):
            raise Unsupported
        found = value.number if value.are(NUMBER) else np.where(value.holds(NUMBER), value.number, 0.0)
        if product is not None and product.shape[1:] != found.shape[1:]:
            raise Unsupported
        product = found if product is None else product * found
        errors = either(errors, first_error(batch, value))
    if product is None:
        raise Unsupported
    return with_errors(numbers(total(product)), errors)


def row_count(batch: Batch, arguments: Arguments) -> Vector:
    """ROWS."""
    argument = only(arguments)
    rows = argument.rows if isinstance(argument, Area) else argument.of(batch).number.shape[1]
    return single(NUMBER, float(rows))


TOTALS: Final[dict[str, Callable[[Batch, Arguments], Vector]]] = {
    "COUNT": count_of,
    "MAX": _extreme(np.max, -np.inf),
    "MIN": _extreme(np.min, np.inf),
    "ROWS": row_count,
    "SUM": sum_of,
    "SUMPRODUCT": sum_of_products,
}
