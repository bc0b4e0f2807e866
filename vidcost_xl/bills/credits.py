"""Credits that stand in the rows that they are taken off, as rows of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from vidcost_xl.bills.fields import TEXT
from vidcost_xl.bills.forms import NUMBERS, Form
from vidcost_xl.bills.sources import Part, told
from vidcost_xl.errors import BadArgumentError

if TYPE_CHECKING:
    import duckdb

CREDIT: Final = "credit"


def with_credits(connection: duckdb.DuckDBPyConnection, part: Part, form: Form) -> Part:
    """The rows of a file, and behind them the credits of each.

    Raises
    ------
    BadArgumentError
        For credits that are no list of amounts; by line.
    """
    names = [name.strip().casefold() for name in part.header]
    at = next((names.index(each.casefold()) for each in form.credits if each.casefold() in names), None)
    if at is None:
        return part
    found = form.found(part.header)
    held = part.columns[at] if part.types[at] == TEXT else f"CAST(to_json({part.columns[at]}) AS VARCHAR)"
    amounts = f"CAST(json_extract({held}, '$[*].amount') AS DOUBLE[])"
    total = f"CASE WHEN json_valid({held}) THEN list_sum({amounts}) END"
    says = f"coalesce(trim({held}), '') NOT IN ('', '[]', 'null')"
    ask = (
        f"SELECT n FROM (SELECT *, row_number() OVER () AS n FROM {part.table}) WHERE {says} AND {total} IS NULL "
        "ORDER BY n LIMIT 1"
    )
    odd = told(lambda: connection.execute(ask).fetchone(), part.name)
    if odd:
        raise BadArgumentError(f"{part.place(odd[0])}: {part.header[at].strip()} is no list of credits with amounts.")
    other = {place for name in NUMBERS for place in found.get(name, [])}
    columns = []
    for place, column in enumerate(part.columns):
        if place == found["amount"][0]:
            columns.append(f"CAST({total} AS {part.types[place]}) AS {column}")
        elif place in other:
            columns.append(f"CAST(NULL AS {part.types[place]}) AS {column}")
        elif place in found.get("category", []):
            columns.append(f"'{CREDIT}' AS {column}")
        else:
            columns.append(column)
    table = f"(FROM {part.table} UNION ALL SELECT {', '.join(columns)} FROM {part.table} WHERE {says})"
    return replace(part, table=table)
