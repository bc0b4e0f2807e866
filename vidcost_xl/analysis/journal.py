"""An accrual as journal entries: on the last day of the month, and turned round on the first of the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from vidcost_xl.analysis.accrual import Accrual, AccrualRow
from vidcost_xl.analysis.variance import money
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.calendar import Calendar

if TYPE_CHECKING:
    import pandas as pd

#: The columns of a generic general ledger's import.
COLUMNS: Final = (
    "date",
    "journal",
    "account",
    "cost_center",
    "description",
    "debit",
    "credit",
    "currency",
    "reference",
)

DEFAULT_JOURNAL: Final = "ACCRUAL"


@dataclass(frozen=True)
class JournalLine:
    """One line of a journal; debit and credit in cents.

    Parameters
    ----------
    debit, credit : int
        One of them is 0.
    """

    day: date
    journal: str
    account: str
    cost_center: str
    description: str
    debit: int
    credit: int
    currency: str
    reference: str


def journal_of(accrual: Accrual, offset: str, journal: str = DEFAULT_JOURNAL) -> tuple[JournalLine, ...]:
    """The accrual of a month and its reversal.

    Parameters
    ----------
    offset : str
        The account of accrued liabilities, which takes the other side.

    Returns
    -------
    tuple of JournalLine
        For every row that owes something a debit of the expense and a credit of `offset` on the last day of the
        month, and both turned round on the first day of the next. Each pair balances to the cent.

    Raises
    ------
    BadArgumentError
        For an empty offset account, or one that is also an expense account of the accrual.
    """
    if not offset.strip():
        raise BadArgumentError("the account of accrued liabilities is empty; name it with --offset.")
    if any(row.account == offset for row in accrual.rows):
        raise BadArgumentError(f"account {offset} is an expense of the plan; accrued liabilities need another account.")
    last, first = _days(accrual.month)
    owed = [row for row in accrual.rows if row.accrued]
    month = f"{accrual.month:%Y-%m}"

    def pair(row: AccrualRow, number: int, *, back: bool) -> Iterable[JournalLine]:
        what = f"{'Reversal of accrual' if back else 'Accrual'} {month}: {row.provider}, expected less invoiced"
        reference = f"{journal}-{month}-{number:03d}{'-R' if back else ''}"
        for account, is_expense in ((row.account, True), (offset, False)):
            on_debit = is_expense is not back
            yield JournalLine(
                first if back else last,
                journal,
                account,
                row.cost_center,
                what,
                row.accrued if on_debit else 0,
                0 if on_debit else row.accrued,
                accrual.currency,
                reference,
            )

    return tuple(
        line
        for back in (False, True)
        for number, row in enumerate(owed, start=1)
        for line in pair(row, number, back=back)
    )


def journal_frame(lines: Iterable[JournalLine]) -> pd.DataFrame:
    """A journal as a table with the columns of `COLUMNS`; amounts in units of the currency, a blank for 0."""
    import pandas as pd

    rows = [
        (
            line.day.isoformat(),
            line.journal,
            line.account,
            line.cost_center,
            line.description,
            money(line.debit) if line.debit else None,
            money(line.credit) if line.credit else None,
            line.currency,
            line.reference,
        )
        for line in lines
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({"debit": float, "credit": float})


def _days(month: date) -> tuple[date, date]:
    last = Calendar(month, 1).ends[0]
    return last, last + timedelta(days=1)
