"""What a person means by a text in a file or an override."""

from __future__ import annotations

from contextlib import suppress

from vidcost_xl.errors import VideoCostError
from vidcost_xl.model.catalogue import catalogue, spec_key
from vidcost_xl.model.input_names import as_meant, kinds
from vidcost_xl.model.plan import MONTH_MARK
from vidcost_xl.units import parse_percent


def as_typed(key: str, value: object) -> object:
    """What a person means by a text: "12%" where the input is a share, a name by its words; else it as it is.

    For files and overrides only: in a cell of a workbook native formulas read such a text too, and they cannot.
    """
    spec = catalogue().get(spec_key(key.partition(MONTH_MARK)[0]))
    if not isinstance(value, str) or spec is None:
        return value
    if spec.is_share:
        share = parse_percent(value)
        return value if share is None else share
    if spec.kind in kinds():
        with suppress(VideoCostError):  # the refusal names the input
            return as_meant(spec.kind, value)
    return value
