"""Barrier to entry: what the data cost until there is a first model, by provider, before any GPU.

The first row is the plan as it stands. Each other row is the plan's training data, stored, uploaded and read, at the
cheapest place of one provider that can serve it, priced by the model with the plan's allowances, private rates and
discounts; everything else of the plan (acquiring, encoding, checkpoints, leaving, support) is in the first row only.
The last row is the plan with a site of its own, and the cloud until that stands. What has no price on the plan's day is
a row without figures that says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from vidcost_xl.analysis.places import cheapest_offers
from vidcost_xl.analysis.ways import Months
from vidcost_xl.errors import NotInBookError, OutOfDomainError
from vidcost_xl.model.bill import Bill
from vidcost_xl.model.blocks.common import prefix
from vidcost_xl.model.blocks.reading import TRAIN_WAY, way_of
from vidcost_xl.model.meter_prices import as_of
from vidcost_xl.model.own import own_site
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import provider_of

#: Lines that are priced by it are GPU time, which the barrier leaves out.
GPU_PRICE: Final = "encode.gpu_usd_per_hour"
THIS_PLAN: Final = "This plan"
OWN_SITE: Final = "Own site, and the cloud until it stands"
OWN: Final = "own"

#: Stands for the class of a row without figures; its route says why.
LEFT_OUT: Final = "left out"
NO_PRICE: Final = "no price on "


@dataclass(frozen=True)
class Terms:
    """What every row is measured by.

    Parameters
    ----------
    first_model : int
        Months to a first model.
    funding : float
        Funding for data in USD, which it pays costs with as they come.
    gpus : float
        Training GPUs until a first model, the same each month, in reporting currency.
    rate : ndarray, (month,)
        Reporting currency for a USD.
    """

    first_model: int
    funding: float
    gpus: float
    rate: Months = field(repr=False)


@dataclass(frozen=True)
class Outcome:
    """What the data cost in one place.

    Parameters
    ----------
    months : ndarray, (month,)
        Cost of each month of the plan in reporting currency; NaN where it is left out.
    """

    id: str
    label: str
    provider: str
    storage_class: str
    route: str
    months: Months = field(repr=False)
    terms: Terms

    @property
    def cumulative(self) -> float:
        """Cost until there is a first model."""
        return float(self.months[: self.terms.first_model].sum())

    @property
    def monthly(self) -> float:
        """The same for an average of these months."""
        return self.cumulative / self.terms.first_model

    @property
    def usd(self) -> Months:
        """Cost of each month of the plan in USD."""
        return self.months / self.terms.rate

    @property
    def cumulative_usd(self) -> float:
        """Cost until there is a first model, in USD."""
        return float(self.usd[: self.terms.first_model].sum())

    @property
    def left(self) -> float:
        """Funding that is left by then, at the rate of that month; negative where it is not enough."""
        rate = float(self.terms.rate[self.terms.first_model - 1])
        return (self.terms.funding - self.cumulative_usd) * rate

    @property
    def data_share(self) -> float:
        """Share of the data in data and training GPUs together; 0 where neither costs anything."""
        whole = self.cumulative + self.terms.gpus
        return self.cumulative / whole if whole else 0.0

    @property
    def runway(self) -> float:
        """Months that the funding pays for; after the plan its last month goes on. Infinite where that is free."""
        spent = np.cumsum(self.usd)
        whole = int(np.count_nonzero(spent <= self.terms.funding))
        before = float(spent[whole - 1]) if whole else 0.0
        price = float(self.usd[min(whole, len(spent) - 1)])
        return whole + (self.terms.funding - before) / price if price else float("inf")


def terms_of(bill: Bill, months: int | None = None) -> Terms:
    """What the rows are measured by.

    Parameters
    ----------
    months : int, optional
        To a first model; the plan's own when not given.

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
    gpus = plan.number("barrier.gpu_hours") * plan.number("barrier.gpu_usd_per_hour")
    rate = bill.state.monthly("money.fx")[:, 0]
    return Terms(first_model, plan.number("barrier.funding"), gpus * float(rate[:first_model].mean()), rate)


def this_plan(bill: Bill, months: int | None = None) -> Outcome:
    """The plan as it stands, without GPU time."""
    cost = bill.sum_of(charge for charge in bill.charges if charge.line.meter != GPU_PRICE)
    kept = bill.plan.text(prefix(1) + "class")
    _, route = way_of(bill.plan, 1, TRAIN_WAY)
    months_cost = bill.reporting(cost)[:, 0]
    return Outcome("plan", THIS_PLAN, provider_of(kept), kept, route, months_cost, terms_of(bill, months))


def barrier(bill: Bill, months: int | None = None) -> list[Outcome]:
    """The plan as it stands, its data at every provider, and the plan with an own site.

    Parameters
    ----------
    bill : Bill
        Of one draw.
    months : int, optional
        To a first model; the plan's own when not given.

    Raises
    ------
    OutOfDomainError
        For more months than the plan has.
    """
    found = [this_plan(bill, months)]
    terms = found[0].terms
    for provider, offer in cheapest_offers(bill, terms.first_model).items():
        if offer is None:
            found.append(_left_out(bill, provider, named(provider), terms))
        else:
            kept, route = offer.place.storage_class, offer.place.route
            found.append(Outcome(provider, named(provider), provider, kept, route, offer.months, terms))
    drive, transit = (bill.plan.text(key) for key in ("own.drive", "own.transit"))
    try:
        found.append(Outcome(OWN, OWN_SITE, OWN, drive, transit, own_months(bill), terms))
    except NotInBookError:
        found.append(_left_out(bill, OWN, OWN_SITE, terms))
    return found


def _left_out(bill: Bill, key: str, label: str, terms: Terms) -> Outcome:
    day = as_of(bill.plan)
    why = f"{NO_PRICE}{day:%Y-%m-%d}" if day else f"{NO_PRICE}any day"
    return Outcome(key, label, key, LEFT_OUT, why, np.full(bill.plan.calendar.months, np.nan), terms)


def named(provider: str) -> str:
    """A provider as its row is called: with the region that it is priced in, where it has several."""
    row = price_book().providers[provider]
    return f"{row.name}, {row.default_region}" if len(row.regions) > 1 else row.name


def own_months(bill: Bill) -> Months:
    """The plan with an own site, cash: the whole bill of the cloud until the data have moved; without GPU time.

    Returns
    -------
    ndarray, (month,)
        In reporting currency.
    """
    gpu = bill.sum_of(charge for charge in bill.charges if charge.line.meter == GPU_PRICE)
    result: Months = own_site(bill).months("cash") - bill.reporting(gpu)[:, 0]
    return result
