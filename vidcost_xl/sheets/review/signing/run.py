"""`vidcost sign`: judge, record, stamp, seal; a second person's signature joins the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from vidcost_xl import __version__
from vidcost_xl.areas import Place
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.calc.calculate import Say, calculated
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.package.edits.cells import NewCell, put_cells
from vidcost_xl.sheets.package.edits.opened import Package, opened
from vidcost_xl.sheets.package.safe_files.placing import placing
from vidcost_xl.sheets.render.added_looks import looks
from vidcost_xl.sheets.render.added_sheets import Stamp, put_sheet
from vidcost_xl.sheets.review.readiness import Judged, check_faults, judge
from vidcost_xl.sheets.review.signing.dependence import depends_on_addin
from vidcost_xl.sheets.review.signing.page import (
    INPUTS_HEAD,
    SHEET,
    SIGNATURES,
    TITLE,
    Signing,
    signature_entries,
    signed_page,
    state_formula,
)
from vidcost_xl.sheets.review.signing.reading import COLUMNS, Signed, is_signed, read_signed
from vidcost_xl.sheets.review.signing.record import row_records
from vidcost_xl.sheets.review.signing.seal import PREPARER, REVIEWER, Signature, sealed
from vidcost_xl.sheets.review.signing.verify import verified

#: Where the first sheet says whether anything changed: its heading, its sentence, its remark.
COVER: Final = "Cover"
_COVER_CELLS: Final = ((4, 4), (5, 4), (6, 4))
#: On the one printed page: beside its title.
_PAGE_CELL: Final = (1, 10)


@dataclass(frozen=True)
class Order:
    """Who signs, as what, when and why in spite of faults.

    Parameters
    ----------
    reviewer : str
        A second name that signs at once; empty for none.
    at : datetime, optional
        Now when not given.
    anew : bool
        Whether earlier signatures of a changed file may go.
    """

    by: str
    reviewer: str = ""
    at: datetime | None = None
    reason: str = ""
    anew: bool = False


@dataclass(frozen=True)
class SignedFile:
    """A signed workbook, not yet written."""

    data: bytes
    signatures: tuple[Signature, ...]
    notes: tuple[str, ...]

    @property
    def seal(self) -> str:
        """The seal of the last signature, which stands for all of them."""
        return self.signatures[-1].seal


def sign(data: bytes, name: str, order: Order, say: Say = lambda text: None) -> SignedFile:
    """Sign a workbook in memory.

    Parameters
    ----------
    data : bytes
        A workbook of ours, or a hand-off of one.
    name : str
        Of its file.
    say : callable
        Told what is being done.

    Raises
    ------
    BadArgumentError
        For a file that is not ours, has faults and no reason, was changed since it was signed, or is signed by
        the same person already.
    """
    names = [each for each in (order.by.strip(), order.reviewer.strip()) if each]
    if not order.by.strip():
        raise BadArgumentError("a signature has a name; write --as NAME.")
    if len({each.casefold() for each in names}) < len(names):
        raise BadArgumentError(f"{names[0]} cannot review what {names[0]} prepared; a second signature is another's.")
    on = f"{order.at or datetime.now():%Y-%m-%d %H:%M}"
    contents = Contents(data, name)
    if is_signed(contents) and not order.anew:
        return _joined(contents, names, on, say)
    if not is_signed(contents) and any(sheet.casefold() == SHEET.casefold() for sheet in contents.sheets):
        raise BadArgumentError(f"{name} has a sheet {SHEET} of its own. Rename it, and sign again.")
    judged = judge(contents, say)
    check_faults(judged, order.reason, "ready to be signed")
    say("recording every row")
    return _first(judged, name, names, on, order.reason)


def sign_file(
    path: Path, output: Path | None, order: Order, *, force: bool = False, say: Say = lambda text: None
) -> SignedFile:
    """Sign a file, or a copy of it.

    Parameters
    ----------
    output : Path, optional
        The file itself is signed when not given; nothing of it changes but what the signature adds.
    force : bool
        Whether an existing output may be replaced.

    Raises
    ------
    BadArgumentError
        As `sign`, and for what cannot or must not be written. Every file is then as it was.
    """
    place = placing(path, output, force=force)
    made = sign(place.source.data, path.name, order, say)
    place.put(made.data)
    return made


def _first(judged: Judged, name: str, names: list[str], on: str, reason: str) -> SignedFile:
    package = opened(judged.contents.data, name)
    marks = judged.marks
    own = frozenset(_put_cover(package, judged, "=TRUE"))
    prepared = judged.contents.changed(package.data())
    records = tuple(row_records(prepared, own, (sheet for sheet in prepared.sheets if sheet != SHEET)))
    unsealed = tuple(Signature(REVIEWER if at else PREPARER, each, on) for at, each in enumerate(names))
    signing = Signing(prepared, marks, records, own | depends_on_addin(prepared, marks), unsealed)
    page = signed_page(signing)
    last = page.rows[[row.id for row in page.rows].index(INPUTS_HEAD) - 1].id
    day = date.fromisoformat(on.split(" ", maxsplit=1)[0])
    addresses = put_sheet(package, page, Stamp(TITLE, f"vidcost-xl {__version__}, signed {on}", day, last))
    _put_cover(package, judged, f"={addresses.absolute('{state.label}')}")
    stamped = prepared.changed(package.data())
    written = read_signed(stamped)
    signatures = _chain(written.digest, names, on, ())
    _rewrite(package, written, signatures)
    done = calculated(stamped.changed(package.data()), before=judged.contents)
    notes = [*judged.notes, *([f"signed in spite of its faults: {reason}"] if reason and judged.faults else [])]
    if not own:
        notes.append(f"there is no sheet {COVER} to say on whether anything changed; the sheet {SHEET} says it")
    return SignedFile(done.data, signatures, tuple(notes))


def _joined(contents: Contents, names: list[str], on: str, say: Say) -> SignedFile:
    name = contents.name
    found = verified(contents, say=say)
    if not found.is_unchanged:
        raise BadArgumentError(
            f"{name} was changed since {found.signatures[0].name} signed it ({len(found.changes) + len(found.sheet)} "
            "changes; vidcost verify lists them). Put it back, or sign it anew with --anew, which drops the signatures."
        )
    signed = read_signed(contents)
    present = {each.name.casefold() for each in signed.signatures}
    twice = next((each for each in names if each.casefold() in present), None)
    if twice:
        raise BadArgumentError(f"{twice} has signed {name} already; a second signature is another person's.")
    if len(signed.signatures) + len(names) > SIGNATURES:
        raise BadArgumentError(f"{name} has {len(signed.signatures)} signatures; there is room for {SIGNATURES}.")
    signatures = _chain(signed.signatures[-1].seal, names, on, signed.signatures)
    package = opened(contents.data, name)
    _rewrite(package, signed, signatures)
    done = calculated(contents.changed(package.data()))
    return SignedFile(done.data, signatures, ())


def _chain(before: str, names: list[str], on: str, earlier: tuple[Signature, ...]) -> tuple[Signature, ...]:
    found = list(earlier)
    for each in names:
        signature = Signature(REVIEWER if found else PREPARER, each, on)
        before = sealed(signature, before)
        found.append(Signature(signature.role, each, on, before))
    return tuple(found)


def _rewrite(package: Package, signed: Signed, signatures: tuple[Signature, ...]) -> None:
    cells: dict[tuple[int, int], NewCell] = {}
    wanted = [("text_indent", None), ("text", None)]
    numbers = looks(package, wanted)
    for at, entries in enumerate(signature_entries(signatures)):
        for key, entry in entries.items():
            place = (signed.first_signature + at, COLUMNS[key])
            if at < len(signatures):
                cells[place] = NewCell(str(entry.value), look=numbers[entry.style, None])
    unchanged = signed.unchanged
    formula = state_formula(signatures, unchanged)
    cells[signed.state] = NewCell("", formula[1:])
    package.write(signed.part, put_cells(package.read(signed.part), signed.part, cells))


def _put_cover(package: Package, judged: Judged, formula: str) -> list[Place]:
    contents = judged.contents
    if COVER in contents.sheets:
        sheet, (head, state, note) = COVER, _COVER_CELLS
        numbers = looks(package, [("heading", None), ("kpi_plain", None), ("note", None)])
        new = {
            head: NewCell("Sign-off", look=numbers["heading", None]),
            state: NewCell("", formula[1:], numbers["kpi_plain", None]),
            note: NewCell("compared by the sheet Signed; vidcost verify lists each change", look=numbers["note", None]),
        }
    elif not judged.marks.months:
        sheet = judged.marks.total[0]
        new = {_PAGE_CELL: NewCell("", formula[1:], looks(package, [("kpi_plain", None)])["kpi_plain", None])}
    else:
        return []
    part = contents.sheets[sheet].part
    package.write(part, put_cells(package.read(part), part, new))
    return [(sheet, *place) for place in new]
