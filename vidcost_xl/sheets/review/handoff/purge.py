"""What a hand-off must not hold: macros, links, hidden sheets, names of our functions. Taken out, or refused."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.package.edits.opened import TYPES, WORKBOOK, Package
from vidcost_xl.sheets.package.edits.values import Edit
from vidcost_xl.sheets.package.elements import elements, with_attribute
from vidcost_xl.sheets.render.added_sheets import part_of, remove_names, sheet_elements

_MACRO_BOOK: Final = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_PLAIN_BOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACROS: Final = "application/vnd.ms-office.vbaProject"

#: What a hand-off cannot be made of, by the kind of its relation.
_REFUSED: Final = {
    "connections": "reads data through a connection. Remove it (Data, Queries & Connections) and save.",
    "xlMacrosheet": "has a sheet of Excel 4 macros. Delete it and save.",
    "dialogsheet": "has a dialog sheet. Delete it and save.",
}

#: Names of our functions in texts, and calls of them.
_NAME: Final = re.compile(r"=?VIDEO_([A-Z0-9]+)|VIDEO_")
_TEXT_PARTS: Final = re.compile(rb"(>)([^<>]*VIDEO_[^<>]*)(<)|(=\s*[\"'])([^\"'<>]*VIDEO_[^\"'<>]*)([\"'])")
_TAG_BEFORE: Final = re.compile(rb"<(?:\w+:)?(?:f|formula\d?|definedName)(?:\s[^<>]*)?>$")
_LONGEST_TAG: Final = 300
_MACRO: Final = re.compile(rb"""(\smacro\s*=\s*)(["'])(?!\2)[^"']*\2""")
_OUTSIDE: Final = re.compile(r"\[\d+\]|\[[^\[\]]+\.xl\w+\]|\.xla[mx]?'?!", re.IGNORECASE)
_CALL: Final = re.compile(rb"<(?:\w+:)?f[^>]*>[^<]*VIDEO_", re.IGNORECASE)
_META: Final = re.compile(rb"<(?:\w+:)?c\s[^>]*\s[cv]m\s*=")


@lru_cache(maxsize=1)
def own_texts() -> Mapping[str, Mapping[str, str]]:
    """What our own texts say after a hand-off, in cells and inside formulas."""
    found: dict[str, Any] = tomllib.loads((files(__package__) / "data" / "texts.toml").read_text(encoding="utf-8"))
    return found


def outside_names(package: Package) -> frozenset[str]:
    """Workbook names that point at another workbook or at our functions, in small letters."""
    content = package.read(WORKBOOK)
    return frozenset(
        each.attributes.get("name", "").casefold()
        for each in elements(content, WORKBOOK, "definedName")
        if _is_outside(each.attributes.get("name", ""), content[each.inner : each.close].decode())
    )


def purge(package: Package) -> list[str]:
    """Take out of a file what a hand-off must not hold.

    Parameters
    ----------
    package : Package
        Its formulas call nothing of ours any more.

    Returns
    -------
    list of str
        What was done, for people.

    Raises
    ------
    BadArgumentError
        For what cannot be taken out without losing the user's work.
    """
    done = [*_links(package), *_macros(package), *_names(package), *_sheets(package), *_calculation(package)]
    done += _metadata(package)
    return done + reworded(package)


def remains(package: Package) -> list[str]:
    """What a hand-off must not hold and still does, part by part; nothing for one that is in order."""
    found = []
    for part in package.names:
        content = package.read(part)
        if part.endswith(("vbaProject.bin", "vbaData.xml")) or "/externalLinks/" in part or "customUI" in part:
            found.append(f"{part} is still there")
        if b"VIDEO_" in content or _CALL.search(content):
            found.append(f"{part} names a function of the add-in")
        if part.endswith(".rels"):
            folder, _, name = part.rpartition("_rels/")
            owner = folder + name.removesuffix(".rels")
            found += [
                f"{owner or 'the file'} reads {relation.target} ({relation.kind})"
                for relation in package.relations(owner)
                if relation.is_external and relation.kind != "hyperlink"
            ]
    hidden = [each for each in sheet_elements(package) if each.attributes.get("state", "visible") != "visible"]
    return found + [f"the sheet {each.attributes.get('name')} is hidden" for each in hidden]


def _links(package: Package) -> list[str]:
    done = []
    for relation in package.relations(WORKBOOK):
        if relation.kind in _REFUSED:
            raise BadArgumentError(f"{package.archive.name} {_REFUSED[relation.kind]}")
        if relation.kind == "externalLink":
            paths = [each.target for each in package.relations(relation.target) if each.is_external]
            package.remove(relation.target)
            done.append(f"link to {', '.join(_file_name(path) for path in paths) or 'another workbook'} removed")
    content = package.read(WORKBOOK)
    package.splice(WORKBOOK, *(each.without for each in elements(content, WORKBOOK, "externalReferences")))
    return done


def _file_name(path: str) -> str:
    # A link of Excel holds the folders of somebody's machine, which are nobody else's business.
    return re.split(r"[/\\]", path)[-1]


def _macros(package: Package) -> list[str]:
    done = []
    for relation in package.relations(WORKBOOK):
        if relation.kind == "vbaProject":
            package.remove(relation.target)
            done.append("macros removed")
    for relation in package.relations(""):
        if relation.kind == "extensibility":
            package.remove(relation.target)
            done.append("tab of the ribbon removed")
    content = package.read(TYPES)
    edits = [
        with_attribute(content, each, "ContentType", _PLAIN_BOOK)
        for each in elements(content, TYPES, "Override")
        if each.attributes.get("ContentType") == _MACRO_BOOK
    ]
    edits += [
        each.without
        for each in elements(content, TYPES, "Default")
        if each.attributes.get("ContentType") == _MACROS and not any(part.endswith(".bin") for part in package.names)
    ]
    package.splice(TYPES, *edits)
    for part in package.names:
        if part.startswith("xl/drawings/") and part.endswith((".xml", ".vml")):
            content = package.read(part)
            changed = _MACRO.sub(rb"\1\2\2", content)
            changed = re.sub(rb"<x:FmlaMacro>.*?</x:FmlaMacro>", b"", changed, flags=re.DOTALL)
            if changed != content:
                package.write(part, changed)
                done.append(f"shapes that started macros do so no more ({part})")
    return done


def _names(package: Package) -> list[str]:
    gone = outside_names(package)
    content = package.read(WORKBOOK)
    mine = [each for each in elements(content, WORKBOOK, "definedName") if each.attributes["name"].casefold() in gone]
    if mine:
        remove_names(package, mine)
    # The name may be one of our functions, which a hand-off does not mention.
    return [f"name {_NAME.sub(_said, each.attributes['name'])} removed" for each in mine]


def _is_outside(name: str, text: str) -> bool:
    return "VIDEO_" in f"{name} {text}".upper() or bool(_OUTSIDE.search(text))


def _sheets(package: Package) -> list[str]:
    content, done, edits = package.read(WORKBOOK), [], []
    for element in sheet_elements(package):
        if element.attributes.get("state", "visible") != "visible":
            edits.append(with_attribute(content, element, "state", "visible"))
            done.append(f"hidden sheet {element.attributes.get('name')} made visible")
    package.splice(WORKBOOK, *edits)
    return done


def _calculation(package: Package) -> list[str]:
    content, done = package.read(WORKBOOK), []
    for settings in elements(content, WORKBOOK, "calcPr"):
        if settings.attributes.get("calcMode") == "manual":
            package.splice(WORKBOOK, with_attribute(content, settings, "calcMode", None))
            done.append("calculation set from manual to automatic")
    content = package.read(WORKBOOK)
    for settings in elements(content, WORKBOOK, "calcPr"):
        if "fullCalcOnLoad" in settings.attributes:
            package.splice(WORKBOOK, with_attribute(content, settings, "fullCalcOnLoad", None))
    return done


def _metadata(package: Package) -> list[str]:
    sheets = [part for part in package.names if part.startswith("xl/worksheets/") and part.endswith(".xml")]
    if not any(_META.search(package.read(part)) for part in sheets):
        for relation in package.relations(WORKBOOK):
            if relation.kind == "sheetMetadata":
                package.remove(relation.target)
    return []


def reworded(package: Package) -> list[str]:
    """Say functions of the add-in in words in every text that names one; returns what was done to texts not ours."""
    done = []
    names = [element.attributes.get("name", "") for element in sheet_elements(package)]
    sheets = {part_of(package, name): name for name in names}
    own = {_escaped(old): _escaped(new) for old, new in own_texts()["text"].items()}
    for part in package.names:
        if not part.endswith((".xml", ".vml", ".rels")) or part == WORKBOOK:
            continue
        content = package.read(part)
        edits, foreign = [], 0
        for match in _TEXT_PARTS.finditer(content):
            group = 2 if match[2] is not None else 5
            if _TAG_BEFORE.search(content[max(0, match.start() - _LONGEST_TAG) : match.start() + 1]):
                continue  # a formula that is not in a cell: what remains is refused
            text = match[group].decode()
            new = own[text] if text in own else _NAME.sub(_said, text)
            edits.append(Edit(match.start(group), match.end(group), new.encode()))
            foreign += text not in own
        if part.endswith("sharedStrings.xml"):
            for old, new in own.items():
                whole = f">{old}<".encode()
                at = content.find(whole)
                if at >= 0 and "VIDEO_" not in old:
                    edits.append(Edit(at, at + len(whole), f">{new}<".encode()))
        package.splice(part, *edits)
        if foreign:
            where = f", on {sheets[part]}" if part in sheets else ""
            done.append(f"{foreign} texts that named functions of the add-in reworded{where}")
    return done


def _said(match: re.Match[str]) -> str:
    return f"add-in function {match[1]}" if match[1] else "add-in functions "


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
