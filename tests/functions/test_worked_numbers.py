"""Worked numbers, to the cent, through the functions as a cell calls them. Derivations stand beside the numbers.

5 PB are 5e15 / 2^30 = 4,656,612.873077 billed GB on AWS, 10 PB are 9,313,225.746155.
"""

from __future__ import annotations

import pytest

from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.values import EMPTY, OMITTED

GAP = OMITTED


def cents(name, *arguments):
    result = call(name, list(arguments))
    assert isinstance(result, float), result
    return round(result, 2)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        # Bounds 51,200 and 512,000: 1,177.60 + 10,137.60 + 4,144,612.873077 x 0.021 = 87,036.87.
        ("VIDEO_STORAGE", (), 98_352.07),
        ("VIDEO_STORAGE", (5.0, "PB"), 98_352.07),
        ("VIDEO_STORAGE", ("5 PB",), 98_352.07),
        # 11,315.20 + 8,801,225.746155 x 0.021 = 184,825.74.
        ("VIDEO_STORAGE", (10.0, "PB"), 196_140.94),
        # The second 5 PB are all in the last tier: 4,656,612.873077 x 0.021.
        ("VIDEO_STORAGE", (5.0, "PB", GAP, GAP, GAP, 5.0), 97_788.87),
        ("VIDEO_STORAGE", (5.0, "PB", GAP, GAP, GAP, "5 PB"), 97_788.87),
        ("VIDEO_STORAGE", (5.0, "PB", GAP, 2.0), 196_704.14),  # two months, billed one by one
        # Half the GB-months: 11,315.20 + (2,328,306.436539 - 512,000) x 0.021 = 38,142.44.
        ("VIDEO_STORAGE", (5.0, "PB", GAP, 0.5), 49_457.64),
        ("VIDEO_STORAGE", (5.0, "PB", GAP, 2.5), 246_161.78),  # 196,704.14 + 49,457.64
        ("VIDEO_STORAGE", (5.0, "PB", GAP, 0.0), 0.0),
        ("VIDEO_STORAGE", (5.0, "PiB"), 110_663.68),  # 11,315.20 + (5,242,880 - 512,000) x 0.021
        # 100 free, then 921.60 + 3,481.60 + 7,168.00 + 4,502,912.873077 x 0.05 = 225,145.64.
        ("VIDEO_EGRESS", (), 236_716.84),
        ("VIDEO_EGRESS", (100.0, "billed"), 0.0),
        ("VIDEO_EGRESS", (101.0, "billed"), 0.09),
        ("VIDEO_EGRESS", (1.0, "billed", GAP, 100.0), 0.09),
        ("VIDEO_EGRESS", (5.0, "PB", GAP, 5.0), 232_830.64),  # all in the last tier
        ("VIDEO_EGRESS", (5.0, "PB", GAP, GAP, GAP, 0.1), 213_045.16),  # 236,716.84 x 0.9
        ("VIDEO_INGEST", (), 209_547.58),  # 4,656,612.873077 x 0.045
        ("VIDEO_INGEST", (5.0, "PB", "aws.nat-without-gateway-endpoint"), 419_095.16),  # twice through it
        ("VIDEO_INGEST", (5.0, "PB", "aws.direct"), 0.0),
        # 1,048,576 x 0.01 + 3,608,036.873077 x 0.006 = 10,485.76 + 21,648.22.
        ("VIDEO_INGEST", (5.0, "PB", "aws.privatelink"), 32_133.98),
        ("VIDEO_REQUESTS", (), 5_000.00),  # 1e9 x 0.005 per thousand
        ("VIDEO_REQUESTS", (1e9, "get"), 400.00),  # 1e9 x 0.0004 per thousand
        ("VIDEO_REQUESTS", (1e9, "delete"), 0.0),
        ("VIDEO_REQUESTS", (1e9, "DELETE", "b2.standard"), 0.0),
        # A million restores at 0.05 a thousand, at 10 a thousand, and in bulk; Deep Archive at 0.1 a thousand.
        ("VIDEO_REQUESTS", (1e6, "restore", "aws.s3.glacier-flexible"), 50.00),
        ("VIDEO_REQUESTS", (1e6, "restore", "aws.s3.glacier-flexible", GAP, GAP, GAP, GAP, "expedited"), 10_000.00),
        ("VIDEO_REQUESTS", (1e6, "restore", "aws.s3.glacier-flexible", GAP, GAP, GAP, GAP, "bulk"), 0.00),
        ("VIDEO_REQUESTS", (1e6, "restore", "aws.s3.glacier-deep-archive"), 100.00),
        # Intelligent-Tiering of 10,000 GiB: 2,000 at 0.023, 3,000 at 0.0125, 5,000 at 0.004 = 46 + 37.50 + 20.
        ("VIDEO_STORAGE", (1e4, "GiB", "aws.s3.intelligent-tiering", *[GAP] * 7, [[0.2, 0.3, 0.5]]), 103.50),
        ("VIDEO_STORAGE", (1e4, "GiB", "aws.s3.intelligent-tiering", *[GAP] * 7, "20% 30% 50%"), 103.50),
        ("VIDEO_STORAGE", (1e4, "GiB", "aws.s3.intelligent-tiering"), 230.00),  # all at 0.023
        # CoreWeave of 3,000 GiB: 7 of 30 days hot at 0.06, 23 warm at 0.03 = 42 + 69; two months.
        ("VIDEO_STORAGE", (3e3, "GiB", "coreweave.object", 2.0, *[GAP] * 6, [[7 / 30], [23 / 30], [0.0]]), 222.00),
        ("VIDEO_RETRIEVAL", (100.0, "GiB"), 3.00),  # 100 x 0.03
        ("VIDEO_RETRIEVAL", (100.0, "GiB", "aws.s3.glacier-flexible", "expedited"), 3.00),
        ("VIDEO_RETRIEVAL", (100.0, "GiB", "aws.s3.glacier-deep-archive", "bulk"), 0.25),
        ("VIDEO_RETRIEVAL", (5.0, "PB", "aws.s3.standard"), 0.0),
        # 236,716.84 and 1e9 GETs at 400.00.
        ("VIDEO_EXPERIMENT", (), 237_116.84),
        # Ten passes, 50 PB: 11,571.20 + (46,566,128.730774 - 153,700) x 0.05 = 2,332,192.64; 1e10 GETs 4,000.
        ("VIDEO_EXPERIMENT", (5.0, "PB", 10.0), 2_336_192.64),
        # Half the data, half of it cached: 1.25 PB = 1,164,153.218269 GB: 11,571.20 + 1,010,453.218269 x 0.05
        # = 62,093.86; 250 million GETs 100.
        ("VIDEO_EXPERIMENT", (5.0, "PB", 1.0, 0.5, GAP, GAP, 0.5), 62_193.86),
        ("VIDEO_EXPERIMENT", (5.0, "PB", 3.0, 1.0, "aws.same-region"), 1_200.00),  # 3e9 GETs, no transfer fee
        ("VIDEO_EXPERIMENT", (5.0, "PB", 1.0, 1.0, "aws.same-region", 1_000.0), 2.00),  # 5 million shards of 1 GB
    ],
)
def test_worked_numbers_of_the_article_case(name, arguments, expected):
    assert cents(name, *arguments) == expected


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ("aws.same-region", 0.0),
        ("aws.cross-az", 93_132.26),  # 0.01 out of one zone and 0.01 into the other
        ("aws.cross-region", 93_132.26),  # 0.02
        ("aws.direct-connect", 93_132.26),  # 0.02; ports are not billed by volume
        ("aws.nat", 446_264.42),  # 209,547.58 through the gateway + 236,716.84 to the internet
        ("aws.privatelink", 32_133.98),
        # 1 TB free inside the bounds: 9,216 x 0.085 + 40,960 x 0.08 + 102,400 x 0.06 + 358,400 x 0.04 + 536,576 x 0.03
        # + 3,608,036.873077 x 0.025 = 783.36 + 3,276.80 + 6,144.00 + 14,336.00 + 16,097.28 + 90,200.92.
        ("aws.cloudfront", 130_838.36),
        # 10,240 x 0.12 + 143,360 x 0.11 + 4,503,012.873077 x 0.08 = 1,228.80 + 15,769.60 + 360,241.03.
        ("gcp.internet", 377_239.43),
        # 10,235 x 0.087 + 40,960 x 0.083 + 102,400 x 0.07 + 4,502,917.873077 x 0.05
        # = 890.445 + 3,399.68 + 7,168.00 + 225,145.894.
        ("azure.internet", 236_604.02),
        # 10 TB (10,240 GB) free: 4,646,372.873077 x 0.0085.
        ("oci.internet", 39_494.17),
        ("b2.internet", 50_000.00),  # 5,000,000 GB of 10^9 bytes x 0.01
        ("r2.internet", 0.0),
        ("wasabi.internet", 0.0),
        ("coreweave.internet", 0.0),
    ],
)
def test_a_route_costs_the_sum_of_its_legs_for_5_pb(route, expected):
    assert cents("VIDEO_EGRESS", 5.0, "PB", route) == expected


def test_cross_az_costs_two_cents_a_gigabyte():
    assert cents("VIDEO_EGRESS", 1.0, "billed", "aws.cross-az") == 0.02


@pytest.mark.parametrize(("amount", "expected"), [(10.0, 0.0), (10.0 + 1 / 1024, 0.0085), (11.0, 8.704)])
def test_the_first_ten_terabytes_out_of_oracle_are_free(amount, expected):
    assert call("VIDEO_EGRESS", [amount, "TiB", "oci.internet"]) == pytest.approx(expected, abs=1e-9)


class TestAmazonS3Faq:
    """Amazon S3 FAQ, "How will I be charged": 100 GB for 15 days, then 100 TB for 16 days of a March.

    (100 x 15 x 24 + 102,400 x 16 x 24) / 744 hours = 39,357,600 / 744 = 52,900 GB-months,
    51,200 x 0.023 + 1,700 x 0.022 = 1,177.60 + 37.40 = 1,215.00.
    """

    def test_52900_gb_months(self):
        assert cents("VIDEO_STORAGE", 52_900.0, "billed") == 1_215.00

    def test_the_same_from_its_two_halves_of_the_month(self):
        first = cents("VIDEO_STORAGE", 100.0, "billed", GAP, 15 / 31)
        held_before = 100 * 15 / 31
        second = cents("VIDEO_STORAGE", 100.0, "TiB", GAP, 16 / 31, GAP, f"{held_before * 2**30} B")
        assert first == 1.11  # 48.387 x 0.023
        assert first + second == pytest.approx(1_215.00, abs=0.01)


class TestCloudflareR2:
    """The three examples of Cloudflare's R2 pricing page, revision 07ec87d."""

    def test_a_thousand_objects_of_1_gb_for_a_month_are_14_85(self):
        # (1,000 - 10 free) x 0.015; 1,000 Class A and 1,000,000 Class B lie in the free tier.
        assert cents("VIDEO_STORAGE", 1_000.0, "GB", "r2.standard") == 14.85
        assert cents("VIDEO_REQUESTS", 1_000.0, "put", "r2.standard") == 0.0
        assert cents("VIDEO_REQUESTS", 1e6, "get", "r2.standard") == 0.0

    def test_300_million_reads_of_small_assets_are_104_40(self):
        # 100 objects of 100 kB: 0.01 GB is free; 290 million paid reads x 0.36.
        assert cents("VIDEO_STORAGE", 10.0, "MB", "r2.standard") == 0.0
        assert cents("VIDEO_REQUESTS", 100.0, "put", "r2.standard") == 0.0
        assert cents("VIDEO_REQUESTS", 300e6, "get", "r2.standard") == 104.40

    def test_infrequent_access_is_29_90(self):
        # Kept 5 days, billed for the minimum of 30: a month.
        parts = [
            cents("VIDEO_STORAGE", 1_000.0, "GB", "r2.infrequent-access", 1.0),
            cents("VIDEO_REQUESTS", 1_000.0, "put", "r2.infrequent-access"),  # a started million
            cents("VIDEO_REQUESTS", 1e6, "get", "r2.infrequent-access"),
            cents("VIDEO_RETRIEVAL", 1_000.0, "GB", "r2.infrequent-access"),
        ]
        assert parts == [10.00, 9.00, 0.90, 10.00]
        assert sum(parts) == pytest.approx(29.90)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        # A million objects of 1 kB are billed as 128 KiB each: 131,072e6 / 2^30 = 122.0703125 GB x 0.0125.
        ("VIDEO_STORAGE", (1.0, "GB", "aws.s3.standard-ia", GAP, 1e6), 1.52587890625),
        ("VIDEO_STORAGE", (1.0, "TiB", "aws.s3.standard-ia", GAP, 1e6), 12.8),  # larger objects: the bytes alone
        # 1,024 x 0.0036; a million times 32 KiB = 30.517578125 GB x 0.0036 and 8 KiB = 7.62939453125 GB x 0.023.
        ("VIDEO_STORAGE", (1.0, "TiB", "aws.s3.glacier-flexible", GAP, 1e6), 3.97173935546875),
        ("VIDEO_STORAGE", (1.0, "TiB", "aws.s3.glacier-flexible"), 3.6864),
        # 1,024 x 0.023 + a million objects monitored at 0.0025 per thousand.
        ("VIDEO_STORAGE", (1.0, "TiB", "aws.s3.intelligent-tiering", GAP, 1e6), 26.052),
        # Objects of 1 kB are too small to be monitored: 1e9 / 2^30 x 0.023.
        ("VIDEO_STORAGE", (1.0, "GB", "aws.s3.intelligent-tiering", GAP, 1e6), 0.02142041921615601),
        ("VIDEO_STORAGE", (1.0, "TiB", "aws.s3.standard", GAP, 1e6), 23.552),
    ],
)
def test_objects_add_minimum_size_overhead_and_monitoring(name, arguments, expected):
    assert call(name, list(arguments)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("VIDEO_DATASET", (), 5),  # 1e9 x 5 MB
        ("VIDEO_DATASET", (1_000.0, 5.0, "GB"), 5),
        ("VIDEO_CLIPSIZE", (), 5),  # 10 s x 4 Mbit/s / 8
        ("VIDEO_LATENT", (), 14.2848),  # 16 channels x 31 x 90 x 160 x 2 bytes
        ("VIDEO_TEXTFEATURE", (), 4.194304),  # 512 tokens x 4,096 x 2 bytes
        ("VIDEO_TEXTFEATURE", ("umt5-xxl", 256.0), 2.097152),
        ("VIDEO_TOKENS", (), 111_600),  # 31 x 45 x 80
        # Left out, the patch is the model's own, here one cell a token: 31 x 45 x 80 cells of 16 pixels,
        # 13 x 16 x 24 of 32, 36 x 34 x 62 of 16, 33 x 24 x 24 of 32.
        ("VIDEO_TOKENS", ("hunyuanvideo-1.5", 1280.0, 720.0, 121.0), 111_600),
        ("VIDEO_TOKENS", ("ltx-video", 768.0, 512.0, 97.0), 4_992),
        ("VIDEO_TOKENS", ("step-video-t2v", 992.0, 544.0, 204.0), 75_888),
        ("VIDEO_TOKENS", ("open-sora-2-dc-ae", 768.0, 768.0, 129.0), 19_008),
        ("VIDEO_TOKENS", ("cogvideox-1.5", 1280.0, 720.0, 121.0), 57_600),  # 16 pairs of frames x 45 x 80
        ("VIDEO_TOKENS", ("hunyuanvideo-1.5", 1280.0, 720.0, 121.0, 2.0), 27_280),  # 31 x 22 x 40
        ("VIDEO_CONVERT", (5.0, "PiB", "TiB"), 5_120),
        ("VIDEO_TRANSFERDAYS", (), 500_000 / 86_400),  # 4e16 bits at 8e10 bits a second
        ("VIDEO_TRANSFERDAYS", (5.0, "PB", 10.0, 1.0), 4_000_000 / 86_400),
        ("VIDEO_RATE", (), 0.023),
        ("VIDEO_RATE", ("aws.transfer.internet-out",), 0.09),  # the first paid tier
        ("VIDEO_RATE", ("azure.transfer.internet-out",), 0.087),
        ("VIDEO_RATE", ("oci.transfer.internet-out",), 0.0085),
        ("VIDEO_RATE", ("aws.cloudfront.data-out",), 0.085),
        ("VIDEO_RATE", ("r2.standard.get",), 0.36),
        ("VIDEO_RATE", ("wasabi.hot.storage",), 7.99),
        ("VIDEO_RATE", ("b2.standard.storage", GAP, GAP, GAP, GAP, GAP, "2026-04-30"), 6.00),
        ("VIDEO_RATE", ("gcp.gcs.standard.storage",), 0.01999981),  # 2.7397e-05 x 730
        ("VIDEO_RATE", ("aws.nat-gateway.hour",), 0.045),
        ("VIDEO_RATE", ("aws.transfer.s3-same-region",), 0),
        # 52,900 GB-months for 1,215.00.
        ("VIDEO_RATE", ("aws.s3.standard.storage", 52_900.0, "billed"), 1_215 / 52_900),
        ("VIDEO_RATE", ("aws.s3.standard.put", 1e9, "billed"), 0.000005),
        ("VIDEO_RATE", ("aws.s3.standard.storage", GAP, GAP, GAP, 0.5), 0.0115),
    ],
)
def test_sizes_and_rates(name, arguments, expected):
    assert call(name, list(arguments)) == pytest.approx(expected, rel=1e-9)


def test_two_rows_of_5_pb_with_prior_cost_what_10_pb_cost():
    first = call("VIDEO_EGRESS", [5.0, "PB"])
    second = call("VIDEO_EGRESS", [5.0, "PB", GAP, 5.0])
    assert first + second == pytest.approx(call("VIDEO_EGRESS", [10.0, "PB"]), rel=1e-12)


def test_decimal_and_binary_prices_of_one_volume_differ_by_the_units():
    # B2 bills TB of 10^12 bytes less 10 GB: (5,000 - 0.01) x 6.95; Wasabi TB of 2^40: 4,547.473508865 x 7.99.
    assert cents("VIDEO_STORAGE", 5.0, "PB", "b2.standard") == 34_749.93
    assert cents("VIDEO_STORAGE", 5.0, "PB", "wasabi.hot") == 36_334.31


@pytest.mark.parametrize(("klass", "expected"), [("coreweave.hot", 279_396.77), ("coreweave.cold", 69_849.19)])
def test_a_staged_copy_on_coreweave(klass, expected):
    # 4,656,612.873077 GB x 0.06 and x 0.015.
    assert cents("VIDEO_STORAGE", 5.0, "PB", klass) == expected


B2 = "b2.internet"
TERMS = [GAP, GAP, GAP, GAP]


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        # Backblaze lets out 3 times the average stored; beyond, 0.01 a GB of 10^9 bytes.
        ("VIDEO_EGRESS", (5.0, "PB", B2), 50_000.00),  # stored left out: all of it billed
        ("VIDEO_EGRESS", (5.0, "PB", B2, GAP, *TERMS, 1.0), 20_000.00),  # 5 - 3 x 1 PB
        ("VIDEO_EGRESS", (5.0, "PB", B2, GAP, *TERMS, "500 TB"), 35_000.00),  # 5 - 1.5 PB
        ("VIDEO_EGRESS", ("5 PB", GAP, B2, GAP, *TERMS, "1 PB"), 20_000.00),
        ("VIDEO_EGRESS", (5.0, "PB", B2, GAP, *TERMS, 2.0), 0.00),
        ("VIDEO_EGRESS", (5.0, "PB", B2, GAP, *TERMS, 0.0), 50_000.00),
        ("VIDEO_EGRESS", (5.0, "PB", B2, 2.0, *TERMS, 1.0), 40_000.00),  # 2 of the 3 PB are used up before
        ("VIDEO_EGRESS", (5.0, "PB", B2, 4.0, *TERMS, 1.0), 50_000.00),
        ("VIDEO_EGRESS", (5.0, "PB", B2, GAP, GAP, 0.5, GAP, GAP, 1.0), 10_000.00),
        # Ten passes over half of 2 PB are 10 PB; 3 x 2 PB are free. GETs are free there.
        ("VIDEO_EXPERIMENT", (2.0, "PB", 10.0, 0.5, B2, GAP, GAP, *TERMS, 2.0), 40_000.00),
        ("VIDEO_EGRESS", (5.0, "PB", "wasabi.internet", GAP, *TERMS, 5.0), 0.00),  # 1 times what is stored
        ("VIDEO_EGRESS", (5.0, "PB", "aws.internet", GAP, *TERMS, 5.0), 236_716.84),  # no such rule
    ],
)
def test_free_egress_grows_with_what_is_stored_where_the_call_says_it(name, arguments, expected):
    assert cents(name, *arguments) == expected


def test_what_is_stored_may_be_a_range_of_months():
    stored = [[0.0], [1.0], ["2 PB"]]
    assert call("VIDEO_EGRESS", [5.0, "PB", B2, GAP, *TERMS, stored]) == [[50_000.0], [20_000.0], [0.0]]
    months = call("VIDEO_EXPERIMENT", [[[5.0], [6.0]], "PB", GAP, GAP, B2, GAP, GAP, *TERMS, [[1.0], [2.0]]])
    assert months == [[20_000.0], [0.0]]
    refused = call("VIDEO_EGRESS", [5.0, "PB", "wasabi.internet", GAP, *TERMS, [[4.0], [5.0], [EMPTY]]])
    assert [cell[0] if isinstance(cell[0], float) else cell[0].code for cell in refused] == ["#N/A", 0.0, "#VALUE!"]


def test_an_explanation_says_whether_free_egress_was_applied():
    def said(*arguments):
        return {row[0]: row for row in call("VIDEO_EXPLAIN", ["VIDEO_EGRESS", *arguments])}

    assert said(5.0, "PB", B2)["free egress"][1:] == ["not applied", "", "3 times what is stored; stored is left out"]
    applied = said(5.0, "PB", B2, GAP, *TERMS, 1.0)
    assert (applied["free egress"][1], applied["bytes beyond"][1], applied["result"][1]) == (3e15, 2e15, 20_000.0)
    assert "free egress" not in said(5.0, "PB")
    # The last argument of the longest function is the twelfth.
    whole = call("VIDEO_EXPLAIN", ["VIDEO_EXPERIMENT", 2.0, "PB", 10.0, 0.5, B2, GAP, GAP, *TERMS, 2.0])
    assert whole[-1][:2] == ["result", 40_000.0]
