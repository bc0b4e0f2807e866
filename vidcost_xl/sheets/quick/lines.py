"""The priced lines of the quick page and the article's statements, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vidcost_xl.sheets.layout.sheet_layout import Formula


@dataclass(frozen=True)
class Line:
    """One priced line.

    Parameters
    ----------
    price : str
        Id of the line whose price it uses.
    meter : str
        Formula that finds the meter; empty for a memo line, which shares another's.
    quantity : str
        Formula in billing units.
    engine : str
        The same charge by our functions.
    price_format : str
        A key of `styles.FORMATS`.
    """

    id: str
    stage: str
    label: str
    price: str
    meter: str
    quantity: str
    engine: str
    note: str
    price_format: str = "price"


@dataclass(frozen=True)
class Claim:
    """One statement of the article beside our number."""

    id: str
    text: str
    relation: str
    article: float | Formula
    ours: str
    condition: str


def _by_class(column: str) -> str:
    return f"=INDEX(class_{column},MATCH(storage_class,class_id,0))"


def _by_route(column: str) -> str:
    return f"=INDEX(route_{column},MATCH(route,route_id,0))"


LINES: Final = (
    Line(
        "storage",
        "Store",
        "Raw videos and features, one pool",
        "storage",
        _by_class("storage"),
        "=MAX(stored_pb*bytes_per_pb,objects_stored*smallest_billed)/{price_storage.engine}",
        '=VIDEO_STORAGE(stored_pb,"PB",storage_class,1,objects_stored,,region,discount)',
        "Tiers apply once to the sum of both",
    ),
    Line(
        "transfer",
        "Train",
        "Data out to the GPUs",
        "transfer",
        _by_route("transfer"),
        "=read_pb*bytes_per_pb/{price_transfer.engine}",
        '=VIDEO_EGRESS(read_pb,"PB",route,,region,discount)',
        "All passes of the month, one pool",
    ),
    Line(
        "retrieval",
        "Train",
        "Retrieval fee of the class",
        "retrieval",
        _by_class("retrieval"),
        "=read_pb*bytes_per_pb/{price_retrieval.engine}",
        '=VIDEO_RETRIEVAL(read_pb,"PB",storage_class,,region,discount)',
        "0 where the class charges none",
    ),
    Line(
        "requests",
        "Train",
        "GET requests",
        "requests",
        _by_class("get"),
        "=objects_read/{price_requests.engine}",
        '=VIDEO_REQUESTS(objects_read,"get",storage_class,region,discount)',
        "One GET an object and pass",
        "small_price",
    ),
    Line(
        "own_requests",
        "Train",
        "Requests billed by the route",
        "own_requests",
        _by_route("request"),
        "=objects_read*INDEX(route_own_requests,MATCH(route,route_id,0))/{price_own_requests.engine}",
        '=IF({.quantity}>0,VIDEO_RATE({price_own_requests.line},{.quantity},"billed",region,discount)*{.quantity},0)',
        "0 where the route bills bytes only",
        "small_price",
    ),
)

MEMOS: Final = (
    Line(
        "memo_raw",
        "Memo",
        "Raw videos stored alone",
        "storage",
        "",
        "=raw_pb*bytes_per_pb/{price_storage.engine}",
        '=VIDEO_STORAGE(raw_pb,"PB",storage_class,1,,,region,discount)',
        "For the article's first number; not in the total",
    ),
    Line(
        "memo_pass",
        "Memo",
        "One pass of the features alone",
        "transfer",
        "",
        "=features_pb*bytes_per_pb/{price_transfer.engine}",
        '=VIDEO_EGRESS(features_pb,"PB",route,,region,discount)',
        "Data out of a single pass; not in the total",
    ),
)

CLAIMS: Final = (
    Claim(
        "claim_store",
        "Storing the videos, a month",
        "about",
        100_000.0,
        "={memo_raw.used}",
        "Holds. AWS bills 2^30 bytes as a GB, and tiers lower the price as the volume grows.",
    ),
    Claim(
        "claim_both",
        "Videos and features, a month",
        "over",
        200_000.0,
        "={storage.used}",
        "Storage alone is just under it; over it with decimal GB or once requests are counted.",
    ),
    Claim(
        "claim_pass",
        "Reading the set once, against storing it a month",
        "more than",
        Formula("={memo_raw.used}"),
        "={memo_pass.used}",
        "Holds for every pass that leaves AWS over the internet; inside the region bytes are free.",
    ),
    Claim(
        "claim_total",
        "Data alone, a month: \u201cseveral million\u201d",
        "from",
        2_000_000.0,
        "={total.used}",
        "Holds at 8 to 12 passes a month that leave AWS. Ten is solved for, not observed.",
    ),
)
