"""The regions that a plan names: its classes and routes there, with their prices, join the lists of its workbook.

So the sheets Lists and Prices hold the default region of each provider and what the plan chooses, and nothing else; a
region chosen in the workbook that they do not hold is an impossible input until `vidcost new --from` takes it up.
"""

from __future__ import annotations

from typing import Final

from vidcost_xl.model.blocks.acquire import NAT_HOUR, NAT_ROUTE, NAT_ROUTE_TWICE
from vidcost_xl.model.catalogue import catalogue, spec_key
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import Direction, PriceBook
from vidcost_xl.prices.located import PLACE_MARK, beside, split_place

_WAYS: Final[dict[str, Direction]] = {"route": "egress", "ingest-route": "ingest"}

#: Kinds of inputs whose values may name a region.
_NAMED: Final = ("class", *_WAYS)


def book_of(book: PriceBook, *plans: Plan) -> PriceBook:
    """The price book with the regions of the plans, which have the same keys."""
    kinds = {key: catalogue()[spec_key(key)].kind for key in plans[0].values}
    named = [(kind, plan.text(key)) for plan in plans for key, kind in kinds.items() if kind in _NAMED]
    chosen = list(dict.fromkeys(each for each in named if PLACE_MARK in each[1]))
    if not chosen:
        return book
    classes = [value for kind, value in chosen if kind == "class"]
    routes = [(_WAYS[kind], value) for kind, value in chosen if kind in _WAYS]
    # What else the native formulas look up where the way in is.
    ways_in = [value for way, value in routes if way == "ingest"]
    twice: list[tuple[Direction, str]] = [
        ("ingest", beside(NAT_ROUTE_TWICE, value)) for value in ways_in if split_place(value)[0] == NAT_ROUTE
    ]
    return book.with_places(classes, [*routes, *twice], [beside(NAT_HOUR, value) for value in ways_in])
