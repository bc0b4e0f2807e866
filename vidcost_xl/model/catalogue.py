"""The catalogue of inputs: key, meaning, unit, allowed values, sensitivity range, help, source."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
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
    "region",
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

#: Dates of a plan: older than every price of the book, and later than every plan; other numbers are slips.
FIRST_DATE: Final = date(1990, 1, 1)
LAST_DATE: Final = date(2199, 12, 31)

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
    used_with: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    used_above: str = ""
    replaced_by: str = ""
    month_start: bool = False
    help: str
    source: str

    def counts_with(self, key: str) -> dict[str, tuple[str, ...]]:
        """What other inputs must say for this one to count, by key.

        Parameters
        ----------
        key : str
            Its own key in a plan, whose number stands for the `*`.
        """
        number, switch = entry_number(key), f"{self.key.split('.')[0]}.on"
        found = {other.replace("*", str(number)): values for other, values in self.used_with.items()}
        return found | ({switch: ("yes",)} if switch in catalogue() and switch != self.key else {})

    def replaced_with(self, key: str) -> str:
        """Key of the number that counts in its place where it is above 0; empty for none."""
        return self.replaced_by.replace("*", str(entry_number(key)))

    def counts(self, key: str, values: Mapping[str, object]) -> bool:
        """Whether it counts for a plan of such values, by their keys."""
        instead = values.get(self.replaced_with(key))
        if isinstance(instead, int | float) and instead > 0:
            return False
        if self.used_above and not values[self.used_above]:
            return False
        return all(values[other] in allowed for other, allowed in self.counts_with(key).items())

    @property
    def is_numeric(self) -> bool:
        """Whether its value is a number."""
        return self.kind in {"number", "integer"}

    @property
    def is_share(self) -> bool:
        """Whether its value is a share of 1, a year's or month's too.

        No two of them make up one whole. Where a whole is divided, as bytes between two classes or a price between
        order and delivery, one share is an input and the rest is 1 less it, so that the parts always add up. Shares by
        access tier are an argument of VIDEO_STORAGE, which adds them up; a plan derives them from reread_days.
        """
        return self.kind == "number" and self.unit.split(" ", 1)[0] == "share"

    @property
    def allowed(self) -> str:
        """What may be typed, in words: `0 to 1`, `a date`, `kept or fetched`."""
        words = _WORDS.get(self.kind, "") or _one_of(self.choices)
        if self.is_numeric:
            words = self._bounds()
        if self.month_start:
            words = "the first day of a month"
        return words + (", or empty" if self.blank else "")

    def _bounds(self) -> str:
        kind = "a whole number, " if self.kind == "integer" else ""
        if self.above is not None:
            upper = "" if self.maximum is None else f", at most {_plain(self.maximum)}"
            return f"{kind}above {_plain(self.above)}{upper}"
        if self.minimum is None:
            return "a number" if self.maximum is None else f"{kind}at most {_plain(self.maximum)}"
        low = _plain(self.minimum)
        return f"{kind}at least {low}" if self.maximum is None else f"{kind}{low} to {_plain(self.maximum)}"

    def named(self, key: str) -> str:
        """What messages call the input: its own key, label and unit."""
        return f"{key} ({self.label}, {self.unit})"


#: What the kinds of names and texts allow.
_WORDS: Final[dict[str, str]] = {
    "text": "a text",
    "yes-no": "yes or no",
    "date": f"a date from {FIRST_DATE.year} to {LAST_DATE.year}",
    # The lists of a workbook hold the regions that its plan named when it was made.
    **{
        kind: f"{what} of the sheet Lists (for another region: vidcost new --from)"
        for kind, what in (
            ("class", "a storage class"),
            ("route", "an egress route"),
            ("ingest-route", "an ingest route"),
            ("region", "a region of its provider"),
        )
    },
    **{
        kind: f"{what} of the sheet Lists"
        for kind, what in (
            ("vae", "a video autoencoder"),
            ("encoder", "a text encoder"),
            ("dtype", "a number format"),
            ("provider", "a provider"),
            ("generator", "a video generator"),
            ("model", "a language model"),
        )
    },
    "meter": "a meter of the sheet Prices",
}


def _one_of(names: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _plain(number: float) -> str:
    return f"{number:.15g}"


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
