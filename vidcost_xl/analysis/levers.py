"""What moves the bill most: each deciding input at its low and its high, all else as the plan has it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from operator import itemgetter

from vidcost_xl.analysis.places import priced_classes, routes_of
from vidcost_xl.errors import VideoCostError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.blocks.reading import EXIT_WAY
from vidcost_xl.model.catalogue import catalogue, spec_key
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.located import in_place, provider_of, split_place

End = float | str


@dataclass(frozen=True)
class Lever:
    """An input, and the whole plan's change in reporting currency with it at each end of its range.

    Parameters
    ----------
    low, high : float or str
        The ends of its range; of a route, the cheapest and the dearest of the provider's.
    at_low, at_high : float
        Cost of all months, less the plan's.
    """

    key: str
    label: str
    low: End
    high: End
    at_low: float
    at_high: float

    @property
    def swing(self) -> float:
        """The most that the input moves the bill."""
        return max(abs(self.at_low), abs(self.at_high))


@lru_cache(maxsize=1)
def deciding_inputs() -> tuple[str, ...]:
    """Keys of the inputs that decide a bill, `*` for each representation."""
    text = files("vidcost_xl.analysis").joinpath("data", "levers.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["keys"])


def levers(plan: Plan) -> list[Lever]:
    """The deciding inputs that move the plan's bill, the strongest first."""
    found = effects(plan, [key for key in plan.values if spec_key(key) in deciding_inputs()])
    return sorted((lever for lever in found if lever.swing > 0), key=lambda lever: -lever.swing)


def effects(plan: Plan, keys: Iterable[str]) -> list[Lever]:
    """What inputs do to the plan's bill between their ends.

    Left out are those that have no ends, that do not count for the plan, and whose value is not between their ends:
    from 800 TB, "1,000 TB at the low" says nothing of a lower bill.
    """
    base = evaluate(plan).whole
    found = []
    for key in keys:
        if not catalogue()[spec_key(key)].counts(key, plan.values) or is_outside(plan, key):
            continue
        # An end that the plan cannot have, or that has no price, is no lever.
        spec = catalogue()[spec_key(key)]
        costs = [(value, cost) for value in _ends(plan, key) for cost in _known(plan, key, value)]
        if not spec.is_numeric:
            costs.sort(key=itemgetter(1))
        if costs:
            (low, least), (high, most) = costs[0], costs[-1]
            found.append(Lever(key, spec.label, low, high, least - base, most - base))
    return found


def is_outside(plan: Plan, key: str) -> bool:
    """Whether the plan's value of an input is below its low or above its high."""
    ends = plan.range_of(key)
    return ends is not None and not ends[0] <= plan.number(key) <= ends[1]


def _ends(plan: Plan, key: str) -> Iterable[End]:
    kind = catalogue()[spec_key(key)].kind
    if key == EXIT_WAY:
        return ()  # ways that stay in the region cost least, and none of them leaves
    if kind == "route":
        return _routes(plan.text(key)) if plan.text(key) else ()
    if kind == "class":
        return _classes(str(plan.values[key] or ""))
    return plan.range_of(key) or ()


def _routes(now: str) -> list[str]:
    # Ways of the same provider; a dedicated port is more than a way.
    own = routes_of(provider_of(now))
    return [route.id for route in own if route.port is None and (route.compared or route.inside)]


def _classes(now: str) -> list[str]:
    # Classes of the same provider, in the region that is written behind the one at hand.
    name, region = split_place(now)
    own = priced_classes().get(provider_of(name), ()) if now else ()
    return [item.id if region is None else in_place(item.id, region) for item in own]


def _known(plan: Plan, key: str, value: End) -> list[float]:
    try:
        return [evaluate(plan.with_overrides([(key, value)])).whole]
    except VideoCostError:
        return []
