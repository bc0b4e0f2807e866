"""Every line of the bill that a plan can have.

A possible line stands in the sheet for every class, route and switch that a user may choose; one that
the plan at hand does not use is 0. Ids are those of the ledger.
"""

from __future__ import annotations

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.plan.bill.acquire import possible_acquire
from vidcost_xl.sheets.plan.bill.checkpoint import possible_checkpoints
from vidcost_xl.sheets.plan.bill.encode import possible_encode
from vidcost_xl.sheets.plan.bill.leave import possible_exit
from vidcost_xl.sheets.plan.bill.objects import possible_objects
from vidcost_xl.sheets.plan.bill.possible_lines import PossibleLine
from vidcost_xl.sheets.plan.bill.routes import numbers
from vidcost_xl.sheets.plan.bill.store import possible_store
from vidcost_xl.sheets.plan.bill.train import possible_filling, possible_staging, possible_train
from vidcost_xl.sheets.plan.bill.writing import possible_uploads


def possible_lines(plan: Plan) -> list[PossibleLine]:
    """Every possible line of a plan, in the order of the stages; without the derived ones."""
    found = possible_acquire()
    for n in numbers(plan):
        found += possible_store(n) + possible_uploads(n)
    found += possible_staging()
    for make in (possible_encode, possible_train):
        found += [line for n in numbers(plan) for line in make(n)]
    return found + possible_filling() + possible_objects(plan) + possible_checkpoints() + possible_exit(plan)
