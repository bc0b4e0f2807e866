"""What the parts of a package point at."""

from __future__ import annotations

import posixpath
from collections.abc import Container
from dataclasses import dataclass
from urllib.parse import unquote

from vidcost_xl.sheets.package.elements import Element, elements


@dataclass(frozen=True)
class Relation:
    """What a part points at.

    Parameters
    ----------
    id, kind : str
        Its id, and the last word of its type, such as worksheet.
    target : str
        A part, or an address outside the file.
    """

    id: str
    kind: str
    target: str
    is_external: bool
    element: Element


def relations_part(part: str) -> str:
    """The part that holds the relations of another one; of the package itself for an empty name."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def read_relations(content: bytes, part: str, parts: Container[str]) -> list[Relation]:
    """The relations of a part, in order.

    Parameters
    ----------
    content : bytes
        Of its `relations_part`.
    parts : container of str
        The parts that there are.
    """
    found = []
    for element in elements(content, relations_part(part), "Relationship"):
        values = element.attributes
        target, is_external = values.get("Target", ""), values.get("TargetMode") == "External"
        if not is_external:
            folder = posixpath.dirname(part)
            target = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if is_external or target not in parts:
            target = unquote(target)
        kind = values.get("Type", "").rpartition("/")[2]
        found.append(Relation(values.get("Id", ""), kind, target, is_external, element))
    return found
