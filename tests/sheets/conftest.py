"""Helpers of the workbook tests: one built page, its file as Excel saves it, LibreOffice or a reason why not."""

from __future__ import annotations

import os
import re
import shutil

import pytest

from vidcost_xl.sheets.package.parts import read_parts, write_parts
from vidcost_xl.sheets.plan.new import NewWorkbook, build

EXTERNAL_LINK = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<externalBook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId1"/>'
    "</externalLink>"
)
EXTERNAL_RELATION = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
    'Target="file:///C:\\Users\\someone\\AppData\\Roaming\\Microsoft\\AddIns\\vidcost.xlam" TargetMode="External"/>'
    "</Relationships>"
)
LINK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
LINK_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"


@pytest.fixture(scope="session")
def quick() -> NewWorkbook:
    return build("quick")


@pytest.fixture(scope="session")
def handed(handed_by_command) -> bytes:
    """The plan workbook as it was made, handed off."""
    return handed_by_command[0]


@pytest.fixture(scope="session")
def excel_form(quick: NewWorkbook) -> bytes:
    return as_excel_saves(quick.data)


@pytest.fixture(scope="session")
def libreoffice() -> None:
    if shutil.which("soffice") is None:
        reason = "LibreOffice (soffice) is not installed"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}, and CI must not skip it")
        pytest.skip(reason)


def as_excel_saves(data: bytes, prefix: str = "[1]!") -> bytes:
    """The package with add-in functions as Excel writes them: `[1]!VIDEO_X(` and a link to the .xlam."""

    def linked(text: bytes) -> bytes:
        return re.sub(rb"\bVIDEO_", lambda _: prefix.encode() + b"VIDEO_", text)

    parts = read_parts(data)
    for name in parts:
        if name.startswith("xl/worksheets/sheet"):
            formula = re.compile(rb"(<f[^>]*>)([^<]*)(</f>)")
            parts[name] = formula.sub(lambda match: match[1] + linked(match[2]) + match[3], parts[name])
    parts["xl/externalLinks/externalLink1.xml"] = EXTERNAL_LINK.encode()
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = EXTERNAL_RELATION.encode()
    override = f'<Override PartName="/xl/externalLinks/externalLink1.xml" ContentType="{LINK_TYPE}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", override.encode())
    relation = f'<Relationship Id="rIdLink" Type="{LINK_RELATION}" Target="externalLinks/externalLink1.xml"/>'
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(b"</Relationships>", relation.encode() + b"</Relationships>")
    reference = (
        '<externalReferences><externalReference xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships" r:id="rIdLink"/></externalReferences><definedNames>'
    )
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"<definedNames>", reference.encode())
    return write_parts(parts)
