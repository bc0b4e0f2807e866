"""From a plan to its bill: inputs, volumes, charges, for every month and draw at once.

Months and draws are axes of arrays; nothing loops over them. Long axes of draws go through
in chunks (`totals`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np

from vidcost_xl.errors import BadArgumentError, OutOfDomainError
from vidcost_xl.model.catalogue import InputSpec, catalogue, spec_key
from vidcost_xl.model.charges import Charge, price_rows, total_of
from vidcost_xl.model.lines import Array, Rows, State, compute
from vidcost_xl.model.plan import Plan
from vidcost_xl.model.rate_keys import RATE_PREFIX
from vidcost_xl.model.rows import declare

__all__ = ["CHUNK_ELEMENTS", "Bill", "Charge", "evaluate", "in_chunks", "inputs", "pricing", "totals"]

#: Months times draws computed together: the arrays of a chunk then stay in a core's second-level cache, and
#: their memory is used again instead of being asked of the system each time.
CHUNK_ELEMENTS: Final = 4_096


@dataclass(frozen=True)
class Bill:
    """The priced plan.

    Parameters
    ----------
    state : State
        Every input and volume, by id.
    """

    plan: Plan
    rows: Rows
    state: State
    charges: tuple[Charge, ...]

    @property
    def total(self) -> Array:
        """Effective amount of all lines, (month, draw)."""
        return self.sum_of(self.charges)

    def stage(self, stage: str) -> Array:
        """Effective amount of one stage, (month, draw)."""
        return self.sum_of(charge for charge in self.charges if charge.line.stage == stage)

    def line(self, line: str) -> Charge:
        """The charge of one line."""
        return next(charge for charge in self.charges if charge.line.id == line)

    def sum_of(self, charges: Iterable[Charge]) -> Array:
        """Effective amount of some charges, (month, draw), one row a month."""
        return total_of(charges, self.state.months)

    def reporting(self, amount: Array) -> Array:
        """An amount in the reporting currency."""
        return amount * self.state["money.fx"]

    @property
    def whole(self) -> float:
        """All months together in the reporting currency, of a plan without draws."""
        return float(self.reporting(self.total).sum())


#: From the draws of some inputs to the bill.
Pricing: TypeAlias = Callable[[Mapping[str, Array]], Bill]


def evaluate(plan: Plan, samples: Mapping[str, Array] | None = None) -> Bill:
    """Price a plan.

    Parameters
    ----------
    samples : mapping of str to ndarray, (draw,)
        Numeric inputs that differ from draw to draw; all of the same length. An override of one month
        stays what it is in every draw.

    Returns
    -------
    Bill
        Arrays have one column a draw, or one column where nothing depends on the draw.

    Raises
    ------
    BadArgumentError
        For a sample of an input that is not numeric or shapes the rows themselves.
    OutOfDomainError
        For a sample outside the domain of its input.
    """
    return pricing(plan, samples or ())(samples or {})


def pricing(plan: Plan, sampled: Iterable[str]) -> Pricing:
    """`evaluate` for draws of some inputs, the rows declared once for every call.

    Parameters
    ----------
    sampled : iterable of str
        The inputs that the samples of each call give.
    """
    plan = replace(plan, sampled=frozenset(sampled))
    rows = declare(plan)
    return lambda samples: _priced(plan, rows, samples)


def in_chunks(
    plan: Plan, samples: Mapping[str, Array], chunk: int | None = None, price: Pricing | None = None
) -> Iterator[tuple[slice, Bill]]:
    """The bills of draws, so many together that their arrays stay in the cache.

    Parameters
    ----------
    samples : mapping of str to ndarray, (draw,)
    chunk : int, optional
        Draws computed together.
    price : callable, optional
        The `pricing` of these inputs, where it is used again.

    Yields
    ------
    slice, Bill
        Which draws, and their bill.
    """
    price = price or pricing(plan, samples)
    draws, months = len(next(iter(samples.values()))), plan.integer("calendar.months")
    chunk = chunk or max(1, CHUNK_ELEMENTS // months)
    for start in range(0, draws, chunk):
        at = slice(start, min(start + chunk, draws))
        yield at, price({key: values[at] for key, values in samples.items()})


def totals(plan: Plan, samples: Mapping[str, Array], chunk: int | None = None) -> Array:
    """The total of every month and draw, computed in chunks of draws.

    Returns
    -------
    ndarray, (month, draw)
        Effective amounts.
    """
    result = np.empty((plan.integer("calendar.months"), len(next(iter(samples.values())))))
    for at, bill in in_chunks(plan, samples, chunk):
        result[:, at] = bill.total
    return result


def inputs(plan: Plan, samples: Mapping[str, Array]) -> dict[str, Array]:
    """Numeric inputs as arrays over (month, draw), one row or column where nothing varies.

    Parameters
    ----------
    samples : mapping of str to ndarray, (draw,)
    """
    months = plan.integer("calendar.months")
    values = {key: np.array([[value]]) for key, value in plan.values.items() if isinstance(value, float)}
    values |= {key: _sample(plan, key, draws) for key, draws in samples.items()}
    if len({len(draws) for draws in samples.values()}) > 1:
        raise BadArgumentError("the samples have different numbers of draws.")
    for (key, position), value in plan.monthly.items():
        if not key.startswith(RATE_PREFIX):
            if len(values[key]) == 1:
                values[key] = np.repeat(values[key], months, axis=0)
            values[key][position] = value
    return values


def _priced(plan: Plan, rows: Rows, samples: Mapping[str, Array]) -> Bill:
    state = compute(rows.volumes, State(inputs(plan, samples), plan.integer("calendar.months")))
    return Bill(plan, rows, state, price_rows(plan, rows, state))


def _sample(plan: Plan, key: str, draws: Array) -> Array:
    spec = catalogue().get(spec_key(key))
    if spec is None or key not in plan.values or spec.kind != "number":
        raise BadArgumentError(f"{key} cannot differ from draw to draw: it is not a number among the inputs.")
    values = np.asarray(draws, dtype=np.float64)
    if not _inside(spec, values):
        raise OutOfDomainError(f"{key}: a draw is outside what the input may be.")
    return values[np.newaxis, :]


def _inside(spec: InputSpec, values: Array) -> bool:
    low, high = (float(values.min()), float(values.max())) if values.size else (math.inf, -math.inf)
    above = spec.above is None or low > spec.above
    bounded = (spec.minimum is None or low >= spec.minimum) and (spec.maximum is None or high <= spec.maximum)
    return above and bounded and math.isfinite(low) and math.isfinite(high)
