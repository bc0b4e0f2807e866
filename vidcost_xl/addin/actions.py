"""The long work behind buttons of the tab "Video cost": what a job does in a process of its own.

Each takes a file and gives the path of what it made of it in the temporary folder, of which Excel shows an unsaved
copy; behind it, what the user is told. The file itself is read and never changed. What is being done is told to
whoever listens (`analysis.progress`). Nothing here imports xlwings: a job starts without it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from vidcost_xl.analysis.progress import tell

#: Between the texts of an answer.
SEPARATOR: Final = "\x01"

Rows = list[list[Any]]


@dataclass(frozen=True)
class Action:
    """Work for a button.

    Parameters
    ----------
    label : str
        What the button is called.
    work : callable
        Takes the path and, where it signs for someone, the user.
    path : {"copy", "target", ""}
        What the path is: a copy of a workbook, made for this work alone; where the user wants the result; nothing.
    """

    label: str
    work: Callable[..., str]
    path: str = "copy"


def temporary(name: str = "") -> Path:
    """A folder of its own in the temporary one, or the place of a file in it."""
    return Path(tempfile.mkdtemp(prefix="vidcost-")) / name


def in_temporary_folder(sheet: str, title: str, rows: Rows) -> str:
    """A table as a workbook in a temporary folder of its own; Excel names the unsaved copy after the file."""
    from vidcost_xl.addin.tables import write_table

    path = temporary(f"{sheet}.xlsx")
    write_table(path, sheet, title, rows)
    return str(path)


def _made(name: str, data: bytes) -> str:
    path = temporary(name)
    path.write_bytes(data)
    return str(path)


def _new_workbook(path: str) -> str:
    from vidcost_xl.sheets.package.safe_files.writing import check_target
    from vidcost_xl.sheets.plan.new import build

    target = Path(path)
    check_target(target)  # before the work; whoever places the result asks again
    tell("computing one billion videos")
    return _made(target.name, build("quick").data)


def _price_list(_: str = "") -> str:
    from vidcost_xl.prices.book import price_book
    from vidcost_xl.prices.review import price_table

    tell("reading the price book")
    book = price_book()
    rows = price_table(book)
    tell(f"writing {len(rows) - 1:,} prices")
    return in_temporary_folder("Prices", f"Price book of {book.as_of:%Y-%m-%d} ({book.digest})", rows)


def _check_findings(copy: str) -> str:
    from vidcost_xl.sheets.review.rules.run import check_file

    path = Path(copy)
    report = check_file(path)
    return in_temporary_folder("Findings", f"{path.name}: {report.summary()}", report.table())


def _refreshed(copy: str) -> str:
    from vidcost_xl.sheets.calc.calculate import calculate
    from vidcost_xl.sheets.calc.long_names import with_bare_names
    from vidcost_xl.sheets.package.safe_files.refusals import read_source
    from vidcost_xl.sheets.plan.reading.refresh import has_ledger, refresh

    source = read_source(Path(copy))
    name = source.path.name
    done = calculate(source.data, name, say=tell)
    data = done.data
    if has_ledger(data, name):
        tell("writing the ledger")
        data = refresh(data, name)[0]
    data, _ = with_bare_names(data, name)
    path = _made(f"{source.path.stem} refreshed{source.path.suffix}", data)
    left = done.report.left
    if not left:
        return path
    first = f"{left[0].sheet}!{left[0].cell} {left[0].reason}"
    return f"{path}{SEPARATOR}{len(left):,} cells keep their old value. The first: {first}."


def _self_audited(copy: str) -> str:
    from vidcost_xl.sheets.package.safe_files.refusals import read_source
    from vidcost_xl.sheets.review.self_audit import audit_file, with_audit_sheet

    source = read_source(Path(copy))
    audit = audit_file(source.path)
    tell("writing the sheet Self-audit")
    data = with_audit_sheet(source.data, source.path.name, audit, date.today())
    return _made(f"{source.path.stem} audited{source.path.suffix}", data)


def _decided(copy: str) -> str:
    from vidcost_xl.analysis.decision import Wanted
    from vidcost_xl.sheets.compare.decisions.run import with_decision
    from vidcost_xl.sheets.package.safe_files.refusals import read_source

    source = read_source(Path(copy))
    _, data = with_decision(source.data, source.path.name, Wanted())
    return _made(f"{source.path.stem} decisions{source.path.suffix}", data)


def _handed_off(copy: str, user: str) -> str:
    from vidcost_xl.sheets.package.safe_files.refusals import read_source
    from vidcost_xl.sheets.review.handoff.run import Order, hand_off

    source = read_source(Path(copy))
    made = hand_off(source.data, source.path.name, Order(user), tell)
    path = _made(f"{source.path.stem} hand-off.xlsx", made.data)
    told = [*made.judged.notes, *made.changed]
    return f"{path}{SEPARATOR}{'; '.join(told)}." if told else path


def _signed(copy: str, user: str) -> str:
    from vidcost_xl.sheets.package.safe_files.refusals import read_source
    from vidcost_xl.sheets.review.signing.run import Order, sign

    source = read_source(Path(copy))
    made = sign(source.data, source.path.name, Order(user), tell)
    path = _made(f"{source.path.stem} signed{source.path.suffix}", made.data)
    role, name = made.signatures[-1].role, made.signatures[-1].name
    return f"{path}{SEPARATOR}Signed by {name} ({role}). Keep the seal outside the file:\n{made.seal}"


def _verified(copy: str) -> str:
    from vidcost_xl.sheets.review.signing.verify import verify_file

    path = Path(copy)
    found = verify_file(path, say=tell)
    faults: Rows = [["signed sheet", "", "", "", "", fault, ""] for fault in found.sheet]
    return in_temporary_folder("Changes", f"{path.name}: {found.summary()}", [*found.table(), *faults])


#: By the name under which the ribbon asks for it.
ACTIONS: Final = {
    "new_workbook": Action("New workbook", _new_workbook, "target"),
    "check_findings": Action("Check", _check_findings),
    "refreshed": Action("Refresh", _refreshed),
    "self_audited": Action("Self-audit", _self_audited),
    "decided": Action("Decide", _decided),
    "handed_off": Action("Hand off", _handed_off),
    "signed": Action("Sign", _signed),
    "verified": Action("Verify", _verified),
    "price_list": Action("Prices", _price_list, ""),
}
