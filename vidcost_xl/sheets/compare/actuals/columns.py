"""The columns of the sheet Actuals, which its blocks share, and rows that several of them write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from vidcost_xl.analysis.actuals import REASONS
from vidcost_xl.sheets.layout.sheet_layout import Entry, Formula, Row

#: Key of the column of each reason, in the order of `REASONS`.
REASON_KEYS: Final = tuple(name.replace(" ", "_") for name in REASONS)

#: Amounts of the closed months, and what is between them.
AMOUNTS: Final = ("budget", "actual", "difference", *REASON_KEYS)

#: Key, heading and width.
COLUMNS: Final = (
    ("month", "month", 9.5),
    ("year", "year", 8.0),
    ("stage", "stage", 13.5),
    ("line", "line", 45.0),
    ("account", "account", 9.0),
    ("budget", "budget", 15.0),
    ("actual", "actual", 15.0),
    ("difference", "difference", 15.0),
    *((key, name, 13.5) for key, name in zip(REASON_KEYS, REASONS, strict=True)),
    ("closed", "closed", 9.0),
    ("note", "note", 30.0),
)

#: Columns that a label at the left may run over.
LABEL: Final = ("month", "year", "stage", "line", "account")
NUMBERS: Final = (*AMOUNTS, "closed")

#: Looks of headings that are not plain.
HEADING: Final = {"note": "heading_indent"}

MONEY: Final = "cents_dash"


def block(key: str, label: str, headings: Mapping[str, str], left: Sequence[str] = ()) -> Row:
    """The heading of a block, across all columns.

    Parameters
    ----------
    left : sequence of str
        Columns of numbers that hold texts in this block.
    """
    entries = {column: Entry("", "heading") for column, _, _ in COLUMNS}
    looks = {**HEADING, **dict.fromkeys(NUMBERS, "heading_right"), **dict.fromkeys(left, "heading_indent")}
    entries |= {column: Entry(text, looks.get(column, "heading")) for column, text in headings.items()}
    return Row(key, {**entries, "month": Entry(label, "heading")})


def across(key: str, label: str, height: float | None = None) -> Row:
    """A row with one text that runs over the columns."""
    return Row(key, {"month": Entry(label)}, height)


def money(formulas: Mapping[str, str], style: str = "number") -> dict[str, Entry]:
    """Cells with formulas of money."""
    return {key: Entry(Formula(text), style, MONEY) for key, text in formulas.items()}


def total(key: str, label: str, entries: Mapping[str, Entry], columns: Sequence[str] = ()) -> Row:
    """A row of totals, marked across all columns or those given."""
    marked = {column: Entry("", "total_text") for column in columns or [each for each, _, _ in COLUMNS]}
    return Row(key, {**marked, "month": Entry(label, "total_text"), **entries})


def remark(text: str) -> Entry:
    """The cell of a row that people write into."""
    return Entry(text, "remark", "text")


class Range:
    """The rows of the table, as formulas above it name them."""

    def __init__(self, first: str, last: str) -> None:
        self._first, self._last = first, last

    def __getitem__(self, column: str) -> str:
        return f"{{${self._first}.{column}:{self._last}.{column}}}"

    def sums(self, column: str, *criteria: str) -> str:
        """SUMIFS of a column, without an equals sign; criteria are columns and what they must be, in turns."""
        pairs = zip(criteria[::2], criteria[1::2], strict=True)
        return f"SUMIFS({','.join([self[column], *(f'{self[each]},{value}' for each, value in pairs)])})"
