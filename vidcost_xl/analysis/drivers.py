"""What people turn: passes, experiments, videos, TB, or any numeric input, as an input of the plan and its scale."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from vidcost_xl.errors import BadArgumentError, VideoCostError, unknown_name
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.blocks.common import BITS_PER_BYTE, BYTES_PER_MB
from vidcost_xl.model.catalogue import InputSpec, catalogue, spec_key
from vidcost_xl.model.plan import AMOUNT, Plan
from vidcost_xl.units import BYTES_PER_TB

#: The driver that is no input of a fixed plan: how long it goes on; and the input of that.
MONTHS: Final = "months"
MONTHS_KEY: Final = "calendar.months"

#: How the size of the data set is said, and the inputs of one video.
SIZE_FROM: Final = "dataset.size_from"
_OF_A_VIDEO: Final = ("dataset.mb_per_video", "dataset.seconds", "dataset.mbps")
_MB_PER_TB: Final = BYTES_PER_TB / BYTES_PER_MB

#: Of an input that cannot be 0 and has no low, the part where a search begins.
_SMALL_PART: Final = 1e-3


@dataclass(frozen=True)
class Driver:
    """A word of `data/drivers.toml`, or the key of a numeric input.

    Parameters
    ----------
    times : tuple of str
        Inputs that make so much of the word out of one of `key`.
    instead : mapping of str to mapping of str to str
        By input, what it must be in place of what it is.
    whole : bool
        Whether there are no parts of one.
    """

    name: str
    key: str
    unit: str
    times: tuple[str, ...] = ()
    instead: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    whole: bool = False


@dataclass(frozen=True)
class Turned:
    """A driver in a plan.

    Parameters
    ----------
    plan : Plan
        In which the driver counts.
    scale : float
        Of the driver in one of its input.
    least, most : float
        What the driver may be.
    own_months : int
        Months with a value of their own, which stay as they are.
    """

    driver: Driver
    plan: Plan
    scale: float
    least: float
    most: float
    own_months: int

    @property
    def now(self) -> float:
        """The driver as the plan has it."""
        return self.plan.number(self.driver.key) * self.scale


@lru_cache(maxsize=1)
def drivers() -> Mapping[str, Driver]:
    """Drivers by the word for them."""
    text = files("vidcost_xl.analysis").joinpath("data", "drivers.toml").read_text(encoding="utf-8")
    return {name: _read(name, row) for name, row in tomllib.loads(text).items()}


def _read(name: str, row: Mapping[str, Any]) -> Driver:
    times = tuple(row.get("times", ()))
    return Driver(name, row["key"], row["unit"], times, row.get("instead", {}), row.get("whole", False))


def turned(plan: Plan, name: str) -> Turned:
    """A driver in a plan.

    Parameters
    ----------
    name : str
        A word, or the key of a numeric input.

    Raises
    ------
    BadArgumentError
        For neither (names the nearest), or a driver of which no number of the input makes any.
    """
    driver = _driver(plan, name)
    how = next((by[plan.text(key)] for key, by in driver.instead.items() if plan.text(key) in by), "")
    made = _sized(plan, how, driver) if how else plan
    scale = 1.0
    for key in driver.times:
        scale *= made.number(key)
    if not scale:
        raise BadArgumentError(f"{' or '.join(driver.times)} is 0: no number of {driver.key} makes {driver.name}.")
    spec = catalogue()[spec_key(driver.key)]
    least = _least(made, driver.key, 0.0 if spec.minimum is None else spec.minimum)
    most = float("inf") if spec.maximum is None else spec.maximum
    own = sum(key == driver.key for key, _ in made.monthly)
    return Turned(driver, made, scale, least * scale, most * scale, own)


def _sized(plan: Plan, how: str, driver: Driver) -> Plan:
    # The same data set, of which the size is said otherwise: in TB, or as videos of so many MB.
    if own := [key for key, _ in plan.monthly if key in _OF_A_VIDEO]:
        raise BadArgumentError(
            f"{own[0]} has months of its own, and {SIZE_FROM} is {plan.text(SIZE_FROM)}: the data set is no one number "
            f"of {driver.unit}. Say its size by {driver.key}, or turn another input."
        )
    each = plan.number("dataset.mb_per_video")
    if plan.text(SIZE_FROM) == "bitrate":
        each = plan.number("dataset.seconds") * plan.number("dataset.mbps") / BITS_PER_BYTE
    by_amount = plan.text(SIZE_FROM) == AMOUNT
    said, other = ("dataset.amount", "dataset.videos") if by_amount else ("dataset.videos", "dataset.amount")
    factor = _MB_PER_TB / each if by_amount else each / _MB_PER_TB
    sizes = [(SIZE_FROM, how), (other, plan.number(said) * factor), ("dataset.mb_per_video", each)]
    months = {place: value for place, value in plan.monthly.items() if place[0] != other}
    months |= {(other, at): float(value) * factor for (key, at), value in plan.monthly.items() if key == said}
    return replace(plan.with_overrides(sizes), monthly=months)


def _least(plan: Plan, key: str, least: float) -> float:
    """The least that an input may be; where the plan refuses that, as videos of no size, its low or a part of now."""
    try:
        evaluate(plan.with_overrides([(key, least)]))
    except VideoCostError:
        now, ends = plan.number(key), plan.range_of(key)
        return ends[0] if ends and least < ends[0] < now else now * _SMALL_PART
    return least


def _driver(plan: Plan, name: str) -> Driver:
    wanted = name.strip()
    known = drivers().get(wanted.casefold())
    if known:
        return known
    return Driver(wanted, wanted, numeric_input(plan, wanted, (*drivers(), MONTHS)).unit)


def numeric_input(plan: Plan, key: str, words: Iterable[str]) -> InputSpec:
    """What the catalogue says of a numeric input that drives.

    Parameters
    ----------
    words : iterable of str
        What else is a driver, for the refusal.

    Raises
    ------
    BadArgumentError
        For another key; names the nearest.
    """
    spec = catalogue().get(spec_key(key))
    if spec is None or key not in plan.values or spec.kind != "number":
        numbers = [each for each in plan.values if catalogue()[spec_key(each)].kind == "number"]
        raise BadArgumentError(unknown_name("driver", key, (*words, *numbers)))
    return spec
