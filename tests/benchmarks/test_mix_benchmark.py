"""The cheapest mix of the reference: 36 months, nine classes with tiers, proved or nearly so within a minute."""

from __future__ import annotations

import time

from vidcost_xl.analysis.mix.limits import Limits
from vidcost_xl.analysis.mix.mix import mix
from vidcost_xl.analysis.mix.spots import classes_for
from vidcost_xl.model.files import preset

#: Of one provider with three tiers of storage and of egress each, and its regions.
PROVIDER = "aws"
SECONDS, GAP = 60.0, 0.001


def reference():
    """A plan that grows every month, so that no two months are alike."""
    return preset("article").with_overrides(
        [("calendar.months", 36.0), ("dataset.growth", 0.02), ("representation.1.read_share", 0.1)]
    )


def test_the_reference_mix_is_proved_within_a_minute():
    plan = reference()
    begun = time.perf_counter()
    found = mix(plan, [PROVIDER, "r2", "gcp"], Limits(shares=()), beside=False)
    seconds = time.perf_counter() - begun
    classes = {kept.first for name in (PROVIDER, "r2", "gcp") for kept in classes_for(plan, 2, name)}
    print(f"{seconds:.1f} s, gap {found.best.gap:.6%}, {len(classes)} classes")
    assert len(classes) >= 9
    assert found.best.gap < GAP
    assert seconds < SECONDS
