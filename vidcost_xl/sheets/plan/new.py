"""Making a new workbook: lay out, render, compute, complete, write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from vidcost_xl.areas import Address
from vidcost_xl.errors import BadArgumentError, ExcelError, unknown_name
from vidcost_xl.model.calendar import LAST_SERIAL
from vidcost_xl.model.files import preset
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import PriceBook, price_book
from vidcost_xl.sheets.calc.values import filled_range, recalculate
from vidcost_xl.sheets.layout.addresses import Addresses
from vidcost_xl.sheets.layout.sheet_layout import Formula, WorkbookLayout
from vidcost_xl.sheets.package.parts import CellValue, read_parts
from vidcost_xl.sheets.package.safe_files.refusals import read_source
from vidcost_xl.sheets.package.safe_files.writing import check_target, write_file
from vidcost_xl.sheets.plan.book import model_layout
from vidcost_xl.sheets.plan.parts import EVERY, SCENARIOS, Parts, chosen_parts
from vidcost_xl.sheets.plan.reading.carry import Carried, carry
from vidcost_xl.sheets.plan.reading.remarks import ReadingNote
from vidcost_xl.sheets.plan.results.summary import SHEET as SUMMARY
from vidcost_xl.sheets.plan.results.summary import plan_headline
from vidcost_xl.sheets.plan.row_names import SCENARIOS as SCENARIOS_SHEET
from vidcost_xl.sheets.plan.user_notes import Kept
from vidcost_xl.sheets.quick.page import headline, quick_layout
from vidcost_xl.sheets.render.finish import finish
from vidcost_xl.sheets.render.workbook import render

#: Templates by the name a user writes.
TEMPLATES: Final[dict[str, Callable[[PriceBook, Plan | None, Kept | None, Parts], WorkbookLayout]]] = {
    "quick": lambda book, _plan, _kept, _parts: quick_layout(book),
    "model": lambda book, plan, kept, parts: model_layout(book, plan or preset(DEFAULT_PLAN), kept, parts),
}

#: The plan that the template `model` is made of when none is given.
DEFAULT_PLAN: Final = "article"


@dataclass(frozen=True)
class NewWorkbook:
    """A finished workbook, not yet written.

    Parameters
    ----------
    addresses : Addresses
        Where everything stands.
    values : dict
        The value of every formula cell, by (sheet, address).
    data : bytes
        The file.
    """

    addresses: Addresses
    values: dict[Address, CellValue]
    data: bytes

    @property
    def is_of_plan(self) -> bool:
        """Whether it is of a whole plan, not the one-page template."""
        return any(sheet.name == SUMMARY for sheet in self.addresses.layout.sheets)

    @property
    def headline(self) -> list[list[CellValue]]:
        """The headline table, computed from the values in the file."""
        return plan_headline(self.addresses, self.values) if self.is_of_plan else headline(self.addresses, self.values)


def build(
    template: str = "quick",
    book: PriceBook | None = None,
    plan: Plan | None = None,
    kept: Kept | None = None,
    parts: Parts = EVERY,
) -> NewWorkbook:
    """Make a workbook in memory.

    Parameters
    ----------
    template : str
        A key of `TEMPLATES`.
    book : PriceBook, optional
        The shipped one when not given.
    plan : Plan, optional
        Inputs, changes and months of the template `model`; the article's when not given.
    kept : Kept, optional
        What people wrote beside them into the workbook that the plan is from.
    parts : Parts
        What a workbook of the template `model` holds.

    Raises
    ------
    BadArgumentError
        For an unknown template; names the nearest.
    """
    make = TEMPLATES.get(template.strip().casefold())
    if make is None:
        raise BadArgumentError(unknown_name("template", template, TEMPLATES))
    book = book or price_book()
    return complete(make(book, plan, kept, parts))


def complete(layout: WorkbookLayout) -> NewWorkbook:
    """Render a declared workbook, compute it, and put the values in."""
    addresses = Addresses(layout)
    parts, values, engine_cells = _computed(addresses)

    def shown(sheet: str, row: int, column: int) -> CellValue | None:
        entry = addresses.entry((sheet, row, column))
        if entry is None or isinstance(entry.value, date):
            return None
        return values[addresses.key_at((sheet, row, column))] if isinstance(entry.value, Formula) else entry.value

    return NewWorkbook(addresses, values, finish(parts, values, engine_cells, layout.as_of, shown))


def _computed(addresses: Addresses) -> tuple[dict[str, bytes], dict[Address, CellValue], dict[Address, str]]:
    # The parts without values, the values, and what each call of the add-in fills.
    bare = render(addresses)
    calls = {
        addresses.key_at(position): entry.value
        for position, _, entry in addresses.cells()
        if isinstance(entry.value, Formula) and entry.value.engine
    }
    areas = {
        key: addresses.absolute(formula.area).split("!")[1].replace("$", "")
        for key, formula in calls.items()
        if formula.area
    }
    values = recalculate(bare, areas=areas)
    filled = {key: filled_range(key, areas[key], values) if key in areas else key[1] for key in calls}
    return read_parts(bare), values, filled


def new_workbook(
    path: Path,
    template: str = "quick",
    *,
    plan: Plan | None = None,
    months: int | None = None,
    parts: Parts = EVERY,
    force: bool = False,
) -> NewWorkbook:
    """Make a workbook and write it.

    Parameters
    ----------
    path : Path
        Ends in .xlsx; its folder exists.
    plan : Plan, optional
        For the template `model`; the article's when not given.
    months : int, optional
        Months of the plan, in place of its own.
    parts : Parts
        What a workbook of the template `model` holds.
    force : bool
        Whether an existing file may be replaced.

    Raises
    ------
    BadArgumentError
        For an unknown template or a path that cannot or must not be written. Nothing is then left behind.
    """
    name = template.strip().casefold()
    if name not in TEMPLATES:
        raise BadArgumentError(unknown_name("template", template, TEMPLATES))
    if name != "model" and (plan is not None or months is not None):
        raise BadArgumentError(f"the template {name} has no plan and no months; write --template model.")
    check_target(path, force=force)
    if months is not None:
        plan = (plan or preset(DEFAULT_PLAN)).with_overrides([("calendar.months", months)])
    made = build(template, plan=plan, parts=parts)
    write_new(path, made, force=force)
    return made


def new_from(
    path: Path,
    old: Path,
    *,
    months: int | None = None,
    only: str | None = None,
    more: str | None = None,
    force: bool = False,
) -> tuple[NewWorkbook, Carried]:
    """Make a plan workbook of this version from an older one and write it; the older one is only read.

    Parameters
    ----------
    path : Path
        As for `new_workbook`, and not the old workbook.
    old : Path
        A workbook of the template `model`.
    months : int, optional
        Months of the new plan; those of the old one when not given.
    only, more : str, optional
        Parts in place of those of the old one, or beside them.
    force : bool
        Whether an existing file may be replaced.

    Returns
    -------
    NewWorkbook, Carried
        What was made, and what could not be carried over.

    Raises
    ------
    BadArgumentError
        As `new_workbook`, and for an old workbook that holds no plan. Nothing is then left behind.
    """
    check_target(path, force=force)
    source = read_source(old)
    if path.exists() and path.resolve() == source.path:
        raise BadArgumentError(f"{path} is the old workbook itself, which stays as it is. Choose another name.")
    carried = carry(source.data, old.name, months)
    parts = chosen_parts(carried.parts, only, more)
    if carried.kept.scenarios and SCENARIOS not in parts:
        gone = f"with {len(carried.kept.scenarios)} scenarios is left out by --only; the new plan is what is typed."
        carried = replace(carried, lost=(*carried.lost, ReadingNote(SCENARIOS_SHEET, gone)))
    made = build("model", plan=carried.plan, kept=carried.kept, parts=parts)
    write_new(path, made, force=force)
    return made, carried


def write_new(path: Path, made: NewWorkbook, *, force: bool = False) -> None:
    """Write a workbook that computes without an error.

    Raises
    ------
    BadArgumentError
        For an error value in one of its cells, or a path that cannot be written. Nothing is then left behind. On the
        plan's own day, what the bill does not need and nobody had a price for may be #N/A.
    """
    errors = _unexplained(made)
    if errors:
        sheet, address = errors[0]
        raise BadArgumentError(
            f"the template computes {made.values[errors[0]]} in {sheet}!{address}; nothing is written."
        )
    write_file(path, made.data, force=force)


def _unexplained(made: NewWorkbook) -> list[Address]:
    errors = {key: value for key, value in made.values.items() if isinstance(value, ExcelError)}
    if not made.is_of_plan:
        return list(errors)
    day, total = (made.values.get(made.addresses.key(each)) for each in ("prices_day.meter", "k_total.total"))
    if day == LAST_SERIAL or not isinstance(total, float):
        return list(errors)
    return [key for key, value in errors.items() if value.code != "#N/A"]
