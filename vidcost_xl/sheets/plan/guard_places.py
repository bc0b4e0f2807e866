"""Whether a region or a route fits the class beside it: cells of its row of the sheet Guards, in plain formulas."""

from __future__ import annotations

from typing import Final

from vidcost_xl.model.blocks.reading import TRAIN_WAY
from vidcost_xl.model.catalogue import entry_number
from vidcost_xl.model.placing import GPU_REGION, REGION
from vidcost_xl.sheets.layout.sheet_layout import Entry, Formula
from vidcost_xl.sheets.plan.row_names import guard_id

#: What is wrong beside it.
STARTS_ELSEWHERE: Final = "it does not start where the representation is stored"
NOT_THERE: Final = "Lists has its class in no such region, or another is written behind it (vidcost new --from)"
ENDS_ELSEWHERE: Final = "a route that training reads along ends elsewhere"


def is_region(key: str) -> bool:
    """Whether an input names a region."""
    return key.endswith(f".{REGION}")


def _is_own_route(key: str) -> bool:
    return entry_number(key) is not None and key.endswith(".route")


def behind(place: str) -> str:
    """The region behind a class or provider with its mark, empty where there is none, as a formula."""
    return f'SUBSTITUTE("|"&{place},"|"&LEFT({place},FIND("@",{place}&"@")-1),"")'


def place_entries(key: str) -> dict[str, Entry]:
    """The cells that only a region, or a representation's own route, has; its provider stands where a date is one."""
    if key == GPU_REGION:
        return {"iso": Entry(Formula(_owner(_meant(TRAIN_WAY))), "text")}
    if is_region(key):
        item = _meant(_class_key(key))
        there = f'=LEFT({item},FIND("@",{item}&"@")-1)&{behind("{.meant}")}'
        # Whether Lists has the class in the region, and no other is written behind it.
        alone = f'ISERROR(FIND("@",{item}))+({item}={{.there}})>0'
        found = f"=IFERROR((MATCH({{.there}},class_id,0)>0)*({alone}),0)"
        return {
            "iso": Entry(Formula(_owner(item)), "text"),
            "there": Entry(Formula(there), "text"),
            "moves": Entry(Formula(found), "number", "count"),
        }
    if _is_own_route(key):
        # Whether it starts where both classes are; where either is impossible, that is said of it.
        first, second = (f"{{$representation_{entry_number(key)}_provider{at}.constant}}" for at in (1, 2))
        start = "INDEX(egress_provider,MATCH({.meant},egress_id,0))"
        text = f"=IFERROR(--({start}=IF({first}={second},{first},0)),1)"
        return {"moves": Entry(Formula(text), "number", "count")}
    return {}


def place_beside(key: str) -> tuple[str, str]:
    """What such an input may not be because of another one, and in words; empty for others."""
    if key == GPU_REGION:
        return "(1-{.empty})*{$gpus_apart.constant}", f'{{.shown}}&"; {ENDS_ELSEWHERE}"'
    if is_region(key):
        return "(1-{.empty})*(1-{.moves})", f'{{.shown}}&"; {NOT_THERE}"'
    if _is_own_route(key):
        read = f"{{$representation_{entry_number(key)}_isread.constant}}"
        return f"(1-{{.empty}})*{read}*(1-{{.moves}})", f'{{.shown}}&"; {STARTS_ELSEWHERE}"'
    return "", ""


def _owner(name: str) -> str:
    # The provider whose a region is, with the mark: that of the class or route beside it, where none is written.
    return f'=IF(ISNUMBER(FIND("@",{{.value}})),"",LEFT({name},FIND(".",{name}&".")-1)&"@")'


def _class_key(key: str) -> str:
    return f"{key.removesuffix(REGION)}class"


def _meant(key: str) -> str:
    return f"{{{guard_id(key)}.meant}}"
