"""What a sheet says besides its cells: what it hides, freezes, protects and prints, and its comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from openpyxl.utils.cell import coordinate_to_tuple

from vidcost_xl.areas import Spot
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.package.parts import parse_xml
from vidcost_xl.sheets.package.workbook import Workbook

_ON: Final = frozenset({"1", "true"})
_NO_SIZE: Final = frozenset({"0", "0.0"})
_HEADER_FOOTER: Final = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")


_CELLS: Final = b"<sheetData>"
_ROW: Final = re.compile(rb'<row(?: [\w:]+="[^"<]*")*/?>')
_ANY_ROW: Final = re.compile(rb"<(?:\w+:)?row[\s/>]")


@dataclass(frozen=True)
class Setup:
    """The settings of one sheet.

    Parameters
    ----------
    hidden_columns : tuple of (int, int)
        First and last of each run.
    frozen : (int, int)
        Rows and columns in the freeze pane.
    protection : mapping of str to str, or None
        The attributes of the sheet's protection.
    page : mapping of str to str
        Page set-up: orientation, fitToPage, fitToWidth, fitToHeight, header and footer texts.
    comments : mapping of (row, column) to str
    """

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    frozen: tuple[int, int] = (0, 0)
    protection: Mapping[str, str] | None = None
    page: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[Spot, str] = field(default_factory=dict)


def read_setup(book: Workbook, name: str, content: bytes) -> Setup:
    """The settings of a worksheet.

    Parameters
    ----------
    content : bytes
        The sheet's part.

    Raises
    ------
    BadArgumentError
        For settings that contradict the format.
    """
    root = parse_xml(_without_cells(content))
    outside = [each for each in root if not str(each.tag).endswith("}sheetData")]
    try:
        protection = root.find("{*}sheetProtection")
        return Setup(
            frozenset(_hidden_rows(root)),
            tuple(_hidden_columns(outside)),
            _frozen(outside),
            None if protection is None else dict(protection.attrib),
            _page(outside),
            dict(_comments(book, book.sheets[name])),
        )
    except (TypeError, ValueError):
        raise BadArgumentError(
            f"the workbook is damaged: the settings of its sheet {name!r} have texts where numbers or addresses "
            "belong. In Excel: File, Open, Open and Repair."
        ) from None


def _without_cells(content: bytes) -> bytes:
    # A sheet is nearly all cells, which were read already and hold no settings. One with comments, or written in
    # another way than Excel and we do, stays as it is.
    start, end = content.find(_CELLS), content.find(b"</sheetData>")
    rows = [] if b"<!" in content else _ROW.findall(content, start, end)
    if start < 0 or end < start or len(rows) != len(_ANY_ROW.findall(content, start, end)):
        return content
    tags = b"".join([tag if tag.endswith(b"/>") else tag[:-1] + b"/>" for tag in rows])
    return content[:start] + _CELLS + tags + content[end:]


def _hidden_rows(root: Any) -> Iterator[int]:
    plain = root.find("{*}sheetFormatPr")
    hides_rows = plain is not None and plain.get("zeroHeight") in _ON
    number = 0
    for row in root.iter("{*}row"):
        number = int(row.get("r") or number + 1)
        if row.get("hidden") in _ON or row.get("ht") in _NO_SIZE or (hides_rows and not row.get("ht")):
            yield number


def _all(outside: list[Any], tag: str) -> Iterator[Any]:
    for each in outside:
        yield from each.iter(f"{{*}}{tag}")


def _hidden_columns(outside: list[Any]) -> Iterator[tuple[int, int]]:
    for node in _all(outside, "col"):
        if node.get("hidden") in _ON or node.get("width") in _NO_SIZE:
            yield int(node.get("min")), int(node.get("max"))


def _frozen(outside: list[Any]) -> tuple[int, int]:
    pane = next(_all(outside, "pane"), None)
    if pane is None or pane.get("state") not in {"frozen", "frozenSplit"}:
        return 0, 0
    return int(float(pane.get("ySplit", "0"))), int(float(pane.get("xSplit", "0")))


def _page(outside: list[Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in ("pageSetUpPr", "pageSetup"):
        for node in _all(outside, tag):
            found |= {str(key): str(value) for key, value in node.attrib.items()}
    for tag in _HEADER_FOOTER:
        found[tag] = next((node.text or "" for node in _all(outside, tag)), "")
    return found


def _comments(book: Workbook, part: str) -> Iterator[tuple[Spot, str]]:
    for relation in book.relations(part).values():
        if relation.kind == "comments" and relation.target in book.archive:
            for node in parse_xml(book.archive.read(relation.target)).iter("{*}comment"):
                text = "".join(each.text or "" for each in node.iter("{*}t"))
                yield coordinate_to_tuple(node.get("ref")), " ".join(text.split())
