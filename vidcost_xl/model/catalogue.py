"""The catalogue of inputs: key, meaning, unit, allowed values, sensitivity range, help, source."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal[
    "number",
    "integer",
    "text",
    "yes-no",
    "date",
    "choice",
    "class",
    "route",
    "ingest-route",
    "vae",
    "encoder",
    "dtype",
    "meter",
    "provider",
    "generator",
    "model",
]

#: The list among the inputs; its entries are numbered from 1 in keys.
REPRESENTATION: Final = "representation"
_NUMBERED: Final = re.compile(rf"{REPRESENTATION}\.(\d+)\.(.+)")

PRESETS: Final = ("article", "complete")


class InputSpec(BaseModel):
    """What one input means and what it may be.

    Keys with a `*` stand for each entry of the list of representations.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    label: str
    unit: str
    kind: Kind
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    minimum: float | None = Field(default=None, alias="min")
    maximum: float | None = Field(default=None, alias="max")
    above: float | None = None
    monthly: bool = False
    blank: bool = False
    help: str
    source: str

    @property
    def is_numeric(self) -> bool:
        """Whether its value is a number."""
        return self.kind in {"number", "integer"}

    @property
    def is_share(self) -> bool:
        """Whether its value is a share of 1, a year's or month's too."""
        return self.kind == "number" and self.unit.split(" ", 1)[0] == "share"


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, InputSpec]:
    """All inputs by key, in the order people read them."""
    rows = tomllib.loads(data_text("catalogue.toml"))["input"]
    specs = [InputSpec.model_validate(row) for row in rows]
    return {spec.key: spec for spec in specs}


def data_text(name: str) -> str:
    """The text of one data file of the model."""
    return (files("vidcost_xl.model") / "data" / name).read_text(encoding="utf-8")


def spec_key(key: str) -> str:
    """The catalogue's key of an input's own key: `representation.2.class` is `representation.*.class`."""
    match = _NUMBERED.fullmatch(key)
    return f"{REPRESENTATION}.*.{match.group(2)}" if match else key


def entry_number(key: str) -> int | None:
    """The number of the representation that a key belongs to, or None."""
    match = _NUMBERED.fullmatch(key)
    return int(match.group(1)) if match else None


def keys_for(representations: int) -> list[str]:
    """Every key of a plan with so many representations, in order."""
    keys: list[str] = []
    listed = [key for key in catalogue() if "*" in key]
    for key in catalogue():
        if "*" not in key:
            keys.append(key)
        elif key == listed[0]:
            keys += [part.replace("*", str(n)) for n in range(1, representations + 1) for part in listed]
    return keys
