"""The sheets that answer for the article: Claims, Text, Barrier, Agents, and what they are computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import Heading, Line
from vidcost_xl.sheets.layout.sheet_layout import Row, SheetLayout
from vidcost_xl.sheets.plan.article import barrier
from vidcost_xl.sheets.plan.article.agents import agent_calls, agents_sheet
from vidcost_xl.sheets.plan.article.answers import answer_rows, stack_rows
from vidcost_xl.sheets.plan.article.candidates import add_candidate_meters
from vidcost_xl.sheets.plan.article.claims import CALL as CLAIMS_CALL
from vidcost_xl.sheets.plan.article.claims import add_claim_meters, claims_sheet
from vidcost_xl.sheets.plan.article.list_prices import MeterRows
from vidcost_xl.sheets.plan.article.proof import proof_sheet
from vidcost_xl.sheets.plan.article.text import add_text_meters, text_calls, text_sheet
from vidcost_xl.sheets.plan.functions_sheet import FunctionRows


@dataclass(frozen=True)
class ArticleSheets:
    """The sheets, their rows on other sheets, and what the workbook needs to know of them; nothing where left out.

    Parameters
    ----------
    meters : tuple of Row
        Of the sheet Lines.
    native : tuple of Line or Heading
        Of the sheet Native.
    names : mapping of str to str
        Workbook names.
    flags : mapping of str to list of str
        By the label of a check: ranges of flags where functions and native formulas differ.
    """

    sheets: tuple[SheetLayout, ...] = ()
    meters: tuple[Row, ...] = ()
    native: tuple[Line | Heading, ...] = ()
    functions: tuple[FunctionRows, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, list[str]] = field(default_factory=dict)


def article_sheets(plan: Plan, *, scenarios: bool = False) -> ArticleSheets:
    """Everything that answers for the article.

    Parameters
    ----------
    scenarios : bool
        Whether a scenario may rule over what is typed.
    """
    months = plan.integer("calendar.months")
    meters = MeterRows()
    add_candidate_meters(meters)
    barrier.add_way_meters(meters)
    add_text_meters(meters)
    add_claim_meters(meters, plan)
    stack, names = stack_rows(plan, months, scenarios=scenarios)
    answers = answer_rows([*text_calls(), *agent_calls(), barrier.CALL, CLAIMS_CALL], months)
    pairs = (claims_sheet(plan), barrier.barrier_sheet(plan), text_sheet(plan), agents_sheet())
    blocks = [block for _, block in pairs]
    return ArticleSheets(
        (*(sheet for sheet, _ in pairs), proof_sheet(blocks)),
        tuple(meters.rows),
        tuple(barrier.route_lines(plan)),
        (answers, stack),
        names,
        {f"{block.sheet}: functions and native formulas": block.flags for block in blocks},
    )
