"""Errors: each kind shows as its own Excel error, with a reason that names what to write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidcost_xl.errors import (
    EXCEL_ERRORS,
    BadArgumentError,
    CellError,
    ExcelError,
    NotInBookError,
    OutOfDomainError,
    VideoCostError,
    as_cell,
    nearest,
    unknown_name,
)

ROUTES = ["aws.internet", "aws.nat", "r2.internet", "gcp.internet"]


@pytest.mark.parametrize(
    ("kind", "code"), [(BadArgumentError, "#VALUE!"), (OutOfDomainError, "#NUM!"), (NotInBookError, "#N/A")]
)
def test_each_kind_of_error_has_its_excel_error(kind, code):
    assert as_cell(kind("why")) == ExcelError(code, "why")


@pytest.mark.parametrize("code", EXCEL_ERRORS)
def test_an_error_cell_passes_through_under_its_own_code(code):
    assert as_cell(CellError(code, "met in amount")).code == code


def test_our_errors_are_one_family_of_value_errors():
    assert all(
        issubclass(kind, VideoCostError) for kind in (BadArgumentError, OutOfDomainError, NotInBookError, CellError)
    )
    assert issubclass(VideoCostError, ValueError)


@pytest.mark.parametrize("code", ["#value!", "N/A", "", "0"])
def test_what_excel_cannot_show_is_no_error_value(code):
    with pytest.raises(ValueError, match="not an Excel error value"):
        ExcelError(code)


def test_an_error_value_prints_as_its_cell_shows_it():
    assert str(ExcelError("#N/A", "long reason")) == "#N/A"


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("aws.internett", "aws.internet"),
        ("AWS.INTERNET", "aws.internet"),
        ("r2.internt", "r2.internet"),
        ("nat", "aws.nat"),
    ],
)
def test_the_nearest_name_comes_first_whatever_its_case(written, first):
    assert nearest(written, ROUTES)[0] == first


def test_nothing_is_near_what_resembles_nothing():
    assert nearest("zzzzzz", ROUTES) == []
    assert nearest("", ROUTES) == []


@given(st.text(max_size=20), st.lists(st.text(min_size=1, max_size=8), max_size=20, unique_by=str.casefold))
def test_nearest_names_are_allowed_ones_at_most_three_without_repetition(written, allowed):
    found = nearest(written, allowed)
    assert len(found) <= 3
    assert len(set(found)) == len(found)
    assert set(found) <= set(allowed)


def test_an_unknown_name_says_what_is_nearest_what_is_allowed_and_where_to_look():
    text = unknown_name("route", "aws.internett", ROUTES, 'See =VIDEO_LIST("route").')
    assert text.startswith("route 'aws.internett' is not known. Nearest: aws.internet, ")
    assert text.endswith('Allowed: aws.internet, aws.nat, gcp.internet, r2.internet. See =VIDEO_LIST("route").')


def test_a_long_list_of_allowed_names_is_cut_and_counted():
    text = unknown_name("meter", "x", [f"meter-{number:02}" for number in range(20)])
    assert "meter-11 and 8 more." in text
    assert "meter-12" not in text.split("Allowed:")[1]


def test_a_name_where_none_is_allowed_says_so():
    assert "None are allowed here." in unknown_name("operation", "put", [])
