"""What the commands over bills share: rates of currencies from options, and rows that are listed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Final

import typer

from vidcost_xl.errors import BadArgumentError

if TYPE_CHECKING:
    from vidcost_xl.analysis.actuals import Actuals
    from vidcost_xl.analysis.invoices import Invoiced

Where = Annotated[
    list[str] | None,
    typer.Option(help="Rows of the bill that count, such as account=1234 or tag:project=video; may be repeated."),
]
Rate = Annotated[
    list[str] | None, typer.Option(help="Reporting currency for one of another, such as EUR=1.08; may be repeated.")
]
Decimal = Annotated[str | None, typer.Option(help="Decimal mark of a table; told from it when not given.")]
Delimiter = Annotated[str | None, typer.Option(help="Delimiter of a text; told from its first row.")]
Repeats = Annotated[bool, typer.Option("--repeats", help="Rows that stand in two files alike are two charges.")]

#: The exit code that says: done, but some rows of the bill are in nothing that was said or written.
SOME_LEFT: Final = 3

#: Groups of rows that are listed on a screen; --json lists every row.
MOST_LISTED: Final = 40


def rates_given(given: Iterable[str]) -> dict[str, float]:
    """Rates by currency from texts such as EUR=1.08."""
    rates = {}
    for text in given:
        currency, mark, number = text.partition("=")
        try:
            value = float(number)
        except ValueError:
            value = math.nan
        if not mark or not currency.strip() or not 0 < value < math.inf:
            raise BadArgumentError(f"--rate {text!r} is not of the form EUR=1.08.")
        rates[currency.strip().upper()] = value
    return rates


def list_invoiced(rows: Iterable[tuple[str, str, str, float, int]], *, err: bool = False) -> None:
    """Print provider, service, why, amount and number of rows; those that say the same are one line."""
    count: Counter[tuple[str, str, str]] = Counter()
    total: Counter[tuple[str, str, str]] = Counter()
    for provider, service, why, amount, number in rows:
        count[provider, service, why] += number
        total[provider, service, why] += amount  # type: ignore[assignment]
    ordered = sorted(count, key=lambda key: -abs(total[key]))
    for key in ordered[:MOST_LISTED]:
        provider, service, why = key
        typer.echo(f"  {provider} {service}: {rows_text(count[key])}, {total[key]:,.2f} {why}".rstrip(), err=err)
    if len(ordered) > MOST_LISTED:
        typer.echo(f"  and {len(ordered) - MOST_LISTED} more groups; --json lists every row", err=err)


def sums_text(billed: Iterable[Invoiced], found: Actuals) -> str:
    """Where every amount of a bill is: in lines, of other months, in no line; in its own currencies, to the cent."""
    import numpy as np

    from vidcost_xl.analysis.cents import apportion, to_cents

    apart = {id(row): "in no line" for row, _ in found.left}
    apart |= {id(row): "of other months" for row in found.elsewhere}
    kinds = ("in lines", "of other months", "in no line")
    sums: dict[str, dict[str, float]] = {}
    for row in billed:
        mine = sums.setdefault(row.currency, dict.fromkeys(kinds, 0.0))
        mine[apart.get(id(row), kinds[0])] += row.amount
    said = []
    for currency, mine in sorted(sums.items()):
        whole = int(to_cents(sum(mine.values())))
        # Whole cents, so that what is printed adds up as printed.
        cents = apportion(np.array(list(mine.values())), whole).tolist()
        parts = " + ".join(f"{kind} {part / 100:,.2f}" for kind, part in zip(mine, cents, strict=True))
        said.append(f"{parts} = {whole / 100:,.2f} {currency or '(no currency)'}, all of the bill")
    return "\n".join(said)


def rows_text(count: int) -> str:
    """How many rows, in words."""
    return f"{count:,} row{'' if count == 1 else 's'}"
