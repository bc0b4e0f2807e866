"""Bills read and added up: one row for everything that the rules tell apart, never a row of the file in Python."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.bills.forms import NUMBERS, START, TAGS, TEXTS, Form, form_of
from vidcost_xl.bills.numerals import SIGNS, decimal_mark, number_sql
from vidcost_xl.bills.sources import Part, opened, quoted, told
from vidcost_xl.bills.where import condition
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.calendar import parse_month

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

#: What exports write for nothing.
_NOTHING: Final = ("", "null", "none", "nan")

#: What the rules and the ledger tell rows apart by; `list_price` tells the tiers of a meter apart.
KEYS: Final = (
    *("file", "month", "provider", "service", "service_code", "sku", "sku_price", "sku_meter", "usage_type", "operation"),
    *("description", "unit", "region", "payer", "account", "kind", "category", "currency", "meter", "line"),
    *("gl_account", "cost_center", "list_price"),
)
#: What is added up, and `rows`, how many there are.
SUMS: Final = ("amount", "list_cost", "contracted_cost", "quantity")

#: A bill has no more ways of writing numbers or months than this that need a look.
_LOOKED_AT: Final = 100_000


@dataclass(frozen=True, eq=False)
class Billed:
    """What was billed.

    Parameters
    ----------
    items : DataFrame
        The columns `KEYS`, `SUMS` and `rows`. Texts are empty where the file says nothing, sums NaN where it has no
        such column; `month` is the first day, None where a row has no period.
    forms : mapping of str to str
        The form of each file.
    rows : int
        Of the files, as far as they count.
    """

    items: pd.DataFrame
    forms: Mapping[str, str]
    rows: int

    @property
    def totals(self) -> dict[str, float]:
        """The amount of each currency."""
        return {str(name): float(amount) for name, amount in self.items.groupby("currency")["amount"].sum().items()}


def read_bill(
    paths: Iterable[Path],
    where: Sequence[str] = (),
    decimal: str | None = None,
    delimiter: str | None = None,
    *,
    repeats: bool = False,
) -> Billed:
    """Read files of what was billed, in any form of `forms`, together.

    Parameters
    ----------
    where : sequence of str
        Rows that count, such as "account=1234,5678", "service!=Amazon EC2", "tag:project=video"; all must hold.
    decimal : str, optional
        "." or ","; told from the numbers when not given.
    repeats : bool
        Whether rows that stand in two files alike are two charges.

    Raises
    ------
    BadArgumentError
        For a file of no form, a row without an amount or a period among rows that have one, a number that can be read
        two ways, rows that stand in two files, and a condition on a column that no file has; by file and line.
    """
    import duckdb
    import pandas as pd

    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        with opened(paths, connection, delimiter) as parts:
            read = {part.name: form_of(part.name, part.header) for part in parts}
            for at, part in enumerate(parts):
                _view(connection, f"bill{at}", part, read[part.name], where, decimal)
            if not repeats:
                _refuse_overlap(connection, parts, read)
            tables = [_added(connection, f"bill{at}", part) for at, part in enumerate(parts)]
    items = pd.concat(tables, ignore_index=True)
    if items.empty:
        left = " that the conditions leave" if where else ""
        raise BadArgumentError(f"{', '.join(read)}: a header and nothing that was billed under it{left}.")
    items["month"] = [None if pd.isna(day) else pd.Timestamp(day).date().replace(day=1) for day in items["month"]]
    return Billed(items, {name: form.title for name, form in read.items()}, int(items["rows"].sum()))


def _view(
    connection: duckdb.DuckDBPyConnection, name: str, part: Part, form: Form, where: Sequence[str], decimal: str | None
) -> None:
    """A view of a file under the names of its form."""
    found = form.found(part.header)
    first = {kind: _first(part, found.get(kind, [])) for kind in TEXTS}
    fields = {kind: first[kind] for kind in TEXTS}
    if form.provider:
        fields["provider"] = quoted(form.provider)
    numbers = _numbers(connection, part, form, found, decimal)
    signs = _sign(part, found["amount"][0]) if not found.get("currency") else "NULL"
    fields["currency"] = f"upper(coalesce({fields['currency']}, {signs}))"
    months = _months(connection, part, found.get(START, []))
    columns = [f'{sql} AS "{kind}"' for kind, sql in (fields | numbers | {"month": months}).items()]
    columns += [f"{_tags(part, found.get(TAGS, []))} AS tags"]
    kept = f" WHERE {form.kinds.keep}" if form.kinds.keep else ""
    wanted = condition(where, part, found)
    inner = f"SELECT {', '.join(columns)}, {wanted} AS wanted FROM {part.table}"
    # The view stands on what was read, so that a fault has a line; the rest is asked once more, when something is wrong.
    connection.execute(f"CREATE VIEW {name} AS SELECT *, {form.kinds.sql} AS kind FROM ({inner}){kept}")
    _refuse_gaps(connection, name, part, found)


def _added(connection: duckdb.DuckDBPyConnection, name: str, part: Part) -> pd.DataFrame:
    keys = ", ".join(
        f"{quoted(part.name)} AS file" if key == "file" else f"coalesce(\"{key}\", '') AS \"{key}\""
        if key not in {"month", "list_price"}
        else f'"{key}"'
        for key in KEYS
    )
    # A sum that does not hang on the order of the rows, to far below the cent.
    sums = ", ".join(f'kahan_sum("{part}") AS "{part}"' for part in SUMS)
    frame: pd.DataFrame = told(
        lambda: connection.execute(
            f"SELECT {keys}, {sums}, count(*) AS rows FROM {name} WHERE wanted GROUP BY ALL ORDER BY ALL"
        ).df(),
        part.name,
    )
    return frame


def _column(part: Part, at: int) -> str:
    nothing = ", ".join(map(quoted, _NOTHING))
    text = part.columns[at] if part.types[at] == "VARCHAR" else f"CAST({part.columns[at]} AS VARCHAR)"
    return f"CASE WHEN lower(trim({text})) IN ({nothing}) THEN NULL ELSE trim({text}) END"


def _first(part: Part, places: Sequence[int]) -> str:
    # The first of its columns that says something.
    texts = [_column(part, at) for at in places]
    return f"coalesce({', '.join(texts)})" if len(texts) > 1 else next(iter(texts), "CAST(NULL AS VARCHAR)")


def _numbers(
    connection: duckdb.DuckDBPyConnection, part: Part, form: Form, found: Mapping[str, list[int]], told_mark: str | None
) -> dict[str, str]:
    places = {name: found[name][0] for name in NUMBERS if name in found}
    written = {name: at for name, at in places.items() if part.types[at] == "VARCHAR"}
    mark = _mark(connection, part, form, written, told_mark) if written else "."
    fields = {name: "CAST(NULL AS DOUBLE)" for name in NUMBERS}
    for name, at in places.items():
        column = _column(part, at)
        if name not in written:
            fields[name] = f"CAST({part.columns[at]} AS DOUBLE)"
        elif mark:
            fields[name] = number_sql(column, mark)
        else:
            fields[name] = f"TRY_CAST({column} AS DOUBLE)"
    return fields


def _mark(
    connection: duckdb.DuckDBPyConnection, part: Part, form: Form, written: Mapping[str, int], told_mark: str | None
) -> str:
    """The decimal mark of a text; empty where every number is one as it stands."""
    odd = " OR ".join(
        f"({_column(part, at)} IS NOT NULL AND TRY_CAST({_column(part, at)} AS DOUBLE) IS NULL)"
        for at in written.values()
    )
    plain = form.number == "point" or (told_mark == ".")
    doubtful = form.number == "any" and (told_mark == "," or part.delimiter == ";")
    if not doubtful:
        count = told(lambda: connection.execute(f"SELECT count(*) FROM {part.table} WHERE {odd}").fetchone(), part.name)
        if not count[0]:
            return ""
    named: list[tuple[str, str]] = []
    for name, at in written.items():
        text = _column(part, at)
        ask = (
            f"SELECT v, min(n) FROM (SELECT {text} AS v, row_number() OVER () AS n FROM {part.table}) "
            f"WHERE v IS NOT NULL GROUP BY v ORDER BY 2 LIMIT {_LOOKED_AT}"
        )
        rows = told(lambda ask=ask: connection.execute(ask).fetchall(), part.name)
        named += [(value, f"{part.name}, line {row + 1}, {name}") for value, row in rows]
    return decimal_mark(named, "." if plain and told_mark is None else told_mark, part.delimiter)


def _sign(part: Part, at: int) -> str:
    if part.types[at] != "VARCHAR":
        return "NULL"
    cases = " ".join(f"WHEN contains({part.columns[at]}, '{sign}') THEN '{code}'" for sign, code in SIGNS.items())
    return f"CASE {cases} END"


def _months(connection: duckdb.DuckDBPyConnection, part: Part, places: Sequence[int]) -> str:
    """The first day of the month of a row, as SQL; texts that DuckDB does not know as dates are read by us."""
    if not places:
        return "CAST(NULL AS DATE)"
    read = []
    for at in places:
        if part.types[at] == "TIMESTAMP WITH TIME ZONE":
            read.append(f"CAST({part.columns[at]} AT TIME ZONE 'UTC' AS TIMESTAMP)")
        else:
            read.append(f"TRY_CAST({_column(part, at)} AS TIMESTAMP)")
    stamp, text = f"coalesce({', '.join(read)})", _first(part, places)
    ask = (
        f"SELECT v, min(n) FROM (SELECT {text} AS v, {stamp} AS t, row_number() OVER () AS n FROM {part.table}) "
        f"WHERE v IS NOT NULL AND t IS NULL GROUP BY v ORDER BY 2 LIMIT {_LOOKED_AT}"
    )
    odd = told(lambda: connection.execute(ask).fetchall(), part.name)
    cases = " ".join(
        f"WHEN {quoted(value)} THEN DATE {quoted(_month(value, f'{part.name}, line {row + 1}').isoformat())}"
        for value, row in odd
    )
    day = f"CAST(date_trunc('month', {stamp}) AS DATE)"
    return f"coalesce({day}, CASE {text} {cases} END)" if cases else day


_DOTTED: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def _month(text: str, where: str) -> date:
    if match := _DOTTED.fullmatch(text):
        day, month, year = map(int, match.groups())
        try:
            return date(year, month, day).replace(day=1)
        except ValueError:
            raise BadArgumentError(f"{where}: {text!r} is no day.") from None
    return parse_month(text, f"{where}: month")


def _tags(part: Part, places: Sequence[int]) -> str:
    if not places:
        return "CAST(NULL AS VARCHAR)"
    at = places[0]
    return part.columns[at] if part.types[at] == "VARCHAR" else f"CAST(to_json({part.columns[at]}) AS VARCHAR)"


def _refuse_gaps(
    connection: duckdb.DuckDBPyConnection, name: str, part: Part, found: Mapping[str, Sequence[int]]
) -> None:
    """Refuse a row without an amount, a provider, or a period where others have one."""
    needed = ["amount", "provider", *(["month"] if found.get(START) else [])]
    empty = ", ".join(f'count(*) FILTER ("{part}" IS NULL)' for part in needed)
    counts: Any = told(lambda: connection.execute(f"SELECT count(*), {empty} FROM {name} WHERE wanted").fetchone(), part.name)
    for field, missing in zip(needed, counts[1:], strict=True):
        if not missing or (field == "month" and missing == counts[0]):
            continue
        places = list(found.get(START if field == "month" else field, []))
        texts = " IS NULL AND ".join(_column(part, at) for at in places)
        ask = (
            f"SELECT n FROM (SELECT *, row_number() OVER () AS n FROM {part.table}) WHERE {texts} IS NULL "
            "ORDER BY n LIMIT 1"
        )
        row = connection.execute(ask).fetchone() if places else None
        where = f"{part.name}, line {row[0] + 1}" if row else part.name
        what = f"has no {field if field != 'month' else 'period'}"
        hint = "; write 0 if nothing was billed" if field == "amount" else ""
        raise BadArgumentError(f"{where}: the row {what}{hint} ({missing:,} of {counts[0]:,} rows).")


def _refuse_overlap(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part], read: Mapping[str, Form]) -> None:
    """Refuse rows that stand in two files alike: parts that overlap, or an export and its correction."""
    if len(parts) < 2:  # noqa: PLR2004
        return
    seen = " UNION ALL ".join(
        f"SELECT {at} AS part, hash({', '.join(part.columns)}) AS h FROM {part.table}" for at, part in enumerate(parts)
    )
    ask = (
        "SELECT min(part), max(part), count(*) FROM "
        f"(SELECT h, min(part) AS part, max(part) AS last FROM ({seen}) GROUP BY h HAVING min(part) < max(part)) "
        "GROUP BY part, last ORDER BY 3 DESC LIMIT 1"
    )
    found = connection.execute(ask).fetchone()
    del read
    if found:
        one = connection.execute(
            f"SELECT min(part), max(part) FROM ({seen}) GROUP BY h HAVING min(part) < max(part) LIMIT 1"
        ).fetchone()
        assert one is not None
        raise BadArgumentError(
            f"{found[2]:,} rows of {parts[one[0]].name} stand in {parts[one[1]].name}, too: the files overlap. Leave one "
            "out, or say --repeats if they are charges of their own."
        )
