"""Reading arguments: every rule of what may be written where, and every refusal.

Only here does a cell value become a number of bytes, a count, a share or a day. A refusal
names the argument, what was written, and what to write instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.errors import BadArgumentError, CellError, ExcelError, OutOfDomainError, VideoCostError, as_cell
from vidcost_xl.functions.values import EMPTY, Absent, is_range, is_stated, report_bad_cells
from vidcost_xl.functions.wording import domain, is_numeral, shown
from vidcost_xl.prices.quote import Quantity
from vidcost_xl.units import BILLED, bytes_per, parse_amount, parse_percent

#: Rows of an Excel worksheet: a range this long is a whole column, never a list of months.
SHEET_ROWS: Final = 1_048_576

#: What a blank cell inside a range means, for the arguments that have such a default.
BLANK_MEANS: Final = {"prior": 0.0, "discount": 0.0, "objects": 0.0, "months": 1.0}

#: Volumes that may say a unit of their own beside the call's: they are another cell's.
OWN_UNIT: Final = frozenset({"prior", "stored"})


def read_text(value: object, name: str) -> str:
    """A text argument.

    Parameters
    ----------
    value : object
        As it was written.

    Returns
    -------
    str
        Without surrounding spaces.

    Raises
    ------
    BadArgumentError
        For anything but a text, or an empty one.
    """
    if not isinstance(value, str):
        raise BadArgumentError(f"{name} is a text in quotation marks, not {shown(value)}.")
    text = value.strip()
    if not text:
        raise BadArgumentError(f"{name} is an empty text. Leave it out for the default.")
    return text


def read_optional_text(value: object, name: str) -> str | None:
    """A text argument that may be left out."""
    return None if value is None or isinstance(value, Absent) else read_text(value, name)


def read_number(
    value: object, name: str, low: float = 0.0, high: float = math.inf, *, whole: bool = False, above: bool = False
) -> float:
    """A number argument; a share, which is at most 1, may be a text such as "12%".

    Parameters
    ----------
    value : object
        As it was written.
    low, high : float
        Allowed range, inclusive.
    whole : bool
        Whether it must be a whole number.
    above : bool
        Whether `low` itself is not allowed.

    Raises
    ------
    BadArgumentError
        For text, TRUE or FALSE, a blank.
    OutOfDomainError
        For a number outside its domain.
    """
    if isinstance(value, str) and high == 1.0 and (share := parse_percent(value)) is not None:
        value = share
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        hint = " Remove the quotation marks." if isinstance(value, str) and is_numeral(value) else ""
        raise BadArgumentError(f"{name} is a number, not {shown(value)}.{hint}")
    number = float(value)
    inside = low <= number <= high and math.isfinite(number)
    if not inside or (above and number == low):
        raise OutOfDomainError(f"{name} is {domain(low, high, above)}, not {number:g}.")
    if whole and number != int(number):
        raise OutOfDomainError(f"{name} is a whole number, not {number:g}.")
    return number


def read_numbers(value: object, name: str, low: float = 0.0, high: float = math.inf) -> Quantity:
    """A number, or a range of them; an unusable cell of a range is reported and reads as NaN.

    A blank cell inside a range takes the default of arguments that have one, see `BLANK_MEANS`.

    Parameters
    ----------
    value : object
        A number or a range.
    low, high : float
        Allowed range, inclusive.

    Returns
    -------
    float or ndarray of float64
        In the shape of the range.
    """
    if not is_range(value):
        return read_number(value, name, low, high)
    return _each(value, name, lambda cell: read_number(cell, name, low, high), low, high)


def read_volume(amount: object, unit: object, name: str = "amount", billed_size: float | None = None) -> Quantity:
    """An amount of data: a number with a unit, a text such as "5 PB", or a range of either.

    Parameters
    ----------
    amount : object
        As it was written.
    unit : object
        As it was written; a marked default counts as not written unless `amount` is one too.
    billed_size : float, optional
        Bytes in the provider's billing unit, where the unit "billed" is allowed.

    Returns
    -------
    float or ndarray of float64
        Bytes.

    Raises
    ------
    BadArgumentError
        For a number without a unit, a unit without an amount, a text with a unit beside it, an unknown unit, a blank.
    OutOfDomainError
        For a negative or infinite amount.
    """
    refuse_unit_alone(amount, unit, name)
    usable = is_stated(unit) or not is_stated(amount)
    size = _unit_size(unit, billed_size) if usable else None
    if not is_range(amount):
        return _cell_volume(amount, unit, size, name)
    if size is None:
        return _each(amount, name, lambda cell: _cell_volume(cell, unit, None, name))
    with np.errstate(over="ignore"):  # a cell too large becomes infinite, and the result #NUM!
        return _each(amount, name, lambda cell: _cell_volume(cell, unit, size, name) / size, 0.0, math.inf) * size


def refuse_unit_alone(amount: object, unit: object, name: str = "amount") -> None:
    """Refuse a unit beside which nothing was written.

    One host cannot tell nothing between the commas from a blank cell, and a blank cell is no amount: a default must not
    stand for it.

    Raises
    ------
    BadArgumentError
        Says to write both or neither.
    """
    if is_stated(unit) and not is_stated(amount):
        raise BadArgumentError(
            f'{name} is missing beside the unit {unit!r}: write both, such as 5,"TB", or neither for the default.'
        )


def read_prior(prior: object, unit: object, billed_size: float | None = None) -> Quantity:
    """The volume already billed this month: like an amount, in the same unit; nothing means 0."""
    if prior is None or isinstance(prior, Absent) or (not is_range(prior) and not is_stated(prior)):
        return 0.0
    return read_volume(prior, unit, "prior", billed_size)


def read_stored(stored: object, unit: object, billed_size: float | None = None) -> Quantity | None:
    """The volume stored this month: like an amount, in the same unit; None where it is not said."""
    if stored is None or isinstance(stored, Absent):
        return None
    return read_volume(stored, unit, "stored", billed_size)


def common_shape(**ranges: object) -> None:
    """Check that ranges fit each other.

    Raises
    ------
    BadArgumentError
        When their shapes do not broadcast: three months of amounts beside four of discounts.
    """
    shapes = {name: np.shape(value) for name, value in ranges.items() if isinstance(value, np.ndarray)}
    try:
        np.broadcast_shapes(*shapes.values())
    except ValueError:
        seen = ", ".join(f"{name} {'x'.join(map(str, shape))}" for name, shape in shapes.items())
        raise BadArgumentError(f"the ranges do not fit each other: {seen} (rows x columns).") from None


def _unit_size(unit: object, billed_size: float | None) -> float:
    name = read_text(unit, "unit")
    if name.casefold() == BILLED:
        if billed_size is None:
            raise BadArgumentError(f'unit "{BILLED}" needs a price to say what the provider bills in; use TB or TiB.')
        return billed_size
    return bytes_per(name)


def _cell_volume(cell: object, unit: object, size: float | None, name: str) -> float:
    if isinstance(cell, str):
        if is_numeral(cell) or not any(mark.isdigit() for mark in cell):
            raise BadArgumentError(
                f"{name} is the text {cell!r}, not a number: remove the quotation marks or retype it."
            )
        if is_stated(unit) and name not in OWN_UNIT:
            raise BadArgumentError(f"{name} is the text {cell!r} and unit is {unit!r} too: write one unit, once.")
        return parse_amount(cell)
    number = read_number(present_cell(cell, name), name)
    if size is None:
        raise BadArgumentError(f'{number:g} what? {name} is a number without a unit: write {number:g},"TB".')
    if not math.isfinite(number * size):
        raise OutOfDomainError(f"{name} {number:g} is too large.")
    return number * size


def present_cell(cell: object, name: str) -> object:
    """A cell of a range that holds something usable; a blank or an error value raises."""
    if cell is None or cell is EMPTY:
        raise BadArgumentError(f"{name} points at an empty cell. Write 0 if nothing is meant.")
    if isinstance(cell, ExcelError):
        raise CellError(cell.code, f"{name} holds {cell.code}. {cell.message}".strip())
    return cell


def as_cells(value: object, name: str) -> NDArray[Any]:
    """A range as an array of its cells; a whole column, an empty or a ragged range raises."""
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    if isinstance(value, np.ndarray):
        return value
    rows: Sequence[Any] = value  # type: ignore[assignment]
    if len(rows) >= SHEET_ROWS:
        raise BadArgumentError(f"{name} is a whole column. Give the cells of the months only, such as A2:A37.")
    nested = bool(rows) and isinstance(rows[0], (list, tuple))
    if nested and len({len(row) for row in rows}) > 1:
        raise BadArgumentError(f"{name} has rows of different lengths.")
    shape = (len(rows), len(rows[0])) if nested else (len(rows),)
    if 0 in shape:
        raise BadArgumentError(f"{name} is an empty range.")
    flat = [cell for row in rows for cell in row] if nested else list(rows)
    if set(map(type, flat)) <= {float, int}:
        return np.array(flat, dtype=np.float64).reshape(shape)
    cells = np.empty(shape, dtype=object)
    for position, cell in enumerate(flat):
        cells.flat[position] = cell
    return cells


def _each(
    value: object, name: str, read: Callable[[object], float], low: float = -math.inf, high: float = math.inf
) -> NDArray[np.float64]:
    # A range of plain numbers inside its domain needs no look at single cells.
    cells = as_cells(value, name)
    if cells.dtype != object:
        plain = cells.astype(np.float64)
        if low > -math.inf and bool(np.all((plain >= low) & (plain <= high) & np.isfinite(plain))):
            return plain
    numbers = np.full(cells.shape, np.nan)
    errors = []
    for position, cell in enumerate(cells.flat):
        try:
            blank = cell is None or cell is EMPTY
            numbers.flat[position] = (
                BLANK_MEANS[name] if blank and name in BLANK_MEANS else read(present_cell(cell, name))
            )
        except VideoCostError as error:
            errors.append((position, as_cell(error)))
    if errors:
        report_bad_cells(cells.shape, errors)
    return numbers
