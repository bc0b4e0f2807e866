"""What all reads and writes of objects are billed for together: the key service, the event log, restored copies."""

from __future__ import annotations

from vidcost_xl.model.blocks.checkpoint import KEPT
from vidcost_xl.model.blocks.early import STORED
from vidcost_xl.model.blocks.objects import COPY, KMS, KMS_ANEW, LOG
from vidcost_xl.model.blocks.reading import RETRIEVED, SLOTS
from vidcost_xl.model.blocks.staging import STAGED
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.located import PLACE_MARK
from vidcost_xl.sheets.layout.grid import Heading
from vidcost_xl.sheets.plan.bill.possible_lines import (
    PossibleLine,
    class_meter,
    name_of,
    possible_line,
    priced_by_plan,
)
from vidcost_xl.sheets.plan.bill.routes import flag, numbers, total
from vidcost_xl.sheets.plan.model_rows import ModelRows, Step
from vidcost_xl.sheets.plan.row_names import Block, is_yes, rep, used, value_of

#: Whether anything is read from the copy beside the GPUs.
_STAGED_READ = "{staging!}*{staging_any!}"


def _key_service(key: str, name: str, place: str, on: str) -> Block:
    # Price and free requests of the key service are one for all regions of its provider.
    here = f'{{{key}_place!}}&"{PLACE_MARK}"'
    return [
        Step(f"{key}_place", f"{name}: place of its requests", "provider", constant=f"={place}", format="text"),
        flag(f"{key}_isused", f"{name}: whether there are any", on),
        flag(
            f"{key}_iskms",
            f"{name}: whether the key service counts them",
            f'--(LEFT({here},FIND("{PLACE_MARK}",{here})-1)=provider_kms)',
        ),
    ]


def switch_lines() -> Block:
    """What is billed of requests, and what is promised."""
    return [
        Heading("switch_heading", "What is billed of requests"),
        flag("uploads", "Whether uploads are billed", is_yes("requests.uploads")),
        flag("promised", "Whether a commitment is promised", used("commercial.commitment_usd")),
        flag("logging", "Whether requests are logged", f"--({value_of('requests.logging_usd_per_million')}<>0)"),
    ]


def object_lines(model: ModelRows) -> Block:
    """Requests to the key service and in the event log, and copies that restores make."""
    plan = model.plan
    every = [f"representation_{n}" for n in numbers(plan)]
    lines: Block = [Heading("request_heading", "Requests of all reads and writes")]
    for n in numbers(plan):
        r, name = f"representation_{n}", plan.text(rep(n, "name"))
        encoded = "+".join(f"{{encode_{m}_gets}}*{{representation_{m}_isencoded!}}" for m in numbers(plan))
        lines += [
            Step(
                f"{r}_encode_gets",
                f"{name}: GET requests to encode",
                "requests",
                f"=({encoded})*{{{r}_wraw!}}",
                total="sum",
            ),
            Step(
                f"{r}_requests",
                f"{name}: requests",
                "requests",
                f"=({{{r}_gets}}+{{{r}_fill_gets}}*{{staging!}})*{{{r}_isread!}}+{{{r}_upload_puts}}*{{uploads!}}"
                f"+{{{r}_encode_gets}}+{{{r}_leaving_gets}}*{{{r}_leaves!}}",
                total="sum",
            ),
            *_key_service(
                r,
                name,
                f"{{{r}_provider1!}}",
                f"--({{{r}_isread!}}+{{uploads!}}+{{{r}_wraw!}}*{{encoding_any!}}+{{{r}_leaves!}}>0)",
            ),
        ]
    for key, name, row, requests, on in (
        ("copy", "Copy", "staging_bytes_row", "{staging_gets}+{staging_puts}*{uploads!}", _STAGED_READ),
        (
            "checkpoint",
            "Checkpoints",
            "checkpoint_row",
            "{checkpoint_puts}+{checkpoint_leaving_gets}",
            "{checkpoints!}",
        ),
    ):
        lines += [
            Step(f"{key}_requests", f"{name}: requests", "requests", f"=({requests})*{on}", total="sum"),
            *_key_service(key, name, f"INDEX(class_provider,{{{row}!}})", on),
        ]
    every += ["copy", "checkpoint"]
    some = "+".join(f"{{{r}_iskms!}}*{{{r}_isused!}}" for r in every)
    lines += [
        flag("kms", "Whether the key service is used", f"--({value_of('requests.kms_share')}*({some})>0)"),
        model.row(
            "requests_kms",
            "=(" + "+".join(f"{{{r}_requests}}*{{{r}_iskms!}}" for r in every) + f")*{value_of('requests.kms_share')}",
            total="sum",
        ),
        *_anew(model),
        model.row("requests_logged", "=" + total([f"{r}_requests" for r in every]) + "+{anew_requests}", total="sum"),
        *_copies(model),
    ]
    return lines


def _anew(model: ModelRows) -> Block:
    # What is written at the new provider, where leaving is billed at all.
    parts = [f"{{representation_{n}_arriving_puts}}*{{representation_{n}_leaves!}}" for n in numbers(model.plan)]
    puts, share = "+".join([*parts, "{checkpoint_arriving_puts}*{checkpoint_leaves!}"]), value_of("requests.kms_share")
    place, on = "INDEX(class_provider,{exit_twice_row!})", "{leaving!}*{uploads!}"
    return [
        Step("anew_requests", "New provider: requests", "requests", f"=({puts})*{{uploads!}}", total="sum"),
        *_key_service("anew", "New provider", place, on),
        flag(
            "kms_anew",
            "Whether the key service is used at the new provider",
            f"--({share}*{{anew_isused!}}*{{anew_iskms!}}>0)",
        ),
        model.row("requests_kms_anew", f"={{anew_requests}}*{{kms_anew!}}*{share}", total="sum"),
    ]


def _copies(model: ModelRows) -> Block:
    plan, kept = model.plan, f"{value_of('requests.restore_days')}/days_per_month"
    lines: Block = [Heading("restored_heading", "Copies that restores of archived objects make")]
    for n in numbers(plan):
        r = f"representation_{n}"
        for slot in SLOTS:
            encoded = "+".join(f"{{encode_{m}_bytes_{slot}}}*{{representation_{m}_isencoded!}}" for m in numbers(plan))
            lines += [
                Step(
                    f"{r}_encode_{slot}",
                    f"{plan.text(rep(n, 'name'))}, {slot} class: bytes read to encode",
                    "bytes",
                    f"=({encoded})*{{{r}_wraw!}}",
                    format="tb",
                ),
                model.row(
                    f"{r}_{slot}_restored",
                    f"=(({{{r}_read_{slot}_{RETRIEVED}}}+{{{r}_fill_{slot}}}*{{staging!}})*{{{r}_isread!}}+{{{r}_encode_{slot}}}"
                    f"+{{{r}_leaving_{slot}}}*{{{r}_leaves!}})*{kept}",
                    format="tb",
                ),
            ]
        lines.append(
            flag(
                f"{r}_restores",
                f"{plan.text(rep(n, 'name'))}: whether it is read",
                f"--({{{r}_isread!}}+{{{r}_wraw!}}*{{encoding_any!}}+{{{r}_leaves!}}>0)",
            )
        )
    return [
        *lines,
        model.row("staging_bytes_restored", f"={{staging_read}}*{kept}", format="tb"),
        model.row("checkpoint_stored_restored", f"={{checkpoint_leaving}}*{kept}", format="tb"),
    ]


def possible_objects(plan: Plan) -> list[PossibleLine]:
    """The possible lines of requests to KMS and in the event log, and of restored copies."""
    price, what = "requests.logging_usd_per_million", '"in their class"'
    log = possible_line(LOG, "log", "requests_logged", "{logging!}", f'"{price}"')
    found = [
        possible_line(KMS, "kms", "requests_kms", "{kms!}", "meter_kms"),
        possible_line(KMS_ANEW, "kms_anew", "requests_kms_anew", "{kms_anew!}", "meter_kms", payer="payer_new"),
        priced_by_plan(log, LOG, value_of(price), "million"),
    ]
    for n in numbers(plan):
        r = f"representation_{n}"
        for slot, line in STORED.items():
            on = f"{{{r}_restores!}}" if slot == SLOTS[0] else f"{{{r}_restores!}}*{{{r}_mixed!}}"
            c, meter = f"{r}_{slot}", class_meter("restored", f"{r}_{slot}_row")
            found.append(
                possible_line(line.then(*COPY), f"{c}_restored", f"{c}_restored", on, meter, name=name_of(n), what=what)
            )
    for line, c, row, on in (
        (STAGED, "staging_bytes", "staging_bytes_row", _STAGED_READ),
        (KEPT, "checkpoint_stored", "checkpoint_row", "{checkpoint_leaves!}"),
    ):
        key, meter = f"{c}_restored", class_meter("restored", row)
        found.append(possible_line(line.then(*COPY), key, key, on, meter, what=what))
    return found
