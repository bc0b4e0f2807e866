"""What a new plan workbook takes over from an old one, and what it cannot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from vidcost_xl.analysis.scenarios import every_plan
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.files import preset
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.plan.parts import Parts
from vidcost_xl.sheets.plan.prices import listed_figures
from vidcost_xl.sheets.plan.reading.figures import shown_figures
from vidcost_xl.sheets.plan.reading.plan import plan_of
from vidcost_xl.sheets.plan.reading.prices import ChangedPrice
from vidcost_xl.sheets.plan.reading.remarks import ReadingNote, Remarks
from vidcost_xl.sheets.plan.reading.workbook import AnyPlanWorkbook, PlanWorkbook, read_any_plan_workbook
from vidcost_xl.sheets.plan.regions import book_of
from vidcost_xl.sheets.plan.results.contents import DECISIONS
from vidcost_xl.sheets.plan.user_notes import ChangeLine, Figure, Kept

#: Whose values inputs get that an old version did not have.
DEFAULTS: Final = "article"


@dataclass(frozen=True)
class Carried:
    """What a new workbook is made of.

    Parameters
    ----------
    told : tuple of ReadingNote
        What the reader should know: defaults of new inputs, formulas read as values.
    lost : tuple of ReadingNote
        What the new workbook does not have.
    parts : Parts
        What the old one holds.
    """

    plan: Plan
    kept: Kept
    told: tuple[ReadingNote, ...]
    lost: tuple[ReadingNote, ...]
    parts: Parts


def carry(data: bytes, name: str, months: int | None = None) -> Carried:
    """Read an old workbook for a new one.

    Parameters
    ----------
    data : bytes
        A workbook of the template `model`, of this or an earlier version.
    name : str
        How messages call it.
    months : int, optional
        Months of the new plan; those of the old one when not given.

    Raises
    ------
    BadArgumentError
        For a file that holds no plan, or a plan that does not fit into so many months.
    """
    read = read_any_plan_workbook(data, name, preset(DEFAULTS))
    old = read.workbook
    told, lost = [*old.findings, *filled_notes(read)], list(read.unknown)
    for sheet in read.own_sheets:
        if sheet == DECISIONS:
            told.append(
                ReadingNote(sheet, "is not carried over: vidcost decide --stamp writes it for the new workbook.")
            )
        else:
            lost.append(ReadingNote(sheet, "is a sheet of your own, which stays in the old file."))
    lines = list(old.changes)
    if months is not None:
        lines, cut, gone = _within(old, months)
        told += cut
        lost += gone
    plan = _plan(old, months, lines)
    prices, without_row = _prices(old)
    lost += without_row
    made_with = ", ".join(part for part in (old.program, old.prices_digest and f"prices {old.prices_digest}") if part)
    source = f"{name} ({made_with})" if made_with else name
    found = old.scenarios
    kept = Kept(
        tuple(lines),
        old.log,
        prices,
        old.switch,
        source,
        shown_figures(data, name),
        scenarios=found.scenarios,
        scenario=found.named,
        scenario_notes=found.notes,
    )
    return Carried(plan, kept, tuple(told), tuple(lost), read.parts)


def _plan(old: PlanWorkbook, months: int | None, lines: list[ChangeLine]) -> Plan:
    values = dict(old.base.values)
    if months is not None:
        values["calendar.months"] = float(months)
    remarks = Remarks()
    plan = plan_of(values, old.base.ranges, lines, remarks, {line.key: line.at for line in old.inputs})
    if plan is None:
        raise BadArgumentError(f"{old.name} does not fit. {remarks.faults[0]}")
    return replace(plan, accounts=old.base.accounts)


def filled_notes(read: AnyPlanWorkbook) -> list[ReadingNote]:
    """What a reader should know of inputs that an old version did not have."""
    values = read.workbook.base.values
    return [
        ReadingNote(key, f"is not in {read.workbook.name}, which another version made; it is {values[key]!r} now.")
        for key in read.filled
    ]


def _within(old: PlanWorkbook, months: int) -> tuple[list[ChangeLine], list[ReadingNote], list[ReadingNote]]:
    # The lines that hold in one of the months, those that end earlier than they say, and those that fall away.
    calendar = replace(old.base.calendar, months=months)
    end, until = calendar.starts[-1], calendar.labels[-1]
    kept: list[ChangeLine] = []
    cut: list[ReadingNote] = []
    gone: list[ReadingNote] = []
    for line in old.changes:
        what = f"{line.key} = {line.value:g}" if line.value is not None else line.note
        if line.key and line.first is not None and line.first > end:
            gone.append(ReadingNote(line.at, f"{what} from {line.first:%Y-%m} lies after the last month, {until}."))
            continue
        if line.last is not None and line.last > end:
            cut.append(ReadingNote(line.at, f"{what} to {line.last:%Y-%m} ends with the last month, {until}."))
        kept.append(line)
    return kept, cut, gone


def _prices(old: PlanWorkbook) -> tuple[dict[tuple[str, int], dict[str, Figure]], list[ReadingNote]]:
    listed = listed_figures(book_of(price_book(), *every_plan(old.base, old.scenarios.scenarios)))
    found: dict[tuple[str, int], dict[str, Figure]] = {}
    lost = []
    for change in old.prices_changed:
        tier = change.tier if old.is_current else _same_row(change, listed.get(change.meter, ()))
        if tier is None or tier > len(listed.get(change.meter, ())):
            text = f"{change.heading} of {change.meter} = {change.typed} has no row in the price book of this version."
            lost.append(ReadingNote(change.at, f"{text} Write it as rate.{change.meter} on Changes."))
        else:
            found.setdefault((change.meter, tier), {})[change.column] = change.typed
    return found, lost


def _same_row(change: ChangedPrice, rows: Iterable[dict[str, Figure]]) -> int | None:
    # In another price book versions may have come between: the row of the same day and tier is meant.
    keys = [(row["valid_from"], row["tier_from"]) for row in rows]
    return keys.index(change.row) + 1 if change.row in keys else None
