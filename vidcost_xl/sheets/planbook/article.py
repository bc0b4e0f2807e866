"""The sheets that answer for the article: Claims, Text, Barrier, Agents, and what they are computed from."""

from __future__ import annotations

from dataclasses import dataclass, field

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout import SheetLayout
from vidcost_xl.sheets.planbook import claimsheet, ways
from vidcost_xl.sheets.planbook.agentsheet import PROVEN as AGENTS_PROVEN
from vidcost_xl.sheets.planbook.agentsheet import agent_calls, agents_sheet
from vidcost_xl.sheets.planbook.answers import answers_sheet, stack_sheet
from vidcost_xl.sheets.planbook.claimsheet import CALL as CLAIMS_CALL
from vidcost_xl.sheets.planbook.claimsheet import add_claim_meters, claims_sheet
from vidcost_xl.sheets.planbook.meters import MeterSheet
from vidcost_xl.sheets.planbook.proof import Proof
from vidcost_xl.sheets.planbook.textsheet import PROVEN as TEXT_PROVEN
from vidcost_xl.sheets.planbook.textsheet import add_text_meters, text_calls, text_sheet
from vidcost_xl.sheets.planbook.timesheet import time_sheet


@dataclass(frozen=True)
class ArticleSheets:
    """The sheets, and what the workbook needs to know of them.

    Parameters
    ----------
    results, workings : tuple of SheetLayout
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
    """Everything that answers for the article.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    ArticleSheets
    """
    months = plan.integer("calendar.months")
    meters = MeterSheet()
    ways.add_way_meters(meters)
    add_text_meters(meters)
    add_claim_meters(meters, plan)
    about = "The training data of the plan on every route of Barrier: quantities, charges at list price, cost so far."
    routes = time_sheet(ways.ROUTES, "The data on every route", about, ways.route_lines(plan), months)
    stack, names = stack_sheet(plan)
    answers = answers_sheet([*text_calls(), *agent_calls(), ways.CALL, CLAIMS_CALL])
    proof = Proof()
    claims = proof.take(claims_sheet(plan), claimsheet.PROVEN)
    results = (
        proof.move_rows(claims, claimsheet.WORKINGS, claimsheet.WORKING_COLUMNS),
        proof.take(ways.barrier_sheet(plan), ways.PROVEN),
        proof.take(text_sheet(plan), TEXT_PROVEN),
        proof.take(agents_sheet(), AGENTS_PROVEN),
    )
    workings = (meters.sheet, routes, stack, answers, proof.sheet)
    return ArticleSheets(
        tuple(proof.followed(sheet) for sheet in results),
        tuple(proof.followed(sheet) for sheet in workings),
        names,
        {f"{sheet.name}: functions and native formulas": proof.flags(sheet.name) for sheet in results},
    )
