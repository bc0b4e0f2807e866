"""Every function through the xlwings DLL and a COM server in a real Windows Python, as VBA calls it."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from tests.conformance import CASES, SHOWN, here, same
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.registry import functions
from vidcost_xl.hosts.com_values import MARK, to_com


def expected(case):
    """The result that COM carries, as xlwings flattens it."""
    rows = to_com(call(case["function"], [here(value) for value in case["arguments"]]))
    row = rows[0] if len(rows) == 1 else rows
    return row[0] if len(row) == 1 and len(rows) == 1 else row


@pytest.fixture(scope="module")
def answers(installed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("calls")
    cases = folder / "cases.json"
    cases.write_text(json.dumps([*SHOWN, *CASES]), encoding="utf-8")
    return installed.client("calls", cases, folder)


def test_every_function_answers_through_the_dll_as_it_does_here(answers):
    wrong = [
        (case, answer, expected(case))
        for case, answer in zip([*SHOWN, *CASES], answers, strict=True)
        if "value" not in answer or not same(expected(case), answer["value"])
    ]
    assert {case["function"] for case in CASES} == set(functions())
    assert wrong == []
    print(f"\n{len(CASES)} calls of {len(functions())} functions through xlwings' DLL: all as here")


def test_the_values_of_the_log(answers):
    egress, spill, missing, passed = (answer["value"] for answer in answers[: len(SHOWN)])
    print(f"\n=VIDEO_EGRESS() -> {egress:,.2f}")
    print(f'=VIDEO_EGRESS(A1:A36,"PB"), A1:A36 = 1 to 36 -> {len(spill)} rows x {len(spill[0])}:')
    print("  " + " ".join(f"{row[0]:,.2f}" for row in spill))
    print(f'=VIDEO_EGRESS(5,"PB","aws.nowhere") -> {missing.removeprefix(MARK)}')
    print(f'=VIDEO_EGRESS(#DIV/0!,"PB") -> {passed.removeprefix(MARK)}')
    assert f"{egress:,.2f}" == "236,716.84"
    assert len(spill) == 36
    assert all(later[0] > earlier[0] for earlier, later in pairwise(spill))
    assert (missing, passed) == (f"{MARK}#N/A", f"{MARK}#DIV/0!")
