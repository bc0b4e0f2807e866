"""The sheet Signed: signatures, control figures compared natively, prices with passports, and the record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel

from vidcost_xl.areas import Place, quoted
from vidcost_xl.digits import SAME, TOLERANCE, TOLERANCE_MONEY
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.review.known_places import KnownPlaces
from vidcost_xl.sheets.review.signing.record import NAMES, RowRecord
from vidcost_xl.sheets.review.signing.seal import Signature
from vidcost_xl.sheets.review.typed_cells import Watched, address_of, inputs, prices

SHEET: Final = "Signed"
TITLE: Final = "Signed"

#: Signatures that the sheet has room for.
SIGNATURES: Final = 4

#: Headings of the sections, by which the sheet is read back.
RECORD: Final = "Record of every row, which vidcost verify compares"
TOTALS: Final = "Control totals, in reporting currency"

#: The first row that is not printed.
INPUTS_HEAD: Final = "inputs_head"

_COLUMNS: Final = (
    ("label", 56.0),
    ("where", 30.0),
    ("was", 20.0),
    ("now", 20.0),
    ("flag", 14.0),
    ("limit", 14.0),
    ("record", 90.0),
)

#: The difference of a sum of typed numbers that is floating-point noise, beside the share of `TOLERANCE`.
_TINY: Final = 1e-12

_ABOUT: Final = (
    "Compares the workbook with what was signed, by plain formulas: no add-in and no Python is needed.",
    "It detects change and cannot prevent forgery: whoever can rewrite this sheet can sign anew. A seal kept outside "
    "the file shows that.",
)


@dataclass(frozen=True)
class Signing:
    """What a Signed sheet is made of.

    Parameters
    ----------
    contents : Contents
        The workbook as it is signed.
    passed_over : frozenset of Place
        Cells that natively tell nothing: what the add-in answers, and what the signing itself writes.
    """

    contents: Contents
    marks: KnownPlaces
    records: tuple[RowRecord, ...]
    passed_over: frozenset[Place]
    signatures: tuple[Signature, ...]


def signed_page(signing: Signing) -> SheetLayout:
    """The sheet."""
    contents, marks = signing.contents, signing.marks
    totals = _totals(signing)
    sizes = [_size(contents, name, at) for at, name in enumerate(_sheets(signing), start=1)]
    typed = [item.row(f"in_{at}") for at, item in enumerate(inputs(contents, signing.passed_over), start=1)]
    priced = [_price(item, at) for at, item in enumerate(prices(contents), start=1)]
    record = [_record(signing, each, at) for at, each in enumerate(signing.records, start=1)]
    blocks = [block for block in (totals, sizes, typed, priced, record) if block]
    flags = [f"{{{block[0].id}.flag:{block[-1].id}.flag}}" for block in blocks]
    rows = (
        Row(
            "title",
            {
                "label": Entry(TITLE, "title"),
                "now": Entry("Checks of the workbook", "label_right"),
                "flag": Entry(Formula(f"={address_of(marks.master)}"), "flag", "flags"),
            },
            height=24,
        ),
        *(Row(f"about_{at}", {"label": Entry(text, "subtitle")}) for at, text in enumerate(_ABOUT, start=1)),
        Row("state", state_entries(signing.signatures, ",".join(flags)), height=20),
        _heading("signatures_head", "Signatures", "Name", "On", "", "", "Seal, SHA-256 of all that is signed"),
        *(Row(f"signature_{at}", entries) for at, entries in enumerate(signature_entries(signing.signatures), start=1)),
        _heading("totals_head", TOTALS, "Where", "Signed", "Now", "Check", ""),
        *totals,
        _heading("sizes_head", "Rows of each sheet", "Where", "Signed", "Now", "Check", ""),
        *sizes,
        _heading(INPUTS_HEAD, "Inputs", "Where", "Signed", "Now", "Check", ""),
        *typed,
        _heading("prices_head", "Prices, with their passports", "Where", "Signed", "Now", "Check", "Passport"),
        *priced,
        _heading("record_head", RECORD, "Where", "Sum signed", "Sum now", "Check", "Formulas and values"),
        *record,
    )
    return SheetLayout(
        name=SHEET,
        columns=tuple(Column(key, width) for key, width in _COLUMNS),
        rows=rows,
        last_frozen="state",
        flags=("{title.flag:title.flag}", *flags),
        large_paper=True,
    )


def state_entries(signatures: tuple[Signature, ...], flags: str) -> dict[str, Entry]:
    """The row that says whether anything changed."""
    return {
        "label": Entry(Formula(state_formula(signatures, "{.was}")), "kpi_plain"),
        "where": Entry("nothing differs from what was signed", "unit"),
        "was": Entry(Formula("=IF(ISNUMBER({.now}),{.now}=0,FALSE)"), "number"),
        "now": Entry(Formula(f"=SUM({flags})"), "number", "count"),
        "flag": Entry("rows differ", "note"),
    }


def state_formula(signatures: tuple[Signature, ...], unchanged: str) -> str:
    """The sentence of the sheet and the Cover, as a formula."""
    said = " and ".join(f"{each.name} on {each.on.split(' ')[0]}" for each in signatures).replace('"', '""')
    return f'=IF({unchanged},"Unchanged since signing by {said}","CHANGED since signing by {said}")'


def signature_entries(signatures: tuple[Signature, ...]) -> list[dict[str, Entry]]:
    """The rows of the signatures, also those that nobody has signed yet."""
    rows = []
    for at in range(SIGNATURES):
        if at < len(signatures):
            mine = signatures[at]
            texts = {"label": mine.role, "where": mine.name, "was": mine.on, "record": mine.seal}
            rows.append(
                {key: Entry(value, "text_indent" if key == "label" else "text") for key, value in texts.items()}
            )
        else:
            rows.append({"label": Entry("not signed", "memo_text")})
    return rows


def _totals(signing: Signing) -> list[Row]:
    contents, marks = signing.contents, signing.marks
    wanted = [(stage.capitalize(), key) for stage, key in marks.stages]
    wanted += [(f"Month {at}", key) for at, key in enumerate(marks.months, start=1)]
    wanted.append(("Total", marks.total))
    rows = []
    for at, (label, key) in enumerate(wanted, start=1):
        value = contents.value(key)
        amount = value if isinstance(value, float) else 0.0
        where = address_of(key).replace("$", "")
        entries = _compared(label, where, amount, address_of(key), TOLERANCE * abs(amount) + _noise(signing))
        rows.append(Row(f"total_{at}", entries | {"now": Entry(Formula(f"={address_of(key)}"), "link", "cents")}))
    return rows


def _noise(signing: Signing) -> float:
    # A row of differences that are 0 holds the noise of the amounts behind it, which another processor has otherwise.
    total = signing.contents.value(signing.marks.total)
    return max(TOLERANCE_MONEY, SAME * abs(total)) if isinstance(total, float) else TOLERANCE_MONEY


def _compared(label: str, where: str, was: float, now: str, limit: float) -> dict[str, Entry]:
    form = "cents"
    return {
        "label": Entry(label, "text_indent"),
        "where": Entry(where, "unit"),
        "was": Entry(was, "constant_black", form),
        "now": Entry(Formula(f"={now}"), "number", form),
        "limit": Entry(limit, "constant_black", "tiny"),
        "flag": Entry(Formula("=--(ABS({.now}-{.was})>{.limit})"), "flag"),
    }


def _size(contents: Contents, sheet: str, at: int) -> Row:
    last = contents.sheets[sheet].last_row
    area = f"{quoted(sheet)}!$A$1:$A${last}"
    entries = _compared(sheet, f"{sheet}!A1:A{last}", float(last), f"ROWS({area})", _TINY)
    shown = {"was": Entry(last, "constant_black", "count"), "now": Entry(entries["now"].value, "number", "count")}
    return Row(f"size_{at}", entries | shown)


def _sheets(signing: Signing) -> list[str]:
    return [name for name in signing.contents.sheets if name != SHEET]


def _price(item: Watched, at: int) -> Row:
    row = item.row(f"price_{at}")
    if not item.passport:
        return row
    first, unit, sku, read_on, source = item.passport
    text = f"from {_said(first)} {_said(unit)}; SKU {_said(sku)}; read {_day(read_on)}; {_said(source)}"
    return Row(row.id, {**row.entries, "record": Entry(text)})


def _said(value: object) -> str:
    return f"{value:,.12g}" if isinstance(value, float) else "" if value is None else str(value)


def _day(value: object) -> str:
    return from_excel(value).date().isoformat() if isinstance(value, float) else str(value or "undated")


def _record(signing: Signing, each: RowRecord, at: int) -> Row:
    if each.sheet == NAMES:
        where = {"label": Entry(each.label, "text_indent"), "where": Entry(NAMES, "unit")}
        return Row(f"record_{at}", {**where, "record": Entry(each.text)})
    columns = each.columns
    where_text = f"{each.sheet}!{get_column_letter(columns[0])}{each.row}:{get_column_letter(columns[-1])}{each.row}"
    told = [column for column in columns if (each.sheet, each.row, column) not in signing.passed_over]
    numbers = [
        value for column in told if type(value := signing.contents.value((each.sheet, each.row, column))) is float
    ]
    entries = {"label": Entry(each.label, "text_indent"), "where": Entry(where_text, "unit")}
    if numbers:
        areas = ",".join(f"{quoted(each.sheet)}!{area}" for area in _areas(each.row, told))
        size = sum(abs(number) for number in numbers)
        tiny = _noise(signing) if any(formula is not None for _, formula, _ in each.runs) else _TINY
        entries = _compared(each.label, where_text, sum(numbers), f"SUM({areas})", TOLERANCE * size + tiny)
        entries["was"] = Entry(sum(numbers), "constant_black", "compact")
        entries["now"] = Entry(entries["now"].value, "number", "compact")
    return Row(f"record_{at}", {**entries, "record": Entry(each.text)})


def _areas(row: int, columns: list[int]) -> Iterable[str]:
    start = columns[0]
    for at, column in enumerate(columns):
        if at + 1 < len(columns) and columns[at + 1] == column + 1:
            continue
        first, last = get_column_letter(start), get_column_letter(column)
        yield f"{first}{row}" if start == column else f"{first}{row}:{last}{row}"
        start = columns[at + 1] if at + 1 < len(columns) else column


def _heading(key: str, label: str, *texts: str) -> Row:
    columns = [column for column, _ in _COLUMNS]
    shown = dict(zip(columns, (label, *texts[:4], "May differ by" if "ign" in texts[1] else "", texts[4]), strict=True))
    style = {"label": "heading", "where": "heading_indent", "record": "heading_indent"}
    return Row(key, {column: Entry(text, style.get(column, "heading_right")) for column, text in shown.items()})
