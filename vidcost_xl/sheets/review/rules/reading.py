"""A workbook file as a view: parsed, never executed, no link followed, nothing written."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.package.parts import MAIN, RELATION, parse_xml
from vidcost_xl.sheets.review.rules.looks import looks
from vidcost_xl.sheets.review.rules.opening import workbook_parts
from vidcost_xl.sheets.review.rules.reading_sheet import Shared, read_sheet
from vidcost_xl.sheets.review.rules.view import Book, Name, Sheet

_CORE: Final = "http://purl.org/dc/elements/1.1/"
_WORKBOOK: Final = "xl/workbook.xml"


@dataclass(frozen=True)
class _Relation:
    kind: str
    target: str
    is_external: bool


def read_book(data: bytes) -> Book:
    """Read a workbook.

    Parameters
    ----------
    data : bytes
        An .xlsx or .xlsm file, in the form any program saves.

    Returns
    -------
    Book

    Raises
    ------
    BadArgumentError
        For a file that is no such workbook or is damaged.
    """
    parts = workbook_parts(data)
    try:
        return _book(parts)
    except BadArgumentError:
        raise
    except (KeyError, ValueError, IndexError, TypeError, AttributeError, etree.LxmlError) as error:
        # A part that contradicts the format: said in one line, whichever program made it.
        raise BadArgumentError(
            f"the workbook is damaged ({type(error).__name__}: {error}). In Excel: File, Open, Open and Repair."
        ) from None


def _book(parts: Mapping[str, bytes]) -> Book:
    if _WORKBOOK not in parts:
        raise BadArgumentError("this is not an Excel workbook (.xlsx): it has no xl/workbook.xml.")
    root = parse_xml(parts[_WORKBOOK])
    relations = _relations(parts, _WORKBOOK)
    by_kind = {relation.kind: relation.target for relation in relations.values()}
    texts = _shared_texts(parts, by_kind.get("sharedStrings", "xl/sharedStrings.xml"))
    styles = looks(parts, by_kind.get("styles", "xl/styles.xml"), by_kind.get("theme", "xl/theme/theme1.xml"))
    shared = Shared(texts, styles)
    sheets: dict[str, Sheet] = {}
    for node in root.iter(f"{{{MAIN}}}sheet"):
        name, state = node.get("name"), node.get("state", "visible")
        relation = relations.get(node.get(f"{{{RELATION}}}id"))
        sheets[name] = Sheet(name, state)
        if relation is None or relation.target not in parts:
            raise BadArgumentError(f"the workbook is damaged: its sheet {name!r} is missing.")
        if relation.kind == "worksheet":
            comments = _comments(parts, relation.target)
            sheets[name] = read_sheet(name, state, parse_xml(parts[relation.target]), shared, comments)
    if not sheets:
        raise BadArgumentError("the workbook is damaged: it has no sheets.")
    calculation = root.find(f"{{{MAIN}}}calcPr")
    return Book(
        sheets=sheets,
        names=tuple(_names(root, list(sheets))),
        calculation={} if calculation is None else dict(calculation.attrib),
        links=tuple(_links(root, relations, parts)),
        parts=frozenset(parts),
        creator=_creator(parts),
    )


def _relations(parts: Mapping[str, bytes], part: str) -> dict[str, _Relation]:
    folder, name = posixpath.split(part)
    content = parts.get(f"{folder}/_rels/{name}.rels")
    if content is None:
        return {}
    found = {}
    for node in parse_xml(content):
        target = node.get("Target") or ""
        is_external = node.get("TargetMode") == "External"
        if not is_external:
            target = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[node.get("Id")] = _Relation((node.get("Type") or "").rsplit("/", 1)[-1], target, is_external)
    return found


def _shared_texts(parts: Mapping[str, bytes], part: str) -> list[str]:
    if part not in parts:
        return []
    phonetic = f"{{{MAIN}}}rPh"
    return [
        "".join(
            node.text or ""
            for node in item.iter(f"{{{MAIN}}}t")
            if not any(x.tag == phonetic for x in node.iterancestors())
        )
        for item in parse_xml(parts[part]).iter(f"{{{MAIN}}}si")
    ]


def _names(root: Any, sheets: list[str]) -> list[Name]:
    found = []
    for node in root.iter(f"{{{MAIN}}}definedName"):
        local = node.get("localSheetId")
        sheet = sheets[int(local)] if local is not None and int(local) < len(sheets) else ""
        found.append(Name(node.get("name"), node.text or "", sheet, node.get("hidden") in {"1", "true"}))
    return found


def _links(root: Any, relations: Mapping[str, _Relation], parts: Mapping[str, bytes]) -> list[tuple[int, str]]:
    found = []
    for number, node in enumerate(root.iter(f"{{{MAIN}}}externalReference"), start=1):
        relation = relations.get(node.get(f"{{{RELATION}}}id"))
        targets = [] if relation is None else [r.target for r in _relations(parts, relation.target).values()]
        found.append((number, targets[0] if targets else "unknown source"))
    return found


def _comments(parts: Mapping[str, bytes], sheet: str) -> dict[str, str]:
    found = {}
    for relation in _relations(parts, sheet).values():
        if relation.kind == "comments" and relation.target in parts:
            for node in parse_xml(parts[relation.target]).iter(f"{{{MAIN}}}comment"):
                found[node.get("ref")] = " ".join("".join(x.text or "" for x in node.iter(f"{{{MAIN}}}t")).split())
    return found


def _creator(parts: Mapping[str, bytes]) -> str:
    content = parts.get("docProps/core.xml")
    return "" if content is None else parse_xml(content).findtext(f"{{{_CORE}}}creator") or ""
