"""Parts of a plan workbook: the bill, the own site, the article, scenarios; a part left out has no sheets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

from vidcost_xl.errors import BadArgumentError, unknown_name

BILL: Final = "bill"
OWN: Final = "own"
ARTICLE: Final = "article"
SCENARIOS: Final = "scenarios"
ALL: Final = "all"

Parts: TypeAlias = frozenset[str]

#: Each part with those that it reads.
_NEEDED: Final = {
    BILL: (BILL,),
    OWN: (BILL, OWN),
    ARTICLE: (BILL, OWN, ARTICLE),
    SCENARIOS: (BILL, SCENARIOS),
    ALL: (BILL, OWN, ARTICLE),
}

#: All but what comes on use.
EVERY: Final[Parts] = frozenset(_NEEDED[ALL])

#: Of a plan that is not the article's.
DEFAULT: Final[Parts] = frozenset(_NEEDED[OWN])

#: Workbook names that only a part has; they stay where a sheet is renamed or deleted.
_SIGNS: Final = {OWN: "own_id", ARTICLE: "plan_and_changes", SCENARIOS: "scenarios"}

#: Sheets of a part alone.
_SHEETS: Final = {OWN: ("Own",), ARTICLE: ("Claims", "Barrier", "Text", "Agents", "Proof"), SCENARIOS: ("Scenarios",)}


#: Groups of inputs that a part alone reads.
_INPUTS: Final = {OWN: ("own", "wait"), ARTICLE: ("barrier", "text", "agent", "claims")}


def parts_named(text: str) -> Parts:
    """The parts of a list such as "bill,own", each with those that it reads.

    Raises
    ------
    BadArgumentError
        For a word that is no part; names them all and the nearest.
    """
    found: set[str] = set()
    for word in text.replace(",", " ").casefold().split() or [""]:
        if word not in _NEEDED:
            raise BadArgumentError(unknown_name("part", word, _NEEDED))
        found.update(_NEEDED[word])
    return frozenset(found)


def parts_in(names: Iterable[str]) -> Parts:
    """The parts that a workbook has, by its workbook names."""
    present = frozenset(name.casefold() for name in names)
    return frozenset({BILL, *(part for part, sign in _SIGNS.items() if sign in present)})


def chosen_parts(given: Parts, only: str | None, more: str | None) -> Parts:
    """What a new workbook holds.

    Parameters
    ----------
    given : Parts
        When nothing is asked for.
    only, more : str, optional
        All that it shall hold; what it shall hold beside what is given.

    Raises
    ------
    BadArgumentError
        For a word that is no part, or both.
    """
    if only is not None and more is not None:
        raise BadArgumentError("--only names every part and --with adds to those that there are; write one of them.")
    if only is not None:
        return parts_named(only)
    return given if more is None else given | parts_named(more)


def idle_inputs(parts: Parts) -> frozenset[str]:
    """Groups of inputs that no sheet of a workbook of these parts reads."""
    return frozenset(group for part, groups in _INPUTS.items() if part not in parts for group in groups)


def left_out(parts: Parts) -> frozenset[str]:
    """Sheets that a workbook of these parts has not."""
    return frozenset(sheet for part, sheets in _SHEETS.items() if part not in parts for sheet in sheets)
