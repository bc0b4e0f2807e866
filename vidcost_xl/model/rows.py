"""All rows of a plan: the blocks of the model in the order of computation."""

from __future__ import annotations

from collections import Counter
from typing import Final

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.blocks.acquire import acquire_rows, acquire_volumes
from vidcost_xl.model.blocks.checkpoint import checkpoint_rows, checkpoint_volumes
from vidcost_xl.model.blocks.dataset import dataset_rows
from vidcost_xl.model.blocks.encode import encode_billed_rows, encode_rows, encode_volumes
from vidcost_xl.model.blocks.leave import exit_rows, exit_volumes
from vidcost_xl.model.blocks.objects import object_rows, object_volumes
from vidcost_xl.model.blocks.passes import passes_rows, passes_volumes
from vidcost_xl.model.blocks.representation import representation_rows, representation_volumes
from vidcost_xl.model.blocks.store import store_rows, store_volumes
from vidcost_xl.model.blocks.train import train_rows, train_volumes
from vidcost_xl.model.lines import Block, Rows, Volume
from vidcost_xl.model.plan import Plan

BLOCKS: Final[tuple[Block, ...]] = (
    dataset_rows,
    representation_rows,
    passes_rows,
    acquire_rows,
    encode_rows,
    train_rows,
    encode_billed_rows,
    store_rows,
    checkpoint_rows,
    exit_rows,
)


def declare(plan: Plan) -> Rows:
    """All rows of a plan.

    Returns
    -------
    Rows
        Precedents come before the rows that use them.

    Raises
    ------
    BadArgumentError
        When the name of a representation makes two rows the same.
    """
    rows = Rows()
    for block in BLOCKS:
        rows += block(plan)
    rows += object_rows(plan, rows)
    for ids in ([row.id for row in rows.volumes], [row.id for row in rows.charges]):
        if len(set(ids)) < len(ids):
            repeated = next(name for name, count in Counter(ids).items() if count > 1)
            raise BadArgumentError(f"two rows are called {repeated}: give a representation another name.")
    return rows


def possible_volumes(plan: Plan) -> dict[str, Volume]:
    """Every volume that a plan with these representations can have, by id, whatever it has switched on.

    Its id, label and unit are those of the row in the workbook, which holds them all: a choice may change there.
    """
    volumes = (
        *dataset_rows(plan).volumes,
        *representation_volumes(plan),
        *passes_volumes(plan),
        *acquire_volumes(),
        *encode_volumes(plan),
        *train_volumes(plan),
        *store_volumes(plan),
        *checkpoint_volumes(),
        *exit_volumes(plan),
        *object_volumes(plan),
    )
    return {volume.id: volume for volume in volumes}
