"""What a second of finished video costs when most of what is generated is thrown away.

A share of the clips is kept (clip yield), and of a clip that is kept a share of its seconds (second yield). A second
that is kept pays for all that were generated to find it: the generator, rewriting the prompts, FFmpeg, and storing the
rejects. Acceptance rates may be arrays; everything then has their shape.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.facts.book import fact_book
from vidcost_xl.facts.schema import SECONDS_PER_HOUR, LanguageModel
from vidcost_xl.prices.book import price_book
from vidcost_xl.units import BITS_PER_BYTE, BITS_PER_MBIT

Number: TypeAlias = float | NDArray[np.float64]

#: With the acceptance of the invideo episode its list price gives what that production cost, to 10%.
DEFAULT_GENERATOR: Final = "veo-3.1"
#: The median of the language models in the facts for a prompt of 300 tokens in and 500 out.
DEFAULT_MODEL: Final = "grok-4.3"

#: The production whose acceptance stands where none is given: facts/data/acceptance.toml.
DEFAULT_CLIP_YIELD: Final = "invideo-episode-clip-yield"
CLIP_SECONDS: Final = "invideo-episode-seconds-generated"
CLIP_SECONDS_USED: Final = "invideo-episode-seconds-used"

#: A spot made without generation; its lower end is what generated video is measured against.
ADVERT_COST: Final = "tv-spot-cost"
#: The length that cost is quoted for, and the length of the generated spot it is set beside.
ADVERT_SECONDS: Final = "kalshi-seconds"

#: FFmpeg: frames a second on a host of 96 virtual CPUs, and a processor hour from a published run of 16 cores.
EDIT_RATE: Final = "video2dataset-scale-rate"
EDIT_HOST_CPUS: Final = 96
EDIT_RUN_COST: Final = "video2dataset-webvid-cost"
EDIT_RUN_HOURS: Final = "video2dataset-webvid-hours"
EDIT_RUN_CPUS: Final = 16
#: Frames in a second of the article's 720p24 video.
FRAMES_PER_SECOND: Final = 24

#: What is rejected stays on S3 Standard for a year at the bit rate of VIDEO_CLIPSIZE: assumptions.
REJECT_METER: Final = "aws.s3.standard.storage"
REJECT_MONTHS: Final = 12
REJECT_MBPS: Final = 4.0

TOKENS_PER_MILLION: Final = 1e6


@dataclass(frozen=True)
class Way:
    """One way of making a video: generator, acceptance, and what is paid beside the generator.

    Parameters
    ----------
    seconds : float or ndarray
        Finished length.
    usd_per_second : float or ndarray
        Of the generator, for a generated second.
    clip_yield, second_yield : float or ndarray
        Shares above 0, at most 1.
    rewrite : float or ndarray
        USD for a clip tried: language model calls of rewriting or of an agent.
    edit : float or ndarray
        USD for a generated second: FFmpeg.
    clip_seconds : float
        Length of a generated clip.
    reject : float
        USD to keep a rejected second.
    """

    seconds: Number
    usd_per_second: Number
    clip_yield: Number
    second_yield: Number
    rewrite: Number
    edit: Number
    clip_seconds: float
    reject: float

    @property
    def acceptance(self) -> Number:
        """Share of the generated seconds that is kept."""
        return self.clip_yield * self.second_yield

    @property
    def generated(self) -> Number:
        """Seconds generated."""
        return self.seconds / self.acceptance

    @property
    def kept_of_clip(self) -> Number:
        """Seconds kept of a clip that is kept."""
        return self.clip_seconds * self.second_yield

    @property
    def clips_kept(self) -> Number:
        """Clips kept; not rounded, since a clip may serve twice."""
        return self.seconds / self.kept_of_clip

    @property
    def clips_tried(self) -> Number:
        """Clips generated."""
        return self.clips_kept / self.clip_yield

    @property
    def generation(self) -> Number:
        """USD to the generator."""
        return self.generated * self.usd_per_second

    @property
    def rewriting(self) -> Number:
        """USD to the language model."""
        return self.clips_tried * self.rewrite

    @property
    def editing(self) -> Number:
        """USD for FFmpeg."""
        return self.generated * self.edit

    @property
    def rejects(self) -> Number:
        """USD to keep what is rejected."""
        return (self.generated - self.seconds) * self.reject

    @property
    def total(self) -> Number:
        """USD in all."""
        return self.generation + self.rewriting + self.editing + self.rejects

    @property
    def per_second(self) -> Number:
        """USD for an accepted second."""
        return self.total / self.seconds

    @property
    def per_generated_second(self) -> Number:
        """USD for a generated second with everything on it; storage as if it were rejected."""
        return self.usd_per_second + self.rewrite / self.clip_seconds + self.edit + self.reject

    @property
    def without_rewriting(self) -> Way:
        """The same acceptance with no language model."""
        return replace(self, rewrite=0.0)

    @property
    def break_even_clip_yield(self) -> Number:
        """The clip yield without rewriting at which an accepted second costs the same: below it, rewriting pays."""
        return self.clip_yield * self.without_rewriting.per_generated_second / self.per_generated_second

    def tipping_acceptance(self, usd_per_finished_second: Number) -> Number:
        """The acceptance at which an accepted second costs as much as a finished second made otherwise.

        Returns
        -------
        float or ndarray
            Above 1 where not even accepting everything is enough.
        """
        return self.per_generated_second / (usd_per_finished_second + self.reject)


def rewriting_cost(model: LanguageModel, tokens_in: Number, tokens_out: Number, calls: Number = 1.0) -> Number:
    """What language model calls cost.

    Parameters
    ----------
    tokens_in, tokens_out : float or ndarray
        Of one call.

    Returns
    -------
    float or ndarray
        USD.
    """
    each = tokens_in * model.usd_per_million_input + tokens_out * model.usd_per_million_output
    return calls * each / TOKENS_PER_MILLION


def default_clip_yield() -> float:
    """Share of clips kept in the production that stands for others."""
    return fact_value(DEFAULT_CLIP_YIELD)


def default_second_yield() -> float:
    """Share of its seconds that the same production kept of a clip."""
    return fact_value(CLIP_SECONDS_USED) / fact_value(CLIP_SECONDS)


def edit_per_second() -> float:
    """USD of FFmpeg for a second of video: decoded, scaled and written once."""
    rate, _ = fact_book().practice(EDIT_RATE).bounds  # the slower end of the published runs
    cpu_hour = fact_value(EDIT_RUN_COST) / (fact_value(EDIT_RUN_HOURS) * EDIT_RUN_CPUS)
    return FRAMES_PER_SECOND / rate * EDIT_HOST_CPUS * cpu_hour / SECONDS_PER_HOUR


def reject_per_second() -> float:
    """USD to keep a second of rejected video for as long as rejects are kept, at the first tier's price."""
    priced = price_book().price(REJECT_METER)
    stored = REJECT_MBPS * BITS_PER_MBIT / BITS_PER_BYTE / priced.meter.unit_size
    return stored * REJECT_MONTHS * priced.price.tiers[0].price


def advert_per_second() -> float:
    """USD for a finished second of a cheap television spot made without generation."""
    low, _ = fact_book().acceptance(ADVERT_COST).bounds
    return low / fact_value(ADVERT_SECONDS)


def fact_value(name: str) -> float:
    """A figure of the facts on acceptance or practice that has one value."""
    facts = fact_book()
    shelf = facts.acceptance_facts if name in facts.acceptance_facts else facts.practice_facts
    low, high = shelf.find(name).bounds
    if low != high:
        raise AssertionError(f"{name} is a range")
    return low
