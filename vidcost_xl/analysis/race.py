"""Two plans priced at many values of a driver, with the quantities that decide where their prices turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.analysis.breakeven import MOST_PASSES, PASSES, WIDENING
from vidcost_xl.analysis.drivers import Turned, turned
from vidcost_xl.analysis.rivals import Driven, Rival
from vidcost_xl.digits import SAME, TOLERANCE_MONEY
from vidcost_xl.model.bill import Bill
from vidcost_xl.model.catalogue import catalogue, spec_key
from vidcost_xl.model.charges import Charge
from vidcost_xl.model.lines import Array
from vidcost_xl.prices.tariff import Tariff

#: Differences this small are the noise of sums of dozens of lines and months.
NOISE: Final = 10 * SAME

#: An input that must be above 0 is searched from this share of the high end.
LEAST_SHARE: Final = 1e-4

Signs = NDArray[np.float64]


@dataclass(frozen=True)
class Pools:
    """The metered pools of a bill.

    Parameters
    ----------
    tariffs : tuple of Tariff
    quantities : tuple of ndarray, (month, value)
        Billing units of each.
    rates : tuple of float
        Reporting currency for one of its charge, the most of any month.
    """

    tariffs: tuple[Tariff, ...]
    quantities: tuple[Array, ...]
    rates: tuple[float, ...]

    def __add__(self, other: Pools) -> Pools:
        return Pools(self.tariffs + other.tariffs, self.quantities + other.quantities, self.rates + other.rates)

    @staticmethod
    def joined(parts: Sequence[Pools]) -> Pools:
        """Those of consecutive values as one."""
        first = parts[0]
        quantities = (np.concatenate(each, axis=1) for each in zip(*(part.quantities for part in parts), strict=True))
        return Pools(first.tariffs, tuple(quantities), first.rates)


def pools_of(bill: Bill, values: int) -> Pools:
    """The pools of a bill that the draws move, each once.

    Parameters
    ----------
    values : int
        How many draws the bill has.
    """
    seen: dict[int, Charge] = {}
    for charge in bill.charges:
        if charge.priced is not None:
            seen.setdefault(id(charge.pool), charge)
    months, rate = bill.state.months, float(np.max(bill.state["money.fx"]))
    quantities = [np.broadcast_to(each.pool.quantity, (months, values)) for each in seen.values()]
    tariffs = tuple(each.priced.tariff for each in seen.values() if each.priced is not None)
    return Pools(tariffs, tuple(quantities), (rate,) * len(tariffs))


@dataclass(frozen=True)
class Looked:
    """Both costs at some values, and what is between them."""

    values: Array
    first: Array
    second: Array
    pools: Pools

    @property
    def both(self) -> tuple[Array, Array]:
        """The costs of each."""
        return self.first, self.second

    @property
    def gap(self) -> Array:
        """What the first costs more."""
        return self.first - self.second

    @property
    def noise(self) -> Array:
        """Below which the costs are the same."""
        found: Array = TOLERANCE_MONEY + NOISE * np.maximum(np.abs(self.first), np.abs(self.second))
        return found

    @property
    def signs(self) -> Signs:
        """1 where the second is the cheaper one, -1 where the first is, 0 where they cost the same."""
        return np.where(np.abs(self.gap) <= self.noise, 0.0, np.sign(self.gap))


@dataclass(frozen=True)
class Race:
    """Two plans and the driver as it counts in each."""

    sides: tuple[Driven, Driven]

    @property
    def turned(self) -> tuple[Turned, Turned]:
        """The driver in each."""
        one, other = self.sides
        return one.turned, other.turned

    @property
    def whole(self) -> bool:
        """Whether the driver is counted in whole ones."""
        return self.turned[0].driver.whole

    def look(self, values: Array) -> Looked:
        """Price both plans at values of the driver, rising."""
        costs, pools = [], []
        for side in self.sides:
            cost, parts = np.empty(values.shape), []
            for at, bill in side.bills(values):
                cost[at] = side.rival.cost(bill)
                parts.append(pools_of(bill, values[at].size))
            costs.append(cost)
            pools.append(Pools.joined(parts))
        return Looked(values, costs[0], costs[1], pools[0] + pools[1])


def race_of(rivals: tuple[Rival, Rival], driver: str) -> Race:
    """Two plans and a driver: a word of `drivers`, or the key of a numeric input.

    Raises
    ------
    BadArgumentError
        For another driver.
    """
    one, other = rivals
    return Race((Driven(one, turned(one.plan, driver)), Driven(other, turned(other.plan, driver))))


def search_range(race: Race) -> tuple[float, float]:
    """The least and the most of the driver that are searched."""
    if race.turned[0].driver.name == PASSES:
        return 0.0, MOST_PASSES
    known = [found.plan.range_of(found.driver.key) or (0.0, 0.0) for found in race.turned]
    reach = [
        WIDENING * max(abs(found.now), ends[1] * found.scale) for found, ends in zip(race.turned, known, strict=True)
    ]
    high = min(max(1.0, *reach), *(found.most for found in race.turned))
    low = max(found.least for found in race.turned)
    spec = catalogue()[spec_key(race.turned[0].driver.key)]
    return (low if spec.above is None else high * LEAST_SHARE), high
