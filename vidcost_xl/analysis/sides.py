"""One side of a comparison: quantities and amounts by line and month, from a bill or from the rows of a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np

from vidcost_xl.model.lines import Array

if TYPE_CHECKING:
    from vidcost_xl.model.bill import Bill
    from vidcost_xl.model.charges import Charge
    from vidcost_xl.prices.schema import Meter

#: Kinds of meter whose base units are the same whatever the provider bills in: bytes, byte-months, requests.
_SAME_BASE: Final = frozenset({"storage", "transfer", "retrieval", "request"})


@dataclass(frozen=True)
class SideLine:
    """A line of one side.

    Parameters
    ----------
    measure : str
        What its quantity counts; quantities of one measure can be added.
    """

    id: str
    stage: str
    label: str
    meter: str
    measure: str


@dataclass(frozen=True)
class Row:
    """One row of a ledger.

    Parameters
    ----------
    month : date
        Its first day.
    quantity : float
        In the unit that the line's measure names.
    amount : float
        In the currency of the charge.
    reporting : float
        In the reporting currency.
    """

    line: SideLine
    month: date
    quantity: float
    amount: float
    reporting: float


@dataclass(frozen=True, eq=False)
class Side:
    """Quantities and amounts of one side.

    Parameters
    ----------
    months : tuple of date
        First days, ascending.
    quantity : ndarray, (line, month)
        In the measure of each line.
    amount : ndarray, (line, month)
        In the currency of the charge.
    fx : ndarray, (line, month)
        Reporting currency for one unit of it; NaN where nothing was converted.
    currency : str
        The reporting currency.
    """

    lines: tuple[SideLine, ...]
    months: tuple[date, ...]
    quantity: Array
    amount: Array
    fx: Array
    currency: str

    @property
    def reporting(self) -> Array:
        """Amounts in the reporting currency, (line, month)."""
        return np.where(self.amount == 0, 0.0, self.amount * np.nan_to_num(self.fx, nan=1.0))


def side_of(bill: Bill, *, converted: bool = True) -> Side:
    """A bill as one side of a comparison.

    Parameters
    ----------
    bill : Bill
        Its first draw.
    converted : bool
        Whether in the reporting currency; otherwise in that of the charges, US dollars.

    Returns
    -------
    Side
        Bytes and requests are counted in base units, so that providers with other billing units compare.
    """
    months = bill.state.months
    fx = bill.state.monthly("money.fx")[:, 0] if converted else np.ones(months)
    charges = bill.charges
    sizes = np.array([base_size(charge.priced.meter if charge.priced else None) for charge in charges])[:, np.newaxis]
    return Side(
        lines=tuple(_line_of(charge) for charge in charges),
        months=tuple(bill.plan.calendar.starts),
        quantity=_stacked([charge.quantity for charge in charges], months) * sizes,
        amount=_stacked([charge.effective for charge in charges], months),
        fx=np.tile(fx, (len(charges), 1)),
        currency=bill.plan.text("money.currency") if converted else "USD",
    )


def side_of_rows(rows: Sequence[Row], currency: str) -> Side:
    """The rows of a ledger as one side of a comparison; rows of one line and month are added."""
    lines = {row.line.id: row.line for row in rows}
    months = sorted({row.month for row in rows})
    line_at = {name: at for at, name in enumerate(lines)}
    month_at = {month: at for at, month in enumerate(months)}
    at = (
        np.array([line_at[row.line.id] for row in rows], dtype=np.intp),
        np.array([month_at[row.month] for row in rows], dtype=np.intp),
    )
    shape = (len(lines), len(months))

    def added(values: list[float]) -> Array:
        total = np.zeros(shape)
        np.add.at(total, at, values)
        return total

    amount, reporting = added([row.amount for row in rows]), added([row.reporting for row in rows])
    # Amounts that cancel although their conversions do not have no rate: they count as they were converted.
    lost = (amount == 0) & (reporting != 0)
    amount = np.where(lost, reporting, amount)
    fx = np.divide(reporting, amount, out=np.full(shape, np.nan), where=amount != 0)
    return Side(tuple(lines.values()), tuple(months), added([row.quantity for row in rows]), amount, fx, currency)


def _stacked(values: Sequence[Array], months: int) -> Array:
    if not values:
        return np.zeros((0, months))
    return np.stack([np.broadcast_to(value[:, :1], (months, 1))[:, 0] for value in values])


def base_size(meter: Meter | None) -> float:
    """Base units, which providers have in common, in one billing unit of a meter."""
    return meter.unit_size if meter is not None and meter.dimension in _SAME_BASE else 1.0


def _line_of(charge: Charge) -> SideLine:
    line, priced = charge.line, charge.priced
    measure = priced.meter.dimension if priced is not None and priced.meter.dimension in _SAME_BASE else charge.unit
    return SideLine(line.id, line.stage, line.label, line.meter, measure)
