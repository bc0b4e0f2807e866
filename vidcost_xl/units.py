"""Amounts of data. Decimal (TB) and binary (TiB) units are kept apart.

A byte count is the only internal size. `parse_amount` reads what people type
("5 PB"), `bytes_per` gives the size of a unit, `convert` goes between two.
Unit names are case-sensitive where a change of case changes the meaning:
Mb is megabits, MB is megabytes.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Final

from vidcost_xl.errors import BadArgumentError, OutOfDomainError, nearest

#: Bytes in one unit. SI prefixes: BIPM SI brochure, 9th edition, table 7; binary prefixes: IEC 80000-13.
UNITS: Final[dict[str, float]] = {
    "B": 1.0,
    "kB": 1e3,
    "KB": 1e3,
    "MB": 1e6,
    "GB": 1e9,
    "TB": 1e12,
    "PB": 1e15,
    "EB": 1e18,
    "KiB": 2.0**10,
    "MiB": 2.0**20,
    "GiB": 2.0**30,
    "TiB": 2.0**40,
    "PiB": 2.0**50,
    "EiB": 2.0**60,
}

#: The provider's own billing unit, as printed on the invoice. Only a price knows its size.
BILLED: Final = "billed"

BYTES_PER_TB: Final = 1e12
BITS_PER_BYTE: Final = 8
BITS_PER_MBIT: Final = 1e6
BITS_PER_GBIT: Final = 1e9
SECONDS_PER_DAY: Final = 86_400

_AMOUNT = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([A-Za-z]*)\s*")
_PERCENT = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*%\s*")
_SEPARATED = re.compile(r"\d[,'\u2019\u00a0\u202f\u2009 ]\d")


def bytes_per(unit: str) -> float:
    """How many bytes one `unit` holds.

    Parameters
    ----------
    unit : str
        One of `UNITS`; surrounding spaces do not matter, case does.

    Returns
    -------
    float
        Bytes.

    Raises
    ------
    BadArgumentError
        For an unknown unit; names the nearest one.

    Examples
    --------
    >>> bytes_per("TB"), bytes_per("TiB")
    (1000000000000.0, 1099511627776.0)
    """
    size = UNITS.get(unit)
    if size is None:
        size = UNITS.get(unit.strip())
    if size is None:
        raise BadArgumentError(_unknown_unit(unit))
    return size


def convert(amount: float, from_unit: str, to_unit: str) -> float:
    """Express `amount` of one unit in another.

    Parameters
    ----------
    amount : float
        In `from_unit`.
    from_unit, to_unit : str
        One of `UNITS`.

    Returns
    -------
    float
        In `to_unit`.

    Examples
    --------
    >>> convert(1, "TiB", "GiB")
    1024.0
    """
    return amount * bytes_per(from_unit) / bytes_per(to_unit)


def parse_amount(text: str) -> float:
    """Read an amount such as "5 PB".

    Parameters
    ----------
    text : str
        A number with a point as its decimal mark, then a unit of `UNITS`.

    Returns
    -------
    float
        Bytes.

    Raises
    ------
    BadArgumentError
        For thousands separators or a decimal comma (ambiguous between countries), for a
        missing or unknown unit, for anything else that is not an amount.
    OutOfDomainError
        For a negative or infinite amount.

    Examples
    --------
    >>> parse_amount("5 PB")
    5000000000000000.0
    """
    match = _AMOUNT.fullmatch(text)
    if match is None:
        if _SEPARATED.search(text):
            raise BadArgumentError(
                f"{text!r} is ambiguous: a comma, space or apostrophe inside a number means thousands in one country "
                'and decimals in another. Write the number without separators and with a point, such as "4656 PB".'
            )
        raise BadArgumentError(f'{text!r} is not an amount of data. Write a number and a unit, such as "5 PB".')
    number, unit = match.groups()
    if not unit:
        raise BadArgumentError(f'{number} what? Write the unit too, such as "{number} TB".')
    size = float(number) * bytes_per(unit)
    if size < 0 or not math.isfinite(size):
        raise OutOfDomainError(f"{text!r}: an amount of data is finite and not negative.")
    return size


def parse_percent(text: str) -> float | None:
    """The share that a text such as "12%" says; None for any other text.

    Examples
    --------
    >>> parse_percent("12 %"), parse_percent("12")
    (0.12, None)
    """
    match = _PERCENT.fullmatch(text)
    return None if match is None else float(Decimal(match[1]) / 100)


def _unknown_unit(unit: str) -> str:
    allowed = ", ".join(UNITS)
    written = unit.strip()
    if written[-1:] == "b" and len(written) <= 3:
        corrected = written[:-1].upper().replace("I", "i") + "B"
        if corrected in UNITS:
            return f"unit {unit!r} reads as bits; sizes are in bytes. Write {corrected!r}. Allowed: {allowed}."
    for known in UNITS:
        if known.casefold() == written.casefold():
            return f"unit {unit!r} is written {known!r}: case matters (Mb is megabits). Allowed: {allowed}."
    close = nearest(written, UNITS) if written else []
    near = f" Nearest: {', '.join(close)}." if close else ""
    return f"unit {unit!r} is not known.{near} Allowed: {allowed}."
