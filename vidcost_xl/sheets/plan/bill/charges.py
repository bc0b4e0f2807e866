"""Every line of the bill that a plan can have, as slots.

A slot exists in the sheet for every class, route and switch that a user may choose; one that
the plan at hand does not use is 0. Ids are those of the ledger.
"""

from __future__ import annotations

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.plan.bill.acquire import acquire_slots
from vidcost_xl.sheets.plan.bill.checkpoint import checkpoint_slots
from vidcost_xl.sheets.plan.bill.encode import encode_slots
from vidcost_xl.sheets.plan.bill.leave import exit_slots
from vidcost_xl.sheets.plan.bill.possible_lines import PossibleLine
from vidcost_xl.sheets.plan.bill.routes import numbers
from vidcost_xl.sheets.plan.bill.store import request_slots, store_slots, upload_slots
from vidcost_xl.sheets.plan.bill.train import fill_slots, staging_slots, train_slots


def slots(plan: Plan) -> list[PossibleLine]:
    """Every slot of a plan, in the order of the stages; without the derived ones.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    list of PossibleLine
    """
    found = acquire_slots()
    for n in numbers(plan):
        found += store_slots(n) + upload_slots(n)
    found += staging_slots()
    for make in (encode_slots, train_slots):
        found += [slot for n in numbers(plan) for slot in make(n)]
    return found + fill_slots() + request_slots() + checkpoint_slots() + exit_slots(plan)
