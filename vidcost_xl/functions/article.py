"""Article functions: the claims, text against video, the barrier to entry, prompt rewriting, agents."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.errors import ExcelError
from vidcost_xl.functions.arguments import read_number, read_optional_text, read_text
from vidcost_xl.functions.model import INPUTS_HELP, OVERRIDES_HELP, read_plan
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.steps import explain_step
from vidcost_xl.functions.values import default_number, default_text, is_stated
from vidcost_xl.units import bytes_per

if TYPE_CHECKING:  # the model and the facts are loaded by the first call that needs them
    from vidcost_xl.analysis.claims import Judged
    from vidcost_xl.model.agents import Way
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
)
BARRIER_COLUMNS: Final = (
    "way",
    "provider",
    "class",
    "route",
    "monthly",
    "cumulative",
    "runway_months",
    "funding_left",
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
        is compared with, ours under the condition, and the verdict that follows.

    Examples
    --------
    >>> VIDEO_CLAIMS()[2][8]
    'holds'
    """
    from vidcost_xl.analysis.claims import SOURCE, judge

    rows: Table = [list(CLAIM_COLUMNS)]
    for judged in judge(_bill(inputs)):
        claim, numbers = judged.claim, judged.figures
        rows.append(
            [
                *(judged.number, claim.text, claim.said_by, "" if claim.figure is None else claim.figure),
                *(_figure(claim.id, figure) for figure in (numbers.ours, numbers.compared, numbers.conditional)),
                *(claim.unit, _verdict(judged), claim.condition, SOURCE),
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
    "What the data cost until there is a first model, by route and provider, and how long a funding lasts. Spills.",
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
        Header, the plan as it stands, then the same training data on each route at list price, in reporting currency:
        an average month, all months to a first model, the months that barrier.funding pays for, what is left of it.

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
        rows.append(
            [
                *(outcome.label, outcome.provider, outcome.storage_class, outcome.route),
                *(outcome.monthly, outcome.cumulative, NO_LIMIT if math.isinf(runway) else runway, outcome.left),
            ]
        )
    return rows


@excel_function(
    "Article",
    "Cost of language model calls that rewrite a prompt, in dollars.",
    helps={
        "tokens_in": "Tokens that a call reads.",
        "tokens_out": "Tokens that a call writes.",
        "model": 'Language model, such as "gpt-6-luna"; =VIDEO_LIST("model") shows all. Left out: grok-4.3, the median '
        "of the list for such a prompt.",
        "calls": "How many calls.",
    },
)
def VIDEO_REWRITE(
    tokens_in: object = default_number(300),
    tokens_out: object = default_number(500),
    model: object = None,
    calls: object = default_number(1),
) -> float:
    """Cost of rewriting a prompt.

    Parameters
    ----------
    tokens_in, tokens_out : float
        Of one call.
    model : str, optional
        Language model of the facts.
    calls : float
        How many calls.

    Returns
    -------
    float
        USD, at list price.

    Raises
    ------
    NotInBookError
        For an unknown model; names the nearest.

    Examples
    --------
    >>> VIDEO_REWRITE(300, 500, "gpt-6-luna")
    0.00028
    """
    from vidcost_xl.facts.book import fact_book
    from vidcost_xl.model.agents import DEFAULT_MODEL, rewriting_cost

    item = fact_book().language_model(read_optional_text(model, "model") or DEFAULT_MODEL)
    read, written = read_number(tokens_in, "tokens_in"), read_number(tokens_out, "tokens_out")
    cost = float(rewriting_cost(item, read, written, read_number(calls, "calls")))
    explain_step("tokens read", item.usd_per_million_input, "USD per million", f"{item.label}: {item.source}")
    explain_step("tokens written", item.usd_per_million_output, "USD per million", f"as of {item.as_of}")
    explain_step("cost", cost, "USD", "calls x (tokens in and out at these prices)")
    return cost


@excel_function(
    "Article",
    "Cost of a finished video when most of what is generated is thrown away: clips tried, costs, break-evens. Spills.",
    helps={
        "seconds": "Finished length in seconds.",
        "generator": 'Generator, such as "veo-3.1" or "seedance-2.0 4k"; =VIDEO_LIST("generator") shows all. One that '
        'is withdrawn needs the day of its budget: "sora-2@2026-06-01". Left out: veo-3.1.',
        "clip_yield": "Share of the generated clips that is kept, above 0, at most 1. Left out: 0.25, of the invideo "
        "episode.",
        "second_yield": "Share of its seconds that is used of a clip that is kept. Left out: 1/3, of the same.",
        "rewrite": "Dollars for a clip tried that go to a language model, such as =VIDEO_REWRITE(), 0 for none. Left "
        "out: one call of VIDEO_REWRITE.",
        "edit": "Dollars of FFmpeg for a generated second. Left out: $0.00005, from published runs.",
    },
)
def VIDEO_AGENT(
    seconds: object = default_number(30),
    generator: object = None,
    clip_yield: object = None,
    second_yield: object = None,
    rewrite: object = None,
    edit: object = None,
) -> Table:
    """Cost of a finished video and of its accepted seconds.

    Parameters
    ----------
    seconds : float
        Finished length.
    generator : str, optional
        With a resolution after a space where it has a price of its own; with @day where it is withdrawn.
    clip_yield, second_yield : float, optional
        Shares kept.
    rewrite : float, optional
        USD for a clip tried.
    edit : float, optional
        USD for a generated second.

    Returns
    -------
    list of rows
        Header (item, value, unit, how), then the steps from prices and yields to the cost of an accepted second.

    Raises
    ------
    NotInBookError
        For a generator that is unknown, naming the nearest, or withdrawn, naming the day.

    Examples
    --------
    >>> [round(row[1], 2) for row in VIDEO_AGENT(180) if row[0] in ("clips tried", "total")]
    [144.0, 864.6]
    """
    from vidcost_xl.model import agents
    from vidcost_xl.model.offers import find_offer

    def share(value: object, name: str, default: float) -> float:
        return read_number(value, name, 0.0, 1.0, above=True) if is_stated(value) else default

    def price(value: object, name: str, default: Callable[[], float]) -> float:
        return read_number(value, name) if is_stated(value) else default()

    offer = find_offer(read_optional_text(generator, "generator") or agents.DEFAULT_GENERATOR)
    way = agents.Way(
        read_number(seconds, "seconds", above=True),
        offer.usd_per_second,
        share(clip_yield, "clip_yield", agents.default_clip_yield()),
        share(second_yield, "second_yield", agents.default_second_yield()),
        price(rewrite, "rewrite", VIDEO_REWRITE),
        price(edit, "edit", agents.edit_per_second),
        agents.fact_value(agents.CLIP_SECONDS),
        agents.reject_per_second(),
    )
    rows = _way_rows(way, f"{offer.name}: {offer.source}", agents.advert_per_second())
    for label, value, unit, how in rows:
        explain_step(label, value, unit, how)
    return [["item", "value", "unit", "how"], *rows]


def _way_rows(way: Way, source: str, advert: float) -> Table:
    from vidcost_xl.model.agents import REJECT_MBPS, REJECT_MONTHS

    rows: list[tuple[str, Any, str, str]] = [
        ("finished length", way.seconds, "s", ""),
        ("generator", way.usd_per_second, "USD a generated s", source),
        ("clips kept of those tried", way.clip_yield, "share", ""),
        ("seconds kept of a clip kept", way.second_yield, "share", ""),
        ("seconds kept of those generated", way.acceptance, "share", "clip yield x second yield"),
        ("clips tried for a clip kept", 1 / way.clip_yield, "clips", "1 / clip yield"),
        ("seconds kept of a clip", way.kept_of_clip, "s", f"of {way.clip_seconds:g} s: invideo.io/faq, 2026-06-26"),
        ("clips kept", way.clips_kept, "clips", "finished length / seconds kept of a clip"),
        ("clips tried", way.clips_tried, "clips", "clips kept / clip yield"),
        ("seconds generated", way.generated, "s", "finished length / share kept"),
        ("generation", way.generation, "USD", "seconds generated x generator"),
        ("rewriting", way.rewriting, "USD", "clips tried x language model"),
        ("editing", way.editing, "USD", "seconds generated x FFmpeg"),
        ("storage of rejects", way.rejects, "USD", f"{REJECT_MONTHS} months on S3 Standard at {REJECT_MBPS:g} Mbit/s"),
        ("total", way.total, "USD", ""),
        ("cost of an accepted second", way.per_second, "USD/s", "total / finished length"),
        ("without rewriting", way.without_rewriting.per_second, "USD/s", "the same acceptance, no language model"),
        ("cost of a generated second, all in", way.per_generated_second, "USD/s", "before the share that is kept"),
        ("storage of a rejected second", way.reject, "USD/s", ""),
        ("break-even clip yield", way.break_even_clip_yield, "share", "rewriting pays below it, without rewriting"),
        ("a finished advertising second", advert, "USD/s", "makeads.xyz: a local television spot"),
        ("tipping point", way.tipping_acceptance(advert), "share", "share kept at which both cost the same"),
    ]
    return [list(row) for row in rows]


def _figure(claim: str, figure: float) -> float | ExcelError:
    return ExcelError("#N/A", f"the plan gives no figure for the claim {claim}") if math.isnan(figure) else figure


def _verdict(judged: Judged) -> str | ExcelError:
    if math.isnan(judged.figures.ours):
        return ExcelError("#N/A", f"no figure, no verdict on the claim {judged.claim.id}")
    return judged.verdict


def _bill(inputs: object, overrides: object = None) -> Bill:
    from vidcost_xl.model.bill import evaluate

    return evaluate(read_plan(inputs, overrides))
