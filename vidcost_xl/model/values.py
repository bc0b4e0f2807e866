"""Checking one value of a plan against the catalogue and the reference data."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import Final, TypeAlias

from vidcost_xl.digits import DIGITS, kept
from vidcost_xl.errors import BadArgumentError, OutOfDomainError, unknown_name
from vidcost_xl.facts.book import fact_book
from vidcost_xl.facts.latents import DTYPE_BYTES
from vidcost_xl.model.calendar import LAST_SERIAL, day_of_serial, written_day
from vidcost_xl.model.catalogue import InputSpec, catalogue, spec_key
from vidcost_xl.model.offers import find_offer
from vidcost_xl.names import Named, find_name
from vidcost_xl.prices.book import price_book

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
        or (isinstance(value, str) and not value.strip())
        or (isinstance(value, float) and math.isnan(value))
    ):
        if spec.blank:
            return None
        raise BadArgumentError(f"{key} ({spec.label}) is empty; it needs {_wanted(spec)}.")
    if spec.is_numeric:
        return _number(key, spec, value)
    if spec.kind == "date":
        return _day(key, value)
    if not isinstance(value, str):
        if spec.kind == "text" and isinstance(value, (int, float)) and not isinstance(value, bool):
            return f"{value:.{DIGITS}g}"  # an account number typed as a number, with every digit that Excel keeps
        if spec.kind == "yes-no" and isinstance(value, bool):
            return "yes" if value else "no"
        raise BadArgumentError(f"{key} ({spec.label}) is {_wanted(spec)}, not {value!r}.")
    return _name(key, spec, value.strip())


def _number(key: str, spec: InputSpec, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadArgumentError(f"{key} ({spec.label}, {spec.unit}) is a number, not {value!r}.")
    # An input is what a person can type: what a program saves behind the 15th digit is no change of a plan.
    number = kept(float(value))
    low = -math.inf if spec.minimum is None else spec.minimum
    high = math.inf if spec.maximum is None else spec.maximum
    inside = math.isfinite(number) and low <= number <= high and (spec.above is None or number > spec.above)
    if not inside:
        bounds = f"above {spec.above:g}" if spec.above is not None else f"at least {low:g}"
        upper = "" if high == math.inf else f" and at most {high:g}"
        raise OutOfDomainError(f"{key} ({spec.label}, {spec.unit}) is {bounds}{upper}, not {number:g}.")
    if spec.kind == "integer" and number != int(number):
        raise OutOfDomainError(f"{key} ({spec.label}, {spec.unit}) is a whole number, not {number:g}.")
    return number


def _day(key: str, value: object) -> date:
    refusal = BadArgumentError(f"{key} {value!r} is not a date; write a date cell or 2027-01-01.")
    try:
        day = written_day(value)
    except ValueError:
        raise refusal from None
    if day is not None:
        return day
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 1 <= value <= LAST_SERIAL:
        return day_of_serial(value)
    raise refusal


def _name(key: str, spec: InputSpec, value: str) -> str:
    if spec.kind == "text":
        return value
    if spec.kind in {"yes-no", "choice"}:
        allowed = ("yes", "no") if spec.kind == "yes-no" else spec.choices
        if value.casefold() not in allowed:
            raise BadArgumentError(f"{key}: " + unknown_name(spec.label, value, allowed))
        return value.casefold()
    return _CANONICAL[spec.kind](value)


def _provider(name: str) -> str:
    return find_name("provider", name, [Named("all"), *price_book().named_providers()], whole=True)


def _dtype(name: str) -> str:
    if name not in DTYPE_BYTES:
        raise BadArgumentError(unknown_name("dtype", name, DTYPE_BYTES))
    return name


#: The reference data that each kind of name is looked up in; a miss raises with the nearest names.
_CANONICAL: Final[dict[str, Callable[[str], str]]] = {
    "class": lambda name: price_book().storage_class(name).id,
    "route": lambda name: price_book().route("egress", name).id,
    "ingest-route": lambda name: price_book().route("ingest", name).id,
    "meter": lambda name: price_book().meter(name).id,
    "provider": _provider,
    "vae": lambda name: fact_book().vae(name).id,
    "encoder": lambda name: fact_book().text_encoder(name).id,
    "dtype": _dtype,
    "generator": lambda name: find_offer(name).name,
    "model": lambda name: fact_book().language_model(name).id,
}


def _wanted(spec: InputSpec) -> str:
    if spec.kind == "choice":
        return "one of " + ", ".join(spec.choices)
    return {"yes-no": "yes or no", "date": "a date", "number": f"a number ({spec.unit})"}.get(
        spec.kind, f"a {spec.kind}"
    )
