"""A finding, and how findings of the same fault become one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from openpyxl.utils import get_column_letter

from vidcost_xl.areas import Spot
from vidcost_xl.sheets.review.rules.catalogue import Check, Rule, Severity, catalogue


@dataclass(frozen=True)
class Finding:
    """One fault.

    Parameters
    ----------
    check : str
        Id of the check that found it.
    sheet : str
        Empty for the workbook itself.
    spots : tuple of (row, column)
        Cells it concerns, the first one first; empty for a whole sheet or workbook.
    where : str
        In place of cells: "rows 3:5", "name videos".
    """

    check: str
    sheet: str
    spots: tuple[Spot, ...]
    what: str
    where: str = ""

    @property
    def declared(self) -> Check:
        """The check as the catalogue has it."""
        return catalogue().checks[self.check]

    @property
    def rule(self) -> Rule:
        """The rule it breaks."""
        return catalogue().rules[self.declared.rule]

    @property
    def severity(self) -> Severity:
        """Of its check."""
        return self.declared.severity

    @property
    def fix(self) -> str:
        """What to do."""
        return self.declared.fix

    @property
    def cell(self) -> str:
        """The first cell, or what stands in its place."""
        return address(self.spots[0]) if self.spots else self.where

    @property
    def cells(self) -> tuple[str, ...]:
        """Every cell it concerns, in runs: ("B3:M3", "O3")."""
        return tuple(ranges(self.spots)) if self.spots else ()


def address(spot: Spot) -> str:
    """(3, 2) as "B3"."""
    return f"{get_column_letter(spot[1])}{spot[0]}"


def ranges(spots: Iterable[Spot]) -> list[str]:
    """Cells as areas: the fewer of those that are read along rows first, or down columns.

    Examples
    --------
    >>> ranges([(3, 2), (3, 3), (3, 4), (7, 1)])
    ['B3:D3', 'A7']
    >>> ranges([(2, 1), (3, 1), (4, 1)])
    ['A2:A4']
    >>> ranges([(2, 1), (2, 2), (3, 1), (3, 2), (4, 2)])
    ['A2:B3', 'B4']
    """
    unique = set(spots)
    across = _areas(sorted(unique))
    down = [((b, a), (d, c)) for (a, b), (c, d) in _areas(sorted((column, row) for row, column in unique))]
    best = across if len(across) <= len(down) else sorted(down)
    return [address(first) if first == last else f"{address(first)}:{address(last)}" for first, last in best]


def _areas(spots: list[Spot]) -> list[tuple[Spot, Spot]]:
    """Runs as wide as the one above them are one area with it."""
    found: list[tuple[Spot, Spot]] = []
    for first, last in sorted(_runs(spots), key=lambda run: (run[0][1], run[1][1], run[0][0])):
        if found and found[-1][0][1] == first[1] and found[-1][1] == (last[0] - 1, last[1]):
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return sorted(found)


def _runs(spots: list[Spot]) -> list[tuple[Spot, Spot]]:
    found: list[tuple[Spot, Spot]] = []
    for spot in spots:
        if found and found[-1][1] == (spot[0], spot[1] - 1):
            found[-1] = (found[-1][0], spot)
        else:
            found.append((spot, spot))
    return found


def grouped(findings: Iterable[tuple[str, Finding]]) -> list[Finding]:
    """One finding for each fault and sheet: the same formula copied along a row is one fault.

    Parameters
    ----------
    findings : iterable of (str, Finding)
        Each with what makes it the same fault as another.

    Returns
    -------
    list of Finding
        In order of first appearance.
    """
    first: dict[tuple[str, str, str], Finding] = {}
    spots: dict[tuple[str, str, str], list[Spot]] = {}
    for fault, finding in findings:
        key = (finding.check, finding.sheet, fault)
        first.setdefault(key, finding)
        spots.setdefault(key, []).extend(finding.spots)
    return [replace(finding, spots=tuple(spots[key])) for key, finding in first.items()]
