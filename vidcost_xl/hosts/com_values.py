"""What a value looks like on its way between Excel's cells, COM and our functions.

The add-in's VBA sends `.Value2` of ranges, and xlwings hands it over untouched ("raw").
The adapter table, one row a case:

| In the sheet | COM hands over | A function sees |
|---|---|---|
| number, date, currency | float | float (a date is its serial, currency keeps every place) |
| text | str | str |
| TRUE, FALSE | bool | bool |
| blank cell | None | `EMPTY` |
| nothing between the commas | the text `OMITTED_TEXT`, or `MISSING_CODE` | `OMITTED` |
| error cell | int, `ERROR_BASE` + number | `ExcelError`; unlisted numbers are #VALUE! |
| one cell | the value itself | the value itself |
| row, column, block | tuple of row tuples | list of rows |
| array constant in one row | flat tuple | one row |
| whole column or columns | the used rows (trimmed in VBA) | list of rows |
| wholly blank column | the text `BLANK_COLUMN_TEXT` | 1,048,576 rows of `EMPTY`, as other hosts |
| several areas, `(A1:A3,C1:C3)` | the text `AREAS_TEXT` | `ExcelError` #VALUE! with the reason |
| result of another VBA function | int, Decimal or datetime too | float, float, datetime |

Results go back as rows of float, str and bool. An error is the text `MARK` + code, which
VBA turns into `CVErr`: COM has no error values of Excel's own. None of this was seen in
real Excel; it is xlwings' code, pywin32's rules and Excel's documentation.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from vidcost_xl.errors import ExcelError
from vidcost_xl.functions.adapter import Cell, Result
from vidcost_xl.functions.arguments import SHEET_ROWS
from vidcost_xl.functions.values import EMPTY, OMITTED, Absent

#: Starts every private text between VBA and Python; no keyboard types it into a cell.
MARK: Final = "\x01"
OMITTED_TEXT: Final = MARK + "omitted"
BLANK_COLUMN_TEXT: Final = MARK + "blank column"
AREAS_TEXT: Final = MARK + "areas"

#: DISP_E_PARAMNOTFOUND: what COM itself passes for an argument left out.
MISSING_CODE: Final = -2147352572

#: SCODE of CVErr(0): error cells arrive as this plus Excel's error number.
ERROR_BASE: Final = -2146828288

#: Excel's numbers of its error values (XlCVError, and the newer ones that only old versions lack).
ERROR_NUMBERS: Final = {
    2000: "#NULL!",
    2007: "#DIV/0!",
    2015: "#VALUE!",
    2023: "#REF!",
    2029: "#NAME?",
    2036: "#NUM!",
    2042: "#N/A",
    2043: "#GETTING_DATA",
    2045: "#SPILL!",
    2046: "#CONNECT!",
    2047: "#BLOCKED!",
    2048: "#UNKNOWN!",
    2049: "#FIELD!",
    2050: "#CALC!",
}
LARGEST_ERROR_NUMBER: Final = 0xFFFF

#: Characters a cell holds; a longer text would turn the whole result into #VALUE!.
LONGEST_TEXT: Final = 32_767

_SEVERAL_AREAS: Final = ExcelError("#VALUE!", "Several ranges in one argument: give one, such as A2:A37.")
_PRIVATE: Final = {OMITTED_TEXT: OMITTED, AREAS_TEXT: _SEVERAL_AREAS}


def from_com(value: Any) -> object:
    """An argument of a call as our functions take it.

    Parameters
    ----------
    value : object
        As COM handed it over.

    Returns
    -------
    object
        By the table above.

    Examples
    --------
    >>> from_com(((1.0, None), (-2146826246, "x")))
    [[1.0, EMPTY], [ExcelError(code='#N/A', message=''), 'x']]
    """
    kind = type(value)
    if kind is float:
        return value
    if kind is str:
        if not value.startswith(MARK):
            return value
        if value == BLANK_COLUMN_TEXT:
            return [[EMPTY]] * SHEET_ROWS
        return _PRIVATE.get(value, value)
    if kind is tuple or kind is list:
        rows = value if value and isinstance(value[0], (tuple, list)) else (value,)
        return [[cell if type(cell) is float else _cell(cell) for cell in row] for row in rows]
    return _cell(value)


def to_com(result: Result) -> list[list[float | str | bool]]:
    r"""A result as rows that COM can carry.

    Examples
    --------
    >>> to_com(ExcelError("#N/A", "no such route"))
    [['\x01#N/A']]
    """
    if type(result) is float:
        return [[result]]
    if isinstance(result, list):
        return [[cell if type(cell) is float else _sent(cell) for cell in row] for row in result] or [[""]]
    return [[_sent(result)]]


def _cell(cell: Any) -> object:
    if cell is None:
        return EMPTY
    if isinstance(cell, (str, bool, float)):
        return cell
    if isinstance(cell, int):
        number = cell - ERROR_BASE
        if cell == MISSING_CODE:
            return OMITTED
        if 0 <= number <= LARGEST_ERROR_NUMBER:
            # An error number that this release does not know is still an error, never a number.
            return ExcelError(ERROR_NUMBERS.get(number, "#VALUE!"))
        return float(cell)
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, (date, Absent)):
        return cell  # xlwings itself puts our default in for a missing argument
    return ExcelError("#VALUE!", f"a {type(cell).__name__} cannot be used here.")


def _sent(cell: Cell) -> float | str | bool:
    if isinstance(cell, ExcelError):
        return MARK + cell.code
    if cell is None:
        return ""
    if isinstance(cell, str):
        # A text that starts like a private one would come out as an error.
        return cell.removeprefix(MARK)[:LONGEST_TEXT]
    return cell
