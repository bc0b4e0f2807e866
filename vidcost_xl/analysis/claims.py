"""The claims of the article: what was said, what the plan gives, and the verdict that follows from the figures."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from vidcost_xl.analysis.figures import Figures, figures
from vidcost_xl.digits import exceeds
from vidcost_xl.model.bill import Bill

Test = Literal["about", "above", "at-least", "at-most"]
Verdict = Literal["holds", "holds if", "depends", "does not hold", "cannot be measured"]

HOLDS: Final = "holds"
FAILS: Final = "does not hold"
UNMEASURED: Final = "cannot be measured"

#: Where the words were said, and where they were retold.
SOURCE: Final = "Latent Space podcast, video agents, 2026-06-01; retold by Astronaut Monkey"


class Claim(BaseModel):
    """One claim as the data file declares it; one that cannot be measured has no test."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    text: str
    said_by: str
    figure: float | None = None
    unit: str = ""
    test: Test | None = None
    compared: str = ""
    condition: str
    otherwise: Literal["holds if", "depends"] = "holds if"
    rests_on: str = ""
    turns: str = ""

    @model_validator(mode="after")
    def _is_measured_whole_or_not_at_all(self) -> Self:
        if len({bool(self.test), bool(self.unit), bool(self.compared)}) > 1:
            raise ValueError("a claim has a test, a unit and what it is compared with, or none of them")
        if self.rests_on and not self.turns:
            raise ValueError("a claim that rests on an input nobody published says at what figure it turns")
        return self


@dataclass(frozen=True)
class Judged:
    """A claim with its figures and its verdict.

    Parameters
    ----------
    number : int
        From 1, as in the article's order; what was added later comes last.
    figures : Figures or None
        None where it cannot be measured.
    """

    number: int
    claim: Claim
    figures: Figures | None
    verdict: Verdict


@lru_cache(maxsize=1)
def declared() -> tuple[Claim, ...]:
    """The claims of the data file, in its order."""
    text = (files("vidcost_xl.analysis") / "data" / "claims.toml").read_text(encoding="utf-8")
    return tuple(Claim.model_validate(row) for row in tomllib.loads(text)["claim"])


def judge(bill: Bill) -> list[Judged]:
    """Every claim, measured on a plan where it can be.

    Parameters
    ----------
    bill : Bill
        Of one draw.
    """
    measured = [claim for claim in declared() if claim.test]
    found = dict(zip(measured, figures(bill, [(claim.id, claim.figure) for claim in measured]), strict=True))
    tolerance = bill.plan.number("claims.tolerance")
    judged = []
    for number, claim in enumerate(declared(), start=1):
        numbers = found.get(claim)
        judged.append(Judged(number, claim, numbers, verdict(claim, numbers, tolerance) if numbers else UNMEASURED))
    return judged


def verdict(claim: Claim, numbers: Figures, tolerance: float) -> Verdict:
    """What the figures say about a claim that is measured.

    Parameters
    ----------
    tolerance : float
        What counts as about.

    Returns
    -------
    str
        It holds as the plan stands; or only under its condition ("holds if", "depends"); or not at all. A claim that
        rests on an input nobody published is never more than "holds if": beyond the figure at which it turns.
    """
    if claim.rests_on:
        return FAILS if math.isnan(numbers.turns) else claim.otherwise
    passes = _TESTS[claim.test or "about"]
    if passes(numbers.ours, numbers.compared, tolerance):
        return HOLDS
    return claim.otherwise if passes(numbers.conditional, numbers.compared, tolerance) else FAILS


_TESTS: Final[Mapping[Test, Callable[[float, float, float], bool]]] = {
    "about": lambda figure, compared, tolerance: not exceeds(abs(figure - compared), tolerance * abs(compared)),
    "above": lambda figure, compared, tolerance: exceeds(figure, compared),
    "at-least": lambda figure, compared, tolerance: not exceeds(compared, figure),
    "at-most": lambda figure, compared, tolerance: not exceeds(figure, compared),
}
