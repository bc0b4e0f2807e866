"""What calculation needs to know of a workbook besides its cells: sheets, names, tables, shared texts, settings."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from openpyxl.utils.cell import range_boundaries

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.cell_parser import parse
from vidcost_xl.sheets.package.cells import Bounds
from vidcost_xl.sheets.package.edits.values import decoded

_WORKBOOK: Final = "xl/workbook.xml"
_TRUE: Final = frozenset({"1", "true", "on"})


@dataclass(frozen=True)
class Table:
    """A table of a sheet.

    Parameters
    ----------
    sheet : str
    area : tuple of int
        Top, left, bottom, right, with header and totals.
    columns : tuple of str
    headers, totals : int
        Rows of each.
    part : str
        Of the package.
    """

    sheet: str
    area: Bounds
    columns: tuple[str, ...]
    headers: int
    totals: int
    part: str = ""


@dataclass(frozen=True)
class Settings:
    """How the workbook calculates.

    Parameters
    ----------
    manual, iterates, as_displayed, recalculates : bool
        Calculation by hand; circular formulas iterate; numbers are rounded to what is shown; Excel computes on opening.
    from_1904 : bool
        Whether dates count from 1904.
    """

    manual: bool = False
    iterates: bool = False
    as_displayed: bool = False
    recalculates: bool = False
    from_1904: bool = False


@dataclass
class Workbook:
    """A workbook's parts, by what they are.

    Parameters
    ----------
    archive : Archive
    """

    archive: Archive
    sheets: dict[str, str] = field(init=False)
    settings: Settings = field(init=False)
    names: dict[tuple[str, str], str] = field(init=False)

    def __post_init__(self) -> None:
        if "xl/workbook.bin" in self.archive:
            raise BadArgumentError(
                f"{self.archive.name} is a binary workbook (.xlsb) inside. Open it in Excel and save it as .xlsx."
            )
        if _WORKBOOK not in self.archive:
            raise BadArgumentError(
                f"{self.archive.name} is not an Excel workbook (.xlsx, .xlsm): it has no {_WORKBOOK}. Save it as one "
                "in Excel."
            )
        root = self._xml(_WORKBOOK)
        targets = self._targets(_WORKBOOK)
        order = [(node.get("name", ""), _relation(node)) for node in _all(root, "sheet")]
        worksheets = [(name, targets[identity][0]) for name, identity in order if identity in targets]
        self.sheets = {name: part for name, part in worksheets if "/worksheets/" in part and part in self.archive}
        self.names = {}
        for node in _all(root, "definedName"):
            local = node.get("localSheetId")
            scope = order[int(local)][0] if local and local.isdigit() and int(local) < len(order) else ""
            self.names[scope, str(node.get("name", "")).casefold()] = (node.text or "").strip()
        self.settings = _settings(root)

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Tables by their name in lower case."""
        found = {}
        for sheet, part in self.sheets.items():
            for target, kind in self._targets(part).values():
                if not kind.endswith("/table") or target not in self.archive:
                    continue
                root = self._xml(target)
                left, top, right, bottom = (edge or 0 for edge in range_boundaries(root.get("ref", "A1")))
                headers, totals = int(root.get("headerRowCount", 1)), int(root.get("totalsRowCount", 0))
                columns = tuple(decoded(str(node.get("name", ""))).casefold() for node in _all(root, "tableColumn"))
                name = str(root.get("displayName") or root.get("name", "")).casefold()
                found[name] = Table(sheet, (top, left, bottom, right), columns, headers, totals, target)
        return found

    @cached_property
    def texts(self) -> list[str]:
        """The shared texts."""
        targets = self._targets(_WORKBOOK).values()
        part = next((target for target, kind in targets if kind.endswith("/sharedStrings")), "")
        if part not in self.archive:
            return []
        found: list[str] = []
        pieces: list[str] = []
        state = {"text": False, "silent": False}

        def start(name: str, attributes: dict[str, str], at: int) -> None:
            if name == "si":
                pieces.clear()
            elif name == "rPh":
                state["silent"] = True
            elif name == "t":
                state["text"] = not state["silent"]

        def end(name: str, at: int) -> None:
            if name == "si":
                found.append(decoded("".join(pieces)))
            elif name == "rPh":
                state["silent"] = False
            elif name == "t":
                state["text"] = False

        def characters(text: str) -> None:
            if state["text"]:
                pieces.append(text)

        parse(self.archive.read(part), part, start, end, characters)
        return found

    def _xml(self, part: str) -> Any:
        try:
            return fromstring(self.archive.read(part), forbid_dtd=True)
        except DefusedXmlException:
            raise BadArgumentError(
                f"{self.archive.name} declares a document type in {part}, which no Excel does; it is not read."
            ) from None
        except ParseError as error:
            raise BadArgumentError(
                f"{self.archive.name} is damaged: {part} is not readable XML ({error}). Repair it in Excel."
            ) from None

    def _targets(self, part: str) -> dict[str, tuple[str, str]]:
        folder, name = posixpath.split(part)
        relations = f"{folder}/_rels/{name}.rels"
        if relations not in self.archive:
            return {}
        found = {}
        for node in self._xml(relations):
            if node.get("TargetMode") == "External":
                continue
            target = str(node.get("Target", ""))
            path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[str(node.get("Id"))] = (path, str(node.get("Type")))
        return found


def _all(root: Any, name: str) -> list[Any]:
    return [node for node in root.iter() if str(node.tag).rpartition("}")[2] == name]


def _relation(node: Any) -> str:
    return next((str(value) for key, value in node.attrib.items() if key.endswith("}id")), "")


def _settings(root: Any) -> Settings:
    calculation: dict[str, str] = next((dict(node.attrib) for node in _all(root, "calcPr")), {})
    properties: dict[str, str] = next((dict(node.attrib) for node in _all(root, "workbookPr")), {})
    return Settings(
        manual=calculation.get("calcMode") == "manual",
        iterates=calculation.get("iterate") in _TRUE,
        as_displayed=calculation.get("fullPrecision", "1") not in _TRUE,
        recalculates=calculation.get("fullCalcOnLoad") in _TRUE,
        from_1904=properties.get("date1904") in _TRUE,
    )
