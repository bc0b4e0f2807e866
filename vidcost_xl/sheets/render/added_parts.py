"""What hangs on an added sheet, charts and tables: put into a user's file under names that are free there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from vidcost_xl.sheets.package.edits.opened import TYPES, Package
from vidcost_xl.sheets.package.elements import elements
from vidcost_xl.sheets.package.parts import RELATION, CellValue, parse_xml, to_xml
from vidcost_xl.sheets.render.finish import with_chart_values

_NUMBER: Final = re.compile(r"\d*(\.\w+)$")
_TABLE: Final = "table"
_CHART: Final = "chart"


def hang(package: Package, part: str, content: bytes, source: Package, origin: str) -> bytes:
    """Copy what a sheet points at into a file.

    Parameters
    ----------
    part, content : str, bytes
        The sheet in the file, which is to point at the copies.
    source, origin : Package, str
        The file that the sheet was written into, and its part there.

    Returns
    -------
    bytes
        The content with the numbers that the relations have in the file.
    """
    moved = {}
    for relation in source.relations(origin):
        there = source.read(relation.target)
        name = _free(package, relation.target)
        if relation.kind == _TABLE:
            there = _numbered(package, there)
        package.write(name, there)
        package.declare(name, _type_of(source, relation.target))
        package.write(name, hang(package, name, there, source, relation.target))
        moved[relation.id] = package.relate(part, name, relation.kind)
    return _pointing(content, moved) if moved else content


def charts_of(package: Package, part: str) -> Iterator[str]:
    """The parts of the charts on a sheet."""
    for relation in package.relations(part):
        if relation.kind == "drawing":
            yield from (each.target for each in package.relations(relation.target) if each.kind == _CHART)


def fill_charts(package: Package, part: str, shown: Callable[[str, int, int], CellValue | None]) -> None:
    """Keep the values that a sheet's charts draw inside them, as previews and phones need it."""
    for chart in list(charts_of(package, part)):
        package.write(chart, with_chart_values(package.read(chart), shown))


def _free(package: Package, name: str) -> str:
    numbers = range(1, len(package.names) + 2)
    return next(each for n in numbers if (each := _NUMBER.sub(rf"{n}\1", name)) not in package)


def _type_of(source: Package, part: str) -> str:
    overrides = elements(source.read(TYPES), TYPES, "Override")
    return next(each.attributes["ContentType"] for each in overrides if each.attributes["PartName"] == f"/{part}")


def _numbered(package: Package, content: bytes) -> bytes:
    # A table has a number and a name that no other table of the workbook has.
    held = [
        each.attributes
        for name in package.names
        if name.startswith("xl/tables/")
        for each in elements(package.read(name), name, "table")
    ]
    root: Any = parse_xml(content)
    taken = {each.get("displayName", "").casefold() for each in held}
    name = root.get("displayName")
    free = next(
        each for n in range(len(taken) + 1) if (each := f"{name}_{n + 1}" if n else name).casefold() not in taken
    )
    root.set("id", str(max((int(each.get("id", "0")) for each in held), default=0) + 1))
    root.set("name", free)
    root.set("displayName", free)
    return to_xml(root)


def _pointing(content: bytes, moved: dict[str, str]) -> bytes:
    root: Any = parse_xml(content)
    for node in root.iter():
        for key in [key for key in node.attrib if key.startswith(f"{{{RELATION}}}")]:
            node.set(key, moved.get(node.get(key), node.get(key)))
    return to_xml(root)
