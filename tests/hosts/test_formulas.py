"""Formula texts: every form in which Excel saves our functions is the bare one, and texts stay as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.hosts.formulas import (
    OMITTED_MARK,
    canonical_formula,
    explaining_formula,
    function_names,
    with_omitted_marked,
)

PREFIXES = [
    "[1]!",
    "[12]!",
    "'C:\\path\\x.xlam'!",
    "'C:\\Users\\O''Neil\\x y.xlam'!",
    "'C:\\Nutzer\\Jörg\\vidcost.xlam'!",
    "'[vidcost.xlam]'!",
    "'https://example.com/a/vidcost.xlam'!",
    "vidcost.xlam!",
    "_xll.",
    "_xldudf_",
    "ORG.VIDCOST.FUNCTIONS.",
    "@_xldudf_",
    "@",
    "@[1]!",
]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_form_that_excel_saves_is_the_bare_name(prefix):
    assert canonical_formula(f'={prefix}VIDEO_EGRESS(5,"PB")') == '=VIDEO_EGRESS(5,"PB")'


@pytest.mark.parametrize("prefix", PREFIXES)
def test_nested_calls_are_found_at_every_depth(prefix):
    formula = f'=SUM({prefix}VIDEO_EGRESS({prefix}VIDEO_DATASET(1E9,5,"PB"),"PB"),IF(A1>0,{prefix}VIDEO_STORAGE(),0))'
    expected = '=SUM(VIDEO_EGRESS(VIDEO_DATASET(1E9,5,"PB"),"PB"),IF(A1>0,VIDEO_STORAGE(),0))'
    assert canonical_formula(formula) == expected


@pytest.mark.parametrize(
    "formula",
    [
        '="[1]!VIDEO_EGRESS(5)"',
        '=LEN("VIDEO_EGRESS(""x"",)")',
        '="größer als [1]!VIDEO_EGRESS( 費用 "&A1',
        '=IF(A1="VIDEO_EGRESS(,)",VIDEO_EGRESS(5,"PB"),"@VIDEO_EGRESS(")',
    ],
)
def test_a_text_that_contains_a_call_is_untouched(formula):
    assert canonical_formula(formula) == formula
    assert with_omitted_marked(formula) == formula


@pytest.mark.parametrize(
    "formula",
    [
        "=SUM(A1:A3)",
        "='[Other.xlsx]Sheet 1'!A1+1",
        '=[2]Sheet1!$A$1*VIDEO_CONVERT(1,"TB","GB")',
        "='Kosten 2026'!B2/VIDEO_DATASET()",
        "=MY_VIDEO_EGRESS(5)+VIDEO_EGRESS()",
        "=_xldudf_MY_VIDEO_EGRESS(5)+_xldudf_CX_GET(VIDEO_EGRESS())",
        '=_xldudf_VIDEO_EGRESS+"_xldudf_VIDEO_EGRESS(5)"',
        "=OTHER.XLAM!FOO(VIDEO_EGRESS())",
        '=VIDEO_EGRESS( 5 , "PB" )',
        "=-VIDEO_EGRESS()%",
        "={1,2;3,4}+VIDEO_EGRESS()",
    ],
)
def test_what_is_not_ours_is_left_as_it_is(formula):
    assert canonical_formula(formula) == formula


def test_case_is_kept_and_does_not_matter():
    assert canonical_formula("=[1]!video_egress()") == "=video_egress()"


@pytest.mark.parametrize(
    ("formula", "marked"),
    [
        ('=VIDEO_EGRESS(5,,"x")', '=VIDEO_EGRESS(5,"?","x")'),
        ("=VIDEO_EGRESS(5,)", '=VIDEO_EGRESS(5,"?")'),
        ("=VIDEO_EGRESS(,)", '=VIDEO_EGRESS("?","?")'),
        ("=VIDEO_EGRESS(,,)", '=VIDEO_EGRESS("?","?","?")'),
        ("=VIDEO_EGRESS()", "=VIDEO_EGRESS()"),
        ("=VIDEO_EGRESS( )", "=VIDEO_EGRESS( )"),
        ("=VIDEO_EGRESS( , )", '=VIDEO_EGRESS( "?", "?")'),
        ('=VIDEO_EGRESS(IF(1,,2),"PB")', '=VIDEO_EGRESS(IF(1,,2),"PB")'),
        ('=IF(1,,VIDEO_EGRESS(5,,"x"))', '=IF(1,,VIDEO_EGRESS(5,"?","x"))'),
        ("=VIDEO_EGRESS(VIDEO_DATASET(,5),)", '=VIDEO_EGRESS(VIDEO_DATASET("?",5),"?")'),
        ("=VIDEO_EGRESS((5),,{1,2})", '=VIDEO_EGRESS((5),"?",{1,2})'),
        ("=VIDEO_EGRESS(A1:B2,)", '=VIDEO_EGRESS(A1:B2,"?")'),
        ('=[1]!VIDEO_EGRESS(5,,"x")', '=VIDEO_EGRESS(5,"?","x")'),
        ("=SUM(,1)", "=SUM(,1)"),
    ],
)
def test_arguments_left_out_of_our_functions_are_marked_and_others_are_not(formula, marked):
    assert with_omitted_marked(formula).replace(OMITTED_MARK, "?") == marked


def test_a_text_is_never_the_mark():
    assert not OMITTED_MARK.isprintable()


@pytest.mark.parametrize("formula", ['=VIDEO_EGRESS("', "=VIDEO_EGRESS(", "=VIDEO_EGRESS(5))"])
def test_a_text_that_is_no_formula_is_refused_and_not_guessed(formula):
    with pytest.raises(ValueError, match="not a formula"):
        canonical_formula(formula)


@given(st.text(max_size=30))
def test_any_text_is_canonical_twice_or_no_formula(text):
    formula = f'=VIDEO_EGRESS(5,"{text.replace(chr(34), chr(34) * 2)}")'
    try:
        once = canonical_formula(formula)
    except ValueError:
        return
    assert once == formula == canonical_formula(once)


@pytest.mark.parametrize(
    ("formula", "explaining"),
    [
        ("=VIDEO_EGRESS()", '=VIDEO_EXPLAIN("VIDEO_EGRESS")'),
        ('=VIDEO_EGRESS(5,"PB")', '=VIDEO_EXPLAIN("VIDEO_EGRESS",5,"PB")'),
        ('video_egress(5,,"x")', '=VIDEO_EXPLAIN("VIDEO_EGRESS",5,,"x")'),
        ('=[1]!VIDEO_EGRESS(VIDEO_DATASET(),"PB")', '=VIDEO_EXPLAIN("VIDEO_EGRESS",VIDEO_DATASET(),"PB")'),
    ],
)
def test_one_call_becomes_its_explanation(formula, explaining):
    assert explaining_formula(formula) == explaining


@pytest.mark.parametrize(
    "formula", ["=SUM(1,2)", "=VIDEO_EGRESS()+1", "=1+VIDEO_EGRESS()", "=A1", "", "=VIDEO_EGRESS("]
)
def test_only_one_call_of_ours_can_be_explained(formula):
    with pytest.raises(BadArgumentError):
        explaining_formula(formula)


def test_the_functions_of_a_formula_are_named_in_order():
    assert function_names('=sum([1]!video_egress(),"MAX(")+Round(1,2)') == ["SUM", "VIDEO_EGRESS", "ROUND"]
