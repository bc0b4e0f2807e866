"""Why a bill changed: volume, mix, price, structure and currency, which add up to the cent.

The change of every line and month is taken apart in this order, each effect on top of the one before:

- **structure**: the line, or the month, stands on one side only, or its quantity counts something else now
  (bytes before, hours after). All of its amount is structure.
- **volume**: lines of one stage that count the same thing form a group. Had the group grown as it did, with
  the old shares and old unit prices of its lines, the line would have changed by this much: its old amount
  times the growth of the group.
- **mix**: its share of the group changed. New quantity less what the growth alone would have made it, at the
  old unit price. Shifting bytes to a dearer line raises the bill although no price and no total volume
  changed. A line that moved to another meter, such as a cheaper storage class, is mix too: its new quantity
  is valued at the new meter's own price, because no price changed.
- **price**: the effective unit price changed, for whatever reason: list, tiers reached, private rate,
  discount, escalation. New quantity times the difference.
- **currency**: the new amount at the new rate less the same at the old one. All others are at the old rate.

Where a group had no volume before, what is counted now is volume. An amount without any quantity, such as a
minimum fee or a tax, changes by price. Amounts are costs and positive, so a positive effect is adverse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.analysis.cents import CENTS, Cents
from vidcost_xl.analysis.sides import Side, SideLine
from vidcost_xl.analysis.tables_in_cents import both_in_cents, effects_in_cents
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.lines import STAGES, Array, ratio

#: The effects, in the order in which they are taken off.
EFFECTS: Final = ("structure", "volume", "mix", "price", "currency")

_Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Variance:
    """The change between two sides, explained.

    Parameters
    ----------
    lines : tuple of SideLine
        Of both sides, in the order of the stages.
    months : tuple of date
        Of both sides.
    old, new : ndarray, (line, month)
        Reporting currency.
    effects : mapping of str to ndarray, (line, month)
        By `EFFECTS`; their sum is new less old.
    """

    lines: tuple[SideLine, ...]
    months: tuple[date, ...]
    old: Array
    new: Array
    effects: Mapping[str, Array]
    currency: str


@dataclass(frozen=True, eq=False)
class Statement:
    """A variance in whole cents: every row, column and total adds up exactly.

    Parameters
    ----------
    old : ndarray of int, (line, month)
    effects : ndarray of int, (effect, line, month)
        In the order of `EFFECTS`.
    """

    variance: Variance
    old: Cents
    effects: Cents

    @property
    def new(self) -> Cents:
        """Old and all effects together, (line, month)."""
        new: Cents = self.old + self.effects.sum(axis=0)
        return new

    def by(self, group: Iterable[str]) -> dict[str, tuple[int, ...]]:
        """Old, each effect and new of groups of lines, in cents.

        Parameters
        ----------
        group : iterable of str
            The group of each line.

        Returns
        -------
        dict of str to tuple of int
            In the order of first appearance.
        """
        names = list(group)
        parts = np.stack([self.old.sum(axis=1), *self.effects.sum(axis=2), self.new.sum(axis=1)], axis=1)
        result: dict[str, tuple[int, ...]] = {}
        for name in dict.fromkeys(names):
            result[name] = tuple(parts[[at for at, other in enumerate(names) if other == name]].sum(axis=0).tolist())
        return result

    @property
    def total(self) -> tuple[int, ...]:
        """Old, each effect and new of everything, in cents."""
        return (int(self.old.sum()), *self.effects.sum(axis=(1, 2)).tolist(), int(self.new.sum()))


def explain_change(old: Side, new: Side) -> Variance:
    """Take the change between two sides apart.

    Parameters
    ----------
    old, new : Side
        In one reporting currency.

    Raises
    ------
    BadArgumentError
        For two reporting currencies: their amounts have no difference.

    Notes
    -----
    Worked by hand: a line of 100 units at $2 becomes 150 units at $2.20, in the group of another one that
    stays at 100 units at $1. Old 200 + 100 = 300, new 330 + 100 = 430. The group grows from 200 to 250 units,
    a quarter: volume is 200/4 + 100/4 = 50 + 25. Growth alone would have made 125 and 125 units of them, so
    mix is 25 x $2 - 25 x $1 = 50 - 25. Price is 150 x $0.20 = 30. Together 75 + 25 + 30 = 130.
    """
    if old.currency != new.currency:
        raise BadArgumentError(
            f"amounts in {old.currency} and in {new.currency} have no difference: report both in one currency."
        )
    lines, months = _lines(old, new), tuple(sorted({*old.months, *new.months}))
    before, after = _Placed.of(old, lines, months), _Placed.of(new, lines, months)
    measures = [{line.id: line.measure for line in side.lines} for side in (old, new)]
    counted = np.array([measures[0].get(line.id) == measures[1].get(line.id) for line in lines], dtype=bool)
    common = before.there & after.there & counted[:, np.newaxis]
    meters = [{line.id: line.meter for line in side.lines} for side in (old, new)]
    same_meter = np.array([meters[0].get(line.id) == meters[1].get(line.id) for line in lines], dtype=bool)
    groups = _groups(lines)
    rate = np.where(np.isnan(before.fx), after.fx, before.fx)
    rate = np.nan_to_num(rate, nan=1.0)
    parts = _volume_mix_price(before.masked(common), after.masked(common), groups, same_meter[:, np.newaxis])
    fx = np.where(after.amount == 0, 0.0, after.amount * (np.nan_to_num(after.fx, nan=1.0) - rate))
    effects = {"structure": np.where(common, 0.0, after.reporting - before.reporting)}
    effects |= {name: np.where(common, part * rate, 0.0) for name, part in parts.items()}
    effects["currency"] = np.where(common, fx, 0.0)
    return Variance(lines, months, before.reporting, after.reporting, effects, new.currency)


def in_cents(variance: Variance) -> Statement:
    """Round a variance to whole cents that add up along lines, months and effects.

    Returns
    -------
    Statement
        Of old and new, the whole is rounded for itself and each line and month about a cent away from its amount at
        most; see `tables_in_cents`. What is the same on both sides, or 0, stays so.
    """
    old, new = both_in_cents(variance.old, variance.new)
    effects = np.stack([variance.effects[name] for name in EFFECTS])
    return Statement(variance, old, effects_in_cents(effects, new - old))


def money(cents: int) -> float:
    """An amount of whole cents in units of the currency."""
    return cents / CENTS


@dataclass(frozen=True, eq=False)
class _Placed:
    # A side on the lines and months of both.
    there: _Mask
    quantity: Array
    amount: Array
    fx: Array

    @classmethod
    def of(cls, side: Side, lines: tuple[SideLine, ...], months: tuple[date, ...]) -> _Placed:
        line_at = {line.id: at for at, line in enumerate(lines)}
        month_at = {month: at for at, month in enumerate(months)}
        at = np.ix_([line_at[line.id] for line in side.lines], [month_at[month] for month in side.months])

        def placed(values: Any, empty: float) -> Array:
            whole = np.full((len(lines), len(months)), empty)
            whole[at] = values
            return whole

        there = placed(1.0, 0.0) != 0
        return cls(there, placed(side.quantity, 0.0), placed(side.amount, 0.0), placed(side.fx, np.nan))

    @property
    def reporting(self) -> Array:
        return np.where(self.amount == 0, 0.0, self.amount * np.nan_to_num(self.fx, nan=1.0))

    def masked(self, mask: _Mask) -> _Placed:
        return _Placed(mask, np.where(mask, self.quantity, 0.0), np.where(mask, self.amount, 0.0), self.fx)


def _volume_mix_price(old: _Placed, new: _Placed, groups: NDArray[np.intp], same_meter: _Mask) -> dict[str, Array]:
    q0, q1, a0, a1 = old.quantity, new.quantity, old.amount, new.amount
    whole0, whole1 = _grouped(q0, groups), _grouped(q1, groups)
    had_volume = whole0 > 0
    growth = np.where(had_volume, ratio(whole1, whole0), 1.0)
    # What the new quantity would have cost at the old unit price; without one, at the new.
    priced = (q0 != 0) & same_meter
    at_old = np.where(priced, a0 * ratio(q1, q0), np.where(q1 != 0, a1, 0.0))
    counted = q1 != 0
    return {
        "volume": np.where(had_volume, a0 * (growth - 1.0), np.where(counted, a1 - a0, 0.0)),
        "mix": np.where(had_volume, at_old - a0 * growth, 0.0),
        "price": np.where(had_volume, a1 - at_old, np.where(counted, 0.0, a1 - a0)),
    }


def _grouped(quantity: Array, groups: NDArray[np.intp]) -> Array:
    whole = np.zeros((int(groups.max(initial=-1)) + 1, quantity.shape[1]))
    np.add.at(whole, groups, quantity)
    return whole[groups]


def _groups(lines: tuple[SideLine, ...]) -> NDArray[np.intp]:
    number: dict[tuple[str, str], int] = {}
    return np.array([number.setdefault((line.stage, line.measure), len(number)) for line in lines], dtype=np.intp)


def _lines(old: Side, new: Side) -> tuple[SideLine, ...]:
    merged = {line.id: line for line in old.lines} | {line.id: line for line in new.lines}
    order = {stage: at for at, stage in enumerate(STAGES)}
    return tuple(sorted(merged.values(), key=lambda line: order.get(line.stage, len(order))))  # type: ignore[call-overload]
