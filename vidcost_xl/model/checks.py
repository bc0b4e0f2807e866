"""What is wrong or doubtful about a plan: policies, links, sizes, prices. Nothing is clipped; it is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

import numpy as np

from vidcost_xl.digits import TOLERANCE_MONEY, exceeds
from vidcost_xl.errors import OutOfDomainError
from vidcost_xl.model import cache_checks, price_checks
from vidcost_xl.model.bill import Bill
from vidcost_xl.model.blocks.allowance import stored_at, ways_of_reads
from vidcost_xl.model.blocks.common import BITS_PER_BYTE, DAYS_PER_MONTH, numbers, prefix
from vidcost_xl.model.blocks.objects import KMS_PROVIDER
from vidcost_xl.model.blocks.reading import TRAIN_WAY
from vidcost_xl.model.blocks.representation import is_read
from vidcost_xl.model.checked import Check, Severity
from vidcost_xl.model.files import preset
from vidcost_xl.model.lines import Array, State, compute
from vidcost_xl.model.speed import speed_volumes
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import provider_of
from vidcost_xl.units import BITS_PER_GBIT, SECONDS_PER_DAY

#: A corpus of training video is smaller than a terabyte or larger than an exabyte only by a slip of the unit:
#: the public sets of the fact book span 0.6 TB to 45 PB.
SMALLEST_CORPUS: Final = 1e12
LARGEST_CORPUS: Final = 1e18

#: The plan whose passes were solved for.
_SOLVED: Final = "article"

#: Average megabytes of a video; public sets of clips average 0.5 to 114.
SMALLEST_VIDEO_MB: Final = 0.05
LARGEST_VIDEO_MB: Final = 2_000.0

#: Reads may come this much later than the passes imply before it is reported.
REREAD_SLACK: Final = 1.5


#: Survival and fetched per kept say the same twice; more difference than this is reported.
SURVIVAL_SLACK: Final = 0.01


def check(bill: Bill) -> list[Check]:
    """Every finding about a plan, the worst first; one "ok" when there is nothing."""
    findings = [
        *_sizes(bill),
        *_policies(bill),
        *_link(bill),
        *_gpus(bill),
        *_speed(bill),
        *_way_out(bill),
        *_leaving(bill),
        *_keys_anew(bill),
        *_rereads(bill),
        *cache_checks.cache(bill),
        *_survival(bill),
        *_currency(bill),
        *price_checks.private_rates(bill),
        *_commitment(bill),
        *price_checks.prices(bill),
        *price_checks.free_quantities(bill),
        *price_checks.price_date(bill),
        *_origin(bill),
        *_accounts(bill),
    ]
    order = ("error", "warning", "note", "ok")
    findings.sort(key=lambda finding: order.index(finding.severity))
    return findings or [Check("ok", "all", "", "nothing to report")]


def required_gbps(bill: Bill) -> Array:
    """Sustained rate from storage to the GPUs that each month needs, Gbit/s over a month of 30 days, (month,)."""
    state, plan = bill.state, bill.plan
    volumes = [prefix(n) + "read" for n in numbers(plan) if is_read(plan, n)]
    volumes += ["staging.filled"] if plan.is_on("staging.on") else []
    moved = sum((state.monthly(name)[:, 0] for name in volumes), np.zeros(state.months))
    rate: Array = moved * BITS_PER_BYTE / (DAYS_PER_MONTH * SECONDS_PER_DAY) / BITS_PER_GBIT
    return rate


def _sizes(bill: Bill) -> Iterable[Check]:
    each = float(bill.state["dataset.bytes_each"].max()) / 1e6
    size = float((bill.state["dataset.closing"] * bill.state["dataset.bytes_each"]).max())
    if size and not SMALLEST_CORPUS <= size <= LARGEST_CORPUS:
        text = f"the videos are {size / 1e12:,.4g} TB together; check the unit (TB for PB, MB for GB)"
        yield Check("warning", "size", "dataset.videos", text, size / 1e12, "1 to 1,000,000 TB")
    if each and not SMALLEST_VIDEO_MB <= each <= LARGEST_VIDEO_MB:
        text = f"a video of {each:,.4g} MB is unusual; check the unit"
        yield Check(
            "warning", "size", "dataset.mb_per_video", text, each, f"{SMALLEST_VIDEO_MB:g} to {LARGEST_VIDEO_MB:g} MB"
        )


def _policies(bill: Bill) -> Iterable[Check]:
    plan, zero = bill.plan, np.zeros((bill.state.months, 1))
    ways: dict[str, tuple[str, list[str]]] = {}
    for line, (key, name) in ways_of_reads(plan).items():
        ways.setdefault(name, (key, []))[1].append(line)
    for name, (key, reads) in (ways or {plan.text(TRAIN_WAY): (TRAIN_WAY, [])}).items():
        route = price_book().route("egress", name)
        if not route.policy:
            continue
        read = sum((bill.state.monthly(line) for line in reads), zero)
        stored = sum((bill.state.monthly(line) for line in stored_at(plan, name)), zero)
        times = float(np.max(np.divide(read, stored, out=np.zeros_like(read), where=stored > 0)))
        limit = route.free_egress_times_stored
        severity: Severity = "note"
        if limit is not None and exceeds(times, limit):
            free = all(price_book().price(leg.meter).tariff.charge(1.0) == 0 for leg in route.legs)
            severity = "error" if free else "warning"
        yield Check(severity, "policy", key, f"{route.id}: {route.policy}", times, "" if limit is None else limit)


def _link(bill: Bill) -> Iterable[Check]:
    needed = float(required_gbps(bill).max())
    link = bill.plan.number("limits.link_gbps") * bill.plan.number("limits.utilisation")
    if not needed:
        return
    text = f"the passes of the busiest month need {needed:,.1f} Gbit/s all month"
    if not link:
        yield Check("note", "link", "limits.link_gbps", text + "; give the link to check it", needed)
    elif exceeds(needed, link):
        yield Check("warning", "link", "limits.link_gbps", text + f"; the link carries {link:,.1f}", needed, link)


def _gpus(bill: Bill) -> Iterable[Check]:
    plan, state = bill.plan, bill.state
    capacity = plan.number("limits.gpus") * plan.number("limits.samples_per_gpu_second")
    if not capacity:
        return
    clips = state.monthly("dataset.closing") * state["dataset.clips_per_video"] * state["train.passes_made"]
    needed = float(clips.max()) / (DAYS_PER_MONTH * SECONDS_PER_DAY)
    if exceeds(needed, capacity):
        text = f"the passes of the busiest month are {needed:,.0f} clips a second; the GPUs train on {capacity:,.0f}"
        yield Check("warning", "gpus", "limits.gpus", text, needed, capacity)


def _speed(bill: Bill) -> Iterable[Check]:
    try:
        state = compute(speed_volumes(bill.plan), State(bill.state.values, bill.state.months))
    except OutOfDomainError as error:
        yield Check("error", "waiting", "wait.on", error.message)
        return
    waiting, hours = float(state["speed.wait_hours"].max()), float(state["speed.hours"].max())
    if waiting:
        text = f"the GPUs wait for data in {waiting:,.0f} of the {hours:,.0f} hours of an experiment"
        yield Check("note", "waiting", "limits.link_gbps", text, waiting, hours)


def _way_out(bill: Bill) -> Iterable[Check]:
    """A way out of where nothing is: leaving refuses it, and the own site would be priced with another's egress."""
    plan, key = bill.plan, "exit.route"
    kept = [plan.text(prefix(n) + "class") for n in numbers(plan)]
    kept += [plan.text("checkpoint.class")] if plan.is_on("checkpoint.on") else []
    owners = list(dict.fromkeys(provider_of(name) for name in kept))
    leaves = plan.integer("exit.month") > 0 or plan.is_on("own.compare")
    if leaves and provider_of(plan.text(key)) not in owners:
        ways = [name for name in price_book().route_names("egress") if provider_of(name) == owners[0]]
        text = (
            f"{plan.text(key)} leaves a provider that stores nothing in this plan, and moving to an own site is priced "
        )
        yield Check("error", "exit", key, f"{text}along it; write one of {', '.join(ways)}", 0.0, "")


def _leaving(bill: Bill) -> Iterable[Check]:
    link = bill.plan.number("limits.link_gbps") * bill.plan.number("limits.utilisation")
    if "exit.stored" not in bill.state.values or not link:
        return
    month = bill.plan.integer("exit.month") - 1
    bits = float(bill.state.monthly("exit.stored")[month, 0]) * BITS_PER_BYTE
    days, window = bits / (link * BITS_PER_GBIT) / SECONDS_PER_DAY, bill.plan.number("exit.window_days")
    if exceeds(days, window):
        text = f"moving out takes {days:,.0f} days at {link:,.0f} Gbit/s, longer than the {window:g} days of the window"
        yield Check("warning", "exit", "exit.window_days", text, days, window)


def _keys_anew(bill: Bill) -> Iterable[Check]:
    plan, provider = bill.plan, price_book().provider_of(bill.plan.text("exit.class"))
    written = plan.integer("exit.month") and plan.is_on("requests.uploads") and plan.is_used("requests.kms_share")
    if written and provider.id != KMS_PROVIDER:
        text = f"what is written at {provider.name} may reach its key service, whose price the book does not have"
        yield Check("note", "exit", "requests.kms_share", text)


def _rereads(bill: Bill) -> Iterable[Check]:
    passes = float(bill.state.monthly("train.passes_made").min())
    for n in numbers(bill.plan):
        p = prefix(n)
        item = price_book().storage_class(bill.plan.text(p + "class"))
        if not item.by_last_access or not is_read(bill.plan, n) or not passes:
            continue
        interval, implied = bill.plan.number(p + "reread_days"), DAYS_PER_MONTH / passes
        if exceeds(interval, implied * REREAD_SLACK):
            text = (
                f"{passes:g} passes a month read every object about every {implied:,.1f} days, not every {interval:g}"
            )
            yield Check("warning", "re-reads", p + "reread_days", text, interval, implied)


def _survival(bill: Bill) -> Iterable[Check]:
    plan = bill.plan
    if plan.text("dataset.counted") != "fetched" or not plan.is_on("acquire.on"):
        return
    implied, given = 1.0 / plan.number("dataset.survival"), plan.number("acquire.fetched_per_kept")
    if exceeds(abs(given / implied - 1.0), SURVIVAL_SLACK):
        text = (
            f"the share kept implies {implied:,.3g} videos fetched for each one kept; acquisition pays for {given:,.3g}"
        )
        yield Check("warning", "survival", "acquire.fetched_per_kept", text, given, implied)


def _currency(bill: Bill) -> Iterable[Check]:
    currency, rates = bill.plan.text("money.currency"), bill.state.monthly("money.fx")
    if currency.casefold() != "usd" and np.any(rates == 1.0):
        text = f"the reporting currency is {currency}, and its rate is exactly 1: dollars by another name"
        yield Check("warning", "currency", "money.fx", text, 1.0)


def _commitment(bill: Bill) -> Iterable[Check]:
    for charge in bill.charges:
        if charge.line.id == "support.shortfall" and float(charge.effective.max()) > TOLERANCE_MONEY:
            months = int(np.count_nonzero(charge.effective[:, 0] > TOLERANCE_MONEY))
            text = f"the commitment is not used up in {months} months; the rest is billed"
            yield Check("warning", "commitment", "commercial.commitment_usd", text, float(charge.effective[:, 0].sum()))


def _origin(bill: Bill) -> Iterable[Check]:
    # Numbers of one's own were not solved for, whatever the input beside them still says; nor were those of each month.
    plan, asked = bill.plan, preset(_SOLVED)
    own = Counter(key for key, _ in plan.monthly)
    is_asked = [
        plan.values[key] == asked.values[key] and own[key] < plan.calendar.months
        for key in ("train.experiments", "train.passes")
    ]
    if all(is_asked) and plan.text("train.passes_source") == "solved for" and np.any(bill.state["train.passes_made"]):
        passes = float(bill.state["train.passes_made"].max())
        text = "the passes were chosen to reach a stated bill, not observed"
        yield Check("note", "passes", "train.passes_source", text, passes)


def _accounts(bill: Bill) -> Iterable[Check]:
    lines = {charge.line.id for charge in bill.charges}
    for line in bill.plan.accounts:
        if line not in lines:
            text = "has an account of its own, and the plan does not have the line"
            yield Check("note", "account", line, text)
