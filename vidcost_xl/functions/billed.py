"""What was billed, as a range of cells, against a plan: each row matched as a row of an export is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.functions.arguments import read_number, read_text
from vidcost_xl.functions.plans import read_plan
from vidcost_xl.functions.tables import cell_rows, column_names, read_table
from vidcost_xl.functions.values import Absent, is_range

if TYPE_CHECKING:
    from vidcost_xl.analysis.actuals import Actuals
    from vidcost_xl.analysis.invoices import Invoiced

Table = list[list[Any]]

#: What a range of a bill has at least.
BILLED: Final = ("provider", "month", "amount")
_PLAN: Final = ("key", "value")
_RATES: Final = ("currency", "rate")

_NAMES: Final = ("month", "stage", "line", "meter")

#: Rows behind the total: what is in none of its numbers.
LEFT: Final = "in no line"
ELSEWHERE: Final = "of other months"
WHOLE: Final = "all of the bill"


def is_plan(budget: object) -> bool:
    """Whether a budget is a plan: a preset's name, or a range of inputs; a ledger is not."""
    return isinstance(budget, str) or (is_range(budget) and set(_PLAN) <= column_names(budget, "budget", _PLAN))


def refuse_path(value: object, name: str) -> None:
    """Refuse a text that names a file: a function reads none.

    Raises
    ------
    BadArgumentError
        Says what to do instead.
    """
    if isinstance(value, str) and (PurePath(value).suffix or "/" in value or "\\" in value):
        raise BadArgumentError(
            f"{name} {value!r} looks like a file, and a function reads none. Open it and give its range with its "
            "header row, or run: vidcost variance PLAN BILL."
        )


def variance_of_bill(budget: object, actual: object, fx: object) -> Table:
    """Month, line, budget, actual and the reasons of their difference; then what is in no line."""
    from vidcost_xl.analysis.actuals import REASONS, actuals_of
    from vidcost_xl.analysis.invoices import invoices_of_cells
    from vidcost_xl.analysis.variance import money
    from vidcost_xl.model.bill import evaluate

    bill = evaluate(read_plan(budget))
    billed = invoices_of_cells("actual", cell_rows(actual, "actual", BILLED))
    found = actuals_of(bill, billed, rates=_rates(fx))

    def row(names: list[str], cents: tuple[int, ...]) -> list[Any]:
        planned, *reasons, spent = cents
        return [*names, *map(money, (planned, spent, spent - planned, *reasons))]

    rows = [row([f"{month:%Y-%m}", line.stage, line.id, line.meter], cents) for month, line, cents in found.rows()]
    sums = tuple(sum(cents) for cents in zip(*found.by_month().values(), strict=True))
    head = [*_NAMES, "budget", "actual", "variance", *REASONS]
    return [head, *rows, row(["total", "", "", ""], sums), *_beside(found, billed, len(head), money(sums[-1]))]


def _beside(found: Actuals, billed: Sequence[Invoiced], width: int, in_lines: float) -> Table:
    currency = found.statement.variance.currency
    sums: dict[tuple[str, str, str], float] = {}
    for stage, rows in ((LEFT, found.left), (ELSEWHERE, [(row, "") for row in found.elsewhere])):
        for row, why in rows:
            own = row.currency if row.currency != currency else ""
            said = ": ".join(filter(None, (f"{row.provider} {row.service}".strip(), why)))
            key = (f"{row.month:%Y-%m}", stage, f"{said} ({own})" if own else said)
            sums[key] = sums.get(key, 0.0) + row.amount
    amounts = [(key, round(amount, 2)) for key, amount in sums.items()]
    if amounts and {row.currency for row in billed} <= {"", currency}:
        amounts.append(((WHOLE, "", ""), round(in_lines + sum(amount for _, amount in amounts), 2)))
    rest = [""] * (width - len(_NAMES) - 2)
    return [[*key, "", "", amount, *rest] for key, amount in amounts]


def _rates(fx: object) -> dict[str, float]:
    if fx is None or isinstance(fx, Absent):
        return {}
    rates = {}
    for line in read_table(fx, "fx", _RATES):
        where = f"fx, row {line['row']}: "
        currency = read_text(line["currency"], where + "currency").upper()
        rates[currency] = read_number(line["rate"], where + "rate", above=True)
    return rates
