"""What the claims read of a plan: sizes of its last month at list prices, its bill, its agents."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import Final, TypeVar

import numpy as np

from vidcost_xl.analysis.barrier import Outcome, this_plan
from vidcost_xl.analysis.ways import Months, internet_way, way_cost
from vidcost_xl.errors import NotInBookError
from vidcost_xl.facts.book import fact_book
from vidcost_xl.facts.latents import DTYPE_BYTES
from vidcost_xl.model.agents import (
    CLIP_SECONDS,
    FRAMES_PER_SECOND,
    Way,
    edit_per_second,
    fact_value,
    reject_per_second,
    rewriting_cost,
)
from vidcost_xl.model.bill import Bill
from vidcost_xl.model.blocks.acquire import NAT_ROUTE, NAT_ROUTE_TWICE
from vidcost_xl.model.blocks.common import BITS_PER_BYTE, BYTES_PER_GIB, extra_get_meters, prefix, request_meter
from vidcost_xl.model.lines import ratio
from vidcost_xl.model.meter_prices import priced_of
from vidcost_xl.model.offers import find_offer
from vidcost_xl.model.own import own_site, per_tb
from vidcost_xl.prices.book import Direction, price_book
from vidcost_xl.prices.located import beside, split_place
from vidcost_xl.units import bytes_per

#: The picture of the article's video: 720p.
WIDTH: Final = 1280
HEIGHT: Final = 720
STORED_AS: Final = "bf16"

T = TypeVar("T")


class Measures:
    """What the claims read of a plan: sizes of its last month at list prices, its bill, its agents.

    Parameters
    ----------
    bill : Bill
        Of one draw.

    Attributes
    ----------
    unpriced : str
        What had no price on the plan's day, the last time that something had none; what needs it is NaN.
    """

    def __init__(self, bill: Bill) -> None:
        self.bill = bill
        self.plan = bill.plan
        self.unpriced = ""
        self.numbers = range(1, self.plan.representations + 1)
        self.item = price_book().storage_class(self.plan.text(prefix(1) + "class"))

    def charge(self, meter: str, amount: float) -> float:
        """List price of an amount in base units, in a pool of its own; NaN without a price on the plan's day."""
        try:
            priced = priced_of(self.plan, meter)
        except NotInBookError as error:
            self.unpriced = error.message
            return math.nan
        return priced.tariff.charge(amount / priced.meter.unit_size)

    def _known(self, measured: Callable[[], T], otherwise: T) -> T:
        try:
            return measured()
        except NotInBookError as error:
            self.unpriced = error.message
            return otherwise

    def last(self, key: str) -> float:
        """An input or a volume in the last month of the plan."""
        return float(self.bill.state.monthly(key)[-1, 0])

    def legs(self, direction: Direction, route: str, amount: float) -> float:
        """List price of bytes along a route."""
        return sum(self.charge(leg.meter, amount * leg.times) for leg in price_book().route(direction, route).legs)

    @cached_property
    def videos(self) -> float:
        """Bytes of the first representation, one copy."""
        return self.last(prefix(1) + "one_copy")

    @cached_property
    def together(self) -> float:
        """Bytes of all representations, one copy of each."""
        return sum(self.last(f"{prefix(n)}one_copy") for n in self.numbers)

    def stored(self, amount: float, gigabyte: str = "billed") -> float:
        """A month of bytes in the first representation's class; decimal counts a GB as 10^9 bytes."""
        size = price_book().meter(self.item.storage).unit_size
        stretched = amount * size / bytes_per("GB") if gigabyte == "decimal" and size == BYTES_PER_GIB else amount
        return self.charge(self.item.storage, stretched)

    @cached_property
    def month_of_videos(self) -> float:
        """A month of the videos, as AWS counts a GB."""
        return self.stored(self.videos)

    @cached_property
    def uploads(self) -> float:
        """One PUT for each object, where the plan bills uploads."""
        meter = request_meter(self.item, "put")
        if not self.plan.is_on("requests.uploads") or meter is None:
            return 0.0
        objects = (
            ratio(np.array([self.last(f"{prefix(n)}one_copy")]), np.array([self.last(f"{prefix(n)}object_bytes")]))
            for n in self.numbers
        )
        return self.charge(meter, float(np.sum(list(objects))))

    def fetched(self, route: str) -> float:
        """Bringing the videos in along a route, and what of it goes through a paid proxy."""
        if split_place(route)[0] == NAT_ROUTE and not self.plan.is_on("acquire.gateway_endpoint"):
            route = beside(NAT_ROUTE_TWICE, route)
        proxied = self.videos * self.plan.number("acquire.proxy_share") / BYTES_PER_GIB
        return self.legs("ingest", route, self.videos) + proxied * self.plan.number("acquire.proxy_usd_per_gb")

    def experiment(self, route: str) -> float:
        """One pass over what training reads, along a route, with its GETs."""
        read = [self.last(f"{prefix(n)}one_copy") * self.last(f"{prefix(n)}read_share") for n in self.numbers]
        each = [self.last(f"{prefix(n)}get_bytes") for n in self.numbers]
        gets = float(ratio(np.array(read), np.array(each)).sum())
        own = request_meter(self.item, "get")
        meters = [*([own] if own else []), *extra_get_meters(route)]
        return self.legs("egress", route, sum(read)) + sum(self.charge(meter, gets) for meter in meters)

    @cached_property
    def here(self) -> Outcome:
        """The cost until a first model, as the plan stands."""
        return this_plan(self.bill)

    @property
    def internet(self) -> Months:
        """The training data on S3 and out over the internet, by month, in USD."""
        return self._on_the_internet(("stored", "gets", "read"))

    @property
    def internet_stored(self) -> Months:
        """Of it what storing costs."""
        return self._on_the_internet(("stored",))

    def _on_the_internet(self, what: tuple[str, ...]) -> Months:
        unknown = np.full(self.plan.calendar.months, math.nan)
        return self._known(lambda: way_cost(self.bill, internet_way(), what), unknown)

    @property
    def own_tb(self) -> float:
        """An own site for a TB and month, in USD; NaN where nothing is held there by the end of the plan."""
        return self._known(lambda: per_tb(own_site(self.bill)) / self.last("money.fx"), math.nan)

    @cached_property
    def video_rate(self) -> float:
        """Bits a second of a video."""
        return over(self.last("dataset.bytes_each") * BITS_PER_BYTE, self.last("dataset.seconds"))

    @cached_property
    def ways(self) -> dict[str, Way]:
        """The plan's three ways of making a video: as written, rewritten, with an agent."""
        plan = self.plan
        call = rewriting_cost(
            fact_book().language_model(plan.text("agent.model")),
            plan.number("agent.tokens_in"),
            plan.number("agent.tokens_out"),
        )
        thinking = {"plain": 0.0, "rewritten": 1.0, "agent": plan.number("agent.agent_calls")}
        yields = {
            "plain": ("agent.clip_yield", "agent.second_yield"),
            "rewritten": ("agent.rewritten_clip_yield", "agent.second_yield"),
            "agent": ("agent.agent_clip_yield", "agent.agent_second_yield"),
        }
        return {
            name: Way(
                seconds=plan.number("agent.seconds"),
                usd_per_second=find_offer(plan.text("agent.generator")).usd_per_second,
                clip_yield=plan.number(clip),
                second_yield=plan.number(second),
                rewrite=call * thinking[name],
                edit=edit_per_second(),
                clip_seconds=fact_value(CLIP_SECONDS),
                reject=reject_per_second(),
            )
            for name, (clip, second) in yields.items()
        }


def latent_rates() -> list[float]:
    """Bits a second of 720p24 latents in the long run, of every autoencoder that shrinks time and makes numbers."""
    cells, bits = WIDTH * HEIGHT, DTYPE_BYTES[STORED_AS] * BITS_PER_BYTE
    return [
        vae.latent_channels * bits * cells / vae.spatial_factor**2 * FRAMES_PER_SECOND / vae.temporal_factor
        for vae in fact_book().vaes.values()
        if vae.codebook_size is None and vae.temporal_factor > 1
    ]


def over(figure: float, divisor: float) -> float:
    """A figure over a divisor; NaN where there is nothing to divide by: there is no figure then, and not 0."""
    return figure / divisor if divisor else math.nan
