"""What a bill comes to: by name, for every draw at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from vidcost_xl.errors import BadArgumentError, unknown_name
from vidcost_xl.model.bill import Bill, evaluate, in_chunks
from vidcost_xl.model.calendar import MONTHS_PER_YEAR
from vidcost_xl.model.lines import STAGES, Array
from vidcost_xl.model.plan import Plan

#: Sums over the whole bill, from its months.
TOTALS: Final[dict[str, Callable[[Array], Array]]] = {
    "monthly": lambda months: months.mean(axis=0),
    "annual": lambda months: months.mean(axis=0) * MONTHS_PER_YEAR,
    "total": lambda months: months.sum(axis=0),
    "peak": lambda months: months.max(axis=0),
}


def months_of(bill: Bill, name: str) -> Array:
    """The whole bill, a stage or a line, by month.

    Parameters
    ----------
    name : str
        A key of `TOTALS`, a stage, or a line of the ledger.

    Returns
    -------
    ndarray, (month, draw)
        Reporting currency.

    Raises
    ------
    BadArgumentError
        For another name; names the nearest.
    """
    folded = name.strip().casefold()
    if folded in TOTALS:
        amount = bill.total
    elif folded in STAGES:
        amount = bill.stage(folded)
    else:
        lines = {charge.line.id: charge for charge in bill.charges}
        found = lines.get(name) or {line.casefold(): charge for line, charge in lines.items()}.get(folded)
        if found is None:
            raise BadArgumentError(unknown_name("what", name, (*sorted(TOTALS), *STAGES, *lines)))
        amount = found.effective
    reported = bill.reporting(amount)
    return np.broadcast_to(reported, (bill.state.months, reported.shape[1]))


def output_of(bill: Bill, name: str) -> Array:
    """The figure of that name; stages and lines are average months.

    Returns
    -------
    ndarray, (draw,)
        Reporting currency.
    """
    return TOTALS.get(name.strip().casefold(), TOTALS["monthly"])(months_of(bill, name))


def figure(plan: Plan, name: str) -> float:
    """The figure of that name for a plan without draws, in the reporting currency."""
    return float(output_of(evaluate(plan), name)[0])


def outputs(plan: Plan, samples: Mapping[str, Array], name: str) -> Array:
    """The figure of that name for every draw.

    Parameters
    ----------
    samples : mapping of str to ndarray, (draw,)

    Returns
    -------
    ndarray, (draw,)
        Reporting currency.
    """
    found = np.empty(len(next(iter(samples.values()))))
    for at, bill in in_chunks(plan, samples):
        found[at] = output_of(bill, name)
    return found
