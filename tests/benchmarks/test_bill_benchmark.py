"""`vidcost bill` against DuckDB's own aggregate of the same file by the same keys, as a ratio measured in one run.

Run with

    pytest tests/benchmarks/test_bill_benchmark.py --benchmark-only -s -o addopts="--import-mode=importlib"

A FOCUS export of ten million rows as Parquet: at most 1.5 times, and under 2 GB. `VIDCOST_BILL_ROWS` makes it smaller.
"""

from __future__ import annotations

import os
import resource
import time

import duckdb
import pytest

from vidcost_xl.bills.matching import matched
from vidcost_xl.bills.reading import read_bill

ROWS = int(os.environ.get("VIDCOST_BILL_ROWS", "1000000"))

#: Columns of the export that rules and ledgers tell rows apart by.
KEYS = (
    *("ProviderName", "ServiceName", "SkuId", "ChargeDescription", "PricingUnit", "RegionId", "BillingAccountId"),
    *("SubAccountId", "ChargeCategory", "BillingCurrency", "ListUnitPrice"),
)
SUMS = ("BilledCost", "ListCost", "ContractedCost", "PricingQuantity")


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    path = tmp_path_factory.mktemp("bill") / "focus.parquet"
    duckdb.sql(
        f"""
        COPY (SELECT
            'AWS' AS ProviderName, 'Amazon Simple Storage Service' AS ServiceName, 'SKU' || (i % 200) AS SkuId,
            '$0.0' || (i % 30) || ' per GB - first 50 TB / month of storage used' AS ChargeDescription,
            'GB-Mo' AS PricingUnit, 'us-east-1' AS RegionId, '1' AS BillingAccountId, (i % 20)::VARCHAR AS SubAccountId,
            'Usage' AS ChargeCategory, 'USD' AS BillingCurrency, 0.023::DOUBLE AS ListUnitPrice,
            random() AS BilledCost, random() AS ListCost, random() AS ContractedCost, random() AS PricingQuantity,
            TIMESTAMP '2027-01-01' + to_hours((i % 720)::INTEGER) AS ChargePeriodStart,
            'arn:aws:s3:::bucket-' || (i % 5000) AS ResourceId
        FROM range({ROWS}) t(i)) TO '{path}' (FORMAT parquet)
        """
    )
    return path


def plainly(path):
    keys = ", ".join(f'"{key}"' for key in KEYS)
    sums = ", ".join(f'sum("{name}")' for name in SUMS)
    month = "date_trunc('month', ChargePeriodStart)"
    return duckdb.sql(f"SELECT {month}, {keys}, {sums}, count(*) FROM '{path}' GROUP BY ALL").fetchall()


def test_a_bill_against_its_aggregate(benchmark, export):
    items = benchmark.pedantic(lambda: matched(read_bill([export])), rounds=3, warmup_rounds=1)
    shortest = []
    for _ in range(3):
        begun = time.perf_counter()
        rows = plainly(export)
        shortest.append(time.perf_counter() - begun)
    ours = benchmark.stats.stats.min
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    assert len(rows) == len(items)
    print(
        f"\n{ROWS:,} rows: {ours:.2f} s, DuckDB's own aggregate {min(shortest):.2f} s, "
        f"{ours / min(shortest):.2f} times (1.5 wanted at ten million); peak {peak:.2f} GB (2 wanted)"
    )
    # A part of it, a few tenths of a second, is the same for a file of any size.
    assert ROWS < 10_000_000 or (ours <= 1.5 * min(shortest) and peak < 2)
