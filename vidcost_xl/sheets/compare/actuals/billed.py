"""The files of a bill, read and matched, with what they add up to before anything was matched."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vidcost_xl.analysis.invoices import Invoiced, invoices_of
from vidcost_xl.bills.matching import matched
from vidcost_xl.bills.reading import Options, read_bill
from vidcost_xl.bills.sources import listed


@dataclass(frozen=True)
class BillFile:
    """A file as it was read.

    Parameters
    ----------
    size : int
        Bytes.
    digest : str
        SHA-256, in hexadecimal.
    """

    name: str
    size: int
    digest: str


@dataclass(frozen=True)
class BillsRead:
    """What was billed.

    Parameters
    ----------
    rows : int
        Of the files, as far as they count.
    totals : mapping of str to float
        What the files add up to by currency, as read and before any row was matched.
    """

    files: tuple[BillFile, ...]
    invoices: tuple[Invoiced, ...]
    rows: int
    totals: Mapping[str, float]


def read_billed(paths: Iterable[Path], options: Options) -> BillsRead:
    """Read and match files.

    Raises
    ------
    BadArgumentError
        See `bills.reading.read_bill`.
    """
    given = list(paths)
    read = read_bill(given, options)
    totals = read.items.groupby("currency")["amount"].sum()
    files = tuple(_file(name, path) for each in given for name, path, _ in listed(each))
    return BillsRead(
        files, invoices_of(matched(read)), read.rows, {str(key): float(totals[key]) for key in totals.index}
    )


def _file(name: str, path: Path) -> BillFile:
    with path.open("rb") as stream:
        return BillFile(name, path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest())
