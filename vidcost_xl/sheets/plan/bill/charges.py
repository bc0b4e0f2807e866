"""Every line of the bill that a plan can have, as slots.

A slot exists in the sheet for every class, route and switch that a user may choose; one that
the plan at hand does not use is 0. Ids are those of the ledger.
"""

from __future__ import annotations

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.plan.bill.possible_lines import (
    Slot,
    class_meter,
    extra_slot,
    holding_slots,
    leg_slots,
    name_of,
    reading_slots,
)
from vidcost_xl.sheets.plan.bill.routes import numbers
from vidcost_xl.sheets.plan.row_names import driver, rep, value_of


def slots(plan: Plan) -> list[Slot]:
    """Every slot of a plan, in the order of the stages; without the derived ones.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    list of Slot
    """
    found = _acquire()
    for n in numbers(plan):
        found += _store(plan, n) + _upload(n)
    found += holding_slots("staging_bytes", '"store.staging"', '"copy beside the GPUs"', "store", "{staging!}")
    for n in numbers(plan):
        found += _encode(n)
    for n in numbers(plan):
        found += _train(n)
    found += _train_all() + _checkpoint()
    found += leg_slots(
        "exit", '"exit.transfer."', '"Moving out"', "exit", "exit_moved_billed", "{leaving!}", "egress", "{rt_exit!}"
    )
    for n in numbers(plan):
        found += reading_slots(
            n,
            "leave",
            f'"exit."&{name_of(n)}',
            f'{name_of(n)}&", moving out"',
            "exit",
            f"representation_{n}_leaving",
            f"representation_{n}_leaving_gets",
            f"{{representation_{n}_leaves!}}",
        )
    found += holding_slots("exit_twice", '"exit.double"', '"double running"', "exit", "{leaving!}", "payer_new")
    return found


def _store(plan: Plan, n: int) -> list[Slot]:
    del plan
    r, name = f"representation_{n}", name_of(n)
    first, second = f'"store."&{name}', f'"store."&{name}&".second"'
    has_second = f"--({{{r}_second_row!}}>0)"
    moves = f"({{{r}_second_row!}}>0)*({value_of(rep(n, 'lifecycle_months'))}>0)"
    label2 = f'{name}&", second class"'
    return [
        *holding_slots(f"{r}_first", first, name, "store", "1"),
        *holding_slots(f"{r}_second", second, label2, "store", has_second),
        Slot(
            f"{r}_transition",
            f'"store."&{name}&".transition"',
            f'{name}&": move to the second class"',
            '"store"',
            f"{r}_moved",
            moves,
            class_meter("transition", f"{r}_second_row"),
        ),
        Slot(
            f"{r}_first_early",
            f'{first}&".early"',
            f'{name}&": rest of the minimum duration"',
            '"store"',
            f"{r}_first_early",
            f"{{{r}_first_isearly!}}",
            class_meter("storage", f"{r}_first_row"),
        ),
        Slot(
            f"{r}_second_early",
            f'{second}&".early"',
            f'{label2}&": rest of the minimum duration"',
            '"store"',
            f"{r}_second_early",
            f"{{{r}_second_isearly!}}",
            class_meter("storage", f"{r}_second_row"),
        ),
    ]


def _upload(n: int) -> list[Slot]:
    r, name = f"representation_{n}", name_of(n)
    stage = f'IF({{{r}_israw!}}>0,"acquire","encode")'
    put = class_meter("put", f"{r}_first_row")
    return [
        Slot(
            f"{r}_upload_{key}",
            f'{{.stage}}&"."&{name}&".{line}"',
            f'{name}&": {label}"',
            stage,
            f"{r}_upload_{key}",
            "{uploads!}",
            put,
        )
        for key, line, label in (
            ("puts", "puts", "objects or parts uploaded"),
            ("multipart", "multipart", "requests around uploads in parts"),
        )
    ]


def reading_parts(plan: Plan) -> list[tuple[str, str, str, str]]:
    """Rows that divide reads between two classes: whole, share of a class (without its number), two classes, label."""
    parts = []
    for n in numbers(plan):
        r, name = f"representation_{n}", plan.text(rep(n, "name"))
        for read, gets, label, source in (
            (f"{r}_read", f"{r}_gets", "training", r),
            (f"{r}_fill", f"{r}_fill_gets", "filling the copy", r),
            (f"encode_{n}_bytes", f"encode_{n}_gets", "encoding", "raw"),
            (f"{r}_leaving", f"{r}_leaving_gets", "moving out", r),
        ):
            parts.append((read, gets, source, f"{name}, {label}"))
    return parts


def _train(n: int) -> list[Slot]:
    r, name = f"representation_{n}", name_of(n)
    line, on = f'"train."&{name}', f"{{{r}_isread!}}"
    fill, filled = f'"train."&{name}&".fill"', f'{name}&", filling the copy"'
    fills = f"{{{r}_isread!}}*{{staging!}}"
    return [
        *leg_slots(
            f"{r}_train",
            f'{line}&".transfer."',
            f'{name}&": reads"',
            "train",
            f"{r}_read_billed",
            on,
            "egress",
            f"{{{r}_to_train!}}",
        ),
        *reading_slots(n, "train", line, name, "train", f"{r}_read", f"{r}_gets", on),
        extra_slot(f"{r}_train", line, name, f"{r}_gets", on, "{rt_train!}"),
        *reading_slots(n, "fill", fill, filled, "train", f"{r}_fill", f"{r}_fill_gets", fills),
        extra_slot(f"{r}_fill", fill, filled, f"{r}_fill_gets", fills, "{rt_fill!}"),
    ]


def _train_all() -> list[Slot]:
    return [
        *leg_slots(
            "fill",
            '"train.staging.fill."',
            '"Filling the copy"',
            "train",
            "staging_filled_billed",
            "{staging!}",
            "egress",
            "{rt_fill_checked!}",
        ),
        Slot(
            "ports",
            '"train.ports"',
            '"Ports"',
            '"train"',
            "train_port_hours",
            "{ports_used!}",
            value_of("train.port_meter"),
        ),
        Slot("kms", '"train.kms"', '"Requests to the key service"', '"train"', "requests_kms", "{kms!}", "meter_kms"),
        Slot(
            "log",
            '"train.log"',
            '"Event log of object requests"',
            '"train"',
            "requests_logged",
            "{logging!}",
            '"requests.logging_usd_per_million"',
            price=value_of("requests.logging_usd_per_million"),
            unit="million requests",
            size="million",
        ),
    ]


def _encode(n: int) -> list[Slot]:
    r, name = f"representation_{n}", name_of(n)
    line, on = f'"encode."&{name}', f"{{{r}_isencoded!}}"
    label = f'{name}&": reading the videos"'
    return [
        Slot(
            f"encode_{n}_gpu_hours",
            f'{line}&".gpu"',
            f'{name}&": GPU time"',
            '"encode"',
            f"encode_{n}_gpu_hours",
            on,
            '"encode.gpu_usd_per_hour"',
            price=driver("encode.gpu_usd_per_hour"),
            unit="GPU hour",
        ),
        *leg_slots(
            f"{r}_encode",
            f'{line}&".read."',
            label,
            "encode",
            f"encode_{n}_bytes",
            on,
            "egress",
            "{rt_encode_used!}",
        ),
        *reading_slots(
            n, "encode", line, label, "encode", f"encode_{n}_bytes", f"encode_{n}_gets", f"{on}*{{raw_any!}}", "raw"
        ),
    ]


def _acquire() -> list[Slot]:
    return [
        *leg_slots(
            "acquire",
            '"acquire.transfer."',
            '"Fetching"',
            "acquire",
            "acquire_bytes",
            "{acquiring!}",
            "ingest",
            "{rt_ingest!}",
        ),
        Slot(
            "proxy",
            '"acquire.proxy"',
            '"Proxy traffic"',
            '"acquire"',
            "acquire_proxied",
            "{acquiring!}",
            '"acquire.proxy_usd_per_gb"',
            price=value_of("acquire.proxy_usd_per_gb"),
            unit="GB",
            size="bytes_per_gib",
        ),
        Slot(
            "nat",
            '"acquire.nat_hours"',
            '"NAT gateways running"',
            '"acquire"',
            "acquire_nat_hours",
            "{nat_used!}",
            "meter_nat_hour",
        ),
    ]


def _checkpoint() -> list[Slot]:
    return [
        Slot(
            "checkpoint_stored",
            '"checkpoint.stored"',
            '"Checkpoints kept"',
            '"checkpoint"',
            "checkpoint_stored",
            "{checkpoints!}",
            class_meter("storage", "checkpoint_row"),
        ),
        Slot(
            "checkpoint_puts",
            '"checkpoint.puts"',
            '"Uploads of checkpoints"',
            '"checkpoint"',
            "checkpoint_puts",
            "{checkpoints!}",
            class_meter("put", "checkpoint_row"),
        ),
    ]
