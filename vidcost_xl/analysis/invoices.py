"""What was billed, from a file: FOCUS columns, a ledger, or a simple list of providers and amounts."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from vidcost_xl.errors import BadArgumentError, nearest
from vidcost_xl.model.calendar import parse_month

#: What FOCUS exports write for nothing.
_NOTHING: Final = frozenset({"", "null", "none", "nan"})

_DELIMITERS: Final = (",", ";", "\t", "|")
_LARGEST_FILE: Final = 256 * 2**20

#: Column of each part of a row, by the heading in lower case; the first that a file has counts.
_FOCUS: Final[Mapping[str, tuple[str, ...]]] = {
    "provider": ("providername",),
    "service": ("servicename",),
    "amount": ("billedcost",),
    "month": ("chargeperiodstart",),
    "currency": ("billingcurrency",),
    "description": ("chargedescription",),
    "quantity": ("pricingquantity",),
    "unit": ("pricingunit",),
}
_SIMPLE: Final[Mapping[str, tuple[str, ...]]] = {
    "provider": ("provider", "vendor", "supplier"),
    "service": ("service",),
    "amount": ("reporting_amount", "amount"),
    "month": ("month", "period", "date"),
    "currency": ("reporting_currency", "currency"),
    "description": ("description", "label"),
    "quantity": ("quantity",),
    "unit": ("unit",),
    "account": ("gl_account", "account"),
    "cost_center": ("cost_center", "cost_centre"),
    "line": ("line",),
    "version": ("version",),
}
_NUMBER: Final = {
    ".": re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|[+-]?\.\d+(?:[eE][+-]?\d+)?"),
    ",": re.compile(r"[+-]?\d+(?:,\d*)?(?:[eE][+-]?\d+)?|[+-]?,\d+(?:[eE][+-]?\d+)?"),
}


@dataclass(frozen=True)
class Invoiced:
    """One row of what was billed.

    Parameters
    ----------
    row : int
        Its line in the file.
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
        Billing units.
    """

    row: int
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


def read_invoices(path: Path, decimal: str = ".", delimiter: str | None = None) -> tuple[Invoiced, ...]:
    """Read a CSV file of what was billed.

    Parameters
    ----------
    path : Path
        With FOCUS columns (ProviderName, BilledCost, ChargePeriodStart, ...), or with the columns provider and
        amount, and optionally month, service, currency, gl_account, cost_center and line.
    decimal : str
        "." or ","; FOCUS columns always have a point.
    delimiter : str, optional
        Told from the header row when not given.

    Returns
    -------
    tuple of Invoiced
        Rows of a ledger that are no Actual are left out; nothing else is.

    Raises
    ------
    BadArgumentError
        For a file that is empty, cannot be read or has no such columns, and for the first cell that is no
        number or month, by row.
    """
    text = _text_of(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or _delimiter_of(text))
    try:
        table = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise BadArgumentError(f"{path.name}, line {reader.line_num}: {error}.") from None
    header = [cell.strip().casefold() for cell in table[0][1]]
    is_focus = "billedcost" in header
    places = _places(path, header, _FOCUS if is_focus else _SIMPLE)
    rows = []
    for number, cells in table[1:]:
        found = {part: cells[at].strip() if at < len(cells) else "" for part, at in places.items()}
        held = {part: "" if value.casefold() in _NOTHING else value for part, value in found.items()}
        if held.get("version") and held["version"].casefold() != "actual":
            continue
        rows.append(_row(held, f"{path.name}, line {number}", number, "." if is_focus else decimal))
    if not rows:
        raise BadArgumentError(f"{path.name} has a header row and nothing that was billed under it.")
    return tuple(rows)


def _row(held: Mapping[str, str], where: str, number: int, decimal: str) -> Invoiced:
    texts = {part: _unmarked(held.get(part, "")) for part in ("service", "account", "cost_center", "line", "unit")}
    month = held.get("month", "")
    if not held["provider"]:
        raise BadArgumentError(f"{where}: the provider is empty.")
    return Invoiced(
        row=number,
        provider=_unmarked(held["provider"]),
        amount=_number(held["amount"], f"{where}: amount", decimal),
        month=_month(month, where) if month else None,
        currency=held.get("currency", "").upper(),
        description=_unmarked(held.get("description", "")),
        quantity=_number(held["quantity"], f"{where}: quantity", decimal) if held.get("quantity") else None,
        **texts,
    )


def _places(path: Path, header: list[str], columns: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    places = {}
    for part, names in columns.items():
        at = next((header.index(name) for name in names if name in header), None)
        if at is not None:
            places[part] = at
    for part in ("provider", "amount"):
        if part not in places:
            name = columns[part][0]
            near = nearest(name, [cell for cell in header if cell])
            shown = ", ".join(cell for cell in header if cell)[:200]
            raise BadArgumentError(
                f"{path.name} has no column {name} in its first row (read: {shown}). "
                + (f"Nearest: {', '.join(near)}. " if near else "")
                + "Needed are provider and amount, or the FOCUS columns ProviderName and BilledCost; a file with "
                "another delimiter needs --invoice-delimiter."
            )
    return places


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise BadArgumentError(f"{path} is larger than {_LARGEST_FILE:,} bytes and is not read. Split it by month.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadArgumentError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadArgumentError(f"{path.name} is not a CSV file in UTF-8; save it as CSV UTF-8.") from None
    if not text.strip():
        raise BadArgumentError(f"{path} is empty, so there is nothing that was billed in it.")
    return text


def _delimiter_of(text: str) -> str:
    header = text.lstrip().splitlines()[0]
    return max(_DELIMITERS, key=header.count)


def _number(text: str, where: str, decimal: str) -> float:
    if not text:
        raise BadArgumentError(f"{where} is empty. Write 0 if nothing was billed.")
    if not _NUMBER[decimal].fullmatch(text):
        hint = "thousands are not separated" if any(mark in text for mark in ",.' ") else "write digits"
        raise BadArgumentError(f"{where} {text!r} is not a number with the decimal mark {decimal!r}: {hint}.")
    number = float(text.replace(decimal, "."))
    if not math.isfinite(number):
        raise BadArgumentError(f"{where} {text!r} is not a finite number.")
    return number


def _month(text: str, where: str) -> date:
    # FOCUS writes moments and ledgers days; a month alone is 2026-11.
    day = text.replace("T", " ").split(" ")[0]
    try:
        return date.fromisoformat(day).replace(day=1)
    except ValueError:
        return parse_month(day, f"{where}: month")


def _unmarked(text: str) -> str:
    # A ledger of ours marks texts that look like formulas with an apostrophe.
    return text[1:] if text[:2] in {"'=", "'+", "'-", "'@", "'\t", "'\r"} else text
