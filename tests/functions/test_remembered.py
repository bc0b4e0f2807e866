"""Answers that are remembered: the same as without memory, told apart by all they rest on, and kept within bounds."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pytest

from tests.conformance import QUICK, here
from vidcost_xl.analysis.mix.programme import OutOfTimeError
from vidcost_xl.analysis.needed import MissingLibraryError
from vidcost_xl.errors import ExcelError
from vidcost_xl.functions import remembered
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.registry import function_spec, functions
from vidcost_xl.functions.remembered import Answers
from vidcost_xl.functions.values import EMPTY, GIVEN_PLAN, OMITTED
from vidcost_xl.model.files import preset
from vidcost_xl.prices import book
from vidcost_xl.prices.book import price_book, using

NAN = float("nan")
#: Arguments that are not the same, though Python takes several of them for equal.
DIFFERENT = [
    *([1.0], [1], [True], ["1"], ["1.0"], ["TRUE"], [0.0], [-0.0], [False], [""], [EMPTY], [OMITTED], [], [None]),
    *([NAN], ["nan"], [ExcelError("#N/A")], [ExcelError("#VALUE!")], ["#N/A"], ["EMPTY"], [datetime(2026, 10, 1)]),
    *([[[1.0]]], [[[1]]], [[[True]]], [[["1"]]], [[[0.0]]], [[[-0.0]]], [[[EMPTY]]], [[[""]]], [[[NAN]]]),
    *([[[1.0, 2.0]]], [[[1.0], [2.0]]], [1.0, 2.0], ["ab", "c"], ["a", "bc"], ["abc"], ["pb"], ["PB"], ["\ud800"]),
    *([1.0, OMITTED], [OMITTED, 1.0], [1.0, EMPTY], [[[1.0, EMPTY]]], ["1.0, EMPTY"], ["x" * 999], ["x" * 998]),
]


@pytest.fixture
def answers():
    price_book()  # what was answered before the prices were read is not kept
    return Answers()


@pytest.fixture
def counted(monkeypatch):
    """The names of what is really worked out."""
    asked = []

    def counting(name, arguments, context=None):
        asked.append(name)
        return call(name, arguments, context)

    monkeypatch.setattr(remembered, "call", counting)
    return asked


def test_the_table_of_cases_is_answered_alike_the_first_and_the_second_time(answers, counted):
    shown = []
    for _ in range(2):
        for case in QUICK:
            found = answers.call(case["function"], [here(value) for value in case["arguments"]])
            shown.append(repr(found))
    first, second = shown[: len(QUICK)], shown[len(QUICK) :]
    plain = [repr(call(case["function"], [here(value) for value in case["arguments"]])) for case in QUICK]
    assert first == second == plain
    different = {json.dumps([case["function"], case["arguments"]]) for case in QUICK}
    assert len(counted) == len(different)


def test_other_arguments_are_another_question():
    keys = [remembered._key("d", "F", arguments) for arguments in DIFFERENT]
    same = [DIFFERENT[at] for at, key in enumerate(keys) if key in keys[:at]]
    assert same == []
    assert remembered._key("d", "G", [1.0]) != keys[0] != remembered._key("e", "F", [1.0])


def test_equal_arguments_are_the_same_question_whatever_else_refers_to_them():
    for arguments in DIFFERENT:
        copied = [[list(row) for row in each] if isinstance(each, list) else each for each in arguments]
        elsewhere = [copied, copied]
        assert remembered._key("d", "F", arguments) == remembered._key("d", "F", elsewhere[0])


def test_who_changes_an_answer_changes_only_his_own(answers):
    first = answers.call("VIDEO_LIST", ["region"])
    plain = call("VIDEO_LIST", ["region"])
    first[0][0], first[1:] = "changed", []
    second = answers.call("VIDEO_LIST", ["region"])
    second[0].clear()
    assert answers.call("VIDEO_LIST", ["region"]) == plain != first


def test_an_error_keeps_its_reason_and_an_explanation_goes_on(answers, counted):
    wrong = [5.0, "PB", "aws.internett"]
    found = [answers.call("VIDEO_EGRESS", wrong) for _ in range(2)]
    assert counted == ["VIDEO_EGRESS"]
    assert found[0] == found[1] and found[1].code == "#N/A" and "aws.internet" in found[1].message
    assert answers.call("VIDEO_EXPLAIN", ["VIDEO_EGRESS", *wrong])[-1] == ["reason", found[0].message, "", ""]
    answers.call("VIDEO_EGRESS", [5.0, "PB"])
    explained = answers.call("VIDEO_EXPLAIN", ["VIDEO_EGRESS", 5.0, "PB"])
    assert explained == call("VIDEO_EXPLAIN", ["VIDEO_EGRESS", 5.0, "PB"]) and len(explained) > 6


@pytest.mark.parametrize("error", [MemoryError(), OutOfTimeError("busy"), MissingLibraryError("no SciPy")])
def test_what_may_succeed_another_time_is_tried_again(answers, monkeypatch, error):
    def starved(*_):
        raise error

    spec = function_spec("VIDEO_CONVERT")
    with monkeypatch.context() as patch:
        patch.setitem(functions(), "VIDEO_CONVERT", replace(spec, function=starved))
        assert answers.call("VIDEO_CONVERT", [1.0, "TB", "GB"]).code in {"#VALUE!", "#NUM!"}
    assert answers.call("VIDEO_CONVERT", [1.0, "TB", "GB"]) == 1000.0


def test_other_prices_and_another_plan_give_other_answers(answers):
    listed = answers.call("VIDEO_EGRESS", [5.0, "PB"]), answers.call("VIDEO_TOTAL", [])
    meter = price_book().meters["aws.transfer.internet-out"]
    (price,) = meter.price
    tiers = [tier.model_copy(update={"price": 2 * tier.price}) for tier in price.tiers]
    dearer = meter.model_copy(update={"price": [price.model_copy(update={"tiers": tiers})]})
    with using(replace(price_book(), meters={**price_book().meters, meter.id: dearer}, _found={})):
        assert answers.call("VIDEO_EGRESS", [5.0, "PB"]) == pytest.approx(2 * listed[0])
    token = GIVEN_PLAN.set(preset("complete"))
    assert answers.call("VIDEO_TOTAL", []) == call("VIDEO_TOTAL", []) != listed[1]
    GIVEN_PLAN.reset(token)
    assert (answers.call("VIDEO_EGRESS", [5.0, "PB"]), answers.call("VIDEO_TOTAL", [])) == listed


def test_prices_that_cannot_be_read_are_read_again_once_they_can(answers, tmp_path, monkeypatch):
    monkeypatch.setenv("VIDCOST_PRICES", str(tmp_path / "prices"))
    book._book_in_use.cache_clear()
    try:
        assert answers.call("VIDEO_EGRESS", [5.0, "PB"]).code == "#VALUE!"
        (tmp_path / "prices").mkdir()
        assert isinstance(answers.call("VIDEO_EGRESS", [5.0, "PB"]), float)
    finally:
        monkeypatch.undo()
        book._book_in_use.cache_clear()


def test_those_not_asked_for_longest_go_first(counted):
    answers = Answers(most_answers=3)

    def ask(*amounts):
        counted.clear()
        for amount in amounts:
            assert answers.call("VIDEO_CONVERT", [amount, "TB", "GB"]) == 1000 * amount
        return len(counted)

    price_book()
    assert ask(1.0, 2.0, 3.0) == 3 and ask(1.0, 2.0, 3.0) == 0
    assert ask(4.0, 1.0) == 2  # 1 went, then 2
    assert ask(3.0, 4.0, 1.0) == 0 and ask(2.0) == 1 and len(answers) == 3
    answers.forget()
    assert ask(2.0) == 1 and len(answers) == 1


def test_bytes_are_kept_to_and_a_very_large_answer_is_not_kept(counted):
    price_book()
    answers = Answers(most_bytes=5_000)
    for amount in range(1, 50):
        answers.call("VIDEO_CONVERT", [float(amount), "TB", "GB"])
        assert answers.bytes <= 5_000
    assert 5 < len(answers) < 49
    kept = len(answers)
    large = [[float(month)] for month in range(1, 200)]
    assert len(answers.call("VIDEO_EGRESS", [large, "PB"])) == 199
    assert len(answers) == kept


def test_many_threads_get_their_own_answers():
    answers = Answers(most_answers=20)
    amounts = [float(at % 37) for at in range(3_000)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda amount: answers.call("VIDEO_CONVERT", [amount, "TB", "GB"]), amounts))
    assert found == [1000 * amount for amount in amounts]
    assert len(answers) == 20 and answers.bytes == sum(size for _, size in answers._kept.values())
