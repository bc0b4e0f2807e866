"""What all reads and writes of objects are billed for together: the key service, the event log, restored copies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from vidcost_xl.model.blocks.checkpoint import KEPT
from vidcost_xl.model.blocks.common import DAYS_PER_MONTH, numbers, prefix
from vidcost_xl.model.blocks.early import STORED
from vidcost_xl.model.blocks.staging import STAGED
from vidcost_xl.model.lines import MAIN_PAYER, NEW_PAYER, Array, LineName, Rows, State, Volume
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import split_place

#: KMS bills requests to encrypted objects on AWS; other providers include them.
KMS_METER: Final = "aws.kms.request"
KMS_PROVIDER: Final = "aws"

KMS: Final = LineName("train.kms", "Requests to KMS", "train")
KMS_ANEW: Final = LineName("exit.kms", "Requests to KMS at the new provider", "exit")
#: Ids of the requests to KMS, by line.
KEYED: Final = {KMS.id: "requests.kms", KMS_ANEW.id: "requests.kms_anew"}
LOG: Final = LineName("train.log", "Event log of object requests", "train", "million requests", 1e6)

#: How id and label of a line of stored bytes go on for the copy that a restore makes of them.
COPY: Final = (".restored", ": restored copies, {what}")


def reach_key_service(place: str) -> bool:
    """Whether requests at a place reach the key service, whose price and free requests are one for all its regions."""
    return split_place(place)[0] == KMS_PROVIDER


def object_rows(plan: Plan, rows: Rows) -> Rows:
    """What is billed for the requests and restores of all blocks.

    Parameters
    ----------
    rows : Rows
        Those of every block.
    """
    found = Rows()
    for line, payer in ((KMS, MAIN_PAYER), (KMS_ANEW, NEW_PAYER)):
        encrypted = [each.volume for each in rows.requests if reach_key_service(each.provider) and each.payer == payer]
        if plan.is_used("requests.kms_share") and encrypted:
            kms = _keyed(line, encrypted)
            found += Rows((kms,), (line.charge(kms.id, KMS_METER, payer=payer),))
    logged = _logged([each.volume for each in rows.requests])
    if plan.is_used("requests.logging_usd_per_million"):
        found += Rows((logged,), (LOG.charge(logged.id, "requests.logging_usd_per_million"),))
    return found + _copies(plan, rows)


def object_volumes(plan: Plan) -> list[Volume]:
    """Every volume of the block."""
    requests = [_keyed(KMS, []), _keyed(KMS_ANEW, []), _logged([])]
    return [*requests, *(_copy(held, line.called, []) for held, line in _holdings(plan).items())]


def _copies(plan: Plan, rows: Rows) -> Rows:
    lines, found = _holdings(plan), Rows()
    for held in dict.fromkeys(taken.held for taken in rows.restored):
        mine = [taken for taken in rows.restored if taken.held == held]
        volume, line = _copy(held, lines[held].called, [taken.read for taken in mine]), lines[held].then(*COPY)
        what = price_book().meter(mine[0].meter).label
        found += Rows((volume,), (line.of(what=what).charge(volume.id, mine[0].meter),))
    return found


def _holdings(plan: Plan) -> dict[str, LineName]:
    # The line of what may be held in an archive, by the id of its bytes.
    lines = {
        prefix(n) + slot: line.of(name=plan.text(prefix(n) + "name"))
        for n in numbers(plan)
        for slot, line in STORED.items()
    }
    return {**lines, "staging.bytes": STAGED, "checkpoint.stored": KEPT}


def _copy(held: str, label: str, read: list[str]) -> Volume:
    return Volume(
        f"{held}.restored",
        f"{label}: restored copies",
        "byte-months",
        (*read, "requests.restore_days"),
        lambda state: _total(state, read) * state["requests.restore_days"] / DAYS_PER_MONTH,
    )


def _total(state: State, keys: Iterable[str]) -> Array:
    return sum((state[key] for key in keys), np.zeros((1, 1)))


def _keyed(line: LineName, encrypted: list[str]) -> Volume:
    return Volume(
        KEYED[line.id],
        line.label,
        "requests",
        (*encrypted, "requests.kms_share"),
        lambda state: _total(state, encrypted) * state["requests.kms_share"],
    )


def _logged(counted: list[str]) -> Volume:
    label = "Object requests in the event log"
    return Volume("requests.logged", label, "requests", tuple(counted), lambda state: _total(state, counted))
