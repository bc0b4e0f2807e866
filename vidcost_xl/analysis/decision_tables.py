"""The tables of a decision, as a screen, Markdown and a sheet show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from vidcost_xl.analysis.breakeven import Basis
from vidcost_xl.analysis.decision import OWN, TABLE, Decision, Doubt
from vidcost_xl.analysis.sensitivity import Swing
from vidcost_xl.analysis.turning import Turn
from vidcost_xl.analysis.two_way import Axis, months_of_its_own
from vidcost_xl.errors import VideoCostError
from vidcost_xl.model.catalogue import InputSpec, catalogue, entry_number, spec_key
from vidcost_xl.model.plan import Plan

Cell = str | float | None

#: How a column is written: as it is, whole money, a share, an input as typed, one that was found, or a whole number.
Form = Literal["text", "money", "share", "input", "found", "whole"]

#: A figure in words.
FIGURES: Final = {
    "monthly": "an average month",
    "annual": "a year of average months",
    "total": "the whole plan",
    "peak": "the dearest month",
}

#: Places that are listed, beside the plan.
MOST_PLACES: Final = 5

#: From this size on a number of an input is shown whole.
WHOLE_FROM: Final = 1_000

BASIS: Final[dict[Basis, str]] = {
    "cash": "Cash",
    "discounted": "Cash, discounted",
    "profit and loss": "Profit and loss, after interest",
}

_NO_LEVER: Final = "No input with a low and a high moves it."

STAYS: Final = "nothing within its range"


@dataclass(frozen=True)
class Table:
    """A table with its heading.

    Parameters
    ----------
    columns : tuple of (str, Form)
    rows : tuple of tuple
        None is a blank.
    notes : tuple of str
        In place of rows, or below them.
    """

    title: str
    columns: tuple[tuple[str, Form], ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


def tables(found: Decision, levers: int) -> list[Table]:
    """Cheapest plans, levers, two of them together, break-even, range, and what turns the answers.

    Parameters
    ----------
    levers : int
        How many are listed.
    """
    upper = [place_table(found), lever_table(found, levers), two_way_table(found), site_table(found)]
    return [*upper, risk_table(found), doubt_table(found)]


def place_table(found: Decision) -> Table:
    """The plan and the cheapest place of each provider, the cheapest first."""
    rows: list[tuple[Cell, ...]] = [("", "as planned", "", found.base, None, None)]
    for row in found.places.cheapest[:MOST_PLACES]:
        more = row.cost - found.base
        share = more / found.base if found.base else None
        rows.append((row.candidate.provider, row.candidate.storage_class, row.candidate.route, row.cost, more, share))
    columns: tuple[tuple[str, Form], ...] = (("provider", "text"), ("class", "text"), ("route", "text"))
    columns += ((FIGURES[found.wanted.what], "money"), ("difference", "money"), ("share", "share"))
    serving = len(found.places.cheapest)
    note = f"Of {serving} providers that can serve the plan; vidcost compare lists all, and what cannot."
    return Table("Where it is cheapest", columns, tuple(rows), (note if serving else "No place can serve the plan.",))


def lever_table(found: Decision, levers: int) -> Table:
    """The inputs that move the figure most."""
    rows = tuple(
        (
            *(named(found.plan, each), each.spec.unit, each.value, each.low, each.high),
            *(each.at_low - each.base, each.at_high - each.base, each.swing),
        )
        for each in found.levers[:levers]
    )
    columns: tuple[tuple[str, Form], ...] = (("input", "text"), ("unit", "text"), ("now", "input"), ("low", "input"))
    columns += (("high", "input"), ("change at low", "money"), ("change at high", "money"), ("swing", "money"))
    notes = [f"{named(found.plan, each)}: {each.refused}" for each in found.levers[:levers] if each.refused]
    return Table("What moves it most", columns, rows, tuple(notes) if rows else (_NO_LEVER,))


def two_way_table(found: Decision) -> Table:
    """The figure over two inputs, the plan's own values among them."""
    figure = FIGURES[found.wanted.what].capitalize()
    if found.table is None:
        return Table(f"{figure} over two inputs", (("", "text"),), (), (f"No answer: {found.missing[TABLE]}",))
    down, across = found.table.down, found.table.across
    columns: tuple[tuple[str, Form], ...] = ((_along(down), "text"),)
    columns += tuple((_valued(value), "money") for value in across.values)
    rows = tuple(
        (_valued(value), *(None if isinstance(cell, VideoCostError) else cell for cell in cells))
        for value, cells in zip(down.values, found.table.cells, strict=True)
    )
    refused = (cell.message for cells in found.table.cells for cell in cells if isinstance(cell, VideoCostError))
    notes = tuple(f"where it is blank: {why}" for why in list(dict.fromkeys(refused))[:1])
    own = {axis.driver.key: months_of_its_own(found.plan, axis.driver) for axis in (down, across)}
    notes += tuple(f"{key} keeps its own value in so many months: {months}" for key, months in own.items() if months)
    title = f"{figure}, {found.currency}: {_along(down)} down, {_along(across)} across"
    return Table(title, columns, rows, notes)


def _along(axis: Axis) -> str:
    # Words such as passes say themselves in their unit.
    driver = axis.driver
    label = catalogue()[spec_key(driver.key)].label if driver.name == driver.key else ""
    unit = driver.unit.partition(" (")[0] if axis.is_drawn else ""
    return f"{label}, {unit}" if label and unit.casefold() != label.casefold() else label or unit


def _valued(value: float | str) -> str:
    return value if isinstance(value, str) else written(value)


def site_table(found: Decision) -> Table:
    """When a site of one's own has become cheaper than the cloud."""
    columns: tuple[tuple[str, Form], ...] = (("basis", "text"), ("month", "whole"), ("which is", "text"))
    title = "When a site of one's own pays"
    if found.site is None:
        why = f"No answer: {found.missing[OWN]}" if OWN in found.missing else "own.compare is no."
        return Table(title, columns, (), (why,))
    labels = found.site.labels
    rows = tuple(
        (BASIS[basis], None if month is None else float(month), _month_said(labels, month))
        for basis, month in found.site.months.items()
    )
    return Table(title, columns, rows)


def risk_table(found: Decision) -> Table:
    """The range of the figure."""
    risk, money = found.risk, found.currency
    rows: list[tuple[Cell, ...]] = [("As planned", risk.base, None), ("Mean", risk.mean.value, risk.mean.error)]
    rows += [(f"P{percent}", each.value, each.error) for percent, each in risk.quantiles.items()]
    columns: tuple[tuple[str, Form], ...] = (("measure", "text"), (money, "money"), ("standard error", "money"))
    notes = [f"{risk.draws:,} draws, seed {found.wanted.seed}"]
    if risk.above is not None and found.wanted.budget is not None:
        notes.insert(0, f"chance above {found.wanted.budget:,.0f}: {risk.above.value:.1%}")
    if risk.shares:
        notes.append(f"{risk.assumed:.0%} of the spread rests on ranges that are assumptions")
    return Table("How sure it is", columns, tuple(rows), tuple(notes))


def doubt_table(found: Decision) -> Table:
    """For each of the strongest levers, where its answers turn."""
    columns: tuple[tuple[str, Form], ...] = (("input", "text"), ("now", "input"), ("low", "input"), ("high", "input"))
    columns += (("question", "text"), ("answer now", "text"), ("would be", "text"), ("at", "found"), ("and", "text"))
    rows = [_doubt_row(found.plan, *each) for each in turns(found)]
    notes = () if rows else ("No input has a range to ask for.",)
    return Table("What must be true for the plan to be wrong", columns, tuple(rows), notes)


def named(plan: Plan, lever: Swing) -> str:
    """An input as people call it, with the representation that it is of."""
    number = entry_number(lever.key)
    name = plan.text(f"representation.{number}.name") if number else ""
    return f"{lever.spec.label}, {name}" if name else lever.spec.label


def written(value: float) -> str:
    """A number of an input: whole from a thousand on, to four digits below."""
    return f"{value:,.0f}" if abs(value) >= WHOLE_FROM else f"{value:.4g}"


def measured(value: float, spec: InputSpec) -> str:
    """A number of an input with its unit, as a sentence says it: 14 MB, 30%, 10 per month."""
    unit = spec.unit.partition(" (")[0]
    if unit.startswith("share"):
        return f"{100 * value:.4g}%{unit.removeprefix('share')}"
    # The label may be its unit: videos.
    return written(value) if unit in {"ratio", spec.label.casefold()} else f"{written(value)} {unit}"


def as_text(cell: Cell, form: Form) -> str:
    """A cell in the form of its column."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if form == "share":
        return f"{cell:+.1%}"
    return written(cell) if form in {"input", "found"} else f"{cell:,.0f}"


def _doubt_row(plan: Plan, doubt: Doubt, turn: Turn | None, way: str) -> tuple[Cell, ...]:
    lever = doubt.lever
    turned = (doubt.answer(turn.answer), doubt.edge(turn), way) if turn else (STAYS, None, "")
    return (named(plan, lever), lever.value, lever.low, lever.high, doubt.question, doubt.answer(doubt.now), *turned)


def turns(found: Decision) -> list[tuple[Doubt, Turn | None, str]]:
    """The nearest turn of each answer below and above; what turns stands first, what does not once."""
    turned = [
        (doubt, turn, way)
        for doubt in found.doubts
        for turn, way in ((doubt.below, "below"), (doubt.above, "above"))
        if turn
    ]
    return [*turned, *((doubt, None, "") for doubt in found.doubts if not (doubt.below or doubt.above))]


def _month_said(labels: tuple[str, ...], month: int | None) -> str:
    return f"never by {labels[-1]}" if month is None else labels[month - 1]
