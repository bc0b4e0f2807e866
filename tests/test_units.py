"""Units of data: decimal and binary kept apart, and every doubtful way of writing an amount refused."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidcost_xl.errors import BadArgumentError, OutOfDomainError
from vidcost_xl.units import UNITS, bytes_per, convert, parse_amount

# BIPM SI brochure, 9th edition, table 7, and IEC 80000-13, written out digit by digit.
SIZES = {
    "B": 1,
    "kB": 1_000,
    "KB": 1_000,
    "MB": 1_000_000,
    "GB": 1_000_000_000,
    "TB": 1_000_000_000_000,
    "PB": 1_000_000_000_000_000,
    "EB": 1_000_000_000_000_000_000,
    "KiB": 1_024,
    "MiB": 1_048_576,
    "GiB": 1_073_741_824,
    "TiB": 1_099_511_627_776,
    "PiB": 1_125_899_906_842_624,
    "EiB": 1_152_921_504_606_846_976,
}


def test_the_units_are_exactly_those_of_the_standards():
    assert dict(UNITS) == SIZES


@pytest.mark.parametrize(("unit", "size"), SIZES.items())
def test_a_unit_holds_the_bytes_of_its_standard(unit, size):
    assert bytes_per(unit) == size


@pytest.mark.parametrize(
    ("amount", "start", "end", "expected"),
    [
        (5, "PB", "TB", 5_000),
        (5, "PiB", "TiB", 5_120),
        (1, "TiB", "GiB", 1_024),
        (1_073_741_824, "GB", "GiB", 1_000_000_000),  # 2^30 x 10^9 / 2^30
        (0, "EB", "B", 0),
    ],
)
def test_decimal_and_binary_units_are_kept_apart(amount, start, end, expected):
    assert convert(amount, start, end) == expected


def test_five_decimal_petabytes_are_4656613_billed_gigabytes():
    # DESIGN section 4: 5e15 / 2^30 = 4,656,612.873...; AWS prints GB and means 2^30 bytes.
    assert math.ceil(convert(5, "PB", "GiB")) == 4_656_613


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("5 PB", 5_000_000_000_000_000),
        ("5PB ", 5_000_000_000_000_000),
        ("  5\tPB", 5_000_000_000_000_000),
        ("5\u00a0PB", 5_000_000_000_000_000),  # a no-break space, as pasted from a web page
        ("1.5 TiB", 1_649_267_441_664),  # 1.5 x 2^40
        (".5 kB", 500),
        ("5. MB", 5_000_000),
        ("1e3 GB", 1_000_000_000_000),
        ("+2 B", 2),
        ("0 PB", 0),
    ],
)
def test_an_amount_is_a_number_and_a_unit_with_any_space_around(text, size):
    assert parse_amount(text) == size


@pytest.mark.parametrize(
    "text",
    ["4,656 PB", "4,656.5 PB", "4.656,5 PB", "4 656 PB", "4'656 PB", "4\u2019656 PB", "4\u00a0656 PB", "4\u202f656 PB"],
)
def test_thousands_separators_are_refused_as_ambiguous(text):
    with pytest.raises(BadArgumentError, match=r"ambiguous.*without separators"):
        parse_amount(text)


@pytest.mark.parametrize(
    ("text", "fix"),
    [("5 pb", "PB"), ("5 Mb", "MB"), ("5 Gib", "GiB"), ("5 kb", "KB"), ("5 Tb", "TB"), ("5 b", "B")],
)
def test_a_unit_that_reads_as_bits_is_refused_and_the_unit_in_bytes_named(text, fix):
    with pytest.raises(BadArgumentError, match=rf"reads as bits.*Write '{fix}'"):
        parse_amount(text)


@pytest.mark.parametrize(("unit", "fix"), [("pB", "PB"), ("tib", "TiB"), ("GIB", "GiB"), ("gB", "GB")])
def test_a_unit_in_the_wrong_case_is_refused_and_the_right_one_named(unit, fix):
    with pytest.raises(BadArgumentError, match=rf"'{fix}'"):
        bytes_per(unit)


@pytest.mark.parametrize(("unit", "near"), [("PBs", "PB"), ("TBB", "TB"), ("GiBB", "GiB")])
def test_an_unknown_unit_names_the_nearest(unit, near):
    with pytest.raises(BadArgumentError, match=rf"Nearest: [^.]*\b{near}\b"):
        bytes_per(unit)


@pytest.mark.parametrize("unit", ["", " ", "billed", "petabytes", "%"])
def test_what_is_no_unit_of_data_is_refused_with_the_allowed_ones(unit):
    with pytest.raises(BadArgumentError, match=r"Allowed: B, kB, KB, MB"):
        bytes_per(unit)


@pytest.mark.parametrize("text", ["5", "5.0", "1e3"])
def test_a_number_without_a_unit_is_asked_for_one(text):
    with pytest.raises(BadArgumentError, match=r"what\? Write the unit too"):
        parse_amount(text)


@pytest.mark.parametrize("text", ["", "PB", "five PB", "5 P B", "5 PB 3", "=5", "5%", "0x5 PB", "1_000 PB"])
def test_what_is_not_an_amount_is_refused(text):
    with pytest.raises(BadArgumentError, match=r"not an amount|ambiguous"):
        parse_amount(text)


@pytest.mark.parametrize("text", ["-5 PB", "-0.1 TB", "1e400 B", "1e300 EB"])
def test_a_negative_or_infinite_amount_is_outside_the_domain(text):
    with pytest.raises(OutOfDomainError, match="finite and not negative"):
        parse_amount(text)


@given(st.floats(0, 1e9), st.sampled_from(sorted(SIZES)))
def test_what_is_written_is_read_back(number, unit):
    assert parse_amount(f"{number!r} {unit}") == pytest.approx(number * SIZES[unit], rel=1e-15)


@given(st.floats(0, 1e12), st.sampled_from(sorted(SIZES)), st.sampled_from(sorted(SIZES)))
def test_converting_there_and_back_changes_nothing(number, start, end):
    assert convert(convert(number, start, end), end, start) == pytest.approx(number, rel=1e-12)


@given(st.text(max_size=12))
def test_any_text_is_an_amount_or_a_refusal_with_a_reason(text):
    try:
        size = parse_amount(text)
    except (BadArgumentError, OutOfDomainError) as error:
        assert len(error.message) > 20
    else:
        assert size >= 0
        assert math.isfinite(size)
