"""A plan from wherever it stands: a preset, a plan file, or a plan workbook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.catalogue import PRESETS
from vidcost_xl.model.files import preset, read_plan
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.package.safe_files.refusals import SUFFIXES, read_source

if TYPE_CHECKING:
    from vidcost_xl.sheets.plan.reading.workbook import PlanWorkbook


@dataclass(frozen=True)
class PlanSource:
    """A plan and where it came from.

    Parameters
    ----------
    name : str
        As messages and headings call it.
    workbook : PlanWorkbook or None
        What else a plan workbook says.
    data : bytes
        Of the workbook; empty for others.
    """

    name: str
    plan: Plan
    workbook: PlanWorkbook | None = None
    data: bytes = b""


def plan_source(given: str) -> PlanSource:
    """Read a plan.

    Parameters
    ----------
    given : str
        A preset, a plan file (.toml, .yaml), or a workbook made with the template `model`.

    Raises
    ------
    BadArgumentError
        For a file that is none of them, saying what it is and what to do.
    """
    path = Path(given)
    if given in PRESETS or not path.suffix:
        if path.exists() and given not in PRESETS:
            raise BadArgumentError(f"{given} has no ending that tells a plan: .toml, .yaml or .xlsx.")
        return PlanSource(given, preset(given))
    if path.suffix.casefold() in {*SUFFIXES, ".xls", ".xlsb", ".ods"}:
        from vidcost_xl.sheets.plan.reading.carry import DEFAULTS, filled_notes
        from vidcost_xl.sheets.plan.reading.workbook import read_any_plan_workbook, read_plan_workbook

        data = read_source(path).data
        # The version before did not have every input; what it has and this one does not know is refused.
        read = read_any_plan_workbook(data, path.name, preset(DEFAULTS))
        workbook = read_plan_workbook(data, path.name) if read.unknown else read.workbook
        workbook = replace(workbook, findings=(*workbook.findings, *filled_notes(read)))
        return PlanSource(path.name, workbook.plan, workbook, data)
    return PlanSource(path.name, read_plan(path))
