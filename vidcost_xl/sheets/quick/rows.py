"""The rows of the quick page that are priced: prices in use, cost by stage, and the article's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vidcost_xl.sheets.layout.sheet_layout import Entry, Formula, Row
from vidcost_xl.sheets.quick.inputs import PLAN
from vidcost_xl.sheets.quick.lines import CLAIMS, LINES, MEMOS, Claim, Line

#: The same formula in every priced row.
NATIVE: Final = (
    '=SUMPRODUCT((tier_key={{price_{price}.line}}&" "&region)*({{.quantity}}>tier_charged_from)'
    "*({{.quantity}}-tier_charged_from)*tier_step)*(1-discount)"
)
USED: Final = "=IF(ISNUMBER({.engine}),{.engine},{.native})"
DIFFERENCE: Final = '=IF(ISNUMBER({.engine}),{.engine}-{.native},"n/a")'
AGREES: Final = (
    "=--IF(ISNUMBER({.difference}),ABS({.difference})>tolerance*MAX(1,ABS({.native})),"
    "OR(engine_loaded,NOT(ISNUMBER({.native}))))"
)
UNIT_PRICE: Final = "=IF({.quantity}>0,{.used}/{.quantity},0)"
SHARE: Final = "=IF({total.used}>0,{.used}/{total.used},0)"

#: Columns of the page, in order.
COLUMNS: Final = (
    *("stage", "line", "quantity", "unit", "unit_price", "engine"),
    *("native", "difference", "check", "used", "share", "note"),
)
_RIGHT: Final = frozenset({"quantity", "unit_price", "engine", "native", "difference", "used", "share"})

_FIRST, _LAST = LINES[0].id, LINES[-1].id


def price_rows() -> tuple[Row, ...]:
    """The prices in use: meter, price, unit, and a link to the passport."""
    heading = _heading(
        "price_heading",
        {
            "stage": "Prices in use: meter",
            "quantity": "First unit, USD",
            "unit": "Billing unit",
            "unit_price": "Row on Prices",
            "engine": "Bytes, items a unit",
            "native": "Confidence",
            "difference": "Read on",
            "check": "Check",
            "used": "Passport: click for tiers, SKU, source, date, note",
        },
    )
    return (heading, *(_price_row(line) for line in LINES))


def cost_rows() -> tuple[Row, ...]:
    """Cost by stage: lines, stages, total, and two memo lines that are in no total."""
    heading = _heading(
        "cost_heading",
        {
            "stage": "Cost a month, by line",
            "quantity": "Quantity billed",
            "unit": "Billing unit",
            "unit_price": "Blended price",
            "engine": "Functions, USD",
            "native": "Native, USD",
            "difference": "Difference",
            "check": "Check",
            "used": "Used, USD",
            "share": "Share",
            "note": "Note",
        },
    )
    rows = [heading]
    rows += [_cost_row(line, "text", "number") for line in LINES]
    rows += [_stage_row("store", "Store"), _stage_row("train", "Train"), _total_row(), _model_row()]
    rows += [_cost_row(line, "memo_text", "memo") for line in MEMOS]
    return tuple(rows)


def claim_rows() -> tuple[Row, ...]:
    """The article's numbers beside ours; the heading says whether the inputs still are the article's."""
    state = (
        "=IF(SUMPRODUCT(--({in_videos.quantity:in_discount.quantity}<>{in_videos.unit_price:in_discount.unit_price}))=0,"
        '"Inputs are the article\'s","Inputs changed: not the article\'s case")'
    )
    heading = _heading(
        "claim_heading",
        {
            "stage": "The article's words, in numbers",
            "quantity": "The article, USD",
            "unit_price": "Here, USD",
            "engine": "Here / article",
            "native": "In the article's case",
            "note": Formula(state),
        },
    )
    return (heading, *(_claim_row(claim) for claim in CLAIMS))


def _claim_row(claim: Claim) -> Row:
    style = "number" if isinstance(claim.article, Formula) else "constant"
    return Row(
        claim.id,
        {
            "stage": Entry(claim.text),
            "quantity": Entry(claim.article, style, "usd0"),
            "unit": Entry(claim.relation, "unit"),
            "unit_price": Entry(Formula(claim.ours), "number", "usd"),
            "engine": Entry(Formula("={.unit_price}/{.quantity}"), "number", "share"),
            "native": Entry(claim.condition, "note"),
        },
    )


def _price_row(line: Line) -> Row:
    return Row(
        f"price_{line.id}",
        {
            "stage": Entry(line.stage),
            "line": Entry(Formula(line.meter), "link_text"),
            "quantity": Entry(_from_prices("price"), "link", line.price_format),
            "unit": Entry(_from_prices("unit"), "link_unit"),
            "unit_price": Entry(Formula('=MATCH({.line}&" "&region,price_key,0)'), "link", "count"),
            "engine": Entry(_from_prices("unit_size"), "link", "count"),
            "native": Entry(_from_prices("confidence"), "link"),
            "difference": Entry(_from_prices("read_on"), "link", "date"),
            "check": Entry(Formula("=--NOT(ISNUMBER({.unit_price}))"), "flag"),
            "used": Entry(
                Formula('=HYPERLINK("#Prices!A"&{.unit_price},INDEX(price_source,{.unit_price}))'), "hyperlink"
            ),
        },
    )


def _heading(key: str, texts: Mapping[str, str | Formula]) -> Row:
    entries = {}
    for column in COLUMNS:
        style = {"unit": "heading_indent", "note": "heading_indent", "check": "heading_center"}.get(column, "heading")
        if column in _RIGHT:
            style = "heading_right"
        entries[column] = Entry(texts.get(column, ""), style)
    if key == "claim_heading":
        entries["native"] = Entry(texts["native"], "heading_indent")
    if key == "price_heading":
        entries["used"] = Entry(texts["used"], "heading_indent")
    return Row(key, entries)


def _from_prices(column: str) -> Formula:
    return Formula(f"=INDEX(price_{column},{{.unit_price}})")


def _cost_row(line: Line, text: str, number: str) -> Row:
    is_memo = line in MEMOS
    entries = {
        "stage": Entry(line.stage, text),
        "line": Entry(line.label, text),
        "quantity": Entry(Formula(line.quantity), number, "count"),
        "unit": Entry(Formula(f"={{price_{line.price}.unit}}"), "memo_unit" if is_memo else "unit"),
        "unit_price": Entry(Formula(UNIT_PRICE), number, line.price_format),
        "engine": Entry(Formula(line.engine, engine=True), number, "usd"),
        "native": Entry(Formula(NATIVE.format(price=line.price)), number, "usd"),
        "difference": Entry(Formula(DIFFERENCE), number, "difference"),
        "check": Entry(Formula(AGREES), "flag"),
        "used": Entry(Formula(USED), number, "usd"),
        "note": Entry(line.note, "note"),
    }
    if not is_memo:
        entries["share"] = Entry(Formula(SHARE), number, "share")
    return Row(line.id, entries)


def _stage_row(key: str, stage: str) -> Row:
    def of(column: str) -> str:
        lines = _lines(column)
        return _gated(column, f"SUMIFS({lines},{{{_FIRST}.stage:{_LAST}.stage}},{{.stage}})")

    return _sum_row(
        key, stage, "all lines of the stage", {column: of(column) for column in ("engine", "native", "used")}
    )


def _total_row() -> Row:
    sums = {column: _gated(column, f"SUM({_lines(column)})") for column in ("engine", "native", "used")}
    return _sum_row("total", "Total", "a month", sums)


def _lines(column: str) -> str:
    return f"{{{_FIRST}.{column}:{_LAST}.{column}}}"


def _gated(column: str, total: str) -> str:
    # SUM skips texts: a line that is no number must not make the total smaller.
    return f"=IF(COUNT({_lines(column)})=ROWS({_lines(column)}),{total},NA())"


def _model_row() -> Row:
    """The ledger of the whole model on the same inputs: what the lines of the page add up to."""
    engine = f'=VIDEO_TOTAL("{PLAN}","monthly",,model_overrides)'
    return Row(
        "model",
        {
            "stage": Entry("Model", "memo_text"),
            "line": Entry("The whole ledger, VIDEO_TOTAL", "memo_text"),
            "engine": Entry(Formula(engine, engine=True), "memo", "usd"),
            "native": Entry(Formula("={total.native}"), "memo", "usd"),
            "difference": Entry(Formula(DIFFERENCE), "memo", "difference"),
            "check": Entry(Formula(AGREES), "flag"),
            "used": Entry(Formula(USED), "memo", "usd"),
            "note": Entry("The model on these inputs; not in the total", "note"),
        },
    )


def _sum_row(key: str, stage: str, text: str, sums: Mapping[str, str]) -> Row:
    filled = {column: Entry("", "total_text") for column in ("quantity", "unit", "unit_price", "note")}
    return Row(
        key,
        {
            **filled,
            "stage": Entry(stage, "total_text"),
            "line": Entry(text, "total_text"),
            **{column: Entry(Formula(formula), "total", "usd") for column, formula in sums.items()},
            "difference": Entry(Formula(DIFFERENCE), "total", "difference"),
            "check": Entry(Formula(AGREES), "total_flag"),
            "share": Entry(Formula(SHARE), "total", "share"),
        },
    )
