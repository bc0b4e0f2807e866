"""`vidcost verify`: what changed since a workbook was signed, cell by cell, and what each change does in money."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vidcost_xl.areas import Place
from vidcost_xl.sheets.calc.calculate import Say, calculated
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.package.safe_files.refusals import read_source
from vidcost_xl.sheets.review.finding_places import known_places
from vidcost_xl.sheets.review.readiness import template_in
from vidcost_xl.sheets.review.signing.compare import Change, changes
from vidcost_xl.sheets.review.signing.effects import Effects, effects
from vidcost_xl.sheets.review.signing.reading import Signed, read_signed
from vidcost_xl.sheets.review.signing.seal import Signature, bare, sealed


@dataclass(frozen=True)
class Verified:
    """What a verification found.

    Parameters
    ----------
    changes : tuple of Change
        In the workbook.
    effects : Effects
        Of each of them.
    sheet : tuple of str
        What is wrong with the Signed sheet and the Cover.
    seal : str
        What is wrong with a seal that was kept outside; empty for nothing.
    """

    signatures: tuple[Signature, ...]
    changes: tuple[Change, ...]
    effects: Effects
    sheet: tuple[str, ...]
    seal: str
    notes: tuple[str, ...]

    @property
    def is_unchanged(self) -> bool:
        """Whether everything is as it was signed."""
        return not (self.changes or self.sheet or self.seal)

    def summary(self) -> str:
        """One line for people."""
        said = " and ".join(f"{each.name} on {each.on}" for each in self.signatures)
        return f"{'unchanged' if self.is_unchanged else 'CHANGED'} since signed by {said}"

    def table(self) -> list[list[Any]]:
        """The changes as rows with a header."""
        rows: list[list[Any]] = [["what", "sheet", "cell", "label", "signed", "now", "effect on the total"]]
        for change, effect in zip(self.changes, self.effects.each, strict=True):
            shown: Any = "not alone" if effect is None else effect
            rows.append([change.kind, change.sheet, change.cell, change.label, change.old, change.new, shown])
        if self.changes:
            rows.append(["together", "", "", "what they do only together", "", "", self.effects.together])
            rows.append(
                ["total", "", "", "", self.effects.signed, self.effects.now, self.effects.now - self.effects.signed]
            )
        return rows

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        listed = [
            {
                "kind": change.kind,
                "sheet": change.sheet,
                "cell": change.cell,
                "label": change.label,
                "signed": change.old,
                "now": change.new,
                "effect": effect,
            }
            for change, effect in zip(self.changes, self.effects.each, strict=True)
        ]
        return {
            "unchanged": self.is_unchanged,
            "signatures": [vars(each) for each in self.signatures],
            "changes": listed,
            "total_signed": _finite(self.effects.signed),
            "total_now": _finite(self.effects.now),
            "together": _finite(self.effects.together),
            "signed_sheet": list(self.sheet),
            "seal": self.seal,
            "notes": list(self.notes),
        }


def _finite(amount: float) -> float | None:
    # A total that is an error now has no amount, and JSON no word for one that is none.
    return amount if math.isfinite(amount) else None


def verify_file(path: Path, seal: str = "", say: Say = lambda text: None) -> Verified:
    """Verify a signed file; see `verify`."""
    return verify(read_source(path).data, path.name, seal, say)


def verify(data: bytes, name: str, seal: str = "", say: Say = lambda text: None) -> Verified:
    """Compare a signed workbook with what was signed.

    Parameters
    ----------
    name : str
        Of its file.
    seal : str
        One that was kept outside the file; empty for none.
    say : callable
        Told what is being done.

    Raises
    ------
    BadArgumentError
        For a file that is not ours, not signed, or whose record cannot be read.
    """
    return verified(Contents(data, name), seal, say)


def verified(given: Contents, seal: str = "", say: Say = lambda text: None) -> Verified:
    """Compare a signed workbook that was read with what was signed; see `verify`."""
    signed = read_signed(given)
    template = template_in(given)
    done = calculated(given, say=say, keeps=True)
    say("comparing every row")
    contents = given.changed(done.data)
    marks = known_places(contents, template)
    told = cover_cells(contents, signed.sheet)
    found = changes(contents, signed.records, frozenset(told), signed.sheet)
    say("computing what each change does")
    effect = effects(contents, marks, signed.total, found, done.kept)
    notes = list(done.report.notes)
    if done.report.changed:
        notes.append(f"{done.report.changed} stored values were out of date; the comparison is with computed ones")
    return Verified(
        signed.signatures,
        tuple(found),
        effect,
        tuple(_sheet_faults(contents, signed, told)),
        _seal_fault(signed, seal),
        tuple(notes),
    )


def cover_cells(contents: Contents, sheet: str) -> dict[Place, str]:
    """Cells outside the Signed sheet that the signing wrote, with their formulas; texts beside them too."""
    found: dict[Place, str] = {}
    for key in contents.entries:
        if key[0] != sheet and contents.formula(key).replace("'", "").startswith(f"{sheet}!$A$"):
            found[key] = contents.formula(key)
            for beside in ((key[0], key[1] - 1, key[2]), (key[0], key[1] + 1, key[2])):
                if contents.text(beside):
                    found[beside] = ""
    return found


def _sheet_faults(contents: Contents, signed: Signed, told: dict[Place, str]) -> list[str]:
    faults = [f"{signed.sheet}!{cell} is not the comparison that was written there" for cell in signed.doubtful]
    before = signed.digest
    for signature in signed.signatures:
        if bare(sealed(signature, before)) != bare(signature.seal):
            faults.append(
                f"the seal of {signature.name} does not belong to what the sheet {signed.sheet} holds: the record, a "
                "control figure, a name or a date in it was changed"
            )
        before = signature.seal
    if not any(told.values()):
        faults.append(f"the first sheet does not say any more whether anything changed (a formula on {signed.sheet})")
    return faults


def _seal_fault(signed: Signed, seal: str) -> str:
    if not seal:
        return ""
    known = [bare(each.seal) for each in signed.signatures]
    if bare(seal) in known:
        return ""
    return (
        "the seal given is none of this file's: it was signed anew since, or the seal belongs to another file. Its own "
        f"last one is {signed.signatures[-1].seal}"
    )
