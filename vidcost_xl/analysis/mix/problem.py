"""What a mix is chosen from: places with what they count, prices by month, and the contract."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.analysis.mix.amounts import Amounts
from vidcost_xl.analysis.mix.curves import EFFECTIVE, Curve, Kind, Support
from vidcost_xl.analysis.mix.options import Option
from vidcost_xl.model.lines import Array

#: A part of the cost that is too small to be searched for.
MATTERS: Final = 1e-7


@dataclass(frozen=True, eq=False)
class Problem:
    """What a mix is chosen from, in months of which none are alike.

    Parameters
    ----------
    options : dict of int to list of Option
        By representation.
    fixed : Amounts
    curves : dict of str to Curve
        By meter.
    fx : ndarray, (month,)
    repeats : ndarray, (month,)
        How many months are like each.
    promised : ndarray, (month,)
        The commitment.
    committed : str
        To whom; "all" is anyone.
    based : ndarray, (month,)
        The most that the support plan is a share of.
    copies : bool
        Whether a copy may be had.
    least : float
        What a mix costs at least.
    """

    options: dict[int, list[Option]]
    fixed: Amounts
    curves: dict[str, Curve]
    fx: Array
    repeats: NDArray[np.intp]
    promised: Array
    committed: str
    support: Support | None
    based: Array
    copies: bool
    least: float = 0.0

    @property
    def months(self) -> int:
        """Months of which none are alike."""
        return len(self.fx)

    @cached_property
    def kinds(self) -> list[Kind]:
        """The amounts that are asked of every meter; what is paid is the first."""
        more = {self.support.kind} - {EFFECTIVE} if self.support else set()
        return [EFFECTIVE, *more]
