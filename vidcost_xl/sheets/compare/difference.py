"""Two plans or plan workbooks side by side, by meaning: decisions, prices, structure, results, and why they changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from vidcost_xl.analysis.difference import ABSENT, Change, Decisions, PlanValue, decisions
from vidcost_xl.analysis.sides import side_of
from vidcost_xl.analysis.variance import EFFECTS, Statement, explain_change, in_cents, money
from vidcost_xl.digits import TOLERANCE
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.rate_keys import RATE_PREFIX
from vidcost_xl.sheets.compare.findings import Finding, price_findings, structure_findings
from vidcost_xl.sheets.plan.reading.figures import shown_figures
from vidcost_xl.sheets.plan.reading.source import PlanSource
from vidcost_xl.sheets.plan.results.summary_rows import HEADLINE, WHOLE

Table = list[list[Any]]

#: The columns of a decomposition.
COLUMNS: Final = ("old", *EFFECTS, "new", "change")


@dataclass(frozen=True)
class Difference:
    """Everything that differs between two plans.

    Parameters
    ----------
    old, new : str
        How they are called.
    statement : Statement
        The change of the total taken apart, in cents.
    notes : tuple of str
        What the reader must know about both files.
    """

    old: str
    new: str
    decisions: Decisions
    prices: tuple[Finding, ...]
    structure: tuple[Finding, ...]
    statement: Statement
    notes: tuple[str, ...]

    @property
    def currency(self) -> str:
        """The currency of all amounts."""
        return self.statement.variance.currency

    def decision_table(self) -> Table:
        """Each decision with its effect alone, what needs others, and the remainder."""
        rows: Table = [["input", "what", "old", "new", "unit", f"alone, {self.currency}", "in this order"]]
        for change in self.decisions.changes:
            alone = change.effect if change.effect is not None else "not alone"
            held = (
                shown(value, "list price" if _is_rate(change) else ABSENT.value) for value in (change.old, change.new)
            )
            step = change.step if change.step is not None else "with the next"
            rows.append([change.key, change.label, *held, change.unit, alone, step])
        if self.decisions.together is not None:
            text = "those not possible alone, on top of the others"
            rows.append(["", text, "", "", "", self.decisions.together, ""])
        if self.decisions.changes:
            rows.append(["", "what they do to each other", "", "", "", self.decisions.remainder, self.decisions.rest])
        return rows

    def finding_table(self, findings: Sequence[Finding]) -> Table:
        """Prices or structure as rows."""
        return [["what", "name", "old", "new"], *([each.what, each.name, each.old, each.new] for each in findings)]

    def by_stage(self) -> Table:
        """Old, effects and new of every stage, and the total."""
        lines = self.statement.variance.lines
        return self._table(
            ["stage"], [([name], cents) for name, cents in self.statement.by(line.stage for line in lines).items()]
        )

    def by_line(self) -> Table:
        """The same of every line that costs anything on a side."""
        lines = self.statement.variance.lines
        found = self.statement.by(line.id for line in lines)
        rows = [([line.stage, line.id, line.label], found[line.id]) for line in lines if any(found[line.id])]
        return self._table(["stage", "line", "label"], rows)

    def by_month(self) -> Table:
        """The same of every month."""
        statement = self.statement
        parts = (statement.old.sum(axis=0), *statement.effects.sum(axis=1), statement.new.sum(axis=0))
        cents = zip(*(part.tolist() for part in parts), strict=True)
        months = [f"{month:%Y-%m}" for month in statement.variance.months]
        return self._table(["month"], [([month], tuple(row)) for month, row in zip(months, cents, strict=True)])

    def details(self) -> Iterator[tuple[int, date, tuple[int, ...]]]:
        """Every line and month that costs anything on a side: position of the line, month, old, effects and new."""
        statement = self.statement
        new = statement.new
        for at in range(len(statement.variance.lines)):
            for position, month in enumerate(statement.variance.months):
                cents = (
                    int(statement.old[at, position]),
                    *statement.effects[:, at, position].tolist(),
                    int(new[at, position]),
                )
                if any(cents):
                    yield at, month, cents

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "old": self.old,
            "new": self.new,
            "currency": self.currency,
            "decisions": [
                {
                    "kind": change.kind,
                    "key": change.key,
                    "label": change.label,
                    "unit": change.unit,
                    "old": _plain(change.old),
                    "new": _plain(change.new),
                    "alone": change.effect,
                    "step": change.step,
                    "why_not_alone": change.why,
                }
                for change in self.decisions.changes
            ],
            "together": self.decisions.together,
            "remainder": self.decisions.remainder,
            "rest": self.decisions.rest,
            "prices": [vars(each) for each in self.prices],
            "structure": [vars(each) for each in self.structure],
            "stages": _records(self.by_stage()),
            "lines": _records(self.by_line()),
            "months": _records(self.by_month()),
            "notes": list(self.notes),
        }

    def _table(self, names: list[str], rows: Iterable[tuple[list[str], tuple[int, ...]]]) -> Table:
        found = [[*texts, *_amounts(cents)] for texts, cents in rows]
        total = ["total", *[""] * (len(names) - 1), *_amounts(self.statement.total)]
        return [[*names, *COLUMNS], *found, total]


def difference(old: PlanSource, new: PlanSource) -> Difference:
    """Compare two plans.

    Returns
    -------
    Difference
        Amounts over all months, in the reporting currency; in that of the prices where the two report in
        different ones. Both plans are priced with the book at hand.
    """
    bills = evaluate(old.plan), evaluate(new.plan)
    currencies = [bill.plan.text("money.currency") for bill in bills]
    converted = currencies[0] == currencies[1]
    variance = explain_change(*(side_of(bill, converted=converted) for bill in bills))
    notes = (
        [] if converted else [f"reported in {currencies[0]} and in {currencies[1]}: compared in {variance.currency}"]
    )
    for source in (old, new):
        notes += _notes(source)
    return Difference(
        old=old.name,
        new=new.name,
        decisions=decisions(*bills, converted=converted),
        prices=price_findings(old, new, bills),
        structure=structure_findings(old, new, bills),
        statement=in_cents(variance),
        notes=tuple(notes),
    )


def shown(value: PlanValue, absent: str = ABSENT.value) -> object:
    """A value as tables show it."""
    if value is ABSENT:
        return f"({absent})"
    return "(empty)" if value is None else value.isoformat() if isinstance(value, date) else value


def _is_rate(change: Change) -> bool:
    return change.key.startswith(RATE_PREFIX)


def _plain(value: PlanValue) -> object:
    return None if value is ABSENT else value.isoformat() if isinstance(value, date) else value


def _amounts(cents: tuple[int, ...]) -> list[float]:
    return [*map(money, cents), money(cents[-1] - cents[0])]


def _records(table: Table) -> list[dict[str, Any]]:
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def _notes(source: PlanSource) -> list[str]:
    book = source.workbook
    if book is None:
        return []
    notes = [f"{source.name}, {finding}" for finding in book.findings]
    if book.prices_changed:
        notes.append(
            f"{source.name}: prices were typed over on its sheet Prices. They move only its native formulas, and "
            "the amounts here are at the prices of the book; for a price of your own, use its sheet Changes."
        )
    if not book.is_current:
        notes.append(f"{source.name} was made with another price book; the amounts here are at the book at hand.")
    inside = shown_figures(source.data, source.name).get(HEADLINE[WHOLE])
    priced = evaluate(source.plan).whole
    if inside is not None and abs(inside - priced) > max(0.005, TOLERANCE * abs(priced)):
        notes.append(
            f"{source.name} shows {inside:,.2f} for the whole plan, and its inputs cost "
            f"{priced:,.2f} here: prices typed over, formulas changed, or values not recalculated (vidcost calc)."
        )
    return notes
