"""Values of many cells at once: what kind each is, and a number that stands for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.errors import EXCEL_ERRORS, ExcelError
from vidcost_xl.sheets.calc.trust import NUMBER_LIKE
from vidcost_xl.sheets.package.parts import CellValue

#: What a cell holds. The number of a text is its place in `Texts`, that of an error its place in `EXCEL_ERRORS`.
BLANK, NUMBER, LOGICAL, TEXT, ERROR = range(5)

Numbers: TypeAlias = NDArray[np.float64]
Kinds: TypeAlias = NDArray[np.uint8]
Mask: TypeAlias = NDArray[np.bool_]

#: Errors by what a cell shows.
CODES: Final = {code: float(place) for place, code in enumerate(EXCEL_ERRORS)}

_WILDCARD: Final = re.compile(r"[*?~]")


class Vector(NamedTuple):
    """Values of copies of a formula: by copy, row and column. A length of 1 stands for every length.

    Parameters
    ----------
    kind : int or array of int
        One for all values, or one for each.
    number : array of float
    """

    kind: int | Kinds
    number: Numbers

    @property
    def kinds(self) -> Kinds:
        """The kind of each value."""
        if isinstance(self.kind, int):
            return np.full(self.number.shape, self.kind, np.uint8)
        return self.kind

    @property
    def is_single(self) -> bool:
        """Whether every copy has one value, not an area of them."""
        return self.number.shape[1:] == (1, 1)

    def are(self, kind: int) -> bool:
        """Whether all values are known to be of a kind."""
        return isinstance(self.kind, int) and self.kind == kind

    def holds(self, kind: int) -> Mask:
        """Which values are of a kind."""
        if isinstance(self.kind, int):
            return np.full(self.number.shape, self.kind == kind)
        found: Mask = self.kind == kind
        return found

    def has(self, kind: int) -> bool:
        """Whether any value is of a kind."""
        return self.kind == kind if isinstance(self.kind, int) else bool((self.kind == kind).any())

    @property
    def errors(self) -> Numbers | None:
        """The error that each value is, below zero for none; nothing where none is one."""
        return np.where(self.holds(ERROR), self.number, -1.0) if self.has(ERROR) else None


def numbers(values: Any) -> Vector:
    """Numbers; what is not finite is #NUM!, as in Excel."""
    if np.isfinite(values).all():
        return Vector(NUMBER, values)
    is_finite = np.isfinite(values)
    return Vector(_kinds(is_finite, NUMBER, ERROR), np.where(is_finite, values, CODES["#NUM!"]))


def logicals(values: Any) -> Vector:
    """Truth values."""
    return Vector(LOGICAL, np.asarray(values, np.float64))


def single(kind: int, number: float) -> Vector:
    """One value for all copies."""
    return Vector(kind, np.full((1, 1, 1), number))


def chosen(condition: Mask, first: Vector, second: Vector) -> Vector:
    """`first` where the condition holds, else `second`."""
    number = np.where(condition, first.number, second.number)
    if isinstance(first.kind, int) and second.are(first.kind):
        return Vector(first.kind, number)
    return Vector(np.where(condition, first.kinds, second.kinds).astype(np.uint8), number)


def with_errors(value: Vector, errors: Numbers | None) -> Vector:
    """`value`, and an error wherever `errors` is one; below zero stands for none."""
    if errors is None:
        return value
    return chosen(errors >= 0, Vector(ERROR, errors), value)


def _kinds(condition: Mask, kind: int, otherwise: int) -> Kinds:
    return np.where(condition, kind, otherwise).astype(np.uint8)


class Texts:
    """Every text that is met, by number; and the newest reason of each error that has one.

    Two texts that Excel takes for the same, since they differ in case alone, have one folded number.

    Attributes
    ----------
    remembered : dict
        For whoever reads a value in another way: what it means, by kind and number.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._texts: list[str] = []
        self._folds: dict[str, int] = {}
        self._known: dict[str, tuple[int, NDArray[Any]]] = {}
        self._reasons: dict[str, str] = {}
        self.remembered: dict[tuple[int, float], Any] = {}

    def __getitem__(self, number: float) -> str:
        return self._texts[int(number)]

    def number(self, text: str) -> float:
        """The number of a text, a new one if it is new."""
        found = self._numbers.setdefault(text, len(self._texts))
        if found == len(self._texts):
            self._texts.append(text)
        return float(found)

    def folded(self, found: Numbers) -> NDArray[np.int64]:
        """For numbers of texts, those of the texts without case."""
        return self._of_each("fold", found, self._fold)

    def look_like_numbers(self, found: Numbers) -> Mask:
        """Which texts Excel may read as a number or a truth value."""
        return self._of_each("number", found, lambda text: NUMBER_LIKE.search(text) is not None).astype(bool)

    def have_wildcards(self, found: Numbers) -> Mask:
        """Which texts are patterns where something is looked for."""
        return self._of_each("wildcard", found, lambda text: _WILDCARD.search(text) is not None).astype(bool)

    def _fold(self, text: str) -> int:
        return self._folds.setdefault(text.casefold(), len(self._folds))

    def _of_each(self, name: str, found: Numbers, ask: Callable[[str], int]) -> NDArray[np.int64]:
        count, answers = self._known.get(name, (0, np.zeros(0, np.int64)))
        if count < len(self._texts):
            new = np.fromiter((ask(text) for text in self._texts[count:]), np.int64)
            answers = np.concatenate([answers, new])
            self._known[name] = len(self._texts), answers
        known: NDArray[np.int64] = answers[found.astype(np.int64)]
        return known

    def stored(self, value: CellValue | None) -> tuple[int, float]:
        """The kind of a value and the number that stands for it."""
        if value is None:
            return BLANK, 0.0
        if isinstance(value, str):
            return TEXT, self.number(value)
        if isinstance(value, bool):
            return LOGICAL, float(value)
        if isinstance(value, ExcelError):
            if value.message:
                self._reasons[value.code] = value.message
            return ERROR, CODES[value.code]
        return NUMBER, float(value)

    def cell(self, kind: int, number: float) -> CellValue | None:
        """The value that a kind and a number stand for."""
        if kind == NUMBER:
            return float(number)
        if kind == TEXT:
            return self[number]
        if kind == LOGICAL:
            return bool(number)
        if kind == BLANK:
            return None
        code = EXCEL_ERRORS[int(number)]
        return ExcelError(code, self._reasons.get(code, ""))
