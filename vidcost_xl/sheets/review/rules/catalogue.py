"""The rules, the checks that measure them, and the exceptions of our own templates, read from data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, Literal

Tag = Literal["machine", "layout", "reviewer"]
Severity = Literal["error", "warning", "note"]

#: Severities that make a check fail, the worst first; a note does not.
FINDINGS: Final[tuple[Severity, ...]] = ("error", "warning")


@dataclass(frozen=True)
class Rule:
    """One finance rule.

    Parameters
    ----------
    number : int
        From 1, as in the list that reviewers know.
    tag : {"machine", "layout", "reviewer"}
        Who can judge it, and on whose files.
    person : str
        What of it stays with a person although the rest is measured.
    """

    number: int
    title: str
    source: str
    tag: Tag
    person: str = ""


@dataclass(frozen=True)
class Check:
    """One measurement of a rule.

    Parameters
    ----------
    fix : str
        What to do about a finding.
    """

    id: str
    rule: int
    tag: Tag
    severity: Severity
    fix: str


@dataclass(frozen=True)
class Exemption:
    """What a template of ours breaks on purpose.

    Parameters
    ----------
    sheet : str
        Empty for every sheet.
    cells : tuple of str
        Empty for every cell.
    columns : tuple of str
        Empty for every column.
    """

    template: str
    check: str
    reason: str
    sheet: str = ""
    cells: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """The numbers behind the rules.

    Parameters
    ----------
    formula_length : int
        Characters, texts in quotes left out.
    nesting : int
        Functions inside functions.
    time_row : int
        Cells side by side from which a row counts as a row over time.
    universal : frozenset of float
        Numbers that a formula may hold.
    options : mapping of str to frozenset of int
        Arguments, from 1, whose numbers are no assumptions, by function.
    """

    formula_length: int
    nesting: int
    time_row: int
    universal: frozenset[float]
    options: Mapping[str, frozenset[int]]


@dataclass(frozen=True)
class Catalogue:
    """Everything that the data declare.

    Parameters
    ----------
    classes : tuple of (str, tuple of str)
        Classes of our sheets in order, each with its sheets.
    purposes : tuple of (str, tuple of str)
        Purposes of the columns before time in order, each with its headings.
    """

    rules: Mapping[int, Rule]
    checks: Mapping[str, Check]
    exemptions: tuple[Exemption, ...]
    limits: Limits
    classes: tuple[tuple[str, tuple[str, ...]], ...]
    purposes: tuple[tuple[str, tuple[str, ...]], ...]


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The rules, checks, exceptions and limits.

    Raises
    ------
    ValueError
        For a check of a rule that is not declared, or an exception of a check that is not.
    """
    declared, excepted = _data("rules.toml"), _data("exceptions.toml")
    rules = {entry["number"]: Rule(**entry) for entry in declared["rule"]}
    checks = {}
    for entry in declared["check"]:
        if entry["rule"] not in rules:
            raise ValueError(f"check {entry['id']!r} measures rule {entry['rule']}, which is not declared")
        checks[entry["id"]] = Check(**{"tag": rules[entry["rule"]].tag, **entry})
    exemptions = tuple(
        Exemption(**{**entry, **{key: tuple(entry.get(key, ())) for key in ("cells", "columns")}})
        for entry in excepted.get("exception", [])
    )
    unknown = {exemption.check for exemption in exemptions} - set(checks)
    if unknown:
        raise ValueError(f"exceptions name checks that are not declared: {sorted(unknown)}")
    numbers = declared["limits"]
    limits = Limits(
        formula_length=numbers["formula_length"],
        nesting=numbers["nesting"],
        time_row=numbers["time_row"],
        universal=frozenset(float(number) for number in numbers["universal"]),
        options={name: frozenset(positions) for name, positions in numbers["options"].items()},
    )
    classes = tuple((entry["name"], tuple(entry["sheets"])) for entry in declared["class"])
    purposes = tuple((entry["name"], tuple(entry["headings"])) for entry in declared["purpose"])
    return Catalogue(rules, checks, exemptions, limits, classes, purposes)


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "data" / name).read_text(encoding="utf-8"))
