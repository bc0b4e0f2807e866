"""Tables of texts on a screen of any width: numbers whole, names folded, remarks below where they do not fit beside."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Container, Sequence, Set
from typing import Final

import typer

#: Width of a table that goes to a file or another program.
PIPE_WIDTH: Final = 200

#: Columns between the texts of two cells; one more stands at the edge.
GAP: Final = 2

#: A column of texts is not folded to less than this.
LEAST: Final = 10

#: Texts right of all numbers, one of them longer than this, are remarks: below a table that does not fit with them.
REMARK: Final = 20


def draw(
    rows: Sequence[Sequence[str]],
    right: Container[int],
    *,
    title: str = "",
    total: bool = False,
    most: int | None = None,
    width: int = PIPE_WIDTH,
    rest: str = "--json has all",
) -> None:
    """Print a table of texts; one that does not fit the screen as a record for each row.

    Parameters
    ----------
    rows : sequence of sequence of str
        The header first.
    right : container of int
        Columns of numbers: they are never folded.
    total : bool
        Whether the last row is a total, which stands apart and is always shown.
    most : int, optional
        Rows shown; `rest` says where the others are.
    width : int
        The most that it takes of a wider screen.
    """
    head, *body = rows
    last = [body.pop()] if total else []
    whole = [head, *body[:most], *last]
    shown, remarks, numeric = whole, list[str](), {at for at in range(len(head)) if at in right}
    room = min(width, screen())
    if sum(_widths(shown)) > room - _gaps(len(head)):
        shown, remarks = _remarks_below(whole, numeric)
    widths = fitted(shown, numeric, room)
    if widths is None:
        if title:
            typer.echo(f"{title}\n")
        print_records(whole)
    else:
        _print(shown, numeric, widths, title, total)
        for remark in remarks:
            typer.echo(f"  {remark}")
    if most is not None and len(body) > most:
        typer.echo(f"  and {len(body) - most:,} more; {rest}")


def screen() -> int:
    """Columns of the screen; those of a file where the output is none."""
    from rich.console import Console

    return Console().width if sys.stdout.isatty() else PIPE_WIDTH


def fitted(rows: Sequence[Sequence[str]], numeric: Set[int], room: int) -> list[int] | None:
    """Widths of columns that fit a room, taken from the widest texts first; None where there are none."""
    widths = _widths(rows)
    least = [each if at in numeric else min(each, LEAST) for at, each in enumerate(widths)]
    room -= _gaps(len(widths))
    if sum(least) > room:
        return None
    while sum(widths) > room:
        widest = max((at for at in range(len(widths)) if widths[at] > least[at]), key=lambda at: widths[at])
        widths[widest] -= 1
    return widths


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(len, column)) for column in zip(*rows, strict=True)]


def _gaps(columns: int) -> int:
    return GAP * columns + 1


def _remarks_below(rows: Sequence[Sequence[str]], numeric: Set[int]) -> tuple[list[Sequence[str]], list[str]]:
    # A remark is said with the name of its row: its first text, and more where others begin with that too.
    below = {at for at, each in enumerate(_widths(rows)) if at > max(numeric, default=0) and each > REMARK}
    kept = [at for at in range(len(rows[0])) if at not in below]
    texts = [[row[at] for at in kept if at not in numeric and row[at]] for row in rows[1:]]
    begun = Counter(tuple(mine[:count]) for mine in texts for count in range(1, len(mine) + 1))
    said = []
    for row, mine in zip(rows[1:], texts, strict=True):
        alone = (count for count in range(1, len(mine)) if begun[tuple(mine[:count])] == 1)
        name = ", ".join(mine[: next(alone, len(mine))])
        said += [f"{name}: {row[at]}" if name else row[at] for at in sorted(below) if row[at]]
    return [[row[at] for at in kept] for row in rows], said


def _print(rows: Sequence[Sequence[str]], numeric: Set[int], widths: Sequence[int], title: str, total: bool) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    head, *body = ([text.replace("[", "\\[") for text in row] for row in rows)
    table = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", padding=(0, GAP - 1, 0, 0))
    for at, text in enumerate(head):
        table.add_column(text, justify="right" if at in numeric else "left", overflow="fold", width=widths[at])
    for at, row in enumerate(body, 1):
        if total and at == len(body):
            table.add_section()
        table.add_row(*row)
    Console(width=max(sum(widths) + _gaps(len(widths)), len(title))).print(table)


def print_records(rows: Sequence[Sequence[str]]) -> None:
    """Print each row as its headings and texts, one below the other; an empty text is left out."""
    head, *body = rows
    indent = max(map(len, head))
    for row in body:
        shown = [(heading, text) for heading, text in zip(head, row, strict=True) if text]
        typer.echo("\n".join(f"{heading:>{indent}}  {text}" for heading, text in shown) + "\n")
