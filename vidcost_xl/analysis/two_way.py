"""A figure of the bill over two inputs at once: each cell is that of the plan with both put in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Final

import numpy as np

from vidcost_xl.analysis.drivers import MONTHS, MONTHS_KEY, SIZE_FROM, Driver, drivers, turned
from vidcost_xl.errors import BadArgumentError, VideoCostError, unknown_name
from vidcost_xl.model.catalogue import catalogue, spec_key
from vidcost_xl.model.lines import Array
from vidcost_xl.model.outputs import figure, outputs
from vidcost_xl.model.plan import AMOUNT, Plan

Value = float | str


@dataclass(frozen=True)
class Axis:
    """An input along one side of a table: a driver, or any other input as it is.

    Parameters
    ----------
    values : tuple of float or str
        In the driver's unit.
    is_drawn : bool
        Whether the model takes many of its values at once.
    """

    driver: Driver
    values: tuple[Value, ...]
    is_drawn: bool

    def pairs(self, plan: Plan, value: Value) -> list[tuple[str, object]]:
        """The inputs of a plan that make one value."""
        if isinstance(value, str):
            return [(self.driver.key, value)]
        return [(self.driver.key, value / float(np.prod([plan.number(key) for key in self.driver.times])))]


@dataclass(frozen=True)
class TwoWay:
    """A figure over two inputs.

    Parameters
    ----------
    cells : tuple of tuple
        One row a value down; where the plan cannot be, why.
    """

    down: Axis
    across: Axis
    cells: tuple[tuple[float | VideoCostError, ...], ...]


#: An input of a table, and its values: its range where none.
Asked = tuple[str, tuple[Value, ...]]

#: The input that is the size of a video, or of the data set, by what the plan says it from.
SIZE_OF: Final = {"mb": "dataset.mb_per_video", "bitrate": "dataset.mbps", AMOUNT: "tb"}


def passes_by_size(plan: Plan) -> tuple[Asked, Asked]:
    """The two inputs that a data bill is first asked about."""
    return ("passes", ()), (SIZE_OF[plan.text(SIZE_FROM)], ())


def tabled(plan: Plan, what: str, down: Asked, across: Asked) -> TwoWay:
    """A figure over two inputs, each at the values asked for, or at its low, the plan's, its high and between them.

    Raises
    ------
    BadArgumentError
        See `axis_of` and `two_way`.
    """
    rows, plan = axis_of(plan, *down)
    columns, plan = axis_of(plan, *across)
    rows, columns = (axis if asked[1] else _closer(axis) for axis, asked in ((rows, down), (columns, across)))
    return TwoWay(rows, columns, tuple(tuple(row) for row in two_way(plan, what, rows, columns)))


def _closer(axis: Axis) -> Axis:
    numbers = [each for each in axis.values if isinstance(each, float)]
    between = [(low + high) / 2 for low, high in pairwise(numbers)]
    if axis.driver.whole:
        between = [float(round(each)) for each in between]
    return replace(axis, values=tuple(sorted({*numbers, *between})))


def axis_of(plan: Plan, name: str, values: Sequence[Value]) -> tuple[Axis, Plan]:
    """An axis, and the plan in which its driver counts.

    Parameters
    ----------
    name : str
        A word of `drivers`, "months", or the key of any input.
    values : sequence of float or str
        Low, the plan's and high where empty.

    Raises
    ------
    BadArgumentError
        For another name, no values where the input has no range, a value that the input cannot have, or an input with a
        value of its own in every month, of which no other would count.
    """
    key = MONTHS_KEY if name.casefold() == MONTHS else name
    is_word = name.casefold() in drivers()
    if not is_word and key not in plan.values:
        raise BadArgumentError(unknown_name("driver", name, (*drivers(), MONTHS, *plan.values)))
    if is_word or catalogue()[spec_key(key)].kind == "number":
        found = turned(plan, name)
        driver, plan, is_drawn = found.driver, found.plan, True
    else:
        driver, is_drawn = Driver(name, key, catalogue()[spec_key(key)].unit), False
    if months_of_its_own(plan, driver) == plan.calendar.months:
        raise BadArgumentError(
            f"{driver.key} has a value of its own in every month, so that none of a table counts: empty some of "
            "them, or take another input."
        )
    values = values or _low_base_high(plan, driver)
    axis = Axis(driver, tuple(values), is_drawn)
    for value in axis.values:
        plan.with_overrides(axis.pairs(plan, value))
    return axis, plan


def months_of_its_own(plan: Plan, driver: Driver) -> int:
    """How many months of a plan have a value of what a driver turns, which they keep in a table."""
    return sum(key == driver.key for key, _ in plan.monthly)


def two_way(plan: Plan, what: str, down: Axis, across: Axis) -> list[list[float | VideoCostError]]:
    """The figure for each value down and each across.

    Parameters
    ----------
    plan : Plan
        In which the drivers of both count.
    what : str
        See `model.outputs`.

    Returns
    -------
    list of list
        One row a value down; where the plan cannot be, why.

    Raises
    ------
    BadArgumentError
        Where both turn the same input.
    """
    if down.driver.key == across.driver.key:
        both = f"{down.driver.name} and {across.driver.name}"
        raise BadArgumentError(f"{both} turn the same input, {down.driver.key}: take another for one of them.")
    sides = (down, across)
    drawn = [axis for axis in sides if axis.is_drawn]
    held = [axis for axis in sides if not axis.is_drawn]
    cells: dict[tuple[Value, ...], float | VideoCostError] = {}
    for fixed in product(*(axis.values for axis in held)):
        for at, amount in _priced(plan, what, list(zip(held, fixed, strict=True)), drawn):
            mine, others = iter(at), iter(fixed)
            cells[tuple(next(mine if axis.is_drawn else others) for axis in sides)] = amount
    return [[cells[row, column] for column in across.values] for row in down.values]


def _priced(
    plan: Plan, what: str, held: Sequence[tuple[Axis, Value]], drawn: Sequence[Axis]
) -> Iterable[tuple[tuple[Value, ...], float | VideoCostError]]:
    # Every combination of what is drawn, in a plan that holds the rest.
    every = list(product(*(axis.values for axis in drawn)))
    try:
        made = plan.with_overrides([pair for axis, value in held for pair in axis.pairs(plan, value)])
        samples = _samples(made, drawn, np.array(every, dtype=np.float64).reshape(len(every), len(drawn)))
        found = outputs(made, samples, what).tolist() if drawn else [figure(made, what)]
    except VideoCostError as error:
        return [(at, error) for at in every]
    return zip(every, found, strict=True)


def _samples(plan: Plan, drawn: Sequence[Axis], values: Array) -> dict[str, Array]:
    samples = {axis.driver.key: values[:, at] for at, axis in enumerate(drawn)}
    # One may be among what makes the other: passes a month of experiments, and passes of each.
    scaled = dict(samples)
    for axis in drawn:
        for key in axis.driver.times:
            scaled[axis.driver.key] = scaled[axis.driver.key] / samples.get(key, plan.number(key))
    return scaled


def _low_base_high(plan: Plan, driver: Driver) -> list[Value]:
    ends = plan.range_of(driver.key)
    if ends is None:
        raise BadArgumentError(f"{driver.name} has no low and high among the inputs: say which values it takes.")
    scale = float(np.prod([plan.number(key) for key in driver.times]))
    return sorted({ends[0] * scale, plan.number(driver.key) * scale, ends[1] * scale})
