"""The figures behind the claims: ours as the plan stands, ours under the condition, and what they are compared with.

Amounts are in US dollars, as those that were named.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from vidcost_xl.analysis.measures import Measures, latent_rates, over
from vidcost_xl.digits import exceeds
from vidcost_xl.facts.book import fact_book
from vidcost_xl.model.agents import Way
from vidcost_xl.model.bill import Bill
from vidcost_xl.model.blocks.acquire import NAT_ROUTE
from vidcost_xl.units import bytes_per

#: What the speaker counted, 00:33:20.
ARTICLE_VIDEOS: Final = 1e9
ARTICLE_MB: Final = 5.0

#: "Comparable": not more than so many times as large.
COMPARABLE: Final = 2.0
#: What a bill notices: this share of a month of storage.
NOTICED: Final = 0.01
#: An order of magnitude.
MAGNITUDE: Final = 10.0

INTERNET: Final = "aws.internet"

#: Facts of own infrastructure: a published build that stores, and what the barrier is set beside.
BUILD_MONTH: Final = "si-heap-all-in"
BUILD_PETABYTES: Final = "si-heap-capacity"
COLOSSUS: Final = "colossus-1-hardware"
WAFER_FAB: Final = "tsmc-arizona-first-fab"


@dataclass(frozen=True)
class Figures:
    """The numbers of one claim.

    Parameters
    ----------
    ours : float
        As the plan stands.
    compared : float
        What it is compared with.
    conditional : float
        Ours under the condition.
    turns : float
        Figure of an input at which the claim turns; NaN where there is none.
    why : str
        What has no price on the plan's day, where that makes one of them NaN.
    """

    ours: float
    compared: float
    conditional: float
    turns: float = math.nan
    why: str = ""


def figures(bill: Bill, named: Iterable[tuple[str, float | None]]) -> list[Figures]:
    """The figures of claims.

    Parameters
    ----------
    named : iterable of (str, float or None)
        Id of a claim, and the figure that was named.
    """
    measures, found = Measures(bill), []
    for claim, figure in named:
        measures.unpriced = ""
        numbers = _FIGURES[claim](measures, 0.0 if figure is None else figure)
        found.append(replace(numbers, why=measures.unpriced))
    return found


def _dataset(m: Measures, named: float) -> Figures:
    as_counted = ARTICLE_VIDEOS * ARTICLE_MB * bytes_per("MB") / bytes_per("PB")
    return Figures(m.videos / bytes_per("PB"), named, as_counted)


def _storage(m: Measures, named: float) -> Figures:
    return Figures(m.stored(m.videos, m.plan.text("claims.gigabyte")), named, m.month_of_videos)


def _features(m: Measures, named: float) -> Figures:
    del named
    rates = latent_rates()
    return Figures(over(max(rates), m.video_rate), COMPARABLE, over(min(rates), m.video_rate))


def _together(m: Measures, named: float) -> Figures:
    ours = m.stored(m.together, m.plan.text("claims.gigabyte")) + m.uploads
    return Figures(ours, named, m.stored(m.together, "decimal") + m.uploads)


def _download(m: Measures, named: float) -> Figures:
    del named
    return Figures(m.fetched(m.plan.text("acquire.route")), m.month_of_videos, m.fetched(NAT_ROUTE))


def _egress(m: Measures, named: float) -> Figures:
    del named
    ours = m.legs("egress", m.plan.text("train.route"), m.videos)
    return Figures(ours, m.month_of_videos, m.legs("egress", INTERNET, m.videos))


def _rereads(m: Measures, named: float) -> Figures:
    del named
    ours = m.experiment(m.plan.text("train.route"))
    return Figures(ours, NOTICED * m.month_of_videos, m.experiment(INTERNET))


def _millions(m: Measures, named: float) -> Figures:
    internet = float(m.internet.mean())
    storing = float(m.internet_stored.mean())
    passes = float(m.bill.state.monthly("train.passes_made").mean())
    turns = passes * over(max(named - storing, 0.0), internet - storing) if passes else math.nan
    return Figures(float(m.here.usd.mean()), named, internet, turns)


def _own(m: Measures, named: float) -> Figures:
    del named
    stored = over(m.stored(m.together), m.together / bytes_per("TB"))
    build = own_figure(BUILD_MONTH) / (own_figure(BUILD_PETABYTES) * bytes_per("PB") / bytes_per("TB"))
    return Figures(stored / build, 1.0, over(stored, m.own_tb))


def _text(m: Measures, named: float) -> Figures:
    del named
    size = m.plan.number("text.tokens") * m.plan.number("text.bytes_per_token")
    return Figures(m.videos / size, MAGNITUDE, ARTICLE_VIDEOS * ARTICLE_MB * bytes_per("MB") / size)


def _barrier(m: Measures, named: float) -> Figures:
    del named
    here, terms = m.here.cumulative_usd, m.here.terms
    return Figures(here, terms.funding, float(m.internet[: terms.first_model].sum()), here or math.nan)


def _rewriting(m: Measures, named: float) -> Figures:
    del named
    plain, rewritten = m.ways["plain"], m.ways["rewritten"]
    pays = rewritten.per_generated_second / plain.per_generated_second
    needed = float(pays * plain.clip_yield)
    return Figures(
        float(rewritten.clip_yield / plain.clip_yield), float(pays), float(1.0 / plain.clip_yield), _share(needed)
    )


def _agents(m: Measures, named: float) -> Figures:
    del named
    plain, agent = m.ways["plain"], m.ways["agent"]
    needed = float(agent.tipping_acceptance(plain.per_second))
    return Figures(float(agent.per_second), float(plain.per_second), _everything_kept(agent), _share(needed))


def _tipping(m: Measures, named: float) -> Figures:
    del named
    agent, advert = m.ways["agent"], m.plan.number("agent.advert_usd_per_second")
    needed = float(agent.tipping_acceptance(advert))
    return Figures(float(agent.per_second), advert, _everything_kept(agent), _share(needed))


def _storing(m: Measures, named: float) -> Figures:
    return Figures(
        m.stored(m.together, m.plan.text("claims.gigabyte")), named, m.stored(m.together, "decimal") + m.uploads
    )


def _petabytes(m: Measures, named: float) -> Figures:
    largest = m.videos * (1.0 + over(max(latent_rates()), m.video_rate))
    return Figures(m.together / bytes_per("PB"), named, largest / bytes_per("PB"))


def _fab(m: Measures, named: float) -> Figures:
    del named
    here = m.here.cumulative_usd
    return Figures(here, own_figure(WAFER_FAB) / MAGNITUDE, here + own_figure(COLOSSUS))


def own_figure(name: str) -> float:
    """A figure of the facts on own infrastructure that has one value."""
    value = fact_book().own_infra(name).value
    if value is None:
        raise AssertionError(f"{name} is a range")
    return value


def _share(needed: float) -> float:
    # More than everything cannot be kept: the claim turns nowhere.
    return math.nan if exceeds(needed, 1.0) else needed


def _everything_kept(way: Way) -> float:
    return float(way.per_generated_second - way.reject)


_FIGURES: Final[dict[str, Callable[[Measures, float], Figures]]] = {
    "dataset": _dataset,
    "storage": _storage,
    "features": _features,
    "together": _together,
    "download": _download,
    "egress": _egress,
    "rereads": _rereads,
    "millions": _millions,
    "own": _own,
    "text": _text,
    "barrier": _barrier,
    "rewriting": _rewriting,
    "agents": _agents,
    "tipping": _tipping,
    "storing": _storing,
    "petabytes": _petabytes,
    "fab": _fab,
}
