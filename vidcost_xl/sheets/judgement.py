"""What a workbook of ours must be before it is handed on or signed, and what is said of one that is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from vidcost_xl.errors import BadArgumentError, ExcelError
from vidcost_xl.sheets.calc import Report, Say, calculate
from vidcost_xl.sheets.contents import Contents
from vidcost_xl.sheets.dependents import address
from vidcost_xl.sheets.landmarks import Landmarks, Pair, landmarks
from vidcost_xl.sheets.rules.findings import Finding
from vidcost_xl.sheets.rules.ours import own_findings, template_of
from vidcost_xl.sheets.rules.reading import read_book

_APP: Final = "docProps/app.xml"
_LIBREOFFICE: Final = re.compile(rb"<Application>\s*LibreOffice", re.IGNORECASE)

#: Faults that are listed in a message.
MOST_LISTED: Final = 5


@dataclass(frozen=True)
class Difference:
    """The largest difference of functions and native formulas.

    Parameters
    ----------
    amount : float
        Functions less native formulas, in reporting currency.
    line : str
    month : int
        From 1; 0 for a page without months.
    compared : int
        Amounts that were compared.
    """

    amount: float
    line: str
    month: int
    compared: int


@dataclass(frozen=True)
class Judged:
    """A workbook of ours, computed and judged.

    Parameters
    ----------
    contents : Contents
        With the values of now.
    marks : Landmarks
    report : Report
        Of the calculation.
    difference : Difference
    faults : tuple of str
        What speaks against handing it on.
    notes : tuple of str
        What its reader should know.
    """

    contents: Contents
    marks: Landmarks
    report: Report
    difference: Difference
    faults: tuple[str, ...]
    notes: tuple[str, ...]


def judge(data: bytes, name: str, say: Say = lambda text: None) -> Judged:
    """Compute a workbook of ours in memory and judge it.

    Parameters
    ----------
    data : bytes
    name : str
        How messages call it.
    say : callable
        Told what is being done.

    Returns
    -------
    Judged

    Raises
    ------
    BadArgumentError
        For a file that is no workbook, or not one of ours.
    """
    book = read_book(data)
    template = template_of(book)
    if not template:
        raise BadArgumentError(
            f"{name} is not a workbook of ours: none of the names that vidcost new gives are in it. Start from "
            "vidcost new, or name the right file."
        )
    done = calculate(data, name, say=say)
    say("judging the checks")
    contents = Contents(done.data, name)
    marks = landmarks(contents, template)
    found = own_findings(book if done.data == data else read_book(done.data), template)
    difference = largest_difference(contents, marks.pairs)
    faults = [f"{one.sheet}!{one.cell}: {one.what}" for one in found if one.check == "own-check"]
    faults += [f"{one.sheet}!{one.cell}: {one.what}" for one in found if one.check == "bad-input" and _counts(one)]
    faults += [
        f"{address(key)} shows {value}"
        for key in contents.entries
        if isinstance(value := contents.value(key), ExcelError)
    ]
    faults += [
        f"{left.sheet}!{left.cell} could not be computed here: it {left.reason}"
        for left in done.report.left
        if "VIDEO_" in left.reason.upper()
    ]
    return Judged(contents, marks, done.report, difference, tuple(faults), tuple(_notes(contents, done.report)))


def check_faults(judged: Judged, reason: str, what: str) -> None:
    """Refuse a workbook with faults, unless somebody gives a reason to go on.

    Raises
    ------
    BadArgumentError
        Naming the first faults and what to do.
    """
    if not judged.faults or reason:
        return
    listed = "; ".join(judged.faults[:MOST_LISTED])
    more = f"; and {len(judged.faults) - MOST_LISTED} more" if len(judged.faults) > MOST_LISTED else ""
    raise BadArgumentError(
        f"{judged.contents.name} is not {what}: {listed}{more}. Put it right (vidcost check says how), or give "
        "--reason TEXT, which goes into the file for its reader."
    )


def largest_difference(contents: Contents, pairs: tuple[Pair, ...]) -> Difference:
    """Functions less native formulas where they differ most."""
    worst, compared = Difference(0.0, "", 0, 0), 0
    for pair in pairs:
        for month, (engine, native) in enumerate(zip(pair.engine, pair.native, strict=False), start=1):
            first, second = contents.value(engine), contents.value(native)
            if type(first) is not float or type(second) is not float:
                continue
            compared += 1
            if abs(first - second) > abs(worst.amount) or not worst.line:
                worst = Difference(first - second, pair.label, month if len(pair.engine) > 1 else 0, compared)
    return Difference(worst.amount, worst.line, worst.month, compared)


def saved_by_libreoffice(contents: Contents) -> bool:
    """Whether LibreOffice saved the file last, as its properties say."""
    archive = contents.book.archive
    return _APP in archive and bool(_LIBREOFFICE.search(archive.read(_APP)))


def _counts(finding: Finding) -> bool:
    return "error" in finding.what or "text" in finding.what


def _notes(contents: Contents, report: Report) -> list[str]:
    notes = list(report.notes)
    if saved_by_libreoffice(contents):
        notes.append(
            "LibreOffice saved this file last: names of functions it does not know are in small letters, spilled "
            "ranges, themes and chart details are lost, and what was lost is not put back here"
        )
    if report.changed:
        notes.append(f"{report.changed} stored values were out of date and were computed again first")
    if report.left:
        left = ", ".join(f"{each.sheet}!{each.cell}" for each in report.left[:MOST_LISTED])
        notes.append(f"{len(report.left)} cells keep the value they had, since only Excel computes them: {left}")
    return notes
