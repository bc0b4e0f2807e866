"""Amounts of data: in another unit, and the days that they take over a link."""

from __future__ import annotations

import numpy as np

from vidcost_xl.functions.arguments import read_number, read_numbers, read_text, read_volume
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.steps import explain_step
from vidcost_xl.functions.values import default_number, default_text
from vidcost_xl.prices.quote import Quantity
from vidcost_xl.units import BITS_PER_BYTE, BITS_PER_GBIT, SECONDS_PER_DAY, convert


@excel_function(
    "Size",
    "Express an amount of data in another unit; decimal and binary units are kept apart.",
    helps={
        "amount": "The amount, a number or a range of numbers.",
        "from_unit": "Its unit: B, kB, MB, GB, TB, PB, EB (powers of 1000) or KiB to EiB (powers of 1024).",
        "to_unit": "The unit wanted.",
    },
)
def VIDEO_CONVERT(amount: object, from_unit: object, to_unit: object) -> Quantity:
    """Convert between units of data.

    Parameters
    ----------
    amount : float or range
        In `from_unit`.
    from_unit, to_unit : str

    Returns
    -------
    float or ndarray
        In `to_unit`.

    Examples
    --------
    >>> VIDEO_CONVERT(5, "PiB", "TiB")
    5120.0
    """
    start, end = read_text(from_unit, "from_unit"), read_text(to_unit, "to_unit")
    numbers = read_numbers(amount, "amount")
    return convert(numbers, start, end) if isinstance(numbers, float) else numbers * convert(1.0, start, end)


@excel_function(
    "Size",
    "Days that moving an amount of data takes over a link.",
    helps={
        "gbps": "Line rate of the link in Gbit/s (10^9 bits a second).",
        "utilisation": "Share of the line rate that carries data, above 0 to 1.",
    },
)
def VIDEO_TRANSFERDAYS(
    amount: object = default_number(5),
    unit: object = default_text("PB"),
    gbps: object = default_number(100),
    utilisation: object = default_number(0.8),
) -> Quantity:
    """Duration of a transfer.

    Parameters
    ----------
    amount, unit
        Data to move.
    gbps : float
        Gbit/s, above 0.
    utilisation : float
        Above 0, at most 1.

    Returns
    -------
    float or ndarray
        Days.

    Examples
    --------
    >>> round(VIDEO_TRANSFERDAYS(5, "PB", 100, 0.8), 3)
    5.787
    """
    share = read_number(utilisation, "utilisation", 0, 1, above=True)
    rate = read_number(gbps, "gbps", above=True) * BITS_PER_GBIT * share
    bits = np.multiply(read_volume(amount, unit), BITS_PER_BYTE)
    explain_step("payload rate", rate, "bit/s", "Gbit/s x 10^9 x utilisation")
    days = bits / rate / SECONDS_PER_DAY
    return days if isinstance(days, np.ndarray) else float(days)
