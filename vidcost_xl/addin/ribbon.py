"""What the buttons of the tab "Video cost" ask Python to do.

VBA calls these through the same server as the cells. Every answer is one text: a path, the formulas to write, a
report; or a question mark and the reason why not. What takes longer than about a second is a job: it gets a number at
once, and VBA asks how far it is. Files go where the user said, never over an existing one, or into the temporary
folder, of which Excel shows an unsaved copy. Nothing here touches an open workbook.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from vidcost_xl.addin import jobs
from vidcost_xl.addin.actions import SEPARATOR, Rows, in_temporary_folder
from vidcost_xl.hosts.com import exposed


def _start_job(action: str, subject: str, path: str, user: str) -> str:
    number, title = jobs.start(action, subject, path, user)
    return f"{number}{SEPARATOR}{title}"


def _job_state(number: str) -> str:
    return jobs.state(int(number))


def _cancel_job(number: str) -> str:
    return jobs.cancel(int(number))


def _explanations(formula: str, workbook: str, sheet: str) -> str:
    from vidcost_xl.addin.explaining import explanations

    return SEPARATOR.join(explanations(formula, workbook, sheet))


def _function_reference(_: object = "") -> str:
    from vidcost_xl.functions.registry import functions

    rows: Rows = [["function", "group", "argument", "what it is"]]
    for spec in functions().values():
        rows.append([spec.name, spec.category, spec.signature, spec.help])
        rows += [[spec.name, spec.category, parameter.name, parameter.help] for parameter in spec.parameters]
    return in_temporary_folder("Functions", "The VIDEO functions and their arguments", rows)


def _about(addin: str) -> str:
    from vidcost_xl.addin.config import folders
    from vidcost_xl.functions.audit import VIDEO_VERSION

    lines = [
        VIDEO_VERSION(),
        "",
        f"Python {sys.version.split()[0]}: {sys.executable}",
        f"Add-in: {addin}",
        f"Log: {jobs.log_file() or 'no log file'}",
        "",
        f"Something wrong? Press Doctor, which runs `{folders(os.environ).doctor}`.",
    ]
    return "\n".join(lines)


def _button(work: Callable[..., str]) -> Callable[..., Rows]:
    return lambda *values: [[jobs.answered(work, *values)]]


start_job = exposed(_button(_start_job), "start_job", ("action", "subject", "path", "user"))
job_state = exposed(_button(_job_state), "job_state", ("number",))
cancel_job = exposed(_button(_cancel_job), "cancel_job", ("number",))
explanations = exposed(_button(_explanations), "explanations", ("formula", "workbook", "sheet"))
function_reference = exposed(_button(_function_reference), "function_reference", ("nothing",))
about = exposed(_button(_about), "about", ("addin",))
