"""The template `quick`: the article's case on one printed page, computed twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vidcost_xl import __version__
from vidcost_xl.areas import Address
from vidcost_xl.prices.book import PriceBook
from vidcost_xl.sheets.layout import places
from vidcost_xl.sheets.layout.addresses import Addresses
from vidcost_xl.sheets.layout.chart_layout import BarChart
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, WorkbookLayout
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.quick.choices import choices_of
from vidcost_xl.sheets.quick.inputs import (
    INPUTS,
    PROVIDER,
    VALIDATIONS,
    VOLUMES,
    input_rows,
    model_overrides,
    volume_rows,
)
from vidcost_xl.sheets.quick.lines import LINES, MEMOS
from vidcost_xl.sheets.quick.lists import VERSION_FLAG, lists_sheet
from vidcost_xl.sheets.quick.price_list import prices_sheet
from vidcost_xl.sheets.quick.rows import claim_rows, cost_rows, price_rows

SHEET: Final = "Quick"
TITLE: Final = "What the training data of a video model costs a month"

_COLUMNS: Final = (
    ("stage", 8.0),
    ("line", 33.0),
    ("quantity", 18.5),
    ("unit", 16.0),
    ("unit_price", 17.5),
    ("engine", 17.5),
    ("native", 17.5),
    ("difference", 13.0),
    ("check", 9.0),
    ("used", 17.5),
    ("share", 9.0),
    ("note", 41.0),
)

#: Headline figures: column they stand in, label, formula, number format.
HEADLINE: Final = (
    ("line", "Total a month, USD", "={total.used}", "usd"),
    ("quantity", "Annual run rate", "={total.used}*12", "usd0"),
    ("unit", "Data out, share", "=IF({total.used}>0,{transfer.used}/{total.used},0)", "share"),
    ("unit_price", "A video, a month", "={total.used}/videos", "price"),
    ("engine", "Whole bill a TB-month", "={total.used}/(stored_pb*bytes_per_pb/bytes_per_tb)", "usd"),
    ("native", "A pass, training only", "={train.used}/passes", "usd0"),
)


def quick_layout(book: PriceBook) -> WorkbookLayout:
    """The workbook of the template, as data."""
    choices = choices_of(book, PROVIDER)
    prices, price_names = prices_sheet(book, choices, "{headline.check}")
    lists, list_names = lists_sheet(choices, "{headline.check}", model_overrides())
    names = {item.id: f"{{in_{item.id}.quantity}}" for item in INPUTS}
    names |= {item.id: f"{{vol_{item.id}.quantity}}" for item in VOLUMES}
    return WorkbookLayout(
        title=TITLE,
        as_of=book.as_of,
        stamp=f"vidcost-xl {__version__}, prices of {book.as_of:%Y-%m-%d} ({book.digest})",
        sheets=(_page(), prices, lists),
        names={**names, **price_names, **list_names},
        places=_places(),
    )


def _places() -> dict[str, tuple[str, ...]]:
    first, line, other, last = LINES[0].id, LINES[-1].id, "model", MEMOS[-1].id
    return {
        places.MASTER: ("{headline.check}",),
        places.TOTAL: ("{total.used}",),
        places.ENGINE: (f"{{{first}.engine:{last}.engine}}",),
        places.NATIVE: (f"{{{first}.native:{last}.native}}",),
        places.USED: (f"{{{first}.used:{line}.used}}", f"{{{other}.used:{last}.used}}"),
        **{places.stage(stage): (f"{{{stage}.used}}",) for stage in ("store", "train")},
    }


def headline(addresses: Addresses, values: Mapping[Address, CellValue]) -> list[list[CellValue]]:
    """The headline figures and the cost lines of a computed workbook, for the command line.

    Parameters
    ----------
    values : mapping
        As `values.recalculate` returns them.

    Returns
    -------
    list of rows
        With a header row; amounts as numbers.
    """

    def value(reference: str) -> CellValue:
        return values[addresses.key(reference)]

    rows: list[list[CellValue]] = [["a month, at list price", "USD", "engine less native"]]
    rows += [
        [f"{line.stage}: {line.label}", value(f"{line.id}.used"), value(f"{line.id}.difference")] for line in LINES
    ]
    rows.append(["Total", value("total.used"), value("total.difference")])
    rows.append(["Annual run rate", value("headline.quantity"), ""])
    rows.append(["Cost of a pass, training only", value("headline.native"), ""])
    rows.append(["Whole bill a TB stored, a month", value("headline.engine"), ""])
    rows.append(["Checks to look at", value("headline.check"), ""])
    return rows


def _page() -> SheetLayout:
    flags = [f"{{in_{INPUTS[0].id}.check:in_{INPUTS[-1].id}.check}}"]
    flags += [
        f"{{price_{LINES[0].id}.check:price_{LINES[-1].id}.check}}",
        f"{{{LINES[0].id}.check:{MEMOS[-1].id}.check}}",
    ]
    inputs, volumes = input_rows(), volume_rows()
    rows = (
        *_head(flags),
        Row("space_1", height=6),
        *inputs,
        *volumes,
        Row("space_2", height=6),
        *price_rows(),
        Row("space_3", height=6),
        *cost_rows(),
        Row("space_4", height=6),
        *claim_rows(),
        Row("space_5", height=6),
        *_foot(),
    )
    chart = BarChart(
        title="Monthly cost by line",
        axis="USD a month",
        labels=f"{{{LINES[0].id}.line:{LINES[-1].id}.line}}",
        values=f"{{{LINES[0].id}.used:{LINES[-1].id}.used}}",
        top=inputs[0].id,
        bottom=volumes[-1].id,
        left="used",
        right="note",
    )
    return SheetLayout(
        name=SHEET,
        columns=tuple(Column(key, width) for key, width in _COLUMNS),
        rows=rows,
        last_frozen="headline",
        one_page=True,
        validations=VALIDATIONS,
        charts=(chart,),
        flags=(*flags, "{headline.check:headline.check}"),
        engine_areas=(f"{{{LINES[0].id}.engine:{MEMOS[-1].id}.engine}}",),
        row_height=17.0,
    )


def _head(flags: list[str]) -> tuple[Row, ...]:
    labels = {column: Entry(label, "kpi_label") for column, label, _, _ in HEADLINE}
    figures = {column: Entry(Formula(text), "kpi", shown) for column, _, text, shown in HEADLINE}
    state = '=IF(engine_loaded,"The functions (add-in)","Native formulas: add-in not loaded")'
    return (
        Row("title", {"stage": Entry(TITLE, "title")}, height=26),
        Row(
            "subtitle",
            {
                "stage": Entry(
                    "The article's case: keep the videos and their features, read the features again for every pass. "
                    "Every line is computed by the VIDEO_* functions and by native formulas. USD, costs positive.",
                    "subtitle",
                )
            },
        ),
        Row(
            "headline_labels",
            {
                **_blank("kpi_label"),
                **labels,
                "check": Entry("Checks", "kpi_label_center"),
                "used": Entry("What feeds the totals", "kpi_label_indent"),
            },
        ),
        Row(
            "headline",
            {
                **_blank("kpi"),
                **figures,
                "check": Entry(
                    Formula("=" + "+".join(f"SUM({area})" for area in (*flags, VERSION_FLAG))), "flag", "flags"
                ),
                "used": Entry(Formula(state), "kpi_text"),
            },
            height=25,
        ),
    )


def _blank(style: str) -> dict[str, Entry]:
    return {column: Entry("", style) for column, _ in _COLUMNS}


def _foot() -> tuple[Row, ...]:
    return (
        Row(
            "legend",
            {
                "stage": Entry(
                    "Blue on a pale fill: input. Black: formula. Green: read from another sheet. "
                    "Totals take the functions where they answer and the native formulas where the add-in is absent.",
                    "small",
                )
            },
        ),
        Row(
            "scope",
            {
                "stage": Entry(
                    "Not on this page: writing the data in, ports and gateways by the hour, early deletion, "
                    "support plans, taxes, GPUs. Encoding, several versions of features and checkpoints come on top.",
                    "small",
                )
            },
        ),
    )
