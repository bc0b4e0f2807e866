"""The part of README.md on cloud against own site: `own_against_cloud` prints it, `readme_parts` may write it."""

from __future__ import annotations

from vidcost_xl.analysis.breakeven import BASES, break_even_month, curves, flip
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.model.own import own_site, per_tb
from vidcost_xl.model.own_example import BUILDS, example_table

PLANS = ("article", "complete")
MONTHS_SHOWN = (1, 6, 7, 8, 12)


def _months(amounts) -> str:
    return " | ".join(f"{amounts[at - 1]:,.0f}" for at in MONTHS_SHOWN)


def own_against_cloud() -> str:
    """Both presets: the headline, then the cumulative costs behind it."""
    sites = {name: own_site(evaluate(preset(name))) for name in PLANS}
    rows = ["| Twelve months, US dollars | article | complete |", "|---|---:|---:|"]

    def line(label, figure) -> None:
        rows.append(f"| {label} | " + " | ".join(figure(name) for name in PLANS) + " |")

    line("The plan in the cloud", lambda name: f"{sites[name].months('cloud').sum():,.0f}")
    line("The plan with an own site, cash", lambda name: f"{sites[name].months('cash').sum():,.0f}")
    line("of it the cloud until the move", lambda name: f"{sites[name].months('bridge').sum():,.0f}")
    line("of it the commitment that binds after it", lambda name: f"{sites[name].months('committed').sum():,.0f}")
    line("of it the move out", lambda name: f"{sites[name].months('migration').sum():,.0f}")
    line("of it hardware", lambda name: f"{sites[name].months('capex_paid').sum():,.0f}")
    line("of it the same on both sides", lambda name: f"{sites[name].months('stays').sum():,.0f}")
    line("The site, a month", lambda name: f"{sites[name].months('site_cost')[-1]:,.0f}")
    line("The site, a TB and month", lambda name: f"{per_tb(sites[name]):.2f}")
    for basis in BASES:
        line(f"**Break-even month, {basis}**", lambda name, basis=basis: f"**{_month(sites[name], basis)}**")
    line("Passes a month above which the own site is cheaper, cash", _flip)
    line("GB lost a year, drives failing independently", lambda name: f"{sites[name].months('loss_gb')[-1]:.3f}")
    heads = " | ".join(f"month {at}" for at in MONTHS_SHOWN)
    rows += ["", f"| Cumulative cash | {heads} |", "|---|" + "---:|" * len(MONTHS_SHOWN)]
    for name, site in sites.items():
        rows.append(f"| {name}, cloud | {_months(site.months('cloud_sum'))} |")
        rows.append(f"| {name}, own site | {_months(site.months('cash_sum'))} |")
    return "\n".join(rows)


def public_build() -> str:
    """The public build of 30 PB: published, at its prices of 2025, and today."""
    rows = [
        "| 28.8 PB raw, no redundancy, no staff | published | " + " | ".join(label for label, _, _ in BUILDS) + " |"
    ]
    rows.append("|---|" + "---:|" * (len(BUILDS) + 1))
    for label, *figures in example_table()[1:]:
        rows.append(f"| {label} | " + " | ".join(_figure(label, value) for value in figures) + " |")
    return "\n".join(rows)


def _figure(label: str, value: float | str) -> str:
    if isinstance(value, str):
        return value
    if label.startswith("Difference"):
        return f"{value:+.1%}"
    return f"{value:.2f}" if "TB-month" in label else f"{value:,.0f}"


def _month(site, basis) -> str:
    found = curves(site, basis)
    month = break_even_month(found.cloud[:, 0], found.own[:, 0])
    return "none" if month is None else str(month)


def _flip(name) -> str:
    found = flip(preset(name), "passes", "cash")
    return "always" if found.value is None and found.below > 0 else f"{found.value:.2f}"


if __name__ == "__main__":
    print(own_against_cloud())
    print()
    print(public_build())
