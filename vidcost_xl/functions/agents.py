"""Article functions: prompt rewriting and agents."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from vidcost_xl.functions.arguments import read_number, read_optional_text
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.steps import explain_step
from vidcost_xl.functions.values import default_number, is_stated

if TYPE_CHECKING:  # the facts are loaded by the first call that needs them
    from vidcost_xl.model.agents import Way

Table = list[list[Any]]


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
