"""Leaving a provider: one move of everything out, and months in which all data are stored twice."""

from __future__ import annotations

from vidcost_xl.model.blocks.common import UPLOADS
from vidcost_xl.model.blocks.leave import DOUBLE, READS, SAVED_AGAIN, STATES, TRANSFER, WRITES, double_running
from vidcost_xl.model.blocks.reading import OBJECTS
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import Heading
from vidcost_xl.sheets.plan.bill.allowance import allowance_lines, taken_along
from vidcost_xl.sheets.plan.bill.possible_lines import PossibleLine, name_of, possible_legs
from vidcost_xl.sheets.plan.bill.reading import class_reads, in_objects, possible_reading
from vidcost_xl.sheets.plan.bill.routes import apart, chosen, flag, numbers
from vidcost_xl.sheets.plan.bill.store import holding_lines, possible_holding
from vidcost_xl.sheets.plan.bill.writing import class_writes, upload_lines
from vidcost_xl.sheets.plan.model_rows import ModelRows, Step
from vidcost_xl.sheets.plan.row_names import Block, rep, value_of


def exit_lines(model: ModelRows) -> Block:
    """Leaving: one move of everything out, and months in which all data are stored twice."""
    plan, month = model.plan, value_of("exit.month")
    stored = "+".join(f"{{representation_{n}_stored}}*{{representation_{n}_leaves!}}" for n in numbers(plan))
    some = "+".join(f"{{representation_{n}_leaves!}}" for n in numbers(plan))
    left = "+".join(f"{{representation_{n}_wleft!}}" for n in numbers(plan))
    slots = [(n, slot) for n in numbers(plan) for slot in (1, 2)]
    stays = [f"{{representation_{n}_exit_apart{slot}!}}" for n, slot in slots]
    elsewhere = "+".join([*stays, "{checkpoints!}*{checkpoint_exit_apart!}"])
    lines: Block = [
        Heading("exit_heading", "Leaving a provider"),
        flag("leaving", "Whether the plan leaves", f"--({month}>0)"),
        flag(
            "checkpoint_leaves",
            "Whether checkpoints leave too",
            "{leaving!}*{checkpoints!}*(INDEX(class_provider,{checkpoint_row!})={rt_exit_provider!})",
        ),
        *(
            apart(
                f"representation_{n}_exit_apart{slot}",
                f"{plan.text(rep(n, 'name'))}, class {slot}: whether it is in another region of the provider left",
                f"{{representation_{n}_provider{slot}!}}",
                "{rt_exit_provider!}",
            )
            for n, slot in slots
        ),
        apart(
            "checkpoint_exit_apart",
            "Checkpoints: whether they are in another region of the provider left",
            "{checkpoint_place!}",
            "{rt_exit_provider!}",
        ),
        flag("exit_apart", "Whether anything is stored in another region of that provider", f"--({elsewhere}>0)"),
        Step(
            "exit_ok",
            "Whether anything is stored there, and nothing in another region of it; #N/A otherwise",
            "flag",
            format="count",
            constant=f"=IF({{leaving!}}*(({some}+{{checkpoint_leaves!}}=0)+{{exit_apart!}})=0,1,NA())",
        ),
        flag(
            "exit_free",
            "Whether egress of leaving is waived in every month",
            f'--OR({value_of("exit.waived")}="yes",{value_of("exit.law")}="waiver")',
        ),
        Step(
            "exit_goes_billed",
            "Whether egress of leaving is billed",
            "flag",
            f'=(1-{{exit_free!}})*(1-({value_of("exit.law")}="eu")*({{cal_start}}>=eu_free_from))',
            format="count",
        ),
        Step("exit_goes", "The month of the move", "flag", f"=--({{cal_counter}}={month})", format="count"),
        Step(
            "exit_runs",
            "Months stored at both providers",
            "flag",
            format="count",
            monthly=f"=({{cal_counter}}>={month})*({{cal_counter}}<{month}+{value_of('exit.double_run_months')})*{{leaving!}}",
        ),
        model.row(
            "exit_stored",
            f"={stored}+{{checkpoint_stored}}*{{checkpoint_leaves!}}",
            format="tb",
        ),
        model.row(
            "exit_moved",
            "={exit_stored}*{exit_goes}*{exit_goes_billed}*{exit_ok!}",
            total="sum",
            format="tb",
        ),
        model.row(
            "exit_twice",
            "={exit_stored}*{exit_runs}*{exit_ok!}",
            total="sum",
            format="tb",
        ),
        *allowance_lines(
            model, "exit", "move", "{exit_moved}", taken_along(plan, value_of("exit.route")), "exit_billed_share"
        ),
        model.row(
            "exit_moved_billed",
            "={exit_moved}*{exit_billed_share}",
            format="tb",
        ),
        Step(
            "exit_object",
            "Bytes of an object at the new provider",
            "bytes",
            "="
            + chosen(plan, "left", "{{representation_{n}_object_bytes}}")
            + f"+(1-({left}))*{{representation_1_object_bytes}}",
        ),
        Step(
            "exit_reread",
            "Days between two reads there",
            "days",
            "="
            + chosen(plan, "left", "{{dr_representation_{n}_reread_days}}")
            + f"+(1-({left}))*{{dr_representation_1_reread_days}}",
        ),
        *holding_lines(model, double_running([]), "exit_object", "{exit_reread}", value_of("exit.class")),
    ]
    for n in numbers(plan):
        r, name = f"representation_{n}", plan.text(rep(n, "name"))
        lines += [
            model.row(
                f"{r}_leaving",
                f"={{{r}_stored}}*{{exit_goes}}*{{{r}_leaves!}}",
                total="sum",
                format="tb",
            ),
            model.row(
                f"{r}_leaving_gets",
                f"=IF({{{r}_get_bytes}}=0,0,{{{r}_leaving}}/{{{r}_get_bytes}})",
                total="sum",
            ),
            *upload_lines(model, f"{r}_arriving", f"{name}, at the new provider", f"{r}_leaving", f"{r}_object_bytes"),
        ]
    lines += [
        model.row(
            "checkpoint_leaving",
            "={checkpoint_stored}*{exit_goes}*{checkpoint_leaves!}",
            total="sum",
            format="tb",
        ),
        model.row("checkpoint_leaving_gets", in_objects("checkpoint_leaving", "checkpoint_bytes!"), total="sum"),
        model.row(f"checkpoint_leaving_{OBJECTS}", in_objects("checkpoint_leaving", "checkpoint_bytes!")),
        *upload_lines(
            model,
            "checkpoint_arriving",
            "Checkpoints, at the new provider",
            "checkpoint_leaving",
            "checkpoint_bytes!",
        ),
    ]
    return lines


def possible_exit(plan: Plan) -> list[PossibleLine]:
    """The possible lines of moving out and of double running."""
    found = possible_legs(TRANSFER, "exit", "exit_moved_billed", "{leaving!}", "egress", "{rt_exit!}")
    for n in numbers(plan):
        r = f"representation_{n}"
        found += possible_reading(READS, n, f"{r}_leave", f"{r}_leaving", f"{r}_leaving_gets", f"{{{r}_leaves!}}")
    states, on = "checkpoint_leaving", "{checkpoint_leaves!}"
    here = {"part": '""', "slot": '""', "back": '""'}
    found += class_reads(STATES, "checkpoint_leave", "", states, f"{states}_gets", on, "checkpoint_row", **here)
    whole = {"part": '""', "slot": '""', "payer": "payer_new"}
    for n in numbers(plan):
        r = f"representation_{n}"
        on, written = f"{{{r}_leaves!}}*{{uploads!}}", {kind: f"{r}_arriving_{kind}" for kind in UPLOADS}
        found += class_writes(
            WRITES, f"{r}_arriving", "exit_twice_row", on, f"{r}_leaving", written, name=name_of(n), **whole
        )
    on, written = "{checkpoint_leaves!}*{uploads!}", {kind: f"checkpoint_arriving_{kind}" for kind in UPLOADS}
    found += class_writes(
        SAVED_AGAIN, "checkpoint_arriving", "exit_twice_row", on, "checkpoint_leaving", written, **whole
    )
    return found + possible_holding(DOUBLE, "exit_twice", "{leaving!}", "payer_new")
