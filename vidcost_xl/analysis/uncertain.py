"""The inputs of a plan that are drawn: those with a range that move the figure, and how they fall in it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import numpy as np

from vidcost_xl.analysis.spread import JUMPING, SPREADS
from vidcost_xl.digits import same
from vidcost_xl.errors import BadArgumentError, VideoCostError, unknown_name
from vidcost_xl.model.catalogue import InputSpec, catalogue, spec_key
from vidcost_xl.model.lines import Array
from vidcost_xl.model.outputs import figure, outputs
from vidcost_xl.model.plan import Plan

#: How an input falls unless something else is said.
USUAL: Final = "pert"

#: Distributions that do not use the base.
_WITHOUT_BASE: Final = ("uniform", "lognormal")

#: In place of a key: every input that is not named.
OTHERS: Final = "*"

#: What stays as it is, though it has a range.
FIXED: Final = "fixed"


@dataclass(frozen=True)
class Uncertain:
    """An input that is drawn, and how it falls: a key of `spread.SPREADS`."""

    key: str
    spec: InputSpec
    low: float
    base: float
    high: float
    shape: str

    def at(self, shares: Array) -> Array:
        """Its quantiles, (draw,), inside what the input may be."""
        found = SPREADS[self.shape](shares, self.low, self.base, self.high)
        least = -np.inf if self.spec.minimum is None else self.spec.minimum
        most = np.inf if self.spec.maximum is None else self.spec.maximum
        return np.clip(found, least, most)

    @property
    def is_smooth(self) -> bool:
        """Whether its quantiles have no jumps."""
        return self.shape not in JUMPING

    @property
    def is_assumed(self) -> bool:
        """Whether nothing but an assumption stands behind its range."""
        return "assumption" in self.spec.source.casefold()


def uncertain(plan: Plan, what: str, shapes: Mapping[str, str]) -> tuple[list[Uncertain], dict[str, str]]:
    """The inputs to draw, and those with a range that are not drawn, with the reason."""
    ranged = {key: ends for key in plan.values if (ends := plan.range_of(key)) is not None}
    for key, shape in shapes.items():
        if key not in ranged and key != OTHERS:
            raise BadArgumentError(unknown_name("input with low and high", key, ranged))
        if shape not in {*SPREADS, FIXED}:
            raise BadArgumentError(unknown_name(f"distribution of {key}", shape, (*SPREADS, FIXED)))
    moving = _moving(
        plan, {key: ends for key, ends in ranged.items() if catalogue()[spec_key(key)].kind == "number"}, what
    )
    now, found, held = figure(plan, what), [], {}
    for key, (low, high) in ranged.items():
        spec, base, shape = catalogue()[spec_key(key)], plan.number(key), shapes.get(key, shapes.get(OTHERS, USUAL))
        if spec.kind != "number":
            if any(not same(now, at_end) for at_end in _ends(plan, key, what)):
                held[key] = "a whole number that shapes the plan"
        elif key not in moving:
            held |= {key: "it does not move the bill"} if shapes.get(key, FIXED) != FIXED else {}
        elif shape == FIXED:
            # Of the others nobody has to be told one by one.
            held |= {key: FIXED} if key in shapes else {}
        elif not low <= base <= high and shape not in _WITHOUT_BASE:
            held[key] = f"its value {base:g} is outside low {low:g} and high {high:g}: mend them, or say how it falls"
        else:
            found.append(Uncertain(key, spec, low, base, high, shape))
    return found, held


def _moving(plan: Plan, ranged: Mapping[str, tuple[float, float]], what: str) -> set[str]:
    # Inputs that move the figure from the plan, or from where all are at their highs: some count with others alone.
    keys = [key for key, (low, high) in ranged.items() if low < high]
    if not keys:
        return set()
    low, high = (np.array([ranged[key][end] for key in keys]) for end in (0, 1))
    starts = (np.array([plan.number(key) for key in keys]), high)
    rows = np.concatenate([_turned_one_by_one(start, ends) for start in starts for ends in (low, high)])
    figures = outputs(plan, {key: rows[:, at] for at, key in enumerate(keys)}, what).reshape(-1, len(keys) + 1)
    return {key for at, key in enumerate(keys) for row in figures if not same(row[0], row[at + 1])}


def _ends(plan: Plan, key: str, what: str) -> list[float]:
    found = []
    for end in plan.range_of(key) or ():
        with suppress(VideoCostError):
            found.append(figure(plan.with_overrides([(key, end)]), what))
    return found


def _turned_one_by_one(start: Array, ends: Array) -> Array:
    # The start, and it with each input at its end; (1 + input, input).
    rows = np.repeat(start[np.newaxis], len(start) + 1, axis=0)
    rows[np.arange(1, len(start) + 1), np.arange(len(start))] = ends
    return rows
