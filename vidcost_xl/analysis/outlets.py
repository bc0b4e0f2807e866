"""What leaves along a route when the data are read there: whether its policy lets it out, and the ports that takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from vidcost_xl.analysis.ways import Months, quantities
from vidcost_xl.digits import exceeds, whole_up
from vidcost_xl.model.bill import Bill
from vidcost_xl.model.blocks.allowance import free_times
from vidcost_xl.model.blocks.common import BITS_PER_BYTE, SECONDS_PER_HOUR, numbers, prefix, raw_of
from vidcost_xl.model.blocks.reading import ENCODE_WAY, FILL_WAY, TRAIN_WAY, own_way, way_of
from vidcost_xl.model.blocks.representation import is_encoded, is_read
from vidcost_xl.model.lines import Array
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import provider_of, split_place
from vidcost_xl.prices.schema import Route
from vidcost_xl.units import BITS_PER_GBIT

#: The input that counts dedicated ports.
PORTS: Final = "train.ports"


def is_route_feasible(bill: Bill, route: Route, part: int = 0, *, copied: bool = True) -> bool:
    """Whether a route ends at the plan's GPUs and its policy allows what leaves, of all or with one part along it.

    Parameters
    ----------
    copied : bool
        Whether the plan's copy beside the GPUs answers its share of the passes and is filled, and encoders read.
    """
    inside = {split_place(name)[0] for name in ways_to_gpus(bill.plan) if provider_of(name) == provider_of(route.id)}
    inside = {name for name in inside if price_book().route("egress", name).inside}
    if route.inside or inside:
        return route.id in inside
    limit = policy_limit(route)
    if limit is None:
        return True
    at, along = sharing(bill.plan, route, part)
    stored, left = quantities(bill, "stored", at), leaving(bill, route, along, part, copied=copied)
    left = left + _encoders(bill, route, part) if copied else left
    return not exceeds(float(np.max(np.divide(left, stored, out=np.zeros_like(left), where=stored > 0))), limit)


def leaving(bill: Bill, route: Route, along: Iterable[int] = (), part: int = 0, *, copied: bool = True) -> Months:
    """Bytes that training and the fills of the copy take along a route, of some representations or of all.

    Parameters
    ----------
    along : iterable of int
        Numbers of the representations; all where empty.
    part : int
        The one that alone moves there; all of them where 0.
    copied : bool
        Whether the plan's copy beside the GPUs answers its share of the passes and is filled.

    Returns
    -------
    ndarray, (month, draw)
    """
    plan, state = bill.plan, bill.state
    if not (copied and plan.is_on("staging.on")):
        return quantities(bill, "read", along)
    every = [n for n in tuple(along) or numbers(plan) if is_read(plan, n)]
    # What fills it begins where the data are now, on the same way where its provider has it.
    way = plan.text(FILL_WAY)
    filled = provider_of(way) != provider_of(route.id) or split_place(way)[0] == split_place(route.id)[0]
    own = [n for n in every if part and (n == part or own_way(plan, n))]
    taken = [prefix(n) + "read" for n in every]
    taken += [prefix(n) + "fill" for n in (every if filled else own)]
    found: Months = sum((state.monthly(name) for name in taken), np.zeros((state.months, 1)))
    return found


def _encoders(bill: Bill, route: Route, part: int) -> Months:
    # What encoders read along a route once the data are there, of all or of one part: no ports are counted for them.
    plan, way, name = bill.plan, bill.plan.text(ENCODE_WAY), split_place(route.id)[0]
    if part and part != raw_of(plan):
        along = way == route.id
    else:
        along = provider_of(way) != provider_of(route.id) or split_place(way)[0] == name
    read = [f"encode.{n}.bytes" for n in numbers(plan) if along and is_encoded(plan, n)]
    found: Months = sum((bill.state.monthly(line) for line in read), np.zeros((bill.state.months, 1)))
    return found


def sharing(plan: Plan, route: Route, part: int) -> tuple[list[int], list[int]]:
    """Representations stored where a route begins, and read along it, once one of them is; all where that is none."""
    if not part:
        return [], []
    others, place_of = [n for n in numbers(plan) if n != part], price_book().place_of
    at = [n for n in others if place_of(plan.text(prefix(n) + "class")) == place_of(route.id)]
    return [part, *at], [part, *(n for n in others if way_of(plan, n, TRAIN_WAY)[1] == route.id)]


def ways_to_gpus(plan: Plan) -> set[str]:
    """The routes to the plan's GPUs; where nothing is read, those that it would be read along."""
    every = numbers(plan)
    return {way_of(plan, n, TRAIN_WAY)[1] for n in [n for n in every if is_read(plan, n)] or every}


def policy_limit(route: Route) -> float | None:
    """So many times the bytes stored may leave in a month; None where more has a price or no limit."""
    return route.free_egress_times_stored if free_times(route.id) is None else None


def ports(bill: Bill, route: Route, along: Iterable[int] = (), part: int = 0, *, copied: bool = True) -> Array:
    """Dedicated ports that what leaves in the busiest month needs, of some representations or of all, (draw,)."""
    if route.port is None:
        return np.zeros(1)
    seconds = price_book().provider_of(route.id).hours_per_month * SECONDS_PER_HOUR
    rate = leaving(bill, route, along, part, copied=copied) * BITS_PER_BYTE / seconds / BITS_PER_GBIT
    return whole_up((rate / (route.port.gbps * bill.state["limits.utilisation"])).max(axis=0))
