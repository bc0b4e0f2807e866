"""The rows and notes of the functions that decide."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.errors import ExcelError

if TYPE_CHECKING:  # the model is loaded by the first call that needs it, not by registering the functions
    from vidcost_xl.analysis.afford import Afford

Table = list[list[Any]]

#: What rounds to no cent.
HALF_A_CENT: Final = 0.005


def afford_rows(found: Afford, budget: float, unit: str, money: str, what: str, least: float) -> Table:
    """What a budget buys, its cost and that of the next whole number; or why it buys nothing.

    Parameters
    ----------
    what : str
        What the cost is of.
    least : float
        Of the driver.
    """
    kind = "Least that fits" if found.is_least else "Most that fits"
    if not found.moves:
        why = (
            f"none: it does not move the bill, {found.cost:,.2f} {money} for {what} at any number; "
            "=VIDEO_SENSITIVITY() lists what does"
        )
        return [[kind, ExcelError("#N/A", why), unit, why]]
    if found.value is None:
        over = amount_over(found.cost - budget, money)
        why = f"none: at {least:g} {unit} it costs {found.cost:,.2f} {money}, {over} too much"
        return [[kind, ExcelError("#N/A", why), unit, why]]
    if math.isinf(found.value):
        why = f"no limit: it costs {found.cost:,.2f} {money} at {least:g} {unit}, and nowhere more than the budget"
        return [[kind, ExcelError("#N/A", why), unit, why]]
    note = "some beyond the next step fits too" if found.fits_elsewhere else ""
    if found.step is None:
        note = note or "all that the plan can have"
    rows: Table = [[kind, found.value, unit, note], ["It then costs", found.cost, money, what]]
    if found.step is not None and found.step_cost is not None:
        over = amount_over(found.step_cost - budget, money)
        whole = "percent" if unit.startswith("share") else "number"
        rows.append([f"The next whole {whole}", found.step, unit, f"{over} too much"])
        rows.append(["It would cost", found.step_cost, money, what])
    return rows


def own_months(months: int) -> str:
    """That an input has months of its own, for a note; empty where it has none."""
    if not months:
        return ""
    return (
        f"{months} months have values of their own, which stay" if months > 1 else "one month has its own, which stays"
    )


def amount_over(amount: float, money: str) -> str:
    """An amount of money, of which none is shown as 0."""
    return f"{amount:,.2f} {money}" if amount >= HALF_A_CENT else f"less than a cent ({amount:.2g} {money})"
