"""The generated parts of README.md: run `python tests/readme_parts.py` to write them; a test keeps them true."""

from __future__ import annotations

import re
from pathlib import Path

from vidcost_xl.functions.reference import reference
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.model.ledger import by_group
from vidcost_xl.model.lines import STAGES

README = Path(__file__).parents[1] / "README.md"

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


PARTS = {"bill": bill, "left-out": left_out, "functions": lambda: reference(markdown=True)}


def filled(text: str) -> str:
    for name, part in PARTS.items():
        pattern = rf"(<!-- {name}:start -->\n).*?(<!-- {name}:end -->)"
        body = part()
        opening, closing = re.search(pattern, text, flags=re.DOTALL).groups()
        start, end = text.index(opening), text.index(closing)
        text = f"{text[:start]}{opening}{body}\n{text[end:]}"
    return text


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
