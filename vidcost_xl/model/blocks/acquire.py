"""Acquisition: bytes fetched for the videos that enter, the way in, proxies, gateways."""

from __future__ import annotations

from typing import Final

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.blocks.common import BYTES_PER_GIB, leg_charges, prefix, raw_of
from vidcost_xl.model.blocks.reading import elsewhere
from vidcost_xl.model.lines import LineName, Rows, Volume
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import beside, split_place

NAT_ROUTE: Final = "aws.nat"
NAT_ROUTE_TWICE: Final = "aws.nat-without-gateway-endpoint"
NAT_HOUR: Final = "aws.nat-gateway.hour"

FETCHING: Final = LineName("acquire.transfer.{meter}", "Fetching: {what}", "acquire")
PROXY: Final = LineName("acquire.proxy", "Proxy traffic", "acquire", "GB", BYTES_PER_GIB)
NAT: Final = LineName("acquire.nat_hours", "NAT gateways running", "acquire")


def acquire_rows(plan: Plan) -> Rows:
    """Bytes fetched and what moving them in costs.

    Returns
    -------
    Rows
        None unless acquisition is on.
    """
    if not plan.is_on("acquire.on"):
        return Rows()
    route = plan.text("acquire.route")
    if split_place(route)[0] == NAT_ROUTE and not plan.is_on("acquire.gateway_endpoint"):
        route = beside(NAT_ROUTE_TWICE, route)
    _check_place(plan, route)
    charges = leg_charges(FETCHING, "acquire.bytes", "ingest", route)
    charges.append(PROXY.charge("acquire.proxied", "acquire.proxy_usd_per_gb"))
    *fetched, running = acquire_volumes()
    if not plan.is_used("acquire.nat_gateways"):
        return Rows(tuple(fetched), tuple(charges))
    charges.append(NAT.charge(running.id, beside(NAT_HOUR, route)))
    return Rows((*fetched, running), tuple(charges))


def _check_place(plan: Plan, route: str) -> None:
    # Another provider's way in is a choice; another region's price is a slip.
    raw = raw_of(plan)
    found = elsewhere(plan, raw, price_book().place_of(route)) if raw else None
    if raw and found:
        key, item = found
        raise BadArgumentError(
            f"acquire.route {route!r} does not end where {plan.text(prefix(raw) + 'name')} is stored "
            f"({key} is {item.id}). Change both together."
        )


def acquire_volumes() -> tuple[Volume, ...]:
    """Every volume of the block; the hours of NAT gateways are the last."""
    return (
        Volume(
            "acquire.bytes",
            "Bytes fetched",
            "bytes",
            ("dataset.additions", "dataset.bytes_each", "acquire.fetched_per_kept", "acquire.retries"),
            lambda state: (
                state["dataset.additions"]
                * state["dataset.bytes_each"]
                * state["acquire.fetched_per_kept"]
                * (1.0 + state["acquire.retries"])
            ),
        ),
        Volume(
            "acquire.proxied",
            "Bytes through proxies",
            "bytes",
            ("acquire.bytes", "acquire.proxy_share"),
            lambda state: state["acquire.bytes"] * state["acquire.proxy_share"],
        ),
        hours("acquire.nat_hours", "NAT gateway hours", "acquire.nat_gateways", NAT_HOUR),
    )


def hours(line: str, label: str, count: str, meter: str) -> Volume:
    """Hours a month of things that run all the time.

    Parameters
    ----------
    count : str
        Input: how many.
    meter : str
        Its provider says how many hours a month has.
    """
    return Volume(
        line, label, "hours", (count,), lambda state: state[count] * price_book().provider_of(meter).hours_per_month
    )
