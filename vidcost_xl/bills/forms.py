"""The forms of bills: which column holds what, and what kind of charge a row is; `data/`, one file a form."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from vidcost_xl.errors import BadArgumentError, nearest

#: Forms from the most telling to the least: a table of one's own may have columns of any name.
_FILES: Final = ("focus", "cur", "oci", "azure", "gcp", "ledger", "table")

#: What a row is read as, and its type; a form says in which columns these stand.
NUMBERS: Final = ("amount", "list_cost", "contracted_cost", "list_price", "quantity")
TEXTS: Final = (
    *("provider", "service", "service_code", "unit", "currency", "category", "class", "description", "sku"),
    *("sku_price", "sku_meter", "meter_id", "usage_type", "operation", "region", "payer", "account"),
    *("meter", "line", "gl_account", "cost_center", "version", "commitment"),
)
START: Final = "start"
END: Final = "end"
TAGS: Final = "tags"


class _Kinds(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    sql: str
    keep: str = ""


class Form(BaseModel):
    """A form.

    `needs`: a file with one of these columns, and one of amounts, is of the form. `number`: whether numbers have a
    decimal point, or are written in any way. `provider`: who bills in this form, where no column says so.
    `single_units`: the units whose quantity is certain, where others are blocks; all where none is named. `credits`:
    the column whose list of credits is taken off the row. `kinds.sql` gives the kind of a row, `kinds.keep` the rows
    that count, over the names of `columns`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    needs: tuple[str, ...]
    number: Literal["point", "any"]
    provider: str = ""
    single_units: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]]
    kinds: _Kinds

    def found(self, header: Sequence[str]) -> dict[str, list[int]]:
        """Where each part stands in a header, the column that counts first."""
        at = {name.strip().casefold(): place for place, name in reversed(list(enumerate(header)))}
        places = {part: [at[n.casefold()] for n in names if n.casefold() in at] for part, names in self.columns.items()}
        return {part: given for part, given in places.items() if given}


@lru_cache(maxsize=1)
def forms() -> Mapping[str, Form]:
    """Every form by its name."""
    folder = files("vidcost_xl.bills") / "data"
    return {
        name: Form.model_validate(tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")))
        for name in _FILES
    }


def form_of(file: str, header: Sequence[str]) -> Form:
    """The form of a file.

    Raises
    ------
    BadArgumentError
        For a header of no form: names the columns that are missing and those that come nearest.
    """
    given = {name.strip().casefold() for name in header}
    form = next(
        (form for form in forms().values() if given & _folded(form.needs) and given & _folded(form.columns["amount"])),
        None,
    )
    if form is None:
        shown = ", ".join(name.strip() for name in header if name.strip())[:200]
        # Where the delimiter is another, all of it is one name.
        delimiter = " Another delimiter is named by --delimiter (close: --invoice-delimiter)." * (len(header) == 1)
        known = "; ".join(f"{form.title}: {' or '.join(form.needs)}" for form in forms().values())
        raise BadArgumentError(
            f"{file} has no column of amounts that is known in its first row (read: {shown}). {_near(header)}"
            f"Known are {known}.{delimiter}"
        )
    named = [name.strip().casefold() for name in header]
    twice = next((name for name in form.columns["amount"] if named.count(name.casefold()) > 1), None)
    if twice:
        raise BadArgumentError(f"{file} has two columns {twice}; leave one.")
    if not form.provider and "provider" not in form.found(header):
        names = form.columns["provider"]
        raise BadArgumentError(
            f"{file} has no column {names[0]}{f' or {names[1]}' if len(names) > 1 else ''}, which says who bills. "
            + _near(header, names)
        )
    return form


def _folded(names: Iterable[str]) -> set[str]:
    return {name.casefold() for name in names}


def _near(header: Iterable[str], wanted: Iterable[str] = ()) -> str:
    names = list(wanted) or [name for form in forms().values() for name in form.needs]
    close = {each for name in names for each in nearest(name, [cell for cell in header if cell.strip()])}
    return f"Nearest: {', '.join(sorted(close))}. " if close else ""
