"""`vidcost check` in full: the finance rules and the model's own checks, as a report and as a sheet of the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from vidcost_xl import __version__
from vidcost_xl.errors import VideoCostError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.checked import Check
from vidcost_xl.model.checks import check
from vidcost_xl.sheets.calc.calculate import calculated
from vidcost_xl.sheets.compare.decisions.page import SHEET as DECISIONS
from vidcost_xl.sheets.compare.decisions.run import stale
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.package.edits.opened import opened
from vidcost_xl.sheets.package.safe_files.refusals import check_not_open, read_source
from vidcost_xl.sheets.package.safe_files.writing import check_target, write_file
from vidcost_xl.sheets.plan.reading.workbook import NoPlanError, read_plan_workbook
from vidcost_xl.sheets.render.added_sheets import Stamp, put_sheet
from vidcost_xl.sheets.review.finding_places import known_places
from vidcost_xl.sheets.review.rules.catalogue import catalogue
from vidcost_xl.sheets.review.rules.run import Report, check_file
from vidcost_xl.sheets.review.typed_cells import address_of

SHEET: Final = "Self-audit"
TITLE: Final = "Self-audit"

#: The template whose workbooks hold a whole plan.
PLAN_TEMPLATE: Final = "model"

#: Who answers for what a template breaks on purpose.
TEMPLATE_OWNER: Final = "vidcost-xl, by the template"

#: Checks whose findings follow from impossible inputs.
FOLLOWING: Final = frozenset({"own-check", "error-value"})

_COLUMNS: Final = (
    ("rule", "Rule", 9.0),
    ("title", "What is judged", 62.0),
    ("result", "Result", 18.0),
    ("where", "Where", 30.0),
    ("what", "What was found", 70.0),
    ("fix", "What to do", 62.0),
    ("owner", "Who accepts it, and why", 34.0),
)
_OWNER: Final = 7


@dataclass(frozen=True)
class Audit:
    """What was found in a workbook.

    Parameters
    ----------
    report : Report
        Of the finance rules.
    plan : tuple of Check
        Of the model on the plan in it; empty for a workbook without one.
    unread : str
        Why the plan could not be read; empty where it could, or where there is none.
    impossible : tuple of str
        Each input that is impossible, with its cell.
    following : int
        Failed checks and errors that follow from them, which the report leaves out.
    """

    report: Report
    plan: tuple[Check, ...] = ()
    unread: str = ""
    impossible: tuple[str, ...] = ()
    following: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether no rule has findings and the model no errors; its warnings are doubts, and do not count."""
        return self.report.is_clean and not self.unread and not any(each.severity == "error" for each in self.plan)

    def summary(self) -> str:
        """One line for people: never that nothing was found where the model refuses something."""
        errors = sum(each.severity == "error" for each in self.plan)
        said = self.report.summary()
        return f"the model finds {errors} error{'s' * (errors != 1)}; the rules: {said}" if errors else said

    def plan_table(self) -> list[list[Any]]:
        """The checks of the model as rows with a header."""
        rows: list[list[Any]] = [["model check", "severity", "about", "what"]]
        rows += [[each.name, each.severity, each.subject, each.message] for each in self.plan]
        return rows

    def as_dict(self) -> dict[str, Any]:
        """For --json: what the rules report, and the checks of the model beside it."""
        found = self.report.as_dict()
        return {
            **found,
            "clean": self.is_clean,
            "model": [vars(each) for each in self.plan],
            "model_unread": self.unread or None,
            "impossible": list(self.impossible),
            "following": self.following,
        }


def audit_file(path: Path) -> Audit:
    """Measure a workbook on disk: the finance rules on any, the model's checks on one that holds a plan.

    Parameters
    ----------
    path : Path
        It is read, never executed or changed.

    Raises
    ------
    BadArgumentError
        For a file that cannot be read as a workbook.
    """
    report = check_file(path)
    if report.template != PLAN_TEMPLATE:
        return Audit(report)
    try:
        data = read_source(path).data
        read = read_plan_workbook(data, path.name)
        found = [each for each in check(evaluate(read.plan)) if each.severity != "ok"]
        if text := stale(data, path.name, read.plan):
            found.insert(0, Check("error", "decisions", DECISIONS, text))
        return Audit(report, tuple(found))
    except NoPlanError as error:
        # One cause is one message: what fails with an impossible input is counted, not listed.
        left = tuple(found for found in report.findings if found.check not in FOLLOWING)
        following = sum(max(1, len(found.cells)) for found in report.findings if found.check in FOLLOWING)
        return Audit(replace(report, findings=left), (), error.message, error.faults, following)
    except VideoCostError as error:
        return Audit(report, unread=error.message)


def write_audit_sheet(path: Path, output: Path, audit: Audit, *, day: date | None = None, force: bool = False) -> None:
    """Write a copy of a workbook with the sheet Self-audit; owners named in an earlier one stay.

    Parameters
    ----------
    path, output : Path
        The output has the ending of the workbook.
    audit : Audit
        Of the workbook.
    day : date, optional
        Today when not given.
    force : bool
        Whether an existing output may be replaced.

    Raises
    ------
    BadArgumentError
        For a file that is refused, or an output that cannot or must not be written.
    """
    suffix = path.suffix.casefold()
    check_target(output, force=force, suffix=suffix)
    check_not_open(output)
    data = with_audit_sheet(read_source(path).data, path.name, audit, day or date.today())
    write_file(output, data, force=force, suffix=suffix)


def with_audit_sheet(data: bytes, name: str, audit: Audit, day: date) -> bytes:
    """The file with the sheet Self-audit; see `write_audit_sheet`."""
    contents = Contents(data, name)
    package = opened(data, name)
    page = audit_page(audit, day, _owners(contents), _master(contents, audit.report.template))
    put_sheet(package, page, Stamp(TITLE, f"vidcost-xl {__version__}, audited {day:%Y-%m-%d}", day))
    made = package.data()
    return calculated(contents.changed(made)).data if audit.report.template else made


def audit_page(audit: Audit, day: date, owners: Mapping[tuple[str, str], str], master: str) -> SheetLayout:
    """The sheet.

    Parameters
    ----------
    owners : mapping
        Who accepts a finding, by rule and place.
    master : str
        Formula of the workbook's own check; empty for a workbook without one.
    """
    report = audit.report
    rows = [
        _Line(str(rule.number), rule.title, report.state(rule), fix=rule.person) for rule in catalogue().rules.values()
    ]
    found = [
        _Line(
            str(one.declared.rule),
            one.rule.title,
            one.severity,
            _where(one.sheet, one.cells, one.cell),
            one.what,
            one.fix,
        )
        for one in report.findings
    ]
    accepted = [
        _Line(
            *(str(one.declared.rule), one.rule.title, "accepted", _where(one.sheet, one.cells, one.cell), one.what),
            *("", f"{TEMPLATE_OWNER}: {why.reason}"),
        )
        for one, why in report.accepted
    ]
    model = [_Line("model", each.name, each.severity, each.subject, each.message) for each in audit.plan]
    if audit.unread:
        model.append(_Line("model", "plan", "error", "", audit.unread, "Put it right and check again."))
    sections = (("Every rule", rows), ("Findings", found), ("Accepted", accepted), ("The model on this plan", model))
    body: list[Row] = []
    for at, (heading, lines) in enumerate(sections, start=1):
        body.append(
            Row(f"section_{at}", {key: Entry(heading * (key == "rule"), "total_text") for key, _, _ in _COLUMNS})
        )
        shown = lines or [_Line("", "nothing", "")]
        body += [line.row(f"line_{at}_{number}", owners) for number, line in enumerate(shown, start=1)]
    head: dict[str, Entry] = {"rule": Entry(TITLE, "title")}
    if master:
        head |= {
            "fix": Entry("Checks of the workbook", "label_right"),
            "owner": Entry(Formula(master), "flag", "flags"),
        }
    return SheetLayout(
        name=SHEET,
        columns=tuple(Column(key, width) for key, _, width in _COLUMNS),
        rows=(
            Row("audit_title", head, height=24),
            Row("audit_about", {"rule": Entry(f"{audit.summary()} On {day:%Y-%m-%d}.", "subtitle")}),
            Row("audit_head", {key: Entry(text, "heading") for key, text, _ in _COLUMNS}),
            *body,
        ),
        last_frozen="audit_head",
        flags=("{audit_title.owner:audit_title.owner}",) if master else (),
        large_paper=True,
    )


@dataclass(frozen=True)
class _Line:
    rule: str
    title: str
    result: str
    where: str = ""
    what: str = ""
    fix: str = ""
    owner: str = ""
    style: str = field(default="wrapped")

    def row(self, key: str, owners: Mapping[tuple[str, str], str]) -> Row:
        longest = max(
            -(-len(text) // int(width))
            for text, width in ((self.title, 58), (self.where, 28), (self.what, 66), (self.fix, 58), (self.owner, 32))
        )
        entries = {
            "rule": Entry(self.rule),
            "title": Entry(self.title, self.style),
            "result": Entry(self.result),
            "where": Entry(self.where, self.style),
            "what": Entry(self.what, self.style),
            "fix": Entry(self.fix, self.style),
            "owner": Entry(self.owner, self.style),
        }
        if not self.owner and self.result in {"error", "warning", "findings", "a person"}:
            entries["owner"] = Entry(owners.get((self.rule, self.where), ""), "input", "general")
        return Row(
            key,
            {name: entry for name, entry in entries.items() if entry.value or name == "owner"},
            14.0 * max(1, longest),
        )


def _where(sheet: str, cells: tuple[str, ...], cell: str) -> str:
    place = ", ".join(cells) or cell
    return f"{sheet}!{place}" if sheet and place else sheet or place


def _master(contents: Contents, template: str) -> str:
    return f"={address_of(known_places(contents, template).master)}" if template else ""


def _owners(contents: Contents) -> dict[tuple[str, str], str]:
    if contents.text((SHEET, 1, 1)) != TITLE:
        return {}
    where = next(at for at, (key, _, _) in enumerate(_COLUMNS, start=1) if key == "where")
    rows = range(1, contents.sheets[SHEET].last_row + 1)
    texts = {row: tuple(contents.text((SHEET, row, column)) for column in (1, where, _OWNER)) for row in rows}
    return {(rule, place): owner for rule, place, owner in texts.values() if owner}
