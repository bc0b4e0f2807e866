"""What was billed, told apart by what it is for: files of bills, read and matched, as rows that a plan can take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Invoiced:
    """What was billed under the same words: a row of a table of one's own, or all rows of an export that are alike.

    Parameters
    ----------
    where : str
        The file, and the line where it is one row.
    rows : int
        How many rows of the file it is.
    provider, service : str
        As the file names them; a service may be empty.
    amount : float
        In `currency`; negative for a credit.
    month : date or None
        First day of the month it is for; None where the file does not say.
    currency : str
        Empty where the file does not say.
    account, cost_center, line : str
        Where the file itself says what the row belongs to.
    quantity : float or None
        In the unit of the file.
    metered : float or None
        Billing units of `meter`; None where the file does not say, or counts in a unit that is not known.
    kind : str
        "matched", "unmatched", or the kind of a charge that no meter bills: tax, credit, ...
    meter, dimension, region : str
        Of the price book, where `kind` is "matched"; the meter is empty where only its dimension is known.
    how : str
        What it was told by.
    is_table : bool
        Whether a person wrote it, who may have left out what an export would say.
    first_day, last_day : date or None
        Of the periods of an export's rows; None where the file has no ends of periods.
    """

    where: str
    provider: str
    service: str
    amount: float
    month: date | None = None
    currency: str = ""
    account: str = ""
    cost_center: str = ""
    line: str = ""
    description: str = ""
    quantity: float | None = None
    unit: str = ""
    metered: float | None = None
    kind: str = "unmatched"
    meter: str = ""
    dimension: str = ""
    region: str = ""
    how: str = ""
    is_table: bool = True
    rows: int = 1
    first_day: date | None = None
    last_day: date | None = None


def read_invoices(
    paths: Path | Iterable[Path], decimal: str | None = None, delimiter: str | None = None, where: Sequence[str] = ()
) -> tuple[Invoiced, ...]:
    """Read and match files of what was billed.

    Parameters
    ----------
    paths : Path or iterable of Path
        In any form of `bills.forms`.
    decimal, delimiter : str, optional
        Told from the file when not given.
    where : sequence of str
        Which rows count; see `bills.reading`.

    Returns
    -------
    tuple of Invoiced
        Rows of a ledger that are no Actual are left out; nothing else is.

    Raises
    ------
    BadArgumentError
        See `bills.reading.read_bill`.
    """
    from vidcost_xl.bills.matching import matched
    from vidcost_xl.bills.reading import Options, read_bill

    files = [paths] if isinstance(paths, Path) else list(paths)
    return invoices_of(matched(read_bill(files, Options(where, decimal, delimiter))))


def invoices_of_cells(name: str, rows: Sequence[Sequence[Any]]) -> tuple[Invoiced, ...]:
    """The same of cells of a spreadsheet, the header first; see `bills.reading.read_cells`."""
    from vidcost_xl.analysis.needed import need

    need("A bill beside a plan", "duckdb", "pandas")
    from vidcost_xl.bills.matching import matched
    from vidcost_xl.bills.reading import read_cells

    found = invoices_of(matched(read_cells(name, rows)))
    return tuple(replace(row, where=row.where.replace(", line ", ", row ")) for row in found)


def invoices_of(items: pd.DataFrame) -> tuple[Invoiced, ...]:
    """The items of a matched bill as what a plan can take."""
    known = items.astype(object).where(items.notna(), None)
    return tuple(_invoiced(cells) for cells in known.to_dict("records"))


def _invoiced(cells: Mapping[Any, Any]) -> Invoiced:
    is_table = cells["row"] is not None
    return Invoiced(
        where=f"{cells['file']}, line {int(cells['row'])}" if is_table else cells["file"],
        provider=cells["provider"],
        service=cells["service"],
        amount=float(cells["amount"]),
        month=cells["month"],
        currency=cells["currency"],
        account=cells["gl_account"],
        cost_center=cells["cost_center"],
        line=cells["line"],
        description=cells["description"],
        quantity=None if cells["quantity"] is None else float(cells["quantity"]),
        unit=cells["unit"],
        metered=None if cells["billed_units"] is None else float(cells["billed_units"]),
        kind=cells["is_kind"],
        meter=cells["is_meter"],
        dimension=cells["is_dimension"],
        region=cells["is_region"],
        how=cells["is_how"],
        is_table=is_table,
        rows=int(cells["rows"]),
        first_day=_day(cells["first_day"]),
        last_day=_day(cells["last_day"]),
    )


def _day(moment: Any) -> date | None:
    return None if moment is None else date(moment.year, moment.month, moment.day)
