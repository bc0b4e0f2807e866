"""Keys of private rates among the inputs of a plan."""

from __future__ import annotations

import math
from typing import Final

from vidcost_xl.digits import kept
from vidcost_xl.errors import BadArgumentError, NotInBookError, OutOfDomainError, unknown_name
from vidcost_xl.model.input_names import REFERENCES
from vidcost_xl.prices.book import price_book

#: A private rate is an input of this form: rate.<meter>, in the currency of the meter per billing unit.
RATE_PREFIX: Final = "rate."


def is_rate(key: str) -> bool:
    """Whether a key is that of a private rate."""
    return key.strip().casefold().startswith(RATE_PREFIX)


def rated_meter(key: str) -> str:
    """The meter of the key of a private rate: its id in any case, as native formulas know it.

    Raises
    ------
    NotInBookError
        For anything else: names the nearest meters, or the one that the words mean.
    """
    written = key.strip()[len(RATE_PREFIX) :]
    ids = {each.casefold(): each for each in price_book().meters if not each.startswith(REFERENCES)}
    if (found := ids.get(written.casefold())) is None:
        raise NotInBookError(f"{key.strip()}: {unknown_name('meter', written, ids.values())}")
    return found


def rate_given(key: str, value: object) -> float:
    """A private rate as given.

    Raises
    ------
    BadArgumentError
        For no number.
    OutOfDomainError
        For a negative or infinite one.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadArgumentError(f"{key} is a price per billing unit, not {value!r}.")
    if not 0 <= value < math.inf:
        raise OutOfDomainError(f"{key} is at least 0, not {value:g}.")
    return kept(float(value))
