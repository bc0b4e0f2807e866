"""What a workbook of ours must be before it is handed on or signed, and what is said of one that is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vidcost_xl.errors import BadArgumentError, ExcelError
from vidcost_xl.sheets.calc.calculate import Report, Say, calculated
from vidcost_xl.sheets.formulas.dependents import address
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.layout.styles import FORMATS
from vidcost_xl.sheets.plan.reading.workbook import impossible_inputs
from vidcost_xl.sheets.review.finding_places import known_places
from vidcost_xl.sheets.review.known_places import KnownPlaces, Pair
from vidcost_xl.sheets.review.rules.libreoffice import saved_by_libreoffice
from vidcost_xl.sheets.review.rules.ours import template_named

#: Titles of sheets that a hand-off and a signing add: what differs there is no fault.
STAMPED: Final = frozenset({"Hand-off", "Signed"})

#: Faults that are listed in a message.
MOST_LISTED: Final = 5


@dataclass(frozen=True)
class Difference:
    """The largest difference of functions and native formulas.

    Parameters
    ----------
    amount : float
        Functions less native formulas, in reporting currency.
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
    report : Report
        Of the calculation.
    faults : tuple of str
        What speaks against handing it on.
    notes : tuple of str
        What its reader should know.
    """

    contents: Contents
    marks: KnownPlaces
    report: Report
    difference: Difference
    faults: tuple[str, ...]
    notes: tuple[str, ...]


def judge(given: Contents, say: Say = lambda text: None) -> Judged:
    """Compute a workbook of ours in memory and judge it.

    Parameters
    ----------
    say : callable
        Told what is being done.

    Raises
    ------
    BadArgumentError
        For a file that is no workbook, or not one of ours.
    """
    done = calculated(given, say=say)
    say("judging the checks")
    contents = given.changed(done.data)
    template = template_in(contents)
    marks = known_places(contents, template)
    difference = largest_difference(contents, marks.pairs)
    faults = [*_blanks(contents, marks), *failed_checks(contents)]
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
    impossible = impossible_inputs(contents.book, contents.name)
    if impossible:  # one cause is one message
        faults = [*(fault.removesuffix(".") for fault in impossible), f"{len(faults)} failures follow from this"]
    return Judged(contents, marks, done.report, difference, tuple(faults), tuple(_notes(contents, done.report)))


def _blanks(contents: Contents, marks: KnownPlaces) -> Iterator[str]:
    empty = [key for key in contents.entries if contents.value(key) is None]
    if empty and not isinstance(contents.value(marks.total), float):
        yield (
            f"{address(marks.total)}, the total, holds no number, and neither do {len(empty) - 1} other formulas: let "
            "Excel or vidcost calc compute the file, which say why where they cannot"
        )


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


def failed_checks(contents: Contents) -> Iterator[str]:
    """The checks of a workbook that do not show 0; those of what people changed since are none of them."""
    flags = contents.looks_with(FORMATS["flag"])
    for key, entry in contents.entries.items():
        value = contents.value(key)
        if value in {None, 0.0} or contents.text((key[0], 1, 1)) in STAMPED or isinstance(value, str):
            continue
        if entry.cell.look in flags:
            label = next((text for column in range(1, key[2]) if (text := contents.text((*key[:2], column)))), "")
            yield f"{address(key)}: the check of {label!r} shows {value}"


def template_in(contents: Contents) -> str:
    """The template of a workbook of ours.

    Raises
    ------
    BadArgumentError
        For a workbook that is not ours.
    """
    template = template_named({name for scope, name in contents.book.names if not scope}, stamped=False)
    if not template:
        raise BadArgumentError(
            f"{contents.name} is not a workbook of ours: the names that vidcost new gives are not in it. Start from "
            "vidcost new, or name the right file."
        )
    return template


def _notes(contents: Contents, report: Report) -> list[str]:
    notes = list(report.notes)
    if saved_by_libreoffice(contents.book):
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
