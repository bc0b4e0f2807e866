"""What the buttons of the tab "Video cost" ask Python to do.

VBA calls these through the same server as the cells. Every answer is one text: a path, the
formulas to write, a report; or a question mark and the reason why not. Files go where the
user said, never over an existing one, or into the temporary folder, of which Excel shows an
unsaved copy. Nothing here touches an open workbook.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

from vidcost_xl.errors import VideoCostError
from vidcost_xl.hosts.com import exposed

#: Starts an answer that is a refusal.
REFUSED: Final = "?"
#: Between the texts of an answer.
SEPARATOR: Final = "\x01"

LOG = logging.getLogger("vidcost_xl")

Rows = list[list[Any]]


def _new_workbook(path: str) -> str:
    from vidcost_xl.sheets.plan.new import new_workbook

    target = Path(path)
    new_workbook(target, "quick")
    return str(target)


def _explanations(formula: str, workbook: str, sheet: str) -> str:
    from vidcost_xl.addin.explaining import explanations

    return SEPARATOR.join(explanations(formula, workbook, sheet))


def _price_list(_: object = "") -> str:
    from vidcost_xl.prices.book import price_book
    from vidcost_xl.prices.review import price_table

    book = price_book()
    return _in_temporary_folder("Prices", f"Price book of {book.as_of:%Y-%m-%d} ({book.digest})", price_table(book))


def _function_reference(_: object = "") -> str:
    from vidcost_xl.functions.registry import functions

    rows: Rows = [["function", "group", "argument", "what it is"]]
    for spec in functions().values():
        rows.append([spec.name, spec.category, spec.signature, spec.help])
        rows += [[spec.name, spec.category, parameter.name, parameter.help] for parameter in spec.parameters]
    return _in_temporary_folder("Functions", "The VIDEO functions and their arguments", rows)


def _check_findings(copy: str) -> str:
    from vidcost_xl.sheets.review.rules.run import check_file

    path = Path(copy)
    report = check_file(path)
    return _in_temporary_folder("Findings", f"{path.name}: {report.summary()}", report.table())


def _refreshed(copy: str) -> str:
    from vidcost_xl.sheets.calc.calculate import calculate
    from vidcost_xl.sheets.package.safe_files.refusals import read_source
    from vidcost_xl.sheets.plan.reading.refresh import has_ledger, refresh

    source = read_source(Path(copy))
    name = source.path.name
    done = calculate(source.data, name)
    data = refresh(done.data, name)[0] if has_ledger(done.data, name) else done.data
    path = _made(source.path, "refreshed", data)
    left = done.report.left
    if not left:
        return path
    first = f"{left[0].sheet}!{left[0].cell} {left[0].reason}"
    return f"{path}{SEPARATOR}{len(left):,} cells keep their old value. The first: {first}."


def _self_audited(copy: str) -> str:
    from vidcost_xl.sheets.package.safe_files.refusals import read_source
    from vidcost_xl.sheets.review.self_audit import audit_file, with_audit_sheet

    source = read_source(Path(copy))
    data = with_audit_sheet(source.data, source.path.name, audit_file(source.path), date.today())
    return _made(source.path, "audited", data)


def _handed_off(copy: str, user: str) -> str:
    from vidcost_xl.sheets.package.safe_files.refusals import read_source
    from vidcost_xl.sheets.review.handoff.run import Order, hand_off

    source = read_source(Path(copy))
    made = hand_off(source.data, source.path.name, Order(user))
    path = _made(source.path.with_suffix(".xlsx"), "hand-off", made.data)
    told = [*made.judged.notes, *made.changed]
    return f"{path}{SEPARATOR}{'; '.join(told)}." if told else path


def _signed(copy: str, user: str) -> str:
    from vidcost_xl.sheets.package.safe_files.refusals import read_source
    from vidcost_xl.sheets.review.signing.run import Order, sign

    source = read_source(Path(copy))
    made = sign(source.data, source.path.name, Order(user))
    path = _made(source.path, "signed", made.data)
    role, name = made.signatures[-1].role, made.signatures[-1].name
    return f"{path}{SEPARATOR}Signed by {name} ({role}). Keep the seal outside the file:\n{made.seal}"


def _verified(copy: str) -> str:
    from vidcost_xl.sheets.review.signing.verify import verify_file

    path = Path(copy)
    found = verify_file(path)
    faults: Rows = [["signed sheet", "", "", "", "", fault, ""] for fault in found.sheet]
    return _in_temporary_folder("Changes", f"{path.name}: {found.summary()}", [*found.table(), *faults])


def _made(path: Path, what: str, data: bytes) -> str:
    # Excel names the unsaved copy after the file and a number.
    made = Path(tempfile.mkdtemp(prefix="vidcost-")) / f"{path.stem} {what}{path.suffix}"
    made.write_bytes(data)
    return str(made)


def _about(addin: str) -> str:
    from vidcost_xl.addin.config import folders
    from vidcost_xl.functions.audit import VIDEO_VERSION

    log = next(
        (handler.baseFilename for handler in LOG.handlers if isinstance(handler, logging.FileHandler)), "no log file"
    )
    lines = [
        VIDEO_VERSION(),
        "",
        f"Python {sys.version.split()[0]}: {sys.executable}",
        f"Add-in: {addin}",
        f"Log: {log}",
        "",
        f"Something wrong? Run `{folders(os.environ).doctor}`.",
    ]
    return "\n".join(lines)


def _in_temporary_folder(sheet: str, title: str, rows: Rows) -> str:
    from vidcost_xl.addin.tables import write_table

    # Excel names the unsaved copy after the file: Prices1, Functions1.
    path = Path(tempfile.mkdtemp(prefix="vidcost-")) / f"{sheet}.xlsx"
    write_table(path, sheet, title, rows)
    return str(path)


def _button(work: Callable[..., str]) -> Callable[..., Rows]:
    def function(*values: Any) -> Rows:
        try:
            return [[work(*values)]]
        except VideoCostError as error:
            return [[REFUSED + error.message]]
        except OSError as error:
            return [[f"{REFUSED}{error.filename or 'the file'}: {error.strerror or error}."]]
        except Exception as error:
            LOG.exception("button %s failed", work.__name__)
            return [[f"{REFUSED}This failed inside: {type(error).__name__}: {error}. The log says more."]]

    return function


new_workbook = exposed(_button(_new_workbook), "new_workbook", ("path",))
explanations = exposed(_button(_explanations), "explanations", ("formula", "workbook", "sheet"))
price_list = exposed(_button(_price_list), "price_list", ("nothing",))
function_reference = exposed(_button(_function_reference), "function_reference", ("nothing",))
check_findings = exposed(_button(_check_findings), "check_findings", ("copy",))
refreshed = exposed(_button(_refreshed), "refreshed", ("copy",))
self_audited = exposed(_button(_self_audited), "self_audited", ("copy",))
handed_off = exposed(_button(_handed_off), "handed_off", ("copy", "user"))
signed = exposed(_button(_signed), "signed", ("copy", "user"))
verified = exposed(_button(_verified), "verified", ("copy",))
about = exposed(_button(_about), "about", ("addin",))
