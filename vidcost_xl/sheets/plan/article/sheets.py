"""The sheets that answer for the article: Claims, Text, Barrier, Agents, and what they are computed from."""

from __future__ import annotations

from dataclasses import dataclass, field

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.sheet_layout import SheetLayout
from vidcost_xl.sheets.plan.article import barrier
from vidcost_xl.sheets.plan.article.agents import agent_calls, agents_sheet
from vidcost_xl.sheets.plan.article.answers import answers_sheet, stack_sheet
from vidcost_xl.sheets.plan.article.candidates import add_candidate_meters
from vidcost_xl.sheets.plan.article.claims import CALL as CLAIMS_CALL
from vidcost_xl.sheets.plan.article.claims import add_claim_meters, claims_sheet
from vidcost_xl.sheets.plan.article.list_prices import MeterSheet
from vidcost_xl.sheets.plan.article.proof import proof_sheet
from vidcost_xl.sheets.plan.article.text import add_text_meters, text_calls, text_sheet
from vidcost_xl.sheets.plan.own.move import add_move_meters
from vidcost_xl.sheets.plan.time_sheet import time_sheet


@dataclass(frozen=True)
class ArticleSheets:
    """The sheets, and what the workbook needs to know of them.

    Parameters
    ----------
    names : mapping of str to str
        Workbook names.
    flags : mapping of str to list of str
        By the label of a check: ranges of flags where functions and native formulas differ.
    """

    results: tuple[SheetLayout, ...]
    workings: tuple[SheetLayout, ...]
    names: dict[str, str]
    flags: dict[str, list[str]] = field(default_factory=dict)


def article_sheets(plan: Plan) -> ArticleSheets:
    """Everything that answers for the article."""
    months = plan.integer("calendar.months")
    meters = MeterSheet()
    add_candidate_meters(meters)
    barrier.add_way_meters(meters)
    add_text_meters(meters)
    add_claim_meters(meters, plan)
    add_move_meters(meters, plan)
    about = "The plan's training data in every class and along every route that a provider has: quantities and cost."
    routes = time_sheet(barrier.ROUTES, "The data at every provider", about, barrier.route_lines(plan), months)
    stack, names = stack_sheet(plan)
    answers = answers_sheet([*text_calls(), *agent_calls(), barrier.CALL, CLAIMS_CALL])
    pairs = (claims_sheet(plan), barrier.barrier_sheet(plan), text_sheet(plan), agents_sheet())
    blocks = [block for _, block in pairs]
    return ArticleSheets(
        tuple(sheet for sheet, _ in pairs),
        (meters.sheet, routes, stack, answers, proof_sheet(blocks)),
        names,
        {f"{block.sheet}: functions and native formulas": block.flags for block in blocks},
    )
