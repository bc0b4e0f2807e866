"""A formula and its copies: the references to cells that differ between them, and what stands between those."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from vidcost_xl.hosts.formulas import operands
from vidcost_xl.sheets.formulas.references import moved, reference

#: Formulas of which the pieces are kept: as many as a plan of a year has, which commands go through several times.
_KEPT: Final = 40_000


@lru_cache(maxsize=_KEPT)
def pieces(formula: str) -> tuple[str, ...]:
    """A formula in pieces: every second one is a reference to cells.

    Examples
    --------
    >>> pieces('SUM(A1:B2)&"A1"')
    ('SUM(', 'A1:B2', ')&"A1"')
    """
    try:
        read = operands(formula)
    except ValueError:
        return (formula,)  # no formula, so nothing in it moves
    found = [read[0]]
    for name, text in zip(read[1::2], read[2::2], strict=True):
        if reference(name):
            found += [name, text]
        else:
            found[-1] += name + text
    return tuple(found)


def with_references(formula: str, change: Callable[[str], str]) -> str:
    """A formula with every reference to cells changed."""
    return "".join(change(piece) if at % 2 else piece for at, piece in enumerate(pieces(formula)))


def shifted(formula: str, down: int, right: int) -> str:
    """A formula as it reads that many cells further: what is relative moves along."""
    if not (down or right):
        return formula
    return with_references(formula, lambda text: moved(text, down, right))
