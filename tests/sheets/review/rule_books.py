"""Workbooks for the tests of the rules: a stranger's clean one, and ways to spoil a file."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from vidcost_xl.sheets.calc.values import recalculate
from vidcost_xl.sheets.package.parts import read_parts, write_parts
from vidcost_xl.sheets.render.finish import finish
from vidcost_xl.sheets.review.rules.findings import Finding
from vidcost_xl.sheets.review.rules.run import check_workbook

FIRST, LAST = 4, 15  # columns D to O hold the months
MONTHS = range(FIRST, LAST + 1)


def stranger(spoil: Callable[[openpyxl.Workbook], None] | None = None) -> bytes:
    """A small budget as a careful person writes it, with one thing done to it."""
    book = openpyxl.Workbook()
    inputs = book.active
    inputs.title = "Inputs"
    for row in (
        ("Assumption", "Value", "Unit", "Source"),
        ("Price of a licence", 25.0, "USD a month", "price list of January"),
        ("New customers", 40, "a month", "sales plan"),
        ("Churn", 0.02, "a month", "average of last year"),
        ("Cost of support", 3.5, "USD a customer", "service contract"),
    ):
        inputs.append(row)
    sheet = book.create_sheet("Forecast")
    sheet["A1"] = "Forecast by month"
    sheet["A3"], sheet["B3"], sheet["C3"] = "Line", "Unit", "Total"
    for column in MONTHS:
        month = column - FIRST + 1
        own, before = get_column_letter(column), get_column_letter(column - 1)
        sheet.cell(3, column, datetime(2026, month, 28)).number_format = "mmm yyyy"
        opening = f"={before}8" if column > FIRST else "=C8"
        sheet.cell(5, column, opening)
        sheet.cell(6, column, "=Inputs!$B$3")
        sheet.cell(7, column, f"=-{own}5*Inputs!$B$4")
        sheet.cell(8, column, f"=SUM({own}5:{own}7)")
        sheet.cell(10, column, f"={own}8*Inputs!$B$2")
        sheet.cell(11, column, f"=-{own}8*Inputs!$B$5")
        sheet.cell(12, column, f"={own}10+{own}11")
    for row, label, unit in (
        (5, "Opening customers", "customers"),
        (6, "Joined", "customers"),
        (7, "Left", "customers"),
        (8, "Closing customers", "customers"),
        (10, "Revenue", "USD"),
        (11, "Support", "USD"),
        (12, "Margin", "USD"),
    ):
        sheet.cell(row, 1, label)
        sheet.cell(row, 2, unit)
    for row in (6, 7, 10, 11, 12):
        sheet.cell(row, 3, f"=SUM(D{row}:O{row})")
    sheet["A3"].font = Font(bold=True)
    notes = book.create_sheet("Notes")
    notes["A1"] = "Years of the contract are 2026, 2027; account 4711; version 1.2.3"
    notes["A2"] = "2026"
    if spoil is not None:
        spoil(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_values(data: bytes) -> bytes:
    """The file with the value of every formula, as a program that computes saves it."""
    return finish(read_parts(data), recalculate(data), {}, date(2026, 1, 1), lambda *_: None)


def edited(data: bytes, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """The file after a change through openpyxl; values of formulas are lost."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def replaced(data: bytes, part: str, old: str, new: str) -> bytes:
    """The file with one text of a part replaced."""
    parts = read_parts(data)
    assert old.encode() in parts[part], (part, old)
    parts[part] = parts[part].replace(old.encode(), new.encode())
    return write_parts(parts)


def added(data: bytes, **parts: bytes) -> bytes:
    """The file with more parts; `__` stands for a slash and `_dot_` for a dot."""
    names = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    return write_parts({**read_parts(data), **names})


def found(data: bytes, check: str) -> list[Finding]:
    return [finding for finding in check_workbook(data).findings if finding.check == check]


def places(data: bytes, check: str) -> list[tuple[str, str]]:
    return [(finding.sheet, finding.cell) for finding in found(data, check)]
