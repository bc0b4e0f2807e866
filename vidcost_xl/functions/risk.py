"""Decide: how sure the bill is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.functions.arguments import read_number, read_text
from vidcost_xl.functions.plans import OUTPUT_HELP, SHARED, read_plan
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.tables import cell_rows
from vidcost_xl.functions.values import default_text, is_range, is_stated

if TYPE_CHECKING:  # the model is loaded by the first call that needs it, not by registering the functions
    from vidcost_xl.analysis.risk import Asked, Risk

Table = list[list[Any]]

#: Of a seed: what a cell holds exactly.
MOST_SEED: Final = 2**53


@excel_function(
    "Decide",
    "How sure the bill is: inputs drawn between low and high, P10, P50, P90, what each has of the spread. Spills. It "
    "needs SciPy.",
    helps={
        **SHARED,
        "draws": "How many plans are priced; rounded up to a power of two.",
        "seed": "The same number gives the same draws.",
        "output": OUTPUT_HELP,
        "distributions": "How inputs fall: columns key; pert (the usual one), triangular, uniform, lognormal, discrete "
        "or fixed; and, where they are not the plan's, low and high. The key * is every other input.",
        "correlations": "Rank correlations: three columns, key, key and a number from -1 to 1.",
        "budget": "The chance to exceed it is added. Left out: none.",
    },
    kinds={"distributions": "table", "correlations": "table"},
)
def VIDEO_RISK(
    inputs: object = None,
    draws: object = 10_000.0,
    seed: object = 1.0,
    output: object = default_text("monthly"),
    overrides: object = None,
    distributions: object = None,
    correlations: object = None,
    budget: object = None,
) -> Table:
    """The distribution of the bill.

    Parameters
    ----------
    inputs : range or str, optional
        Its columns low and high bound each input; the value is the most likely one.
    draws, seed : int
    output : str
        As `what` of VIDEO_TOTAL.
    overrides : range, optional
    distributions : range, optional
        Key; "pert", "triangular", "uniform", "lognormal", "discrete" or "fixed"; low and high. The key `*` is every
        other input.
    correlations : range, optional
        Key, key and a rank correlation.
    budget : float, optional

    Returns
    -------
    list of rows
        Measure, value, standard error, unit, note: mean, P10, P50, P90, the chance to exceed the budget, and the share
        of the variance of each input, alone and together with others. Last, what was not drawn and why.

    Notes
    -----
    Scrambled Sobol points, in four replicates; see `analysis.risk` for the methods and their sources.

    Examples
    --------
    >>> [row[0] for row in VIDEO_RISK(draws=256)[1:6]]
    ['As planned', 'Mean', 'P10', 'P50', 'P90']
    """
    from vidcost_xl.analysis.remembered import remembered
    from vidcost_xl.analysis.risk import MOST_DRAWS, Asked, risk

    plan = read_plan(inputs, overrides)
    shapes, ranges = _distributions(distributions)
    plan = replace(plan, ranges={**plan.ranges, **ranges})
    asked = Asked(
        read_text(output, "output").strip(),
        int(read_number(draws, "draws", 1, MOST_DRAWS, whole=True)),
        int(read_number(seed, "seed", 0, MOST_SEED, whole=True)),
        shapes,
        _correlations(correlations),
        read_number(budget, "budget", 0) if is_stated(budget) else None,
    )
    found = remembered(lambda: risk(plan, asked), plan, asked)
    return _risk_rows(found, asked, plan.text("money.currency"))


def _distributions(given: object) -> tuple[dict[str, str], dict[str, tuple[float, float]]]:
    name, shapes, ranges = "distributions", {}, {}
    for key_cell, shape, *ends in _columns(given, name, ("key", "distribution", "low", "high"), least=2):
        key = read_text(key_cell, f"{name}: key").strip()
        shapes[key] = read_text(shape, f"{name}: distribution").strip().casefold()
        if any(end not in {None, ""} for end in ends):
            if len(ends) != len(("low", "high")):
                raise BadArgumentError(f"{name}: {key} has a low without a high.")
            low, high = (read_number(end, f"{name}: {key}") for end in ends)
            if low > high:
                raise BadArgumentError(f"{name}: {key}: low {low:g} is above high {high:g}.")
            ranges[key] = (low, high)
    return shapes, ranges


def _correlations(given: object) -> dict[tuple[str, str], float]:
    name = "correlations"
    return {
        (read_text(one, name).strip(), read_text(other, name).strip()): read_number(rank, name, -1, 1)
        for one, other, rank in _columns(given, name, ("key", "with", "rank"))
    }


def _columns(given: object, name: str, heads: tuple[str, ...], least: int = 0) -> list[list[Any]]:
    if not is_stated(given) or given is None:
        return []
    if not is_range(given):
        raise BadArgumentError(f"{name} is a range of {len(heads)} columns: {', '.join(heads)}.")
    rows = [row for row in cell_rows(given, name, heads) if any(cell not in {None, ""} for cell in row)]
    if rows and str(rows[0][0]).strip().casefold() == heads[0]:
        rows = rows[1:]
    for row in rows:
        if not (least or len(heads)) <= len(row) <= len(heads):
            raise BadArgumentError(f"{name} has the columns {', '.join(heads)}; a row has {len(row)}.")
    return rows


def _risk_rows(found: Risk, asked: Asked, money: str) -> Table:
    from vidcost_xl.analysis.draws import REPLICATES

    rows: Table = [["measure", "value", "error", "unit", "note"], ["As planned", found.base, 0.0, money, asked.what]]
    rows.append(["Mean", found.mean.value, found.mean.error, money, ""])
    rows += [[f"P{percent}", each.value, each.error, money, ""] for percent, each in found.quantiles.items()]
    rows.append(["Standard deviation", found.deviation.value, found.deviation.error, money, ""])
    if found.above is not None:
        rows.append([f"Chance above {asked.budget:,.2f}", found.above.value, found.above.error, "share", money])
    rounded = "" if found.draws == asked.draws else f"; {asked.draws:,} were asked for, rounded up to a power of two"
    rows.append(
        ["Draws", float(found.draws), 0.0, "plans", f"each of {REPLICATES} times, otherwise scrambled{rounded}"]
    )
    if not found.shares:
        rows[-1][-1] = "no input with a range moves it"
    kind = "share of the variance, with others" if found.are_indices else "squared coefficient of ranks"
    for share in found.shares:
        note = f"{share.of.shape} {share.of.low:g} to {share.of.high:g}"
        note += f"; alone {share.first.value:.3f}" if found.are_indices else ""
        note += "; the range is an assumption" if share.of.is_assumed else ""
        rows.append([share.of.key, share.total.value, share.total.error, kind, note])
    if found.shares:
        note = "of what the rows above explain" if found.are_indices else "inputs are correlated: no split is exact"
        rows.append(["On ranges that are assumptions", found.assumed, 0.0, "share", note])
    rows += [[key, "", "", "not drawn", why] for key, why in found.held.items()]
    return rows
