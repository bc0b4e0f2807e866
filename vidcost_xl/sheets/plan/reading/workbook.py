"""A plan workbook read back: its plan, the user's notes, prices typed over, and what differs from the template.

Columns and rows are found by their texts, never by address, in the form of any program that saves workbooks.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.ledger import ACCOUNTS
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.header_tables import WorkbookReader
from vidcost_xl.sheets.package.workbook import Workbook
from vidcost_xl.sheets.plan.calendar import COUNTER
from vidcost_xl.sheets.plan.calendar import SHEET as CALENDAR
from vidcost_xl.sheets.plan.parts import EVERY, Parts, parts_in
from vidcost_xl.sheets.plan.reading.accounts import read_accounts
from vidcost_xl.sheets.plan.reading.changes import read_changes, read_facts, read_log
from vidcost_xl.sheets.plan.reading.drivers import read_drivers, read_series
from vidcost_xl.sheets.plan.reading.inputs import InputLine, read_inputs, read_switch
from vidcost_xl.sheets.plan.reading.plan import fill_missing, plan_of, refuse_missing
from vidcost_xl.sheets.plan.reading.prices import ChangedPrice, read_prices
from vidcost_xl.sheets.plan.reading.remarks import ReadingNote, Remarks
from vidcost_xl.sheets.plan.reading.scenarios import ScenarioCells, read_scenarios
from vidcost_xl.sheets.plan.results.contents import CONTENTS, FORMER
from vidcost_xl.sheets.plan.results.cover import (
    CATALOGUE_DIGEST,
    COVER,
    INPUTS_DIGEST,
    PRICES_DIGEST,
    PROGRAM,
    catalogue_digest,
)
from vidcost_xl.sheets.plan.user_notes import ChangeLine, LogLine

#: Faults that one message spells out; it counts the others.
MOST_SPELT_OUT: Final = 5

_FACTS: Final = {
    "program": PROGRAM,
    "prices": PRICES_DIGEST,
    "inputs": INPUTS_DIGEST,
    "catalogue": CATALOGUE_DIGEST,
}


class NoPlanError(BadArgumentError):
    """A plan workbook whose inputs are no plan.

    Parameters
    ----------
    faults : tuple of str
        What is wrong, each with its cell.
    """

    def __init__(self, message: str, faults: tuple[str, ...]) -> None:
        super().__init__(message)
        self.faults = faults


@dataclass(frozen=True)
class PlanWorkbook:
    """What a plan workbook says.

    Parameters
    ----------
    name : str
        How messages call the file.
    plan : Plan
        Its inputs with their ranges, changes of months and private rates, under the scenario in force.
    base : Plan
        The same as it is typed, without a scenario.
    inputs : tuple of InputLine
        With the cell of each.
    changes : tuple of ChangeLine
        The lines of Changes with their notes, as written.
    log : tuple of LogLine
        The change log of Audit.
    switch : {"functions", "native"}
        What feeds Costs.
    months : int
        Months that its sheets have; the plan may have fewer.
    program, prices_digest, inputs_digest, catalogue_digest : str
        What the file was made with, as Audit says; empty where it says nothing.
    findings : tuple of ReadingNote
        Formulas in inputs, renamed sheets, lines that are not read: nothing that stands in the way of the plan.
    scenarios : ScenarioCells
        The sheet Scenarios, and which one is in force.
    """

    name: str
    plan: Plan
    base: Plan
    inputs: tuple[InputLine, ...]
    changes: tuple[ChangeLine, ...]
    log: tuple[LogLine, ...]
    prices_changed: tuple[ChangedPrice, ...]
    switch: str
    months: int
    program: str
    prices_digest: str
    inputs_digest: str
    catalogue_digest: str
    findings: tuple[ReadingNote, ...]
    scenarios: ScenarioCells = field(default_factory=ScenarioCells)

    @property
    def notes(self) -> dict[str, str]:
        """The user's notes on Changes, by the cell of their line."""
        return {line.at: line.note for line in self.changes if line.note}

    @property
    def accounts(self) -> dict[str, str]:
        """GL account of each stage."""
        return {stage: self.plan.text(key) for stage, key in ACCOUNTS.items()}

    @property
    def cost_center(self) -> str:
        """Cost centre of every line."""
        return self.plan.text("account.cost_center")

    @property
    def is_current(self) -> bool:
        """Whether it was made with the price book at hand."""
        return self.prices_digest == price_book().digest


@dataclass(frozen=True)
class AnyPlanWorkbook:
    """A plan workbook of any version, and how its inputs differ from those of this one.

    Parameters
    ----------
    unknown : tuple of ReadingNote
        Keys that this version does not have.
    filled : tuple of str
        Keys that the workbook does not have.
    own_sheets : tuple of str
        Sheets that the template does not have.
    parts : Parts
        What it holds.
    """

    workbook: PlanWorkbook
    unknown: tuple[ReadingNote, ...] = ()
    filled: tuple[str, ...] = ()
    own_sheets: tuple[str, ...] = ()
    parts: Parts = EVERY


def read_plan_workbook(data: bytes, name: str) -> PlanWorkbook:
    """Read a workbook made with the template `model`.

    Parameters
    ----------
    data : bytes
        As we generate it, as a user filled it in, as Excel saved it.
    name : str
        How messages call the file.

    Raises
    ------
    BadArgumentError
        For a file that is none, or whose inputs are no plan: names the cells and what to do.
    """
    return read_any_plan_workbook(data, name).workbook


def impossible_inputs(book: Workbook, name: str) -> tuple[str, ...]:
    """What stands in the way of a plan, each with its cell; nothing for a file that holds one, or is made for none."""
    if ("", "changes") not in book.names:
        return ()
    try:
        _read(book, name)
    except NoPlanError as error:
        return error.faults
    except BadArgumentError:
        return ()
    return ()


def read_any_plan_workbook(data: bytes, name: str, fill_from: Plan | None = None) -> AnyPlanWorkbook:
    """Read a plan workbook that another version may have made.

    Parameters
    ----------
    fill_from : Plan, optional
        Whose values inputs get that a file of another version does not have. Without it, and in a file of this
        version, a missing input is an error: its row was deleted.

    Raises
    ------
    BadArgumentError
        As `read_plan_workbook`; unknown keys are an error only without `fill_from`.
    """
    return _read(Workbook(Archive(data, name)), name, fill_from)


def _read(book: Workbook, name: str, fill_from: Plan | None = None) -> AnyPlanWorkbook:
    reader, remarks = WorkbookReader(book), Remarks()
    drivers = read_drivers(reader, remarks)
    inputs, unknown = read_inputs(reader, drivers, remarks)
    scenarios = read_scenarios(reader, drivers, remarks)
    lines = read_changes(reader, remarks)
    facts = read_facts(reader, _FACTS)
    values = {line.key: line.value for line in inputs}
    start = values.get("calendar.start")
    lines += read_series(drivers, start, remarks) if isinstance(start, date) else []
    filled: list[str] = []
    if fill_from is not None and facts.get("catalogue") != catalogue_digest():
        filled = fill_missing(values, fill_from)
    elif unknown:
        remarks.faults += unknown
    if not remarks.faults:
        refuse_missing(values, remarks)
    _refuse(name, remarks)
    ranges = {line.key: line.pair for line in inputs if line.pair}
    base = plan_of(values, ranges, lines, remarks, {line.key: line.at for line in inputs})
    plan = None if base is None else scenarios.in_force(base, remarks)
    prices = read_prices(reader, price_book(), facts.get("prices") == price_book().digest, remarks)
    switch = read_switch(reader, remarks)
    accounts = read_accounts(reader, remarks)
    _refuse(name, remarks)
    assert plan is not None and base is not None
    workbook = PlanWorkbook(
        name=name,
        plan=replace(plan, accounts=accounts),
        base=replace(base, accounts=accounts),
        inputs=tuple(inputs),
        changes=tuple(lines),
        log=tuple(read_log(reader)),
        prices_changed=tuple(prices),
        switch=switch,
        months=_sheet_months(reader) or plan.integer("calendar.months"),
        program=facts.get("program", ""),
        prices_digest=facts.get("prices", ""),
        inputs_digest=facts.get("inputs", ""),
        catalogue_digest=facts.get("catalogue", ""),
        findings=tuple(remarks.notes),
        scenarios=scenarios,
    )
    ours = {COVER, *FORMER, *(sheet for sheet, _, _ in CONTENTS), *(note.at for note in remarks.notes)}
    own_sheets = tuple(sheet for sheet in reader.book.sheets if sheet not in ours)
    parts = parts_in(name for scope, name in reader.book.names if not scope)
    return AnyPlanWorkbook(workbook, tuple(unknown), tuple(filled), own_sheets, parts)


def _sheet_months(reader: WorkbookReader) -> int:
    # The counter of the time axis has a formula in every month.
    if CALENDAR not in reader.book.sheets:
        return 0
    rows = reader.sheet(CALENDAR).rows.values()
    counter = next((cells for cells in rows if next(iter(cells.values())).text == COUNTER), {})
    return sum(cell.is_formula for cell in counter.values())


def _refuse(name: str, remarks: Remarks) -> None:
    if not remarks.faults:
        return
    first = " ".join(str(fault) for fault in remarks.faults[:MOST_SPELT_OUT])
    more = len(remarks.faults) - MOST_SPELT_OUT
    others = f" And {more} more." if more > 0 else ""
    raise NoPlanError(f"{name} holds no plan. {first}{others}", tuple(map(str, remarks.faults)))
