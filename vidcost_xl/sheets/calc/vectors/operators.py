"""The operators of formulas over many cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.hosts.operators import NEAR, TESTS, Doubtful, as_text, compare
from vidcost_xl.sheets.calc.trust import LONGEST_TEXT
from vidcost_xl.sheets.calc.vectors.batch import Batch, Expression, Unsupported, either
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
    logicals,
    numbers,
    with_errors,
)

_SUMS: Final[dict[str, Callable[[Any, Any], Any]]] = {"+": np.add, "-": np.subtract, "*": np.multiply}


@dataclass(frozen=True)
class Arithmetic:
    """`+ - * / ^`."""

    sign: str
    left: Expression
    right: Expression

    def of(self, batch: Batch) -> Vector:
        """Its values."""
        left, first = batch.numeric(self.left.of(batch))
        right, second = batch.numeric(self.right.of(batch))
        check_sizes(left, right)
        errors = either(first, second)
        if self.sign in _SUMS:
            return with_errors(numbers(_SUMS[self.sign](left, right)), errors)
        if self.sign == "/":
            return with_errors(divided(left, right), errors)
        # Excel's answers for a base of 0 are its own.
        batch.doubt((left == 0) & (right <= 0))
        return with_errors(numbers(np.power(left, right)), errors)


@dataclass(frozen=True)
class Signed:
    """`-`, `+` or `%` at one operand."""

    sign: str
    operand: Expression

    def of(self, batch: Batch) -> Vector:
        """Its values."""
        value = self.operand.of(batch)
        if self.sign == "+":
            return value
        number, errors = batch.numeric(value)
        return with_errors(numbers(-number if self.sign == "-" else number / 100), errors)


@dataclass(frozen=True)
class Comparison:
    """`= <> < <= > >=`, by the first 15 digits of numbers and without the case of texts."""

    sign: str
    left: Expression
    right: Expression

    def of(self, batch: Batch) -> Vector:
        """Its values."""
        left, right = self.left.of(batch), self.right.of(batch)
        check_sizes(left.number, right.number)
        if left.are(NUMBER) and right.are(NUMBER):
            return logicals(self._of_numbers(left.number, right.number))
        if left.are(TEXT) and right.are(TEXT) and self.sign in {"=", "<>"}:
            return logicals(TESTS[self.sign](batch.texts.folded(left.number), batch.texts.folded(right.number)))
        return self._of_any(batch, left, right)

    def _of_numbers(self, left: Numbers, right: Numbers) -> Mask:
        found: Mask = TESTS[self.sign](left, right)
        near = np.abs(left - right) <= NEAR * (np.abs(left) + np.abs(right))
        near &= left != right
        if near.any():
            first, second = np.broadcast_arrays(left, right)
            for place in zip(*np.nonzero(near), strict=True):
                found[place] = compare(self.sign, float(first[place]), float(second[place]))
        return found

    def _of_any(self, batch: Batch, left: Vector, right: Vector) -> Vector:
        kinds = np.broadcast_arrays(left.kinds, right.kinds)
        found = np.broadcast_arrays(left.number, right.number)
        error = np.where(kinds[0] == ERROR, found[0], np.where(kinds[1] == ERROR, found[1], -1.0))
        plain = (kinds[0] == NUMBER) & (kinds[1] == NUMBER)
        result = self._of_numbers(np.where(plain, found[0], 0.0), np.where(plain, found[1], 0.0))
        if self.sign in {"=", "<>"}:
            both = (kinds[0] == TEXT) & (kinds[1] == TEXT)
            if both.any():
                folds = [batch.texts.folded(each[both]) for each in found]
                result[both] = TESTS[self.sign](*folds)
                plain |= both
        doubt = np.zeros(result.shape, bool)
        for place in zip(*np.nonzero(~plain & (error < 0)), strict=True):
            pair = [batch.texts.cell(int(kinds[side][place]), found[side][place]) for side in (0, 1)]
            try:
                result[place] = compare(self.sign, *pair)
            except Doubtful:
                doubt[place] = True
        batch.doubt(doubt)
        return with_errors(logicals(result), error)


@dataclass(frozen=True)
class Joined:
    """`&`."""

    left: Expression
    right: Expression

    def of(self, batch: Batch) -> Vector:
        """Its values."""
        left, first = texts_of(batch, self.left.of(batch))
        right, second = texts_of(batch, self.right.of(batch))
        check_sizes(left, right)
        pairs = np.broadcast_arrays(left, right)
        found = [batch.texts[one] + batch.texts[two] for one, two in zip(pairs[0].flat, pairs[1].flat, strict=True)]
        number = np.array([batch.texts.number(text) for text in found]).reshape(pairs[0].shape)
        batch.doubt(np.array([len(text) > LONGEST_TEXT for text in found]).reshape(pairs[0].shape))
        return with_errors(Vector(TEXT, number), either(first, second))


def divided(left: Numbers, right: Numbers) -> Vector:
    """A division; by zero it is #DIV/0!."""
    is_zero = right == 0
    if not is_zero.any():
        return numbers(left / right)
    quotient = left / np.where(is_zero, 1.0, right)
    return with_errors(numbers(quotient), np.where(np.broadcast_to(is_zero, quotient.shape), CODES["#DIV/0!"], -1.0))


def texts_of(batch: Batch, value: Vector) -> tuple[Numbers, Numbers | None]:
    """Values as `&` joins them, by their number in `Texts`; and the errors among them."""
    if value.are(TEXT):
        return value.number, None
    kinds, errors = value.kinds, value.errors
    result, doubt = np.zeros(value.number.shape), np.zeros(value.number.shape, bool)
    for place, kind in np.ndenumerate(kinds):
        if kind in {TEXT, ERROR}:
            result[place] = value.number[place] if kind == TEXT else batch.texts.number("")
            continue
        try:
            result[place] = batch.texts.number(as_text(batch.texts.cell(int(kind), float(value.number[place]))))
        except Doubtful:
            doubt[place] = True
            result[place] = batch.texts.number("")
    batch.doubt(doubt)
    return result, errors


def truth(batch: Batch, value: Vector) -> tuple[Mask, Numbers | None]:
    """Values where a condition is needed; and the errors among them."""
    kind = value.kind
    if isinstance(kind, int) and kind in {NUMBER, LOGICAL, BLANK}:
        return (value.number != 0) & (kind != BLANK), None
    kinds = value.kinds
    batch.doubt(kinds == TEXT)
    holds = (value.number != 0) & ((kinds == NUMBER) | (kinds == LOGICAL))
    return holds, value.errors


def check_sizes(left: NDArray[Any], right: NDArray[Any]) -> None:
    """Refuse areas that do not cover each other: Excel fills what is missing with #N/A."""
    for one, other in zip(left.shape[1:], right.shape[1:], strict=True):
        if one != other and 1 not in {one, other}:
            raise Unsupported
