"""Preset `complete` derived a second time from its text alone: months one by one, prices as published, no code of ours.

Prices are us-east-1's, from the public price lists named beside each; GB is 2^30 bytes, as AWS bills. A month has 730
hours. Where a tier is shared, each line pays its share of the tiers by its share of the bytes.
"""

from __future__ import annotations

import math

import pytest

from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.model.ledger import to_frame

GB = 2**30
INFINITE = math.inf

# AWS Price List, AmazonS3: first 50 TB, next 450 TB, over 500 TB; per 1,000 PUTs and GETs.
STANDARD = ((51_200, 0.023), (512_000, 0.022), (INFINITE, 0.021))
PUT, GET = 0.005 / 1_000, 0.0004 / 1_000
# S3 Standard-IA: a GB-month, per 1,000 GETs, a GB retrieved, per 1,000 transitions into it.
IA, IA_GET, IA_RETRIEVED, INTO_IA = 0.0125, 0.001 / 1_000, 0.01, 0.01 / 1_000
# AWS Price List, AWSDataTransfer: 100 GB free, then to 10 TB, 50 TB, 150 TB, above.
INTERNET = ((100, 0.0), (10_340, 0.09), (51_300, 0.085), (153_700, 0.07), (INFINITE, 0.05))
# AWS Price List, AmazonEC2 (NAT gateway: a GB, an hour) and awskms (a request, 20,000 a month free).
NAT_GB, NAT_HOUR, KMS, KMS_FREE = 0.045, 0.045, 0.03 / 10_000, 20_000
# CoreWeave AI Object Storage, hot: a GB-month.
HOT = 0.06
# Google Cloud Storage, Standard, us-central1: a GiB-hour as printed, 730 of them; per 1,000 operations of class A.
GCS, CLASS_A = 2.7397e-05 * 730, 0.005 / 1_000
# AWS Enterprise Support: shares of a month's charges, at least 5,000 since 2025-12-02.
SUPPORT = ((150_000, 0.10), (500_000, 0.07), (1_000_000, 0.05), (INFINITE, 0.03))

# From the preset.
VIDEOS, VIDEO_BYTES, RAMP = 1e9, 5e6, 6
LATENT_BYTES = 16 * (1280 // 8) * (720 // 8) * ((121 - 1) // 4 + 1) * 2  # Wan 2.1: 16 channels, 8 x 8 x 4, bf16
TEXT_BYTES = 512 * 4096 * 2  # UMT5-XXL: 512 tokens of 4,096 numbers, bf16
SHARD, PART = 1e9, 8 * 2**20
NEW_VERSION = 7  # the first after six months
EXPERIMENTS, STAGED, KMS_SHARE = 10, 0.5, 0.01
CHECKPOINT = 3e11 * 14
EXIT = 12


def tiered(quantity: float, tiers: tuple[tuple[float, float], ...]) -> float:
    """What a month's quantity costs, tier by tier."""
    cost, below = 0.0, 0.0
    for top, price in tiers:
        cost += max(0.0, min(quantity, top) - below) * price
        below = top
    return cost


def shared(quantities: dict[str, float], tiers: tuple[tuple[float, float], ...]) -> dict[str, float]:
    """Each line's part of the tiers."""
    whole = sum(quantities.values())
    cost = tiered(whole, tiers)
    return {line: cost * quantity / whole if whole else 0.0 for line, quantity in quantities.items()}


def derived(month: int) -> dict[str, float]:
    """Every line of a month, in US dollars."""
    stock = VIDEOS * min(month, RAMP) / RAMP
    new = VIDEOS / RAMP if month <= RAMP else 0.0
    old = VIDEOS * max(0, min(month - 3, RAMP)) / RAMP  # three months after a video came, it moves to Standard-IA
    moved = VIDEOS / RAMP if 3 < month <= RAMP + 3 else 0.0
    again = stock if month == NEW_VERSION else 0.0  # clips encoded once more for the version that replaces another
    encoded = 2 * new + again  # two versions are alive
    latent, text = LATENT_BYTES / GB, TEXT_BYTES / GB
    leaves = month == EXIT

    fetched = new * VIDEO_BYTES / GB * 3.8 * 1.05
    raw_hot, raw_old = (stock - old) * VIDEO_BYTES / GB, old * VIDEO_BYTES / GB
    versions = 3 if month == NEW_VERSION else 2  # the old one stays 30 days beside the new
    stored = {
        "store.raw": raw_hot,
        "store.features": stock * latent * versions,
        "store.text": stock * text,
        "checkpoint.stored": 30 * CHECKPOINT / GB,
    }
    leaving = raw_hot + raw_old + stock * (2 * latent + text) + 30 * CHECKPOINT / GB
    sent = {
        "train.staging.fill.aws.transfer.internet-out": STAGED * (new * (latent + text) + again * latent),
        "train.features.transfer.aws.transfer.internet-out": EXPERIMENTS * (1 - STAGED) * stock * latent,
        "train.text.transfer.aws.transfer.internet-out": EXPERIMENTS * (1 - STAGED) * stock * text,
        "exit.transfer.aws.transfer.internet-out": leaving if leaves else 0.0,
    }
    shards = {"features": LATENT_BYTES / SHARD, "text": TEXT_BYTES / SHARD}  # objects a clip
    parts = math.ceil(SHARD / PART)
    puts = {
        "acquire.raw.puts": new,
        "encode.features.puts": encoded * shards["features"] * parts,
        "encode.text.puts": new * shards["text"] * parts,
        "checkpoint.puts": 30 * math.ceil(CHECKPOINT / PART),
    }
    gets = {
        "train.features.fill.gets.aws.s3.standard.get": STAGED * (new + again) * shards["features"],
        "train.text.fill.gets.aws.s3.standard.get": STAGED * new * shards["text"],
        "train.features.gets.aws.s3.standard.get": EXPERIMENTS * (1 - STAGED) * stock * shards["features"],
        "train.text.gets.aws.s3.standard.get": EXPERIMENTS * (1 - STAGED) * stock * shards["text"],
        # New videos are hot; what is encoded again is read where it lies.
        "encode.features.gets.first.aws.s3.standard.get": 2 * new + again * (stock - old) / stock,
        "exit.raw.gets.first.aws.s3.standard.get": (stock - old) if leaves else 0.0,
        "exit.features.gets.aws.s3.standard.get": 2 * stock * shards["features"] if leaves else 0.0,
        "exit.text.gets.aws.s3.standard.get": stock * shards["text"] if leaves else 0.0,
        "exit.checkpoints.gets.aws.s3.standard.get": 30 if leaves else 0.0,
    }
    cold_gets = {
        "encode.features.gets.second.aws.s3.standard-ia.get": again * old / stock,
        "exit.raw.gets.second.aws.s3.standard-ia.get": old if leaves else 0.0,
    }
    calls = sum(puts.values()) + sum(gets.values()) + sum(cold_gets.values())
    lines = {
        "acquire.transfer.aws.nat-gateway.data": fetched * NAT_GB,
        "acquire.nat_hours": 2 * 730 * NAT_HOUR,
        "encode.features.retrieved.second": again * old / stock * VIDEO_BYTES / GB * IA_RETRIEVED,
        "exit.raw.retrieved.second": raw_old * IA_RETRIEVED if leaves else 0.0,
        "store.raw.second": raw_old * IA,
        "store.raw.transition": moved * INTO_IA,
        "encode.features.multipart": 2 * encoded * shards["features"] * PUT,
        "encode.text.multipart": 2 * new * shards["text"] * PUT,
        "train.kms": max(0.0, calls * KMS_SHARE - KMS_FREE) * KMS,
        **shared(stored, STANDARD),
        **shared(sent, INTERNET),
        **{line: count * PUT for line, count in puts.items()},
        **{line: count * GET for line, count in gets.items()},
        **{line: count * IA_GET for line, count in cold_gets.items()},
    }
    aws = sum(lines.values())
    # Written once more at the provider that all moves to, whose bill is its own.
    anew = {"raw": 0.0, "features": 2 * stock * shards["features"], "text": stock * shards["text"]}
    written = {f"exit.{name}.puts": count * parts for name, count in anew.items()} | {"exit.raw.puts": stock}
    written |= {f"exit.{name}.multipart": 2 * count for name, count in anew.items()}
    written |= {"exit.checkpoint_states.puts": 30 * math.ceil(CHECKPOINT / PART)}
    written |= {"exit.checkpoint_states.multipart": 30 * 2}
    others = {
        **{line: count * CLASS_A if leaves else 0.0 for line, count in written.items()},
        "store.staging": STAGED * stock * (latent + text) * HOT,
        "acquire.proxy": 0.2 * fetched * 0.89,
        "encode.features.gpu": encoded * 5.1 / 3600 * 1.0,
        "exit.double": leaving * GCS if leaves else 0.0,
    }
    support = {"support.plan": max(5_000.0, tiered(aws, SUPPORT)), "support.shortfall": max(0.0, 500_000 - aws)}
    return {**lines, **others, **support}


@pytest.fixture(scope="module")
def ledger():
    frame = to_frame(evaluate(preset("complete")))
    by_month = frame.groupby(frame["period"].dt.month)
    return {month: dict(zip(rows["line"], rows["amount"], strict=True)) for month, rows in by_month}


@pytest.mark.parametrize("month", [1, 5, 7, 12])
def test_every_line_of_the_month_is_the_one_derived_again(ledger, month):
    expected = derived(month)
    billed = {line: amount for line, amount in ledger[month].items() if amount or line in expected}
    assert billed == pytest.approx({line: expected.get(line, 0.0) for line in billed}, rel=1e-9, abs=0.005)
    assert {line for line, amount in expected.items() if amount} <= set(billed)
