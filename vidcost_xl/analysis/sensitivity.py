"""What a figure of the bill becomes with each input at its low and at its high, all else as the plan has it."""

from __future__ import annotations

from dataclasses import dataclass

from vidcost_xl.analysis.progress import tell
from vidcost_xl.errors import VideoCostError
from vidcost_xl.model.catalogue import InputSpec, catalogue, spec_key
from vidcost_xl.model.outputs import figure
from vidcost_xl.model.plan import Plan


@dataclass(frozen=True)
class Swing:
    """An input at both ends of its range.

    Parameters
    ----------
    value, low, high : float
        Of the input.
    base, at_low, at_high : float
        The figure, reporting currency.
    refused : str
        Why the plan cannot have one of the ends, or has no price there; its figure is then that of the plan.
    own_months : int
        Months with a value of their own, which stay.
    """

    key: str
    spec: InputSpec
    value: float
    low: float
    high: float
    base: float
    at_low: float
    at_high: float
    refused: str
    own_months: int

    @property
    def swing(self) -> float:
        """Between the least and the most of the figure, the plan's among them."""
        figures = (self.base, self.at_low, self.at_high)
        return max(figures) - min(figures)


def swings(plan: Plan, what: str = "monthly") -> list[Swing]:
    """Every numeric input that has a range, the one that moves the figure most first.

    Parameters
    ----------
    what : str
        See `model.outputs`.
    """
    base = figure(plan, what)
    found = []
    for key in plan.values:
        spec, ends = catalogue()[spec_key(key)], plan.range_of(key)
        if not spec.is_numeric or ends is None:
            continue
        tell(f"turning {key}")
        figures, refused = [], ""
        for end in ends:
            try:
                figures.append(figure(plan.with_overrides([(key, end)]), what))
            except VideoCostError as error:
                figures.append(base)
                refused = refused or f"{end:g}: {error.message}"
        own = sum(name == key for name, _ in plan.monthly)
        found.append(Swing(key, spec, plan.number(key), *ends, base, figures[0], figures[1], refused, own))
    return sorted(found, key=lambda each: -each.swing)
