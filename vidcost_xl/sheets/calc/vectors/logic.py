"""Native functions that choose and ask, over many cells: IF, IFERROR, AND, OR, NOT, IS..., NA, HYPERLINK."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from vidcost_xl.sheets.calc.vectors.areas import is_area
from vidcost_xl.sheets.calc.vectors.batch import Batch, Expression, Unsupported, either, only
from vidcost_xl.sheets.calc.vectors.operators import check_sizes, truth
from vidcost_xl.sheets.calc.vectors.values import (
    BLANK,
    CODES,
    ERROR,
    LOGICAL,
    NUMBER,
    TEXT,
    Mask,
    Numbers,
    Vector,
    chosen,
    logicals,
    single,
    with_errors,
)

Arguments = Sequence[Expression]


def condition(batch: Batch, arguments: Arguments) -> Vector:
    """IF."""
    if not 2 <= len(arguments) <= 3:
        raise Unsupported
    holds, errors = truth(batch, arguments[0].of(batch))
    fails = ~holds if errors is None else ~holds & (errors < 0)
    first = _where(batch, holds, arguments[1])
    second = _where(batch, fails, arguments[2]) if len(arguments) > 2 else single(LOGICAL, 0.0)
    is_one = holds.shape[1:] == (1, 1)
    if first is None or second is None:
        branch = second if first is None else first
        if branch is None:
            branch = single(LOGICAL, 0.0)
        # One branch for all, in the shape of the condition.
        check_sizes(holds, branch.number)
        value = branch if errors is None and is_one else chosen(np.ones_like(holds), branch, branch)
    else:
        if is_one and first.number.shape[1:] != second.number.shape[1:]:
            raise Unsupported  # the answer of each copy has the size of its own branch
        check_sizes(holds, first.number)
        check_sizes(holds, second.number)
        check_sizes(first.number, second.number)
        value = chosen(holds, first, second)
    if errors is not None and is_one and not value.is_single:
        batch.doubt(errors >= 0)  # one error, not an area of them
    return with_errors(value, errors)


def _where(batch: Batch, holds: Mask, expression: Expression) -> Vector | None:
    return batch.only_for(holds, expression) if holds.any() else None


def if_error(batch: Batch, arguments: Arguments) -> Vector:
    """IFERROR."""
    if len(arguments) != 2:
        raise Unsupported
    value = arguments[0].of(batch)
    if not value.has(ERROR):
        return value
    faulty = value.holds(ERROR)
    instead = batch.only_for(faulty, arguments[1])
    check_sizes(value.number, instead.number)
    return chosen(faulty, instead, value)


def negation(batch: Batch, arguments: Arguments) -> Vector:
    """NOT."""
    argument = only(arguments)
    holds, errors = truth(batch, argument.of(batch))
    return with_errors(logicals(~holds), errors)


def all_hold(batch: Batch, arguments: Arguments) -> Vector:
    """AND."""
    return _combined(batch, arguments, np.logical_and, start=True)


def any_holds(batch: Batch, arguments: Arguments) -> Vector:
    """OR."""
    return _combined(batch, arguments, np.logical_or, start=False)


def _combined(batch: Batch, arguments: Arguments, join: np.ufunc, *, start: bool) -> Vector:
    holds = np.full((1, 1, 1), start)
    found = np.zeros((1, 1, 1), bool)
    errors = None
    for argument in arguments:
        value = argument.of(batch)
        kinds = value.kinds
        counts = (kinds == NUMBER) | (kinds == LOGICAL)
        if not is_area(argument) and value.is_single:
            # A text or a blank that is computed counts by rules of its own.
            batch.doubt((kinds == TEXT) | (kinds == BLANK))
        part = np.where(counts, value.number != 0, start)
        holds = join(holds, join.reduce(part, axis=(1, 2), keepdims=True))
        found = found | counts.any(axis=(1, 2), keepdims=True)
        errors = either(errors, first_error(batch, value))
    # Nothing but texts and blanks is #VALUE!.
    missing = None if found.all() else np.where(found, -1.0, CODES["#VALUE!"])
    return with_errors(logicals(holds), either(errors, missing))


def first_error(batch: Batch, value: Vector) -> Numbers | None:
    """By copy, the first error of an area, below zero for none; which one that is is certain along one axis only."""
    if not value.has(ERROR):
        return None
    faulty = value.holds(ERROR).reshape(len(value.number), -1)
    codes = value.number.reshape(len(value.number), -1)
    first = faulty.argmax(axis=1)
    each = np.arange(len(first))
    found = codes[each, first][:, None]
    if 1 not in value.number.shape[1:]:
        batch.doubt((faulty & (codes != found)).any(axis=1))
    return np.where(faulty[each, first][:, None], found, -1.0)[:, :, None]


def _asked(test: Callable[[Vector], Mask]) -> Callable[[Batch, Arguments], Vector]:
    def asked(batch: Batch, arguments: Arguments) -> Vector:
        argument = only(arguments)
        return logicals(test(argument.of(batch)))

    return asked


def not_available(batch: Batch, arguments: Arguments) -> Vector:
    """NA."""
    del batch
    if arguments:
        raise Unsupported
    return single(ERROR, CODES["#N/A"])


def link(batch: Batch, arguments: Arguments) -> Vector:
    """HYPERLINK: what it shows."""
    if len(arguments) not in {1, 2}:
        raise Unsupported
    target, shown = arguments[0].of(batch), arguments[-1].of(batch)
    return with_errors(shown, target.errors)


LOGIC: Final[dict[str, Callable[[Batch, Arguments], Vector]]] = {
    "AND": all_hold,
    "HYPERLINK": link,
    "IF": condition,
    "IFERROR": if_error,
    "ISERROR": _asked(lambda value: value.holds(ERROR)),
    "ISNA": _asked(lambda value: value.holds(ERROR) & (value.number == CODES["#N/A"])),
    "ISNUMBER": _asked(lambda value: value.holds(NUMBER)),
    "ISTEXT": _asked(lambda value: value.holds(TEXT)),
    "NA": not_available,
    "NOT": negation,
    "OR": any_holds,
}
