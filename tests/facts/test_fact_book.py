"""The fact book: every row is sourced, names resolve, and derived figures agree with what others publish."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from importlib.resources import files

import pytest
from pydantic import ValidationError

from vidcost_xl.errors import NotInBookError
from vidcost_xl.facts.book import Shelf, fact_book
from vidcost_xl.facts.schema import Corpus, Generator, Quantity, Vae

BOOK = fact_book()
SHELVES = {
    "vaes": BOOK.vaes,
    "text_encoders": BOOK.text_encoders,
    "corpora": BOOK.corpora,
    "text_corpora": BOOK.text_corpora,
    "generators": BOOK.generators,
    "language_models": BOOK.language_models,
    "acceptance": BOOK.acceptance_facts,
    "practice": BOOK.practice_facts,
    "own_infra": BOOK.own_infra_facts,
}
LOOK_UPS = {
    "vaes": BOOK.vae,
    "text_encoders": BOOK.text_encoder,
    "corpora": BOOK.corpus,
    "text_corpora": BOOK.text_corpus,
    "generators": BOOK.generator,
    "language_models": BOOK.language_model,
    "acceptance": BOOK.acceptance,
    "practice": BOOK.practice,
    "own_infra": BOOK.own_infra,
}


@pytest.mark.parametrize("shelf", SHELVES)
def test_every_row_says_where_and_when_it_was_read_and_how_far_to_trust_it(shelf):
    for row in SHELVES[shelf].values():
        assert len(row.source) >= 8, row.id
        assert re.match(r"\d{4}", row.as_of), row.id
        assert row.confidence in {"high", "medium"}, row.id


@pytest.mark.parametrize("file", SHELVES)
def test_no_row_comes_from_memory_or_names_a_place_on_a_machine(file):
    text = files("vidcost_xl.facts").joinpath("data", f"{file}.toml").read_text(encoding="utf-8").casefold()
    for forbidden in ("recalled", "shared/", "/work", "/root", "/home", "c:\\"):
        assert forbidden not in text


@pytest.mark.parametrize(
    ("shelf", "least"),
    [("vaes", 12), ("text_encoders", 8), ("corpora", 20), ("generators", 20), ("language_models", 10)],
)
def test_the_book_holds_enough_rows_to_compare(shelf, least):
    assert len(SHELVES[shelf]) >= least


@pytest.mark.parametrize("shelf", SHELVES)
def test_ids_and_aliases_find_their_row_whatever_their_case_and_surrounding_spaces(shelf):
    for row in SHELVES[shelf].values():
        for name in (row.id, *row.aliases):
            assert LOOK_UPS[shelf](f"  {name.upper()} ") is row


@pytest.mark.parametrize("shelf", LOOK_UPS)
def test_an_unknown_name_names_the_nearest_and_shows_as_not_available(shelf):
    first = next(iter(SHELVES[shelf]))
    with pytest.raises(NotInBookError, match=rf"Nearest: .*{re.escape(first)}") as caught:
        LOOK_UPS[shelf](first + "x")
    assert caught.value.excel == "#N/A"


@pytest.mark.parametrize("name", ["", "   ", "no such thing"])
def test_a_name_that_resembles_nothing_lists_what_is_allowed(name):
    with pytest.raises(NotInBookError, match="Allowed: "):
        BOOK.vae(name)


def test_the_book_is_read_once_and_not_changed():
    assert fact_book() is BOOK
    with pytest.raises(AttributeError):
        BOOK.vaes = BOOK.vaes
    with pytest.raises(TypeError):
        BOOK.vaes["wan2.1"] = BOOK.vae("wan2.1")
    with pytest.raises(ValidationError):
        BOOK.vae("wan2.1").latent_channels = 8


def test_importing_the_package_reads_no_file():
    program = (
        "import vidcost_xl.facts, vidcost_xl.facts.latents as l, sys; from vidcost_xl.facts.book import fact_book;"
        "assert fact_book.cache_info().currsize == 0;"
        "assert not {'pandas', 'openpyxl', 'xlwings', 'formualizer'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


#: Data set: MB a clip, seconds a clip, Mbit/s, worked out by hand from the published figures.
DERIVED = {
    "panda-70m": (0.509, 8.5, 0.479),
    "panda-70m-10m": (0.764, 12.72, 0.48),
    "panda-70m-2m": (0.667, 11.34, 0.47),
    "panda-70m-as-downloaded": (0.270, None, None),
    "webvid-10m": (2.0, 18.72, 0.855),
    "webvid-2.5m": (2.0, None, None),
    "hd-vg-130m": (2.308, None, None),
    "hd-vila-100m": (None, 13.37, None),
    "openvid-1m-wds": (6.863, None, None),
    "openvidhd-0.4m": (10.393, None, None),
    "finevideo": (13.714, 281.82, 0.389),
    "spatialvid": (2.841, 9.45, 2.404),
    "ultravideo": (30.282, None, None),
    "epic-kitchens-100": (None, 514.44, None),
    "droid-raw": (114.474, 16.58, 55.238),
    "standard-intelligence-heap": (None, None, 0.741),
    "video2dataset-100": (2.36045, 20.3, 0.93),
}


@pytest.mark.parametrize("corpus", DERIVED)
def test_clip_size_length_and_bit_rate_follow_from_clips_hours_and_terabytes(corpus):
    row = BOOK.corpus(corpus)
    found = (row.megabytes_per_clip, row.seconds_per_clip, row.megabits_per_second)
    for figure, expected in zip(found, DERIVED[corpus], strict=True):
        assert figure == (None if expected is None else pytest.approx(expected, rel=2e-3))


def test_two_reports_that_disagree_both_stand_and_name_each_other():
    # The repository's table, and a user's download of nine in ten clips.
    table, download = BOOK.corpus("panda-70m"), BOOK.corpus("panda-70m-as-downloaded")
    assert (table.terabytes, download.terabytes) == (36, 17.57)
    assert "17.57 TB" in table.note and "36 TB" in download.note
    assert "issue 45" in download.source and download.as_of == "2024-04-16"


def test_fineweb_stores_2_93_bytes_a_token():
    assert BOOK.text_corpus("fineweb").bytes_per_token == pytest.approx(2.93, abs=0.005)


def test_generated_seconds_cost_from_2_cents_to_1_dollar_56():
    prices = [price for row in BOOK.generators.values() for price in (row.usd_per_second, *row.by_resolution.values())]
    assert (min(prices), max(prices)) == (0.02, 1.5552)


def test_a_generator_prices_by_resolution_and_refuses_one_it_has_no_price_for():
    veo = BOOK.generator("veo-3.1")
    assert (veo.price(), veo.price(" 4K ")) == (0.4, 0.6)
    with pytest.raises(NotInBookError, match="Allowed: 4k"):
        veo.price("480p")


def test_resolutions_are_written_in_lower_case_so_that_they_are_found():
    assert all(key == key.casefold() for row in BOOK.generators.values() for key in row.by_resolution)


@pytest.mark.parametrize("name", ["sora-2", "sora-2-pro", "sora-2-pro-high-res"])
def test_sora_2_is_not_offered_from_the_day_it_was_shut_down(name):
    row = BOOK.generator(name)
    assert row.offered_on(date(2026, 9, 23))
    assert not row.offered_on(date(2026, 9, 24))
    assert BOOK.generator("veo-3.1").offered_on(date(2026, 9, 24))


def test_rewriting_300_tokens_into_500_costs_from_0_0002_to_0_011_dollars():
    costs = [
        (300 * row.usd_per_million_input + 500 * row.usd_per_million_output) / 1e6
        for row in BOOK.language_models.values()
    ]
    assert (min(costs), max(costs)) == pytest.approx((0.00023, 0.0112))


def test_yields_agree_with_the_clips_they_come_from():
    usable = BOOK.acceptance("kalshi-usable-clips").bounds[0]
    fewest, most = BOOK.acceptance("kalshi-generations").bounds
    assert BOOK.acceptance("kalshi-clip-yield").bounds == (usable / most, usable / fewest)
    used, made = BOOK.acceptance("invideo-episode-usable-clips"), BOOK.acceptance("invideo-episode-generations")
    assert BOOK.acceptance("invideo-episode-clip-yield").value == used.bounds[0] / made.bounds[0]


def test_fractions_lie_between_zero_and_one():
    for shelf in ("acceptance", "practice", "own_infra"):
        for row in SHELVES[shelf].values():
            assert row.unit != "fraction" or 0 < row.bounds[0] <= row.bounds[1] <= 1


def test_an_own_heap_of_30_pb_costs_about_a_dollar_a_tb_and_month():
    month, petabytes = BOOK.own_infra("si-heap-all-in").bounds[0], BOOK.own_infra("si-heap-capacity").bounds[0]
    assert month / (petabytes * 1000) == pytest.approx(0.98, abs=0.005)


BASE = {"id": "a", "label": "a row", "source": "a page read", "as_of": "2026-11", "confidence": "high"}


@pytest.mark.parametrize(
    ("model", "fields", "why"),
    [
        (Corpus, {}, "at least one"),
        (Corpus, {"clips": 0}, "greater than 0"),
        (Corpus, {"clips": 1, "source": "figure recalled"}, "memory"),
        (Corpus, {"clips": 1, "as_of": "lately"}, "pattern"),
        (Corpus, {"clips": 1, "size": 1}, "not permitted"),
        (Quantity, {"unit": "h"}, "either a value or both"),
        (Quantity, {"unit": "h", "value": 1, "low": 1, "high": 2}, "either a value or both"),
        (Quantity, {"unit": "h", "low": 1}, "either a value or both"),
        (Quantity, {"unit": "h", "value": 1, "low": 1}, "either a value or both"),
        (Quantity, {"unit": "h", "low": 2, "high": 1}, "low is below high"),
        (Quantity, {"value": 1}, "unit"),
        (Generator, {"usd_per_second": 0}, "greater than 0"),
        (Generator, {"usd_per_second": 1, "withdrawn": "2026-09-24"}, "a date and a source"),
        (
            Vae,
            {"temporal_factor": 4, "spatial_factor": 8, "latent_channels": 4, "frame_rule": "per-frame"},
            "go together",
        ),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(model, fields, why):
    with pytest.raises(ValidationError, match=why):
        model.model_validate(BASE | fields)


def test_a_name_declared_twice_is_refused():
    first = Corpus.model_validate(BASE | {"clips": 1})
    second = Corpus.model_validate(BASE | {"clips": 1, "id": "b", "aliases": ["A"]})
    with pytest.raises(ValueError, match="declared twice"):
        Shelf("video data set", (first, second))
