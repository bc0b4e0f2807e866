"""Representations: raw video, features, text embeddings; their bytes, objects, versions and reads."""

from __future__ import annotations

import numpy as np

from vidcost_xl.facts.book import fact_book
from vidcost_xl.facts.latents import latent_bytes, text_feature_bytes
from vidcost_xl.model.blocks.common import BYTES_PER_MB, DAYS_PER_MONTH, numbers, prefix
from vidcost_xl.model.blocks.dataset import corkscrew
from vidcost_xl.model.growth import running_sum
from vidcost_xl.model.lines import Array, Rows, State, Volume, ratio, shifted
from vidcost_xl.model.plan import Plan
from vidcost_xl.units import BYTES_PER_TB


def representation_rows(plan: Plan) -> Rows:
    """Volumes of every representation."""
    shared = tuple(prefix(n) + "videos." for n in numbers(plan) if not plan.integer(prefix(n) + "retention_months"))
    return Rows(tuple(row for row in representation_volumes(plan) if not row.id.startswith(shared)), ())


def representation_volumes(plan: Plan) -> list[Volume]:
    """Every volume of the block."""
    volumes = [
        Volume(
            "train.passes_made",
            "Passes over the data",
            "passes per month",
            ("train.experiments", "train.passes", "train.share"),
            lambda state: state["train.experiments"] * state["train.passes"] * state["train.share"],
        )
    ]
    for n in numbers(plan):
        volumes += _sizes(plan, n) + _stock(plan, n) + _versions(plan, n) + _classes(plan, n)
    return volumes


def stock_of(plan: Plan, n: int) -> str:
    """Start of the ids of the videos that the n-th representation is kept of."""
    return prefix(n) + "videos" if plan.integer(prefix(n) + "retention_months") else "dataset"


def _stock(plan: Plan, n: int) -> list[Volume]:
    # Without a retention of its own its videos are those of the data set.
    p, name = prefix(n), plan.text(prefix(n) + "name")
    return corkscrew(p + "videos", name, "videos", "dataset.target", "dataset.opening", months_kept(plan, n))


def version_changes(plan: Plan, n: int) -> Array:
    """1 in the months in which a new version is made, as a column; never in the first month."""
    every = plan.integer(prefix(n) + "version_months")
    month = np.arange(plan.integer("calendar.months"))
    return np.where((month > 0) & (month % every == 0), 1.0, 0.0)[:, np.newaxis] if every else np.zeros((len(month), 1))


def is_read(plan: Plan, n: int) -> bool:
    """Whether training reads the n-th representation in any month or draw."""
    return plan.is_used(prefix(n) + "read_share")


def is_encoded(plan: Plan, n: int) -> bool:
    """Whether encoders make the n-th representation out of the videos."""
    return plan.is_on("encode.on") and plan.text(prefix(n) + "kind") in {"latent", "ratio"}


def months_kept(plan: Plan, n: int) -> int:
    """Months after which videos leave the n-th representation; 0 for never."""
    own, whole = plan.integer(prefix(n) + "retention_months"), plan.integer("dataset.retention_months")
    return min(own, whole) if own and whole else own or whole


def _sizes(plan: Plan, n: int) -> list[Volume]:
    p, name, kind = prefix(n), plan.text(prefix(n) + "name"), plan.text(prefix(n) + "kind")
    if kind in {"raw", "ratio"}:
        needed: tuple[str, ...] = (p + "ratio", "dataset.bytes_each")

        def of_kind(state: State) -> Array:
            return state[p + "ratio"] * state["dataset.bytes_each"]

    else:
        clip = _clip_bytes(plan, n)
        needed = ("dataset.clips_per_video",)

        def of_kind(state: State) -> Array:
            return state["dataset.clips_per_video"] * clip

    given = plan.is_used(p + "amount")

    def each(state: State) -> Array:
        if not given:
            return of_kind(state)
        # The videos of a complete data set make up the amount.
        whole = state[p + "amount"] * BYTES_PER_TB
        return np.where(whole > 0, ratio(whole, state["dataset.kept"]), of_kind(state))

    def object_bytes(state: State) -> Array:
        size = state[p + "object_mb"] * BYTES_PER_MB
        return np.where(size > 0, size, state[p + "bytes_each"])

    each_needs = (*needed, p + "amount", "dataset.kept") if given else needed
    return [
        Volume(p + "bytes_each", f"{name}: bytes for a video", "bytes per video", each_needs, each),
        Volume(
            p + "object_bytes",
            f"{name}: bytes of an object",
            "bytes",
            (p + "object_mb", p + "bytes_each"),
            object_bytes,
        ),
    ]


def _clip_bytes(plan: Plan, n: int) -> float:
    p = prefix(n)
    if plan.text(p + "kind") == "latent":
        picture = (plan.integer(p + "width"), plan.integer(p + "height"), plan.integer(p + "frames"))
        return float(latent_bytes(fact_book().vae(plan.text(p + "vae")), *picture, plan.text(p + "dtype")))
    encoder = fact_book().text_encoder(plan.text(p + "encoder"))
    return float(text_feature_bytes(encoder, plan.integer(p + "tokens") or None, plan.text(p + "dtype")))


def _versions(plan: Plan, n: int) -> list[Volume]:
    p, name, stock = prefix(n), plan.text(prefix(n) + "name"), stock_of(plan, n)
    changes = version_changes(plan, n)
    overlap = plan.number(p + "overlap_days") / DAYS_PER_MONTH
    # A version replaced in a month stays for `overlap` months from then on.
    staying = np.clip(overlap - np.arange(len(changes)), 0.0, 1.0)
    overlapping = running_sum(changes, staying)

    def one_copy(state: State) -> Array:
        return state[f"{stock}.closing"] * state[p + "bytes_each"]

    def copies(state: State) -> Array:
        return state["dataset.copies"] * state[p + "copies"]

    grows = any(key == p + "versions" for key, _ in plan.monthly)

    def again(state: State) -> Array:
        if not grows:
            return changes
        live = state.monthly(p + "versions")  # one version more is made of all videos
        result: Array = changes + np.maximum(live - np.concatenate([live[:1], live[:-1]]), 0.0)
        return result

    def made(state: State) -> Array:
        return (
            state[f"{stock}.additions"] * state[p + "versions"] + state[p + "again"] * state[f"{stock}.opening_balance"]
        )

    return [
        Volume(
            p + "one_copy",
            f"{name}: one copy of one version",
            "bytes",
            (f"{stock}.closing", p + "bytes_each"),
            one_copy,
        ),
        Volume(p + "all_copies", f"{name}: copies", "copies", ("dataset.copies", p + "copies"), copies),
        Volume(
            p + "live",
            f"{name}: versions live",
            "bytes",
            (p + "one_copy", p + "all_copies", p + "versions"),
            lambda state: state[p + "one_copy"] * state[p + "all_copies"] * state[p + "versions"],
        ),
        Volume(
            p + "overlap",
            f"{name}: old version kept beside the new",
            "byte-months",
            (p + "one_copy", p + "all_copies"),
            lambda state: state[p + "one_copy"] * state[p + "all_copies"] * overlapping,
        ),
        Volume(
            p + "stored",
            f"{name}: bytes stored",
            "byte-months",
            (p + "live", p + "overlap"),
            lambda state: state[p + "live"] + state[p + "overlap"],
        ),
        Volume(
            p + "again",
            f"{name}: versions made of the videos in place",
            "versions",
            (p + "versions",) if grows else (),
            again,
        ),
        Volume(
            p + "made",
            f"{name}: videos made into a version",
            "videos",
            (f"{stock}.additions", f"{stock}.opening_balance", p + "versions", p + "again"),
            made,
        ),
        Volume(
            p + "written",
            f"{name}: bytes written",
            "bytes",
            (p + "made", p + "bytes_each", p + "all_copies"),
            lambda state: state[p + "made"] * state[p + "bytes_each"] * state[p + "all_copies"],
        ),
    ]


def _classes(plan: Plan, n: int) -> list[Volume]:
    p, name, stock = prefix(n), plan.text(prefix(n) + "name"), stock_of(plan, n)
    age = plan.integer(p + "lifecycle_months")
    leaves_first = bool(age) and 0 < months_kept(plan, n) <= age

    def aged_share(state: State) -> Array:
        if not age:
            return np.ones((1, 1))
        # Videos added at least `age` months ago and still there; the oldest leave first.
        cohorts = state[f"{stock}.additions"].copy()
        cohorts[:1] += state[f"{stock}.opening_balance"][:1]
        old = np.cumsum(shifted(cohorts, age), axis=0) - np.cumsum(state[f"{stock}.removals"], axis=0)
        return ratio(np.maximum(old, 0.0), state[f"{stock}.closing"])

    def new_share(state: State) -> Array:
        return np.zeros((1, 1)) if age else state[p + "second_share"]

    def old_share(state: State) -> Array:
        if not age:
            return state[p + "second_share"]
        old, before = state[p + "aged_share"] * state[f"{stock}.closing"], state[p + "stayed"]
        return np.minimum(ratio(old, before), 1.0) * state[p + "second_share"]

    def moved_bytes(state: State) -> Array:
        if not age or leaves_first:
            return np.zeros((1, 1))
        cohorts = state[f"{stock}.additions"].copy()
        cohorts[:1] += state[f"{stock}.opening_balance"][:1]
        each = state[p + "bytes_each"] * state[p + "all_copies"] * state[p + "versions"]
        result: Array = shifted(cohorts, age) * each * state[p + "second_share"]
        return result

    stock_rows = (f"{stock}.additions", f"{stock}.opening_balance")
    aged_needs = (*stock_rows, f"{stock}.removals", f"{stock}.closing") if age else ()
    old_needs = (p + "aged_share", p + "stayed", f"{stock}.closing") if age else ()
    moved_needs = (
        *stock_rows,
        *(p + key for key in ("bytes_each", "all_copies", "versions", "second_share")),
    )
    return [
        Volume(p + "aged_share", f"{name}: share old enough for the second class", "share", aged_needs, aged_share),
        Volume(
            p + "stayed",
            f"{name}: videos in place before the month and still there",
            "videos",
            (f"{stock}.additions", f"{stock}.closing"),
            lambda state: np.maximum(state[f"{stock}.closing"] - state[f"{stock}.additions"], 0.0),
        ),
        Volume(
            p + "new_share",
            f"{name}: share of new videos in the second class",
            "share",
            () if age else (p + "second_share",),
            new_share,
        ),
        Volume(
            p + "old_share",
            f"{name}: share of the videos in place before the month in the second class",
            "share",
            (p + "second_share", *old_needs),
            old_share,
        ),
        Volume(
            p + "second",
            f"{name}: bytes in the second class",
            "byte-months",
            (p + "stored", p + "aged_share", p + "second_share"),
            lambda state: state[p + "stored"] * state[p + "aged_share"] * state[p + "second_share"],
        ),
        Volume(
            p + "first",
            f"{name}: bytes in the first class",
            "byte-months",
            (p + "stored", p + "second"),
            lambda state: state[p + "stored"] - state[p + "second"],
        ),
        Volume(
            p + "moved_bytes",
            f"{name}: bytes that change class",
            "bytes",
            moved_needs if age and not leaves_first else (),
            moved_bytes,
        ),
        Volume(
            p + "moved",
            f"{name}: objects that change class",
            "requests",
            (p + "moved_bytes", p + "object_bytes"),
            lambda state: ratio(state[p + "moved_bytes"], state[p + "object_bytes"]),
        ),
    ]
