"""Checking one value of a plan against the catalogue and the reference data."""

from __future__ import annotations

import math
from contextlib import suppress
from datetime import date
from typing import TypeAlias

from vidcost_xl.digits import DIGITS, kept
from vidcost_xl.errors import BadArgumentError, NotInBookError, OutOfDomainError, VideoCostError, nearest
from vidcost_xl.model.calendar import LAST_SERIAL, day_of_serial, written_day
from vidcost_xl.model.catalogue import FIRST_DATE, LAST_DATE, InputSpec, catalogue, spec_key
from vidcost_xl.model.input_names import LOCATED, as_meant, names_of
from vidcost_xl.model.placing import is_region, unknown_region
from vidcost_xl.names import spelled, tidy
from vidcost_xl.prices.located import PLACE_MARK, in_place

Value: TypeAlias = float | str | date | None


def read_value(key: str, value: object) -> Value:
    """Check one value against the catalogue.

    Parameters
    ----------
    value : object
        As it stands in a file or a cell.

    Returns
    -------
    float, str, date or None
        None for a blank where a blank is allowed.
    """
    spec = catalogue()[spec_key(key)]
    if (
        value is None
        or (isinstance(value, str) and not tidy(value))
        or (isinstance(value, float) and math.isnan(value))
    ):
        if spec.blank:
            return None
        raise BadArgumentError(f"{spec.named(key)} is empty; allowed: {spec.allowed}.")
    if spec.is_numeric:
        return _number(key, spec, value)
    if spec.kind == "date":
        return _day(key, spec, value)
    if not isinstance(value, str):
        if spec.kind == "text" and isinstance(value, (int, float)) and not isinstance(value, bool):
            return f"{value:.{DIGITS}g}"  # an account number typed as a number, with every digit that Excel keeps
        if spec.kind == "yes-no" and isinstance(value, bool):
            return "yes" if value else "no"
        raise BadArgumentError(refusal(key, spec, value if isinstance(value, bool) else _plain(value)))
    return _name(key, spec, tidy(value))


def refusal(key: str, spec: InputSpec, value: object) -> str:
    """The sentence that refuses a value, in the words of the sheet Guards."""
    shown = f"'{value}'" if isinstance(value, str) else _plain(value)
    return f"{spec.named(key)} is {shown}; allowed: {spec.allowed}."


def _plain(value: object) -> str:
    # As a cell writes it.
    if isinstance(value, date):
        return value.isoformat()
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return (f"{value:.{DIGITS}g}" if is_number else str(value)).upper()


def _number(key: str, spec: InputSpec, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadArgumentError(refusal(key, spec, value))
    # An input is what a person can type: what a program saves behind the 15th digit is no change of a plan.
    number = kept(float(value))
    low = -math.inf if spec.minimum is None else spec.minimum
    high = math.inf if spec.maximum is None else spec.maximum
    inside = math.isfinite(number) and low <= number <= high and (spec.above is None or number > spec.above)
    if not inside or (spec.kind == "integer" and number != int(number)):
        raise OutOfDomainError(refusal(key, spec, number))
    return number


def _day(key: str, spec: InputSpec, value: object) -> date:
    day = None
    with suppress(ValueError):
        day = written_day(value)
    if isinstance(value, str) and day is not None and day.isoformat() != value:
        day = None  # such as 20270101, which a cell reads as a number
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 1 <= value <= LAST_SERIAL:
        day = day_of_serial(value)
    if day is None:
        hint = "" if isinstance(value, (int, float)) else " Write a date cell or 2027-01-01."
        raise BadArgumentError(refusal(key, spec, value) + hint)
    if not FIRST_DATE <= day <= LAST_DATE:
        raise OutOfDomainError(refusal(key, spec, value if isinstance(value, (int, float, str)) else day))
    if spec.month_start and day.day != 1:
        raise OutOfDomainError(refusal(key, spec, day))
    return day


def _name(key: str, spec: InputSpec, value: str) -> str:
    if spec.kind == "text":
        return value
    if spec.kind in {"yes-no", "choice"}:
        allowed = ("yes", "no") if spec.kind == "yes-no" else spec.choices
        if value.casefold() not in allowed:
            close = nearest(value, allowed)
            more = f" Nearest: {', '.join(close)}." if close else ""
            raise BadArgumentError(refusal(key, spec, value) + more)
        return value.casefold()
    if spec.kind == "region":
        if not is_region(value):
            raise NotInBookError(f"{refusal(key, spec, value)} {unknown_region(value)}".strip())
        return value
    plain, mark, place = value.partition(PLACE_MARK) if spec.kind in LOCATED else (value, "", "")
    named = names_of(spec.kind).get(spelled(plain))
    if named is not None and not mark:
        return named[1]
    try:
        if named is not None:
            return as_meant(spec.kind, in_place(named[1], place))
        meant = f"Write {as_meant(spec.kind, value)}."
    except VideoCostError as error:
        raise type(error)(f"{refusal(key, spec, value)} {error.message}") from None
    raise NotInBookError(f"{refusal(key, spec, value)} {meant}")
