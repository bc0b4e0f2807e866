"""A month's accrual as a workbook: the journal to post, what it was computed from, and what fits nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vidcost_xl import __version__
from vidcost_xl.analysis.accrual import Accrual
from vidcost_xl.analysis.journal import COLUMNS, JournalLine
from vidcost_xl.analysis.variance import money
from vidcost_xl.prices.book import PriceBook
from vidcost_xl.sheets.compare.statements import head, heading, text_row
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, Table, WorkbookLayout

JOURNAL: Final = "Journal"
ACCRUAL: Final = "Accrual"
OPEN_ROWS: Final = "Not mapped"

_JOURNAL_WIDTHS: Final = (12.0, 14.0, 14.0, 20.0, 52.0, 16.0, 16.0, 10.0, 26.0)
_ACCRUAL_COLUMNS: Final = (
    ("account", "gl_account", 16.0),
    ("cost_center", "cost_center", 24.0),
    ("provider", "provider", 18.0),
    ("expected", "expected", 18.0),
    ("invoiced", "invoiced", 18.0),
    ("difference", "expected_less_invoiced", 24.0),
    ("accrued", "accrued", 18.0),
    ("note", "note", 46.0),
)
_OPEN_COLUMNS: Final = (
    ("row", "file_line", 10.0),
    ("provider", "provider", 28.0),
    ("service", "service", 34.0),
    ("month", "month", 12.0),
    ("amount", "amount", 18.0),
    ("currency", "currency", 10.0),
    ("reason", "why", 62.0),
)

ANOTHER_MONTH: Final = "another month"


def journal_layout(book: PriceBook, accrual: Accrual, lines: Sequence[JournalLine], source: str) -> WorkbookLayout:
    """The workbook of an accrual, as data.

    Parameters
    ----------
    source : str
        The plan and the file of invoices.
    """
    title = f"Accrual {accrual.month:%Y-%m}"
    return WorkbookLayout(
        title=title,
        as_of=book.as_of,
        stamp=f"vidcost-xl {__version__}, prices of {book.as_of:%Y-%m-%d} ({book.digest})",
        sheets=(
            _journal_sheet(title, accrual, lines, source),
            _accrual_sheet(accrual, source),
            _open_sheet(accrual),
        ),
        names={},
    )


def _journal_sheet(title: str, accrual: Accrual, lines: Sequence[JournalLine], source: str) -> SheetLayout:
    rows = []
    for at, line in enumerate(lines, start=1):
        rows.append(
            Row(
                f"j_{at}",
                {
                    "date": Entry(line.day, "constant_black", "date"),
                    **{
                        name: Entry(getattr(line, name), "text_indent")
                        for name in ("journal", "account", "cost_center", "description", "currency", "reference")
                    },
                    **_side("debit", line.debit),
                    **_side("credit", line.credit),
                },
            )
        )
    if not rows:
        rows.append(Row("j_1", {"description": Entry("Nothing to accrue: all that was expected is invoiced", "text")}))
    first, last = rows[0].id, rows[-1].id
    totals = {
        **{name: Entry("", "total_text") for name in COLUMNS},
        "description": Entry("Debit, credit, and what one has beyond the other", "total_text"),
        **{
            side: Entry(Formula(f"=SUM({{{first}.{side}:{last}.{side}}})"), "total", "cents")
            for side in ("debit", "credit")
        },
        "currency": Entry(Formula("={.debit}-{.credit}"), "total", "difference"),
    }
    return SheetLayout(
        name=JOURNAL,
        columns=tuple(Column(name, width) for name, width in zip(COLUMNS, _JOURNAL_WIDTHS, strict=True)),
        rows=(
            *head(
                "journal", COLUMNS[0], title, f"{accrual.currency}. {source}. Totals below are a check, not a posting."
            ),
            Row("journal_totals", totals),
            heading("journal_head", {name: name for name in COLUMNS}, right=("debit", "credit")),
            *rows,
        ),
        last_frozen="journal_head",
        tables=(Table("journal", f"{{journal_head.{COLUMNS[0]}:{last}.{COLUMNS[-1]}}}"),),
    )


def _side(name: str, cents: int) -> dict[str, Entry]:
    return {name: Entry(money(cents), "constant_black", "cents")} if cents else {}


def _accrual_sheet(accrual: Accrual, source: str) -> SheetLayout:
    keys = [key for key, _, _ in _ACCRUAL_COLUMNS]
    rows = []
    for at, each in enumerate(accrual.rows, start=1):
        over = "more invoiced than expected: no accrual, look at it" if each.difference < 0 else ""
        rows.append(
            Row(
                f"a_{at}",
                {
                    **{
                        name: Entry(text, "text_indent")
                        for name, text in zip(keys, (each.account, each.cost_center, each.provider), strict=False)
                    },
                    "expected": Entry(money(each.expected), "constant_black", "cents"),
                    "invoiced": Entry(money(each.invoiced), "constant_black", "cents"),
                    "difference": Entry(Formula("={.expected}-{.invoiced}"), "number", "cents"),
                    "accrued": Entry(Formula("=MAX(0,{.difference})"), "number", "cents"),
                    "note": Entry(over, "text_indent"),
                },
            )
        )
    first, last = rows[0].id, rows[-1].id
    figures = ("expected", "invoiced", "difference", "accrued")
    total = Row(
        "accrual_total",
        {
            **{key: Entry("", "total_text") for key in keys},
            "account": Entry("Total", "total_text"),
            **{name: Entry(Formula(f"=SUM({{{first}.{name}:{last}.{name}}})"), "total", "cents") for name in figures},
        },
    )
    return SheetLayout(
        name=ACCRUAL,
        columns=tuple(Column(key, width) for key, _, width in _ACCRUAL_COLUMNS),
        rows=(
            *head(
                "accrual", "account", f"Expected less invoiced, {accrual.month:%Y-%m}", f"{accrual.currency}. {source}."
            ),
            total,
            heading("accrual_head", {key: text for key, text, _ in _ACCRUAL_COLUMNS}, right=figures),
            *rows,
        ),
        last_frozen="accrual_head",
        tables=(Table("accrual", f"{{accrual_head.account:{last}.note}}"),),
    )


def _open_sheet(accrual: Accrual) -> SheetLayout:
    found = [(each.invoiced, each.reason) for each in accrual.unmapped]
    found += [(row, ANOTHER_MONTH) for row in accrual.elsewhere]
    rows = [
        Row(
            f"o_{at}",
            {
                "row": Entry(row.where, "text_indent"),
                "amount": Entry(row.amount, "constant_black", "small_number"),
                **{
                    name: Entry(text, "text_indent")
                    for name, text in (
                        ("provider", row.provider),
                        ("service", row.service),
                        ("month", "" if row.month is None else f"{row.month:%Y-%m}"),
                        ("currency", row.currency),
                        ("reason", reason),
                    )
                },
            },
        )
        for at, (row, reason) in enumerate(found, start=1)
    ]
    untaken, other = (
        sum(each.rows for each in given) for given in ([a.invoiced for a in accrual.unmapped], accrual.elsewhere)
    )
    about = f"{untaken:,} rows that no account of the plan takes, {other:,} of other months."
    return SheetLayout(
        name=OPEN_ROWS,
        columns=tuple(Column(key, width) for key, _, width in _OPEN_COLUMNS),
        rows=(
            *head("open", "row", "Invoiced and not in the accrual", f"{about} Nothing of them is in the journal."),
            heading("open_head", {key: text for key, text, _ in _OPEN_COLUMNS}, right=("row", "amount")),
            *(rows or [text_row("o_1", "provider", "Every row of the month is in the accrual")]),
        ),
        last_frozen="open_head",
        tables=(Table("not_mapped", f"{{open_head.row:{rows[-1].id if rows else 'o_1'}.reason}}"),),
    )
