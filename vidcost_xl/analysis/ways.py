"""Fixed ways to store the training data and read them, at list price: what the article counts, and three beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from vidcost_xl.model.bill import Bill
from vidcost_xl.model.blocks.common import extra_get_meters, prefix, request_meter
from vidcost_xl.model.growth import compounded
from vidcost_xl.model.lines import ratio
from vidcost_xl.model.meter_prices import as_of
from vidcost_xl.prices.book import price_book

Months: TypeAlias = NDArray[np.float64]


class Way(BaseModel):
    """One way to keep the training data and to read them, as the data file declares it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    label: str
    storage_class: str = Field(alias="class")
    route: str


@dataclass(frozen=True)
class Part:
    """What one meter bills on a way.

    Parameters
    ----------
    what : {"stored", "gets", "read"}
    times : float
        How often each unit is counted.
    """

    meter: str
    what: str
    times: float = 1.0


@lru_cache(maxsize=1)
def ways() -> tuple[Way, ...]:
    """The ways of the data file, in its order."""
    text = (files("vidcost_xl.analysis") / "data" / "ways.toml").read_text(encoding="utf-8")
    return tuple(Way.model_validate(row) for row in tomllib.loads(text)["way"])


def internet_way() -> Way:
    """S3, out over the internet: what the article counts."""
    return ways()[0]


def parts(way: Way) -> list[Part]:
    """The meters that bill a way."""
    book = price_book()
    item = book.storage_class(way.storage_class)
    get = request_meter(item, "get")
    found = [Part(item.storage, "stored")]
    found += [Part(meter, "gets") for meter in [*([get] if get else []), *extra_get_meters(way.route)]]
    return found + [Part(leg.meter, "read", leg.times) for leg in book.route("egress", way.route).legs]


def way_cost(bill: Bill, way: Way, what: Collection[str] = ("stored", "gets", "read")) -> Months:
    """The plan's training data on a way, month by month at list price, each meter a pool of its own.

    Parameters
    ----------
    what : collection of str
        The parts that are counted.

    Returns
    -------
    ndarray, (month,)
        In USD.
    """
    total = np.zeros(bill.plan.calendar.months)
    for part in parts(way):
        if part.what in what:
            priced = price_book().price(part.meter, None, as_of(bill.plan))
            total += priced.tariff.charges(quantity(bill, part.what) * part.times / priced.meter.unit_size)
    escalation = compounded(np.array(bill.plan.number("money.escalation")), bill.state.month[:, 0])
    result: Months = total * escalation
    return result


def quantity(bill: Bill, what: str) -> Months:
    """`quantities` of a plan without draws, (month,)."""
    found: Months = quantities(bill, what)[:, 0]
    return found


def quantities(bill: Bill, what: str, only: Iterable[int] = ()) -> Months:
    """Bytes stored, bytes that training reads, or the GETs that takes, of representations in every month.

    Parameters
    ----------
    what : {"stored", "read", "gets"}
    only : iterable of int
        Numbers of the representations; all where empty.

    Returns
    -------
    ndarray, (month, draw)
    """
    state = bill.state
    numbers = tuple(only) or range(1, bill.plan.representations + 1)
    if what == "stored":
        return _summed(state.monthly(f"{prefix(n)}stored") for n in numbers)
    read = {n: (state[f"{prefix(n)}wanted"] * (1.0 - state["train.cached"])) for n in numbers}
    if what == "gets":
        read = {n: ratio(amount, state[f"{prefix(n)}get_bytes"]) for n, amount in read.items()}
    return _summed(np.broadcast_to(amount, (state.months, amount.shape[1])) for amount in read.values())


def _summed(amounts: Iterable[Months]) -> Months:
    first, *others = amounts
    result: Months = sum(others, first)
    return result
