"""Storage: what bytes in one class are billed for, uploads, requests of all reads and writes."""

from __future__ import annotations

from vidcost_xl.model.blocks.store import AGES, Holding
from vidcost_xl.sheets.layout.grid import Heading, Line
from vidcost_xl.sheets.plan.bill.possible_lines import Slot, class_meter, name_of
from vidcost_xl.sheets.plan.bill.routes import flag, numbers, total
from vidcost_xl.sheets.plan.lists import OVERHEADS
from vidcost_xl.sheets.plan.model_rows import ModelRows, Step, row_id
from vidcost_xl.sheets.plan.row_names import Block, is_yes, rep, used, value_of


def holding_lines(model: ModelRows, of: Holding, object_bytes: str, reread: str, storage_class: str) -> Block:
    """Rows of one holding.

    Parameters
    ----------
    model : ModelRows
    of : Holding
    object_bytes : str
        Row id.
    reread : str
        Reference to the days between two reads of an object.
    storage_class : str
        Reference to the class; an empty one holds nothing.

    Returns
    -------
    list of Line
    """
    c, label = row_id(of.held), of.label
    lines: Block = [
        Step(
            f"{c}_row",
            f"{label}: row of the class",
            "row of Lists",
            format="count",
            constant=f'=IF({storage_class}="",0,MATCH({storage_class},class_id,0))',
        ),
        _rule(c, label, "by_access", "whether it bills by last access", "flag"),
        _rule(c, label, "min_object", "bytes billed at least for an object", "bytes"),
        model.row(
            f"{c}_objects",
            f"=IF({{{object_bytes}}}=0,0,{{{c}}}/{{{object_bytes}}})",
        ),
        model.row(
            f"{c}_billed",
            f"=MAX({{{c}}},{{{c}_objects}}*{{{c}_min_object!}})",
            format="tb",
        ),
    ]
    for k in range(1, AGES + 1):
        lines += [
            _rule(c, label, f"age{k}_from", f"age tier {k} begins", "days"),
            _rule(c, label, f"age{k}_to", f"age tier {k} ends", "days"),
            # Between two reads an object spends each tier's days in that tier.
            model.row(
                f"{c}_age{k}",
                f"={{{c}_billed}}*MAX(0,MIN({reread},{{{c}_age{k}_to!}})-{{{c}_age{k}_from!}})/{reread}",
                format="tb",
            ),
        ]
    for k in range(1, OVERHEADS + 1):
        lines.append(_rule(c, label, f"over{k}_bytes", f"overhead {k} of an object", "bytes"))
    lines += [
        _rule(c, label, "watch_min", "objects are monitored from", "bytes"),
        model.row(
            f"{c}_watched",
            f"={{{c}_objects}}*({{{object_bytes}}}>={{{c}_watch_min!}})",
        ),
    ]
    return lines


def _rule(c: str, label: str, column: str, what: str, unit: str) -> Line:
    return Step(
        f"{c}_{column}",
        f"{label}: {what}",
        unit,
        note="a rule of the class",
        constant=f"=IF({{{c}_row!}}=0,0,INDEX(class_{column},{{{c}_row!}}))",
    )


def request_lines(model: ModelRows) -> Block:
    """Requests to the key service and in the event log."""
    plan = model.plan
    lines: Block = [
        Heading("request_heading", "Requests of all reads and writes"),
        flag("uploads", "Whether uploads are billed", is_yes("requests.uploads")),
        flag("promised", "Whether a commitment is promised", used("commercial.commitment_usd")),
        flag("logging", "Whether requests are logged", f"--({value_of('requests.logging_usd_per_million')}<>0)"),
    ]
    for n in numbers(plan):
        name = plan.text(rep(n, "name"))
        lines += [
            Step(
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
        model.row(
            "requests_kms",
            "=("
            + "+".join(f"{{representation_{n}_requests}}*{{representation_{n}_iskms!}}" for n in numbers(plan))
            + f")*{value_of('requests.kms_share')}",
            total="sum",
        ),
        model.row(
            "requests_logged",
            "=" + total([f"representation_{n}_requests" for n in numbers(plan)]),
            total="sum",
        ),
    ]
    return lines


def store_slots(n: int) -> list[Slot]:
    """The slots of the n-th representation: two classes, moves between them, early deletion."""
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


def holding_slots(c: str, line: str, label: str, stage: str, on: str, payer: str = "payer_main") -> list[Slot]:
    """The slots of bytes in one storage class.

    Parameters
    ----------
    c : str
        Start of the ids of its rows in Volumes.
    line, label : str
        Formulas.
    stage, on, payer : str

    Returns
    -------
    list of Slot
    """
    row, where = f"{c}_row", f'"{stage}"'
    aged = f'IF({{{c}_by_access!}}>0,".age"&{{{c}_age%d_from!}},"")'
    found = [
        Slot(
            f"{c}_age{k}",
            f"{line}&{aged % k}",
            f'{label}&": storage, age tier {k}"',
            where,
            f"{c}_age{k}",
            on,
            class_meter(f"age{k}_meter", row),
            payer=payer,
        )
        for k in range(1, AGES + 1)
    ]
    found += [
        Slot(
            f"{c}_over{k}",
            f'{line}&".overhead{k}"',
            f'{label}&": overhead {k} of each object"',
            where,
            f"{c}_objects",
            on,
            class_meter(f"over{k}_meter", row),
            class_meter(f"over{k}_bytes", row),
            payer,
        )
        for k in range(1, OVERHEADS + 1)
    ]
    found.append(
        Slot(
            f"{c}_watch",
            f'{line}&".monitoring"',
            f'{label}&": monitoring"',
            where,
            f"{c}_watched",
            on,
            class_meter("watch", row),
            payer=payer,
        )
    )
    return found


def upload_slots(n: int) -> list[Slot]:
    """The slots of its uploads."""
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


def request_slots() -> list[Slot]:
    """The slots of requests to KMS and in the event log."""
    return [
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
