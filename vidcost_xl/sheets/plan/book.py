"""The template `model` put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from vidcost_xl import __version__
from vidcost_xl.analysis.scenarios import every_plan, plan_in_force
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.catalogue import catalogue, spec_key
from vidcost_xl.model.lines import STAGES
from vidcost_xl.model.placing import GPU_REGION
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import PriceBook
from vidcost_xl.sheets.layout import grid, places
from vidcost_xl.sheets.layout.sheet_layout import SheetLayout, WorkbookLayout
from vidcost_xl.sheets.layout.stamp import STAMP, VERDICT
from vidcost_xl.sheets.plan.accounts import accounts_sheet
from vidcost_xl.sheets.plan.article.list_prices import MeterRows
from vidcost_xl.sheets.plan.article.sheets import ArticleSheets, article_sheets
from vidcost_xl.sheets.plan.bill.acquire import acquire_lines
from vidcost_xl.sheets.plan.bill.cache import cache_lines
from vidcost_xl.sheets.plan.bill.charges import possible_lines
from vidcost_xl.sheets.plan.bill.checkpoint import checkpoint_lines
from vidcost_xl.sheets.plan.bill.costs import COST_HEADINGS, COSTS, cost_lines, engine_lines, stage_lines
from vidcost_xl.sheets.plan.bill.dataset import dataset_lines
from vidcost_xl.sheets.plan.bill.early import early_lines
from vidcost_xl.sheets.plan.bill.encode import encode_lines
from vidcost_xl.sheets.plan.bill.forecast import forecast
from vidcost_xl.sheets.plan.bill.leave import exit_lines
from vidcost_xl.sheets.plan.bill.native import NATIVE, derived_lines, native_lines
from vidcost_xl.sheets.plan.bill.objects import object_lines, switch_lines
from vidcost_xl.sheets.plan.bill.placing import class_lines, end_lines
from vidcost_xl.sheets.plan.bill.possible_lines import PossibleLine
from vidcost_xl.sheets.plan.bill.reading import division_lines
from vidcost_xl.sheets.plan.bill.representation import representation_lines
from vidcost_xl.sheets.plan.bill.routes import numbers, route_lines
from vidcost_xl.sheets.plan.bill.train import train_lines
from vidcost_xl.sheets.plan.calendar import SHEET as CALENDAR
from vidcost_xl.sheets.plan.calendar import calendar_lines
from vidcost_xl.sheets.plan.changes import changes_sheet
from vidcost_xl.sheets.plan.drivers_sheet import drivers_sheet
from vidcost_xl.sheets.plan.functions_sheet import FunctionRows, functions_sheet
from vidcost_xl.sheets.plan.guards import guards_sheet
from vidcost_xl.sheets.plan.inputs import ENGINE_CHOICES, SWITCH_ROW, inputs_sheet
from vidcost_xl.sheets.plan.line_sheet import lines_sheet
from vidcost_xl.sheets.plan.lists import ListsSheet
from vidcost_xl.sheets.plan.model_rows import ModelRows
from vidcost_xl.sheets.plan.own.move import add_move_meters
from vidcost_xl.sheets.plan.own.sheets import compared_rows, own_functions, own_sheet
from vidcost_xl.sheets.plan.parts import ARTICLE, EVERY, OWN, SCENARIOS, Parts
from vidcost_xl.sheets.plan.prices import all_prices_sheet
from vidcost_xl.sheets.plan.printed import filled, steps
from vidcost_xl.sheets.plan.regions import book_of
from vidcost_xl.sheets.plan.results.assumptions import assumed_lines
from vidcost_xl.sheets.plan.results.checks import checks_sheet
from vidcost_xl.sheets.plan.results.contents import in_order
from vidcost_xl.sheets.plan.results.cover import audit_sheet, cover_sheet
from vidcost_xl.sheets.plan.results.ledger import ledger_sheet
from vidcost_xl.sheets.plan.results.summary import SHEET as SUMMARY
from vidcost_xl.sheets.plan.results.summary import summary_sheet
from vidcost_xl.sheets.plan.results.summary_rows import result_rows, summary_workings
from vidcost_xl.sheets.plan.row_names import MASTER, Block, driver_id
from vidcost_xl.sheets.plan.scenarios_sheet import scenarios_sheet
from vidcost_xl.sheets.plan.spilled import spilled_rows
from vidcost_xl.sheets.plan.time_sheet import time_sheet
from vidcost_xl.sheets.plan.user_notes import Kept

VOLUMES = "Volumes"

TITLE = "What the data of a video model cost, month by month"


def volume_lines(plan: Plan) -> Block:
    """Every row of the sheet Volumes: those of the model's volumes, and the steps between them."""
    model = ModelRows(plan)
    lines = dataset_lines(model)
    for n in numbers(plan):
        lines += representation_lines(model, n) + early_lines(model, n)
    lines += cache_lines(model)
    lines += class_lines(plan) + route_lines(plan) + end_lines(plan)
    lines += acquire_lines(model) + encode_lines(model) + train_lines(model)
    lines += switch_lines() + checkpoint_lines(model) + exit_lines(model) + division_lines(model)
    return lines + object_lines(model)


def model_layout(book: PriceBook, plan: Plan, kept: Kept | None = None, parts: Parts = EVERY) -> WorkbookLayout:
    """The workbook of a plan, as data.

    Parameters
    ----------
    plan : Plan
        Its inputs, changes and months.
    kept : Kept, optional
        What people wrote into the workbook that the plan is from.
    parts : Parts
        What the workbook holds.
    """
    kept, months, scenarios = kept or Kept(), plan.integer("calendar.months"), SCENARIOS in parts
    plans = every_plan(plan, kept.scenarios)
    book = book_of(book, *plans)
    # What is worked out and stands there as values is of the scenario in force.
    ruling = plan_in_force(plan, kept.scenarios, kept.scenario) if scenarios else plan
    found, derived = possible_lines(plan), derived_lines()
    every = [*found, *derived]
    inputs, names = inputs_sheet(plan, kept.switch or ENGINE_CHOICES[0], parts=parts)
    changes, change_names = changes_sheet(plan, kept.changes)
    drivers, driver_names = drivers_sheet(plan, kept, ruling, parts=parts)
    beside, scenario_names = scenarios_sheet(plan, kept) if scenarios else (None, {})
    accounts, account_names = accounts_sheet(plan, every)
    prices, price_names = all_prices_sheet(book, kept.prices)
    guards, guard_names = guards_sheet(plan, scenarios=scenarios)
    monthly = [key for key in plan.values if catalogue()[spec_key(key)].monthly]
    lists = ListsSheet(book, [each.text(GPU_REGION) for each in plans], monthly, scenarios=scenarios)
    answer = forecast(len(every))
    functions = [FunctionRows(grid.rows(engine_lines(every), months)), spilled_rows(answer, months)]
    meters = MeterRows()
    own: tuple[SheetLayout, ...] = ()
    own_names: Mapping[str, str] = {}
    if OWN in parts:
        own = (own_sheet(plan, found[0].key, every[-1].key),)
        own_rows, own_names = own_functions(plan)
        functions += own_rows
        add_move_meters(meters, plan)
    article = article_sheets(plan, scenarios=scenarios) if ARTICLE in parts else ArticleSheets()
    lines, line_names = lines_sheet(found, derived, (*meters.rows, *article.meters))
    checks = checks_sheet(plan, every, compared_rows(plan) if own else [], article.flags, months)

    def over_time(name: str, title: str, about: str, block: Block) -> SheetLayout:
        is_result = name == COSTS
        return time_sheet(
            name, title, about, block, months, is_result=is_result, headings=COST_HEADINGS if is_result else {}
        )

    about = "The bill month by month in reporting currency, by stage, line, account and fiscal period."
    # The many lines come last of what is read: their pages part no heading from its table.
    read = [*stage_lines(every, STAGES), *result_rows(plan), *cost_lines(every)]
    costs = over_time(COSTS, "Costs", about, [*read, *summary_workings(plan), *assumed_lines(plan)])
    costs = replace(costs, last_printed=read[-1].id)
    sheets = (
        drivers,
        inputs,
        changes,
        *([beside] if beside else []),
        accounts,
        prices,
        guards,
        over_time(
            CALENDAR, "Calendar and drivers", "The time axis, and the inputs of each month.", calendar_lines(plan)
        ),
        over_time(
            VOLUMES, "Volumes", "From inputs to what the meters count. Bytes are shown as TB.", volume_lines(plan)
        ),
        lines,
        over_time(
            NATIVE,
            "The bill by native formulas",
            "Quantities at the prices of the sheet Prices.",
            [*native_lines(found), *article.native],
        ),
        functions_sheet([*functions, *article.functions], months),
        costs,
        *own,
        *article.sheets,
        summary_sheet(ruling, kept.before, own=OWN in parts, scenarios=scenarios),
        ledger_sheet(evaluate(ruling)),
        checks,
        lists.sheet,
        audit_sheet(book, ruling, kept),
    )
    axis = {
        "driver_key": f"{{{driver_id(monthly[0])}.note:{driver_id(monthly[-1])}.note}}",
        STAMP: "{audit_stamp.text}",
        VERDICT: "{audit_verdict.text}",
        "plan_months": f"{{cal_start.m1:cal_start.m{months}}}",
        "plan_start": "{cal_start.m1}",
        "plan_end": f"{{cal_end.m{months}}}",
    }
    all_names = {
        **names,
        **change_names,
        **driver_names,
        **scenario_names,
        **account_names,
        **price_names,
        **guard_names,
        **lists.names,
        **line_names,
        "forecast_ids": answer.found_ids,
        **own_names,
        **article.names,
        **axis,
    }
    return WorkbookLayout(
        title=TITLE,
        as_of=book.as_of,
        stamp=f"vidcost-xl {__version__}, prices of {book.as_of:%Y-%m-%d} ({book.digest})",
        sheets=in_order([cover_sheet(TITLE, (sheet.name for sheet in sheets)), *sheets]),
        opens_at=SUMMARY,
        names=all_names,
        places={**_places(every, months), **_left_out_of_print(sheets, plan)},
    )


def _left_out_of_print(sheets: Iterable[SheetLayout], plan: Plan) -> dict[str, tuple[str, ...]]:
    found = {places.FILLED: filled(sheets), places.STEPS: steps(sheets, plan)}
    return {name: areas for name, areas in found.items() if areas}


def _places(every: list[PossibleLine], months: int) -> dict[str, tuple[str, ...]]:
    last, (first_line, last_line) = f"m{months}", (every[0].key, every[-1].key)
    return {
        places.MASTER: (MASTER,),
        places.TOTAL: ("{k_total.total}",),
        places.MONTHS: (f"{{k_total.m1:k_total.{last}}}",),
        places.SWITCH: (f"{{{SWITCH_ROW}.value}}",),
        places.ENGINE: (f"{{e_{first_line}.m1:e_{last_line}.{last}}}",),
        places.NATIVE: (f"{{a_{first_line}.m1:a_{last_line}.{last}}}",),
        **{places.stage(stage): (f"{{ks_{stage}.total}}",) for stage in STAGES},
    }
