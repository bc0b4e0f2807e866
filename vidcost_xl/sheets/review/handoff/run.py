"""`vidcost handoff`: judge, freeze, purge, stamp, recompute, look again, write."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from vidcost_xl import __version__
from vidcost_xl.areas import Place, quoted
from vidcost_xl.digits import TOLERANCE, TOLERANCE_MONEY
from vidcost_xl.errors import BadArgumentError, ExcelError
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.calc.calculate import Say, calculated
from vidcost_xl.sheets.formulas.dependents import address
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.layout.addresses import Addresses
from vidcost_xl.sheets.package.edits.cells import NewCell, put_cells
from vidcost_xl.sheets.package.edits.opened import Package, opened
from vidcost_xl.sheets.package.safe_files.refusals import check_not_open, read_source
from vidcost_xl.sheets.package.safe_files.writing import check_target, write_file
from vidcost_xl.sheets.plan.guards import IMPOSSIBLE
from vidcost_xl.sheets.render.added_looks import looks
from vidcost_xl.sheets.render.added_sheets import Stamp as SheetStamp
from vidcost_xl.sheets.render.added_sheets import put_sheet
from vidcost_xl.sheets.review.finding_places import switch
from vidcost_xl.sheets.review.handoff.freeze import Frozen, freeze, to_freeze
from vidcost_xl.sheets.review.handoff.page import INPUTS_HEAD, SHEET, UNCHANGED, Stamp, handoff_page
from vidcost_xl.sheets.review.handoff.purge import outside_names, own_texts, purge, remains, reworded
from vidcost_xl.sheets.review.handoff.typing_page import SAID, check_typing, put_typing
from vidcost_xl.sheets.review.known_places import KnownPlaces
from vidcost_xl.sheets.review.readiness import Judged, check_faults, judge
from vidcost_xl.sheets.review.rules.layout import HANDED_OFF

#: What the switch says in every hand-off.
NATIVE: Final = "native"

_VERSION: Final = "VIDEO_VERSION()"


@dataclass(frozen=True)
class Handoff:
    """A hand-off, not yet written.

    Parameters
    ----------
    judged : Judged
        The workbook that it was made of.
    changed : tuple of str
        What was taken out or changed.
    parts : tuple of str
        Parts of the file whose bytes are other ones.
    """

    data: bytes
    judged: Judged
    frozen: tuple[Frozen, ...]
    changed: tuple[str, ...]
    parts: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        worst = self.judged.difference
        return {
            "difference": vars(worst),
            "faults": list(self.judged.faults),
            "notes": list(self.judged.notes),
            "changed": list(self.changed),
            "frozen": [vars(each) for each in self.frozen],
            "parts": list(self.parts),
        }


@dataclass(frozen=True)
class Order:
    """Who hands on, when and why.

    Parameters
    ----------
    at : datetime, optional
        Now when not given.
    reason : str
        Why it is handed on in spite of its faults.
    lambdas : bool
        Whether price functions can be typed in it, as names of its own.
    """

    by: str
    at: datetime | None = None
    reason: str = ""
    lambdas: bool = False


def hand_off(data: bytes, name: str, order: Order, say: Say = lambda text: None) -> Handoff:
    """Make a hand-off in memory.

    Parameters
    ----------
    data : bytes
        A workbook of ours, as we or Excel saved it.
    name : str
        Of its file.
    say : callable
        Told what is being done.

    Raises
    ------
    BadArgumentError
        For a file that is not ours, is a hand-off already, has faults and no reason, or holds what cannot be
        taken out.
    """
    by, reason, at = order.by.strip(), order.reason, order.at or datetime.now()
    if not by:
        raise BadArgumentError("a hand-off says who made it; write --as NAME.")
    say("computing and judging the workbook")
    judged = judge(Contents(data, name), say)
    _check_first(judged.contents)
    if order.lambdas:
        check_typing(judged.contents, opened(data, name))
    check_faults(judged, reason, "ready to be handed off")
    contents, marks = judged.contents, judged.marks
    answer = next((contents.text(key) for key in contents.entries if contents.formula(key) == _VERSION), "")
    package = opened(contents.data, name)
    say("freezing what calls the add-in")
    frozen = freeze(package, contents, to_freeze(contents, outside_names(package)))
    changed = purge(package)
    book = price_book()
    stamp = Stamp(
        by,
        at,
        f"vidcost-xl {__version__}",
        answer,
        f"{book.as_of:%Y-%m-%d} ({book.digest})",
        name,
        hashlib.sha256(data).hexdigest(),
        reason,
    )
    added = [SAID] if order.lambdas else []
    page = handoff_page(judged, stamp, frozen, [*judged.notes, *changed], added)
    footer = f"{stamp.program}, handed off {at:%Y-%m-%d}"
    last = page.rows[[row.id for row in page.rows].index(INPUTS_HEAD) - 1].id
    addresses = put_sheet(package, page, SheetStamp(HANDED_OFF, footer, at.date(), last))
    reworded(package)  # labels of the page may repeat texts of the workbook
    _rewire(package, contents, marks, addresses)
    say("computing the hand-off")
    handed = contents.changed(package.data())
    done = calculated(handed)
    computed = handed.changed(done.data)
    _look_again(computed, judged, reason)
    untouched = opened(data, name)
    final = opened(done.data, name)
    if order.lambdas:
        # Behind everything that looks for functions of the add-in: these are names of the copy, and nothing calls them.
        put_typing(final, computed, marks.master, footer, at.date())
    parts = tuple(part for part in untouched.names if part not in final or untouched.read(part) != final.read(part))
    return Handoff(final.data(), judged, tuple(frozen), (*added, *changed), parts)


def hand_off_file(
    path: Path, output: Path, order: Order, *, force: bool = False, say: Say = lambda text: None
) -> Handoff:
    """Make the hand-off of a file and write it.

    Parameters
    ----------
    path, output : Path
        The output ends in .xlsx and is another file.
    force : bool
        Whether an existing output may be replaced.

    Raises
    ------
    BadArgumentError
        As `hand_off`, and for an output that cannot or must not be written. Every file is then as it was.
    """
    source = read_source(path)
    check_target(output, force=force)
    if output.exists() and output.resolve() == source.path:
        raise BadArgumentError(f"{output} is the workbook itself, which stays as it is. Choose another name with -o.")
    check_not_open(output)
    made = hand_off(source.data, path.name, order, say)
    write_file(output, made.data, force=force)
    return made


def is_handoff(contents: Contents) -> bool:
    """Whether a workbook is a hand-off already."""
    return any(contents.text((name, 1, 1)) == HANDED_OFF for name in contents.sheets)


def _check_first(contents: Contents) -> None:
    name = contents.name
    if is_handoff(contents):
        raise BadArgumentError(
            f"{name} is a hand-off already: its functions are frozen, so nothing could be compared anew. Hand off the "
            "workbook it was made of, which its sheet Handoff names, or copy the file."
        )
    if any(sheet.casefold() == SHEET.casefold() for sheet in contents.sheets):
        raise BadArgumentError(f"{name} has a sheet {SHEET} of its own. Rename it, and hand the file off again.")


def _rewire(package: Package, contents: Contents, marks: KnownPlaces, addresses: Addresses) -> None:
    # Whether the functions answer becomes: whether everything typed is as handed off.
    unchanged = addresses.absolute(f"{{{UNCHANGED}}}")
    new: dict[str, dict[tuple[int, int], NewCell]] = {}

    def put(key: Place, cell: NewCell) -> None:
        new.setdefault(key[0], {})[key[1:]] = cell

    put(marks.loaded, NewCell(True, unchanged))
    chosen = contents.named("use_engine")
    if chosen is not None:
        # The functions never feed a hand-off, and nothing does while an input is impossible.
        guarded = contents.named(IMPOSSIBLE) is not None
        put(chosen, NewCell(False, f"IF({IMPOSSIBLE}=0,FALSE,NA())") if guarded else NewCell(False))
    chooser = switch(contents)
    if chooser is not None:
        put(chooser, NewCell(NATIVE, look=looks(package, [("text_indent", None)])["text_indent", None]))
    for key, native in marks.used.items():
        put(key, NewCell(contents.value(key), native))
    for pair, at in zip(marks.pairs, range(1, len(marks.pairs) + 1), strict=True):
        if marks.template == "quick":
            was = addresses.absolute(f"{{line_{at}.was}}")
            put(pair.engine[0], NewCell(contents.value(pair.engine[0]), f'IF(engine_loaded,{was},"n/a")'))
    said = own_texts()["formula"]
    for key in contents.entries:
        text = contents.formula(key)
        words = {old: text_new for old, text_new in said.items() if f'"{old}"' in text}
        if words and key[1:] not in new.get(key[0], {}):
            for old, text_new in words.items():
                text = text.replace(f'"{old}"', f'"{text_new}"')
            put(key, NewCell(contents.value(key), text))
    for sheet, cells in new.items():
        part = contents.sheets[sheet].part
        package.write(part, put_cells(package.read(part), part, cells))


def _look_again(contents: Contents, judged: Judged, reason: str) -> None:
    name, marks = contents.name, judged.marks
    package = opened(contents.data, name)
    if left := remains(package):
        raise BadArgumentError(
            f"{name} cannot be handed off: {'; '.join(left[:5])}. Remove it in Excel, save, and hand off again."
        )
    errors = [address(key) for key in contents.entries if isinstance(contents.value(key), ExcelError)]
    state = contents.value(marks.loaded)
    if not reason and (errors or contents.value(marks.master) != 0 or state is not True):
        where = errors[0] if errors else f"{quoted(marks.master[0])}: checks show {contents.value(marks.master)}"
        raise BadArgumentError(
            f"{name} does not compute the same without the add-in ({where}); nothing is written. Look at what reads "
            "that cell, or give --reason TEXT."
        )
    before, after = judged.contents.value(marks.total), contents.value(marks.total)
    if not reason and not (isinstance(before, float) and isinstance(after, float) and _agree(before, after)):
        raise BadArgumentError(
            f"{name} costs {before} and its hand-off {after}; nothing is written. Check {marks.total}."
        )


def _agree(first: float, second: float) -> bool:
    # The promise of the product: a billionth of the amount, or a millionth of a unit of money.
    return abs(first - second) <= max(TOLERANCE_MONEY, TOLERANCE * abs(first))
