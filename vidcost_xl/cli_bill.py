"""The command that reads a bill: what each row is, and what the list charges for it."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidcost_xl.cli_invoiced import MOST_LISTED, SOME_LEFT, Decimal, Delimiter, Repeats, Where
from vidcost_xl.cli_show import Json
from vidcost_xl.cli_table import draw

if TYPE_CHECKING:
    import pandas as pd

    from vidcost_xl.analysis.assigned import Assigned
    from vidcost_xl.bills.repricing import Repriced


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command(name="bill")(bill)


def bill(
    files: Annotated[
        list[Path],
        typer.Argument(help="Exports, or a table: csv, gz, zip, parquet, xlsx (FILE.xlsx!Sheet), or a folder."),
    ],
    plan: Annotated[
        str | None, typer.Option(help="A preset, plan file or plan workbook, whose lines and accounts take the rows.")
    ] = None,
    where: Where = None,
    reprice: Annotated[bool, typer.Option("--reprice", help="Charge the quantities at the list prices.")] = False,
    rates: Annotated[
        Path | None, typer.Option(help="Write what each meter was billed at as a table of private rates (CSV).")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write every item with its match (CSV).")
    ] = None,
    decimal: Decimal = None,
    delimiter: Delimiter = None,
    repeats: Repeats = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
    as_json: Json = False,
) -> None:
    """Read a bill and say what each row is: a meter of the price book, another kind of charge, or unmatched.

    Matched, other kinds and unmatched add up to the file. Exits with 3 when some usage is unmatched.
    """
    from vidcost_xl.analysis.assigned import assigned
    from vidcost_xl.bills.matching import UNMATCHED, matched
    from vidcost_xl.bills.reading import Options, read_bill
    from vidcost_xl.bills.repricing import repriced
    from vidcost_xl.model.bill import evaluate
    from vidcost_xl.sheets.plan.reading.source import plan_source

    billed = read_bill(files, Options(where or (), decimal, delimiter, repeats))
    items = matched(billed)
    priced = repriced(items) if reprice else []
    taken = assigned(items, evaluate(plan_source(plan).plan)) if plan else []
    if output is not None:
        _write(output, _plain(items), force=force)
    if rates is not None:
        _write(rates, _rates(items), force=force)
    if as_json:
        typer.echo(json.dumps(_as_dict(billed.forms, items, priced, taken), ensure_ascii=False, default=str))
    else:
        typer.echo(f"{', '.join(f'{name} ({form})' for name, form in billed.forms.items())}: {billed.rows:,} rows")
        _print_matched(items)
        _print_rest(items)
        if taken:
            _print_taken(taken)
        if reprice:
            _print_repriced(priced)
        _print_sum(items)
    if (items["is_kind"] == UNMATCHED).any():
        raise typer.Exit(SOME_LEFT)


def _plain(items: pd.DataFrame) -> pd.DataFrame:
    names = {
        "is_provider": "provider",
        "is_meter": "meter",
        "is_region": "region",
        "is_to": "to_region",
        "is_kind": "kind",
        "is_how": "told_by",
        "billed_units": "meter_quantity",
    }
    kept = ["file", "month", *names, "service", "description", "quantity", "unit", "amount", "list_cost", "currency"]
    return items[[*kept, "payer", "account", "rows"]].rename(columns=names)


def _rates(items: pd.DataFrame) -> pd.DataFrame:
    """Private rates that charge what the bill charges: amount by quantity, by meter and region."""
    from vidcost_xl.bills.matching import MATCHED
    from vidcost_xl.prices.book import price_book

    mine = items[(items["is_kind"] == MATCHED) & items["is_meter"].isin(list(price_book().meters))]
    own = [
        currency in {"", price_book().meter(meter).currency}
        for meter, currency in mine[["is_meter", "currency"]].to_numpy()
    ]
    sums = (
        mine[own]
        .groupby(["is_meter", "is_region"], as_index=False)
        .agg(amount=("amount", "sum"), units=("billed_units", _sum_of_all))
    )
    # What the bill does not count in full has no rate.
    sums = sums[sums["units"] > 0]
    sums["rate"] = sums["amount"] / sums["units"]
    return sums.rename(columns={"is_meter": "meter", "is_region": "region"})[["meter", "rate", "region"]]


def _write(path: Path, frame: pd.DataFrame, *, force: bool) -> None:
    from vidcost_xl.model.export import write_frame

    write_frame(frame, path, "csv", decimal=".", delimiter=",", force=force)
    typer.echo(f"{path}: {len(frame)} rows", err=True)


def _print_matched(items: pd.DataFrame) -> None:
    from vidcost_xl.bills.matching import MATCHED

    mine = items[items["is_kind"] == MATCHED]
    if mine.empty:
        return
    keys = ["is_meter", "is_dimension", "is_region", "is_how", "currency"]
    sums = mine.groupby(keys, as_index=False).agg(
        amount=("amount", "sum"), units=("billed_units", _sum_of_all), rows=("rows", "sum")
    )
    table = [
        [
            meter or f"{dimension}, class not named",
            region,
            how,
            "" if math.isnan(units) else f"{units:,.6g}",
            f"{amount:,.2f}",
            currency,
            f"{rows:,}",
        ]
        for meter, dimension, region, how, currency, amount, units, rows in sums.sort_values(
            "amount", ascending=False, key=abs
        ).itertuples(index=False, name=None)
    ]
    heads = ["meter", "region", "told by", "quantity", "amount", "currency", "rows"]
    _table("Matched", heads, table, right=(3, 4, 6))


def _sum_of_all(quantities: pd.Series[float]) -> float:
    # A sum without the rows that have no quantity would be too small.
    return float(quantities.sum(skipna=False))


def _print_rest(items: pd.DataFrame) -> None:
    from vidcost_xl.bills.matching import MATCHED, UNMATCHED

    rest = items[items["is_kind"] != MATCHED]
    keys = ["is_kind", "provider", "service", "currency"]
    sums = rest.groupby(keys, as_index=False).agg(amount=("amount", "sum"), rows=("rows", "sum"))
    for title, mine in (
        ("Other kinds of charges, spread over nothing", sums[sums["is_kind"] != UNMATCHED]),
        ("Unmatched, by service", sums[sums["is_kind"] == UNMATCHED]),
    ):
        ordered = mine.sort_values("amount", ascending=False, key=abs)
        table = [
            [kind, f"{provider} {service}".strip(), f"{amount:,.2f}", currency, f"{rows:,}"]
            for kind, provider, service, currency, amount, rows in ordered.itertuples(index=False, name=None)
        ]
        if table:
            _table(title, ["kind", "service", "amount", "currency", "rows"], table, right=(2, 4))


def _print_taken(taken: Sequence[Assigned]) -> None:
    sums: dict[tuple[str, str, str], float] = {}
    for each in taken:
        key = each.account, each.line, each.provider
        sums[key] = sums.get(key, 0.0) + each.amount
    months = sorted({each.month for each in taken})
    rows = [
        [*key, f"{amount:,.2f}"] for key, amount in sorted(sums.items(), key=lambda each: (each[0][0], -abs(each[1])))
    ]
    title = f"In the plan, {months[0]}" + (f" to {months[-1]}" if len(months) > 1 else "")
    _table(title, ["account", "line", "provider", "amount"], [row for row in rows if row[-1] != "0.00"], right=(3,))


def _print_repriced(priced: Sequence[Repriced]) -> None:
    from vidcost_xl.bills.repricing import AGREES

    agreed = [row for row in priced if row.verdict == AGREES]
    rows = [
        [
            f"{row.month:%Y-%m}" if row.month else "",
            row.meter,
            row.region,
            "" if math.isnan(row.quantity) else f"{row.quantity:,.6g}",
            f"{row.listed:,.2f}",
            "" if math.isnan(row.book) else f"{row.book:,.2f}",
            f"{row.verdict}: {row.why.removeprefix('; ')}",
        ]
        for row in priced
        if row.verdict != AGREES
    ]
    typer.echo(
        f"At list price: {len(agreed)} of {len(priced)} meters agree, {sum(row.listed for row in agreed):,.2f} of "
        f"{sum(row.listed for row in priced):,.2f}"
    )
    if rows:
        heads = ["month", "meter", "region", "quantity", "bill", "book", "verdict"]
        _table("Not as the list has it", heads, rows, right=(3, 4, 5))


def _print_sum(items: pd.DataFrame) -> None:
    import numpy as np

    from vidcost_xl.analysis.cents import apportion, to_cents
    from vidcost_xl.analysis.variance import money
    from vidcost_xl.bills.matching import kinds_of

    for currency, mine in items.groupby("currency", sort=True):
        kinds = list(kinds_of(mine))
        amounts = np.array([mine.loc[mine["is_kind"] == kind, "amount"].sum() for kind in kinds])
        whole = int(to_cents(float(mine["amount"].sum())))
        # Whole cents, so that what is printed adds up as printed.
        parts = zip(kinds, [int(cents) for cents in apportion(amounts, whole)], strict=True)
        written = " + ".join(f"{kind} {money(cents):,.2f}" for kind, cents in parts)
        typer.echo(f"{written} = {money(whole):,.2f} {str(currency) or '(no currency)'}")


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int]) -> None:
    draw([heads, *rows], right, title=title, most=MOST_LISTED, width=140, rest="--json and -o have all")


def _as_dict(forms: Any, items: pd.DataFrame, priced: Sequence[Repriced], taken: Sequence[Assigned]) -> dict[str, Any]:
    from vidcost_xl.bills.matching import kinds_of

    by_kind = {
        str(currency): {kind: float(mine.loc[mine["is_kind"] == kind, "amount"].sum()) for kind in kinds_of(mine)}
        for currency, mine in items.groupby("currency")
    }
    frame = _plain(items)
    rows = json.loads(frame.to_json(orient="records", date_format="iso"))
    return {
        "files": dict(forms),
        "totals": by_kind,
        "items": rows,
        "plan": [each._asdict() for each in taken],
        "repriced": [{name: _known(value) for name, value in vars(row).items()} for row in priced],
    }


def _known(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value
