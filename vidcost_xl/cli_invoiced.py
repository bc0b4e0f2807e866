"""What the commands over bills share: rates of currencies from options, and rows that are listed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Final

import typer

from vidcost_xl.errors import BadArgumentError

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


def rows_text(count: int) -> str:
    """How many rows, in words."""
    return f"{count:,} row{'' if count == 1 else 's'}"
