"""`vidcost decide --stamp`: the sheet Decisions put into a plan workbook, or written again; nothing else changes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from vidcost_xl import __version__
from vidcost_xl.analysis.decision import Decision, Wanted, decide
from vidcost_xl.analysis.progress import tell
from vidcost_xl.digits import kept
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.compare.decisions.page import (
    COLUMNS,
    DIGEST,
    DIGEST_AT,
    INPUTS,
    SHEET,
    TITLE,
    Beside,
    decision_page,
)
from vidcost_xl.sheets.compare.stamped import address_named, digest, extra, put_stamped, sheet_named, suspect
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.layout import places
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.edits.opened import Package, opened
from vidcost_xl.sheets.package.safe_files.placing import Placing
from vidcost_xl.sheets.package.workbook import Workbook
from vidcost_xl.sheets.plan.reading.workbook import read_plan_workbook
from vidcost_xl.sheets.render.added_sheets import Stamp

#: Digits of a digest that are shown and compared.
_LENGTH: Final = 12

#: The column beside the labels at the end of the sheet.
_VALUE: Final = 2

_REMEDY: Final = "Move it to another sheet, or drop it with --anew."


def inputs_of(plan: Plan) -> str:
    """What identifies all that the answers rest on: inputs, months of their own, private rates, ranges, prices."""
    ranges = {key: plan.range_of(key) for key in plan.values}
    parts = (plan.values, sorted(plan.monthly.items()), sorted(plan.rates.items()), ranges, price_book().digest)
    return hashlib.sha256(repr([_plain(part) for part in parts]).encode()).hexdigest()[:_LENGTH]


def put_decision(data: bytes, name: str, found: Decision, at: datetime, *, anew: bool = False) -> bytes:
    """Put the sheet into a workbook in memory, or write it again.

    Parameters
    ----------
    data : bytes
        The workbook of the template `model` that holds the plan.
    name : str
        How messages call it.
    at : datetime
        What the sheet says it was written at.
    anew : bool
        Whether what people typed into an earlier sheet may go.

    Raises
    ------
    BadArgumentError
        For a sheet of that name that is not ours, or that holds what would be lost.
    """
    contents = Contents(data, name)
    package = opened(data, name)
    check_earlier(contents, package, anew=anew)
    beside = Beside(
        plan=name,
        program=f"vidcost-xl {__version__}",
        at=at,
        inputs=inputs_of(found.plan),
        whole=evaluate(found.plan).whole,
        total=address_named(contents, places.TOTAL),
        master=address_named(contents, places.MASTER),
    )
    stamp = Stamp(SHEET, f"vidcost-xl {__version__}, written {at:%Y-%m-%d}", at.date())
    return put_stamped(contents, package, decision_page(found, beside), stamp, DIGEST_AT)


def write_decision(place: Placing, wanted: Wanted, at: datetime | None = None, *, anew: bool = False) -> Decision:
    """Answer the questions about the plan of a workbook, and write the sheet into it or into a copy.

    Parameters
    ----------
    place : Placing
        A workbook of the template `model`, and where the result goes.
    at : datetime, optional
        Now when not given.

    Raises
    ------
    BadArgumentError
        For a file that is refused. Every file is then as it was.
    """
    found, data = with_decision(place.source.data, place.path.name, wanted, at, anew=anew)
    place.put(data)
    return found


def with_decision(
    data: bytes, name: str, wanted: Wanted, at: datetime | None = None, *, anew: bool = False
) -> tuple[Decision, bytes]:
    """The answers about the plan of a workbook in memory, and it with the sheet; see `write_decision`."""
    plan = read_plan_workbook(data, name).plan
    check_earlier(Contents(data, name), opened(data, name), anew=anew)  # before a minute of work
    found = decide(plan, wanted)
    tell("writing the sheet")
    return found, put_decision(data, name, found, at or datetime.now(), anew=anew)


def stale(data: bytes, name: str, plan: Plan) -> str:
    """What `check` says of the sheet in a workbook when the plan is another one since; else empty."""
    if all(sheet.casefold() != SHEET.casefold() for sheet in Workbook(Archive(data, name)).sheets):
        return ""  # most workbooks: to read every cell of one takes a second
    written = _beside_label(Contents(data, name), INPUTS)
    if not written or written == inputs_of(plan):
        return ""
    return (
        f"the sheet {SHEET} was written for other inputs, ranges or prices ({written}; now {inputs_of(plan)}): "
        f"vidcost decide {name} --stamp writes it again"
    )


def check_earlier(contents: Contents, package: Package, *, anew: bool) -> None:
    """Refuse to lose what people put on a sheet of that name."""
    name = sheet_named(contents, SHEET)
    if not name:
        return
    if contents.text((name, 1, 1)) != TITLE or not _row_of(contents, name, DIGEST):
        raise BadArgumentError(f"{contents.name} has a sheet {name} of its own. Rename it, and run this again.")
    if anew:
        return
    if more := extra(package, name):
        raise BadArgumentError(f"the sheet {name} of {contents.name} has {more}, which would be lost. {_REMEDY}")
    where = (name, _row_of(contents, name, DIGEST), _VALUE)
    if contents.text(where) != digest(contents, where):
        raise BadArgumentError(
            f"the sheet {name} of {contents.name} is not as it was written{suspect(contents, name, len(COLUMNS))}. "
            f"{_REMEDY}"
        )


def _beside_label(contents: Contents, label: str) -> str:
    name = sheet_named(contents, SHEET)
    row = _row_of(contents, name, label) if name and contents.text((name, 1, 1)) == TITLE else 0
    return contents.text((name, row, _VALUE)) if row else ""


def _row_of(contents: Contents, name: str, label: str) -> int:
    rows = (row for row, column in contents.sheets[name].places if column == 1)
    return next((row for row in rows if contents.text((name, row, 1)) == label), 0)


def _plain(value: object) -> object:
    # Numbers by the digits that every program keeps.
    if isinstance(value, Mapping):
        return [(key, _plain(each)) for key, each in value.items()]
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return kept(value) if isinstance(value, float) else str(value)
