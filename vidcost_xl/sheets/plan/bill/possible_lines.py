"""One possible line of the bill: when it exists, what it counts, at which meter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from string import Formatter

from vidcost_xl.model.blocks.common import ROUTE_GETS
from vidcost_xl.model.lines import LineName
from vidcost_xl.sheets.plan.place_rules import LEGS
from vidcost_xl.sheets.plan.row_names import rep, value_of


@dataclass(frozen=True)
class PossibleLine:
    """One possible line of the bill.

    Parameters
    ----------
    key : str
        Part of row ids.
    line : str
        Formula of the ledger's line id, without its equals sign; `{.meter}` is the line's meter.
    label : str
        A text formula, without its equals sign.
    stage : str
        A stage in quotes, or a formula.
    volume : str
        Id of the row that counts it.
    on : str
        Formula of whether the plan has it, apart from the meter.
    meter : str
        Formula of its meter; for a price of the plan, the input's key in quotes.
    times : str
        How often each unit of the volume is counted.
    payer : str
        Name of a constant.
    price : str
        Reference to the price of the month, for a price of the plan.
    unit : str
        Its billing unit.
    size : str
        Base units in it.
    """

    key: str
    line: str
    label: str
    stage: str
    volume: str
    on: str
    meter: str
    times: str = "1"
    payer: str = "payer_main"
    price: str = ""
    unit: str = ""
    size: str = "1"


def name_of(n: int) -> str:
    """Reference to the name of the n-th representation."""
    return value_of(rep(n, "name"))


def class_meter(column: str, row: str) -> str:
    """Formula of a rule of the class in a row of Lists."""
    return f"INDEX(class_{column},{{{row}!}})"


def speed_meter(column: str, row: str) -> str:
    """Formula of a rule that has a column for each speed of restores."""
    return f"INDEX(class_{column},{{{row}!}},{{restore_speed!}})"


def billed_as(otherwise: str) -> str:
    """Formula of what the price of a line is for, as on the provider's bill; where there is none, what the line is."""
    return f'IF({{.used}}=0,"{otherwise}",IFERROR(INDEX(price_label,{{.row}}),"{otherwise}"))'


def possible_line(
    of: LineName,
    key: str,
    volume: str,
    on: str,
    meter: str,
    *,
    times: str = "1",
    payer: str = "payer_main",
    stage: str = "",
    **said: str,
) -> PossibleLine:
    """A line of the model as a possible one: id, label and stage are the model's.

    Parameters
    ----------
    key, volume, on, meter, times, payer : str
        As in PossibleLine.
    stage : str
        A formula, where a choice decides it.
    **said
        Formulas of what fills the places of the name.
    """
    own = {"meter": "{.meter}", "stage": "{.stage}"}
    line, label = (text_formula(text, own | said) for text in (of.id, of.label))
    return PossibleLine(key, line, label, stage or f'"{of.stage}"', volume, on, meter, times, payer)


def text_formula(text: str, said: Mapping[str, str]) -> str:
    """A text with places as a formula without its equals sign; what is said in the places are formulas.

    Examples
    --------
    >>> text_formula("store.{name}.early", {"name": "B2"})
    '"store."&B2&".early"'
    """
    parts = []
    for literal, place, _, _ in Formatter().parse(text):
        parts += [f'"{literal}"'] if literal else []
        parts += [said[place]] if place else []
    # Texts that follow each other are one.
    return "&".join(parts).replace('"&"', "") or '""'


def priced_by_plan(found: PossibleLine, name: LineName, price: str, size: str = "1") -> PossibleLine:
    """A line whose price is an input of the plan; `size` names the base units in its billing unit."""
    return replace(found, price=price, unit=name.unit, size=size)


def possible_legs(
    of: LineName, key: str, volume: str, on: str, direction: str, route: str, **said: str
) -> list[PossibleLine]:
    """The possible lines of the meters on a route."""
    return [
        possible_line(
            of,
            f"{key}_leg{k}",
            volume,
            on,
            f"INDEX({direction}_leg{k}_meter,{route})",
            times=f"INDEX({direction}_leg{k}_times,{route})",
            what=billed_as(f"meter {k} of the route"),
            **said,
        )
        for k in range(1, LEGS + 1)
    ]


def possible_route_gets(of: LineName, key: str, gets: str, on: str, route: str, **said: str) -> PossibleLine:
    """The possible line of a route's own requests."""
    what, meter = billed_as("requests of the route"), f"INDEX(egress_request,{route})"
    return possible_line(of.then(*ROUTE_GETS), f"{key}_extra", gets, on, meter, what=what, **said)
