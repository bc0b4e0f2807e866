"""COUNTIF, COUNTIFS and SUMIFS over many cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import numpy as np

from vidcost_xl.sheets.vectors.batch import Batch, Unsupported, either
from vidcost_xl.sheets.vectors.logic import Arguments, first_error
from vidcost_xl.sheets.vectors.totals import total
from vidcost_xl.sheets.vectors.values import (
    BLANK,
    ERROR,
    LOGICAL,
    NUMBER,
    TEXT,
    Kinds,
    Mask,
    Numbers,
    Vector,
    chosen,
    numbers,
    single,
    with_errors,
)

_CRITERION: Final = re.compile(r"(<=|>=|<>|[<>=])?(.*)", re.DOTALL)
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
#: Beginnings of texts that may be numbers, dates or amounts of money in some language; and truth values.
_OTHER_NUMBER: Final = re.compile(r"[\W_]*\d")
_OTHER_VALUE: Final = re.compile(r"[\W_]*\d|(?:true|false)$", re.IGNORECASE)
_ORDER: Final[dict[str, np.ufunc]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "=": np.equal,
}


def count_if(batch: Batch, arguments: Arguments) -> Vector:
    """COUNTIF and COUNTIFS."""
    if not arguments or len(arguments) % 2:
        raise Unsupported
    met, errors = _met(batch, arguments)
    return with_errors(numbers(np.count_nonzero(met, axis=1).astype(float)[:, None, None]), errors)


def sum_if(batch: Batch, arguments: Arguments) -> Vector:
    """SUMIFS."""
    if len(arguments) < 3 or not len(arguments) % 2:
        raise Unsupported
    summed = arguments[0].of(batch)
    met, errors = _met(batch, arguments[1:])
    # An error in a cell counts where the conditions are met.
    counted = chosen(met.reshape(-1, *summed.number.shape[1:]), summed, single(BLANK, 0.0))
    errors = either(errors, first_error(batch, counted))
    return with_errors(numbers(total(np.where(counted.holds(NUMBER), counted.number, 0.0))), errors)


def _met(batch: Batch, pairs: Arguments) -> tuple[Mask, Numbers | None]:
    # By copy and cell, whether all conditions hold; and the errors among what is looked for.
    met: Mask = np.ones((1, 1), bool)
    errors = None
    for area, criterion in zip(pairs[::2], pairs[1::2], strict=True):
        wanted = criterion.of(batch)
        if not wanted.is_single:
            raise Unsupported
        met = met & _holds(batch, area.of(batch), wanted)
        errors = either(errors, first_error(batch, wanted))
    return met, errors


def _holds(batch: Batch, cells: Vector, wanted: Vector) -> Mask:
    kinds = cells.kinds.reshape(len(cells.number), -1)
    found = cells.number.reshape(len(cells.number), -1)
    number = np.broadcast_to(wanted.number[:, 0, 0], (max(len(wanted.number), len(found)),))
    kind = np.broadcast_to(wanted.kinds[:, 0, 0], number.shape)
    if len(number) > 1 and len(found) == 1 and (number == number[0]).all() and (kind == kind[0]).all():
        number, kind = number[:1], kind[:1]
    if (kind == NUMBER).all():
        met, doubt = _of_number(batch, "=", number[:, None], kinds, found)
        if doubt is not None and doubt.any():
            batch.doubt(np.ones(1, bool))
        return met
    keys, which = np.unique(number + 1j * kind, return_inverse=True)
    result = np.empty((len(number), found.shape[1]), bool)
    for index, key in enumerate(keys):
        copies = which == index
        rows = copies if len(found) > 1 else slice(None)
        met, doubt = _test(batch, int(key.imag), float(key.real), kinds[rows], found[rows])
        result[copies] = met
        if doubt is not None and doubt.any():
            batch.doubt(copies if len(number) > 1 else np.ones(1, bool))
    return result


def _test(batch: Batch, kind: int, wanted: float, kinds: Kinds, found: Numbers) -> tuple[Mask, Mask | None]:
    # Which cells meet one criterion, and where that is not certain.
    if kind == LOGICAL:
        return (kinds == LOGICAL) & (found == wanted), None
    if kind in {NUMBER, BLANK}:
        return _of_number(batch, "=", wanted, kinds, found)
    if kind == ERROR:
        return np.zeros(kinds.shape, bool), None
    match = _CRITERION.fullmatch(batch.texts[wanted])
    assert match is not None
    sign, operand = match[1] or "=", match[2]
    if _NUMBER.fullmatch(operand):
        return _of_number(batch, sign, float(operand), kinds, found)
    if not operand and not match[1]:
        # An empty criterion is met by what is blank or empty.
        return np.zeros(kinds.shape, bool), (kinds == BLANK) | ((kinds == TEXT) & (found == batch.texts.number("")))
    text = batch.texts.number(operand)
    is_certain = operand and sign in {"=", "<>"} and not _OTHER_VALUE.match(operand)
    same = np.zeros(kinds.shape, bool)
    is_text = kinds == TEXT
    same[is_text] = batch.texts.folded(found[is_text]) == batch.texts.folded(np.array(text))
    doubt = np.full(1, not is_certain or bool(batch.texts.have_wildcards(np.array(text))) or operand.startswith("#"))
    return (~same if sign == "<>" else same), doubt


def _of_number(
    batch: Batch, sign: str, wanted: float | Numbers, kinds: Kinds, found: Numbers
) -> tuple[Mask, Mask | None]:
    is_number = kinds == NUMBER
    if sign not in {"=", "<>"}:
        return is_number & _ORDER[sign](found, wanted), None
    same = is_number & (found == wanted)
    # A text that reads as the number is the number.
    is_text = kinds == TEXT
    doubt = batch.texts.look_like_numbers(found[is_text]) if is_text.any() else None
    if doubt is not None and doubt.any():
        doubt = np.array([_OTHER_NUMBER.match(batch.texts[each]) is not None for each in np.unique(found[is_text])])
    return (~same if sign == "<>" else same), doubt


CONDITIONS: Final[dict[str, Callable[[Batch, Arguments], Vector]]] = {
    "COUNTIF": count_if,
    "COUNTIFS": count_if,
    "SUMIFS": sum_if,
}
