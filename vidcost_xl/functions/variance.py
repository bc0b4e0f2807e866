"""VIDEO_VARIANCE: budget against actual by line, taken apart into structure, volume, mix, price and currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.functions.arguments import read_number
from vidcost_xl.functions.days import read_day
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.tables import column_names, read_table

if TYPE_CHECKING:
    from vidcost_xl.analysis.sides import Row, Side

Table = list[list[Any]]

_ROWS_HELP: Final = (
    "a headed ledger as =VIDEO_LEDGER() spills it (line, period, quantity, amount), or FOCUS columns "
    "(ChargePeriodStart, EffectiveCost)."
)

HEADER: Final = ("stage", "line", "budget", "actual", "variance")


@dataclass(frozen=True)
class _Columns:
    # The columns of a kind of ledger: what must be there, what may, and which is what.
    required: tuple[str, ...]
    optional: tuple[str, ...]
    month: str
    amount: tuple[str, ...]


_LEDGER: Final = _Columns(
    ("line", "period"),
    (
        *("stage", "label", "meter", "unit", "quantity", "amount", "currency"),
        *("reporting_amount", "reporting_currency"),
    ),
    "period",
    ("amount", "reporting_amount"),
)
_FOCUS: Final = _Columns(
    ("chargeperiodstart",),
    (
        *("effectivecost", "billedcost", "billingcurrency", "servicename", "providername"),
        *("skumeter", "chargedescription", "pricingquantity", "pricingunit"),
    ),
    "chargeperiodstart",
    ("effectivecost", "billedcost"),
)


@excel_function(
    "Decide",
    "Why actual differs from budget: each line's variance as structure, volume, mix, price, currency. Spills a table.",
    helps={
        "budget": f"The budget: {_ROWS_HELP}",
        "actual": f"The actual: {_ROWS_HELP} Give both the same months: a month on one side only is structure.",
    },
    kinds={"budget": "table", "actual": "table"},
)
def VIDEO_VARIANCE(budget: object, actual: object) -> Table:
    """Budget against actual.

    Parameters
    ----------
    budget, actual : range
        Ledgers with a header row, as VIDEO_LEDGER spills them, or FOCUS columns. Two ledgers are matched by line;
        where one is a FOCUS bill, by meter: SkuMeter, or else the service of the provider.

    Returns
    -------
    list of rows
        Header; one row a line with its stage, budget, actual, variance (actual less budget, costs positive), the
        five effects that add up to it, and whether it is adverse or favourable; a last row with the totals.
        Reporting currency, whole cents.

    Examples
    --------
    100 GB at $2 were planned, 120 GB at $2.50 were billed: 20 GB x $2 of volume, 120 GB x $0.50 of price.

    >>> head = ["line", "period", "quantity", "amount"]
    >>> VIDEO_VARIANCE([head, ["reads", "2027-01-01", 100.0, 200.0]], [head, ["reads", "2027-01-01", 120.0, 300.0]])[1]
    ['', 'reads', 200.0, 300.0, 100.0, 0.0, 40.0, 0.0, 60.0, 0.0, 'adverse']
    """
    from vidcost_xl.analysis.variance import EFFECTS, explain_change, in_cents, money

    forms = {name: _form(value, name) for name, value in (("budget", budget), ("actual", actual))}
    by_meter = _FOCUS in forms.values()
    sides = [_side(value, name, forms[name], by_meter) for name, value in (("budget", budget), ("actual", actual))]
    statement = in_cents(explain_change(*sides))
    lines = statement.variance.lines
    parts = statement.by(line.id for line in lines)

    def row(stage: str, line: str, cents: tuple[int, ...]) -> list[Any]:
        before, *effects, after = cents
        change = after - before
        verdict = "adverse" if change > 0 else "favourable" if change < 0 else "on budget"
        return [stage, line, *map(money, (before, after, change, *effects)), verdict]

    rows = [row(line.stage, line.id, parts[line.id]) for line in lines]
    return [[*HEADER, *EFFECTS, "verdict"], *rows, row("total", "", statement.total)]


def _form(value: object, name: str) -> _Columns:
    return _FOCUS if _FOCUS.month in column_names(value, name, _LEDGER.required) else _LEDGER


def _side(value: object, name: str, form: _Columns, by_meter: bool) -> Side:
    from vidcost_xl.analysis.sides import side_of_rows

    cells = read_table(value, name, form.required, form.optional)
    if not cells:
        raise BadArgumentError(f"{name} has a header row and nothing under it.")
    held = [column for column in form.amount if column in cells[0]]
    if not held:
        raise BadArgumentError(f"{name} needs a column {' or '.join(form.amount)}.")
    currency_column = "billingcurrency" if form is _FOCUS else "reporting_currency"
    if form is _LEDGER and "reporting_amount" not in held:
        currency_column = "currency"
    currencies = {str(line[currency_column]) for line in cells if line.get(currency_column) is not None}
    if len(currencies) > 1:
        raise BadArgumentError(f"{name} holds amounts in {', '.join(sorted(currencies))}; give one currency.")
    read = _focus_row if form is _FOCUS else _ledger_row
    rows = [read(line, f"{name}, row {line['row']}: ", by_meter) for line in cells]
    return side_of_rows(rows, next(iter(currencies), ""))


def _ledger_row(cells: Mapping[str, Any], where: str, by_meter: bool) -> Row:
    line, meter = _text(cells, "line", where), _text(cells, "meter", where)
    amounts = [_number(cells, column, where) for column in _LEDGER.amount]
    amount, reporting = (next((each for each in pair if each is not None), None) for pair in (amounts, amounts[::-1]))
    key = meter if by_meter else line
    if amount is None or reporting is None or not key:
        missing = ("meter" if by_meter else "line") if not key else "amount"
        raise BadArgumentError(f"{where}the {missing} is empty.")
    return _row(key, cells, where, ("stage", "meter", "unit", "quantity"), _LEDGER, amount, reporting)


def _focus_row(cells: Mapping[str, Any], where: str, by_meter: bool) -> Row:
    del by_meter
    amount = next(
        (each for each in (_number(cells, column, where) for column in _FOCUS.amount) if each is not None), None
    )
    service = " ".join(filter(None, (_text(cells, "providername", where), _text(cells, "servicename", where))))
    key = _text(cells, "skumeter", where) or service
    if amount is None or not key:
        raise BadArgumentError(f"{where}the {'cost' if key else 'service'} is empty.")
    return _row(key, cells, where, ("", "skumeter", "pricingunit", "pricingquantity"), _FOCUS, amount, amount)


def _row(
    key: str,
    cells: Mapping[str, Any],
    where: str,
    names: tuple[str, str, str, str],
    form: _Columns,
    amount: float,
    reporting: float,
) -> Row:
    from vidcost_xl.analysis.sides import Row, SideLine

    stage, meter, unit, quantity = names
    line = SideLine(key, _text(cells, stage, where), key, _text(cells, meter, where), _text(cells, unit, where))
    return Row(
        line, _month(cells[form.month], where + form.month), _number(cells, quantity, where) or 0.0, amount, reporting
    )


def _month(value: object, where: str) -> date:
    # FOCUS writes moments: the day is before the T, or before a space.
    day = value.strip().replace("T", " ").split(" ")[0] if isinstance(value, str) else value
    return read_day(day, where).replace(day=1)


def _text(cells: Mapping[str, Any], column: str, where: str) -> str:
    value = cells.get(column)
    if value is None or value == "NULL":  # FOCUS exports write NULL for nothing
        return ""
    if isinstance(value, (int, float)):
        return f"{value:g}"
    if not isinstance(value, str):
        raise BadArgumentError(f"{where}{column} is a text, not {value!r}.")
    return value.strip()


def _number(cells: Mapping[str, Any], column: str, where: str) -> float | None:
    value = cells.get(column)
    return None if value is None or value == "NULL" else read_number(value, where + column, low=-float("inf"))
