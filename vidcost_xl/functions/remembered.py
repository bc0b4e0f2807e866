"""Answers that were given before, for hosts that live long: a sheet asks mostly what it asked at its last calculation.

An answer rests on the function, its arguments and the price book; no function reads a clock or draws without a seed.
Where it rests on more (a plan that the host was given, a book that stands in for the one in use), it is worked out
anew.
"""

from __future__ import annotations

import marshal
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from threading import Lock
from typing import Final

from vidcost_xl.functions.adapter import Cell, Result, call
from vidcost_xl.functions.values import GIVEN_PLAN, Call
from vidcost_xl.prices.book import digest_in_use

#: Answers and bytes kept at most; beyond either, those that were not asked for longest go. A sheet with more cells
#: than answers would find none of them again.
MOST_ANSWERS: Final = 50_000
MOST_BYTES: Final = 64 * 1024**2
#: A single answer may take this part of the bytes.
_LARGEST: Final = 1 / 8
#: Rows of an argument up to which its answer is kept: to know more of them again takes longer than it saves.
_MOST_ROWS: Final = 10_000
#: Bytes of arguments above which their digest stands for them.
_LONGEST_KEY: Final = 256

#: Bytes of Python's objects, rounded up: an entry with its key, a row, a cell, a text without its characters.
_ENTRY, _ROW, _CELL, _TEXT = 400, 64, 40, 64
#: The form of `marshal` in which equal values of one type have the same bytes, whatever else refers to them.
_FORM: Final = 2

_Kept = Cell | tuple[tuple[Cell, ...], ...]


class Answers:
    """The answers that were asked for last, by what they rest on.

    Parameters
    ----------
    most_answers : int
    most_bytes : int
        Both are kept to after every answer.
    """

    def __init__(self, most_answers: int = MOST_ANSWERS, most_bytes: int = MOST_BYTES) -> None:
        self.most_answers, self.most_bytes = most_answers, most_bytes
        self.bytes, self.found, self.missed = 0, 0, 0
        self._kept: OrderedDict[bytes, tuple[_Kept, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def call(self, name: str, arguments: Sequence[object]) -> Result:
        """What `adapter.call` gives, from here where it was given before."""
        digest = digest_in_use()
        key = _key(digest, name, arguments)
        if key is None:
            return call(name, arguments)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                self.found += 1
        if kept is not None:
            answer = kept[0]
            return [list(row) for row in answer] if isinstance(answer, tuple) else answer
        context = Call()
        result = call(name, arguments, context)
        # Without a digest this call was the first to read the book, or the book cannot be read until somebody mends it.
        if digest and not context.is_passing:
            self._keep(key, result)
        return result

    def forget(self) -> None:
        """Keep no answer."""
        with self._lock:
            self._kept.clear()
            self.bytes, self.found, self.missed = 0, 0, 0

    def _keep(self, key: bytes, result: Result) -> None:
        answer: _Kept = tuple(tuple(row) for row in result) if isinstance(result, list) else result
        size = len(key) + _bytes(answer)
        with self._lock:
            self.missed += 1
            if size > _LARGEST * self.most_bytes or key in self._kept:
                return
            self._kept[key] = (answer, size)
            self.bytes += size
            while len(self._kept) > self.most_answers or self.bytes > self.most_bytes:
                self.bytes -= self._kept.popitem(last=False)[1][1]


#: Those of this process.
ANSWERS: Final = Answers()


def call_remembered(name: str, arguments: Sequence[object]) -> Result:
    """Call a function as a cell does that is calculated again and again; see `adapter.call`."""
    return ANSWERS.call(name, arguments)


def _key(digest: str | None, name: str, arguments: Sequence[object]) -> bytes | None:
    # What an answer rests on; None where it rests on what has no name, or is not worth it.
    if digest is None or GIVEN_PLAN.get() is not None:
        return None
    for each in arguments:
        if type(each) is list and len(each) > _MOST_ROWS:
            return None
    try:
        # Tells 1, 1.0, TRUE, "1" and -0 from each other, inside ranges too, and equal NaN are equal.
        key = marshal.dumps((digest, name, *arguments), _FORM)  # type: ignore[arg-type]
    except ValueError:
        key = repr((digest, name, *arguments)).encode(errors="surrogatepass")  # a gap, a blank cell, an error, a date
    return key if len(key) <= _LONGEST_KEY else blake2b(key).digest()


def _bytes(answer: _Kept) -> int:
    if not isinstance(answer, tuple):
        return _ENTRY + (_TEXT + len(answer) if isinstance(answer, str) else _CELL)
    cells = sum(_CELL + (_TEXT + len(cell) if isinstance(cell, str) else 0) for row in answer for cell in row)
    return _ENTRY + _ROW * len(answer) + cells
