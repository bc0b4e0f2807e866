"""The sheet Actuals as data: results above, then checks, what the bill holds, the files, and the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vidcost_xl.analysis.cents import to_cents
from vidcost_xl.analysis.variance import money as in_units
from vidcost_xl.sheets.compare.actuals.blocks import bridge, by_month, by_stage, month_row, sentences, to_year_end
from vidcost_xl.sheets.compare.actuals.columns import (
    COLUMNS,
    HEADING,
    MONEY,
    NUMBERS,
    REASON_KEYS,
    Range,
    across,
    block,
    money,
    remark,
    total,
)
from vidcost_xl.sheets.compare.actuals.standing import Part, Record, Standing
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, Table

SHEET: Final = "Actuals"
TITLE: Final = "Actuals against the plan"
TABLE: Final = "Actuals"

#: The row that says by which digest the sheet knows whether somebody typed into it.
DIGEST: Final = "Digest of this sheet as written"

#: What a sum of whole cents may be away from one of more decimals: half a cent, and the noise of the sums.
HALF_A_CENT: Final = 0.0051

#: Places of the bill that are listed; the others are one row.
_MOST_PLACES: Final = 25

_CHECKS: Final = {"budget": "one side", "actual": "other side", "difference": "difference", "volume": "may differ by"}


@dataclass(frozen=True)
class Beside:
    """What the sheet says beside the standing.

    Parameters
    ----------
    plan, program : str
        The file, and the version that wrote the sheet.
    master, plan_total, plan_months, plan_days : str
        Addresses in the workbook, empty where it does not name them: its own check, its cost in all and by month; and
        how many days each month begins after the first, as a formula.
    notes : mapping of tuple to str
        What people wrote: by the texts of the columns month and line in the row.
    """

    plan: str
    program: str
    at: datetime
    master: str = ""
    plan_total: str = ""
    plan_months: str = ""
    plan_days: str = ""
    notes: Mapping[tuple[str, str], str] = ()  # type: ignore[assignment]


def actuals_page(standing: Standing, beside: Beside) -> SheetLayout:
    """The sheet, without the digest of itself."""
    notes = dict(beside.notes)
    heads = {month: text for (month, line), text in notes.items() if not line}
    records = standing.records
    table = Range("act_row_1", f"act_row_{len(records)}")
    steps, chart = bridge(standing)
    checks = _checks(standing, beside, table)
    rows = [
        *_head(standing, beside, checks),
        *by_stage(standing, table, heads),
        Row("act_gap_1"),
        *sentences(standing),
        Row("act_gap_2"),
        *to_year_end(standing, table),
        Row("act_gap_3"),
        *steps,
        Row("act_gap_4"),
        *by_month(standing, table, heads),
        Row("act_gap_5"),
        *checks,
        Row("act_gap_6"),
        *_bill(standing),
        Row("act_gap_7"),
        *_files(standing),
        Row("act_gap_8"),
        across("act_table_about", "One row a month and line. Actual and reasons are of closed months; costs positive."),
        Row(
            "act_table",
            {
                key: Entry(text, "heading_right" if key in NUMBERS else HEADING.get(key, "heading"))
                for key, text, _ in COLUMNS
            },
        ),
        *(
            _record(f"act_row_{at}", record, notes.get((f"{record.month:%Y-%m}", record.line), ""))
            for at, record in enumerate(records, start=1)
        ),
    ]
    flags = [row.id for row in checks if "closed" in row.entries and row.id != "act_checks"]
    master = ("{act_title.closed:act_title.closed}",) if beside.master else ()
    return SheetLayout(
        name=SHEET,
        columns=tuple(Column(key, width) for key, _, width in COLUMNS),
        rows=tuple(rows),
        last_frozen="act_state",
        charts=(chart,),
        flags=(f"{{{flags[0]}.closed:{flags[-1]}.closed}}", *master),
        tables=(Table(TABLE, f"{{act_table.month:{rows[-1].id}.note}}"),),
    )


def _head(standing: Standing, beside: Beside, checks: list[Row]) -> list[Row]:
    months, billed = standing.months, standing.billed
    files = billed.files[0].name if len(billed.files) == 1 else f"{len(billed.files)} files"
    period = f"{months[0]:%Y-%m}" + (f" to {months[standing.closed - 1]:%Y-%m}" if standing.closed > 1 else "")
    about = (
        f"{beside.plan} against {files} ({billed.rows:,} rows), closed {period}, {standing.currency}, costs positive. "
        f"Written {beside.at:%Y-%m-%d %H:%M} by {beside.program}; values, not recalculated."
    )
    flags = [row.id for row in checks if "closed" in row.entries and row.id != "act_checks"]
    title = {"month": Entry(TITLE, "title")}
    if beside.master:
        title |= {
            "not_incurred": Entry("Checks of the workbook", "label_right"),
            "closed": Entry(Formula(f"={beside.master}"), "flag", "flags"),
        }
    state = (
        f"=IF(IFERROR(SUM({{{flags[0]}.closed:{flags[-1]}.closed}}),1)=0,"
        '"Every row adds up, and the budget is that of the plan as it stands.",'
        '"LOOK: a check below does not hold. If Inputs, Changes or Prices changed, write this sheet again.")'
    )
    return [
        Row("act_title", title, height=24),
        Row("act_about", {"month": Entry(about, "subtitle")}),
        Row("act_state", {"month": Entry(Formula(state), "kpi_label")}),
    ]


def _checks(standing: Standing, beside: Beside, table: Range) -> list[Row]:
    reasons = f"({table['difference']}-{'-'.join(table[key] for key in REASON_KEYS)})"
    closed = f"{table['closed']}*({table['actual']}-{table['budget']}-{table['difference']})"
    posted = in_units(int(to_cents(standing.posted)))
    rows = [
        _check(
            "posted", "Actual of all rows = what the bill has in lines of the plan", f"=SUM({table['actual']})", posted
        ),
        _check(
            "reasons",
            "Rows whose reasons do not add up to their difference",
            f"=SUMPRODUCT(--({reasons}^2>{{.volume}}^2))",
            0.0,
        ),
        _check(
            "rows", "Rows whose difference is not actual - budget", f"=SUMPRODUCT(--(({closed})^2>{{.volume}}^2))", 0.0
        ),
    ]
    if beside.plan_total:
        now = Formula(f"={beside.plan_total}")
        rows.append(_check("plan", "Budget of all months = the plan as it stands", f"=SUM({table['budget']})", now))
    if beside.plan_months:
        # A cost that moved to another month changes its sum with the days before the month, not the total.
        first, last = month_row(1), month_row(len(standing.months))
        days = f"{{{first}.month:{last}.month}}-{{{first}.month}}"
        mine = f"=SUMPRODUCT({days},{{{first}.budget:{last}.budget}})"
        theirs = Formula(f"=SUMPRODUCT({beside.plan_days},{beside.plan_months})")
        start = standing.months[0]
        limit = 2 * HALF_A_CENT * sum((record.month - start).days for record in standing.records)
        rows.append(_check("moment", "Budget x days from the start = the same of the plan", mine, theirs, limit))
    for at, currency in enumerate(standing.billed.totals, start=1):
        whole = standing.billed.totals[currency]
        for key, label in (
            ("kind", "matched + other kinds + unmatched"),
            ("place", "in lines + in no line + other months"),
        ):
            text = f"={{act_{key}_{at}_total.budget}}"
            rows.append(_check(f"{key}_{at}", f"{currency or 'Bill'}: {label} = the files", text, whole))
    return [block("act_checks", "Checks", {**_CHECKS, "closed": "check"}), *rows]


def _check(key: str, label: str, one: str, other: float | Formula, limit: float = HALF_A_CENT) -> Row:
    return Row(
        f"act_check_{key}",
        {
            "month": Entry(label),
            **money({"budget": one}),
            "actual": Entry(other, "constant_black" if isinstance(other, float) else "link", MONEY),
            **money({"difference": "={.budget}-{.actual}"}),
            "volume": Entry(limit, "constant_black", "small_number"),
            "closed": Entry(Formula("=--(ABS({.difference})>{.volume})"), "flag"),
        },
    )


def _bill(standing: Standing) -> list[Row]:
    rows = [block("act_bill", "The bill", {"budget": "amount", "actual": "rows"})]
    for at, currency in enumerate(standing.billed.totals, start=1):
        for key, parts in (("kind", standing.kinds), ("place", standing.places)):
            mine = _shortened([part for part in parts if part.currency == currency])
            lines = [
                Row(
                    f"act_{key}_{at}_{line}",
                    {
                        "month": Entry(part.name),
                        "budget": Entry(part.amount, "constant_black", MONEY),
                        "actual": Entry(part.rows, "constant_black", "count"),
                    },
                )
                for line, part in enumerate(mine, start=1)
            ]
            sums = {
                column: Entry(Formula(f"=SUM({{{lines[0].id}.{column}:{lines[-1].id}.{column}}})"), "total", form)
                for column, form in (("budget", MONEY), ("actual", "count"))
            }
            what = "by kind of charge" if key == "kind" else "by where it stands"
            label = f"The files {what}, {currency or 'no currency stated'}"
            marked = ("month", "year", "stage", "line", "account", "budget", "actual")
            rows += [*lines, total(f"act_{key}_{at}_total", label, sums, marked)]
    return rows


def _shortened(parts: list[Part]) -> list[Part]:
    rest = parts[_MOST_PLACES:]
    if len(rest) < 2:
        return parts
    name = f"in {len(rest)} other places, which vidcost variance lists"
    amount, rows = sum(part.amount for part in rest), sum(part.rows for part in rest)
    return [*parts[:_MOST_PLACES], Part(rest[0].currency, name, amount, rows)]


def _files(standing: Standing) -> list[Row]:
    rows = [
        Row(
            f"act_file_{at}",
            {
                "month": Entry(file.name),
                "budget": Entry(file.size, "constant_black", "count"),
                "actual": Entry(file.digest, "note"),
            },
        )
        for at, file in enumerate(standing.billed.files, start=1)
    ]
    last = Row("act_digest", {"month": Entry(DIGEST), "actual": Entry("", "note")})
    return [block("act_files", "Files that were read", {"budget": "bytes", "actual": "SHA-256"}), *rows, last]


def _record(key: str, record: Record, note: str) -> Row:
    entries = {
        "month": Entry(record.month, "text", "axis_month"),
        "year": Entry(record.fiscal_year),
        "stage": Entry(record.stage),
        "line": Entry(record.line),
        "account": Entry(record.account),
        "budget": _amount(record.budget),
        "closed": Entry(int(record.is_closed), "constant_black", "closed"),
        "note": remark(note),
    }
    if record.actual is not None:
        amounts = (record.actual, record.actual - record.budget, *record.reasons)
        entries |= dict(zip(("actual", "difference", *REASON_KEYS), map(_amount, amounts), strict=True))
    return Row(key, entries)


def _amount(cents: int) -> Entry:
    return Entry(in_units(cents), "constant_black", MONEY)
