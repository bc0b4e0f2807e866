"""Finding a row of the reference data by what people call it.

A name is compared by its words, so that case, spaces, points and hyphens do not matter. What fits
several rows is refused with all of them: a guess would be a wrong price.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from vidcost_xl.errors import NAMES_LISTED, NAMES_NEAREST, NotInBookError, nearest, unknown_name

_WORD = re.compile(r"[^\W_]+")

#: What comes with a text that was copied from a page.
HARD_SPACE: Final = "\N{NO-BREAK SPACE}"

#: Characters that do not count in a declared name. Native formulas take them out one by one, so they are few.
IGNORED: Final = (" ", ".", "-", "_")


@dataclass(frozen=True)
class Named:
    """A row by its names.

    Parameters
    ----------
    names : tuple of str
        What else it is called: its label, aliases.
    owners : tuple of str
        What may stand before each name: the names of its provider.
    """

    id: str
    names: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()

    @cached_property
    def called(self) -> frozenset[str]:
        """The names, each as one word."""
        called = ["".join(words(name)) for name in (self.id, *self.names)]
        return frozenset([*called, *("".join(words(owner)) + name for owner in self.owners for name in called if name)])

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words of all names."""
        return frozenset(word for name in (self.id, *self.names, *self.owners) for word in words(name))


def find_name(what: str, written: str, rows: Iterable[Named], hint: str = "", *, whole: bool = False) -> str:
    """The id of the row that `written` names.

    Parameters
    ----------
    what, hint : str
        As in `unknown_name`.
    whole : bool
        Whether only a whole name counts. Otherwise consecutive words of one are enough, one of them a word of the
        id, where no other row has them; not for what is written like an id, with points.

    Raises
    ------
    NotInBookError
        For a name of no row (names the nearest), or of several (names them all).
    """
    candidates = list(rows)
    said = words(written)
    joined = "".join(said)
    fitting = [row.id for row in candidates if said and joined in row.called]
    if not fitting and not whole and "." not in written.strip():
        holding = [row for row in candidates if said and row.vocabulary.issuperset(said) and _holds(row, said)]
        if any(set(said) & set(words(row.id)) for row in holding):
            fitting = [row.id for row in holding]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        more = f" and {len(fitting) - NAMES_LISTED} more" if len(fitting) > NAMES_LISTED else ""
        raise NotInBookError(
            f"{what} {written!r} may be {', '.join(fitting[:NAMES_LISTED])}{more}: write one of them. {hint}".strip()
        )
    near = nearest_rows(written, candidates) if whole else None
    raise NotInBookError(unknown_name(what, written, [row.id for row in candidates], hint, near))


def nearest_rows(written: str, rows: Iterable[Named]) -> list[str]:
    """The ids most like what was written, best first; one that is called so by another name, with that name."""
    called: dict[str, list[str]] = {}
    for row in rows:
        for name in dict.fromkeys((row.id, *row.names)):
            called.setdefault(name, []).append(row.id)
    found: dict[str, str] = {}
    for name in nearest(written.strip(), called, len(called)):
        for row_id in called[name]:
            found.setdefault(row_id, row_id if name == row_id else f"{row_id} ({name})")
    return list(found.values())[:NAMES_NEAREST]


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words and numbers of a text, in lower case."""
    return tuple(_WORD.findall(text.casefold()))


def _holds(row: Named, said: tuple[str, ...]) -> bool:
    short = [said, *(said[len(owner) :] for owner in map(words, row.owners) if said[: len(owner)] == owner)]
    return any(part and _is_part(part, words(name)) for part in short for name in (row.id, *row.names))


def _is_part(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))


def tidy(text: str) -> str:
    """A text without spaces around it or several in a row, as TRIM leaves it."""
    return " ".join(filter(None, text.replace(HARD_SPACE, " ").split(" ")))


def spelled(text: str) -> str:
    """A declared name as it is compared, the same as the sheet Guards does."""
    for letter in IGNORED:
        text = text.replace(letter, "")
    return text.casefold()


def declared(rows: Iterable[Named]) -> dict[str, tuple[str, str]]:
    """The declared names that one row alone has.

    Returns
    -------
    dict
        The name as written and the id, by the name as `spelled`; an id comes before what else is called so.
    """
    candidates = list(rows)
    found = {spelled(row.id): (row.id, row.id) for row in candidates}
    others: dict[str, dict[str, str]] = {}
    for row in candidates:
        for name in row.names:
            others.setdefault(spelled(name), {}).setdefault(row.id, name)
    for key, named in others.items():
        if len(named) == 1 and key not in found:
            (identifier, name), *_ = named.items()
            found[key] = (name, identifier)
    return found
