"""Rows of Volumes: classes in the regions written beside them, and whether routes end where GPUs and copy are."""

from __future__ import annotations

from vidcost_xl.model.blocks.reading import SLOTS
from vidcost_xl.model.placing import GPU_REGION
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.plan.bill.routes import apart, flag, numbers
from vidcost_xl.sheets.plan.guard_places import behind
from vidcost_xl.sheets.plan.model_rows import Step
from vidcost_xl.sheets.plan.place_rules import NO_PLACE
from vidcost_xl.sheets.plan.row_names import Block, guard_id, rep, value_of

#: The class of the copy beside the GPUs.
COPY_CLASS = "{copy_class!}"


def class_of(n: int, slot: str) -> str:
    """Reference to the first or second class of the n-th representation, in its region."""
    return f"{{representation_{n}_{slot}_class!}}"


def class_lines(plan: Plan) -> Block:
    """The classes in the regions written beside them."""
    lines: Block = []
    keys = {"first": "class", "second": "second_class"}
    for n in numbers(plan):
        name = plan.text(rep(n, "name"))
        for slot in SLOTS:
            called = f"{name}, {slot} class"
            lines += _placed(f"representation_{n}_{slot}", called, rep(n, keys[slot]), rep(n, "region"))
    return lines + _placed("copy", "Copy beside the GPUs", "staging.class", "staging.region")


def _placed(key: str, name: str, class_key: str, region_key: str) -> Block:
    item, region = value_of(class_key), value_of(region_key)

    def text(end: str, label: str, formula: str) -> Step:
        return Step(f"{key}_{end}", f"{name}: {label}", "name", constant=f"={formula}", format="text")

    plain, tail = f"{{{key}_plain!}}", f"{{{key}_region!}}"
    return [
        text("plain", "without a region", f'LEFT({item},FIND("@",{item}&"@")-1)'),
        text("region", "region written beside it", behind(region)),
        # A region behind it that is not the one beside it is an error.
        text("there", "there", f'IF(({region}="")+({item}={plain})+({item}={plain}&{tail})>0,{plain}&{tail},NA())'),
        text("class", "in its region", f'IF(({region}="")+({item}="")>0,{item},{{{key}_there!}})'),
    ]


def end_lines(plan: Plan) -> Block:
    """Whether what is read ends where the GPUs are, and what fills the copy where that is."""
    # Guards says of it whether routes end there: so not the cell that is #N/A where they do not.
    region = f"{{${guard_id(GPU_REGION)}.meant}}"
    lines: Block = [
        Step(
            "gpus_0",
            "Place of the GPUs, where it is written",
            "provider",
            constant=f'=IF({region}="","{NO_PLACE}",{region})',
            format="text",
        ),
    ]
    for n in numbers(plan):
        r, name = f"representation_{n}", plan.text(rep(n, "name"))
        end, before = f"{{{r}_end!}}", f"{{gpus_{n - 1}!}}"
        lines += [
            Step(
                f"{r}_end",
                f"{name}: place where its route ends, where it is read",
                "provider",
                constant=f'=IF({{{r}_isread!}}=0,"{NO_PLACE}",INDEX(egress_end,{{rt_own{n}!}}))',
                format="text",
            ),
            flag(
                f"{r}_end_apart",
                f"{name}: whether it ends elsewhere than the GPUs are",
                f'({end}<>"{NO_PLACE}")*({before}<>"{NO_PLACE}")*({end}<>{before})',
            ),
            Step(
                f"gpus_{n}",
                f"Place of the GPUs, as far as {name} says",
                "provider",
                constant=f'=IF({before}="{NO_PLACE}",{end},{before})',
                format="text",
            ),
            Step(
                f"{r}_fill_end",
                f"{name}: place where its route to the copy ends",
                "provider",
                constant=f"=INDEX(egress_end,{{{r}_rt_fill!}})",
                format="text",
            ),
            apart(
                f"{r}_fill_apart",
                f"{name}: whether that is in another region than the copy",
                f"{{{r}_fill_end!}}",
                "{copy_place!}",
            ),
        ]
    lines += [
        apart(
            "copy_apart", "Whether the copy is in another region", f"{{gpus_{plan.representations}!}}", "{copy_place!}"
        ),
        flag(
            "gpus_apart",
            "Routes that end elsewhere than the GPUs are",
            "+".join(f"{{representation_{n}_end_apart!}}" for n in numbers(plan)),
        ),
    ]
    return lines
