"""What people get wrong: each mistake shows as its own Excel error and is told what to write instead."""

from __future__ import annotations

import math

import pytest

from vidcost_xl.errors import ExcelError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.values import EMPTY, OMITTED

GAP = OMITTED
FLEXIBLE, TIERING = "aws.s3.glacier-flexible", "aws.s3.intelligent-tiering"

# (function, arguments, what the cell shows, a part of the reason)
MISTAKES = [
    # amounts
    ("VIDEO_EGRESS", [5_000.0], "#VALUE!", '5000 what? amount is a number without a unit: write 5000,"TB"'),
    ("VIDEO_EGRESS", [0.0], "#VALUE!", "0 what?"),
    ("VIDEO_EGRESS", ["5 PB", "PB"], "#VALUE!", "write one unit, once"),
    ("VIDEO_EGRESS", ["5", "PB"], "#VALUE!", "remove the quotation marks"),
    ("VIDEO_EGRESS", ["5"], "#VALUE!", "remove the quotation marks"),
    ("VIDEO_EGRESS", ["4,656 PB"], "#VALUE!", "ambiguous"),
    ("VIDEO_EGRESS", ["4 656 PB"], "#VALUE!", "ambiguous"),
    ("VIDEO_EGRESS", ["five PB"], "#VALUE!", "is the text 'five PB', not a number"),
    ("VIDEO_EGRESS", [""], "#VALUE!", "not a number"),
    ("VIDEO_EGRESS", ["-5 PB"], "#NUM!", "not negative"),
    ("VIDEO_EGRESS", [-5.0, "PB"], "#NUM!", "0 or more, not -5"),
    ("VIDEO_EGRESS", [math.nan, "PB"], "#NUM!", "finite"),
    ("VIDEO_EGRESS", [math.inf, "PB"], "#NUM!", "finite"),
    ("VIDEO_EGRESS", [-math.inf, "PB"], "#NUM!", "finite"),
    ("VIDEO_EGRESS", [1e300, "PB"], "#NUM!", "too large"),
    ("VIDEO_EGRESS", [True, "PB"], "#VALUE!", "amount is a number, not TRUE"),
    ("VIDEO_EGRESS", [False, "PB"], "#VALUE!", "amount is a number, not FALSE"),
    ("VIDEO_EGRESS", [EMPTY, "PB"], "#VALUE!", "points at an empty cell"),
    # units
    ("VIDEO_EGRESS", [5.0, "pb"], "#VALUE!", "reads as bits; sizes are in bytes. Write 'PB'"),
    ("VIDEO_EGRESS", [5.0, "Mb"], "#VALUE!", "Write 'MB'"),
    ("VIDEO_EGRESS", [5.0, "pB"], "#VALUE!", "is written 'PB'"),
    ("VIDEO_EGRESS", [5.0, "PBB"], "#VALUE!", "Nearest: PB"),
    ("VIDEO_EGRESS", [5.0, ""], "#VALUE!", "unit is an empty text"),
    ("VIDEO_EGRESS", [5.0, 1.0], "#VALUE!", "unit is a text in quotation marks, not the number 1"),
    ("VIDEO_EGRESS", [5.0, True], "#VALUE!", "not TRUE"),
    ("VIDEO_DATASET", [1e9, 5.0, "billed"], "#VALUE!", "Allowed: B, kB"),
    ("VIDEO_CONVERT", [5.0, "PB", "Tib"], "#VALUE!", "'TiB'"),
    ("VIDEO_CONVERT", ["5 PB", "PB", "TB"], "#VALUE!", "not the text '5 PB'"),
    # names
    ("VIDEO_EGRESS", [5.0, "PB", "aws.internett"], "#N/A", "Nearest: aws.internet"),
    ("VIDEO_EGRESS", [5.0, "PB", "internet"], "#N/A", "aws.internet"),
    ("VIDEO_EGRESS", [5.0, "PB", "aws.direct"], "#N/A", "Nearest: aws.direct-connect"),
    ("VIDEO_INGEST", [5.0, "PB", "aws.internet"], "#N/A", '=VIDEO_LIST("ingest-route")'),
    ("VIDEO_EGRESS", [5.0, "PB", 7.0], "#VALUE!", "route is a text"),
    ("VIDEO_STORAGE", [5.0, "PB", "aws.s3.standart"], "#N/A", "Nearest: aws.s3.standard"),
    ("VIDEO_STORAGE", [5.0, "PB", "S3 Standrad"], "#N/A", "aws.s3.standard"),
    ("VIDEO_RETRIEVAL", [5.0, "PB", "aws.s3.glacier-flexible", "standrd"], "#N/A", "Nearest: standard"),
    ("VIDEO_RETRIEVAL", [5.0, "PB", "aws.s3.standard", "bulk"], "#N/A", "Allowed: standard"),
    ("VIDEO_RETRIEVAL", [5.0, "PB", "oci.object.archive"], "#N/A", "no source for its retrieval price"),
    ("VIDEO_REQUESTS", [1e9, "putt"], "#N/A", "Nearest: put"),
    ("VIDEO_REQUESTS", [1e9, "restore"], "#N/A", "aws.s3.standard is read at once"),
    ("VIDEO_REQUESTS", [1e9, "restor", FLEXIBLE], "#N/A", "Nearest: restore"),
    ("VIDEO_REQUESTS", [1e9, "restore", FLEXIBLE, GAP, GAP, GAP, GAP, "fast"], "#N/A", "bulk, expedited, standard"),
    ("VIDEO_REQUESTS", [1e9, "get", FLEXIBLE, GAP, GAP, GAP, GAP, "bulk"], "#VALUE!", "belongs to the operation"),
    ("VIDEO_STORAGE", [5.0, "PB", GAP, *[GAP] * 7, "50% 50%"], "#VALUE!", "aws.s3.intelligent-tiering, coreweave.obj"),
    ("VIDEO_STORAGE", [5.0, "PB", TIERING, *[GAP] * 7, "50% 50%"], "#VALUE!", "last read 0 to 30 days ago; last"),
    ("VIDEO_STORAGE", [5.0, "PB", TIERING, *[GAP] * 7, [[0.2, 0.3, 0.4]]], "#NUM!", "add up to 0.9, not to 1"),
    ("VIDEO_STORAGE", [5.0, "PB", TIERING, *[GAP] * 7, [[1.2, -0.2, 0.0]]], "#NUM!", "access"),
    ("VIDEO_STORAGE", [5.0, "PB", TIERING, *[GAP] * 7, [[0.5, EMPTY, 0.5]]], "#VALUE!", "empty cell"),
    ("VIDEO_STORAGE", [5.0, "PB", TIERING, *[GAP] * 7, "half 30% 20%"], "#VALUE!", "'half'"),
    ("VIDEO_REQUESTS", [1e9, "transition"], "#N/A", "Allowed: copy, delete"),
    ("VIDEO_REQUESTS", [1e9, "put", "nebius.object.standard"], "#N/A", "operation of nebius.object.standard 'put'"),
    ("VIDEO_RATE", ["aws.s3.standard"], "#N/A", "Nearest: aws.s3.standard."),
    ("VIDEO_LATENT", ["wan2.9"], "#N/A", "Nearest: wan2.1"),
    ("VIDEO_LATENT", ["wan2.1", 1280.0, 720.0, 121.0, "bf17"], "#VALUE!", "Nearest: bf16"),
    ("VIDEO_TEXTFEATURE", ["umt5-xl"], "#N/A", "Nearest: umt5-xxl"),
    ("VIDEO_EGRESS", [5.0, "PB", GAP, GAP, "us-east-1x"], "#N/A", "Nearest: us-east-1"),
    ("VIDEO_STORAGE", [5.0, "PB", "gcp.gcs.rapid", GAP, GAP, GAP, "us-east4"], "#N/A", "rapid.storage in: us-central1"),
    ("VIDEO_SOURCE", ["aws.s3.standrd.storage"], "#N/A", "Nearest: aws.s3.standard.storage"),
    ("VIDEO_LIST", ["rout"], "#VALUE!", "Nearest: route"),
    ("VIDEO_EXPLAIN", ["VIDEO_EGRES"], "#VALUE!", "Nearest: VIDEO_EGRESS"),
    # numbers
    ("VIDEO_STORAGE", [5.0, "PB", GAP, -1.0], "#NUM!", "months"),
    ("VIDEO_STORAGE", [5.0, "PB", GAP, "1"], "#VALUE!", "Remove the quotation marks"),
    ("VIDEO_STORAGE", [5.0, "PB", GAP, GAP, -1.0], "#NUM!", "objects"),
    ("VIDEO_STORAGE", [5.0, "PB", GAP, GAP, GAP, -1.0], "#NUM!", "prior"),
    ("VIDEO_STORAGE", ["5 PB", GAP, GAP, GAP, GAP, 1.0], "#VALUE!", "prior is a number without a unit"),
    ("VIDEO_EGRESS", [5.0, "PB", GAP, "some"], "#VALUE!", "prior is the text 'some', not a number"),
    (
        "VIDEO_EGRESS",
        [5.0, "PB", GAP, "5"],
        "#VALUE!",
        "prior is the text '5', not a number: remove the quotation marks",
    ),
    ("VIDEO_REQUESTS", ["1e9"], "#VALUE!", "count is a number, not the text '1e9'"),
    ("VIDEO_REQUESTS", [-1.0], "#NUM!", "count"),
    ("VIDEO_EXPERIMENT", [5.0, "PB", -1.0], "#NUM!", "passes"),
    ("VIDEO_EXPERIMENT", [5.0, "PB", 1.0, 50.0], "#NUM!", "share is a number from 0 to 1, not 50"),
    ("VIDEO_EXPERIMENT", [5.0, "PB", 1.0, 1.0, GAP, 0.0], "#NUM!", "object_mb is a finite number above 0"),
    ("VIDEO_EXPERIMENT", [5.0, "PB", 1.0, 1.0, GAP, 5.0, 1.5], "#NUM!", "cached"),
    ("VIDEO_EGRESS", [5.0, "PB", GAP, GAP, GAP, 10.0], "#NUM!", "discount is a number from 0 to 1, not 10"),
    ("VIDEO_EGRESS", [5.0, "PB", GAP, GAP, GAP, "ten %"], "#VALUE!", "discount is a number, not the text"),
    ("VIDEO_EGRESS", [5.0, "PB", GAP, GAP, GAP, "120%"], "#NUM!", "discount is a number from 0 to 1, not 1.2"),
    ("VIDEO_EXPERIMENT", [5.0, "PB", "12%"], "#VALUE!", "passes is a number, not the text '12%'"),  # no share
    ("VIDEO_STORAGE", [5.0, "PB", "S3"], "#N/A", "'S3' may be aws.s3.standard, aws.s3.standard-ia"),
    ("VIDEO_STORAGE", [5.0, "PB", "infrequent access"], "#N/A", "may be aws.s3.standard-ia, aws.s3.one-zone-ia, oci."),
    ("VIDEO_STORAGE", [5.0, "PB", "S3 archive"], "#N/A", "is not known. Nearest: "),  # no class is called so
    ("VIDEO_EGRESS", [5.0, "PB", "internet"], "#N/A", "may be aws.internet, aws.nat, aws.cloudfront, azure.internet"),
    (
        "VIDEO_STORAGE",
        [5.0, "PB", GAP, GAP, GAP, GAP, "US East"],
        "#N/A",
        "is not known. Nearest: us-east-2, us-east-1",
    ),
    ("VIDEO_EGRESS", ["5 PB", GAP, "b2.internet", *[GAP] * 5, 2.0], "#VALUE!", "2 what? stored is a number without a"),
    ("VIDEO_EGRESS", [5.0, "PB", "b2.internet", *[GAP] * 5, -1.0], "#NUM!", "stored is a finite number, 0 or more"),
    ("VIDEO_EGRESS", [5.0, "PB", "wasabi.internet", *[GAP] * 5, 4.0], "#N/A", "no price beyond it. Allowed only up to"),
    ("VIDEO_RATE", ["aws.s3.standard.storage", 0.0, "PB"], "#NUM!", "needs a volume"),
    ("VIDEO_RATE", ["aws.s3.standard.put", 1e9], "#VALUE!", 'write the unit "billed"'),
    ("VIDEO_RATE", ["aws.s3.standard.put", 1e9, "PB"], "#VALUE!", 'write the unit "billed"'),
    ("VIDEO_LATENT", ["wan2.1", 0.0], "#NUM!", "width"),
    ("VIDEO_LATENT", ["wan2.1", 1280.5], "#NUM!", "whole number"),
    ("VIDEO_TOKENS", ["wan2.1", 1280.0, 720.0, 121.0, 0.0], "#NUM!", "patch"),
    ("VIDEO_TOKENS", ["sd-vae"], "#VALUE!", "no transformer whose patch is known: write patch"),
    ("VIDEO_TRANSFERDAYS", [5.0, "PB", 0.0], "#NUM!", "gbps"),
    ("VIDEO_TRANSFERDAYS", [5.0, "PB", 100.0, 80.0], "#NUM!", "utilisation is a number above 0, at most 1"),
    ("VIDEO_DATASET", [-1.0], "#NUM!", "videos"),
    ("VIDEO_DATASET", [1e200, 1e200], "#NUM!", "finite"),
    # days
    ("VIDEO_EGRESS", [5.0, "PB", GAP, GAP, GAP, GAP, GAP, "1 May 2026"], "#VALUE!", '"2026-10-01"'),
    ("VIDEO_EGRESS", [5.0, "PB", GAP, GAP, GAP, GAP, GAP, "2020-01-01"], "#N/A", "first holds from 2023-06-19"),
    ("VIDEO_SOURCE", ["b2.standard.storage", GAP, "2020-01-01"], "#N/A", "first holds from 2024-07-16"),
    # too many, too few
    ("VIDEO_EGRESS", [GAP] * 10, "#VALUE!", "takes 9 arguments, not 10"),
    ("VIDEO_VERSION", [1.0], "#VALUE!", "takes 0 arguments, not 1"),
    ("VIDEO_EXPLAIN", [GAP] * 16, "#VALUE!", "takes 15 arguments, not 16"),
    ("VIDEO_CONVERT", [5.0, "PB"], "#VALUE!", "needs to_unit"),
    ("VIDEO_CONVERT", [GAP, "PB", "TB"], "#VALUE!", "amount is needed"),
    ("VIDEO_CONVERT", [EMPTY, "PB", "TB"], "#VALUE!", "amount is needed"),
    ("VIDEO_NOTHING", [], "#VALUE!", "function 'VIDEO_NOTHING' is not known"),
]


@pytest.mark.parametrize(("name", "arguments", "code", "fragment"), MISTAKES)
def test_a_mistake_shows_its_error_and_says_what_to_write(name, arguments, code, fragment):
    result = call(name, arguments)
    assert isinstance(result, ExcelError), result
    assert result.code == code
    assert fragment in result.message
    assert "failed inside" not in result.message


PRICED = ["VIDEO_STORAGE", "VIDEO_EGRESS", "VIDEO_INGEST", "VIDEO_RETRIEVAL", "VIDEO_EXPERIMENT"]
ODD = [
    *(True, -1.0, 0.0, 1e308, math.nan, math.inf, "", " ", "x", "5", "=1+1", "\x00", "é" * 300, EMPTY, None, GAP),
    *(ExcelError("#N/A"), [], [[]], [[EMPTY]], [["x", 1.0], [True, EMPTY]], [[1.0], [2.0, 3.0]], object(), {"a": 1}),
    *(5, 10**18, b"PB", 3 + 4j, (1.0, 2.0), [1.0, "x"]),
]


@pytest.mark.parametrize(
    "name", [*PRICED, "VIDEO_REQUESTS", "VIDEO_RATE", "VIDEO_SOURCE", "VIDEO_LIST", "VIDEO_CONVERT"]
)
@pytest.mark.parametrize("position", range(4))
def test_nothing_that_a_host_could_hand_over_breaks_a_function(name, position):
    by_meter = name in {"VIDEO_RATE", "VIDEO_SOURCE", "VIDEO_LIST"}
    usual = ["aws.s3.standard.storage", GAP, GAP, GAP] if by_meter else [5.0, "PB", GAP, GAP]
    for value in ODD:
        result = call(name, [*usual[:position], value])
        cells = [cell for row in result for cell in row] if isinstance(result, list) else [result]
        for cell in cells:
            assert isinstance(cell, (float, str, bool, ExcelError)), value
            assert "failed inside" not in getattr(cell, "message", ""), value
