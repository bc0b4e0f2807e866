"""A plan workbook that somebody worked in, and its hand-off with functions that can be typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.sheets.calc_files import user_workbook
from tests.sheets.conftest import as_excel_saves
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.layout import places
from vidcost_xl.sheets.package.edits.opened import opened
from vidcost_xl.sheets.package.parts import read_parts, write_parts
from vidcost_xl.sheets.review.handoff.run import Order, hand_off
from vidcost_xl.sheets.review.handoff.typing_page import put_typing


@pytest.fixture(scope="session")
def worked_in(models):
    """As Excel saves it, with a user's own sheet, picture, XML, macro, hidden sheet, and a comment on a function."""
    parts = read_parts(user_workbook(as_excel_saves(models["bill"].data)))
    types = parts["[Content_Types].xml"].decode()
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    types = types.replace(main, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    types = types.replace(
        "<Default", '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Default', 1
    )
    parts["[Content_Types].xml"] = types.encode()
    parts["xl/vbaProject.bin"] = b"Attribute VB_Name: VIDEO_EGRESS"
    relations = parts["xl/_rels/workbook.xml.rels"].decode()
    kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    relations = relations.replace(
        "</Relationships>", f'<Relationship Id="rIdVba" Type="{kind}" Target="vbaProject.bin"/></Relationships>'
    )
    parts["xl/_rels/workbook.xml.rels"] = relations.encode()
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'name="Mine"', b'name="Mine" state="hidden"')
    parts["xl/comments/comment1.xml" if "xl/comments/comment1.xml" in parts else "xl/comments9.xml"] = (
        b'<?xml version="1.0"?><comments><text><t>compare VIDEO_STORAGE</t></text></comments>'
    )
    return write_parts(parts)


@pytest.fixture(scope="session")
def plan(once, worked_in):
    order = Order("Ada", datetime(2026, 11, 26, 8, 30), lambdas=True)
    # Without the workbook that was judged, which is large and which no test looks at.
    return once("worked-in-handed", lambda: replace(hand_off(worked_in, "book.xlsm", order), judged=None))


@pytest.fixture(scope="session")
def typed(handed):
    """A hand-off with the names, as the command puts them in last; other programs read all of it."""
    contents, package = Contents(handed, "handed.xlsx"), opened(handed, "handed.xlsx")
    put_typing(package, contents, contents.named(places.MASTER), "Ada", date(2026, 11, 26))
    return package.data()
