"""What is wrong with files of a bill as a whole: rows with gaps, rows that stand in two files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.bills.fields import first
from vidcost_xl.bills.forms import START
from vidcost_xl.bills.sources import Part, told
from vidcost_xl.errors import BadArgumentError

#: No cloud sent a bill before.
EARLIEST: Final = 1990

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


def refuse_gaps(
    connection: duckdb.DuckDBPyConnection,
    part: Part,
    items: pd.DataFrame,
    found: Mapping[str, Sequence[int]],
    amount: str,
) -> None:
    """Refuse a row without an amount, a provider, or a period where others have one.

    Parameters
    ----------
    items : DataFrame
        Added up; `no_amount` counts rows.
    amount : str
        The amount of a row, as SQL.
    """
    torn = items[items["two_currencies"] > 0]
    if len(torn):
        line, currency = int(torn["row"].iloc[0]), torn["currency"].iloc[0]
        raise BadArgumentError(f"{part.place(line - 1)}: the amount has the sign of another than {currency}.")
    days = [day for day in items["month"].dropna() if day.year < EARLIEST]
    if days:
        raise BadArgumentError(f"{part.name}: a row is of {days[0]:%Y-%m}, when no cloud sent a bill. Write 2027-03.")
    undated = int(items.loc[items["month"].isna(), "rows"].sum())
    rows = int(items["rows"].sum())
    for name, missing in (
        ("amount", int(items["no_amount"].sum())),
        ("provider", int(items.loc[items["provider"] == "", "rows"].sum())),
        (START, undated if found.get(START) and undated < rows else 0),
    ):
        if not missing:
            continue
        places = found.get(name, [])
        empty = f"{amount} IS NULL" if name == "amount" else f"{first(part, places)} IS NULL"
        ask = f"SELECT n FROM (SELECT *, row_number() OVER () AS n FROM {part.table}) WHERE {empty} ORDER BY n LIMIT 1"
        at: Any = connection.execute(ask).fetchone()
        written = ", ".join(part.header[place].strip() for place in places)
        hint = " Write 0 if nothing was billed." if name == "amount" else ""
        raise BadArgumentError(
            f"{part.place(at[0])}: {written or name} is empty or cannot be read ({missing:,} of {rows:,} rows).{hint}"
        )


def refuse_overlap(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    """Refuse rows that stand in two files alike: parts that overlap, or an export and its correction."""
    if len(parts) < 2:
        return
    seen = " UNION ALL ".join(
        f"SELECT {at} AS part, hash({', '.join(_by_name(part))}) AS h FROM {part.table}"
        for at, part in enumerate(parts)
    )
    ask = (
        "SELECT part, other, count(*) FROM (SELECT h, min(part) AS part, max(part) AS other "
        f"FROM ({seen}) GROUP BY h HAVING min(part) < max(part)) GROUP BY ALL ORDER BY 3 DESC LIMIT 1"
    )
    found: Any = told(lambda: connection.execute(ask).fetchone(), ", ".join(part.name for part in parts))
    if found:
        one, other, count = found
        raise BadArgumentError(
            f"{count:,} rows of {parts[one].name} stand in {parts[other].name}, too: the files overlap. Leave one out, "
            "or say --repeats if they are charges of their own."
        )


def _by_name(part: Part) -> list[str]:
    # One export may have its columns in another order than the next.
    named = sorted(zip(part.header, part.columns, strict=True), key=lambda each: each[0].strip().casefold())
    return [column for _, column in named]
