"""Article functions: the claims, text against video, the barrier to entry."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.errors import ExcelError
from vidcost_xl.functions.arguments import read_number, read_text
from vidcost_xl.functions.plans import INPUTS_HELP, OVERRIDES_HELP, read_plan
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.steps import explain_step
from vidcost_xl.functions.values import default_number, default_text, is_stated
from vidcost_xl.units import bytes_per

if TYPE_CHECKING:  # the model and the facts are loaded by the first call that needs them
    from vidcost_xl.analysis.claims import Judged
    from vidcost_xl.model.bill import Bill

Table = list[list[Any]]

#: Stands for months or money without an end.
NO_LIMIT: Final = "no limit"

CLAIM_COLUMNS: Final = (
    "number",
    "claim",
    "said_by",
    "their_figure",
    "our_figure",
    "compared_with",
    "under_condition",
    "unit",
    "verdict",
    "condition",
    "source",
    "turns_at",
    "turns_unit",
)

#: A claim that no figure of its input would make hold.
NEVER: Final = "never"
BARRIER_COLUMNS: Final = (
    "way",
    "provider",
    "class",
    "route",
    "monthly",
    "cumulative",
    "runway_months",
    "funding_left",
    "training_gpus",
    "data_share",
)


@excel_function(
    "Article",
    "The claims of the source article, measured on a plan: their figure, ours, verdict, condition. Spills a table.",
    helps={"inputs": INPUTS_HELP},
)
def VIDEO_CLAIMS(inputs: object = None) -> Table:
    """The claims of the article.

    Parameters
    ----------
    inputs : range or str, optional
        Complete inputs, or a preset.

    Returns
    -------
    list of rows
        Header, then a row a claim: the figure that was named (empty where none was), ours as the plan stands, what it
        is compared with, ours under the condition, and the verdict that follows. Where a claim rests on an input that
        nobody published: at what figure it turns. The figures of a claim that cannot be measured are empty.

    Examples
    --------
    >>> VIDEO_CLAIMS()[2][8]
    'holds'
    """
    from vidcost_xl.analysis.claims import SOURCE, judge

    rows: Table = [list(CLAIM_COLUMNS)]
    for judged in judge(_bill(inputs)):
        claim, numbers = judged.claim, judged.figures
        found: list[float | str | ExcelError] = [""] * 4
        if numbers:
            measured = (numbers.ours, numbers.compared, numbers.conditional)
            found = [_figure(claim.id, each, numbers.why) for each in measured]
            never = math.isnan(numbers.turns) and not any(map(math.isnan, measured))
            found.append((NEVER if never else _figure(claim.id, numbers.turns, numbers.why)) if claim.turns else "")
        rows.append(
            [
                *(judged.number, claim.text, claim.said_by, "" if claim.figure is None else claim.figure),
                *(*found[:3], claim.unit, _verdict(judged), claim.condition, SOURCE, found[3], claim.turns),
            ]
        )
    return rows


@excel_function(
    "Article",
    "Size of a text corpus, to set beside a video data set.",
    helps={
        "tokens": "Tokens in the corpus. Left out: 15 trillion, as FineWeb.",
        "bytes_per_token": "Stored bytes of a token. Left out: 2.93, as FineWeb stores them compressed.",
        "unit": "Unit of the result: B, kB, MB, GB, TB, PB, EB (powers of 1000) or KiB to EiB (powers of 1024).",
    },
)
def VIDEO_TEXTCORPUS(
    tokens: object = default_number(15e12),
    bytes_per_token: object = default_number(2.93),
    unit: object = default_text("TB"),
) -> float:
    """Size of a text corpus.

    Parameters
    ----------
    tokens : float
        How many.
    bytes_per_token : float
        Stored bytes of one.
    unit : str
        Of the result.

    Returns
    -------
    float
        In `unit`.

    Examples
    --------
    >>> round(VIDEO_TEXTCORPUS(), 2)
    43.95
    """
    size = read_number(tokens, "tokens") * read_number(bytes_per_token, "bytes_per_token")
    explain_step("size", size, "bytes", "tokens x bytes per token")
    return size / bytes_per(read_text(unit, "unit"))


@excel_function(
    "Article",
    "What the data cost until there is a first model, at each provider's cheapest place, and how long a funding lasts.",
    helps={
        "inputs": INPUTS_HELP,
        "months": "Months to a first model. Left out: barrier.months of the plan, which is 3 in the presets.",
        "overrides": OVERRIDES_HELP,
    },
    kinds={"months": "value"},
)
def VIDEO_BARRIER(inputs: object = None, months: object = default_number(3), overrides: object = None) -> Table:
    """Barrier to entry, before any GPU.

    Parameters
    ----------
    inputs : range or str, optional
        Complete inputs, or a preset.
    months : int
        To a first model.
    overrides : range, optional
        Inputs to change.

    Returns
    -------
    list of rows
        Header, the plan as it stands, its training data at the cheapest class and route of each provider that can serve
        it, the plan with an own site; what has no price on the plan's day is left out: its row says so and its figures
        are #N/A. In reporting currency: an average month, all months to a first model, the months
        that barrier.funding pays for, what is left of it; as a memo the training GPUs, and the share of data in both.

    Raises
    ------
    OutOfDomainError
        For more months than the plan has.

    Examples
    --------
    >>> round(VIDEO_BARRIER()[1][5])
    7597001
    """
    from vidcost_xl.analysis.barrier import barrier

    first_model = int(read_number(months, "months", 1, whole=True)) if is_stated(months) else None
    rows: Table = [list(BARRIER_COLUMNS)]
    for outcome in barrier(_bill(inputs, overrides), first_model):
        runway = outcome.runway
        figures: list[float | str | ExcelError] = [
            *(outcome.monthly, outcome.cumulative, NO_LIMIT if math.isinf(runway) else runway, outcome.left),
            *(outcome.terms.gpus, outcome.data_share),
        ]
        if math.isnan(runway):
            figures = [ExcelError("#N/A", f"{outcome.label} is left out: {outcome.route}")] * len(figures)
        rows.append([outcome.label, outcome.provider, outcome.storage_class, outcome.route, *figures])
    return rows


def _figure(claim: str, figure: float, why: str = "") -> float | ExcelError:
    said = f"the plan gives no figure for the claim {claim}" + (f": {why}" if why else "")
    return ExcelError("#N/A", said) if math.isnan(figure) else figure


def _verdict(judged: Judged) -> str | ExcelError:
    from vidcost_xl.analysis.claims import HOLDS

    numbers = judged.figures
    missing = numbers and (math.isnan(numbers.ours) or math.isnan(numbers.compared))
    if missing or (numbers and judged.verdict != HOLDS and math.isnan(numbers.conditional)):
        return ExcelError("#N/A", f"no figure, no verdict on the claim {judged.claim.id}")
    return judged.verdict


def _bill(inputs: object, overrides: object = None) -> Bill:
    from vidcost_xl.model.bill import evaluate

    return evaluate(read_plan(inputs, overrides))
