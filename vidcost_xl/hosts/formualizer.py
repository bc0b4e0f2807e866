"""The registry bound to formualizer, the engine behind `vidcost eval` and `vidcost calc`.

Corrections for formualizer 0.13: it delivers an argument left out as 0.0, so formulas are
rewritten before they are loaded; it loses the message of an error value, so reasons are
kept here; it takes only plain rows of plain values back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import formualizer

from vidcost_xl.errors import BadArgumentError, ExcelError, unknown_name
from vidcost_xl.functions.adapter import Cell, Result, call
from vidcost_xl.functions.registry import functions
from vidcost_xl.functions.values import EMPTY, OMITTED
from vidcost_xl.hosts.formulas import OMITTED_MARK, PREFIX, canonical_formula, function_names, with_omitted_marked

#: The engine's names of Excel's error values.
KINDS: Final = {
    "Null": "#NULL!",
    "Div": "#DIV/0!",
    "Value": "#VALUE!",
    "Ref": "#REF!",
    "Name": "#NAME?",
    "Num": "#NUM!",
    "Na": "#N/A",
    "Spill": "#SPILL!",
    "Calc": "#CALC!",
}
_CODES: Final = {code: kind for kind, code in KINDS.items()}

#: Arguments that Excel accepts at most; ours says itself which are too many.
MOST_ARGUMENTS: Final = 255

#: Rows and columns looked at for the result of one formula.
LARGEST_RESULT: Final = (100_000, 256)

_QUOTED: Final = re.compile(r'"(?:[^"]|"")*"')
_POSITION: Final = re.compile(r"position (\d+)")

#: Cells of a range up to which each is a dependency of its own.
RANGE_EXPANSION_LIMIT: Final = 16

#: Where a formula stands: far from A1, so that references to blank cells do not meet the formula itself.
ANCHOR: Final = (900_001, 16_001)


@dataclass
class Reasons:
    """The reasons of the error values that our functions returned, newest last.

    Parameters
    ----------
    table : list of rows
        The newest table that one of our functions returned.
    """

    errors: list[ExcelError] = field(default_factory=list)
    table: list[list[Cell]] = field(default_factory=list)

    def of(self, code: str) -> str:
        """The newest reason for `code`, or nothing."""
        return next((error.message for error in reversed(self.errors) if error.code == code), "")

    def restored(self, rows: list[list[Cell]]) -> list[list[Cell]]:
        """A spilled result with the reason of each of its cells, where it is our newest table as it stands."""
        same = [[str(cell) for cell in row] for row in rows] == [[str(cell) for cell in row] for row in self.table]
        return self.table if same else rows


def settings() -> Any:
    """The configuration of every workbook of the engine.

    One thread: our functions need the interpreter's lock, and threads that wait for it take longer than one alone.
    Ranges above a few cells are kept as ranges: a dependency for each of their cells takes longer than computing them.
    Nothing is undone, so no log of changes is kept.
    """
    evaluation = formualizer.EvaluationConfig()
    evaluation.enable_parallel = False
    evaluation.range_expansion_limit = RANGE_EXPANSION_LIMIT
    return formualizer.WorkbookConfig(eval_config=evaluation, enable_changelog=False)


def bind(workbook: Any, reasons: Reasons | None = None) -> Reasons:
    """Register every function on a formualizer workbook.

    Parameters
    ----------
    workbook : formualizer.Workbook
    reasons : Reasons, optional
        Filled while the workbook evaluates; new ones when not given.
    """
    reasons = Reasons() if reasons is None else reasons
    for name in functions():
        workbook.register_function(name, _callback(name, reasons), min_args=0, max_args=MOST_ARGUMENTS)
    return reasons


def evaluate(formula: str) -> Result:
    """Evaluate one formula, native functions included, in an empty workbook.

    Parameters
    ----------
    formula : str
        With or without its equals sign, in any form that Excel saves.

    Returns
    -------
    float, str, bool, ExcelError, or list of rows of them
        A table when the formula spills.

    Raises
    ------
    BadArgumentError
        For a text that is not a formula.

    Examples
    --------
    >>> evaluate('=VIDEO_CONVERT(1,"TiB","GiB")+1')
    1025.0
    """
    try:
        prepared = with_omitted_marked(formula)
    except ValueError as error:
        raise BadArgumentError(str(error)) from None
    prepared = prepared if prepared.startswith("=") else f"={prepared}"
    workbook = formualizer.Workbook(config=settings())
    reasons = bind(workbook)
    try:
        formualizer.parse(prepared)
        workbook.sheet("Sheet1").set_formula(*ANCHOR, prepared)
        workbook.evaluate_all()
    except Exception as error:
        raise BadArgumentError(_unreadable(formula, str(error))) from None
    rows, columns = _extent(workbook)
    if (rows, columns) == (1, 1):
        found = from_engine(workbook.get_value("Sheet1", *ANCHOR), reasons)
        is_nameless = isinstance(found, ExcelError) and found.code == "#NAME?" and not found.message
        return ExcelError("#NAME?", _nameless(prepared)) if is_nameless else found
    top, left = ANCHOR
    spilled = [
        [from_engine(workbook.get_value("Sheet1", top + row, left + column), reasons) for column in range(columns)]
        for row in range(rows)
    ]
    return reasons.restored(spilled)


def _unreadable(formula: str, said: str) -> str:
    written = canonical_formula(formula)
    if ";" in _QUOTED.sub("", written):
        return f"{written!r} cannot be evaluated: separate arguments by commas here, also where Excel shows semicolons."
    place = _POSITION.search(said)
    where = f" from character {int(place[1]) + 1} on" if place else ""
    return f"{written!r} cannot be evaluated{where}. Look at its brackets, quotes and commas."


def _nameless(formula: str) -> str:
    # The engine says only that something has no meaning.
    unknown = [name for name in function_names(formula) if name.startswith(PREFIX) and name not in functions()]
    if unknown:
        return unknown_name("function", unknown[0], functions())
    return "A function or a name in it is not known here. Functions of the add-in: vidcost functions."


def from_engine(value: Any, reasons: Reasons | None = None) -> Cell:
    """A value of the engine as ours.

    Parameters
    ----------
    reasons : Reasons, optional
        Where to look up why an error is one.

    Returns
    -------
    float, str, bool or ExcelError
        A blank is the empty text.
    """
    if isinstance(value, dict) and value.get("type") == "Error":
        code = KINDS.get(str(value.get("kind")), "#VALUE!")
        return ExcelError(code, reasons.of(code) if reasons else "")
    if value is None:
        return ""
    if isinstance(value, (bool, str)):
        return value
    return float(value) if isinstance(value, (int, float)) else str(value)


def to_engine(value: Cell) -> Any:
    """A value of ours as the engine takes it."""
    if isinstance(value, ExcelError):
        return formualizer.LiteralValue.error(_CODES.get(value.code, "Value"), value.message)
    return value


def _callback(name: str, reasons: Reasons) -> Callable[..., Any]:
    def function(*arguments: Any) -> Any:
        result = call(name, [_argument(value) for value in arguments])
        if isinstance(result, list):
            reasons.errors += [cell for row in result for cell in row if isinstance(cell, ExcelError)]
            reasons.table = result
            return [[to_engine(cell) for cell in row] for row in result]
        if isinstance(result, ExcelError):
            reasons.errors.append(result)
        return to_engine(result)

    return function


def _argument(value: Any) -> object:
    if value is None:
        return EMPTY
    if isinstance(value, str):
        return OMITTED if value == OMITTED_MARK else value
    if isinstance(value, dict) and value.get("type") == "Error":
        return from_engine(value)
    if isinstance(value, (list, tuple)):
        return [_row(row) for row in value]
    return value


def _row(row: Any) -> object:
    return [_argument(cell) for cell in row] if isinstance(row, Sequence) and not isinstance(row, str) else row


def _extent(workbook: Any) -> tuple[int, int]:
    # A spill fills a rectangle from the anchor: its first row and first column end at a blank.
    most_rows, most_columns = LARGEST_RESULT
    top, left = ANCHOR
    columns = (c for c in range(1, most_columns) if workbook.get_value("Sheet1", top, left + c) is None)
    rows = (r for r in range(1, most_rows) if workbook.get_value("Sheet1", top + r, left) is None)
    return next(rows, most_rows), next(columns, most_columns)
