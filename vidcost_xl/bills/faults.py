"""What is wrong with files of a bill as a whole: rows with gaps, rows that stand in two files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vidcost_xl.bills.forms import START
from vidcost_xl.bills.sources import Part, told
from vidcost_xl.errors import BadArgumentError

if TYPE_CHECKING:
    import duckdb


def refuse_gaps(
    connection: duckdb.DuckDBPyConnection, rows: str, part: Part, found: Mapping[str, Sequence[int]]
) -> None:
    """Refuse a row without an amount, a provider, or a period where others have one.

    Parameters
    ----------
    rows : str
        The rows under the names of their form, as SQL.
    """
    needed = {"amount": "amount", "provider": "provider"} | ({"month": START} if found.get(START) else {})
    empty = ", ".join(f'count(*) FILTER ("{name}" IS NULL)' for name in needed)
    ask = f"SELECT count(*), {empty} FROM ({rows}) WHERE wanted"
    counts: Any = told(lambda: connection.execute(ask).fetchone(), part.name)
    for (name, source), missing in zip(needed.items(), counts[1:], strict=True):
        if not missing or (name == "month" and missing == counts[0]):
            continue
        numbered = f"SELECT *, row_number() OVER () AS n FROM ({rows})"
        ask = f'SELECT coalesce(row, n + 1) FROM ({numbered}) WHERE "{name}" IS NULL LIMIT 1'
        at: Any = connection.execute(ask).fetchone()
        written = ", ".join(part.header[place].strip() for place in found.get(source, []))
        hint = " Write 0 if nothing was billed." if name == "amount" else ""
        raise BadArgumentError(
            f"{part.name}, line {at[0]}: {written or name} is empty or cannot be read ({missing:,} of "
            f"{counts[0]:,} rows).{hint}"
        )


def refuse_overlap(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    """Refuse rows that stand in two files alike: parts that overlap, or an export and its correction."""
    if len(parts) < 2:
        return
    seen = " UNION ALL ".join(
        f"SELECT {at} AS part, hash({', '.join(part.columns)}) AS h FROM {part.table}" for at, part in enumerate(parts)
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
