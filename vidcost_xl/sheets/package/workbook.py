"""What calculation needs to know of a workbook besides its cells: sheets, names, tables, shared texts, settings."""

from __future__ import annotations

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
from vidcost_xl.sheets.package.looks import Look, read_looks
from vidcost_xl.sheets.package.relations import Relation, read_relations, relations_part

_WORKBOOK: Final = "xl/workbook.xml"
_TRUE: Final = frozenset({"1", "true", "on"})


@dataclass(frozen=True)
class Table:
    """A table of a sheet.

    Parameters
    ----------
    area : tuple of int
        Top, left, bottom, right, with header and totals.
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
class Tab:
    """A sheet of any kind; `state` is visible, hidden or veryHidden."""

    name: str
    part: str
    state: str


@dataclass(frozen=True)
class DefinedName:
    """A name: what it stands for without an equals sign, and the sheet it is of, empty for the whole workbook."""

    name: str
    text: str
    sheet: str
    hidden: bool


@dataclass(frozen=True)
class Settings:
    """How the workbook calculates.

    Parameters
    ----------
    mode : str
        auto, manual, or autoNoTable.
    iterates, as_displayed, recalculates : bool
        Circular formulas iterate; numbers are rounded to what is shown; Excel computes on opening.
    from_1904 : bool
        Whether dates count from 1904.
    """

    mode: str = "auto"
    iterates: bool = False
    as_displayed: bool = False
    recalculates: bool = False
    from_1904: bool = False

    @property
    def manual(self) -> bool:
        """Whether calculation is by hand."""
        return self.mode == "manual"


@dataclass
class Workbook:
    """A workbook's parts, by what they are."""

    archive: Archive
    tabs: list[Tab] = field(init=False)
    sheets: dict[str, str] = field(init=False)
    settings: Settings = field(init=False)
    names: dict[tuple[str, str], str] = field(init=False)
    defined: list[DefinedName] = field(init=False)

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
        related = self.relations(_WORKBOOK)
        order = [(node, related.get(_relation(node))) for node in _all(root, "sheet")]
        self.tabs = [
            Tab(node.get("name", ""), relation.target if relation else "", node.get("state", "visible"))
            for node, relation in order
        ]
        worksheets = [tab for tab in self.tabs if "/worksheets/" in tab.part and tab.part in self.archive]
        self.sheets = {tab.name: tab.part for tab in worksheets}
        self.defined = [self._defined(node) for node in _all(root, "definedName")]
        self.names = {(each.sheet, each.name.casefold()): each.text for each in self.defined}
        self._links = [related.get(_relation(node)) for node in _all(root, "externalReference")]
        self.settings = _settings(root)

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Tables by their name in lower case."""
        found = {}
        for sheet, part in self.sheets.items():
            for relation in self.relations(part).values():
                target = relation.target
                if relation.kind != "table" or target not in self.archive:
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
        part = self._part("sharedStrings")
        if not part:
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

    @cached_property
    def looks(self) -> list[Look]:
        """How cells look, by the number that they carry."""
        styles, theme = (self._part(kind) for kind in ("styles", "theme"))
        try:
            return read_looks(*(self.archive.read(part) if part else b"" for part in (styles, theme)))
        except ValueError:
            raise BadArgumentError(
                f"{self.archive.name} is damaged: {styles} has letters where numbers belong. Repair it in Excel."
            ) from None

    @cached_property
    def links(self) -> list[tuple[int, str]]:
        """Workbooks it links to: their number in formulas, and where they are; never followed."""
        found = []
        for number, relation in enumerate(self._links, start=1):
            targets = list(self.relations(relation.target).values()) if relation else []
            found.append((number, targets[0].target if targets else "unknown source"))
        return found

    def relations(self, part: str) -> dict[str, Relation]:
        """What a part points at, by id."""
        held = relations_part(part)
        if held not in self.archive:
            return {}
        return {each.id: each for each in read_relations(self.archive.read(held), part, self.archive.names)}

    def _part(self, kind: str) -> str:
        # Of the workbook's own parts the one of a kind; empty where there is none.
        targets = (each.target for each in self.relations(_WORKBOOK).values() if each.kind == kind)
        return next((target for target in targets if target in self.archive), "")

    def _defined(self, node: Any) -> DefinedName:
        local = node.get("localSheetId")
        scope = self.tabs[int(local)].name if local and local.isdigit() and int(local) < len(self.tabs) else ""
        name, text = str(node.get("name", "")), (node.text or "").strip()
        return DefinedName(name, text, scope, node.get("hidden") in _TRUE)


def _all(root: Any, name: str) -> list[Any]:
    return [node for node in root.iter() if str(node.tag).rpartition("}")[2] == name]


def _relation(node: Any) -> str:
    return next((str(value) for key, value in node.attrib.items() if key.endswith("}id")), "")


def _settings(root: Any) -> Settings:
    calculation: dict[str, str] = next((dict(node.attrib) for node in _all(root, "calcPr")), {})
    properties: dict[str, str] = next((dict(node.attrib) for node in _all(root, "workbookPr")), {})
    return Settings(
        mode=calculation.get("calcMode", "auto"),
        iterates=calculation.get("iterate") in _TRUE,
        as_displayed=calculation.get("fullPrecision", "1") not in _TRUE,
        recalculates=calculation.get("fullCalcOnLoad") in _TRUE,
        from_1904=properties.get("date1904") in _TRUE,
    )
