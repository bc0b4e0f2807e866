"""What must hold of the arguments of a function so that an engine computes it as Excel does.

Found in workbooks that Excel saved, and in Excel's documentation; tests/sheets/calc/test_corners.py
holds Excel's values. A rule gets the values of its operands, each a list of cells row by row.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any, Final, NamedTuple, TypeAlias

from vidcost_xl.areas import Area
from vidcost_xl.errors import ExcelError
from vidcost_xl.sheets.calc.trust import NUMBER_LIKE

#: The first day that Excel numbers as everybody does: it has a 29 February 1900 before.
FIRST_DAY: Final = 61
FIRST_MARCH: Final = date(1900, 3, 1)
LAST_DAY: Final = 2_958_465
#: Years that DATE takes, and the one that it adds to small ones.
YEARS: Final = (0, 9999)
CENTURY: Final = 1900
LONGEST_MONTH: Final = 31
MONTHS: Final = 12
#: Months and days that DATE takes at most, in either direction.
MOST_MONTHS: Final = 32_767
#: Quotients from which on MOD is #NUM!, in the Excel that refuses first.
MOST_TIMES: Final = 2**27

#: A text with digits that nothing reads as a number or a date: FY2027 Q1, main aws.s3.standard.storage.
_LABEL: Final = re.compile(r"^[A-Za-z]{1,2}\d|[A-Za-z]{2}\.[A-Za-z]{2}")

#: The values of one operand, row by row.
Cells: TypeAlias = list[Any]


#: What a rule looks at: cells, a mark that stands for them, a formula with its equals sign, or a number.
Operand: TypeAlias = Area | str | float


class Condition(NamedTuple):
    """What must hold of values so that an engine computes a formula as Excel does.

    Parameters
    ----------
    operands : tuple
        What the rule looks at.
    path : str
        A formula that is TRUE where the values are used at all; empty where they always are.
    """

    rule: str
    operands: tuple[Operand, ...]
    path: str = ""


class Rule(NamedTuple):
    """A rule and why a formula is left that does not keep it.

    Parameters
    ----------
    holds : callable
        Of the values of the operands.
    reason : str
        To be read behind the address of the cell.
    enough : str
        A rule of the first operand alone that makes it hold; many formulas share that operand.
    """

    holds: Callable[..., bool]
    reason: str
    enough: str = ""


def is_error(value: Any) -> bool:
    """Whether a value of the engine, or of a file, is an error."""
    return isinstance(value, (dict, ExcelError))


def is_number(value: Any) -> bool:
    """Whether a value is a number and no truth value."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_plain(value: Any) -> bool:
    # A number, a blank, or a text that nobody reads as a number.
    return (
        not is_error(value)
        and not isinstance(value, bool)
        and not (isinstance(value, str) and NUMBER_LIKE.search(value) is not None)
    )


def _is_number_or_error(value: Any) -> bool:
    # Errors are passed on.
    return is_error(value) or _is_plain(value)


def _is_summed(summed: Cells, *pairs: Cells) -> bool:
    # Ranges and criteria by turns. With an error among what is summed, cells are compared with criteria one by one.
    ranges, criteria = pairs[::2], pairs[1::2]
    return (
        all(_is_number_or_error(cell) for cell in summed)
        and all(is_error(cell) or _is_itself(cell) for cells in ranges for cell in cells)
        and all(_is_value(criterion[0], cells) for criterion, cells in zip(criteria, ranges, strict=True))
    )


def _is_itself(value: Any) -> bool:
    # Nothing that is read as something else. Names of months have three letters and more, and no full stop inside.
    return _is_plain(value) or (isinstance(value, str) and _LABEL.search(value) is not None)


def _is_value(criterion: Any, cells: Cells) -> bool:
    # What asks for cells that equal it, and for no others: no operator, no wildcard, nothing that a blank may be.
    if is_error(criterion):
        return False
    if criterion in {None, "", 0}:
        return all(is_error(cell) or (isinstance(cell, str) and cell != "") for cell in cells)
    if isinstance(criterion, str):
        return _is_itself(criterion) and not set(criterion) & set("*?~<>=")
    return is_number(criterion)


def _of_one(test: Callable[..., bool]) -> Callable[..., bool]:
    # Of single values; an error among them becomes the result, in Excel too.
    def holds(*operands: Cells) -> bool:
        values = [cells[0] for cells in operands]
        return any(is_error(value) for value in values) or test(*values)

    return holds


def _is_criterion(cells: Cells) -> bool:
    return not is_error(cells[0]) and not (isinstance(cells[0], str) and "#" in cells[0])


def _is_selective(cells: Cells) -> bool:
    # What a blank cell does not meet: the engine looks at fewer of them than a whole column has.
    value = cells[0]
    if isinstance(value, str):
        return value not in {"", "="} and not value.startswith("<>")
    return value is not None


def _months_after(start: Any, months: Any) -> bool:
    if not is_number(start) or not (months is None or is_number(months)):
        return False
    span = (months or 0) * LONGEST_MONTH
    first, last = start + min(span, 0), start + max(span, 0)
    return bool(first >= FIRST_DAY + LONGEST_MONTH and last <= LAST_DAY - LONGEST_MONTH)


def _is_date(*parts: Any) -> bool:
    if not all(part is None or is_number(part) for part in parts):
        return False
    year, month, day = (int(part or 0) for part in parts)
    if not YEARS[0] <= year <= YEARS[1] or max(abs(month), abs(day)) > MOST_MONTHS:
        return False
    years, rest = divmod(month - 1, MONTHS)
    years += year + (CENTURY if year < CENTURY else 0)
    if not 1 <= years <= YEARS[1]:
        return False
    first = date(years, rest + 1, 1)
    number = first.toordinal() + day - 1
    return first >= FIRST_MARCH and FIRST_MARCH.toordinal() <= number <= date.max.toordinal()


def _divides(number: Any, by: Any) -> bool:
    if not is_number(by) or not (number is None or is_number(number)):
        return by is None
    return bool(by == 0 or (by == int(by) and abs((number or 0) / by) < MOST_TIMES))


def _is_power(base: Any, exponent: Any) -> bool:
    if isinstance(base, str) or isinstance(exponent, str):
        return False
    return bool(base) or bool((exponent or 0) > 0)


def _is_in_order(sign: int) -> Callable[..., bool]:
    def holds(sought: Cells, cells: Cells) -> bool:
        if is_error(sought[0]):
            return True
        numbers = [cell for cell in cells if cell is not None]
        if not is_number(sought[0]) or not all(is_number(cell) for cell in numbers):
            return False
        return all(sign * first <= sign * second for first, second in pairwise(numbers))

    return holds


#: By the names that `corners` calls them.
RULES: Final[dict[str, Rule]] = {
    "plain": Rule(
        lambda cells: all(_is_plain(cell) for cell in cells),
        "sums a range with an error, a truth value or a text like a number, which the embedded engine takes otherwise",
    ),
    "numbers": Rule(
        lambda cells: all(_is_number_or_error(cell) for cell in cells),
        "sums a range with a truth value or a text like a number, which the embedded engine takes otherwise",
    ),
    "summed": Rule(
        _is_summed,
        "sums a range with an error, a truth value or a text like a number, which the embedded engine takes otherwise",
        enough="plain",
    ),
    "untrue": Rule(
        lambda cells: not any(isinstance(cell, bool) for cell in cells),
        "reads a truth value, which is a number in LibreOffice",
    ),
    "single": Rule(
        lambda cells: cells[0] is None or is_number(cells[0]),
        "gives SUMPRODUCT a single cell that holds no number",
    ),
    "criterion": Rule(_is_criterion, "looks for errors or number signs with a criterion"),
    "selective": Rule(_is_selective, "counts blank cells of a whole column or row"),
    "counted": Rule(lambda cells: not is_error(cells[0]), "counts an error, which Excel passes over"),
    "count": Rule(_of_one(lambda value: not isinstance(value, str)), "gives a number as a text"),
    "index": Rule(
        _of_one(lambda value: isinstance(value, bool) or (is_number(value) and value >= 1)),
        "gives INDEX no number from 1 on, or takes one cell out of a range (implicit intersection, @)",
    ),
    "line": Rule(
        _of_one(lambda value: value is None or isinstance(value, bool) or (is_number(value) and value >= 0)),
        "gives INDEX no number from 0 on",
    ),
    "inside": Rule(
        lambda cells: not is_error(cells[0]) or _code(cells[0]) != "#REF!",
        "takes a cell of a whole column or row behind its last value",
    ),
    "months": Rule(_of_one(_months_after), "adds months to what is no number, or near an end of Excel's calendar"),
    "date": Rule(
        _of_one(_is_date), "gives DATE what is no number, or a day outside of Excel's calendar or before March 1900"
    ),
    "full date": Rule(
        _of_one(lambda *parts: _is_date(*parts) and parts[0] >= CENTURY),
        "gives DATE a year before 1900 or what is no day of Excel's calendar from March 1900 on",
    ),
    "answered": Rule(
        lambda cells: not is_error(cells[0]),
        "asks what an error is that the embedded engine passes on without an answer",
    ),
    "division": Rule(_of_one(_divides), "gives MOD a text, a fraction to divide by, or a number that is too large"),
    "power": Rule(_of_one(_is_power), "raises 0 to a power that is not above 0, or a text to a power"),
    "exponent": Rule(
        _of_one(lambda value: is_number(value) and value > 0),
        "raises many values, among which may be 0, to a power that is not above 0",
    ),
    "ascending": Rule(_is_in_order(1), "looks up something in a range that does not hold numbers in order"),
    "descending": Rule(_is_in_order(-1), "looks up something in a range that does not hold numbers in falling order"),
}


def _code(value: Any) -> str:
    return value.code if isinstance(value, ExcelError) else "#REF!" if value.get("kind") == "Ref" else ""
