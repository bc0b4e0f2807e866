"""Rows of Volumes: acquisition, encoding, checkpoints, requests."""

from __future__ import annotations

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import Heading, Line
from vidcost_xl.sheets.plan.bill.routes import chosen, flag, numbers, total
from vidcost_xl.sheets.plan.row_names import Block, driver, is_yes, rep, used, value_of


def acquire_lines() -> Block:
    """Bytes fetched for the videos that enter."""
    return [
        Heading("acquire_heading", "Acquisition"),
        flag("acquiring", "Whether videos are fetched", is_yes("acquire.on")),
        flag("nat_used", "Whether NAT gateways run", f"{used('acquire.nat_gateways')}*{{acquiring!}}"),
        Line(
            "acquire_bytes",
            "Bytes fetched",
            "bytes",
            f"={{dataset_additions}}*{{dataset_bytes_each}}*{driver('acquire.fetched_per_kept')}*(1+{driver('acquire.retries')})",
            total="sum",
            format="tb",
        ),
        Line(
            "acquire_proxied",
            "Bytes through proxies",
            "bytes",
            f"={{acquire_bytes}}*{driver('acquire.proxy_share')}",
            total="sum",
            format="tb",
        ),
        Line(
            "nat_month",
            "Hours in a month of the gateway's provider",
            "hours",
            constant="=INDEX(price_hours,MATCH(meter_nat_hour,price_meter,0))",
        ),
        Line(
            "acquire_nat_hours",
            "Hours of NAT gateways",
            "hours",
            f"={driver('acquire.nat_gateways')}*{{nat_month!}}",
            total="sum",
        ),
    ]


def encode_lines(plan: Plan) -> Block:
    """GPU hours, and the videos read to make features."""
    lines: Block = [
        Heading("encode_heading", "Encoding"),
        Line(
            "raw_get",
            "Raw video: bytes fetched by one GET",
            "bytes",
            "=" + chosen(plan, "raw", "{{representation_{n}_get_bytes}}"),
        ),
        Line(
            "raw_share1",
            "Raw video: share in the first class",
            "share",
            "=" + chosen(plan, "raw", "{{representation_{n}_share1}}"),
        ),
        Line(
            "raw_share2",
            "Raw video: share in the second class",
            "share",
            "=" + chosen(plan, "raw", "{{representation_{n}_share2}}"),
        ),
        Line(
            "raw_mixed",
            "Raw video: whether two classes hold it",
            "flag",
            format="count",
            constant="=" + chosen(plan, "raw", "{{representation_{n}_mixed!}}"),
        ),
        Line(
            "raw_row1",
            "Raw video: row of the first class",
            "row of Lists",
            format="count",
            constant="=" + chosen(plan, "raw", "{{representation_{n}_first_row!}}"),
        ),
        Line(
            "raw_row2",
            "Raw video: row of the second class",
            "row of Lists",
            format="count",
            constant="=" + chosen(plan, "raw", "{{representation_{n}_second_row!}}"),
        ),
        Line(
            "raw_any",
            "Whether there is raw video",
            "flag",
            format="count",
            constant="=" + "+".join(f"{{representation_{n}_wraw!}}" for n in numbers(plan)),
        ),
    ]
    for n in numbers(plan):
        r, name = f"representation_{n}", plan.text(rep(n, "name"))
        lines += [
            Line(
                f"encode_{n}_videos",
                f"{name}: videos encoded",
                "videos",
                f"={{{r}_made}}*{driver('encode.runs')}",
                total="sum",
            ),
            Line(
                f"encode_{n}_gpu_hours",
                f"{name}: GPU hours",
                "GPU hours",
                f"={{encode_{n}_videos}}*{driver('dataset.clips_per_video')}*{driver('encode.gpu_seconds')}/seconds_per_hour",
                total="sum",
            ),
            Line(
                f"encode_{n}_bytes",
                f"{name}: bytes of video read",
                "bytes",
                f"={{encode_{n}_videos}}*{{dataset_bytes_each}}",
                total="sum",
                format="tb",
            ),
            Line(
                f"encode_{n}_gets",
                f"{name}: GET requests for the videos",
                "requests",
                f"=IF({{raw_get}}=0,0,{{encode_{n}_bytes}}/{{raw_get}})",
                total="sum",
            ),
        ]
    return lines


def checkpoint_lines() -> Block:
    """Training states kept, and the requests that save them."""
    return [
        Heading("checkpoint_heading", "Checkpoints"),
        flag("checkpoints", "Whether checkpoints are kept", is_yes("checkpoint.on")),
        Line(
            "checkpoint_row",
            "Row of the class",
            "row of Lists",
            constant=f"=MATCH({value_of('checkpoint.class')},class_id,0)",
            format="count",
        ),
        Line(
            "checkpoint_bytes",
            "Bytes of a checkpoint",
            "bytes",
            constant=f"={value_of('checkpoint.parameters')}*{value_of('checkpoint.bytes_per_parameter')}",
        ),
        Line(
            "checkpoint_parts",
            "Parts it is uploaded in",
            "requests",
            constant=f"=ROUNDUP({{checkpoint_bytes!}}/({value_of('requests.part_mib')}*bytes_per_mib),0)",
        ),
        Line(
            "checkpoint_saved",
            "Checkpoints saved so far",
            "checkpoints",
            f"={{checkpoint_saved<}}+{driver('checkpoint.saves')}",
            start=0,
            total="last",
        ),
        Line(
            "checkpoint_stored",
            "Checkpoints kept",
            "byte-months",
            f"={{checkpoint_bytes!}}*MIN({{checkpoint_saved}},{driver('checkpoint.kept')})",
            total="sum",
            format="tb",
        ),
        Line(
            "checkpoint_puts",
            "Parts of checkpoints uploaded",
            "requests",
            f"={{checkpoint_parts!}}*{driver('checkpoint.saves')}",
            total="sum",
        ),
    ]


def request_lines(plan: Plan) -> Block:
    """Requests to the key service and in the event log."""
    lines: Block = [
        Heading("request_heading", "Requests of all reads and writes"),
        flag("uploads", "Whether uploads are billed", is_yes("requests.uploads")),
        flag("promised", "Whether a commitment is promised", used("commercial.commitment_usd")),
        flag("logging", "Whether requests are logged", f"--({value_of('requests.logging_usd_per_million')}<>0)"),
    ]
    for n in numbers(plan):
        name = plan.text(rep(n, "name"))
        lines += [
            Line(
                f"representation_{n}_requests",
                f"{name}: requests",
                "requests",
                f"={{representation_{n}_gets}}+{{representation_{n}_upload_puts}}*{{uploads!}}+{{representation_{n}_fill_gets}}*{{staging!}}*{{representation_{n}_isread!}}",
                total="sum",
            ),
            flag(
                f"representation_{n}_iskms",
                f"{name}: whether the key service counts them",
                f"--({{representation_{n}_provider1!}}=provider_kms)",
            ),
        ]
    some = "+".join(f"{{representation_{n}_iskms!}}" for n in numbers(plan))
    lines += [
        flag("kms", "Whether the key service is used", f"--({value_of('requests.kms_share')}*({some})>0)"),
        Line(
            "requests_kms",
            "Requests to the key service",
            "requests",
            "=("
            + "+".join(f"{{representation_{n}_requests}}*{{representation_{n}_iskms!}}" for n in numbers(plan))
            + f")*{value_of('requests.kms_share')}",
            total="sum",
        ),
        Line(
            "requests_logged",
            "Object requests in the event log",
            "requests",
            "=" + total([f"representation_{n}_requests" for n in numbers(plan)]),
            total="sum",
        ),
    ]
    return lines


def division_lines(parts: list[tuple[str, str, str, str]]) -> Block:
    """Reads and requests of each movement, divided between the classes that hold the bytes.

    Parameters
    ----------
    parts : list of (bytes, requests, source, label)
        Row ids, and the start of the ids of shares and of the flag of two classes.

    Returns
    -------
    list of Line and Heading
    """
    lines: Block = [Heading("division_heading", "Reads by the class that holds the bytes")]
    for read, gets, source, label in parts:
        for share, slot in ((1, "first"), (2, "second")):
            lines += [
                Line(
                    f"{read}_{slot}",
                    f"{label}: bytes from the {slot} class",
                    "bytes",
                    f"={{{read}}}*{{{source}_share{share}}}",
                    format="tb",
                    total="sum",
                ),
                Line(
                    f"{gets}_{slot}",
                    f"{label}: requests at the {slot} class",
                    "requests",
                    f"={{{gets}}}*IF({{{source}_mixed!}}>0,{{{source}_share{share}}},{int(slot == 'first')})",
                    total="sum",
                ),
            ]
    return lines
