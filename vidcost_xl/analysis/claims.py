"""The claims of the article: what was said, what the plan gives, and the verdict that follows from the figures."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from vidcost_xl.analysis.figures import Figures, figures
from vidcost_xl.digits import exceeds
from vidcost_xl.model.bill import Bill

Test = Literal["about", "above", "at-least", "at-most"]
Verdict = Literal["holds", "holds if", "depends", "does not hold"]

HOLDS: Final = "holds"
FAILS: Final = "does not hold"

#: Where the words were said, and where they were retold.
SOURCE: Final = "Latent Space podcast, video agents, 2026-06-01; retold by Astronaut Monkey"


class Claim(BaseModel):
    """One claim as the data file declares it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    text: str
    said_by: str
    figure: float | None = None
    unit: str
    test: Test
    compared: str
    condition: str
    otherwise: Literal["holds if", "depends"] = "holds if"


@dataclass(frozen=True)
class Judged:
    """A claim with its figures and its verdict.

    Parameters
    ----------
    number : int
        From 1, as in the article's order.
    """

    number: int
    claim: Claim
    figures: Figures
    verdict: Verdict


@lru_cache(maxsize=1)
def declared() -> tuple[Claim, ...]:
    """The claims of the data file, in its order."""
    text = (files("vidcost_xl.analysis") / "data" / "claims.toml").read_text(encoding="utf-8")
    return tuple(Claim.model_validate(row) for row in tomllib.loads(text)["claim"])


def judge(bill: Bill) -> list[Judged]:
    """Every claim, measured on a plan.

    Parameters
    ----------
    bill : Bill
        Of one draw.
    """
    claims = declared()
    found = figures(bill, [(claim.id, claim.figure) for claim in claims])
    tolerance = bill.plan.number("claims.tolerance")
    return [
        Judged(number, claim, numbers, verdict(claim, numbers, tolerance))
        for number, (claim, numbers) in enumerate(zip(claims, found, strict=True), start=1)
    ]


def verdict(claim: Claim, numbers: Figures, tolerance: float) -> Verdict:
    """What the figures say about a claim.

    Parameters
    ----------
    tolerance : float
        What counts as about.

    Returns
    -------
    str
        It holds as the plan stands; or only under its condition ("holds if", "depends"); or not at all.
    """
    passes = _TESTS[claim.test]
    if passes(numbers.ours, numbers.compared, tolerance):
        return HOLDS
    return claim.otherwise if passes(numbers.conditional, numbers.compared, tolerance) else FAILS


_TESTS: Final[Mapping[Test, Callable[[float, float, float], bool]]] = {
    "about": lambda figure, compared, tolerance: not exceeds(abs(figure - compared), tolerance * abs(compared)),
    "above": lambda figure, compared, tolerance: exceeds(figure, compared),
    "at-least": lambda figure, compared, tolerance: not exceeds(compared, figure),
    "at-most": lambda figure, compared, tolerance: not exceeds(figure, compared),
}
