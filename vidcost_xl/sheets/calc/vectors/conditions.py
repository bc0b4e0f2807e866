"""COUNTIF, COUNTIFS and SUMIFS over many cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from vidcost_xl.sheets.calc.vectors.batch import Batch, Unsupported, either
from vidcost_xl.sheets.calc.vectors.logic import Arguments, first_error
from vidcost_xl.sheets.calc.vectors.totals import total
from vidcost_xl.sheets.calc.vectors.values import (
    BLANK,
    ERROR,
    NUMBER,
    TEXT,
    Kinds,
    Mask,
    Numbers,
    Texts,
    Vector,
    chosen,
    numbers,
    single,
    with_errors,
)

_CRITERION: Final = re.compile(r"(<=|>=|<>|[<>=])?(.*)", re.DOTALL)
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
#: Beginnings of texts that may be numbers, dates or amounts of money in some language; and truth values.
_OTHER_NUMBER: Final = re.compile(r"[\W_]*\d")
_OTHER_VALUE: Final = re.compile(r"[\W_]*\d|(?:true|false)$", re.IGNORECASE)
#: Texts that begin as dates do that begin with a month: "Feb 2024", "May 5". Codes do too: "ITEM-1001".
_MONTH_FIRST: Final = re.compile(r"[^\W\d_]{3,}[\W_]*\d")
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
    number, kind = wanted.number[:, 0, 0], wanted.kinds[:, 0, 0]
    if len(number) > 1 and (number == number[0]).all() and (kind == kind[0]).all():
        number, kind = number[:1], kind[:1]
    known, place = np.unique(number + 1j * kind, return_inverse=True)
    criteria = [_criterion(batch.texts, int(key.imag), float(key.real)) for key in known]
    values = np.array([each.value for each in criteria])[place]
    result = np.zeros((len(number) if len(number) > 1 else len(found), found.shape[1]), bool)
    for meaning in {(each.kind, each.sign) for each in criteria}:
        which = np.array([(each.kind, each.sign) == meaning for each in criteria])[place]
        copies = slice(None) if which.all() else which
        value, rows = values[copies][:, None], copies if len(found) > 1 and len(number) > 1 else slice(None)
        met, doubt = _test(batch, _Criterion(*meaning, value), kinds[rows], found[rows])
        result[copies] = met
        if doubt.any():
            batch.doubt(which if len(which) > 1 else np.ones(1, bool))
    return result


#: Kinds of criteria: a pattern, or what Excel may read as something else than a text; and a text that may be a date.
UNSURE, DATED = ERROR + 1, ERROR + 2


class _Criterion(NamedTuple):
    # A kind of value, how it is compared, and with what; of BLANK the empty text.
    kind: int
    sign: str
    value: float | Numbers


def _criterion(texts: Texts, kind: int, wanted: float) -> _Criterion:
    found: _Criterion | None = texts.remembered.get((kind, wanted))
    if found is None:
        found = texts.remembered[kind, wanted] = _read(texts, kind, wanted)
    return found


def _read(texts: Texts, kind: int, wanted: float) -> _Criterion:
    if kind == BLANK:
        return _Criterion(NUMBER, "=", 0.0)
    if kind != TEXT:
        return _Criterion(kind, "=", wanted)  # an error is the result in any case
    match = _CRITERION.fullmatch(texts[wanted])
    assert match is not None
    sign, operand = match[1] or "=", match[2]
    if _NUMBER.fullmatch(operand):
        return _Criterion(NUMBER, sign, float(operand))
    if not operand and not match[1]:
        return _Criterion(BLANK, sign, texts.number(""))
    text = texts.number(operand)
    is_plain = operand and sign in {"=", "<>"} and not _OTHER_VALUE.match(operand) and not operand.startswith("#")
    if not is_plain or texts.have_wildcards(np.array(text)):
        return _Criterion(UNSURE, sign, text)
    return _Criterion(DATED if _MONTH_FIRST.match(operand) else TEXT, sign, text)


def _test(batch: Batch, criteria: _Criterion, kinds: Kinds, found: Numbers) -> tuple[Mask, Mask]:
    # Which cells meet criteria of one meaning, and where that is not certain.
    kind, sign, value = criteria
    wanted, no_doubt = np.asarray(value), np.full(1, kind == UNSURE)
    if kind == NUMBER and sign not in {"=", "<>"}:
        return (kinds == NUMBER) & _ORDER[sign](found, wanted), no_doubt
    if kind == BLANK:
        # An empty criterion is met by what is blank or empty.
        return np.zeros(kinds.shape, bool), (kinds == BLANK) | ((kinds == TEXT) & (found == wanted))
    if kind in {TEXT, DATED}:
        is_text = kinds == TEXT
        folds = batch.texts.folded(np.where(is_text, found, wanted[0, 0]))
        same = is_text & (folds == batch.texts.folded(wanted))
    else:
        same = (kinds == kind) & (found == wanted)
    if kind == DATED:
        return (~same if sign == "<>" else same), np.array([bool((kinds == NUMBER).any())])
    doubt = _may_be_numbers(batch, kinds, found) if kind == NUMBER else no_doubt
    return (~same if sign == "<>" else same), doubt


def _may_be_numbers(batch: Batch, kinds: Kinds, found: Numbers) -> Mask:
    # A text that reads as the number is the number.
    texts = found[kinds == TEXT]
    if not len(texts) or not batch.texts.look_like_numbers(texts).any():
        return np.zeros(1, bool)
    return np.array([_OTHER_NUMBER.match(batch.texts[each]) is not None for each in np.unique(texts)])


CONDITIONS: Final[dict[str, Callable[[Batch, Arguments], Vector]]] = {
    "COUNTIF": count_if,
    "COUNTIFS": count_if,
    "SUMIFS": sum_if,
}
