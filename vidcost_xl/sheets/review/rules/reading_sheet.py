"""One worksheet part as a sheet of the view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from openpyxl.utils import datetime as openpyxl_datetime
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from vidcost_xl.errors import EXCEL_ERRORS, ExcelError
from vidcost_xl.hosts.formulas import PREFIX, canonical_formula
from vidcost_xl.sheets.formulas.parsed import relative_text
from vidcost_xl.sheets.formulas.tokens import Box
from vidcost_xl.sheets.package.parts import MAIN, CellValue
from vidcost_xl.sheets.review.rules.view import Cell, Look, Sheet

#: Untyped in the stubs.
_to_excel: Final[Any] = openpyxl_datetime.to_excel
_ON: Final = frozenset({"1", "true"})
_HEADER_FOOTER: Final = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")


@dataclass(frozen=True)
class Shared:
    """What the cells of all sheets refer to by number.

    Parameters
    ----------
    texts : sequence of str
    looks : sequence of Look
    """

    texts: Sequence[str]
    looks: Sequence[Look]


def read_sheet(name: str, state: str, root: Any, shared: Shared, comments: Mapping[str, str]) -> Sheet:
    """A sheet of the view.

    Parameters
    ----------
    name, state : str
    root : element
        The parsed part.
    shared : Shared
    comments : mapping of str to str
        By address.

    Returns
    -------
    Sheet
    """
    cells, hidden_rows = _cells(root, shared)
    used = {column for _, column in cells}
    hidden_columns = []
    for node in root.iter(f"{{{MAIN}}}col"):
        first, last = int(node.get("min")), int(node.get("max"))
        is_hidden = node.get("hidden") in _ON or node.get("width") in {"0", "0.0"}
        # Hidden columns that hold nothing are the edge of the sheet, not a secret.
        if is_hidden and any(first <= column <= last for column in used):
            hidden_columns.append((first, min(last, max(used))))
    protection = root.find(f"{{{MAIN}}}sheetProtection")
    return Sheet(
        name=name,
        state=state,
        cells=cells,
        hidden_rows=tuple(hidden_rows),
        hidden_columns=tuple(hidden_columns),
        frozen=_frozen(root),
        protection=None if protection is None else dict(protection.attrib),
        page=_page(root),
        comments={coordinate_to_tuple(place): text for place, text in comments.items()},
        validated=tuple(_validated(root, name)),
    )


def _cells(root: Any, known: Shared) -> tuple[dict[tuple[int, int], Cell], list[int]]:
    cells: dict[tuple[int, int], Cell] = {}
    hidden: list[int] = []
    shared: dict[str, tuple[str, str, str]] = {}
    plain = root.find(f"{{{MAIN}}}sheetFormatPr")
    hides_rows = plain is not None and plain.get("zeroHeight") in _ON
    row_number = 0
    for row in root.iter(f"{{{MAIN}}}row"):
        row_number = int(row.get("r") or row_number + 1)
        column = 0
        is_hidden = row.get("hidden") in _ON or row.get("ht") in {"0", "0.0"} or (hides_rows and not row.get("ht"))
        before = len(cells)
        for node in row.iter(f"{{{MAIN}}}c"):
            place = node.get("r")
            column = coordinate_to_tuple(place)[1] if place else column + 1
            cell = _cell(node, (row_number, column), known, shared)
            if cell is not None:
                cells[row_number, column] = cell
        if is_hidden and len(cells) > before:
            hidden.append(row_number)
    return cells, hidden


def _cell(node: Any, spot: tuple[int, int], known: Shared, shared: dict[str, tuple[str, str, str]]) -> Cell | None:
    row, column = spot
    number = int(node.get("s") or 0)
    look = known.looks[number] if number < len(known.looks) else Look()
    value = _value(node, known.texts)
    formula = node.find(f"{{{MAIN}}}f")
    if formula is None or formula.get("t") == "dataTable":
        return None if value is None or value == "" else Cell(row, column, value, "", "", look)
    text = formula.text or ""
    group = formula.get("si")
    if formula.get("t") == "shared" and group in shared and not text:
        origin, first, relative = shared[group]
        return Cell(row, column, value, first, relative, look, (origin, first))
    if not text:
        return Cell(row, column, value, "", "", look) if value is not None else None
    written = _bare(f"={text}")
    relative = relative_text(written, row, column)
    if formula.get("t") == "shared":
        shared[group] = (node.get("r"), written, relative)
    return Cell(row, column, value, written, relative, look)


def _bare(formula: str) -> str:
    if PREFIX not in formula.upper():
        return formula
    try:
        return canonical_formula(formula)
    except ValueError:
        return formula  # no formula that the engine understands; the checks still look at it


def _value(node: Any, texts: Sequence[str]) -> CellValue | None:
    kind = node.get("t", "n")
    if kind == "inlineStr":
        return "".join(text.text or "" for text in node.iter(f"{{{MAIN}}}t"))
    text = node.findtext(f"{{{MAIN}}}v")
    if text is None:
        return None
    if kind == "s":
        return texts[int(text)]
    if kind == "b":
        return text.strip() in _ON
    if kind == "e":
        return ExcelError(text if text in EXCEL_ERRORS else "#UNKNOWN!")
    if kind == "str":
        return str(text)
    if kind == "d":
        moment: Any = datetime.fromisoformat(text)
        return float(_to_excel(moment))
    return float(text) if text.strip() else None


def _frozen(root: Any) -> tuple[int, int]:
    pane = next(root.iter(f"{{{MAIN}}}pane"), None)
    if pane is None or pane.get("state") not in {"frozen", "frozenSplit"}:
        return 0, 0
    return int(float(pane.get("ySplit", "0"))), int(float(pane.get("xSplit", "0")))


def _page(root: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in ("pageSetUpPr", "pageSetup"):
        for node in root.iter(f"{{{MAIN}}}{tag}"):
            found |= {str(key): str(value) for key, value in node.attrib.items()}
    for tag in _HEADER_FOOTER:
        found[tag] = root.findtext(f".//{{{MAIN}}}{tag}") or ""
    return found


def _validated(root: Any, sheet: str) -> list[Box]:
    boxes = []
    for node in root.iter(f"{{{MAIN}}}dataValidation"):
        for area in (node.get("sqref") or "").split():
            left, top, right, bottom = range_boundaries(area)
            if left is not None and top is not None and right is not None and bottom is not None:
                boxes.append(Box(sheet, top, left, bottom, right))
    return boxes
