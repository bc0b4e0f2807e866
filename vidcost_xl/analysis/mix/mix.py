"""The cheapest mix of a plan within limits, what each limit costs, and the next best."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np

from vidcost_xl.analysis.mix.bounds import Bounds
from vidcost_xl.analysis.mix.curves import EFFECTIVE, Curve, Kind, curve_of
from vidcost_xl.analysis.mix.limits import Limits, link_needed
from vidcost_xl.analysis.mix.parts import parts_of, providers_of
from vidcost_xl.analysis.mix.programme import OutOfTimeError
from vidcost_xl.analysis.mix.search import CENT, Choice, Found, Search
from vidcost_xl.analysis.mix.spots import decisions
from vidcost_xl.analysis.needed import need
from vidcost_xl.errors import BadArgumentError, NotInBookError, OutOfDomainError, unknown_name
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.blocks.common import numbers, prefix
from vidcost_xl.model.blocks.representation import is_read
from vidcost_xl.model.charges import SUPPORT_BASES
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import provider_of, split_place

#: Seconds for each of what is said beside the answer.
BESIDE: Final = 15.0

#: Limits in words.
SAID: Final = {
    "most": "at most so many providers",
    "budget": "the budget of a month",
    "link": "the link to the GPUs",
    "providers": "the providers allowed",
}


@dataclass(frozen=True)
class Binding:
    """A limit, and what the cheapest mix would cost without it; None where it is not known."""

    name: str
    without: float | None


@dataclass(frozen=True, eq=False)
class Mix:
    """The answer.

    Parameters
    ----------
    plan : Plan
        The plan that was asked about, without leaving, in which nothing is changed yet.
    cost : float
        Of that plan, all months in the reporting currency.
    best, following : Found
        The cheapest mix, and the cheapest with another place for something.
    bindings : tuple of Binding
        The limits that were set.
    refused : tuple of (str, str)
        Classes, moves and routes that cannot be priced, and why.
    """

    plan: Plan
    cost: float
    best: Found
    following: Found | None
    bindings: tuple[Binding, ...]
    refused: tuple[tuple[str, str], ...]

    @property
    def overrides(self) -> list[tuple[str, object]]:
        """The inputs that make the plan the cheapest mix, where they differ from the plan's."""
        choice = self.best.choice
        every = decisions(self.plan, choice.spots, choice.share, choice.ports)
        return [(key, value) for key, value in every if value != (self.plan.values[key] or "")]


def mix(
    plan: Plan,
    providers: Sequence[str] = (),
    limits: Limits | None = None,
    tell: Callable[[str], None] = lambda _text: None,
    *,
    beside: bool = True,
) -> Mix:
    """The cheapest mix of a plan.

    Parameters
    ----------
    providers : sequence of str
        Ids or names of those allowed to keep representations and the copy, a region behind one; all when empty.
    limits : Limits, optional
    tell : callable
        Told what is being done.
    beside : bool
        Whether the next best and the cost of each limit are looked for too.

    Returns
    -------
    Mix
        Each number is what the model says of the plan with the mix.

    Raises
    ------
    OutOfDomainError
        Where no mix keeps the limits: names the one that none keeps, and the least budget that one would.
    BadArgumentError
        For an unknown provider.
    """
    need("The cheapest mix", "scipy")
    limits = limits or Limits()
    allowed = chosen_providers(providers)
    # Leaving a provider is priced of one place: what is kept in several has no such charge.
    stays = plan.with_overrides([("exit.month", 0.0)])
    search = _searching(stays, allowed, limits.seconds, tell)
    best = search.cheapest(limits)
    if best is None:
        raise OutOfDomainError(_why_none(search, limits))
    following, bindings = None, []
    if beside:
        tell("the next best")
        following = _in_time(search, limits, [best.choice])
        bindings = [Binding(name, _cost(_told(search, limits, name, tell))) for name in limits.given]
    if beside and providers:
        tell("with every provider")
        wide = _searching(stays, chosen_providers(()), BESIDE, tell)
        bindings.append(Binding("providers", _cost(_in_time(wide, limits))))
    cost = evaluate(stays).whole
    return Mix(stays, cost, best, following, tuple(bindings), tuple(search.parts.refused))


def _told(search: Search, limits: Limits, name: str, tell: Callable[[str], None]) -> Found | None:
    tell(f"without {SAID[name]}")
    return _in_time(search, limits.without(name))


def _in_time(search: Search, limits: Limits, forbidden: Sequence[Choice] = ()) -> Found | None:
    # What is said beside the answer is left out where it takes too long.
    search.ends = time.monotonic() + BESIDE
    try:
        return search.cheapest(limits, forbidden)
    except OutOfTimeError:
        return None


def _cost(found: Found | None) -> float | None:
    return None if found is None else found.cost


def is_binding(binding: Binding, cost: float) -> bool:
    """Whether a mix would be cheaper without a limit."""
    return binding.without is not None and binding.without < cost - CENT


def chosen_providers(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The providers allowed, by id, with their regions allowed.

    Parameters
    ----------
    names : sequence of str
        Ids or names; all of the book when empty. One region alone is written behind its provider, `aws@eu-west-1`.
    """
    book = price_book()
    if not names:
        return {name: each.regions for name, each in book.providers.items()}
    ids = {said.casefold(): each.id for each in book.providers.values() for said in (each.id, each.name, *each.aliases)}
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        owner, region = split_place(name.strip())
        if owner.casefold() not in ids:
            raise BadArgumentError(unknown_name("provider", owner, book.providers))
        provider = book.providers[ids[owner.casefold()]]
        regions = provider.regions if region is None else (book.region(provider, region),)
        found[provider.id] = tuple(dict.fromkeys((*found.get(provider.id, ()), *regions)))
    return found


def _searching(
    plan: Plan, providers: Mapping[str, Sequence[str]], seconds: float, tell: Callable[[str], None]
) -> Search:
    state = evaluate(plan).state
    basis = plan.text("commercial.support_basis") if plan.text("commercial.support") else EFFECTIVE
    assert basis in SUPPORT_BASES
    kinds: list[Kind] = ["list", "contracted", EFFECTIVE]

    @cache
    def curves(meter: str) -> Curve | None:
        try:
            return curve_of(plan, state, meter, [kind for kind in kinds if kind in {basis, EFFECTIVE}])
        except NotInBookError:
            return None

    tell("what each class and route counts")
    parts = parts_of(plan, list(providers), _may_copy(plan, providers, curves))
    tell("what each place costs at least")
    search = Search(parts, providers, curves, state, time.monotonic() + seconds, tell)
    _check_places(search.bounds, providers)
    return search


def _may_copy(plan: Plan, providers: Collection[str], curves: Callable[[str], Curve | None]) -> bool:
    item = price_book().storage_class(plan.text("staging.class"))
    stored = [age.meter for age in item.by_last_access] or [item.storage]
    read = any(is_read(plan, n) for n in numbers(plan))
    return read and provider_of(item.id) in providers and all(curves(meter) is not None for meter in stored)


def _check_places(bounds: Bounds, providers: Iterable[str]) -> None:
    for n, places in bounds.places.items():
        if not places:
            name = bounds.parts.plan.text(prefix(n) + "name")
            raise OutOfDomainError(
                f"no class and route of {', '.join(providers)} can keep {name} (representation.{n}) and lead to the "
                "plan's GPUs at a price of the book: allow another provider."
            )


def _why_none(search: Search, limits: Limits) -> str:
    # Each limit that one mix would keep all others without, with that mix; or the cheapest of all, and what it breaks.
    among = "" if search.is_complete else f" among the {sum(map(len, search.chosen.values()))} likeliest places"
    found = {name: _in_time(search, limits.without(name)) for name in limits.given}
    needed = {name: each for name, each in found.items() if each is not None}
    if needed:
        said = "; ".join(_short(search, limits, name, each) for name, each in needed.items())
        return f"no mix{among} keeps {' and '.join(SAID[name] for name in needed)}: {said}."
    none = f"no mix{among} keeps the policies of the routes and all limits, whichever one is left out"
    bare = _in_time(search, replace(Limits(), shares=limits.shares))
    if bare is None:
        return f"{none}."
    broken = ", ".join(filter(None, (_broken(search, limits, name, bare) for name in limits.given)))
    return f"{none}: the cheapest has {_where(search, bare.choice)}, and breaks {broken}."


def _short(search: Search, limits: Limits, name: str, without: Found) -> str:
    least = _least_excess(search, limits) if name == "budget" else None
    if least is not None and limits.budget is not None:
        asked, money = limits.budget[np.isfinite(limits.budget)], search.parts.plan.text("money.currency")
        where = f"with {_where(search, least[1])}"
        if np.ptp(asked):  # the month that is short need not be that of the least
            return f"at the least, a month is over its own by {least[0]:,.2f} {money}, {where}"
        return f"the least that one keeps is {asked[0] + least[0]:,.2f} {money} a month, not {asked[0]:,.2f}, {where}"
    broken = _broken(search, limits, name, without)
    return f"without it the cheapest has {_where(search, without.choice)}, and breaks {broken}"


def _least_excess(search: Search, limits: Limits) -> tuple[float, Choice] | None:
    search.ends = time.monotonic() + BESIDE
    try:
        return search.least_excess(limits)
    except OutOfTimeError:
        return None


def _broken(search: Search, limits: Limits, name: str, found: Found) -> str:
    # What a mix has of a limit, and what it may have; empty where it keeps it.
    if name == "budget" and limits.budget is not None:
        months = found.bill.reporting(found.bill.total)[:, 0]
        at = int(np.argmax(months - limits.budget))
        money = search.parts.plan.text("money.currency")
        over = months[at] > limits.budget[at]
        return f"{SAID[name]} ({months[at]:,.2f} {money}, not {limits.budget[at]:,.2f})" if over else ""
    if name == "link":
        needed = link_needed(search.parts, found.choice.share)
        return f"{SAID[name]} ({needed:,.1f} Gbit/s, not {limits.link:g})" if needed > limits.link else ""
    used = sorted(providers_of(search.parts.plan, found.choice.spots, found.choice.share))
    return f"{SAID[name]} ({', '.join(used)}, not {limits.most})" if len(used) > (limits.most or len(used)) else ""


def _where(search: Search, choice: Choice) -> str:
    plan, copy = search.parts.plan, choice.share
    said = []
    for n, spot in choice.spots.items():
        moves = f", moved to {spot.named(spot.kept.second)} after {spot.kept.age} months" if spot.kept.second else ""
        route = f" along {spot.named(spot.route)}" if spot.route and is_read(plan, n) else ""
        said.append(f"{plan.text(prefix(n) + 'name')} in {spot.named(spot.kept.first)}{moves}{route}")
    return "; ".join([*said, *([f"{copy:.1%} of it in the copy in {plan.text('staging.class')}"] if copy else [])])
