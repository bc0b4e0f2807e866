"""Where one representation may be kept, and the plan with each of its own in such a place.

What a plan's inputs let one choose: the class of each representation with its region, a second class and the age at
which a lifecycle rule moves objects there, the route to the GPUs, and the share that is in the copy beside them.
Classes and routes hold for the whole plan: moving all data to another provider in some month is no input of the model,
nor is the place of the copy or of checkpoints decided here. Leaving a provider is a charge of one place: left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from vidcost_xl.analysis.outlets import ways_to_gpus
from vidcost_xl.analysis.parts import is_wanted
from vidcost_xl.analysis.places import beside_ports, classes_to_choose, put_in, routes_of, there, why_no_place
from vidcost_xl.model.blocks.allowance import free_times
from vidcost_xl.model.blocks.common import numbers, prefix, raw_of
from vidcost_xl.model.blocks.reading import ENCODE_WAY, FETCH_WAY, TRAIN_WAY
from vidcost_xl.model.blocks.representation import is_read, months_kept
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import provider_of, split_place
from vidcost_xl.prices.schema import Route

#: Ages in months at which objects may move to a second class, beside the plan's own.
AGES: Final = (1, 2, 3, 6, 12, 24)


@dataclass(frozen=True)
class Kept:
    """A class, and the one to which objects move at an age; no region is said.

    Parameters
    ----------
    share : float
        Of the objects, which move.
    age : int
        Months; 0 where none move, or where the share lies in the second class from the start.
    """

    first: str
    second: str = ""
    share: float = 0.0
    age: int = 0

    @property
    def provider(self) -> str:
        """Whose they are."""
        return provider_of(self.first)


@dataclass(frozen=True)
class Spot:
    """Where a representation is kept and along which route it is read.

    Parameters
    ----------
    route : str
        Without its region; empty where nothing reads it.
    """

    kept: Kept
    route: str
    region: str

    @property
    def provider(self) -> str:
        """Whose it is."""
        return self.kept.provider

    def named(self, name: str) -> str:
        """A class or route in the region; in the default region without one."""
        return there(name, self.region) if name else ""

    @property
    def place(self) -> str:
        """The place as the price book calls it."""
        return price_book().place_of(self.named(self.kept.first))

    @property
    def end(self) -> str | None:
        """Where its route ends; None where that is wherever the GPUs are."""
        return end_of(self.named(self.route)) if self.route else None


def end_of(route: str) -> str | None:
    """The place in which a route ends; None for one that leads out of its provider."""
    return price_book().end_of(price_book().route("egress", route))


def classes_for(plan: Plan, n: int, provider: str) -> Iterator[Kept]:
    """The classes of a provider that can hold the n-th representation, with the moves between them.

    Notes
    -----
    What nothing reads may lie in an archive. The rest of a minimum duration is billed by the model.
    """
    items = {item.id: item for item in classes_to_choose() if provider_of(item.id) == provider}
    wanted, kept = is_wanted(plan, n), months_kept(plan, n)
    fit = {name: item for name, item in items.items() if not why_no_place(item, read=wanted)}
    for name in fit:
        yield Kept(name)
    own = _own(plan, n)
    if own.second and own.first in fit and own.second in fit:
        yield own
    for name, item in fit.items():
        for second in item.moves_to if not item.minimum_days else ():
            for age in AGES if second in fit else ():
                moved = Kept(name, second, 1.0, age)
                if age < (kept or plan.calendar.months) and moved != own:
                    yield moved


def _own(plan: Plan, n: int) -> Kept:
    p = prefix(n)
    names = [split_place(plan.text(p + key))[0] for key in ("class", "second_class")]
    monthly = any(key == p + "second_share" for key, _ in plan.monthly)
    if not names[1] or monthly or not plan.number(p + "second_share"):
        return Kept(names[0])
    return Kept(names[0], names[1], plan.number(p + "second_share"), plan.integer(p + "lifecycle_months"))


def routes_for(plan: Plan, provider: str) -> list[Route]:
    """The routes of a provider that lead to the plan's GPUs, whatever its policy."""
    ways = {split_place(name)[0] for name in ways_to_gpus(plan) if provider_of(name) == provider}
    inside = {name for name in ways if price_book().route("egress", name).inside}
    found = routes_of(provider)
    return [route for route in found if (route.id in inside if route.inside or inside else route.compared)]


def unconditional(plan: Plan) -> Spot:
    """A place to put the representations that are not looked at: without a policy, free egress or an end."""
    for provider in price_book().providers:
        routes = [
            route
            for route in routes_for(plan, provider)
            if not route.inside and not route.port and route.free_egress_times_stored is None
        ]
        items = [item for item in classes_to_choose() if provider_of(item.id) == provider and not why_no_place(item)]
        if routes and items and free_times(routes[0].id) is None:
            return Spot(Kept(items[0].id), routes[0].id, price_book().providers[provider].default_region)
    raise AssertionError("the price book has a provider that data can leave")


def mixed(plan: Plan, spots: Mapping[int, Spot], share: float, ports: tuple[str, float] = ("", 0.0)) -> Plan:
    """The plan with each representation in its spot and a share of what is read in the copy beside the GPUs.

    Parameters
    ----------
    share : float
        0 for no copy.
    ports : (str, float)
        Meter and number of dedicated ports.
    """
    return put_in(plan, decisions(plan, spots, share, ports))


def decisions(
    plan: Plan, spots: Mapping[int, Spot], share: float, ports: tuple[str, float] = ("", 0.0)
) -> Iterator[tuple[str, object]]:
    """The inputs that `mixed` sets."""
    for n, spot in spots.items():
        p, kept = prefix(n), spot.kept
        yield p + "class", spot.named(kept.first)
        yield p + "second_class", spot.named(kept.second)
        yield from ((p + "second_share", kept.share), (p + "lifecycle_months", float(kept.age)))
        yield from ((p + "route", spot.named(spot.route) if is_read(plan, n) else ""), (p + "region", ""))
    raw = raw_of(plan)
    if raw in spots:
        yield from _around_raw(plan, spots[raw])
    read = [spots[n] for n in numbers(plan) if n in spots and is_read(plan, n)]
    if read:
        yield TRAIN_WAY, read[0].named(read[0].route)
    yield from (("train.ports", ports[1]), ("staging.on", "yes" if share else "no"), ("exit.month", 0.0))
    if ports[0]:
        yield "train.port_meter", ports[0]
    if share:
        yield "staging.share", share


def _around_raw(plan: Plan, spot: Spot) -> Iterator[tuple[str, object]]:
    # Encoders read the videos where they are, and they arrive there.
    if plan.is_on("encode.on"):
        yield ENCODE_WAY, encode_way(plan, spot)
    fetched = plan.text(FETCH_WAY)
    if provider_of(fetched) == spot.provider:
        yield FETCH_WAY, spot.named(split_place(fetched)[0])


def encode_way(plan: Plan, spot: Spot) -> str:
    """The route that encoders read raw videos along: the plan's where the provider is its own, else training's.

    Not through dedicated ports, which are counted for training alone.
    """
    name = plan.text(ENCODE_WAY)
    return spot.named(split_place(name)[0] if provider_of(name) == spot.provider else beside_ports(spot.route))
