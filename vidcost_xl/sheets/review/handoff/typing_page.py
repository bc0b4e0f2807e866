"""`vidcost handoff --lambda`: three price functions as names of the copy, and the sheet Typing that says how to type.

They go into hand-offs alone. In a template the names would take the place of the add-in's functions, and in a file for
xlwings Lite they break them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from vidcost_xl.areas import Area, Place, quoted
from vidcost_xl.errors import BadArgumentError, VideoCostError
from vidcost_xl.functions.requests import RESTORE
from vidcost_xl.hosts.formualizer import evaluate
from vidcost_xl.model.calendar import day_of_serial
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.layout.addresses import Addresses
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, Value
from vidcost_xl.sheets.package.edits.cells import NewCell, put_cells
from vidcost_xl.sheets.package.edits.opened import WORKBOOK, Package
from vidcost_xl.sheets.package.elements import appended, elements, written
from vidcost_xl.sheets.plan.prices import HEADINGS
from vidcost_xl.sheets.render.added_sheets import Stamp, part_of, put_sheet
from vidcost_xl.sheets.review.finding_places import areas_of
from vidcost_xl.sheets.review.handoff.lambdas import FREE, PREFIX, lambda_names, typed_functions
from vidcost_xl.sheets.review.typed_cells import address_of
from vidcost_xl.units import UNITS

SHEET: Final = "Typing"
TITLE: Final = "Functions to type in this copy"

#: What the sheet Handoff says of it.
SAID: Final = (
    "Three price functions can be typed in this copy in Excel 365 and 2024, with nothing installed: sheet Typing"
)

#: How a file holds the functions of xlwings Lite.
_LITE: Final = b"_xldudf_"

#: Columns of Prices that are days on which a price was known.
_READINGS: Final = ("read_on", "valid_from")

_COLUMNS: Final = (("key", 58.0), ("value", 44.0), ("note", 64.0))

_ABOUT: Final = (
    "Names of this workbook (Formulas, Name Manager), not an add-in: for Excel 365 and Excel 2024, on Windows, Mac and "
    "the web.",
    "They read the sheets Prices and Lists of this copy: a price changed there changes their answers. No cell of this "
    "copy uses them.",
    "Where the add-in is loaded too, these names come first in this copy: a call typed here answers from this copy's "
    "prices.",
    "LibreOffice and Excel 2021 or older open the copy as ever, but do not know LAMBDA: a call shows an error there, "
    "or what an add-in answers from its own price book.",
    "Two other programs that know LAMBDA gave the answers of the functions; Excel itself is still to be seen: compare "
    "the examples first.",
)

#: What people may type, and what it is; the functions say what it gives.
_EXAMPLES: Final = (
    ('=VIDEO_EGRESS(5,"PB","aws.cloudfront")', "5 PB out through CloudFront in one month"),
    ('=VIDEO_EGRESS("5 PB")', "5 PB to the internet, the amount with its unit as one text"),
    ('=VIDEO_STORAGE(5,"PB","aws.s3.glacier-deep-archive",12,1E9)', "a year, in a billion objects"),
    ('=VIDEO_REQUESTS(1E9,"get","r2.standard",,0.1)', "a billion GET requests, less a discount of 10%"),
    (
        '=VIDEO_STORAGE({1;2;3},"PB","aws.s3.standard-ia")',
        "three amounts, each a month of its own: the first, below it the others",
    ),
)

_LIMITS: Final = (
    "Explain on the add-in's tab and VIDEO_EXPLAIN say what the add-in answers from its own price book, not what this "
    "copy does.",
    "rates (a range of private rates) needs the add-in: #VALUE! here. Lines rate.<meter> of Changes are not read.",
    'access is a range or {0.2,0.3,0.5} here; as a text such as "20% 30% 50%" it is #VALUE!.',
    "A class, route or region is written by one of its names on Lists, in any case. The functions of the add-in also "
    "take some of the words of a name: #N/A here.",
    "Regions are those on Lists: the default of each provider and those that the plan names. Others are #N/A.",
    "A date as a text is written 2026-10-01.",
    "Errors are those of the functions: #VALUE! a wrong argument, such as a number without a unit; #NUM! outside its "
    "bounds; #N/A no such price.",
)


def check_typing(contents: Contents, package: Package) -> None:
    """Refuse a workbook that the names would not work in, or would break.

    Raises
    ------
    BadArgumentError
        Says why.
    """
    name, names = contents.name, {name for scope, name in contents.book.names if not scope}
    if any(_LITE in package.read(part) for part in package.names):
        raise BadArgumentError(
            f"{name} was saved with the functions of xlwings Lite, which names of a workbook would break wherever that "
            "is loaded. Hand it off without --lambda."
        )
    missing = sorted({need for each in lambda_names() for need in each.needs if not need.startswith(PREFIX)} - names)
    if missing:
        raise BadArgumentError(
            f"{name} does not hold what --lambda reads (the name {missing[0]}): only a plan workbook of this version "
            "has every price. Hand it off without --lambda, or make one: vidcost new PATH --template model"
            + (f" --from {name}." if "price_meter" in names else ".")
        )
    taken = sorted(name for name in names if name.startswith(PREFIX.casefold()))
    if taken or any(sheet.casefold() == SHEET.casefold() for sheet in contents.sheets):
        raise BadArgumentError(f"{name} has {taken[0] if taken else 'a sheet ' + SHEET} of its own. Rename it first.")


def put_typing(package: Package, contents: Contents, master: Place, footer: str, on: date) -> None:
    """Add the sheet and the names.

    Parameters
    ----------
    contents : Contents
        What the file holds, computed.
    master : Place
        The check of the workbook.
    footer : str
        Of its print.
    """
    free, requests = list(_free_routes(contents)), list(_requests(contents))
    addresses = put_sheet(package, _page(contents, master, free, requests), Stamp(TITLE, footer, on, "limits_end"))
    part, place = part_of(package, SHEET), addresses.position("typing_title.note")[1:]
    check = NewCell(contents.value(master), address_of(master))
    package.write(part, put_cells(package.read(part), part, {place: check}))
    names = {
        "UNITS": _column(addresses, "unit", len(UNITS), "key"),
        "UNIT_BYTES": _column(addresses, "unit", len(UNITS), "value"),
        "FREE_ROUTES": _column(addresses, "free", len(free), "key"),
        "FREE_TIMES": _column(addresses, "free", len(free), "value"),
        "REQUESTS": _column(addresses, "request", len(requests), "key"),
        "REQUEST_METERS": _column(addresses, "request", len(requests), "value"),
        "READ_ON": addresses.absolute("{read_on.value}"),
        "PRICE": _price_area(contents, "price").fixed,
    }
    new = [
        written("definedName", {"name": each.name, "comment": each.comment}, each.stored) for each in lambda_names()
    ] + [written("definedName", {"name": f"{PREFIX}{name}"}, area) for name, area in names.items()]
    content = package.read(WORKBOOK)
    held = elements(content, WORKBOOK, "definedNames")[0]
    package.splice(WORKBOOK, appended(content, held, b"".join(new)))


def _page(
    contents: Contents, master: Place, free: list[tuple[str, float]], requests: list[tuple[str, str]]
) -> SheetLayout:
    title = {
        "key": Entry(TITLE, "title"),
        "value": Entry("Checks of the workbook", "label_right"),
        "note": Entry(Formula(f"={address_of(master)}"), "flag", "flags"),
    }
    rows = [
        Row("typing_title", title, height=24),
        *(Row(f"typing_about_{at}", {"key": Entry(text, "subtitle")}) for at, text in enumerate(_ABOUT, start=1)),
        _heading("examples", "To type", "At the prices of the book", "What it is"),
        *(_example(at, text, said) for at, (text, said) in enumerate(_EXAMPLES, start=1)),
        _heading("signatures", "Arguments, in this order; those in brackets may be left out", "", ""),
        *(Row(f"signature_{spec.name.lower()}", {"key": Entry(spec.signature)}) for spec in typed_functions()),
        _heading("limits", "What they cannot do, and say so", "", ""),
        *(Row(f"limit_{at}", {"key": Entry(text, "text_indent")}) for at, text in enumerate(_LIMITS, start=1)),
        Row("limits_end", height=8),
        _heading("reading", "Newest price on Prices", "", ""),
        Row("read_on", {"key": Entry("read or valid from", "text_indent"), "value": _entry(_newest(contents))}),
        _heading("units", "Units", "Bytes", ""),
        *_table("unit", UNITS.items()),
        _heading("free_routes", "Routes with free egress", "Times what is stored", ""),
        *_table("free", free),
        _heading("requests", "Requests: class, operation, speed of a restore", "Meter on Prices", ""),
        *_table("request", requests),
    ]
    columns = tuple(Column(key, width) for key, width in _COLUMNS)
    return SheetLayout(
        name=SHEET,
        columns=columns,
        rows=tuple(rows),
        last_frozen="typing_title",
        flags=("{typing_title.note:typing_title.note}",),
    )


def _example(at: int, text: str, said: str) -> Row:
    found = evaluate(text)
    first = found[0][0] if isinstance(found, list) else found
    if not isinstance(first, float):
        raise TypeError(f"{text} gives {first}")  # an example of ours
    return Row(
        f"example_{at}",
        {
            "key": Entry(text, "text_indent"),
            "value": Entry(first, "constant_black", "cents"),
            "note": Entry(said, "note"),
        },
    )


def _heading(key: str, *texts: str) -> Row:
    styles = ("heading", "heading_indent" if key == "requests" else "heading_right", "heading_indent")
    entries = {column: Entry(text, style) for (column, _), text, style in zip(_COLUMNS, texts, styles, strict=True)}
    return Row(f"{key}_head", entries)


def _table(key: str, lines: object) -> Iterator[Row]:
    for at, (first, second) in enumerate(lines, start=1):  # type: ignore[arg-type, var-annotated]
        yield Row(f"{key}_{at}", {"key": Entry(first, "text_indent"), "value": _entry(second)})


def _entry(value: Value) -> Entry:
    if isinstance(value, str):
        return Entry(value, "unit")
    return Entry(value, "constant_black", "date" if isinstance(value, date) else "count")


def _column(addresses: Addresses, key: str, count: int, column: str) -> str:
    return addresses.absolute(f"{{{key}_1.{column}:{key}_{count}.{column}}}")


def _values(contents: Contents, name: str) -> Iterator[str]:
    (area,) = areas_of(contents, name)
    for row in range(area.top, area.bottom + 1):
        yield contents.text((area.sheet, row, area.left))


def _free_routes(contents: Contents) -> Iterator[tuple[str, float]]:
    book = price_book()
    for name in _values(contents, "egress_id"):
        try:
            times = book.route("egress", name).free_egress_times_stored
        except VideoCostError:  # a route of another price book: what is stored frees nothing
            continue
        if times is not None:
            yield name, times


def _requests(contents: Contents) -> Iterator[tuple[str, str]]:
    book = price_book()
    for name in _values(contents, "class_id"):
        try:
            item = book.storage_class(name)
        except VideoCostError:  # a class of another price book: its requests have no price here
            continue
        yield from ((f"{name}|{operation}", meter) for operation, meter in item.requests.items())
        yield from ((f"{name}|{operation}", FREE) for operation in item.requests_free)
        yield from ((f"{name}|{RESTORE}|{speed}", meter) for speed, meter in item.restore_requests.items())


def _price_area(contents: Contents, column: str) -> Area:
    # A column of Prices by its heading, beside the meters.
    (meters,) = areas_of(contents, "price_meter")
    row = meters.top - 1
    for cell in dict(contents.rows(meters.sheet)).get(row, []):
        if contents.value_in(cell) == HEADINGS[column]:
            return Area(meters.sheet, meters.top, cell.column, meters.bottom, cell.column)
    raise BadArgumentError(
        f"{contents.name}: {quoted(meters.sheet)} has no heading {HEADINGS[column]!r} in row {row}, by which --lambda "
        "finds its prices. Put it back."
    )


def _newest(contents: Contents) -> date:
    days = [
        value
        for column in _READINGS
        for area in [_price_area(contents, column)]
        for row in range(area.top, area.bottom + 1)
        if isinstance(value := contents.value((area.sheet, row, area.left)), float)
    ]
    return day_of_serial(max(days))
