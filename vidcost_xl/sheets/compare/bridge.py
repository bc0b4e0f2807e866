"""A difference as a workbook: the bridge from the old to the new total, decisions, structure, and every detail."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Final

from vidcost_xl import __version__
from vidcost_xl.analysis.variance import EFFECTS, money
from vidcost_xl.prices.book import PriceBook
from vidcost_xl.sheets.compare.decided import Step, as_entry, decided, decision_sheet
from vidcost_xl.sheets.compare.difference import COLUMNS, Difference, Table
from vidcost_xl.sheets.compare.statements import head, heading
from vidcost_xl.sheets.layout.chart_layout import BridgeChart
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, WorkbookLayout
from vidcost_xl.sheets.layout.sheet_layout import Table as TableArea

BRIDGE: Final = "Bridge"
EFFECTS_SHEET: Final = "Effects"
STRUCTURE: Final = "Structure"
LINES: Final = "Lines"
MONTHS: Final = "Months"
DETAILS: Final = "Details"

#: Rows that a chart spans.
CHART_ROWS: Final = 20

_MEANING: Final = {
    "structure": "lines and months on one side only, or that count something else",
    "volume": "more or less of the same, at old shares and old unit prices",
    "mix": "shares that moved between lines or meters of another unit price",
    "price": "effective unit prices: list, tiers reached, private rates, discounts",
    "currency": "rates of the reporting currency",
}
_BRIDGE_COLUMNS: Final = (
    ("step", "step", 52.0),
    ("amount", "amount", 18.0),
    ("end", "total after", 18.0),
    ("under", "not drawn", 16.0),
    ("level", "total", 16.0),
    ("rise", "adverse", 16.0),
    ("fall", "favourable", 16.0),
    ("note", "what it is", 62.0),
)
_NUMBER: Final = 17.0

#: Characters of a line of a note in its column, and points that each line of more than one takes.
_NOTE_LINE: Final = 70
_LINE_HEIGHT: Final = 12.5


def bridge_layout(book: PriceBook, found: Difference) -> WorkbookLayout:
    """The workbook of a difference, as data."""
    bridge, effects = _bridge_sheets(found)
    return WorkbookLayout(
        title=f"From {found.old} to {found.new}",
        as_of=book.as_of,
        stamp=f"vidcost-xl {__version__}, prices of {book.as_of:%Y-%m-%d} ({book.digest})",
        sheets=(
            bridge,
            decision_sheet(found),
            effects,
            _structure_sheet(found),
            _amount_sheet(LINES, "By line", found.by_line(), (14.0, 52.0, 52.0), found),
            _amount_sheet(MONTHS, "By month", found.by_month(), (14.0,), found),
            _amount_sheet(DETAILS, "By line and month", _detail_table(found), (12.0, 14.0, 52.0), found),
        ),
        names={},
    )


def _bridge_sheets(found: Difference) -> tuple[SheetLayout, SheetLayout]:
    _, *effects, _ = found.statement.total
    causes = [(name.capitalize(), cents, _MEANING[name]) for name, cents in zip(EFFECTS, effects, strict=True)]
    causes = [step for step in causes if step[1]]
    stages = [(row[0].capitalize(), round(row[-1] * 100), "") for row in found.by_stage()[1:-1] if row[-1]]
    whole = (("by_decision", "By which decision", decided(found)),)
    parts = (("by_stage", "Where", stages), ("by_cause", "Why", causes))
    return _waterfalls(BRIDGE, whole, found), _waterfalls(EFFECTS_SHEET, parts, found)


def _waterfalls(name: str, parts: Sequence[tuple[str, str, Sequence[Step]]], found: Difference) -> SheetLayout:
    x = name.casefold()
    before, *_, after = found.statement.total
    ends = (found.old, money(before), found.new, money(after))
    rows: list[Row] = []
    charts = []
    for key, title, steps in parts:
        band = [Row(f"{key}_chart_{line}") for line in range(CHART_ROWS)]
        table = _steps(key, ends, steps)
        rows += [
            *band,
            heading(
                f"{key}_head",
                {column: text for column, text, _ in _BRIDGE_COLUMNS},
                right=("amount", "end", "under", "level", "rise", "fall"),
            ),
            *table,
            Row(f"{key}_space", height=8),
        ]
        first, last = table[0].id, table[-1].id
        charts.append(
            BridgeChart(
                title=f"{title} the total changed",
                axis=f"{found.currency}, all months",
                labels=f"{{{first}.step:{last}.step}}",
                under=f"{{{first}.under:{last}.under}}",
                series=tuple(
                    (f"{{{key}_head.{column}}}", f"{{{first}.{column}:{last}.{column}}}")
                    for column in ("level", "rise", "fall")
                ),
                top=band[0].id,
                bottom=band[-1].id,
                left="step",
                right="note",
            )
        )
    notes = [Row(f"{x}_note_{at}", {"step": Entry(note, "small")}) for at, note in enumerate(found.notes, start=1)]
    about = f"{found.currency}, all months together, costs positive. The steps add up to the cent."
    return SheetLayout(
        name=name,
        columns=tuple(Column(key, width) for key, _, width in _BRIDGE_COLUMNS),
        rows=(*head(x, "step", f"From {found.old} to {found.new}", about), *notes, *rows),
        last_frozen=f"{x}_about",
        one_page=True,
        charts=tuple(charts),
    )


def _steps(key: str, ends: tuple[str, float, str, float], steps: Sequence[Step]) -> list[Row]:
    old, before, new, after = ends
    start = Row(
        f"{key}_old",
        {
            "step": Entry(old, "total_text"),
            "amount": Entry(before, "total", "cents"),
            "end": Entry(Formula("={.amount}"), "total", "cents"),
            "under": Entry("", "total"),
            "level": Entry(Formula("={.end}"), "total", "cents"),
            **{column: Entry("", "total") for column in ("rise", "fall", "note")},
        },
    )
    rows = [start]
    for at, (label, cents, note) in enumerate(steps, start=1):
        earlier, lines = rows[-1].id, len(wrap(note, _NOTE_LINE))
        rows.append(
            Row(
                f"{key}_{at}",
                height=_LINE_HEIGHT * lines if lines > 1 else None,
                entries={
                    "step": Entry(label, "text_indent"),
                    "amount": Entry(money(cents), "constant_black", "cents"),
                    "end": Entry(Formula(f"={{{earlier}.end}}+{{.amount}}"), "number", "cents"),
                    "under": Entry(Formula(f"=MIN({{{earlier}.end}},{{.end}})"), "number", "money"),
                    "rise": Entry(Formula("=MAX(0,{.amount})"), "number", "money"),
                    "fall": Entry(Formula("=MAX(0,-{.amount})"), "number", "money"),
                    "note": Entry(note, "note_wrapped"),
                },
            )
        )
    end = {
        "step": Entry(new, "total_text"),
        "amount": Entry(after, "total", "cents"),
        "end": Entry(Formula(f"={{{rows[-1].id}.end}}"), "total", "cents"),
        "under": Entry("", "total"),
        "level": Entry(Formula("={.amount}"), "total", "cents"),
        **{column: Entry("", "total") for column in ("rise", "fall")},
        "note": Entry("as priced; after all steps it is the same", "total_text"),
    }
    return [*rows, Row(f"{key}_new", end)]


def _structure_sheet(found: Difference) -> SheetLayout:
    columns = (("what", "what", 18.0), ("name", "name", 64.0), ("old", "old", 70.0), ("new", "new", 70.0))
    every = (*found.prices, *found.structure)
    rows = [
        Row(f"f_{at}", {key: Entry(getattr(each, key), "text_indent") for key, _, _ in columns})
        for at, each in enumerate(every, start=1)
    ]
    if not rows:
        rows.append(Row("f_1", {"name": Entry("Prices and structure are the same", "text_indent")}))
    return SheetLayout(
        name=STRUCTURE,
        columns=tuple(Column(key, width) for key, _, width in columns),
        rows=(
            *head("structure", "what", "Prices and structure", f"{len(every)} differences."),
            heading("structure_head", {key: text for key, text, _ in columns}),
            *rows,
        ),
        last_frozen="structure_head",
        tables=(TableArea("structure", f"{{structure_head.what:{rows[-1].id}.new}}"),),
    )


def _detail_table(found: Difference) -> Table:
    lines = found.statement.variance.lines
    rows: Table = [["month", "stage", "line", *COLUMNS]]
    for at, month, cents in found.details():
        line = lines[at]
        rows.append([month, line.stage, line.id, *map(money, cents), money(cents[-1] - cents[0])])
    return rows


def _amount_sheet(name: str, title: str, table: Table, widths: tuple[float, ...], found: Difference) -> SheetLayout:
    x = name.casefold()
    texts = table[0][: len(widths)]
    body = [row for row in table[1:] if row[0] != "total"]
    rows = [
        Row(
            f"{x}_{at}",
            {
                **{key: as_entry(value) for key, value in zip(texts, row, strict=False)},
                **{
                    key: Entry(value, "constant_black", "cents")
                    for key, value in zip(COLUMNS[:-1], row[len(texts) :], strict=False)
                },
                COLUMNS[-1]: Entry(Formula("={.new}-{.old}"), "number", "cents"),
            },
        )
        for at, row in enumerate(body, start=1)
    ]
    if not rows:
        rows.append(Row(f"{x}_1", {texts[0]: Entry("No costs on either side", "text_indent")}))
    first, last = rows[0].id, rows[-1].id
    total = Row(
        f"{x}_total",
        {
            **{key: Entry("", "total_text") for key in texts},
            texts[0]: Entry("Total", "total_text"),
            **{key: Entry(Formula(f"=SUM({{{first}.{key}:{last}.{key}}})"), "total", "cents") for key in COLUMNS},
        },
    )
    return SheetLayout(
        name=name,
        columns=(
            *(Column(key, width) for key, width in zip(texts, widths, strict=True)),
            *(Column(key, _NUMBER) for key in COLUMNS),
        ),
        rows=(
            *head(x, texts[0], title, f"{found.old} against {found.new}, {found.currency}, costs positive."),
            total,
            heading(f"{x}_head", {key: key for key in (*texts, *COLUMNS)}, right=COLUMNS),
            *rows,
        ),
        last_frozen=f"{x}_head",
        large_paper=True,
        tables=(TableArea(f"difference_{x}", f"{{{x}_head.{texts[0]}:{last}.{COLUMNS[-1]}}}"),),
    )
