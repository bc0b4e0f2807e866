"""Acquisition: bytes fetched for the videos that enter."""

from __future__ import annotations

from vidcost_xl.model.blocks.acquire import FETCHING, NAT, PROXY
from vidcost_xl.sheets.layout.grid import Heading
from vidcost_xl.sheets.plan.bill.possible_lines import PossibleLine, possible_legs, possible_line, priced_by_plan
from vidcost_xl.sheets.plan.bill.routes import flag
from vidcost_xl.sheets.plan.model_rows import ModelRows, Step
from vidcost_xl.sheets.plan.row_names import Block, driver, is_yes, used, value_of


def acquire_lines(model: ModelRows) -> Block:
    """Bytes fetched for the videos that enter."""
    return [
        Heading("acquire_heading", "Acquisition"),
        flag("acquiring", "Whether videos are fetched", is_yes("acquire.on")),
        flag("nat_used", "Whether NAT gateways run", f"{used('acquire.nat_gateways')}*{{acquiring!}}"),
        model.row(
            "acquire_bytes",
            f"={{dataset_additions}}*{{dataset_bytes_each}}*{driver('acquire.fetched_per_kept')}*(1+{driver('acquire.retries')})",
            total="sum",
            format="tb",
        ),
        model.row(
            "acquire_proxied",
            f"={{acquire_bytes}}*{driver('acquire.proxy_share')}",
            total="sum",
            format="tb",
        ),
        Step(
            "nat_meter",
            "Meter of the gateways, where the way in is",
            "name",
            format="text",
            constant="=INDEX(ingest_gateway_hour,{rt_ingest!})",
        ),
        Step(
            "nat_month",
            "Hours in a month of the gateway's provider",
            "hours",
            constant="=INDEX(price_hours,MATCH({nat_meter!},price_meter,0))",
        ),
        model.row(
            "acquire_nat_hours",
            f"={driver('acquire.nat_gateways')}*{{nat_month!}}",
            total="sum",
        ),
    ]


def possible_acquire() -> list[PossibleLine]:
    """The possible lines of fetching, proxies, gateways."""
    price = "acquire.proxy_usd_per_gb"
    proxy = possible_line(PROXY, "proxy", "acquire_proxied", "{acquiring!}", f'"{price}"')
    return [
        *possible_legs(FETCHING, "acquire", "acquire_bytes", "{acquiring!}", "ingest", "{rt_ingest!}"),
        priced_by_plan(proxy, PROXY, value_of(price), "bytes_per_gib"),
        possible_line(NAT, "nat", "acquire_nat_hours", "{nat_used!}", "{nat_meter!}"),
    ]
