"""Bills read and added up: one row for everything that the rules tell apart, never a row of the file in Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.bills.cells import part_of_cells
from vidcost_xl.bills.credits import with_credits
from vidcost_xl.bills.faults import refuse_gaps, refuse_overlap
from vidcost_xl.bills.fields import TEXT, days, finite, first, months, numbers, sign
from vidcost_xl.bills.forms import END, START, TEXTS, Form, form_of
from vidcost_xl.bills.sources import Part, opened, quoted, told
from vidcost_xl.bills.where import condition
from vidcost_xl.errors import BadArgumentError

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

#: Texts that the rules and the ledger tell rows apart by.
_TEXT_KEYS: Final = (
    *("provider", "service", "service_code", "sku", "sku_price", "sku_meter", "meter_id", "usage_type", "operation"),
    *("description", "unit", "region", "payer", "account", "kind", "category", "currency", "meter", "line"),
    *("gl_account", "cost_center"),
)
#: Everything that tells rows apart: `list_price` the tiers of a meter, `row` the lines of a table of one's own.
KEYS: Final = ("file", "month", *_TEXT_KEYS, "list_price", "row")
#: What is added up, and `rows`, how many there are.
SUMS: Final = ("amount", "list_cost", "contracted_cost", "quantity")


@dataclass(frozen=True)
class Options:
    """How files are read.

    Parameters
    ----------
    where : sequence of str
        Rows that count, such as "account=1234,5678", "service!=Amazon EC2", "tag:project=video"; all must hold.
    decimal, delimiter : str, optional
        Told from the file when not given.
    repeats : bool
        Whether rows that stand in two files alike are two charges.
    """

    where: Sequence[str] = ()
    decimal: str | None = None
    delimiter: str | None = None
    repeats: bool = False


@dataclass(frozen=True, eq=False)
class Billed:
    """What was billed.

    Parameters
    ----------
    items : DataFrame
        The columns `KEYS`, `SUMS`, `rows`, and the days from `first_day` to `last_day`, NaT where the file has no ends
        of periods. Texts are empty where the file says nothing, sums NaN where it has no such column; `month` is the
        first day, None where a row has no period.
    forms : mapping of str to str
        The form of each file.
    rows : int
        Of the files, as far as they count.
    """

    items: pd.DataFrame
    forms: Mapping[str, str]
    rows: int


def read_bill(paths: Iterable[Path], options: Options = Options()) -> Billed:
    """Read files of what was billed, in any form of `forms`, together.

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
        with opened(paths, connection, options.delimiter) as parts:
            read = [form_of(part.name, part.header) for part in parts]
            if not options.repeats:
                refuse_overlap(connection, parts)
            pairs = list(zip(parts, read, strict=True))
            tables = [_added(connection, with_credits(connection, part, form), form, options) for part, form in pairs]
            names = [part.name for part in parts]
    forms = {name: form.title for name, form in zip(names, read, strict=True)}
    return _billed(pd.concat(tables, ignore_index=True), forms, options)


def read_cells(name: str, rows: Sequence[Sequence[Any]]) -> Billed:
    """Read cells of what was billed, in any form of `forms`; `row` counts from 1 at the header.

    Raises
    ------
    BadArgumentError
        As `read_bill`, by row and column.
    CellError
        For an error value in a column that is read.
    """
    import duckdb

    options = Options()
    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"}) as connection:
        part, form = part_of_cells(name, rows, connection)
        return _billed(_added(connection, part, form, options), {name: form.title}, options)


def _billed(items: pd.DataFrame, forms: Mapping[str, str], options: Options) -> Billed:
    import pandas as pd

    if items.empty:
        left = " that the conditions leave" if options.where else ""
        raise BadArgumentError(f"{', '.join(forms)}: a header and nothing that was billed under it{left}.")
    known = {day: None if pd.isna(day) else pd.Timestamp(day).date() for day in items["month"].unique()}
    items["month"] = items["month"].astype(object).map(known)
    return Billed(items, forms, int(items["rows"].sum()))


def _added(connection: duckdb.DuckDBPyConnection, part: Part, form: Form, options: Options) -> pd.DataFrame:
    """The items of a file.

    Rows are added up by the cells as they are written, and only what is left of them is read as texts: a file says the
    same in millions of rows.
    """
    found = form.found(part.header)
    amounts = numbers(connection, part, form, options.decimal)
    written = dict.fromkeys(part.columns[at] for kind in (*TEXTS, "list_price") for at in found.get(kind, []))
    # A sign of a currency stands in the amount itself; a table that a person wrote is small, and its lines are named.
    if form.number == "any" and part.types[found["amount"][0]] == TEXT:
        written[part.columns[found["amount"][0]]] = None
    keys = [*written, f"{months(connection, part, found.get(START, []))} AS month"]
    rows = part.table
    if form.number == "any":
        keys.append("line AS row")
        rows = f"(SELECT *, row_number() OVER () + 1 AS line FROM {part.table})"
    # Whether numbers are finite is asked of their sum: to ask it of each of them costs as much as to add them up.
    summed = {name: finite(_whole("kahan_sum", amounts[name])) for name in SUMS} | {"rows": "count(*)"}
    amount, missing = f"kahan_sum({amounts['amount']})", f"count(*) - count({amounts['amount']})"
    summed["amount"] = finite(amount)
    summed["no_amount"] = f"CASE WHEN isfinite({amount}) THEN {missing} ELSE greatest(1, {missing}) END"
    summed["first_day"], summed["last_day"] = days(part, found.get(START, []), found.get(END, []))
    sums = ", ".join(f"{sql} AS {name}" for name, sql in summed.items())
    once = f"SELECT {', '.join(keys)}, {sums} FROM {rows} WHERE {condition(options.where, part, found)} GROUP BY ALL"
    frame = _told_apart(connection, part, form, once, finite(amounts["list_price"]))
    refuse_gaps(connection, part, frame, found, finite(amounts["amount"]))
    # The lines of a table in their order.
    frame = frame.drop(columns=["no_amount", "two_currencies"])
    if part.numbers:
        kept = dict(enumerate(part.numbers, start=2))
        frame["row"] = [kept.get(row) for row in frame["row"].astype(object)]
    return frame.sort_values("row", kind="stable") if frame["row"].notna().any() else frame


def _told_apart(
    connection: duckdb.DuckDBPyConnection, part: Part, form: Form, once: str, list_price: str
) -> pd.DataFrame:
    found = form.found(part.header)
    fields = {kind: first(part, found.get(kind, [])) for kind in TEXTS}
    if form.provider:
        fields["provider"] = quoted(form.provider)
    if form.single_units:
        single = ", ".join(map(quoted, form.single_units))
        fields["unit"] = f"CASE WHEN {fields['unit']} IN ({single}) THEN {fields['unit']} END"
    signed = sign(part, found["amount"][0]) if form.number == "any" else "NULL"
    fields["signed"] = signed
    fields["currency"] = f"upper(coalesce({fields['currency']}, {signed}))"
    fields["list_price"] = list_price
    names = ", ".join(f'{sql} AS "{name}"' for name, sql in fields.items())
    row = "row" if form.number == "any" else "CAST(NULL AS BIGINT) AS row"
    sums = (*SUMS, "rows", "no_amount")
    once_more = ", ".join(f"once.{name}" for name in (*sums, "first_day", "last_day"))
    added = ", ".join(f"{_whole('sum', name)} AS {name}" for name in sums)
    added += ", min(first_day) AS first_day, max(last_day) AS last_day"
    kept = f" WHERE {form.kinds.keep}" if form.kinds.keep else ""
    texts = ", ".join(f'coalesce("{key}", \'\') AS "{key}"' for key in _TEXT_KEYS)
    ask = (
        f"WITH once AS ({once}), named AS (SELECT {names}, month, {row}, {once_more} "
        f"FROM once), kinds AS (SELECT *, {form.kinds.sql} AS kind FROM named{kept}) "
        f"SELECT {quoted(part.name)} AS file, month, {texts}, list_price, row, "
        "count(*) FILTER (signed <> currency) AS two_currencies, "
        f"{added} FROM kinds GROUP BY ALL ORDER BY ALL"
    )
    frame: pd.DataFrame = told(lambda: connection.execute(ask).df(), part.name)
    return frame.astype(dict.fromkeys(("rows", "no_amount"), "int64"))


def _whole(function: str, column: str) -> str:
    # A sum without the rows that say nothing would be taken for that of all of them.
    return f"CASE WHEN count({column}) = count(*) THEN {function}({column}) END"
