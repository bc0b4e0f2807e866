"""The blocks of the model; each declares its rows. Their order is the order of computation."""

from typing import Final

from vidcost_xl.model.blocks.acquire import acquire_rows
from vidcost_xl.model.blocks.checkpoint import checkpoint_rows
from vidcost_xl.model.blocks.dataset import dataset_rows
from vidcost_xl.model.blocks.encode import encode_rows
from vidcost_xl.model.blocks.leave import exit_rows
from vidcost_xl.model.blocks.representation import representation_rows
from vidcost_xl.model.blocks.store import store_rows
from vidcost_xl.model.blocks.train import train_rows
from vidcost_xl.model.lines import Block

BLOCKS: Final[tuple[Block, ...]] = (
    dataset_rows,
    representation_rows,
    acquire_rows,
    encode_rows,
    train_rows,
    store_rows,
    checkpoint_rows,
    exit_rows,
)
