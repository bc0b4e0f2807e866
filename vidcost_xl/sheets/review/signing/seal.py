"""Seals: a digest over everything that was signed, and over the signatures before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vidcost_xl.sheets.review.signing.record import RowRecord

PREPARER: Final = "Preparer"
REVIEWER: Final = "Reviewer"

#: Characters of a group, for reading aloud.
_GROUP: Final = 4
_BETWEEN: Final = "\x1f"


@dataclass(frozen=True)
class Signature:
    """Who signed, as what, and when.

    Parameters
    ----------
    role : {"Preparer", "Reviewer"}
    on : str
        Day and time, as written.
    seal : str
        In groups of four.
    """

    role: str
    name: str
    on: str
    seal: str = ""


def content_digest(records: Iterable[RowRecord], controls: Iterable[str]) -> str:
    """The digest of a record and its control figures."""
    digest = hashlib.sha256()
    for record in records:
        digest.update(_BETWEEN.join((record.sheet, str(record.row), record.label, record.text, "\n")).encode())
    for control in controls:
        digest.update(f"{control}\n".encode())
    return digest.hexdigest()


def sealed(signature: Signature, before: str) -> str:
    """The seal of a signature over what it signs.

    Parameters
    ----------
    before : str
        Digest of the content, or the seal of the signature before.

    Returns
    -------
    str
        SHA-256 in groups of four.
    """
    text = _BETWEEN.join((bare(before), signature.role, signature.name, signature.on))
    return grouped(hashlib.sha256(text.encode()).hexdigest())


def grouped(digest: str) -> str:
    """A digest in groups of four, for reading aloud."""
    return " ".join(digest[at : at + _GROUP] for at in range(0, len(digest), _GROUP))


def bare(seal: str) -> str:
    """A seal without the spaces, dashes and capitals that people add."""
    return "".join(character for character in seal.casefold() if character in "0123456789abcdef")
