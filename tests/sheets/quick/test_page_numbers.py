"""The numbers of the quick page against hand calculation, and engine against native wherever inputs go."""

from __future__ import annotations

import itertools

import pytest

from vidcost_xl.errors import ExcelError
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.calc.values import recalculate
from vidcost_xl.sheets.plan.new import NewWorkbook
from vidcost_xl.sheets.quick.choices import choices_of
from vidcost_xl.sheets.quick.inputs import INPUTS
from vidcost_xl.sheets.quick.lines import LINES, MEMOS

GIB = 2**30
PRICED = [*(line.id for line in LINES), *(memo.id for memo in MEMOS), "store", "train", "total", "model"]
CHOICES = choices_of(price_book(), "aws")


def value(quick: NewWorkbook, values, reference: str):
    return values[quick.addresses.key(reference)]


def changed(quick: NewWorkbook, **inputs):
    return recalculate(quick.data, {quick.addresses.key(f"in_{name}.quantity"): new for name, new in inputs.items()})


def s3_standard(gib: float) -> float:
    # 50 TiB at 0.023, the next 450 TiB at 0.022, the rest at 0.021 USD per GiB-month.
    return 51_200 * 0.023 + 460_800 * 0.022 + (gib - 512_000) * 0.021


def internet(gib: float) -> float:
    # 100 GiB free, then 10 TiB at 0.09, 40 TiB at 0.085, 100 TiB at 0.07, the rest at 0.05.
    return 10_240 * 0.09 + 40_960 * 0.085 + 102_400 * 0.07 + (gib - 100 - 153_600) * 0.05


def test_the_article_s_case_is_the_hand_calculation(quick):
    stored, read = 10e15 / GIB, 50e15 / GIB
    expected = {
        "storage": s3_standard(stored),
        "transfer": internet(read),
        "retrieval": 0.0,
        "requests": 10 * 1e9 * 4e-7,
        "own_requests": 0.0,
        "memo_raw": s3_standard(5e15 / GIB),
        "memo_pass": internet(5e15 / GIB),
    }
    expected["store"] = expected["storage"]
    expected["train"] = expected["transfer"] + expected["requests"]
    expected["total"] = expected["store"] + expected["train"]
    for line, amount in expected.items():
        for column in ("engine", "native", "used"):
            assert value(quick, quick.values, f"{line}.{column}") == pytest.approx(amount, rel=1e-12, abs=1e-9), line


def test_the_article_s_case_shows_the_published_numbers(quick):
    shown = {
        "storage.used": 196_140.94,
        "transfer.used": 2_332_192.64,
        "requests.used": 4_000.00,
        "total.used": 2_532_333.58,
        "memo_raw.used": 98_352.07,
        "memo_pass.used": 236_716.84,
        "headline.line": 2_532_333.58,
        "headline.quantity": 30_388_002.93,
        "headline.native": 233_619.26,
        "headline.engine": 253.23,
        "claim_store.unit_price": 98_352.07,
        "claim_both.unit_price": 196_140.94,
    }
    assert {name: round(value(quick, quick.values, name), 2) for name in shown} == shown
    assert value(quick, quick.values, "headline.unit_price") == pytest.approx(2_532_333.577 / 1e9)
    assert value(quick, quick.values, "headline.unit") == pytest.approx(2_332_192.64 / 2_532_333.58)


def test_no_cell_holds_an_error_and_every_check_passes(quick):
    assert not [key for key, found in quick.values.items() if isinstance(found, ExcelError)]
    assert value(quick, quick.values, "headline.check") == 0
    assert value(quick, quick.values, "headline.used") == "The functions (add-in)"
    assert value(quick, quick.values, "claim_heading.note") == "Inputs are the article's"


def test_cloudfront_bills_its_own_requests(quick):
    values = changed(quick, route="aws.cloudfront")
    read = 50e15 / GIB
    # 1 TiB free inside the bounds; then 0.085, 0.08, 0.06, 0.04, 0.03, 0.025 and 0.02 USD per GiB.
    bounds = [1024, 10_240, 51_200, 153_600, 512_000, 1_048_576, 5_242_880, read]
    prices = [0.085, 0.08, 0.06, 0.04, 0.03, 0.025, 0.02]
    out = sum((high - low) * price for (low, high), price in zip(itertools.pairwise(bounds), prices, strict=True))
    assert value(quick, values, "transfer.native") == pytest.approx(out, rel=1e-12)
    # 10 billion HTTPS requests, the first 10 million free.
    assert value(quick, values, "own_requests.native") == pytest.approx((10e9 - 10e6) * 1e-6)
    assert value(quick, values, "headline.check") == 0


#: Terms that the pairs of a route and a class take in turn.
TERMS = [
    {"discount": 0.0},
    {"discount": 0.37, "videos": 12_345.0, "object_mb": 0.02, "passes": 0.5},
    {"discount": 1.0, "videos": 3e10, "feature_ratio": 22.9},
]


@pytest.mark.parametrize(
    ("at", "route", "storage_class"),
    [(at, route.id, item.id) for at, (route, item) in enumerate(itertools.product(CHOICES.routes, CHOICES.classes))],
)
def test_engine_equals_native_for_every_route_and_class(quick, at, route, storage_class):
    terms = TERMS[(at + at // len(CHOICES.classes)) % len(TERMS)]
    values = changed(quick, route=route, storage_class=storage_class, **terms)
    for line in PRICED:
        engine, native = value(quick, values, f"{line}.engine"), value(quick, values, f"{line}.native")
        assert isinstance(engine, float), (line, engine)
        assert engine == pytest.approx(native, rel=1e-9, abs=1e-6), line
        assert value(quick, values, f"{line}.used") == engine
    assert value(quick, values, "headline.check") == 0


def test_small_objects_are_billed_at_the_minimum_of_the_class(quick):
    values = changed(quick, storage_class="aws.s3.standard-ia", object_mb=0.01)
    objects = 10e15 / 10_000
    assert value(quick, values, "storage.native") == pytest.approx(objects * 131_072 / GIB * 0.0125)


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("videos", "many"),
        ("videos", -1.0),
        ("mb_per_video", 0.0),
        ("passes", 0.0),
        ("discount", 10.0),
        ("route", "aws.pigeon"),
        ("storage_class", "aws.s3.glacier-deep-archive"),
        ("region", "mars-1"),
        ("object_mb", 0.0),
    ],
)
def test_an_unusable_input_never_passes_the_checks(quick, name, bad):
    values = changed(quick, **{name: bad})
    found = value(quick, values, "headline.check")
    assert isinstance(found, ExcelError) or found > 0
    assert value(quick, values, f"in_{name}.check") == 1


def test_changed_inputs_are_said_not_to_be_the_article_s(quick):
    assert value(quick, changed(quick, passes=9.0), "claim_heading.note") == "Inputs changed: not the article's case"


def test_every_input_has_the_article_s_value_beside_it(quick):
    entries = {row.id: entry for _, row, entry in quick.addresses.cells() if row.id.startswith("in_")}
    assert set(entries) >= {f"in_{item.id}" for item in INPUTS}
