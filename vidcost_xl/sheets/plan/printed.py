"""Rows that the printed book leaves out: those in which nothing stands, and workings among results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.sheet_layout import Row, SheetLayout
from vidcost_xl.sheets.plan.model_rows import row_id
from vidcost_xl.sheets.plan.own.lines import declared
from vidcost_xl.sheets.plan.own.sheets import MONEY_STARTS
from vidcost_xl.sheets.plan.own.sheets import SHEET as OWN
from vidcost_xl.sheets.plan.results.ledger import SHEET as LEDGER

#: Sheet, row behind which they stand, how their ids begin, first and last column that say something.
_BLOCKS: Final = (
    ("Changes", "changes_head", "change_", "input", "note"),
    ("Scenarios", "scn_head", "scn_", "key", "note"),
    ("Accounts", "accounts_head", "acct_", "line", "why"),
    ("Accounts", "accounts_lines", "ac_", "cost", "cost"),
    ("Costs", "k_lines", "k_", "total", "total"),
    (OWN, "own_breaks", "", "m1", ""),
    ("Checks", "checks_lines", "ch_", "first", "found"),
)

#: How the ids of the rows begin that compare the ledger with the plan as it stands.
_COMPARED: Final = ("ledger_compared", "ledger_stamp_")


def filled(sheets: Iterable[SheetLayout]) -> tuple[str, ...]:
    """The areas, as references."""
    by_name = {sheet.name: sheet for sheet in sheets}
    return tuple(
        area
        for name, after, prefix, first, last in _BLOCKS
        if name in by_name
        for area in _runs(by_name[name], after, prefix, first, last or by_name[name].columns[-1].key)
    )


def steps(sheets: Iterable[SheetLayout], plan: Plan) -> tuple[str, ...]:
    """Workings among the amounts of the own site, and what tells whether the ledger is stale, as references."""
    rows = {row_id(row.id) for row in declared(plan)}
    by_name = {sheet.name: [row for row in sheet.rows if row.entries] for sheet in sheets}
    own = by_name.get(OWN, [])
    start = [row.id for row in own].index(MONEY_STARTS) if own else 0
    found = [row.id for row in own[start:] if row.id not in rows and row.entries["label"].style == "text"]
    found += [row.id for row in by_name[LEDGER] if row.id.startswith(_COMPARED)]
    first = {row.id: next(iter(row.entries)) for row in (*own, *by_name[LEDGER])}
    return tuple(f"{{{key}.{first[key]}:{key}.{first[key]}}}" for key in found)


def _runs(sheet: SheetLayout, after: str, prefix: str, first: str, last: str) -> Iterator[str]:
    # Rows beside each other that have the columns; headings between them stay.
    start = [row.id for row in sheet.rows].index(after) + 1
    for has, run in groupby(sheet.rows[start:], lambda row: row.id.startswith(prefix) and _counts(row, first)):
        rows = [row.id for row in run]
        if has:
            yield f"{{{rows[0]}.{first}:{rows[-1]}.{last}}}"


def _counts(row: Row, column: str) -> bool:
    return column in row.entries and not row.entries[column].style.startswith(("heading", "total"))
