"""The decisions of a difference: their sheet, and one step of the bridge for each."""

from __future__ import annotations

from typing import Any, Final

from vidcost_xl.analysis.cents import to_cents
from vidcost_xl.analysis.difference import Change
from vidcost_xl.sheets.compare.difference import Difference, shown
from vidcost_xl.sheets.compare.statements import head, heading
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.layout.sheet_layout import Table as TableArea

DECISIONS: Final = "Decisions"

#: What a step is called, its cents, and what it is of.
Step = tuple[str, int, str]

#: Decisions with a step of their own on the chart.
MOST_STEPS: Final = 10


def decided(found: Difference) -> list[Step]:
    """Label, cents and what it is of each step that moves the total, in their order; named by all its decisions."""
    # Totals are rounded, and a step is what lies between two of them: so the steps add up to the cent, and no cent is
    # left over that nobody decided, nor falls to a decision that moves nothing.
    statement, changes = found.statement, found.decisions.changes
    rest = int(to_cents(found.decisions.rest))
    last = max((at for at, change in enumerate(changes) if change.step), default=0)
    exact, reached = float(statement.variance.old.sum()), statement.total[0]
    steps, group = list[Step](), list[Change]()
    for at, change in enumerate(changes):
        group.append(change)
        if change.step is None:
            continue
        exact += change.step
        total = statement.total[-1] - rest if at >= last else int(to_cents(exact))
        what = "; ".join(f"{each.key}: {_text(shown(each.old))} to {_text(shown(each.new))}" for each in group)
        steps.append((" + ".join(each.label for each in group), total - reached, what))
        reached, group = total, []
    steps.append(("Other", statement.total[-1] - reached, "what no single decision explains"))
    moving = [step for step in steps if step[1]]
    if len(moving) <= MOST_STEPS:
        return moving
    # The largest keep their place; the others stand together.
    least = sorted(abs(cents) for _, cents, _ in moving)[-MOST_STEPS]
    large = [step for step in moving if abs(step[1]) >= least]
    small = [step for step in moving if abs(step[1]) < least]
    return [*large, (f"{len(small)} smaller ones", sum(cents for _, cents, _ in small), "on the sheet Decisions")]


def decision_sheet(found: Difference) -> SheetLayout:
    """Every decision with what it does alone, and on top of those before it."""
    columns = (
        ("key", "input", 44.0),
        ("label", "what", 40.0),
        ("old", "old", 26.0),
        ("new", "new", 26.0),
        ("unit", "unit", 26.0),
        ("alone", "alone", 18.0),
        ("step", "in this order", 18.0),
        ("why", "why not alone", 70.0),
    )
    changes = found.decisions.changes
    table = found.decision_table()[1:]
    rows = []
    for at, record in enumerate(table, start=1):
        entries = {key: as_entry(value) for (key, _, _), value in zip(columns, record, strict=False)}
        for key in ("alone", "step"):
            if isinstance(entries[key].value, float):
                entries[key] = Entry(entries[key].value, "constant_black", "cents")
        if at <= len(changes):
            entries["why"] = Entry(changes[at - 1].why, "note")
        rows.append(Row(f"d_{at}", entries))
    if not rows:
        rows.append(Row("d_1", {"label": Entry("Nothing was decided differently", "text_indent")}))
    total = Row(
        "decision_total",
        {
            **{key: Entry("", "total_text") for key, _, _ in columns},
            "label": Entry("Change of the total", "total_text"),
            **{
                key: Entry(Formula(f"=SUM({{{rows[0].id}.{key}:{rows[-1].id}.{key}}})"), "total", "cents")
                for key in ("alone", "step")
            },
        },
    )
    about = (
        f"What each decision alone changes the total of {found.old} by, {found.currency}. Decisions act on each other: "
        "the rest stands in its own row. In this order each comes on top of those before it, and they add up; "
        "those that only make a plan together stand together and are one step."
    )
    return SheetLayout(
        name=DECISIONS,
        columns=tuple(Column(key, width) for key, _, width in columns),
        rows=(
            *head("decision", "key", "Decisions", about),
            total,
            heading("decision_head", {key: text for key, text, _ in columns}, right=("alone", "step")),
            *rows,
        ),
        last_frozen="decision_head",
        tables=(TableArea("decisions", f"{{decision_head.key:{rows[-1].id}.why}}"),),
    )


def _text(value: object) -> str:
    return f"{value:,.15g}" if isinstance(value, float) else str(value)


def as_entry(value: Any) -> Entry:
    """A value of a table as a cell."""
    if isinstance(value, str):
        return Entry(value, "text_indent")
    if isinstance(value, (float, int)):
        return Entry(float(value), "constant_black", "count" if float(value).is_integer() else "small_number")
    return Entry(value, "constant_black", "date")
