"""Elements of a part and where their bytes are, whatever prefix they are written with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.package.edits.values import Edit, after, tag_at, tag_with

#: Between the namespace and the name of an attribute, as expat joins them.
_JOINED: Final = " "


@dataclass(frozen=True)
class Element:
    """An element and its bytes.

    Parameters
    ----------
    name : str
        Without its prefix.
    attributes : mapping of str to str
        By name without prefix.
    start, end : int
        From its tag to behind its closing tag.
    inner, close : int
        Its content; both are `end` where it is one empty tag.
    path : tuple of str
        Names of the elements around it, the outermost first.
    """

    name: str
    namespace: str
    attributes: Mapping[str, str]
    start: int
    end: int
    inner: int
    close: int
    path: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether it is written as one tag."""
        return self.inner == self.end

    @property
    def without(self) -> Edit:
        """The edit that takes it out."""
        return Edit(self.start, self.end, b"")


class Opened(NamedTuple):
    """An element whose end has not come yet; attributes of a namespace have it in front of their name."""

    name: str
    namespace: str
    attributes: dict[str, str]
    start: int


@dataclass
class _Walk:
    content: bytes
    names: frozenset[str]
    found: list[Element] = field(default_factory=list)
    stack: list[Opened] = field(default_factory=list)


def elements(
    content: bytes, part: str, *names: str, counts: Callable[[str, list[Opened]], bool] | None = None
) -> list[Element]:
    """Every element of some names, in the order of their ends.

    Parameters
    ----------
    part : str
        How messages call it.
    names : str
        Without prefix; all elements when none is given.
    counts : callable, optional
        Of the name of one and those around it, the outermost first: whether it is wanted.

    Raises
    ------
    BadArgumentError
        For a part that is not XML, or declares a document type.
    """
    walk = _Walk(content, frozenset(names))
    parser = expat.ParserCreate(namespace_separator=_JOINED)

    def opened(name: str, attributes: dict[str, str]) -> None:
        namespace, _, bare = name.rpartition(_JOINED)
        walk.stack.append(Opened(bare, namespace, attributes, parser.CurrentByteIndex))

    def closed(_: str) -> None:
        done = walk.stack.pop()
        if walk.names and done.name not in walk.names:
            return
        if counts is not None and not counts(done.name, walk.stack):
            return
        first = tag_at(content, done.start)
        end = after(content, done.start, parser.CurrentByteIndex)
        is_empty = first[0].endswith(b"/>")
        inner, close = (end, end) if is_empty else (first.end(), parser.CurrentByteIndex)
        bare = {key.rpartition(_JOINED)[2]: value for key, value in done.attributes.items()}
        path = tuple([each.name for each in walk.stack])
        walk.found.append(Element(done.name, done.namespace, bare, done.start, end, inner, close, path))

    def refused(*_: object) -> None:
        raise BadArgumentError(f"{part} declares a document type or an entity, which no Excel does; it is not read.")

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refused
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        if isinstance(error, BadArgumentError):
            raise
        raise BadArgumentError(f"{part} is not readable XML ({error}). Open and save the file in Excel.") from None
    return walk.found


def appended(content: bytes, parent: Element, new: bytes) -> Edit:
    """The edit that puts bytes at the end of an element."""
    if not parent.is_empty:
        return Edit(parent.close, parent.close, new)
    tag = tag_at(content, parent.start)
    return Edit(parent.start, parent.end, tag[0][:-2].rstrip() + b">" + new + b"</" + tag[1] + b">")


def with_attribute(content: bytes, element: Element, name: str, value: str | None) -> Edit:
    """The edit that gives an element's tag another value of an attribute, or takes it away with None.

    Parameters
    ----------
    name : str
        As written, prefix included.

    Returns
    -------
    Edit
        Of the tag alone.
    """
    tag = tag_at(content, element.start)
    escaped = None if value is None else quoteattr(value, {'"': "&quot;"})[1:-1].encode()
    return Edit(tag.start(), tag.end(), tag_with(tag, name.encode(), escaped))


def written(tag: str, attributes: Mapping[str, object], text: str | None = None) -> bytes:
    """An element as bytes; one empty tag without a text."""
    opened = f"<{tag}" + "".join(f" {name}={quoteattr(str(value))}" for name, value in attributes.items())
    return (f"{opened}/>" if text is None else f"{opened}>{escape(text)}</{tag}>").encode()
