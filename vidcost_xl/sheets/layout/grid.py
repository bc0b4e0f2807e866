"""Rows over time: one declaration a row, one formula for every month.

A formula names other rows: `{id}` is the row in the same month, `{id<}` in the month before,
`{id!}` its constant, `{id*}` the whole row, `{a:b}` the rows from a to b in the same month.
A row that is read with `<` holds in the column before the first month what was there at the
start, so that the formula of the first month is the same as that of every other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, Value

#: Key, heading, width: the same columns on every sheet that has a time axis.
FIXED: Final = (
    ("label", "Row", 54.0),
    ("note", "Note", 42.0),
    ("unit", "Unit", 18.0),
    ("constant", "Constant", 14.0),
    ("total", "Total", 14.0),
    ("start", "Before", 12.0),
)
#: The number format that shows bytes as TB.
IN_TERABYTES: Final = "tb"

MONTH_WIDTH: Final = 12.5

#: The column of a formula's own month, and the one before it.
SAME: Final = "@0"
BEFORE: Final = "@-1"

_TOKEN: Final = re.compile(r"\{([a-z0-9_]+)([<!*]?)\}")
_COLUMN: Final = re.compile(r"\{([a-z0-9_]+):([a-z0-9_]+)\}")
_LINK: Final = re.compile(r"=\{\$?[a-z0-9_]+(\.[a-z0-9_]+)?!?\}")

Total = Literal["sum", "last", "max", "none"]


@dataclass(frozen=True)
class Line:
    """One row over time.

    Parameters
    ----------
    id : str
        Lower case letters, digits and underscores.
    label : str
        A text, or a formula that starts with an equals sign.
    monthly : str
        Formula of every month; empty for a row that is a constant alone.
    constant : str or number
        Formula or value that holds for all months.
    start : str or number
        Formula or value of what was there before the first month.
    total : {"sum", "last", "max", "none"}
        What the total column shows.
    format : str
        A key of `styles.FORMATS`.
    style : str
        A key of `styles.STYLES` for the months.
    text_style : str
        A key of `styles.STYLES` for label, note and unit.
    values : tuple of float
        Values of the months in place of a formula: stamped, never recalculated.
    """

    id: str
    label: str
    unit: str = ""
    monthly: str = ""
    constant: Value = ""
    start: Value = ""
    total: Total = "none"
    note: str = ""
    format: str = "compact"
    style: str = "number"
    text_style: str = "text"
    values: tuple[float, ...] = ()


@dataclass(frozen=True)
class Heading:
    """A line that names the block below it."""

    id: str
    label: str


def month(at: int) -> str:
    """Column key of the month at a position, from 1."""
    return f"m{at}"


@cache
def month_keys(months: int) -> tuple[str, ...]:
    """Column keys of all months."""
    return tuple(month(at) for at in range(1, months + 1))


def columns(months: int) -> tuple[Column, ...]:
    """The columns of a sheet with a time axis."""
    return (
        *(Column(key, width) for key, _, width in FIXED),
        *(Column(key, MONTH_WIDTH) for key in month_keys(months)),
    )


def rows(lines: Iterable[Line | Heading], months: int) -> tuple[Row, ...]:
    """Rows of a sheet from declared lines."""
    return tuple(_heading(line, months) if isinstance(line, Heading) else _row(line, months) for line in lines)


def _heading(line: Heading, months: int) -> Row:
    keys = (*(key for key, _, _ in FIXED), *month_keys(months))
    return Row(line.id, {**dict.fromkeys(keys, Entry("", "heading")), "label": Entry(line.label, "heading")})


def _row(line: Line, months: int) -> Row:
    is_total = line.text_style == "total_text"
    entries = {"label": Entry(_value(line.label, months), line.text_style)}
    unit, note = _shown(line)
    entries["unit"] = Entry(_value(unit, months), "total_unit" if is_total else "unit")
    if note or is_total:
        entries["note"] = Entry(_value(note, months), "total_text" if is_total else "note")
    for key, value in (("constant", line.constant), ("start", line.start)):
        if value != "":
            entries[key] = Entry(_value(value, months), _style(line, value), _format(line))
        elif is_total:
            entries[key] = Entry("", "total")
    for key, number in zip(month_keys(len(line.values)), line.values, strict=True):
        entries[key] = Entry(number, "constant", line.format)
    if line.values:
        entries["total"] = Entry(Formula(_total("sum", line.id, months)), "number", line.format)
    if line.monthly:
        style = "link" if line.style == "number" and _LINK.fullmatch(line.monthly) else line.style
        text = _resolved(line.monthly, months, monthly=True)
        entries |= dict.fromkeys(month_keys(months), Entry(Formula(text), style, line.format))
        if line.total != "none":
            total = Formula(_total(line.total, line.id, months))
            entries["total"] = Entry(total, "total" if is_total else "number", line.format)
        elif is_total:
            entries["total"] = Entry("", "total")
    return Row(line.id, entries)


def _shown(line: Line) -> tuple[str, str]:
    # A format that shows bytes as TB must say so beside the number, or it is off by 10^12.
    if line.format != IN_TERABYTES:
        return line.unit, line.note
    unit = line.unit.replace("byte-months", "TB-months").replace("bytes", "TB")
    return unit, line.note or "cells hold bytes"


def _value(value: Value, months: int) -> Value:
    if isinstance(value, str) and value.startswith("="):
        return Formula(_resolved(value, months))
    return value


def _style(line: Line, value: Value) -> str:
    if isinstance(value, str) and _LINK.fullmatch(value):
        return "link"
    return "number" if isinstance(value, str) and value.startswith("=") else "constant"


def _format(line: Line) -> str:
    return "general" if line.format == "text" else line.format


def _total(kind: Total, row: str, months: int) -> str:
    whole = f"{{{row}.{month(1)}:{row}.{month(months)}}}"
    if kind == "last":
        return f"={{.{month(months)}}}"
    return f"={'SUM' if kind == 'sum' else 'MAX'}({whole})"


def _resolved(text: str, months: int, *, monthly: bool = False) -> str:
    def reference(match: re.Match[str]) -> str:
        row, mark = match.groups()
        if mark == "!":
            return f"{{${row}.constant}}"
        if mark == "*":
            return f"{{${row}.{month(1)}:{row}.{month(months)}}}"
        if not monthly:
            raise ValueError(f"{text!r}: a constant cannot read one month of {row}")
        # The column in front of the first month holds what was there at the start.
        return f"{{{row}.{BEFORE if mark == '<' else SAME}~}}"

    def column(match: re.Match[str]) -> str:
        if not monthly:
            raise ValueError(f"{text!r}: a constant cannot read one month of {match[1]}")
        return f"{{{match[1]}.{SAME}:{match[2]}.{SAME}~}}"

    return _TOKEN.sub(reference, _COLUMN.sub(column, text))
