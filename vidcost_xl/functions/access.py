"""Access tiers of classes that bill bytes by when they were last read: their shares, and how people call them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from vidcost_xl.digits import SAME
from vidcost_xl.errors import BadArgumentError, OutOfDomainError
from vidcost_xl.functions.arguments import as_cells, present_cell, read_number
from vidcost_xl.functions.values import Absent, is_range
from vidcost_xl.prices.book import price_book
from vidcost_xl.units import parse_percent

if TYPE_CHECKING:
    from vidcost_xl.prices.schema import StorageClass

#: What VIDEO_STORAGE says of a class that bills by last access while nobody gives shares of its tiers.
ALL_FREQUENT: Final = "all bytes are priced as frequent access"


def read_access(access: object, item: StorageClass) -> list[float]:
    """The share of the bytes in each access tier of a class; none where it is left out.

    Raises
    ------
    BadArgumentError
        For a class without access tiers, or another number of shares than it has.
    OutOfDomainError
        For a share outside 0 to 1, or shares that do not add up to 1.
    """
    if access is None or isinstance(access, Absent):
        return []
    if not item.by_last_access:
        names = ", ".join(found.id for found in price_book().classes.values() if found.by_last_access)
        raise BadArgumentError(f"access belongs to classes that bill by last access ({names}): leave it out.")
    cells = _shares_of(access)
    if len(cells) != len(item.by_last_access):
        raise BadArgumentError(f"access has {len(cells)} shares: {item.id} needs one for each of {tiers_of(item)}.")
    shares = [read_number(present_cell(cell, "access"), "access", 0.0, 1.0) for cell in cells]
    if abs(sum(shares) - 1.0) > SAME:
        raise OutOfDomainError(f"the shares of access add up to {sum(shares):.10g}, not to 1.")
    return shares


def _shares_of(access: object) -> list[object]:
    if isinstance(access, str):
        return [_share(word) for word in re.split(r"[;\s]+|,\s+", access.strip())]
    return list(as_cells(access, "access").flat) if is_range(access) else [access]


def _share(word: str) -> float:
    share = parse_percent(word)
    try:
        return float(word) if share is None else share
    except ValueError:
        raise BadArgumentError(f'access has {word!r} among its shares: write them as "20% 30% 50%".') from None


def tiers_of(item: StorageClass) -> str:
    """The access tiers of a class, as people would list them."""
    tiers = [last_read(item, position) for position in range(len(item.by_last_access))]
    return f"its {len(tiers)} tiers ({'; '.join(tiers)})"


def last_read(item: StorageClass, position: int) -> str:
    """When the bytes of an access tier, counted from 0, were last read."""
    starts = [age.from_days for age in item.by_last_access]
    if position + 1 < len(starts):
        return f"last read {starts[position]:g} to {starts[position + 1]:g} days ago"
    return f"last read {starts[position]:g} days ago and more"
