"""A plan: one complete, checked set of inputs, with monthly overrides and private rates.

Nothing is filled in silently: a key that is missing, unknown or given twice is an error
that names it. Values are checked against the catalogue and the reference data on the way in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final

from vidcost_xl.errors import BadArgumentError, OutOfDomainError, unknown_name
from vidcost_xl.model.calendar import Calendar, parse_month
from vidcost_xl.model.catalogue import REPRESENTATION, catalogue, entry_number, keys_for, spec_key
from vidcost_xl.model.placing import placed, region_key, regions_meant
from vidcost_xl.model.rate_keys import RATE_PREFIX, is_rate, rate_given, rated_meter
from vidcost_xl.model.values import Value, read_value
from vidcost_xl.prices.book import price_book

#: A monthly override is written key@year-month.
MONTH_MARK: Final = "@"

#: Why an input may not be empty, though its kind allows it.
NEEDED: Final = {
    "vae": "is empty; the kind latent needs a video autoencoder",
    "encoder": "is empty; the kind text needs a text encoder",
    "second_class": "is empty; second_share sends data there",
}
NO_VIDEO: Final = "the size of a video is 0 in a month, which makes no videos of an amount"
NO_VIDEOS: Final = "the data set has no videos in a month, which make up the amount"
LEAVING_TOO_LATE: Final = "allowed: at most the months of the plan"
NAMED_TWICE: Final = "another representation has that name"
MOVES_ONLY_TO: Final = "a lifecycle rule moves data out of the first class only to: "

#: How the classes that one may move to are written one after the other, and what is written where there are none.
MOVES_APART: Final = ", "
MOVES_NOWHERE: Final = "no class"

#: The answer of dataset.size_from where the data set is given in TB.
AMOUNT: Final = "amount"

_REPRESENTATION_KEY: Final = re.compile(rf"{REPRESENTATION}\.(\d+)\..+")


@dataclass(frozen=True)
class Plan:
    """A complete set of inputs.

    Parameters
    ----------
    values : mapping of str to value
        Every key of the catalogue; numbers as float, dates as date, a blank as None.
    monthly : mapping of (str, int) to float
        Overrides of one month, by key and position of the month from 0.
    rates : mapping of str to float
        Private rates by meter, flat per billing unit; months of their own under `monthly`
        with the key `rate.<meter>`.
    ranges : mapping of str to (float, float)
        Low and high of inputs whose range differs from the catalogue's.
    sampled : frozenset of str
        Inputs that differ from draw to draw in the evaluation at hand.
    accounts : mapping of str to (str, str)
        GL account and cost centre of single lines of the bill, in place of those of their stage; an empty text
        leaves one of them as it is.
    """

    values: Mapping[str, Value]
    monthly: Mapping[tuple[str, int], float] = field(default_factory=dict)
    rates: Mapping[str, float] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    sampled: frozenset[str] = frozenset()
    accounts: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @cached_property
    def representations(self) -> int:
        """How many representations the plan has."""
        names = (key for key in self.values if key.endswith(".name"))  # each has one
        return max(number for number in map(entry_number, names) if number is not None)

    @property
    def calendar(self) -> Calendar:
        """The months of the plan."""
        start = self.values["calendar.start"]
        assert isinstance(start, date)
        return Calendar(start, self.integer("calendar.months"), self.integer("calendar.fiscal_year_start"))

    def number(self, key: str) -> float:
        """A numeric input."""
        value = self.values[key]
        assert isinstance(value, float)
        return value

    def integer(self, key: str) -> int:
        """An integer input."""
        return int(self.number(key))

    def text(self, key: str) -> str:
        """A text input; a blank is the empty text. A class stands in the region that is written beside it."""
        value = self.values[key]
        if value is None:
            return ""
        region = self.values.get(region_key(key)) if key.endswith("class") else None
        return placed(str(value), str(region)) if region else str(value)

    def is_on(self, key: str) -> bool:
        """Whether a yes-or-no input says yes."""
        return self.values[key] == "yes"

    def is_used(self, key: str) -> bool:
        """Whether a numeric input is other than 0 in any month or draw."""
        overridden = any(name == key and value for (name, _), value in self.monthly.items())
        return bool(self.number(key)) or key in self.sampled or overridden

    def least(self, key: str) -> float:
        """The smallest value of a numeric input in any month."""
        given = [value for (name, _), value in self.monthly.items() if name == key]
        return min(given if len(given) == self.integer("calendar.months") else [self.number(key), *given])

    def range_of(self, key: str) -> tuple[float, float] | None:
        """Low and high of an input for sensitivity, or None where it has no range."""
        if key in self.ranges:
            return self.ranges[key]
        spec = catalogue().get(spec_key(key))
        return None if spec is None or spec.low is None or spec.high is None else (spec.low, spec.high)

    def with_overrides(self, overrides: Iterable[tuple[str, object]]) -> Plan:
        """The plan with some inputs changed.

        Parameters
        ----------
        overrides : iterable of (str, object)
            Keys as in a table: `dataset.videos`, `train.experiments@2027-03`, `rate.<meter>`.

        Raises
        ------
        BadArgumentError
            For a key that does not exist (names the nearest), or is given twice.
        """
        pairs = list(overrides)
        refuse_repeats([key for key, _ in pairs])
        base = {key for key, _ in pairs if MONTH_MARK not in key and not is_rate(key)}
        unknown = sorted(base - set(self.values))
        if unknown:
            raise BadArgumentError(_unknown_key(unknown[0], self.values))
        values = dict(self.values) | {key: read_value(key, value) for key, value in pairs if key in base}
        changed = replace(self, values=values)
        # An override of one month belongs to that month, wherever the plan now starts.
        monthly = {
            (key, _position(changed, key, self.calendar.starts[at])): value for (key, at), value in self.monthly.items()
        }
        return _checked(_with_special(replace(changed, monthly=monthly), pairs))


def make_plan(
    pairs: Iterable[tuple[str, object]], ranges: Mapping[str, tuple[float, float]] | None = None, missing_hint: str = ""
) -> Plan:
    """Check a complete list of inputs and make it a plan.

    Parameters
    ----------
    pairs : iterable of (str, object)
        Key and value of every input, of monthly overrides and of private rates.
    ranges : mapping, optional
        Low and high of numeric inputs.
    missing_hint : str
        What to do about a missing key, for its refusal.

    Raises
    ------
    BadArgumentError
        For a missing, unknown or repeated key, or a value of the wrong kind.
    OutOfDomainError
        For a number outside its domain.
    NotInBookError
        For a class, route, VAE or meter that the reference data do not hold.
    """
    given = list(pairs)
    refuse_repeats([key for key, _ in given])
    base = {key: value for key, value in given if MONTH_MARK not in key and not is_rate(key)}
    numbers = sorted({int(match.group(1)) for key in base if (match := _REPRESENTATION_KEY.fullmatch(key))})
    if numbers != list(range(1, len(numbers) + 1)):
        raise BadArgumentError(f"representations are numbered 1, 2, 3, ... without gaps; got {numbers}.")
    needed = keys_for(max(1, len(numbers)))
    unknown = [key for key in base if key not in set(needed)]
    if unknown:
        raise BadArgumentError(_unknown_key(unknown[0], needed))
    missing = [key for key in needed if key not in base]
    if missing:
        spec = catalogue()[spec_key(missing[0])]
        others = f" ({len(missing) - 1} more are missing)" if len(missing) > 1 else ""
        where = f"input {missing[0]} ({spec.label}, {spec.unit}) is missing{others}."
        raise BadArgumentError(f"{where} Nothing is filled in. {missing_hint}".strip())
    plan = Plan({key: read_value(key, base[key]) for key in needed}, ranges=dict(ranges or {}))
    _check_ranges(plan)
    return _checked(_with_special(plan, given))


def _with_special(plan: Plan, pairs: Iterable[tuple[str, object]]) -> Plan:
    monthly, rates = dict(plan.monthly), dict(plan.rates)
    given: set[str | tuple[str, int]] = set()
    for key, value in pairs:
        name, mark, month = key.partition(MONTH_MARK)
        rated = is_rate(name)
        if rated:
            name = RATE_PREFIX + rated_meter(name)
        elif not mark:
            continue
        else:
            name = _monthly_key(name, plan)
        number = rate_given(name, value) if rated else read_value(name, value)
        assert isinstance(number, float)
        target = (name, _position(plan, name, parse_month(month, key))) if mark else name
        if target in given:  # such as 2027-3 beside 2027-03
            raise BadArgumentError(f"input {key} is given twice.")
        given.add(target)
        if isinstance(target, tuple):
            monthly[target] = number
        else:
            rates[name.removeprefix(RATE_PREFIX)] = number
    return replace(plan, monthly=monthly, rates=rates)


def _monthly_key(name: str, plan: Plan) -> str:
    key = name if name in plan.values else {each.casefold(): each for each in plan.values}.get(name.strip().casefold())
    if key is None:
        raise BadArgumentError(_unknown_key(name, plan.values))
    if not catalogue()[spec_key(key)].monthly:
        raise BadArgumentError(f"{key} holds for the whole plan; a single month cannot override it.")
    return key


def _position(plan: Plan, key: str, month: date) -> int:
    try:
        return plan.calendar.position(month)
    except OutOfDomainError as error:
        raise OutOfDomainError(f"{key}{MONTH_MARK}{month:%Y-%m}: {error.message}") from None


def _check_ranges(plan: Plan) -> None:
    for key, (low, high) in plan.ranges.items():
        if key not in plan.values:
            raise BadArgumentError(_unknown_key(key, plan.values))
        if low > high:
            raise BadArgumentError(f"{key}: low {low:g} is above high {high:g}.")


def _checked(plan: Plan) -> Plan:
    meant = regions_meant(plan.values)
    plan = replace(plan, values={**plan.values, **meant}) if meant else plan
    names = [plan.text(f"{REPRESENTATION}.{n}.name").casefold() for n in range(1, plan.representations + 1)]
    for n, name in enumerate(names, start=1):
        if names.count(name) > 1:
            key = f"{REPRESENTATION}.{n}.name"
            raise BadArgumentError(f"{_named(key)} is {plan.text(key)!r}; {NAMED_TWICE}.")
    for n in range(1, plan.representations + 1):
        prefix = f"{REPRESENTATION}.{n}."
        kind = plan.text(prefix + "kind")
        for name, is_needed in (
            ("vae", kind == "latent"),
            ("encoder", kind == "text"),
            ("second_class", plan.is_used(prefix + "second_share")),
        ):
            if is_needed and not plan.text(prefix + name):
                raise BadArgumentError(f"{_named(prefix + name)} {NEEDED[name]}.")
        first, age = price_book().storage_class(plan.text(prefix + "class")), plan.integer(prefix + "lifecycle_months")
        second = plan.text(prefix + "second_class")
        if second and age and second not in first.moves_to:
            allowed = MOVES_APART.join(first.moves_to) or MOVES_NOWHERE
            raise BadArgumentError(f"{_named(prefix + 'lifecycle_months')} is {age}; {MOVES_ONLY_TO}{allowed}.")
    by_amount = plan.text("dataset.size_from") == AMOUNT
    if by_amount and not plan.least("dataset.mb_per_video"):
        raise OutOfDomainError(f"{_named('dataset.amount')} is {plan.number('dataset.amount'):g}; {NO_VIDEO}.")
    for key in (f"{REPRESENTATION}.{n}.{AMOUNT}" for n in range(1, plan.representations + 1)):
        if plan.number(key) and not plan.least("dataset.amount" if by_amount else "dataset.videos"):
            raise OutOfDomainError(f"{_named(key)} is {plan.number(key):g}; {NO_VIDEOS}.")
    last = plan.integer("exit.month")
    if last > plan.integer("calendar.months"):
        raise OutOfDomainError(f"{_named('exit.month')} is {last}; {LEAVING_TOO_LATE}.")
    return plan


def _named(key: str) -> str:
    return catalogue()[spec_key(key)].named(key)


def refuse_repeats(keys: list[str]) -> None:
    """Raise BadArgumentError for the first key that is given twice."""
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise BadArgumentError(f"input {key} is given twice.")
        seen.add(key)


def _unknown_key(key: str, allowed: Iterable[str]) -> str:
    return unknown_name("input", key, allowed, "See =VIDEO_INPUTS().")
