"""The sheet Lists: allowed values, units, the tolerance, which engine answers, and what is left out."""

from __future__ import annotations

from typing import Final

from vidcost_xl.digits import TOLERANCE
from vidcost_xl.functions.audit import VIDEO_VERSION
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.layout.stamp import STAMP, STAMP_LABEL, VERDICT, VERDICT_LABEL, VERDICT_NOTE, differs
from vidcost_xl.sheets.quick.choices import Choices
from vidcost_xl.units import UNITS

SHEET: Final = "Lists"

#: Whether the add-in is of another version than the file.
VERSION_FLAG: Final = "{setting_verdict.rate:setting_verdict.rate}"

UNITS_USED: Final = ("MB", "TB", "PB")

_COLUMNS: Final = (
    ("name", 34.0),
    ("meaning", 58.0),
    ("first", 38.0),
    ("second", 38.0),
    ("third", 42.0),
    ("rate", 24.0),
)


def lists_sheet(
    choices: Choices, master_check: str, overrides: tuple[tuple[str, str], ...]
) -> tuple[SheetLayout, dict[str, str]]:
    """The sheet and the workbook names of its lists.

    Parameters
    ----------
    master_check : str
        Reference to the workbook's check.
    overrides : tuple of (str, str)
        Inputs of the model that the workbook sets, and the names of the cells that hold them.
    """
    rows: list[Row] = [
        Row(
            "lists_title",
            {
                "name": Entry("Lists, units and settings", "title"),
                "third": Entry("Checks of the workbook", "label_right"),
                "rate": Entry(Formula(f"={master_check}"), "flag", "flags"),
            },
            height=24,
        ),
        Row("lists_about", {"name": Entry("What the inputs of the first sheet accept.", "subtitle")}),
    ]
    names: dict[str, str] = {}
    _add_classes(rows, names, choices)
    _add_routes(rows, names, choices)
    _add_settings(rows, names, choices)
    _add_overrides(rows, names, overrides)
    _add_left_out(rows, choices)
    sheet = SheetLayout(
        name=SHEET,
        columns=tuple(Column(key, width) for key, width in _COLUMNS),
        rows=tuple(rows),
        last_frozen="lists_about",
        flags=("{lists_title.rate:lists_title.rate}", VERSION_FLAG),
    )
    return sheet, names


def _add_classes(rows: list[Row], names: dict[str, str], choices: Choices) -> None:
    headings = ("Storage class", "Meaning", "Storage meter", "GET meter", "Retrieval meter", "Billed at least, bytes")
    _heading(rows, "class", headings)
    for number, item in enumerate(choices.classes, start=1):
        texts = (item.id, item.label, item.storage, item.get, item.retrieval)
        _line(rows, f"class_{number}", texts, item.minimum_object_bytes)
    _name_columns(
        names, "class", len(choices.classes), {"id": "name", "storage": "first", "get": "second", "retrieval": "third"}
    )
    _name_columns(names, "class", len(choices.classes), {"min_bytes": "rate"})


def _add_routes(rows: list[Row], names: dict[str, str], choices: Choices) -> None:
    headings = ("Route", "Meaning", "Transfer meter", "Meter of its own requests", "", "Own requests a read")
    _heading(rows, "route", headings)
    for number, item in enumerate(choices.routes, start=1):
        _line(rows, f"route_{number}", (item.id, item.label, item.transfer, item.requests), item.own_requests_per_read)
    columns = {"id": "name", "transfer": "first", "request": "second", "own_requests": "rate"}
    _name_columns(names, "route", len(choices.routes), columns)


def _add_settings(rows: list[Row], names: dict[str, str], choices: Choices) -> None:
    _heading(rows, "region", ("Region", "Meaning"))
    for number, region in enumerate(choices.regions, start=1):
        _line(rows, f"region_{number}", (region, "the provider's own name; every price used is in the book there"))
    _name_columns(names, "region", len(choices.regions), {"id": "name"})
    _heading(rows, "unit", ("Unit", "Meaning", "", "", "", "Bytes"))
    for unit in UNITS_USED:
        key = f"unit_{unit.casefold()}"
        texts = (unit, "decimal, SI: powers of 1000; providers bill units of their own (sheet Prices)")
        _line(rows, key, texts, UNITS[unit])
        names[f"bytes_per_{unit.casefold()}"] = f"{{{key}.rate}}"
    _heading(rows, "setting", ("Setting", "Meaning", "", "", "", "Value"))
    rows.append(
        Row(
            "setting_tolerance",
            {
                "name": Entry("tolerance"),
                "meaning": Entry("largest difference of engine and native, as a share"),
                "rate": Entry(TOLERANCE, "constant", "tiny"),
            },
        )
    )
    rows.append(
        Row(
            "setting_engine",
            {
                "name": Entry("engine_version"),
                "meaning": Entry("what the add-in answers; #NAME? without it"),
                "first": Entry(Formula("=VIDEO_VERSION()", engine=True), "text"),
            },
        )
    )
    rows.append(
        Row(
            "setting_loaded",
            {
                "name": Entry("engine_loaded"),
                "meaning": Entry("whether the functions feed the totals"),
                "first": Entry(Formula("=ISTEXT({setting_engine.first})"), "text"),
            },
        )
    )
    _line(rows, "setting_stamp", (STAMP, STAMP_LABEL, VIDEO_VERSION()))
    verdict = {
        "name": Entry(VERDICT),
        "meaning": Entry(f"{VERDICT_LABEL}: {VERDICT_NOTE}"),
        "first": Entry(True, "input"),
        "rate": Entry(Formula(f"={differs('{setting_engine.first}')}"), "flag"),
    }
    rows.append(Row("setting_verdict", verdict))
    names |= {"tolerance": "{setting_tolerance.rate}", "engine_loaded": "{setting_loaded.first}"}
    names |= {STAMP: "{setting_stamp.first}", VERDICT: "{setting_verdict.first}"}


def _add_overrides(rows: list[Row], names: dict[str, str], overrides: tuple[tuple[str, str], ...]) -> None:
    # Key and value stand side by side: together they are the argument `overrides` of VIDEO_TOTAL.
    _heading(rows, "override", ("Input of the page", "Goes to the model as", "", "", "Input of the model", "Value"))
    for number, (key, name) in enumerate(overrides, start=1):
        _line(
            rows, f"override_{number}", (name, "the whole bill on the first sheet is VIDEO_TOTAL of these", "", "", key)
        )
        rows[-1] = Row(rows[-1].id, {**rows[-1].entries, "rate": Entry(Formula(f"={name}"), "text")})
    names["model_overrides"] = f"{{override_1.third:override_{len(overrides)}.rate}}"


def _add_left_out(rows: list[Row], choices: Choices) -> None:
    _heading(rows, "left_out", ("Not offered here", "Why; the functions price them in any cell"))
    for number, (name, reason) in enumerate(choices.left_out, start=1):
        _line(rows, f"left_out_{number}", (name, reason))
    _line(rows, "left_out_providers", ("other providers", "their rules (rounding, hourly prices) need more lines"))


def _heading(rows: list[Row], key: str, headings: tuple[str, ...]) -> None:
    rows.append(Row(f"{key}_space", height=8))
    columns = [column for column, _ in _COLUMNS]
    texts = (*headings, *[""] * (len(columns) - len(headings)))
    entries = {column: Entry(text, "heading") for column, text in zip(columns, texts, strict=True)}
    rows.append(Row(f"{key}_heading", {**entries, "rate": Entry(texts[-1], "heading_right")}))


def _line(rows: list[Row], key: str, texts: tuple[str, ...], rate: float | None = None) -> None:
    entries = {column: Entry(text) for (column, _), text in zip(_COLUMNS, texts, strict=False)}
    if rate is not None:
        entries["rate"] = Entry(rate, "constant", "count")
    rows.append(Row(key, entries))


def _name_columns(names: dict[str, str], key: str, count: int, columns: dict[str, str]) -> None:
    for name, column in columns.items():
        names[f"{key}_{name}"] = f"{{{key}_1.{column}:{key}_{count}.{column}}}"
