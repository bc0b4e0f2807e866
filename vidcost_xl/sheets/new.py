"""Making a new workbook: lay out, render, compute, complete, write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vidcost_xl.errors import BadArgumentError, ExcelError, unknown_name
from vidcost_xl.prices.book import PriceBook, price_book
from vidcost_xl.sheets.finish import finish
from vidcost_xl.sheets.layout import Addresses, Formula, WorkbookLayout
from vidcost_xl.sheets.package import CellKey, CellValue
from vidcost_xl.sheets.quick import headline, quick_layout
from vidcost_xl.sheets.recalculate import recalculate
from vidcost_xl.sheets.render import render
from vidcost_xl.sheets.write import check_target, write_file

#: Templates by the name a user writes.
TEMPLATES: Final[dict[str, Callable[[PriceBook], WorkbookLayout]]] = {"quick": quick_layout}


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
    values: dict[CellKey, CellValue]
    data: bytes

    @property
    def headline(self) -> list[list[CellValue]]:
        """The headline table, computed from the values in the file."""
        return headline(self.addresses, self.values)


def build(template: str = "quick", book: PriceBook | None = None) -> NewWorkbook:
    """Make a workbook in memory.

    Parameters
    ----------
    template : str
        A key of `TEMPLATES`.
    book : PriceBook, optional
        The shipped one when not given.

    Returns
    -------
    NewWorkbook

    Raises
    ------
    BadArgumentError
        For an unknown template; names the nearest.
    """
    make = TEMPLATES.get(template.strip().casefold())
    if make is None:
        raise BadArgumentError(unknown_name("template", template, TEMPLATES))
    addresses = Addresses(make(book or price_book()))
    bare = render(addresses)
    values = recalculate(bare)
    texts: dict[tuple[str, int, int], CellValue] = {}
    engine_cells: set[CellKey] = set()
    for position, row, entry in addresses.cells():
        del row
        key = addresses.key_at(position)
        if isinstance(entry.value, Formula):
            texts[position] = values[key]
            if entry.value.engine:
                engine_cells.add(key)
        elif isinstance(entry.value, (str, float, int)):
            texts[position] = entry.value
    data = finish(
        bare, values, engine_cells, addresses.layout.as_of, lambda sheet, row, column: texts.get((sheet, row, column))
    )
    return NewWorkbook(addresses, values, data)


def new_workbook(path: Path, template: str = "quick", *, force: bool = False) -> NewWorkbook:
    """Make a workbook and write it.

    Parameters
    ----------
    path : Path
        Ends in .xlsx; its folder exists.
    template : str
    force : bool
        Whether an existing file may be replaced.

    Returns
    -------
    NewWorkbook

    Raises
    ------
    BadArgumentError
        For an unknown template or a path that cannot or must not be written. Nothing is then left behind.
    """
    if template.strip().casefold() not in TEMPLATES:
        raise BadArgumentError(unknown_name("template", template, TEMPLATES))
    check_target(path, force=force)
    made = build(template)
    errors = [key for key, value in made.values.items() if isinstance(value, ExcelError)]
    if errors:
        sheet, address = errors[0]
        raise BadArgumentError(
            f"the template computes {made.values[errors[0]]} in {sheet}!{address}; nothing is written."
        )
    write_file(path, made.data, force=force)
    return made
