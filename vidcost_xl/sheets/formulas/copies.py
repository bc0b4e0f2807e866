"""A formula and its copies: the references to cells that differ between them, and what stands between those."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import chain, zip_longest
from typing import Final

from vidcost_xl.hosts.formulas import operands
from vidcost_xl.sheets.formulas.references import moved, reference

#: Words that are the same to the tokenizer, whatever cell they name: none is a function, a sheet or part of a name.
_CELL: Final = re.compile(
    r"(?<![\w$.\\?])(?<!#[Nn]/)(\$?(?:[A-Za-z]{1,2}|[A-Wa-w][A-Za-z]{2})\$?[1-9][0-9]{0,5})(?![\w$.\\?(!\[])"
)
#: Stands for each of these; a cell itself, the last of a sheet.
_ANY: Final = "XFD1048576"

#: Stands between the pieces of a formula; no formula of a file holds it.
_CUT: Final = "\x00"

#: Forms that are kept: some times as many as the largest plan has, which commands go through several times.
_KEPT: Final = 8_192


def taken_apart(formula: str) -> tuple[tuple[str, ...], list[str]]:
    """What stands between the references to cells of a formula, the same for its copies, and the references.

    Examples
    --------
    >>> taken_apart('SUM(A1:B2)&"A1"')
    (('SUM(', ')&"A1"'), ['A1:B2'])
    """
    if _ANY in formula:
        split = _cut(formula)
        return split[::2], list(split[1::2])
    words = _CELL.split(formula)
    between, form = _form(_ANY.join(words[::2]))
    found = (form % tuple(words[1::2])).split(_CUT) if form else []
    return (tuple(found[::2]), found[1::2]) if between is None else (between, found)


@lru_cache(maxsize=_KEPT)
def _form(formula: str) -> tuple[tuple[str, ...] | None, str]:
    # What stands between the references, and these with %s for each cell. Where a text holds what looks like a cell,
    # nothing, and all pieces.
    split = _cut(formula)
    is_same = not any(_ANY in each for each in split[::2])
    form = _CUT.join(split[1::2] if is_same else split).replace("%", "%%").replace(_ANY, "%s")
    return split[::2] if is_same else None, form


def _cut(formula: str) -> tuple[str, ...]:
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
    between, found = taken_apart(formula)
    return "".join(chain.from_iterable(zip_longest(between, map(change, found), fillvalue="")))


def copies_beside(formula: str, count: int) -> list[str]:
    """A formula and its copies to the right, so many in all.

    Examples
    --------
    >>> copies_beside("A1+$B$1", 2)
    ['A1+$B$1', 'B1+$B$1']
    """
    between, found = taken_apart(formula)
    texts = ([moved(text, 0, at) for text in found] for at in range(1, count))
    return [formula, *("".join(chain.from_iterable(zip_longest(between, each, fillvalue=""))) for each in texts)]


def by_form(change: Callable[[str], str]) -> Callable[[str], str]:
    """A change of formulas that leaves all words alone that look like cells, made once for all copies of a formula."""

    @lru_cache(maxsize=_KEPT)
    def changed_form(form: str) -> str:
        found = change(form)
        return found.replace("%", "%%").replace(_ANY, "%s") if found.count(_ANY) == form.count(_ANY) else ""

    def changed(formula: str) -> str:
        if _ANY in formula:
            return change(formula)
        words = _CELL.split(formula)
        form = changed_form(_ANY.join(words[::2]))
        return form % tuple(words[1::2]) if form else change(formula)

    return changed


def shifted(formula: str, down: int, right: int) -> str:
    """A formula as it reads that many cells further: what is relative moves along."""
    if not (down or right):
        return formula
    return with_references(formula, lambda text: moved(text, down, right))
