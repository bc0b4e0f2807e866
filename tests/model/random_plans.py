"""Plans at random, for what holds for every plan."""

from __future__ import annotations

import os

from hypothesis import strategies as st

from vidcost_xl.model.catalogue import PRESETS, catalogue
from vidcost_xl.model.files import preset

#: Plans that a long sweep draws. A whole search of crossings or of mixes takes a second or two of each.
MANY = int(os.environ.get("VIDCOST_MANY_PLANS", "50"))

AWS_CLASSES = ("standard", "standard-ia", "intelligent-tiering", "glacier-instant", "glacier-flexible")
YES_NO = st.sampled_from(["yes", "no"])


def share(top=1.0):
    return st.floats(0, top, allow_subnormal=False).map(lambda value: round(value, 4))


@st.composite
def plans(draw):
    """A plan on AWS with any block on or off."""
    months = draw(st.integers(12, 18))
    aws = st.sampled_from([f"aws.s3.{name}" for name in AWS_CLASSES])
    second = draw(st.one_of(st.just(""), aws))
    pairs = {
        "calendar.months": months,
        "dataset.videos": draw(st.sampled_from([0, 1e6, 1e9])),
        "dataset.counted": draw(st.sampled_from(["kept", "fetched"])),
        "dataset.size_from": draw(st.sampled_from(["mb", "bitrate", "amount"])),
        "dataset.amount": draw(st.sampled_from([0, 20, 5_000])),
        "dataset.survival": 0.25,
        "dataset.opening": draw(share()),
        "dataset.ramp_months": draw(st.integers(0, 8)),
        "dataset.growth": draw(share(0.05)),
        "dataset.retention_months": draw(st.sampled_from([0, 1, 5, 14])),
        "representation.1.second_class": second,
        "representation.1.second_share": draw(share()) if second else 0,
        "representation.1.lifecycle_months": 0 if second == "aws.s3.standard" else draw(st.integers(0, 6)),
        "representation.2.class": draw(aws),
        "representation.2.version_months": draw(st.integers(0, 6)),
        "representation.2.overlap_days": draw(st.integers(0, 90)),
        "representation.2.versions": draw(st.sampled_from([1, 2])),
        "representation.2.retention_months": draw(st.sampled_from([0, 2, 9])),
        "representation.2.object_mb": draw(st.sampled_from([0, 67, 1_000])),
        "requests.uploads": draw(YES_NO),
        "requests.range_mib": draw(st.sampled_from([0, 4])),
        "requests.kms_share": draw(st.sampled_from([0, 0.5])),
        "requests.logging_usd_per_million": draw(st.sampled_from([0, 1])),
        "acquire.on": draw(YES_NO),
        "acquire.nat_gateways": draw(st.sampled_from([0, 2])),
        "encode.on": draw(YES_NO),
        "train.ports": draw(st.sampled_from([0, 1])),
        "train.route": draw(st.sampled_from(["aws.internet", "aws.cloudfront", "aws.same-region"])),
        "cache.tb": draw(st.sampled_from([0, 2_000])),
        "cache.policy": draw(st.sampled_from(catalogue()["cache.policy"].choices)),
        "cache.kept": draw(YES_NO),
        "staging.on": draw(YES_NO),
        "staging.share": draw(share()),
        "staging.refreshes": draw(share()),
        "checkpoint.on": draw(YES_NO),
        "commercial.support": draw(st.sampled_from(["", "aws.support.business-plus"])),
        "commercial.commitment_usd": draw(st.sampled_from([0, 1e5])),
        "exit.month": draw(st.integers(0, months)),
        "exit.waived": draw(YES_NO),
        "exit.double_run_months": draw(st.integers(0, 3)),
        "train.experiments@2027-03": draw(st.integers(0, 20)),
        "dataset.videos@2027-05": draw(st.sampled_from([0, 5e5, 2e9])),
        "representation.2.versions@2027-06": draw(st.sampled_from([1, 3])),
    }
    return preset(draw(st.sampled_from(PRESETS))).with_overrides(pairs.items())
