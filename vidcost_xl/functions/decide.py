"""Decide: where the plan is cheapest, what a budget buys, and what moves the bill."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.digits import SAME, exceeds
from vidcost_xl.errors import BadArgumentError, unknown_name
from vidcost_xl.functions.arguments import read_number, read_text
from vidcost_xl.functions.compare_rows import SHOWN, moving_parts, place_rows, refused_rows
from vidcost_xl.functions.decide_rows import afford_rows, own_months
from vidcost_xl.functions.plans import OUTPUT_HELP, SHARED, read_plan
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.tables import cell_rows
from vidcost_xl.functions.values import Absent, default_text, is_range, is_stated

if TYPE_CHECKING:  # the model is loaded by the first call that needs it, not by registering the functions
    from vidcost_xl.analysis.compare import Comparison
    from vidcost_xl.analysis.sensitivity import Swing

Table = list[list[Any]]

#: What the budget of VIDEO_AFFORD is for, in words.
_PER: Final = {"month": "an average month", "peak": "the dearest month", "plan": "the whole plan"}

SWING_HEADER: Final = [
    *("key", "label", "unit", "value", "low", "high", "at_low", "at_high"),
    *("change_low", "change_high", "swing", "note"),
]

HEADER: Final = ["measure", "value", "unit", "note"]


@excel_function(
    "Decide",
    "The same plan at every provider, class, region and route that can serve it, the cheapest first. Spills.",
    helps={
        **SHARED,
        "providers": 'Providers to compare: a range of names, or a text such as "b2,r2". Left out: all of them.',
        "output": 'What is compared: "monthly" (average month), "annual", "total" or "peak".',
        "show": '"cheapest" (of each provider), "regions" (of each region), "all" (every class, region and route), or '
        '"refused" (what cannot serve the plan, and why).',
        "part": 'What moves: "all" representations together; one of them by its name, such as "features", read along a '
        'route of its own while the others stay; or "each" of them in turn.',
    },
    kinds={"providers": "raw"},
)
def VIDEO_COMPARE(
    inputs: object = None,
    providers: object = None,
    overrides: object = None,
    output: object = default_text("monthly"),
    show: object = default_text("cheapest"),
    part: object = default_text("all"),
) -> Table:
    """The plan at other places.

    Parameters
    ----------
    inputs : range or str, optional
    providers : range or str, optional
        Names or ids; several in one text with commas between.
    overrides : range, optional
    output : str
        "monthly", "annual", "total" or "peak".
    show : str
        "cheapest", "regions", "all" or "refused".
    part : str
        "all", the name or number of a representation, or "each".

    Returns
    -------
    list of rows
        Header, the plan as it is with rank 0, then the places by cost: what VIDEO_TOTAL says of the plan with all its
        representations there, or with one of them. Of "refused": class or route, and why. A last column says which
        part, where it is not all. Notes say what of the plan stays as it is, and routes without a price in a region.

    Notes
    -----
    Fetching, checkpoints, a copy beside the GPUs, support and commitments stay as the plan has them; checkpoints of the
    same provider are in the region of the data.

    Examples
    --------
    >>> [row[1] for row in VIDEO_COMPARE(None, "b2,r2")[1:]]
    ['the plan', 'r2', 'b2']
    """
    from vidcost_xl.analysis.compare import compare
    from vidcost_xl.analysis.remembered import remembered

    name, what = read_text(show, "show").strip().casefold(), read_text(output, "output").strip()
    if name not in SHOWN:
        raise BadArgumentError(unknown_name("show", name, SHOWN))
    plan = read_plan(inputs, overrides)
    names = provider_names(providers)
    answers: dict[str, Comparison] = {}
    for number, called in moving_parts(plan, read_text(part, "part").strip()).items():
        asked = ("compare", names, what, *([number] if number else []))
        answers[called] = remembered(partial(compare, plan, names, what, number), plan, *asked)
    return refused_rows(answers) if name == "refused" else place_rows(plan, answers, name, what)


def provider_names(providers: object) -> list[str]:
    """Names of providers, of a range or of a text with commas between; none where left out."""
    if providers is None or isinstance(providers, Absent) or providers == "":
        return []
    if isinstance(providers, str):
        cells: list[object] = list(providers.split(","))
    elif is_range(providers):
        cells = [cell for row in cell_rows(providers, "providers", ("provider",)) for cell in row]
    else:
        raise BadArgumentError("providers is a range of names, or a text with commas between them.")
    names = [read_text(cell, "providers").strip() for cell in cells if cell not in {None, ""}]
    if not names:
        raise BadArgumentError("providers names none; leave it out for all of them.")
    return names


@excel_function(
    "Decide",
    "How many passes, experiments, videos, TB or months a budget buys, and what the next one costs. Spills.",
    helps={
        **SHARED,
        "budget": "In the reporting currency: of an average month, or of what the last argument says.",
        "driver": '"passes" or "experiments" a month, "videos", "tb" of video, "months" (the budget is then of all of '
        "them together), or the key of a numeric input.",
        "per": '"month" (average), "peak" (no month costs more), or "plan" (all months together).',
    },
)
def VIDEO_AFFORD(
    budget: object = 1e6,
    inputs: object = None,
    driver: object = default_text("passes"),
    overrides: object = None,
    per: object = default_text("month"),
) -> Table:
    """What a budget buys.

    Parameters
    ----------
    budget : float
        Reporting currency.
    inputs : range or str, optional
    driver : str
        "passes", "experiments", "videos", "tb", "months", or the key of a numeric input.
    overrides : range, optional
    per : str
        "month" (an average one), "peak" (the dearest) or "plan". The budget of "months" is of the plan.

    Returns
    -------
    list of rows
        Measure, value, unit, note: the most that fits (the least, where more of the driver costs less), its cost, and
        the next whole number with its cost. #N/A with the reason where nothing fits.

    Examples
    --------
    >>> round(VIDEO_AFFORD(500000)[1][1], 6)
    1.286164
    """
    from vidcost_xl.analysis.afford import affordable, affordable_months
    from vidcost_xl.analysis.drivers import MONTHS, turned

    limit = read_number(budget, "budget", 0)
    plan = read_plan(inputs, overrides)
    name, money = read_text(driver, "driver").strip(), plan.text("money.currency")
    period = read_text(per, "per").strip().casefold()
    if period not in _PER:
        raise BadArgumentError(unknown_name("per", period, _PER))
    if name.casefold() == MONTHS:
        if is_stated(per) and period != "plan":
            raise BadArgumentError('the budget of "months" is of all of them; leave per out, or write "plan".')
        rows = afford_rows(affordable_months(plan, limit), limit, "months", money, "months so far", 1.0)
        now: list[Any] = ["In the plan", float(plan.calendar.months), "months", ""]
    else:
        found = turned(plan, name)
        afford = affordable(found, limit, period)
        rows = afford_rows(afford, limit, found.driver.unit, money, _PER[period], found.least)
        note = own_months(found.own_months)
        now = ["In the plan", found.now, found.driver.unit, note]
    return [HEADER, *rows, now]


@excel_function(
    "Decide",
    "What the bill becomes with each input at its low and at its high, the one that moves it most first; or with two "
    "inputs at several values, as a table. Spills.",
    helps={
        **SHARED,
        "output": OUTPUT_HELP,
        "rows": 'For a table over two: "passes", "experiments", "videos", "tb", "months", or the key of any input.',
        "row_values": "Its values, a range. Left out: its low, the plan's and its high.",
        "columns": "What changes from column to column, as in rows.",
        "column_values": "Its values, as in row_values.",
    },
    kinds={"row_values": "raw", "column_values": "raw"},
)
def VIDEO_SENSITIVITY(
    inputs: object = None,
    output: object = default_text("monthly"),
    overrides: object = None,
    rows: object = None,
    row_values: object = None,
    columns: object = None,
    column_values: object = None,
) -> Table:
    """Each input at both ends of its range, all else as it is; or two inputs against each other.

    Parameters
    ----------
    inputs : range or str, optional
        Its columns low and high bound each input.
    output : str
        As `what` of VIDEO_TOTAL.
    overrides : range, optional
    rows, columns : str, optional
        The two inputs of a table: words such as "passes", or keys.
    row_values, column_values : range, optional

    Returns
    -------
    list of rows
        Header, then one row an input that moves the output, or of which an end is refused: its ends, the output at
        both, the changes, and the swing between the least and the most. Reporting currency. Of two inputs: the values
        of `columns` above, those of `rows` at the left, and in each cell what VIDEO_TOTAL says of that plan.

    Examples
    --------
    >>> [row[0] for row in VIDEO_SENSITIVITY()[1:4]]
    ['dataset.mb_per_video', 'representation.2.ratio', 'dataset.videos']
    """
    from vidcost_xl.analysis.sensitivity import swings
    from vidcost_xl.functions.two_way import two_way_table

    plan, what = read_plan(inputs, overrides), read_text(output, "output").strip()
    if any(is_stated(each) for each in (rows, columns, row_values, column_values)):
        return two_way_table(plan, what, (rows, row_values), (columns, column_values))
    found = swings(plan, what)
    listed = [each for each in found if each.refused or exceeds(each.swing, SAME * abs(each.base))]
    return [SWING_HEADER, *(_swing_row(each) for each in listed)]


def _swing_row(each: Swing) -> list[Any]:
    outside = not each.low <= each.value <= each.high
    notes = [
        "the plan is outside low and high" if outside else "",
        own_months(each.own_months),
        each.refused,
    ]
    changes = [figure - each.base for figure in (each.at_low, each.at_high)]
    ends = [each.value, each.low, each.high, each.at_low, each.at_high, *changes, each.swing]
    return [each.key, each.spec.label, each.spec.unit, *ends, "; ".join(filter(None, notes))]
