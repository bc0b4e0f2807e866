"""The fields of a file as SQL over its columns: texts, numbers in the file's own writing, months."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from vidcost_xl.bills.forms import NUMBERS, Form
from vidcost_xl.bills.numerals import SIGNS, decimal_mark, number_sql
from vidcost_xl.bills.sources import Part, quoted, told
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.calendar import parse_month

if TYPE_CHECKING:
    import duckdb

#: The type of cells of a text file, and of texts in others.
TEXT: Final = "VARCHAR"

#: What exports write for nothing.
_NOTHING: Final = ("", "null", "none", "nan")

#: A bill has no more ways of writing numbers or months than this that need a look.
_LOOKED_AT: Final = 100_000


def cell(part: Part, at: int) -> str:
    """A cell as text, NULL where it says nothing, without the mark that keeps a spreadsheet from computing it."""
    nothing = ", ".join(map(quoted, _NOTHING))
    text = part.columns[at] if part.types[at] == TEXT else f"CAST({part.columns[at]} AS VARCHAR)"
    plain = f"regexp_replace(trim({text}), '^''([=+@\\t\\r-])', '\\1')" if part.delimiter else f"trim({text})"
    return f"CASE WHEN lower(trim({text})) IN ({nothing}) THEN NULL ELSE {plain} END"


def first(part: Part, places: Sequence[int]) -> str:
    """The first of some cells that says something."""
    texts = [cell(part, at) for at in places]
    return f"coalesce({', '.join(texts)})" if len(texts) > 1 else next(iter(texts), "CAST(NULL AS VARCHAR)")


def numbers(connection: duckdb.DuckDBPyConnection, part: Part, form: Form, told_mark: str | None) -> dict[str, str]:
    """The numbers of a file, NULL where a cell holds none; `finite` leaves out those that are not."""
    found = form.found(part.header)
    places: dict[str, int] = {name: found[name][0] for name in NUMBERS if name in found}
    written = {name: at for name, at in places.items() if part.types[at] == TEXT}
    mark = _mark(connection, part, form, written, told_mark) if written else "."
    fields = dict.fromkeys(NUMBERS, "CAST(NULL AS DOUBLE)")
    for name, at in places.items():
        column = cell(part, at)
        if name not in written:
            fields[name] = f"CAST({part.columns[at]} AS DOUBLE)"
        elif mark:
            fields[name] = number_sql(column, mark)
        else:
            fields[name] = f"TRY_CAST({column} AS DOUBLE)"
    return fields


def finite(number: str) -> str:
    """A number as SQL, NULL where it is not finite."""
    return f"CASE WHEN isfinite({number}) THEN {number} END"


def _mark(
    connection: duckdb.DuckDBPyConnection, part: Part, form: Form, written: Mapping[str, int], told_mark: str | None
) -> str:
    """The decimal mark of a text; empty where every number is one as it stands."""
    odd = " OR ".join(
        f"({cell(part, at)} IS NOT NULL AND TRY_CAST({cell(part, at)} AS DOUBLE) IS NULL)" for at in written.values()
    )
    # A semicolon between cells says that somebody saved the file anew, in the writing of the country.
    plain = told_mark == "." or (form.number == "point" and part.delimiter != ";")
    doubtful = told_mark == "," or part.delimiter == ";"
    if not doubtful:
        count = told(lambda: connection.execute(f"SELECT count(*) FROM {part.table} WHERE {odd}").fetchone(), part.name)
        if not count[0]:
            return ""
    named: list[tuple[str, str]] = []
    for at in written.values():
        text = cell(part, at)
        ask = (
            f"SELECT v, min(n) FROM (SELECT {text} AS v, row_number() OVER () AS n FROM {part.table}) "
            f"WHERE v IS NOT NULL GROUP BY v ORDER BY 2 LIMIT {_LOOKED_AT}"
        )
        rows = told(lambda ask=ask: connection.execute(ask).fetchall(), part.name)
        named += [(value, f"{part.place(row)}, {part.header[at].strip()}") for value, row in rows]
    return decimal_mark(named, "." if plain and told_mark is None else told_mark, part.delimiter)


def sign(part: Part, at: int) -> str:
    """The currency whose sign stands at an amount."""
    if part.types[at] != TEXT:
        return "NULL"
    cases = " ".join(f"WHEN contains({part.columns[at]}, '{sign}') THEN '{code}'" for sign, code in SIGNS.items())
    return f"CASE {cases} END"


def months(connection: duckdb.DuckDBPyConnection, part: Part, places: Sequence[int]) -> str:
    """The first day of the month of a row, as SQL; texts that DuckDB does not know as dates are read by us."""
    if not places:
        return "CAST(NULL AS DATE)"
    stamp, text = _moment(part, places), first(part, places)
    if all(part.types[at] != TEXT for at in places):
        return f"CAST(date_trunc('month', {stamp}) AS DATE)"
    day = f"CAST(date_trunc('month', {stamp}) AS DATE)"
    # To number every row of a large file costs more than to read it, and an export has only dates.
    unread = f"SELECT 1 FROM {part.table} WHERE {text} IS NOT NULL AND {stamp} IS NULL LIMIT 1"
    if not told(lambda: connection.execute(unread).fetchone(), part.name):
        return day
    ask = (
        f"SELECT v, min(n) FROM (SELECT {text} AS v, {stamp} AS t, row_number() OVER () AS n FROM {part.table}) "
        f"WHERE v IS NOT NULL AND t IS NULL GROUP BY v ORDER BY 2 LIMIT {_LOOKED_AT}"
    )
    odd = told(lambda: connection.execute(ask).fetchall(), part.name)
    cases = " ".join(
        f"WHEN {quoted(value)} THEN DATE {quoted(_month(value, part.place(row)).isoformat())}" for value, row in odd
    )
    return f"coalesce({day}, CASE {text} {cases} END)" if cases else day


def days(part: Part, starts: Sequence[int], ends: Sequence[int]) -> tuple[str, str]:
    """The first day and the last of a group of rows, as SQL; NULL where no column says when a row ends."""
    moments = all(part.types[at].startswith((TEXT, "DATE", "TIMESTAMP")) for at in ends)
    if not starts or not ends or not moments:
        return "CAST(NULL AS DATE)", "CAST(NULL AS DATE)"
    # An end is the first moment that is not of the row.
    last = f"max({_moment(part, ends)}) - INTERVAL 1 MICROSECOND"
    return f"CAST(min({_moment(part, starts)}) AS DATE)", f"CAST({last} AS DATE)"


def _moment(part: Part, places: Sequence[int]) -> str:
    read = []
    for at in places:
        if part.types[at] == "TIMESTAMP WITH TIME ZONE":
            read.append(f"CAST({part.columns[at]} AT TIME ZONE 'UTC' AS TIMESTAMP)")
        elif part.types[at] == TEXT:
            read.append(f"TRY_CAST({cell(part, at)} AS TIMESTAMP)")
        else:
            read.append(f"CAST({part.columns[at]} AS TIMESTAMP)")
    return f"coalesce({', '.join(read)})"


_DOTTED: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def _month(text: str, where: str) -> date:
    if match := _DOTTED.fullmatch(text):
        day, month, year = map(int, match.groups())
        try:
            return date(year, month, day).replace(day=1)
        except ValueError:
            raise BadArgumentError(f"{where}: {text!r} is no day.") from None
    return parse_month(text, f"{where}: month")
