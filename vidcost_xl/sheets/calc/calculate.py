"""`vidcost calc`: a workbook's formulas computed without Excel, and their values put into the file.

Only what stands in the values of formula cells changes, and the long names under which LibreOffice saves our functions;
every other byte of every part stays. Formulas that are not computed here as in Excel, and what depends on them, keep
their values and are listed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from vidcost_xl.areas import Place
from vidcost_xl.errors import BadArgumentError, unknown_name
from vidcost_xl.sheets.calc.engine import evaluate
from vidcost_xl.sheets.calc.long_names import with_bare_names
from vidcost_xl.sheets.calc.outcome import Kept
from vidcost_xl.sheets.calc.partly import new_formulas
from vidcost_xl.sheets.formulas.dependents import address, with_dependents
from vidcost_xl.sheets.formulas.formula_cells import FormulaCell
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.package.edits.values import cell_edits, cleared, refilled, spliced
from vidcost_xl.sheets.package.safe_files.placing import placing
from vidcost_xl.sheets.package.safe_files.refusals import check_not_open
from vidcost_xl.sheets.package.sheet_cells import SheetCells, same, value_of
from vidcost_xl.sheets.package.workbook import Workbook

ENGINES: Final = ("embedded", "libreoffice")

#: What calls itself to show how far the work is.
Say = Callable[[str], None]


@dataclass(frozen=True)
class Left:
    """A formula cell that keeps its value."""

    sheet: str
    cell: str
    reason: str


@dataclass
class Report:
    """What a calculation did.

    Parameters
    ----------
    file : str
        Where the result is, or would be.
    formulas, computed, changed : int
        Formulas of the workbook; those computed; cells whose value is another one now.
    notes : list of str
        What the reader should know about the workbook.
    """

    file: str
    engine: str
    formulas: int = 0
    computed: int = 0
    changed: int = 0
    written: bool = False
    left: list[Left] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**vars(self), "left": [vars(each) for each in self.left]}


@dataclass
class Calculated:
    """A workbook's new bytes, the report of how they came about, and the engine where it was to be kept."""

    data: bytes
    report: Report
    kept: Kept | None = None


def calculate(data: bytes, name: str, engine: str = "embedded", say: Say = lambda text: None) -> Calculated:
    """Compute a workbook in memory.

    Parameters
    ----------
    data : bytes
        An .xlsx or .xlsm file.
    name : str
        How messages call it.
    engine : {"embedded", "libreoffice"}
    say : callable
        Told what is being done.

    Returns
    -------
    Calculated
        The same bytes when no value is another one.

    Raises
    ------
    BadArgumentError
        For a file that cannot be read safely or computed at all.
    """
    if engine not in ENGINES:
        raise BadArgumentError(unknown_name("engine", engine, ENGINES))
    say("reading the workbook")
    return calculated(Contents(data, name), engine, say)


def calculated(
    contents: Contents,
    engine: str = "embedded",
    say: Say = lambda text: None,
    *,
    before: Contents | None = None,
    keeps: bool = False,
) -> Calculated:
    """Compute a workbook that was read; see `calculate`.

    Parameters
    ----------
    before : Contents, optional
        Of the same workbook, computed, before some cells were changed: only what they may change is computed.
    keeps : bool
        Whether the engine is handed on for more questions, where it computed every formula.
    """
    book, sheets, entries = contents.book, list(contents.sheets.values()), contents.entries
    if book.settings.as_displayed:
        raise BadArgumentError(
            f"{contents.name} calculates with the precision shown on screen, which only Excel does. Switch it off "
            "(File, Options, Advanced, Set precision as displayed) or calculate it in Excel."
        )
    say(f"computing {len(entries):,} formulas")
    if engine == "embedded":
        new = None if before is None else new_formulas(contents, before)
        outcome = evaluate(book, sheets, entries, only=new)
    else:
        from vidcost_xl.sheets.calc.second_opinion import second_opinion

        outcome, reads = second_opinion(book, sheets, entries)
        outcome.troubles = with_dependents(outcome.troubles, entries, reads)
    kept, outcome.kept = outcome.kept if keeps else None, None  # what nobody asks is not held
    left = outcome.troubles
    values = {key: found for key, found in outcome.values.items() if key not in left}
    say("comparing values")
    changes, changed = _changes(book, sheets, values, entries)
    report = Report(contents.name, engine, len(entries), len(entries) - len(left), changed, notes=_notes(book))
    for key in entries:
        if key in left:
            report.left.append(Left(key[0], address(key).rpartition("!")[2], left[key]))
    return Calculated(book.archive.replaced(changes) if changes else contents.data, report, kept)


def calculate_file(
    path: Path,
    output: Path | None = None,
    engine: str = "embedded",
    *,
    force: bool = False,
    say: Say = lambda text: None,
) -> Report:
    """Compute a workbook file and write the values into it, or into a copy.

    Parameters
    ----------
    output : Path, optional
        Where the copy goes; the file itself is patched when not given.
    engine : {"embedded", "libreoffice"}
    force : bool
        Whether an existing `output` may be replaced.

    Raises
    ------
    BadArgumentError
        For a file that is refused. Every file is then as it was.
    """
    place = placing(path, output, force=force)
    done = calculate(place.source.data, path.name, engine, say)
    report = done.report
    report.file = place.shown
    if place.output is not None:
        report.notes += _open_elsewhere(place.source.path)
    if report.formulas and not report.computed:
        report.notes.append("nothing could be computed, so nothing was written")
        return report
    data, renamed = with_bare_names(done.data, path.name)
    if renamed:
        report.notes.append(
            f"LibreOffice saved {renamed} formula{'s' * (renamed > 1)} with its own names of our functions; now they "
            "have those that Excel knows"
        )
    say("writing")
    report.written = place.put(data)
    return report


def _changes(
    book: Workbook,
    sheets: list[SheetCells],
    values: Mapping[Place, Mapping[tuple[int, int], Any]],
    entries: Mapping[Place, FormulaCell],
) -> tuple[dict[str, bytes], int]:
    parts, changed = {}, 0
    by_sheet: dict[str, dict[tuple[int, int], Any]] = {}
    resized: dict[str, list[tuple[Place, str]]] = {}
    for key, answer in values.items():
        by_sheet.setdefault(key[0], {}).update(answer)
        if len(answer) > 1 and (area := _filled_now(entries[key], answer)):
            resized.setdefault(key[0], []).append((key, area))
    for sheet in sheets:
        edits = [refilled(sheet.content, sheet.places[key[1:]], area) for key, area in resized.get(sheet.name, ())]
        for place, value in by_sheet.get(sheet.name, {}).items():
            cell = sheet.places[place]
            old = value_of(cell, book.texts, from_1904=book.settings.from_1904)
            if value is None and old is not None:
                edits += cleared(sheet.content, cell)
                changed += 1
            elif value is not None and not same(old, value):
                edits += cell_edits(sheet.content, cell, value)
                changed += 1
        if edits:
            parts[sheet.part] = spliced(sheet.content, edits)
    return parts, changed


def _filled_now(entry: FormulaCell, found: Mapping[tuple[int, int], Any]) -> str:
    # What a dynamic array fills, where that is not what the file says.
    if not entry.cell.spills or not entry.array:
        return ""
    places = [place for place, value in found.items() if value is not None]
    bottom, right = max(row for row, _ in places), max(column for _, column in places)
    fills = entry.fills._replace(bottom=bottom, right=right)
    return "" if fills == entry.fills else fills.text.rpartition("!")[2]


def _notes(book: Workbook) -> list[str]:
    settings, notes = book.settings, []
    if settings.manual:
        notes.append("the workbook calculates by hand (manual mode): in Excel, F9 computes what you change")
    if settings.iterates:
        notes.append("the workbook iterates circular formulas, which is not done here")
    if settings.recalculates:
        notes.append("the workbook asks Excel to compute everything again on opening")
    return notes


def _open_elsewhere(path: Path) -> list[str]:
    try:
        check_not_open(path)
    except BadArgumentError:
        return [f"{path.name} is open in another program; what was saved last was computed"]
    return []
