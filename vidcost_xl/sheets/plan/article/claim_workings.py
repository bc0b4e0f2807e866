"""What the claims read of the plan in its last month, and the constants they compare with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from vidcost_xl.analysis import figures, measures
from vidcost_xl.facts.book import fact_book
from vidcost_xl.facts.latents import DTYPE_BYTES
from vidcost_xl.model.agents import FRAMES_PER_SECOND
from vidcost_xl.model.blocks.common import BITS_PER_BYTE
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import month
from vidcost_xl.sheets.layout.sheet_layout import Entry, Row
from vidcost_xl.sheets.plan.article.barrier import part_key
from vidcost_xl.sheets.plan.article.list_prices import charge
from vidcost_xl.sheets.plan.article.proof import fixed_native
from vidcost_xl.sheets.plan.article.result_sheet import entry
from vidcost_xl.sheets.plan.bill.routes import numbers
from vidcost_xl.sheets.plan.row_names import driver_id, rep, value_of


def working_rows(plan: Plan) -> list[Row]:
    """The workings, in order.

    Returns
    -------
    list of Row
        In the columns of the sheet Proof.
    """
    months = plan.integer("calendar.months")
    reps = list(numbers(plan))

    def last(row: str) -> str:
        return f"INDEX({{${row}.{month(1)}:{row}.{month(months)}}},{{$cal_active.total}})"

    def summed(start: str) -> str:
        return "=" + "+".join(f"{{$cw_{start}{n}.n1}}" for n in reps)

    rows = [
        _working(
            "article",
            "The data set that was counted",
            "={$cw_article_videos.n1}*{$cw_article_mb.n1}*bytes_per_mb",
            "bytes",
        ),
        _working("article_videos", "Its videos", figures.ARTICLE_VIDEOS, "videos", "Ethan He, 00:33:20"),
        _working("article_mb", "MB of each", figures.ARTICLE_MB, "MB", "Ethan He, 00:33:20"),
        _working("videos", "Videos: one copy of the first representation", "={$cw_one1.n1}", "bytes"),
    ]
    for n in reps:
        name = plan.text(rep(n, "name"))
        share = driver_id(rep(n, "read_share"))
        rows += [
            _working(f"one{n}", f"{name}: one copy", "=" + last(f"representation_{n}_one_copy"), "bytes"),
            _working(
                f"object{n}", f"{name}: bytes of an object", "=" + last(f"representation_{n}_object_bytes"), "bytes"
            ),
            _working(
                f"get{n}", f"{name}: bytes fetched by one GET", "=" + last(f"representation_{n}_get_bytes"), "bytes"
            ),
            _working(f"read{n}", f"{name}: bytes of a pass", f"={{$cw_one{n}.n1}}*{last(share)}", "bytes"),
            _working(f"objects{n}", f"{name}: objects", _ratio(f"cw_one{n}", f"cw_object{n}"), "objects"),
            _working(f"gets{n}", f"{name}: GETs of a pass", _ratio(f"cw_read{n}", f"cw_get{n}"), "requests"),
        ]
    proxies = (
        f"={{$cw_videos.n1}}*{value_of('acquire.proxy_share')}/bytes_per_gib*{value_of('acquire.proxy_usd_per_gb')}"
    )
    gateway = f'{value_of("acquire.gateway_endpoint")}="no"'
    rows += [
        _working("together", "Videos and features: one copy of each", summed("one"), "bytes"),
        _working("objects", "Objects", summed("objects"), "objects"),
        _working("read", "Bytes of a pass", summed("read"), "bytes"),
        _working("gets", "GETs of a pass", summed("gets"), "requests"),
        _working("nat", "Through a NAT gateway", f"=IF({gateway},route_nat_twice,route_nat)", "route", form="text"),
        _working(
            "way_in",
            "The plan's way in",
            "={$rt_ingest_id.constant}",
            "route",
            form="text",
        ),
        _working("internet", "Out over the internet", figures.INTERNET, "route"),
        _working("proxies", "Paid proxies", proxies, "USD", form="money"),
        _working(
            "uploads",
            "Upload requests, where the plan bills them",
            f'=IF({value_of("requests.uploads")}="yes",{charge("c_put")},0)',
            "USD",
            form="money",
        ),
        _working(
            "rate",
            "Bit rate of a video",
            f"={last('dataset_bytes_each')}*bits_per_byte/{last(driver_id('dataset.seconds'))}",
            "bit/s",
        ),
        _working("width", "Width", measures.WIDTH, "pixels", "720p"),
        _working("height", "Height", measures.HEIGHT, "pixels", "720p"),
        _working("fps", "Frames in a second", FRAMES_PER_SECOND, "frames/s"),
        _working(
            "bits",
            "Bits of a stored value",
            DTYPE_BYTES[measures.STORED_AS] * BITS_PER_BYTE,
            "bits",
            measures.STORED_AS,
        ),
        _working(
            "cells",
            "Bits a second before the autoencoder shrinks them, one channel",
            "={$cw_width.n1}*{$cw_height.n1}*{$cw_fps.n1}*{$cw_bits.n1}",
            "bit/s",
        ),
        _working("latent_most", "Latents of the autoencoder that keeps most", f"={_MOST}*{{$cw_cells.n1}}", "bit/s"),
        _working("latent_least", "Latents of the one that keeps least", f"={{$cw_cells.n1}}/{_LEAST}", "bit/s"),
        _working(
            "comparable", "Comparable: at most so many times as large", figures.COMPARABLE, "times", "our reading"
        ),
        _working("noticed", "What a bill notices", figures.NOTICED, "share of a month of storage", "our reading"),
        _working("magnitude", "An order of magnitude", figures.MAGNITUDE, "times"),
        _working("same", "The same cost", 1.0, "times"),
        _working("text", "Text set", f"={fixed_native('text_bytes')}", "bytes"),
        *_own_rows(last),
        *_barrier_rows(months),
    ]
    return rows


def _barrier_rows(months: int) -> list[Row]:
    def over(row: str) -> str:
        return f"{{${row}.{month(1)}:{row}.{month(months)}}}"

    store = over(f"bc_{part_key(1)}")
    facts = (
        (key, fact_book().own_infra(name)) for key, name in (("colossus", figures.COLOSSUS), ("fab", figures.WAFER_FAB))
    )
    return [
        _working("passes", "Passes in an average month", "={$train_passes_made.total}/{$cal_active.total}", "passes"),
        _working(
            "plan_usd", "This plan without GPU time, all months", f"={{$bs_plan.{month(months)}}}", "USD", form="money"
        ),
        _working(
            "internet_store",
            "Of an average month on S3 and over the internet, storage",
            f"=SUMPRODUCT({store}*{over('cal_escalation')}*{over('cal_active')})/{{$cal_active.total}}",
            "USD",
            form="money",
        ),
        _working(
            "internet_first",
            "Until a first model, on S3 and over the internet",
            f"=SUMPRODUCT(({over('cal_counter')}<={value_of('barrier.months')})*{over('bu_internet')})",
            "USD",
            form="money",
        ),
        *(
            _working(key, fact.label, figures.own_figure(fact.id), fact.unit, fact.source, "count")
            for key, fact in facts
        ),
    ]


def _own_rows(last: Callable[[str], str]) -> list[Row]:
    month, size = (fact_book().own_infra(name) for name in (figures.BUILD_MONTH, figures.BUILD_PETABYTES))
    tb = "{$cw_together.n1}/bytes_per_tb"
    return [
        _working(
            "cloud_tb",
            "Storing a TB for a month in the cloud, at list price",
            f"={charge('c_together')}/({tb})",
            "USD per TB-month",
            form="cents",
        ),
        _working("build_month", month.label, figures.own_figure(month.id), month.unit, month.source, "count"),
        _working("build_size", size.label, figures.own_figure(size.id), size.unit, size.source, "count"),
        _working(
            "build_tb",
            "The published build, for a TB and month",
            "={$cw_build_month.n1}/({$cw_build_size.n1}*bytes_per_pb/bytes_per_tb)",
            "USD per TB-month",
            "neither redundancy nor staff",
            "cents",
        ),
        _working("own_held", "Held at the own site in the last month", f"={last('own_held_tb')}", "TB"),
        _working(
            "own_tb",
            "An own site, for a TB and month",
            f"=IF({{$cw_own_held.n1}}=0,NA(),{last('own_site_cost')}/{last(driver_id('money.fx'))}/{{$cw_own_held.n1}})",
            "USD per TB-month",
            "depreciation and running, no move",
            "cents",
        ),
    ]


#: Channels a pixel and frame of the autoencoders that shrink time and make numbers, the most and the least.
_KIND: Final = "(vae_codes=0)*(vae_temporal>1)"
_MOST: Final = f"SUMPRODUCT(MAX({_KIND}*vae_channels/(vae_spatial^square*vae_temporal)))"
_LEAST: Final = f"SUMPRODUCT(MAX({_KIND}*vae_spatial^square*vae_temporal/vae_channels))"


def _ratio(top: str, bottom: str) -> str:
    return f"=IF({{${bottom}.n1}}=0,0,{{${top}.n1}}/{{${bottom}.n1}})"


def _working(key: str, label: str, value: str | float, unit: str, note: str = "", form: str = "compact") -> Row:
    style = "text_indent" if isinstance(value, str) and not value.startswith("=") else ""
    return Row(
        f"cw_{key}",
        {
            "label": Entry(label),
            "n1": entry(value, form, style),
            "unit": Entry(unit, "unit"),
            "n2": Entry(note, "note"),
        },
    )
