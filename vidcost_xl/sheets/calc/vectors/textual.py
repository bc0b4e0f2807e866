"""Native functions of texts over many cells: FIND, LEFT, RIGHT."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from vidcost_xl.sheets.calc.vectors.batch import Batch, Unsupported, either
from vidcost_xl.sheets.calc.vectors.logic import Arguments
from vidcost_xl.sheets.calc.vectors.operators import check_sizes, texts_of
from vidcost_xl.sheets.calc.vectors.values import CODES, TEXT, Numbers, Vector, numbers, single, with_errors


def _count(batch: Batch, arguments: Arguments, index: int) -> tuple[Numbers, Numbers | None]:
    if len(arguments) <= index:
        return single(TEXT, 1.0).number, None
    number, errors = batch.numeric(arguments[index].of(batch))
    return np.trunc(np.clip(number, -1.0, 1e6)), errors


def find(batch: Batch, arguments: Arguments) -> Vector:
    """FIND."""
    if not 2 <= len(arguments) <= 3:
        raise Unsupported
    wanted, first = texts_of(batch, arguments[0].of(batch))
    within, second = texts_of(batch, arguments[1].of(batch))
    start, third = _count(batch, arguments, 2)
    check_sizes(wanted, within)
    found = np.broadcast_arrays(wanted, within, start)
    place = [
        batch.texts[text].find(batch.texts[part], int(at) - 1) if 1 <= at <= len(batch.texts[text]) + 1 else -1
        for part, text, at in zip(*(each.flat for each in found), strict=True)
    ]
    position = np.array(place, float).reshape(found[0].shape)
    missing = np.where(position < 0, CODES["#VALUE!"], -1.0)
    return with_errors(numbers(position + 1), either(either(either(first, second), third), missing))


def _end(cut: Callable[[str, int], str]) -> Callable[[Batch, Arguments], Vector]:
    def end(batch: Batch, arguments: Arguments) -> Vector:
        if not 1 <= len(arguments) <= 2:
            raise Unsupported
        text, errors = texts_of(batch, arguments[0].of(batch))
        count, more = _count(batch, arguments, 1)
        check_sizes(text, count)
        pair = np.broadcast_arrays(text, count)
        parts = [cut(batch.texts[each], int(by)) for each, by in zip(*map(_flat, pair), strict=True)]
        result = [batch.texts.number(part) for part in parts]
        below = np.where(pair[1] < 0, CODES["#VALUE!"], -1.0)
        return with_errors(Vector(TEXT, np.array(result).reshape(pair[0].shape)), either(either(errors, more), below))

    return end


def _flat(values: Numbers) -> list[float]:
    flat: list[float] = values.ravel().tolist()
    return flat


def _left(text: str, count: int) -> str:
    return text[: max(count, 0)]


def _right(text: str, count: int) -> str:
    return text[len(text) - min(max(count, 0), len(text)) :]


TEXTUAL: Final[dict[str, Callable[[Batch, Arguments], Vector]]] = {
    "FIND": find,
    "LEFT": _end(_left),
    "RIGHT": _end(_right),
}
