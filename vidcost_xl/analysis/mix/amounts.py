"""What the model counts for each representation in each place: billing units by meter, with no copy and with all in it.

The rows of the model say it: a plan with all representations in a class is declared and computed, and each row of its
bill is whose volume it counts. Quantities are the same in every region of a provider, and in the share of the copy they
are a straight line from none to all, so that two plans say what any share counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np

from vidcost_xl.analysis.places import there
from vidcost_xl.model.bill import inputs
from vidcost_xl.model.blocks.common import numbers, prefix, raw_of
from vidcost_xl.model.blocks.objects import KEYED, KMS_METER, LOG, reach_key_service
from vidcost_xl.model.lines import MAIN_PAYER, Array, ChargeLine, Stage, State, compute
from vidcost_xl.model.plan import Plan
from vidcost_xl.model.rows import declare
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import provider_of, split_place

#: A meter or a price of the plan, and whether it counts towards the commitment.
Key: TypeAlias = tuple[str, bool]
#: Billing units by key, (copy: none or whole, month).
Amounts: TypeAlias = dict[Key, Array]

#: Owners of what is counted that are no representation.
FIXED: Final = 0
FETCHED: Final = -1

#: Ends of the ids of what leaves beyond an allowance that grows with the bytes stored, which is shared.
_SHARED: Final = (".read_billed", ".fill_billed", ".bytes_billed")


@dataclass
class Counted:
    """What a plan counts, by whose it is: a representation's number, `FETCHED` or `FIXED`.

    Parameters
    ----------
    state : State
        Its volumes.
    """

    state: State
    by_owner: dict[int, dict[Key, Array]] = field(default_factory=dict)

    def add(self, owner: int, key: Key, amount: Array) -> None:
        """Add billing units, which broadcast over (month, 1)."""
        # What is left of a stock that has moved on is none but for the last bits, which may be below none.
        whole = np.maximum(np.broadcast_to(amount, (self.state.months, 1))[:, 0], 0.0)
        mine = self.by_owner.setdefault(owner, {})
        mine[key] = mine[key] + whole if key in mine else whole

    def of(self, owner: int) -> dict[Key, Array]:
        """What is counted of an owner, (month,) by key."""
        return self.by_owner.get(owner, {})


def counted(plan: Plan) -> Counted:
    """The billing units of every row of a plan's bill.

    Notes
    -----
    What leaves beyond a free egress that grows with the bytes stored is left out: several representations share it.
    """
    rows = declare(plan)
    found = Counted(compute(rows.volumes, State(inputs(plan, {}), plan.integer("calendar.months"))))
    raw = raw_of(plan) or FIXED
    prefixes = {n: prefix(n) for n in numbers(plan)}
    for line in rows.charges:
        if line.volume.endswith(_SHARED):
            continue
        amount = found.state[line.volume] * (line.times / _unit_size(line))
        key = line.meter, counts(plan, line)
        if line.id == LOG.id or line.volume in KEYED.values():
            share = 1.0 if line.id == LOG.id else found.state["requests.kms_share"]
            for each in rows.requests:
                if line.id == LOG.id or (reach_key_service(each.provider) and each.payer == line.payer):
                    part = found.state[each.volume] * share * (line.times / _unit_size(line))
                    found.add(_owner(each.volume, prefixes, raw), key, part)
        elif line.is_priced_by_plan:
            found.add(FIXED, key, amount)
        else:
            found.add(_owner(line.volume, prefixes, raw), key, amount)
    return found


def counts(plan: Plan, line: ChargeLine) -> bool:
    """Whether a line counts towards the commitment, whoever bills it."""
    return line.payer == MAIN_PAYER and stage_counts(plan, line.stage)


def stage_counts(plan: Plan, stage: Stage) -> bool:
    """Whether the lines of a stage count towards the commitment."""
    stages = plan.text("commercial.commitment_stages").split()
    return stages == ["all"] or stage in stages


def _unit_size(line: ChargeLine) -> float:
    return line.unit_size if line.is_priced_by_plan else price_book().meter(line.meter).unit_size


def _owner(volume: str, prefixes: Mapping[int, str], raw: int) -> int:
    if volume.startswith("encode."):  # encoders read the videos
        return raw
    if volume.startswith("acquire."):
        return FETCHED
    return next((n for n, start in prefixes.items() if volume.startswith(start)), FIXED)


def both(none: Mapping[Key, Array], whole: Mapping[Key, Array] | None) -> Amounts:
    """Amounts without the copy and with all in it; without a copy both are the same."""
    whole = none if whole is None else whole
    zero = np.zeros(len(next(iter((*none.values(), *whole.values())), ())))
    return {key: np.stack([none.get(key, zero), whole.get(key, zero)]) for key in (*none, *(set(whole) - set(none)))}


def moved(amounts: Amounts, provider: str, region: str) -> Amounts:
    """Amounts of a provider's default region in another."""

    def name(meter: str) -> str:
        if provider_of(meter) != provider or meter == KMS_METER:
            return meter
        return there(split_place(meter)[0], region)

    return {(name(meter), counts_too): amount for (meter, counts_too), amount in amounts.items()}


def total(parts: Iterable[Amounts]) -> Amounts:
    """Several amounts together."""
    found: Amounts = {}
    for part in parts:
        for key, amount in part.items():
            found[key] = found[key] + amount if key in found else amount
    return found
