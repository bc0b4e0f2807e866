"""Every row of the model, declared once: volumes, and the charges on them.

A row has a stable id, a label, a unit and its precedents. Volumes are single arithmetic
steps, so each is one formula in a worksheet. Charges name a volume and the meter that
counts it. Layout, tests, ledger and exports key on these ids.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.model.plan import Plan

Array: TypeAlias = NDArray[np.float64]
Stage = Literal["acquire", "store", "encode", "train", "checkpoint", "exit", "own", "generate", "support"]

STAGES: Final[tuple[Stage, ...]] = (
    "acquire",
    "store",
    "encode",
    "train",
    "checkpoint",
    "exit",
    "own",
    "generate",
    "support",
)

#: The payer of everything but the second bill that runs while a provider is left: it has tiers of its own.
MAIN_PAYER: Final = "main"
NEW_PAYER: Final = "new provider"

_PLACE: Final = re.compile(r"\{(\w+)\}")


class State:
    """The values of inputs and of the rows computed so far.

    Parameters
    ----------
    values : mapping of str to ndarray
        Arrays that broadcast over (month, draw).
    """

    def __init__(self, values: Mapping[str, Array], months: int) -> None:
        self.values = dict(values)
        self.months = months
        #: Keys read since it was last cleared; tests compare it with the declared precedents.
        self.read: set[str] = set()

    def __getitem__(self, key: str) -> Array:
        self.read.add(key)
        return self.values[key]

    @property
    def month(self) -> Array:
        """Position of each month, from 0, as a column."""
        return np.arange(self.months, dtype=np.float64)[:, np.newaxis]

    def monthly(self, key: str) -> Array:
        """A value with one row a month."""
        value = self[key]
        return np.broadcast_to(value, (self.months, value.shape[1]))


@dataclass(frozen=True)
class Volume:
    """A row that is not money.

    Parameters
    ----------
    precedents : tuple of str
        Inputs and rows it is computed from, and nothing else.
    compute : callable
        From the state to an array that broadcasts over (month, draw).
    """

    id: str
    label: str
    unit: str
    precedents: tuple[str, ...]
    compute: Callable[[State], Array]


@dataclass(frozen=True)
class ChargeLine:
    """A row of the bill: a volume, counted by a meter of the price book, at a price of the plan, or derived.

    Parameters
    ----------
    id : str
        Unique; the ledger's line.
    volume : str
        Id of the volume, in base units of the meter: bytes, requests, hours.
    meter : str
        Meter of the price book, or the key of the input that holds the price.
    times : float
        How often each unit of the volume is counted, such as 2 for both directions.
    payer : str
        Charges pool within one payer only.
    unit : str
        Billing unit, for prices of the plan; a meter knows its own.
    unit_size : float
        Base units in it.
    """

    id: str
    label: str
    stage: Stage
    volume: str
    meter: str
    times: float = 1.0
    payer: str = MAIN_PAYER
    unit: str = ""
    unit_size: float = 1.0

    @property
    def is_priced_by_plan(self) -> bool:
        """Whether the price is an input instead of a meter of the book."""
        return bool(self.unit)


@dataclass(frozen=True)
class LineName:
    """What a line of the bill is called, in the ledger and in the workbook.

    Parameters
    ----------
    id, label : str
        With places for what a plan fills in, such as {name} of a representation or {what} a meter is called.
    unit : str
        Billing unit, for a price of the plan.
    unit_size : float
        Base units in it.
    said : mapping of str to str
        What fills the places.
    """

    id: str
    label: str
    stage: Stage
    unit: str = ""
    unit_size: float = 1.0
    said: Mapping[str, str] = field(default_factory=dict)

    def then(self, line: str, label: str) -> LineName:
        """A line whose id and label go on so."""
        return replace(self, id=self.id + line, label=self.label + label)

    def of(self, **said: str) -> LineName:
        """The line with some of its places filled."""
        return replace(self, said={**self.said, **said})

    @property
    def called(self) -> str:
        """Its label with the places filled."""
        return _filled(self.label, self.said)

    def charge(self, volume: str, meter: str, times: float = 1.0, payer: str = MAIN_PAYER) -> ChargeLine:
        """The line of a plan; {meter} in its id is the meter."""
        line = _filled(self.id, {**self.said, "meter": meter})
        return ChargeLine(line, self.called, self.stage, volume, meter, times, payer, self.unit, self.unit_size)


def _filled(text: str, said: Mapping[str, str]) -> str:
    # At once, so that a brace in the name of a representation stays what it is.
    return _PLACE.sub(lambda place: said[place[1]], text)


@dataclass(frozen=True)
class ObjectRequests:
    """Requests to stored objects: the event log counts all, the key service those of its provider.

    Parameters
    ----------
    volume : str
        Id of their number.
    payer : str
        Whose bill of the key service they are on.
    """

    volume: str
    provider: str
    payer: str = MAIN_PAYER


@dataclass(frozen=True)
class Restored:
    """Bytes restored out of an archive: a copy of them is held for some days.

    Parameters
    ----------
    held, read : str
        Ids of the bytes in the archive, and of those restored.
    meter : str
        What bills the copy.
    """

    held: str
    read: str
    meter: str


@dataclass(frozen=True)
class Rows:
    """The rows of one plan, in the order they are computed, and what of them is billed for all of them together."""

    volumes: tuple[Volume, ...] = ()
    charges: tuple[ChargeLine, ...] = ()
    requests: tuple[ObjectRequests, ...] = ()
    restored: tuple[Restored, ...] = ()

    def __add__(self, other: Rows) -> Rows:
        return Rows(
            self.volumes + other.volumes,
            self.charges + other.charges,
            self.requests + other.requests,
            self.restored + other.restored,
        )


Block: TypeAlias = Callable[[Plan], Rows]


def compute(volumes: Iterable[Volume], state: State) -> State:
    """Compute volumes in order; their values join the state.

    Returns
    -------
    State
        The same one.
    """
    for volume in volumes:
        state.values[volume.id] = volume.compute(state)
    return state


def ratio(numerator: Array, denominator: Array) -> Array:
    """Quotient with 0 where there is nothing to divide: no bytes are in no objects."""
    if denominator.all():
        quotient: Array = numerator / denominator
        return quotient
    top, bottom = np.broadcast_arrays(numerator, denominator)
    result: Array = np.divide(top, bottom, out=np.zeros(top.shape), where=bottom != 0)
    return result


def shifted(values: Array, months: int) -> Array:
    """Values of `months` earlier; 0 before the plan."""
    result = np.zeros_like(values)
    if months < len(values):
        result[months:] = values[: len(values) - months]
    return result
