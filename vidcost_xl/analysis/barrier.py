"""Barrier to entry: what the data cost until there is a first model, by route and provider, before any GPU.

The first row is the plan as it stands. Each other row keeps the bytes that the plan stores in one class, reads the
bytes that its training reads along one route, and pays list prices in pools of its own; everything else of the plan
(acquiring, encoding, checkpoints, leaving, support, private prices) is in the first row only.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from vidcost_xl.digits import whole_up
from vidcost_xl.errors import OutOfDomainError
from vidcost_xl.model.bill import Bill
from vidcost_xl.model.blocks.common import BITS_PER_BYTE, SECONDS_PER_HOUR, extra_get_meters, prefix, request_meter
from vidcost_xl.model.charges import as_of
from vidcost_xl.model.growth import compounded
from vidcost_xl.model.lines import ratio
from vidcost_xl.prices.book import price_book
from vidcost_xl.units import BITS_PER_GBIT

Months: TypeAlias = NDArray[np.float64]

#: Lines that are priced by it are GPU time, which the barrier leaves out.
GPU_PRICE: Final = "encode.gpu_usd_per_hour"
THIS_PLAN: Final = "This plan"


class Way(BaseModel):
    """One way to keep the training data and to read them, as the data file declares it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    label: str
    storage_class: str = Field(alias="class")
    route: str
    port_meter: str = ""
    port_gbps: float = 0.0


@dataclass(frozen=True)
class Part:
    """What one meter bills on a way.

    Parameters
    ----------
    what : {"storage", "get", "route", "port"}
    times : float
        How often each unit is counted.
    """

    meter: str
    what: str
    times: float = 1.0


@dataclass(frozen=True)
class Outcome:
    """What the data cost on one way.

    Parameters
    ----------
    months : ndarray, (month,)
        Cost of each month of the plan in reporting currency.
    rate : ndarray, (month,)
        Reporting currency for a USD.
    first_model : int
        Months to a first model.
    funding : float
        In USD, which it pays costs with as they come.
    """

    id: str
    label: str
    provider: str
    storage_class: str
    route: str
    months: Months
    rate: Months
    first_model: int
    funding: float

    @property
    def cumulative(self) -> float:
        """Cost until there is a first model."""
        return float(self.months[: self.first_model].sum())

    @property
    def monthly(self) -> float:
        """The same for an average of these months."""
        return self.cumulative / self.first_model

    @property
    def usd(self) -> Months:
        """Cost of each month of the plan in USD."""
        return self.months / self.rate

    @property
    def cumulative_usd(self) -> float:
        """Cost until there is a first model, in USD."""
        return float(self.usd[: self.first_model].sum())

    @property
    def left(self) -> float:
        """Funding that is left by then, at the rate of that month; negative where it is not enough."""
        return (self.funding - self.cumulative_usd) * float(self.rate[self.first_model - 1])

    @property
    def runway(self) -> float:
        """Months that the funding pays for; after the plan its last month goes on. Infinite where that is free."""
        spent = np.cumsum(self.usd)
        whole = int(np.count_nonzero(spent <= self.funding))
        before = float(spent[whole - 1]) if whole else 0.0
        price = float(self.usd[min(whole, len(spent) - 1)])
        return whole + (self.funding - before) / price if price else float("inf")


@lru_cache(maxsize=1)
def ways() -> tuple[Way, ...]:
    """The ways of the data file, in its order."""
    text = (files("vidcost_xl.analysis") / "data" / "barrier.toml").read_text(encoding="utf-8")
    return tuple(Way.model_validate(row) for row in tomllib.loads(text)["way"])


def parts(way: Way) -> list[Part]:
    """The meters that bill a way."""
    book = price_book()
    item = book.storage_class(way.storage_class)
    get = request_meter(item, "get")
    found = [Part(item.storage, "storage")]
    found += [Part(meter, "get") for meter in [*([get] if get else []), *extra_get_meters(way.route)]]
    found += [Part(leg.meter, "route", leg.times) for leg in book.route("egress", way.route).legs]
    return found + ([Part(way.port_meter, "port")] if way.port_meter else [])


def barrier(bill: Bill, months: int | None = None) -> list[Outcome]:
    """The plan as it stands, and the same data on every way.

    Parameters
    ----------
    bill : Bill
        Of one draw.
    months : int, optional
        To a first model; the plan's own when not given.

    Returns
    -------
    list of Outcome
        The plan first.

    Raises
    ------
    OutOfDomainError
        For more months than the plan has.
    """
    plan = bill.plan
    first_model = plan.integer("barrier.months") if months is None else months
    if first_model > plan.calendar.months:
        raise OutOfDomainError(
            f"months to a first model are 1 to the {plan.calendar.months} of the plan, not {first_model}: "
            "make calendar.months longer."
        )
    fx = bill.state.monthly("money.fx")[:, 0]
    whole = bill.sum_of(charge for charge in bill.charges if charge.line.meter != GPU_PRICE)[:, 0] * fx
    funding = plan.number("barrier.funding")
    here = plan.text(prefix(1) + "class")
    own = (here.split(".")[0], here, plan.text("train.route"))
    found = [Outcome("plan", THIS_PLAN, *own, whole, fx, first_model, funding)]
    for way in ways():
        provider = way.storage_class.split(".")[0]
        cost = way_cost(bill, way) * fx
        found.append(Outcome(way.id, way.label, provider, way.storage_class, way.route, cost, fx, first_model, funding))
    return found


def way_cost(bill: Bill, way: Way) -> Months:
    """The plan's training data on a way, month by month at list price.

    Returns
    -------
    ndarray, (month,)
        In USD.
    """
    plan = bill.plan
    stored, read, gets = (quantity(bill, what) for what in ("stored", "read", "gets"))
    total = np.zeros(plan.calendar.months)
    for part in parts(way):
        priced = price_book().price(part.meter, None, as_of(plan))
        if part.what == "port":
            hours = priced.provider.hours_per_month
            rate = read * BITS_PER_BYTE / (hours * SECONDS_PER_HOUR) / BITS_PER_GBIT
            counted = whole_up(rate / (way.port_gbps * plan.number("limits.utilisation"))) * hours
        else:
            counted = {"storage": stored, "get": gets, "route": read}[part.what]
        total += priced.tariff.charges(counted * part.times / priced.meter.unit_size)
    escalation = compounded(np.array(plan.number("money.escalation")), bill.state.month[:, 0])
    result: Months = total * escalation
    return result


def quantity(bill: Bill, what: str) -> Months:
    """Bytes stored, bytes that training reads, or the GETs that takes, of all representations and every month.

    Parameters
    ----------
    what : {"stored", "read", "gets"}

    Returns
    -------
    ndarray, (month,)
    """
    state = bill.state
    numbers = range(1, bill.plan.representations + 1)
    if what == "stored":
        return _summed(state.monthly(f"{prefix(n)}stored")[:, 0] for n in numbers)
    read = {n: (state[f"{prefix(n)}wanted"] * (1.0 - state["train.cached"])) for n in numbers}
    if what == "gets":
        read = {n: ratio(amount, state[f"{prefix(n)}get_bytes"]) for n, amount in read.items()}
    return _summed(np.broadcast_to(amount, (state.months, 1))[:, 0] for amount in read.values())


def _summed(amounts: Iterable[Months]) -> Months:
    result: Months = np.sum(list(amounts), axis=0)
    return result
