"""VIDEO_VARIANCE: budget against actual, taken apart: two ledgers line by line, or a plan and what was billed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.functions.arguments import read_number
from vidcost_xl.functions.billed import is_plan, refuse_path, variance_of_bill
from vidcost_xl.functions.days import read_day
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.tables import column_names, read_table
from vidcost_xl.functions.values import Absent

if TYPE_CHECKING:
    from vidcost_xl.analysis.sides import Row, Side

Table = list[list[Any]]

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
    "Why actual differs from budget: a plan against what was billed by month and line, or two ledgers by line; volume, "
    "mix, price, currency, not budgeted, not incurred. Spills a table.",
    helps={
        "budget": "The plan: inputs as =VIDEO_INPUTS() spills them, or a preset; then actual is a bill. Or a ledger as "
        "=VIDEO_LEDGER() spills it, or FOCUS columns; then actual is one, too.",
        "actual": "Beside a plan: a bill with a header row (provider, month, amount; account, line, meter, quantity, "
        "unit, currency), or the sheet of an export. Beside a ledger: a ledger or FOCUS of the same months. "
        "No file is read.",
        "fx": "Beside a plan: the reporting currency for one unit of another, a range with the headers currency and "
        "rate. Left out: the plan's own monthly rate for dollars.",
    },
    kinds={"budget": "table", "actual": "table", "fx": "table"},
)
def VIDEO_VARIANCE(budget: object, actual: object, fx: object = None) -> Table:
    """Budget against actual.

    Parameters
    ----------
    budget : range or str
        A plan: a range of inputs, or a preset. Or a ledger with a header row, as VIDEO_LEDGER spills it, or FOCUS.
    actual : range
        Beside a plan: cells of a bill with a header row, in any form that files have (`bills/data`): a table with
        provider, month, amount and any of account, line, meter, region, quantity, unit, currency, or the sheet of a
        FOCUS, CUR or OCI export. Each row is matched as `vidcost variance` does. Beside a ledger: a ledger or FOCUS;
        two ledgers are matched by line, and where one is FOCUS by meter: SkuMeter, or else the service of the provider.
        A function reads no file and no network: a path is #VALUE!.
    fx : range, optional
        Beside a plan: currency and rate, the reporting currency for one unit of it.

    Returns
    -------
    list of rows
        Beside a plan: header; one row a month and line with stage, meter, budget, actual, variance (actual less budget,
        costs positive), and the difference as volume, mix, price, currency, not budgeted and not incurred; the totals;
        then what is in no line and of other months, each with its reason, in its own currency, and the sum of the bill.
        Beside a ledger: header; one row a line with its stage, budget, actual, variance, the five effects that add up
        to it, and whether it is adverse or favourable; a last row with the totals. Reporting currency, whole cents.

    Raises
    ------
    BadArgumentError
        By row and column of the range.

    Examples
    --------
    100 GB at $2 were planned, 120 GB at $2.50 were billed: 20 GB x $2 of volume, 120 GB x $0.50 of price.

    >>> head = ["line", "period", "quantity", "amount"]
    >>> VIDEO_VARIANCE([head, ["reads", "2027-01-01", 100.0, 200.0]], [head, ["reads", "2027-01-01", 120.0, 300.0]])[1]
    ['', 'reads', 200.0, 300.0, 100.0, 0.0, 40.0, 0.0, 60.0, 0.0, 'adverse']
    """
    from vidcost_xl.analysis.variance import EFFECTS, explain_change, in_cents, money

    for value, name in ((budget, "budget"), (actual, "actual")):
        refuse_path(value, name)
    if is_plan(budget):
        return variance_of_bill(budget, actual, fx)
    _refuse_bill(actual, fx)
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


def _refuse_bill(actual: object, fx: object) -> None:
    # A ledger has no accounts, regions and rates of the months by which a bill is matched.
    names = column_names(actual, "actual", _LEDGER.required)
    is_ledger = set(_LEDGER.required) <= names or _FOCUS.month in names
    if not is_ledger and {"provider", "amount"} <= names:
        raise BadArgumentError(
            "actual is a bill (provider, amount), which is matched to a plan: give the plan's inputs (key, value) or a "
            "preset as budget, not its ledger."
        )
    if not (fx is None or isinstance(fx, Absent)):
        raise BadArgumentError("fx goes with a plan as budget; two ledgers say their reporting_amount.")


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
