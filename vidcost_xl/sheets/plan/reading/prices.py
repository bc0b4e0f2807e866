"""Prices that a user typed over on the sheet Prices, against the book that the file was made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vidcost_xl.digits import kept
from vidcost_xl.prices.book import PriceBook
from vidcost_xl.prices.located import PLACE_MARK
from vidcost_xl.sheets.package.header_tables import SheetReader, TableCell, WorkbookReader
from vidcost_xl.sheets.plan.prices import DAYS, FIGURES, HEADINGS, OLDER_FIGURES, SHEET, fingerprint, listed_figures
from vidcost_xl.sheets.plan.reading.remarks import Remarks, used_value
from vidcost_xl.sheets.plan.user_notes import Figure


@dataclass(frozen=True)
class ChangedPrice:
    """A figure of the sheet Prices that somebody typed over.

    Parameters
    ----------
    tier : int
        Its number among the rows of the meter, from 1: versions by day, tiers within.
    column : str
        One of `prices.FIGURES`.
    listed : float, str or None
        What the book has there; None where the file was made with another book that differs too.
    typed : float or str
        What the cell holds now; days count from 1900.
    at : str
        The cell.
    row : tuple of (float or str, float or str)
        Day from which the row holds and where its tier starts, as the sheet says them.
    """

    meter: str
    tier: int
    column: str
    listed: Figure | None
    typed: Figure
    at: str
    row: tuple[Figure, Figure]

    @property
    def heading(self) -> str:
        """What the sheet calls the column."""
        return HEADINGS[self.column]


def read_prices(reader: WorkbookReader, book: PriceBook, same_book: bool, remarks: Remarks) -> list[ChangedPrice]:
    """The figures of the sheet Prices that are not those of the price book.

    Parameters
    ----------
    same_book : bool
        Whether the file was made with `book`; a row of another book is changed where its fingerprint is not its own.
    """
    columns = {key: HEADINGS[key] for key in ("meter", *FIGURES, "made")}
    table = reader.table(columns, SHEET, "price_meter")
    if table is None:
        remarks.note(SHEET, "has no table of prices any more; whether prices were typed over is not known.")
        return []
    table.need(("meter", "price"))
    rows: dict[str, list[dict[str, TableCell]]] = {}
    for line in table.lines():
        if line["meter"].text:
            rows.setdefault(line["meter"].text, []).append(line)
    listed = listed_figures(book.with_places((), (), [meter for meter in rows if _is_located(book, meter)]))
    found: list[ChangedPrice] = []
    for meter, lines in rows.items():
        expected = listed.get(meter, [])
        if len(lines) != len(expected) and same_book:
            remarks.note(
                lines[0]["meter"].at,
                f"{meter} has {len(lines)} rows, in the price book {len(expected)}. Delete or restore the difference.",
            )
        for tier, line in enumerate(lines, start=1):
            figures = _figures(table.sheet, line, remarks)
            if not same_book and line["made"].text in _as_made(figures):
                continue
            was: Mapping[str, Figure] = expected[tier - 1] if tier <= len(expected) else {}
            row = (figures.get("valid_from", ""), figures.get("tier_from", ""))
            found += [
                ChangedPrice(meter, tier, column, was.get(column), figures[column], line[column].at, row)
                for column in (FIGURES if was else ("price",))
                if column in figures and figures[column] != was.get(column)
            ]
    return found


def _is_located(book: PriceBook, meter: str) -> bool:
    # A name typed over may be anything.
    return PLACE_MARK in meter and meter.partition(PLACE_MARK)[0] in book.meters


def _as_made(figures: Mapping[str, Figure]) -> set[str]:
    # The fingerprints of a row as it was made; a row without one is not compared.
    return {"", fingerprint(figures), fingerprint(figures, OLDER_FIGURES)}


def _figures(sheet: SheetReader, line: Mapping[str, TableCell], remarks: Remarks) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for column in FIGURES:
        cell = line[column]
        if cell.is_blank or not used_value(cell, f"{HEADINGS[column]!r} of {line['meter'].text}", remarks):
            continue
        value = cell.value
        if isinstance(value, float) and column in DAYS:
            value = sheet.day_number(value)
        if isinstance(value, (float, str)):
            found[column] = kept(value) if isinstance(value, float) else value
    return found
