"""Two plans side by side: what was decided differently, and what each decision alone does to the total."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from itertools import combinations, groupby
from typing import Final, Literal, TypeAlias

from vidcost_xl.errors import VideoCostError
from vidcost_xl.model.bill import Bill, evaluate
from vidcost_xl.model.calendar import Calendar
from vidcost_xl.model.catalogue import REPRESENTATION, catalogue, entry_number, spec_key
from vidcost_xl.model.plan import MONTH_MARK, Plan, make_plan
from vidcost_xl.model.rate_keys import RATE_PREFIX
from vidcost_xl.model.values import Value
from vidcost_xl.prices.book import price_book

Kind: TypeAlias = Literal["input", "month", "rate", "representation", "account"]


class _Absent(Enum):
    ABSENT = "not given"


#: Stands for a value that one of the plans does not have.
ABSENT: Final = _Absent.ABSENT

PlanValue: TypeAlias = Value | _Absent

#: Decisions tried together in every choice of those that wait, such as the classes of two representations and their
#: route; of more, only all at once.
MOST_TRIED: Final = 3


@dataclass(frozen=True)
class Change:
    """One decision that differs.

    Parameters
    ----------
    key : str
        The input, with the months where it differs in some of them only: `train.experiments@2027-03..2027-06`.
    old, new : value
        `ABSENT` where a plan does not have it.
    pairs : tuple of (str, value)
        The keys that it changes.
    effect : float or None
        What it alone changes the old total by; None where it cannot be made alone.
    why : str
        Why it cannot.
    step : float or None
        What it changes the total by once those before it are decided, in a group for all of it at its last; None
        where the plan exists only with the next.
    """

    kind: Kind
    key: str
    label: str
    unit: str
    old: PlanValue
    new: PlanValue
    pairs: tuple[tuple[str, PlanValue], ...]
    effect: float | None = None
    why: str = ""
    step: float | None = None


@dataclass(frozen=True)
class Decisions:
    """What was decided differently, in money.

    Parameters
    ----------
    changes : tuple of Change
        In the order of their steps; those that only make a plan together stand together.
    together : float or None
        What those changes that cannot be made alone do on top of all others; None where there are none, or where
        the others cannot be made without them.
    remainder : float
        The change in total that no change makes alone: they act on each other.
    rest : float
        What is left of it after the last step; 0 but where the last decisions cannot be made in a plan at all.
    """

    changes: tuple[Change, ...]
    together: float | None
    remainder: float
    rest: float = 0.0


def changes_between(old: Plan, new: Plan) -> tuple[Change, ...]:
    """Inputs, single months, private rates and representations that differ.

    Returns
    -------
    tuple of Change
        Without effects; in the order of the catalogue, single months and rates last.
    """
    was, now = _flat(old), _flat(new)
    found = _representations(old, new)
    taken = {key for change in found for key, _ in change.pairs}
    for key in new.values:
        if key in old.values and key not in taken and old.values[key] != new.values[key]:
            spec = catalogue()[spec_key(key)]
            pair = ((key, new.values[key]),)
            label = _label(key, spec.label, new)
            found.append(Change("input", key, label, spec.unit, old.values[key], new.values[key], pair))
    for meter in sorted({*old.rates, *new.rates}):
        key = RATE_PREFIX + meter
        before, after = was.get(key, ABSENT), now.get(key, ABSENT)
        if before != after:
            found.append(Change("rate", key, *_rate_text(key), before, after, ((key, after),)))
    return (*found, *_months(old, new, was, now), *_accounts(old, new))


def decisions(old: Bill, new: Bill, *, converted: bool = True) -> Decisions:
    """The changes between two plans, each with what it alone does to the old total.

    Parameters
    ----------
    converted : bool
        Whether in the reporting currency.

    Returns
    -------
    Decisions
        Effects and remainder add up to the change in total, and so do steps and rest.
    """
    was = _flat(old.plan)
    start, end = _total(old, converted), _total(new, converted)
    changes = []
    listed, rest = _steps(old, was, changes_between(old.plan, new.plan), end, converted)
    for change in listed:
        try:
            effect = _total(evaluate(_applied(old.plan, was, change.pairs)), converted) - start
            changes.append(replace(change, effect=effect))
        except VideoCostError as error:
            changes.append(replace(change, why=error.message))
    explained = sum(change.effect or 0.0 for change in changes)
    together = None
    if any(change.effect is None for change in changes):
        others = [pair for change in changes if change.effect is not None for pair in change.pairs]
        try:
            together = end - _total(evaluate(_applied(old.plan, was, others)), converted)
        except VideoCostError:
            together = None
    return Decisions(tuple(changes), together, end - start - explained - (together or 0.0), rest)


def _steps(
    old: Bill, was: Mapping[str, Value], changes: Iterable[Change], end: float, converted: bool
) -> tuple[list[Change], float]:
    # One decision after the other, each on top of those before it. One that no plan can have yet waits until it
    # can stand alone, or for the first one that cannot either but makes a plan together with it.
    reached, found, waiting = _total(old, converted), list[Change](), list[Change]()
    refused = set[tuple[Change, ...]]()

    def possible() -> tuple[tuple[Change, ...], float] | None:
        for group in _groups(waiting):
            if group in refused:
                continue
            pairs = [pair for change in (*found, *group) for pair in change.pairs]
            try:
                return group, _total(evaluate(_applied(old.plan, was, pairs)), converted)
            except VideoCostError:
                refused.add(group)
        return None

    for change in changes:
        waiting.append(change)
        while made := possible():
            group, total = made
            found += [*group[:-1], replace(group[-1], step=total - reached)]
            waiting = [each for each in waiting if each not in group]
            reached = total
            refused.clear()
    return [*found, *waiting], end - reached


def _groups(waiting: Sequence[Change]) -> Iterator[tuple[Change, ...]]:
    # The smallest first, so that a decision joins no others than it needs.
    for size in range(1, min(MOST_TRIED, len(waiting)) + 1):
        yield from combinations(waiting, size)
    if len(waiting) > MOST_TRIED:
        yield tuple(waiting)


def _flat(plan: Plan) -> dict[str, Value]:
    labels = plan.calendar.labels
    flat: dict[str, Value] = dict(plan.values)
    flat |= {RATE_PREFIX + meter: rate for meter, rate in plan.rates.items()}
    return flat | {f"{key}{MONTH_MARK}{labels[at]}": value for (key, at), value in plan.monthly.items()}


def _applied(plan: Plan, flat: Mapping[str, Value], pairs: Iterable[tuple[str, PlanValue]]) -> Plan:
    values: dict[str, PlanValue] = {**flat, **dict(pairs)}
    kept = {key: value for key, value in values.items() if value is not ABSENT}
    return make_plan(kept.items(), {key: pair for key, pair in plan.ranges.items() if key in kept})


def _total(bill: Bill, converted: bool) -> float:
    total = bill.total[:, :1]
    return float((bill.reporting(total) if converted else total).sum())


def _representations(old: Plan, new: Plan) -> list[Change]:
    found = []
    more = new if new.representations > old.representations else old
    for n in range(min(old.representations, new.representations) + 1, more.representations + 1):
        mine = {key: value for key, value in more.values.items() if entry_number(key) == n}
        name = more.text(f"{REPRESENTATION}.{n}.name")
        is_new = more is new
        pairs: tuple[tuple[str, PlanValue], ...] = tuple(
            (key, value if is_new else ABSENT) for key, value in mine.items()
        )
        # Single months of it go and come with it.
        pairs += tuple(
            (key, ABSENT) for key in _flat(old) if not is_new and MONTH_MARK in key and entry_number(key) == n
        )
        before, after = (ABSENT, name) if is_new else (name, ABSENT)
        key = f"{REPRESENTATION}.{n}"
        found.append(Change("representation", key, "Representation", "name", before, after, pairs))
    return found


def _months(old: Plan, new: Plan, was: Mapping[str, Value], now: Mapping[str, Value]) -> list[Change]:
    names = dict.fromkeys(name for plan in (old, new) for name, _ in plan.monthly)
    starts = sorted({*old.calendar.starts, *new.calendar.starts})
    months = _every_month(starts[0], starts[-1])
    found = []
    for name in names:
        every = [(month, *(flat.get(f"{name}{MONTH_MARK}{month}", ABSENT) for flat in (was, now))) for month in months]
        for (before, after), run in groupby(every, key=lambda each: (each[1], each[2])):
            if before == after:
                continue
            run_months = [month for month, _, _ in run]
            pairs = tuple((f"{name}{MONTH_MARK}{month}", after) for month in run_months)
            span = run_months[0] if len(run_months) == 1 else f"{run_months[0]}..{run_months[-1]}"
            key = f"{name}{MONTH_MARK}{span}"
            if name.startswith(RATE_PREFIX):
                found.append(Change("month", key, *_rate_text(name), before, after, pairs))
            elif entry_number(name) is None or (name in old.values and name in new.values):
                spec = catalogue()[spec_key(name)]
                # A month that a plan does not single out has the value of the whole plan.
                values = [plan.values[name] if held is ABSENT else held for plan, held in ((old, before), (new, after))]
                label = _label(name, spec.label, new)
                found.append(Change("month", key, label, spec.unit, values[0], values[1], pairs))
    return found


def _label(key: str, label: str, plan: Plan) -> str:
    # As on Inputs and Drivers: of a representation with its name.
    n = entry_number(key)
    return label if n is None else f"{plan.text(f'{REPRESENTATION}.{n}.name')}: {label[0].lower()}{label[1:]}"


def _accounts(old: Plan, new: Plan) -> list[Change]:
    # They move no money, only where it is booked.
    found = []
    for line in dict.fromkeys([*old.accounts, *new.accounts]):
        before, after = (" / ".join(plan.accounts[line]) if line in plan.accounts else ABSENT for plan in (old, new))
        if before != after:
            key = f"account of {line}"
            found.append(Change("account", key, "GL account and cost centre of a line", "account", before, after, ()))
    return found


def _rate_text(key: str) -> tuple[str, str]:
    # Label and unit of a private rate.
    meter = price_book().meter(key.removeprefix(RATE_PREFIX))
    return f"Private rate, {meter.label}", f"{meter.currency} per {meter.billing_unit}"


def _every_month(first: date, last: date) -> list[str]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return Calendar(first, count).labels
