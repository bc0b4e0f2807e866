"""INDEX, MATCH and TRANSPOSE over many cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from vidcost_xl.sheets.calc.vectors.areas import Area
from vidcost_xl.sheets.calc.vectors.batch import Batch, Expression, Unsupported, either, only
from vidcost_xl.sheets.calc.vectors.logic import Arguments
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
    numbers,
    single,
    with_errors,
)


def element(batch: Batch, arguments: Arguments) -> Vector:
    """INDEX: one value of an area."""
    if not 2 <= len(arguments) <= 3:
        raise Unsupported
    source = arguments[0]
    whole = None if isinstance(source, Area) else source.of(batch)
    rows, columns = (source.rows, source.columns) if isinstance(source, Area) else _size(whole)
    row, errors = _position(batch, arguments[1])
    column: Numbers = np.ones((1, 1, 1))
    if len(arguments) > 2:
        column, more = _position(batch, arguments[2])
        errors = either(errors, more)
    elif rows == 1:
        row, column = np.ones((1, 1, 1)), row
    elif columns != 1:
        raise Unsupported
    outside = (row > rows) | (column > columns)
    down = np.where(outside, 1.0, row).astype(np.int64) - 1
    right = np.where(outside, 1.0, column).astype(np.int64) - 1
    if whole is None:
        assert isinstance(source, Area)
        value = batch.grid.at(source.first(batch) + down * source.width + right)
    else:
        copies, down, right = np.broadcast_arrays(np.arange(len(whole.number))[:, None, None], down, right)
        value = Vector(whole.kinds[copies, down, right], whole.number[copies, down, right])
    if outside.any():
        value = chosen(outside, single(ERROR, CODES["#REF!"]), value)
    return with_errors(value, errors)


def _size(value: Vector | None) -> tuple[int, int]:
    assert value is not None
    return value.number.shape[1], value.number.shape[2]


def _position(batch: Batch, argument: Expression) -> tuple[Numbers, Numbers | None]:
    value = argument.of(batch)
    if not value.is_single:
        raise Unsupported
    batch.doubt(value.holds(TEXT))
    number, errors = batch.numeric(value)
    position = np.trunc(number)
    faulty = np.zeros(position.shape, bool) if errors is None else errors >= 0
    # 0 is a whole row or column, and below it there is nothing.
    batch.doubt((position < 1) & ~faulty)
    return np.maximum(position, 1.0), errors


def place_of(batch: Batch, arguments: Arguments) -> Vector:
    """MATCH."""
    if not 2 <= len(arguments) <= 3:
        raise Unsupported
    wanted, area = arguments[0].of(batch), arguments[1].of(batch)
    way = arguments[2].of(batch) if len(arguments) > 2 else single(NUMBER, 1.0)
    if not wanted.is_single or 1 not in area.number.shape[1:] or not (way.are(NUMBER) or way.are(LOGICAL)):
        raise Unsupported
    kinds, found = area.kinds.reshape(len(area.number), -1), area.number.reshape(len(area.number), -1)
    errors = wanted.errors
    batch.doubt(wanted.holds(BLANK))
    if (way.number == 0).all():
        same = _same(batch, wanted, kinds, found)
        return with_errors(_first(same), errors)
    if (way.number != 1).any() or not (kinds == NUMBER).all() or (np.diff(found, axis=1) < 0).any():
        raise Unsupported
    batch.doubt(~wanted.holds(NUMBER) & ~wanted.holds(ERROR))
    position = (found <= wanted.number[:, :, 0]).sum(axis=1).astype(float)[:, None, None]
    return with_errors(numbers(position), either(errors, np.where(position == 0, CODES["#N/A"], -1.0)))


def _same(batch: Batch, wanted: Vector, kinds: np.ndarray, found: Numbers) -> Mask:
    kind, number = wanted.kinds[:, :, 0], wanted.number[:, :, 0]
    same = np.zeros(np.broadcast_shapes(number.shape, found.shape), bool)
    for each in (NUMBER, LOGICAL):
        if (kind == each).any():
            same |= (kind == each) & (kinds == each) & (found == number)
    is_text = kind == TEXT
    if is_text.any():
        pattern = np.zeros(kind.shape, bool)
        pattern[is_text] = batch.texts.have_wildcards(number[is_text])
        batch.doubt(pattern)
        folds = [
            np.where(each == TEXT, batch.texts.folded(np.where(each == TEXT, texts, 0.0)), none)
            for each, texts, none in ((kind, number, -1), (kinds, found, -2))
        ]
        same |= np.equal(*folds)
    return same


def _first(same: Mask) -> Vector:
    position = same.argmax(axis=1).astype(float)[:, None, None]
    is_found: Mask = np.any(same, axis=1, keepdims=True)
    return with_errors(numbers(position + 1), np.where(is_found[:, :, None], -1.0, CODES["#N/A"]))


def transposed(batch: Batch, arguments: Arguments) -> Vector:
    """TRANSPOSE."""
    argument = only(arguments)
    value = argument.of(batch)
    kind = value.kind if isinstance(value.kind, int) else value.kind.swapaxes(1, 2)
    return Vector(kind, value.number.swapaxes(1, 2))


LOOKUPS: Final[dict[str, Callable[[Batch, Arguments], Vector]]] = {
    "INDEX": element,
    "MATCH": place_of,
    "TRANSPOSE": transposed,
}
