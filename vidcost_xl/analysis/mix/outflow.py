"""What leaves along the routes of a mix: policies, free egress that grows with the bytes stored, and ports."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.analysis.mix.amounts import stage_counts
from vidcost_xl.analysis.mix.formulation import Formulation, chosen_amount
from vidcost_xl.analysis.mix.options import Option
from vidcost_xl.analysis.mix.parts import Parts, Ports, hours_billed, ports_of, ways_to_encoders
from vidcost_xl.analysis.mix.programme import Sum, sum_of
from vidcost_xl.analysis.mix.spots import encode_way
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.blocks.allowance import free_times
from vidcost_xl.model.blocks.common import raw_of
from vidcost_xl.model.blocks.reading import ENCODE_WAY
from vidcost_xl.model.blocks.representation import is_read
from vidcost_xl.model.charges import ALL
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import provider_of
from vidcost_xl.units import BYTES_PER_TB


def where(made: Formulation, test: Callable[[int, Option], bool]) -> list[tuple[int, int]]:
    """Representations and numbers of their options that pass a test."""
    every = made.problem.options.items()
    return [(n, at) for n, options in every for at, option in enumerate(options) if test(n, option)]


def _along(made: Formulation, plan: Plan, route: str) -> list[tuple[int, int]]:
    return where(made, lambda n, option: is_read(plan, n) and option.spot.named(option.spot.route) == route)


def _leaving(made: Formulation, parts: Parts, month: int, route: str) -> Sum:
    # Terabytes that training and the copy read along a route.
    taken = _along(made, parts.plan, route)
    return sum_of((chosen_amount(made, n, at, parts.leaving[n][:, month]), 1.0 / BYTES_PER_TB) for n, at in taken)


def _encoders(made: Formulation, parts: Parts, month: int, route: str) -> Sum:
    # Terabytes that encoders read along a route, of raw videos wherever they are.
    plan, raw, read = parts.plan, raw_of(parts.plan), float(parts.encoded[month]) / BYTES_PER_TB
    if not read:
        return Sum()
    if not raw:
        return Sum(constant=read if plan.text(ENCODE_WAY) == route else 0.0)
    mine = where(made, lambda n, option: n == raw and encode_way(plan, option.spot) == route)
    return Sum({made.place[n][at]: read for n, at in mine})


def _stored(made: Formulation, parts: Parts, month: int, place: str) -> Sum:
    there = where(made, lambda _, option: option.spot.place == place)
    return Sum({made.place[n][at]: float(parts.stored[n][month]) / BYTES_PER_TB for n, at in there})


def _routes(made: Formulation, plan: Plan) -> list[str]:
    # Those that something may be read along, each in its region.
    every = [option.spot for n, options in made.problem.options.items() if is_read(plan, n) for option in options]
    return list(dict.fromkeys(spot.named(spot.route) for spot in every))


def free_egress(made: Formulation, parts: Parts, at: NDArray[np.intp]) -> dict[str, list[tuple[Sum, float]]]:
    """Bill what leaves beyond so many times what is stored, or refuse it where it has no price.

    Returns
    -------
    dict of str to list of (Sum, float)
        By meter, the billing units of each month, and the most of them.

    Raises
    ------
    BadArgumentError
        Where training and encoders share what is billed, and one of the two counts towards the commitment.
    """
    book = price_book()
    found: dict[str, list[tuple[Sum, float]]] = {}
    spots = {n: [option.spot for option in options] for n, options in made.problem.options.items()}
    for name in dict.fromkeys([*_routes(made, parts.plan), *ways_to_encoders(parts, spots)]):
        route = book.route("egress", name)
        times, priced = route.free_egress_times_stored, free_times(name)
        if times is None:
            continue
        for month, original in enumerate(at):
            trained, encoded = _leaving(made, parts, original, name), _encoders(made, parts, original, name)
            leaving = sum_of([(trained, 1.0), (encoded, 1.0)])
            free = _stored(made, parts, original, book.place_of(name))
            if priced is None:
                # A plan without raw videos has its encoders read there whatever is chosen: that is held against what
                # is stored there, where anything is.
                fixed = [Sum({flag: encoded.constant}) for flag in free.terms] if encoded.constant else [encoded]
                for read in fixed:
                    made.programme.keep(sum_of([(trained, 1.0), (read, 1.0), (free, -times)]), most=0.0)
                continue
            _check_stages(made, parts.plan, name, encoded)
            most = sum(float(parts.leaving[n][:, original].max()) for n in parts.leaving)
            most = (most + float(parts.encoded[original])) / BYTES_PER_TB
            billed = made.programme.variable()  # of the most
            scale = 1.0 / max(most, 1.0)
            short = sum_of([(leaving, scale), (free, -times * scale), (Sum({billed: 1.0}), -1.0)])
            made.programme.keep(short, most=0.0)
            for leg in route.legs:
                units = leg.times * BYTES_PER_TB / book.meter(leg.meter).unit_size
                found.setdefault(leg.meter, [(Sum(), 0.0) for _ in at])
                before, top = found[leg.meter][month]
                found[leg.meter][month] = before.plus(billed, max(most, 1.0) * units), top + most * units
    return found


def _check_stages(made: Formulation, plan: Plan, route: str, encoded: Sum) -> None:
    # The share beyond is one of all that leaves: which lines it falls to would be a product of two choices.
    to_it = made.problem.promised.any() and made.problem.committed in {ALL, provider_of(route)}
    differ = stage_counts(plan, "train") != stage_counts(plan, "encode")
    if to_it and differ and (encoded.terms or encoded.constant):
        raise BadArgumentError(
            f"{route} bills what encoders read together with training reads, and commercial.commitment_stages has one "
            "of the two: a mix cannot share out what is beyond a free egress. Write all, or leave the commitment out."
        )


def port_hours(
    made: Formulation, parts: Parts, at: NDArray[np.intp]
) -> tuple[dict[str, int], dict[str, list[tuple[Sum, float]]]]:
    """As many ports as carry the busiest month: their numbers, and the hours; a plan has ports of one meter."""
    programme, plan = made.programme, parts.plan
    ways: dict[str, dict[str, Ports]] = {}
    for name in _routes(made, plan):
        if port := ports_of(parts, name):
            ways.setdefault(port.meter, {})[name] = port
    tops = {meter: max(port.most for port in same.values()) for meter, same in ways.items()}
    count = {meter: programme.variable(0.0, top, whole=True) for meter, top in tops.items()}
    for meter, same in ways.items():
        for month in at:
            each = ((_leaving(made, parts, month, name), BYTES_PER_TB / port.each) for name, port in same.items())
            programme.keep(sum_of(each).plus(count[meter], -1.0), most=0.0)
        # A port for a few gigabytes is less than the solver tells from none.
        for n, option in (each for name in same for each in _along(made, plan, name)):
            any_left = chosen_amount(made, n, option, np.sign(parts.leaving[n].max(axis=1)))
            programme.keep(any_left.plus(count[meter], -1.0), most=0.0)
    if len(count) > 1:
        flags = {meter: programme.flag() for meter in count}
        for meter, flag in flags.items():
            programme.keep(Sum({count[meter]: 1.0, flag: -tops[meter]}), most=0.0)
        programme.keep(Sum(dict.fromkeys(flags.values(), 1.0)), most=1.0)
    hours = {meter: hours_billed(meter) for meter in count}
    billed = {meter: [(Sum({count[meter]: each}), tops[meter] * each) for _ in at] for meter, each in hours.items()}
    return count, billed
