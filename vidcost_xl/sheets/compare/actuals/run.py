"""`vidcost actuals`: the sheet Actuals put into a plan workbook, or written again; nothing else in the file changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

from vidcost_xl import __version__
from vidcost_xl.bills.reading import Options
from vidcost_xl.model.bill import evaluate
from vidcost_xl.sheets.calc.calculate import Say
from vidcost_xl.sheets.compare.actuals.billed import read_billed
from vidcost_xl.sheets.compare.actuals.earlier import check_notes, earlier
from vidcost_xl.sheets.compare.actuals.page import SHEET, Beside, actuals_page
from vidcost_xl.sheets.compare.actuals.standing import Standing, standing_of
from vidcost_xl.sheets.compare.stamped import address_named, put_stamped
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.layout import places
from vidcost_xl.sheets.layout.sheet_layout import SheetLayout
from vidcost_xl.sheets.package.edits.opened import opened
from vidcost_xl.sheets.package.safe_files.placing import Placing
from vidcost_xl.sheets.plan.reading.workbook import read_plan_workbook
from vidcost_xl.sheets.render.added_sheets import Stamp

#: The name of the first month's start in a plan workbook.
_STARTS: Final = "plan_start"

_DIGEST: Final = "act_digest.actual"


@dataclass(frozen=True)
class Order:
    """How a bill is set against a plan.

    Parameters
    ----------
    options : Options
        How the files are read.
    closed : date, optional
        The last closed month; the last one of the plan in the bills when not given.
    rates : mapping of str to float
        Reporting currency for one unit of another currency, in place of the plan's.
    at : datetime, optional
        Now when not given.
    anew : bool
        Whether what people typed elsewhere than in the notes of an earlier sheet may go.
    """

    options: Options = field(default_factory=Options)
    closed: date | None = None
    rates: Mapping[str, float] = field(default_factory=dict)
    at: datetime | None = None
    anew: bool = False


_USUAL: Final = Order()


@dataclass(frozen=True)
class Written:
    """What was written.

    Parameters
    ----------
    file : str
        Where the sheet is.
    notes : int
        Of people, kept from the earlier sheet.
    told : tuple of str
        What the reader of the workbook should know.
    """

    file: str
    standing: Standing
    notes: int = 0
    told: tuple[str, ...] = ()


def put_actuals(data: bytes, name: str, standing: Standing, at: datetime, *, anew: bool = False) -> tuple[bytes, int]:
    """Put the sheet into a workbook in memory, or write it again.

    Parameters
    ----------
    data : bytes
        A workbook of the template `model`, in any program's form.
    name : str
        How messages call it.
    at : datetime
        What the sheet says it was written at.
    anew : bool
        Whether what people typed elsewhere than in the notes of an earlier sheet may go.

    Returns
    -------
    bytes, int
        The file, and how many notes were kept.

    Raises
    ------
    BadArgumentError
        For a sheet of that name that is not ours, or that holds what would be lost.
    """
    contents = Contents(data, name)
    package = opened(data, name)
    held = earlier(contents, package, anew=anew)
    notes = held.notes if held else {}
    page = actuals_page(standing, _beside(contents, standing, at, notes))
    if held and not anew:
        check_notes(held, _noted(page, standing), name)
    stamp = Stamp(SHEET, f"vidcost-xl {__version__}, written {at:%Y-%m-%d}", at.date())
    return put_stamped(contents, package, page, stamp, _DIGEST), len(notes)


def write_actuals(
    place: Placing, bills: Iterable[Path], order: Order = _USUAL, say: Say = lambda text: None
) -> Written:
    """Set bills against the plan of a workbook, and write the sheet into it or into a copy.

    Parameters
    ----------
    place : Placing
        A workbook of the template `model`, and where the result goes.

    Raises
    ------
    BadArgumentError
        For a file that is refused. Every file is then as it was.
    """
    name = place.path.name
    plan = read_plan_workbook(place.source.data, name)
    say("reading the bills")
    billed = read_billed(bills, order.options)
    say("setting them against the plan")
    standing = standing_of(evaluate(plan.plan), billed, order.closed, order.rates)
    say("writing the sheet")
    at = order.at or datetime.now()
    data, notes = put_actuals(place.source.data, name, standing, at, anew=order.anew)
    place.put(data)
    return Written(place.shown, standing, notes, tuple(map(str, plan.findings)))


def _beside(contents: Contents, standing: Standing, at: datetime, notes: Mapping[tuple[str, str], str]) -> Beside:
    count = len(standing.months)
    months, starts = address_named(contents, places.MONTHS, count), address_named(contents, _STARTS, count)
    return Beside(
        contents.name,
        f"vidcost-xl {__version__}",
        at,
        address_named(contents, places.MASTER),
        address_named(contents, places.TOTAL),
        months if starts else "",
        f"{starts}-{address_named(contents, _STARTS)}",
        notes,
    )


def _noted(page: SheetLayout, standing: Standing) -> set[tuple[str, str]]:
    # Rows that have a cell for a note, as the column month and line call them.
    rows = {(f"{record.month:%Y-%m}", record.line) for record in standing.records}
    rows |= {(f"{month:%Y-%m}", "") for month in standing.months}
    heads = (row.entries for row in page.rows if row.id.startswith("act_stage_"))
    return rows | {(str(entries["month"].value), "") for entries in heads}
