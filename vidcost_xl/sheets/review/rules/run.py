"""`vidcost check`: which checks judge which file, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from openpyxl.utils import get_column_letter

from vidcost_xl.analysis.progress import tell
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.plan.parts import EVERY
from vidcost_xl.sheets.review.rules.catalogue import FINDINGS, Exemption, Rule, catalogue
from vidcost_xl.sheets.review.rules.contents import content_findings
from vidcost_xl.sheets.review.rules.findings import Finding
from vidcost_xl.sheets.review.rules.formulas import formula_findings, rounding_findings
from vidcost_xl.sheets.review.rules.graph import Graph, circular_findings
from vidcost_xl.sheets.review.rules.layout import layout_findings
from vidcost_xl.sheets.review.rules.libreoffice import lost_panes, saved_by_libreoffice
from vidcost_xl.sheets.review.rules.opening import opened_workbook, workbook_bytes
from vidcost_xl.sheets.review.rules.ours import own_findings, template_addresses, template_of
from vidcost_xl.sheets.review.rules.presentation import presentation_findings
from vidcost_xl.sheets.review.rules.rows import row_findings
from vidcost_xl.sheets.review.rules.structure import structure_findings
from vidcost_xl.sheets.review.rules.totals import total_findings
from vidcost_xl.sheets.review.rules.view import WorkbookView

_ORDER: Final = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True)
class Report:
    """What was found in a workbook.

    Parameters
    ----------
    template : str
        Of a workbook of ours; empty for a stranger's.
    findings : tuple of Finding
        The worst first, then by sheet and cell.
    accepted : tuple of (Finding, Exemption)
        What a template of ours breaks on purpose.
    """

    template: str
    findings: tuple[Finding, ...]
    accepted: tuple[tuple[Finding, Exemption], ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nothing but notes was found."""
        return not any(finding.severity in FINDINGS for finding in self.findings)

    def state(self, rule: Rule) -> str:
        """Say "pass", "findings", "accepted", "a person" or "our workbooks only"."""
        if any(found.declared.rule == rule.number and found.severity in FINDINGS for found in self.findings):
            return "findings"
        if any(found.declared.rule == rule.number for found, _ in self.accepted):
            return "accepted"
        if rule.tag == "reviewer":
            return "a person"
        return "our workbooks only" if rule.tag == "layout" and not self.template else "pass"

    def table(self) -> list[list[Any]]:
        """The findings as rows with a header."""
        rows: list[list[Any]] = [["rule", "severity", "sheet", "cell", "what", "what to do"]]
        for finding in self.findings:
            more = f" (+{len(finding.spots) - 1})" if len(finding.spots) > 1 else ""
            rows.append(
                [
                    str(finding.declared.rule),
                    finding.severity,
                    finding.sheet,
                    finding.cell + more,
                    finding.what,
                    finding.fix,
                ]
            )
        return rows

    def rules_table(self) -> list[list[Any]]:
        """Every rule with its state: the self-audit."""
        rows: list[list[Any]] = [["rule", "title", "source", "judged by", "state", "of it a person's"]]
        rows += [
            [str(rule.number), rule.title, rule.source, rule.tag, self.state(rule), rule.person]
            for rule in catalogue().rules.values()
        ]
        return rows

    def tables(self, *, every: bool = False) -> list[list[list[Any]]]:
        """What the command prints: findings, and with `every` all cells, what is accepted, and all rules."""
        found = [self.table()] if self.findings else []
        if not every:
            return found
        cells: list[list[Any]] = [["rule", "check", "sheet", "cells"]]
        cells += [
            [str(one.declared.rule), one.check, one.sheet, " ".join(one.cells)]
            for one in self.findings
            if len(one.spots) > 1
        ]
        accepted: list[list[Any]] = [["rule", "accepted", "why"]]
        accepted += [
            [str(one.declared.rule), f"{one.sheet} {one.what}".strip(), why.reason] for one, why in self.accepted
        ]
        return [*found, *(table for table in (cells, accepted) if len(table) > 1), self.rules_table()]

    def summary(self) -> str:
        """One line for people."""
        counts = {severity: sum(found.severity == severity for found in self.findings) for severity in _ORDER}
        shown = ", ".join(f"{count} {kind}{'s' * (count != 1)}" for kind, count in counts.items() if count)
        judged = "machine and layout" if self.template else "machine"
        whose = f"a workbook of ours, template {self.template}" if self.template else "not a workbook of ours"
        accepted = f", {len(self.accepted)} accepted" if self.accepted else ""
        return f"{shown or 'nothing found'}{accepted}; judged by the {judged} rules ({whose}). --all lists every rule."

    def as_dict(self) -> dict[str, Any]:
        """For --json."""
        return {
            "template": self.template or None,
            "clean": self.is_clean,
            "findings": [_as_dict(finding) for finding in self.findings],
            "accepted": [{**_as_dict(finding), "reason": exemption.reason} for finding, exemption in self.accepted],
            "rules": [
                {**vars(rule), "state": self.state(rule), "checks": _checks_of(rule)}
                for rule in catalogue().rules.values()
            ],
        }


def check_file(path: Path) -> Report:
    """Measure a workbook on disk.

    Raises
    ------
    BadArgumentError
        For a file that cannot be read as a workbook.
    """
    try:
        return check_workbook(workbook_bytes(path))
    except BadArgumentError as error:
        named = error.message if path.name in error.message else f"{path.name}: {error.message}"
        raise BadArgumentError(named) from None


def check_workbook(data: bytes) -> Report:
    """Measure a workbook.

    Parameters
    ----------
    data : bytes
        An .xlsx or .xlsm file. Nothing in it is executed, and no link followed.

    Raises
    ------
    BadArgumentError
        For data that cannot be read as a workbook.
    """
    tell("reading every formula")
    book = WorkbookView(opened_workbook(data))
    template = template_of(book)
    tell("measuring the finance rules")
    found = _machine(book)
    if template:
        if saved_by_libreoffice(book.book):
            found += lost_panes(book, template_addresses(template, EVERY))
        found += [*layout_findings(book), *presentation_findings(book), *own_findings(book, template)]
    place = {name: at for at, name in enumerate(["", *book.sheets])}
    found.sort(key=lambda one: (_ORDER[one.severity], place.get(one.sheet, 0), one.declared.rule, one.spots, one.what))
    judged, accepted = [], []
    for finding in found:
        exemption = _exemption(finding, template)
        if exemption is None:
            judged.append(finding)
        else:
            accepted.append((finding, exemption))
    return Report(template, tuple(judged), tuple(accepted))


def _machine(book: WorkbookView) -> list[Finding]:
    graph = Graph(book)
    return [
        *structure_findings(book),
        *row_findings(book),
        *formula_findings(book),
        *rounding_findings(book, graph),
        *circular_findings(book, graph),
        *content_findings(book, graph),
        *total_findings(book, graph),
    ]


def _exemption(finding: Finding, template: str) -> Exemption | None:
    for exemption in catalogue().exemptions:
        if (exemption.template, exemption.check) != (template, finding.check):
            continue
        if exemption.sheet not in {"", finding.sheet}:
            continue
        if exemption.cells and not set(finding.cells) <= set(exemption.cells):
            continue
        if exemption.columns and not {get_column_letter(spot[1]) for spot in finding.spots} <= set(exemption.columns):
            continue
        return exemption
    return None


def _as_dict(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.declared.rule,
        "check": finding.check,
        "severity": finding.severity,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "cells": list(finding.cells),
        "what": finding.what,
        "fix": finding.fix,
    }


def _checks_of(rule: Rule) -> list[str]:
    return [check.id for check in catalogue().checks.values() if check.rule == rule.number]
