"""A workbook's package opened for surgery: parts changed, added and removed; the rest is copied as it lies."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import Final

from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.edits.values import Edit, spliced
from vidcost_xl.sheets.package.elements import appended, elements, written
from vidcost_xl.sheets.package.parts import RELATION
from vidcost_xl.sheets.package.relations import Relation, read_relations, relations_part

TYPES: Final = "[Content_Types].xml"
WORKBOOK: Final = "xl/workbook.xml"

_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_EMPTY_RELATIONS: Final = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_RELATIONSHIPS}"></Relationships>'
).encode()


@dataclass
class Package:
    """The parts of a workbook, to be changed one by one."""

    archive: Archive
    _changed: dict[str, bytes] = field(default_factory=dict)
    _removed: set[str] = field(default_factory=set)
    _read: dict[str, bytes] = field(default_factory=dict)

    def __contains__(self, part: str) -> bool:
        return part in self._changed or (part in self.archive and part not in self._removed)

    @property
    def names(self) -> list[str]:
        """The parts there are now."""
        kept = [name for name in self.archive.names if name not in self._removed]
        return kept + [name for name in self._changed if name not in self.archive]

    def read(self, part: str) -> bytes:
        """The content of a part as it is now; raises `BadArgumentError` where there is none."""
        if part in self._changed:
            return self._changed[part]
        if part not in self._read:  # unpacking counts against the limits of an archive, reading again must not
            self._read[part] = self.archive.read(part)
        return self._read[part]

    def write(self, part: str, content: bytes) -> None:
        """Give a part other content, or add it."""
        self._removed.discard(part)
        self._changed[part] = content

    def splice(self, part: str, *edits: Edit) -> None:
        """Change bytes of a part."""
        if edits:
            self.write(part, spliced(self.read(part), edits))

    def data(self) -> bytes:
        """The file as it is now."""
        return self.archive.replaced(self._changed, self._removed)

    def relations(self, part: str) -> list[Relation]:
        """What a part points at, in order; of the package itself for an empty name."""
        name = relations_part(part)
        return read_relations(self.read(name), part, self.names) if name in self else []

    def relate(self, part: str, target: str, kind: str) -> str:
        """Let a part point at another one.

        Parameters
        ----------
        kind : str
            Last word of the relation's type.

        Returns
        -------
        str
            The id of the relation.
        """
        name = relations_part(part)
        content = self.read(name) if name in self else _EMPTY_RELATIONS
        taken = {relation.id for relation in self.relations(part)}
        identity = next(each for n in range(1, len(taken) + 2) if (each := f"rIdVidcost{n}") not in taken)
        place = posixpath.relpath(target, posixpath.dirname(part) or ".")
        root = elements(content, name, "Relationships")[0]
        new = written("Relationship", {"Id": identity, "Type": f"{RELATION}/{kind}", "Target": place})
        self.write(name, spliced(content, [appended(content, root, new)]))
        return identity

    def declare(self, part: str, content_type: str) -> None:
        """State the content type of a part."""
        content = self.read(TYPES)
        mine = [each for each in elements(content, TYPES, "Override") if each.attributes.get("PartName") == f"/{part}"]
        root = elements(content, TYPES, "Types")[0]
        new = written("Override", {"PartName": f"/{part}", "ContentType": content_type})
        self.splice(TYPES, *(each.without for each in mine), appended(content, root, new))

    def remove(self, part: str) -> None:
        """Take a part out: itself, what it points at alone, its content type, and every relation to it."""
        if part not in self:
            return
        below = [relation.target for relation in self.relations(part) if not relation.is_external]
        for gone in (part, relations_part(part)):
            self._changed.pop(gone, None)
            if gone in self.archive:
                self._removed.add(gone)
        content = self.read(TYPES)
        overrides = elements(content, TYPES, "Override")
        self.splice(TYPES, *(each.without for each in overrides if each.attributes.get("PartName") == f"/{part}"))
        for owner in self._owners():
            mine = [each.element.without for each in self.relations(owner) if each.target == part]
            self.splice(relations_part(owner), *mine)
        pointed = {each.target for owner in self._owners() for each in self.relations(owner)}
        for target in below:
            if target not in pointed and target in self and target.startswith("xl/"):
                self.remove(target)

    def _owners(self) -> list[str]:
        found = []
        for name in self.names:
            folder, _, rest = name.rpartition("_rels/")
            if rest.endswith(".rels"):
                found.append(folder + rest.removesuffix(".rels"))
        return found


def opened(data: bytes, name: str) -> Package:
    """A workbook's file opened for surgery.

    Raises
    ------
    BadArgumentError
        For a file that is no workbook.
    """
    return Package(Archive(data, name))
