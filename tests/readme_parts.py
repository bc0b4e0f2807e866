"""The generated parts of the READMEs: run `python tests/readme_parts.py` to write them; a test keeps them true."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import fill

from vidcost_xl.analysis.breakeven import BASES, break_even_month, curves, flip
from vidcost_xl.analysis.decision import Wanted, decide
from vidcost_xl.analysis.decision_sentences import sentences
from vidcost_xl.functions.decide import VIDEO_AFFORD, VIDEO_COMPARE, VIDEO_SENSITIVITY
from vidcost_xl.functions.mix import VIDEO_MIX
from vidcost_xl.functions.reference import reference
from vidcost_xl.functions.risk import VIDEO_RISK
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.blocks.cache import HITS
from vidcost_xl.model.files import preset
from vidcost_xl.model.ledger import by_group
from vidcost_xl.model.lines import STAGES
from vidcost_xl.model.own import own_site, per_tb
from vidcost_xl.model.own_example import BUILDS, example_table

ROOT = Path(__file__).parents[1]
FILES = sorted([ROOT / "README.md", *(ROOT / "vidcost_xl").rglob("README.md")])

#: What the article leaves out: a label, and the inputs that put it back on top of the article's plan.
LEFT_OUT = [
    ("Latents of Wan 2.1 at 720p instead of features as large as the video", LATENTS := (
        ("representation.2.kind", "latent"),
        ("representation.2.vae", "wan2.1"),
        ("representation.2.width", 1280),
        ("representation.2.height", 720),
        ("representation.2.frames", 121),
    )),
    ("A second version of the features kept alive", (("representation.2.versions", 2),)),
    ("Fetching the videos behind a NAT gateway", (
        ("dataset.opening", 0), ("acquire.on", "yes"), ("acquire.route", "aws.nat"),
    )),
    ("Fetching them through proxies at $0.89 a GB", (
        ("dataset.opening", 0), ("acquire.on", "yes"), ("acquire.proxy_share", 1),
    )),
    ("Encoding them once, at $1 a GPU hour", (("dataset.opening", 0), ("encode.on", "yes"))),
    ("Checkpoints of 300 billion parameters, 30 kept", (("checkpoint.on", "yes"),)),
    ("AWS Enterprise Support", (("commercial.support", "aws.support.enterprise"),)),
    ("Leaving AWS in month 12 at list price, one month run twice", (("exit.month", 12), ("exit.double_run_months", 1))),
    ("A copy beside the GPUs, filled once and read free", (("staging.on", "yes"),)),
    ("Training inside the region instead", (("train.route", "aws.same-region"),)),
]  # fmt: skip


def bill() -> str:
    plans = {name: evaluate(preset(name)) for name in ("article", "complete")}
    groups = {name: by_group(plan, "stage") for name, plan in plans.items()}
    rows = ["| Stage | article | complete | left out by the article |", "|---|---:|---:|---:|"]
    for stage in STAGES:
        amounts = [float(groups[name][stage].sum()) if stage in groups[name] else 0.0 for name in plans]
        if any(amounts):
            rows.append(f"| {stage} | {amounts[0]:,.0f} | {amounts[1]:,.0f} | {amounts[1] - amounts[0]:,.0f} |")
    totals = [float(plan.total.sum()) for plan in plans.values()]
    rows.append(f"| **total** | **{totals[0]:,.0f}** | **{totals[1]:,.0f}** | **{totals[1] - totals[0]:,.0f}** |")
    return "\n".join(rows)


def left_out() -> str:
    article = preset("article")
    base = float(evaluate(article).total.sum())
    rows = ["| On top of the article's plan | changes the bill by |", "|---|---:|"]
    for label, overrides in LEFT_OUT:
        change = float(evaluate(article.with_overrides(overrides)).total.sum()) - base
        rows.append(f"| {label} | {change:+,.0f} |")
    return "\n".join(rows)


#: Sizes of a cache in TB, of a set of 5,000.
CACHES = (500, 1_000, 2_500, 4_000, 4_999, 5_000)


def cached() -> str:
    article = preset("article")
    base = evaluate(article).whole
    rows = ["| Cache, TB | " + " | ".join(HITS) + " |", "|---:|" + "---:|" * len(HITS)]
    for size in CACHES:
        plans = [article.with_overrides([("cache.tb", size), ("cache.policy", policy)]) for policy in HITS]
        rows.append(f"| {size:,} | " + " | ".join(f"{evaluate(plan).whole - base:+,.0f}" for plan in plans) + " |")
    return "\n".join(rows)


#: Cloud against own site: both presets, and the months of the cumulative costs shown.
OWN_PLANS = {
    "article": preset("article"),
    "the same, trained in the region": preset("article").with_overrides([("train.route", "aws.same-region")]),
    "complete": preset("complete"),
}
MONTHS_SHOWN = (1, 6, 7, 8, 12)


def _own_months(amounts) -> str:
    return " | ".join(f"{amounts[at - 1]:,.0f}" for at in MONTHS_SHOWN)


def own_against_cloud() -> str:
    """Both presets: the headline, then the cumulative costs behind it."""
    sites = {name: own_site(evaluate(plan)) for name, plan in OWN_PLANS.items()}
    rows = ["| Twelve months, US dollars | " + " | ".join(OWN_PLANS) + " |", "|---|" + "---:|" * len(OWN_PLANS)]

    def line(label, figure) -> None:
        rows.append(f"| {label} | " + " | ".join(figure(name) for name in OWN_PLANS) + " |")

    line("The plan in the cloud", lambda name: f"{sites[name].months('cloud').sum():,.0f}")
    line("The plan with an own site, cash", lambda name: f"{sites[name].months('cash').sum():,.0f}")
    line("of it the cloud until the move", lambda name: f"{sites[name].months('bridge').sum():,.0f}")
    line("of it the commitment that binds after it", lambda name: f"{sites[name].months('committed').sum():,.0f}")
    line("of it the move out", lambda name: f"{sites[name].months('migration').sum():,.0f}")
    line("of it reading the data to move them", lambda name: f"{sites[name].months('readout').sum():,.0f}")
    line("of it hardware", lambda name: f"{sites[name].months('capex_paid').sum():,.0f}")
    line("of it the same on both sides", lambda name: f"{sites[name].months('stays').sum():,.0f}")
    line("The site, a month", lambda name: f"{sites[name].months('site_cost')[-1]:,.0f}")
    line("The site, a TB and month", lambda name: f"{per_tb(sites[name]):.2f}")
    for basis in BASES:
        line(f"**Break-even month, {basis}**", lambda name, basis=basis: f"**{_own_month(sites[name], basis)}**")
    line("Passes a month at which the own site is cheaper, cash", _own_flip)
    line("GB lost a year, drives failing independently", lambda name: f"{sites[name].months('loss_gb')[-1]:.3f}")
    heads = " | ".join(f"month {at}" for at in MONTHS_SHOWN)
    rows += ["", f"| Cumulative cash | {heads} |", "|---|" + "---:|" * len(MONTHS_SHOWN)]
    for name, site in sites.items():
        rows.append(f"| {name}, cloud | {_own_months(site.months('cloud_sum'))} |")
        rows.append(f"| {name}, own site | {_own_months(site.months('cash_sum'))} |")
    return "\n".join(rows)


def public_build() -> str:
    """The public build of 30 PB: published, at its prices of 2025, and today."""
    rows = [
        "| 28.8 PB raw, no redundancy, no staff | published | " + " | ".join(label for label, _, _ in BUILDS) + " |"
    ]
    rows.append("|---|" + "---:|" * (len(BUILDS) + 1))
    for label, *figures in example_table()[1:]:
        rows.append(f"| {label} | " + " | ".join(_build_figure(label, value) for value in figures) + " |")
    return "\n".join(rows)


def _build_figure(label: str, value: float | str) -> str:
    if isinstance(value, str):
        return value
    if label.startswith("Difference"):
        return f"{value:+.1%}"
    return f"{value:.2f}" if "TB-month" in label else f"{value:,.0f}"


def _own_month(site, basis) -> str:
    found = curves(site, basis)
    month = break_even_month(found.cloud[:, 0], found.own[:, 0])
    return "none" if month is None else str(month)


def _own_flip(name) -> str:
    found = flip(OWN_PLANS[name], "passes", "cash")
    if found.value is None:
        return "at any number" if found.below > 0 else "at none"
    return f"{'above' if found.above > 0 else 'below'} {found.value:.2f}"


def questions() -> str:
    """Questions of an infrastructure lead, and what each formula answers."""
    places = VIDEO_COMPARE()
    first, second = (f"{row[3]} over {row[4]}, {row[5]:,.2f} a month" for row in places[2:4])
    beside = VIDEO_COMPARE(None, "aws,gcp,azure", None, "monthly", "regions")[2:5]
    regions = [f"{row[1]} {row[2]}, {row[5]:,.2f} a month" for row in beside]
    most, _, step, dearer = (row[1] for row in VIDEO_AFFORD(500_000)[1:5])
    drawn = [["*", "fixed", "", ""], ["dataset.mb_per_video", "pert", 3, 8], ["train.experiments", "pert", 5, 15]]
    risk = {row[0]: row[1] for row in VIDEO_RISK(None, 16_384, 1, "monthly", None, drawn)}
    strongest = [f"{row[1]}, {row[6]:,.0f} to {row[7]:,.0f}" for row in VIDEO_SENSITIVITY()[1:4]]
    mixed = {row[0]: row[1] for row in VIDEO_MIX()}
    answers = [
        ("Where is it cheapest?", "=VIDEO_COMPARE()", f"{first}; then {second}"),
        ("Which region of three clouds?", '=VIDEO_COMPARE(,"aws,gcp,azure",,,"regions")', "; then ".join(regions)),
        (
            "And where, if each may lie elsewhere?",
            "=VIDEO_MIX()",
            f"raw on {mixed['raw']}, features on {mixed['features']}: {mixed['An average month']:,.2f} a month",
        ),
        (
            "How many passes fit 500,000 a month?",
            "=VIDEO_AFFORD(500000)",
            f"{most:.4f}; {step:.0f} would cost {dearer:,.2f}",
        ),
        (
            "How sure is it, for 3 to 8 MB and 5 to 15 passes?",
            '=VIDEO_RISK(,16384,,,,{"*","fixed","","";"dataset.mb_per_video","pert",3,8;"train.experiments","pert",5,15})',
            f"P10 {risk['P10']:,.0f}, P50 {risk['P50']:,.0f}, P90 {risk['P90']:,.0f} a month",
        ),
        ("What moves it most?", "=VIDEO_SENSITIVITY()", "; ".join(strongest)),
    ]
    rows = ["| Question about the article's plan | Formula | Answer, US dollars |", "|---|---|---|"]
    return "\n".join([*rows, *(f"| {asked} | `{formula}` | {answer} |" for asked, formula, answer in answers)])


def decision() -> str:
    """The same on one page: its sentences, as the command prints them."""
    found = decide(preset("article"), Wanted(budget=3e6, draws=1_024))
    said = [fill(each, 116, initial_indent="- ", subsequent_indent="  ") for each in sentences(found)]
    return "\n".join(["```text", "$ vidcost decide article --budget 3000000 --draws 1024", *said, "...", "```"])


PARTS = {
    "questions": questions,
    "decision": decision,
    "bill": bill,
    "left-out": left_out,
    "cached": cached,
    "own": own_against_cloud,
    "build": public_build,
    "functions": lambda: reference(markdown=True),
}


def parts_of(text: str) -> list[str]:
    return re.findall(r"<!-- ([a-z-]+):start -->", text)


def filled(text: str) -> str:
    """The text with each of its generated parts as the code gives it now."""
    for name in parts_of(text):
        opening, closing = f"<!-- {name}:start -->\n", f"<!-- {name}:end -->"
        before, rest = text.split(opening)
        text = f"{before}{opening}{PARTS[name]()}\n{closing}{rest.split(closing)[1]}"
    return text


if __name__ == "__main__":
    for path in FILES:
        path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
