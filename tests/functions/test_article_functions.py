"""The Article functions as a cell calls them."""

from __future__ import annotations

import pytest

from tests.functions.test_model_functions import inputs
from vidcost_xl.errors import ExcelError
from vidcost_xl.facts.book import fact_book
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.agents import VIDEO_AGENT
from vidcost_xl.functions.article import BARRIER_COLUMNS, CLAIM_COLUMNS
from vidcost_xl.functions.values import EMPTY, OMITTED
from vidcost_xl.hosts.formualizer import evaluate


def agent(*arguments):
    rows = call("VIDEO_AGENT", list(arguments))
    return rows if isinstance(rows, ExcelError) else {row[0]: row[1] for row in rows[1:]}


def barrier(*arguments):
    rows = call("VIDEO_BARRIER", list(arguments))
    return rows if isinstance(rows, ExcelError) else {row[3]: row for row in rows[1:]}


@pytest.mark.parametrize("corpus", ["fineweb", "dolma-1.5"])
def test_published_text_corpora_have_their_published_size(corpus):
    published = fact_book().text_corpus(corpus)
    size = call("VIDEO_TEXTCORPUS", [published.tokens, published.bytes_per_token, "TB"])
    assert size == pytest.approx(published.terabytes)


def test_the_default_text_is_fineweb_s_44_tb():
    assert evaluate("=VIDEO_TEXTCORPUS()") == pytest.approx(44, rel=0.005)
    # 5 PB is 114 times that; a month on S3 Standard is about $1,000.
    assert evaluate('=VIDEO_DATASET(,,"TB")/VIDEO_TEXTCORPUS()') == pytest.approx(114, abs=0.5)
    assert evaluate('=VIDEO_STORAGE(VIDEO_TEXTCORPUS(),"TB")') == pytest.approx(1000, rel=0.1)


def test_rewriting_by_hand():
    # 300 tokens at $0.10 and 500 at $0.50 a million, four times.
    assert evaluate('=VIDEO_REWRITE(300,500,"gpt-6-luna",4)') == pytest.approx(4 * (300 * 0.1 + 500 * 0.5) / 1e6)
    assert evaluate("=VIDEO_REWRITE()") == evaluate('=VIDEO_REWRITE(,,"grok-4.3",)')


def test_the_default_agent_is_named_and_sourced():
    rows = call("VIDEO_AGENT", [])
    price = next(row for row in rows if row[0] == "generator")
    assert price[1] == 0.4 and price[3].startswith("veo-3.1: ")
    assert rows == call("VIDEO_AGENT", [OMITTED] * 6) == call("VIDEO_AGENT", [30.0, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY])


def test_an_agent_by_hand():
    # 30 s, half the clips, 1/3 of 15 s each: 6 clips kept, 12 tried, 180 s at $0.05, 12 x $0.10 of language model.
    found = agent(30.0, "grok-imagine-video", 0.5, 1 / 3, 0.1, 0.0)
    assert (found["clips kept"], found["clips tried"], found["seconds generated"]) == pytest.approx((6, 12, 180))
    assert (found["generation"], found["rewriting"], found["editing"]) == pytest.approx((9.0, 1.2, 0.0))
    assert found["cost of an accepted second"] == pytest.approx((10.2 + found["storage of rejects"]) / 30)
    assert found["cost of an accepted second"] - found["without rewriting"] == pytest.approx(1.2 / 30)


def test_rewrite_takes_the_answer_of_video_rewrite():
    rows = evaluate('=VIDEO_AGENT(30,"veo-3.1",0.25,0.5,VIDEO_REWRITE(300,500,"gpt-6-sol",10))')
    rewriting = next(row[1] for row in rows if row[0] == "rewriting")
    assert rewriting == pytest.approx(16 * 10 * (300 * 2 + 500 * 10) / 1e6)  # 30 s at 7.5 s a clip, a quarter kept


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((30.0, "soar-2"), "#N/A", "sora-2"),
        ((30.0, "sora-2"), "#N/A", "withdrawn on 2026-09-24"),
        ((30.0, "sora-2@someday"), "#VALUE!", "2026-06-01"),
        ((30.0, "veo-3.1", 0.0), "#NUM!", "clip_yield"),
        ((30.0, "veo-3.1", 1.5), "#NUM!", "clip_yield"),
        ((30.0, "veo-3.1", 0.5, "half"), "#VALUE!", "second_yield"),
        ((30.0, "veo-3.1", 0.5, 0.5, -1.0), "#NUM!", "rewrite"),
        ((0.0,), "#NUM!", "seconds"),
        ((30.0, 3.0), "#VALUE!", "generator"),
        ((30.0, "veo-3.1", [[0.1], [0.2]]), "#VALUE!", "clip_yield"),
    ],
)
def test_bad_agents_are_errors_with_a_reason(arguments, code, says):
    found = agent(*arguments)
    assert isinstance(found, ExcelError) and found.code == code
    assert says in found.message


def test_an_unknown_model_names_the_nearest():
    found = call("VIDEO_REWRITE", [300.0, 500.0, "gpt-6-lunar"])
    assert found.code == "#N/A" and "gpt-6-luna" in found.message


def test_the_withdrawn_are_marked_in_the_list():
    rows = {row[0]: row[1] for row in call("VIDEO_LIST", ["generator"])}
    assert "withdrawn on 2026-09-24" in rows["sora-2@2026-09-23"]
    assert "$1.5552 a second" in rows["seedance-2.0 4k"]
    assert "sora-2" not in rows
    assert "grok-4.3" in {row[0] for row in call("VIDEO_LIST", ["model"])}


def test_the_barrier_of_the_article():
    found = barrier()
    assert found["aws.internet"][5] == pytest.approx(7_597_000.73, abs=0.01)
    assert found["aws.internet"][6] == pytest.approx(10e6 / 2_532_333.58, rel=1e-6)
    assert call("VIDEO_BARRIER", [])[0] == list(BARRIER_COLUMNS)


def test_months_and_overrides_of_the_barrier():
    assert barrier("article", 6.0)["aws.internet"][5] == pytest.approx(2 * 7_597_000.73, abs=0.02)
    own = barrier(OMITTED, OMITTED, [["barrier.months", 6.0]])
    assert own["aws.internet"][5] == pytest.approx(2 * 7_597_000.73, abs=0.02)
    march = barrier(OMITTED, 3.0, [["train.experiments@2027-03", 0.0]])
    assert march["aws.internet"][5] == pytest.approx(7_597_000.73 - 2_332_192.64 - 4_000, abs=0.02)


@pytest.mark.parametrize(
    ("months", "code", "says"), [(13.0, "#NUM!", "12 of the plan"), (1.5, "#NUM!", "whole"), (0.0, "#NUM!", "months")]
)
def test_bad_months_of_the_barrier(months, code, says):
    found = barrier(OMITTED, months)
    assert found.code == code and says in found.message


def test_claims_are_a_table_the_fourteen_first():
    rows = call("VIDEO_CLAIMS", [])
    assert rows[0] == list(CLAIM_COLUMNS)
    assert [row[0] for row in rows[1:]] == list(range(1, 19))
    measured = [row for row in rows[1:] if row[8] != "cannot be measured"]
    assert all(isinstance(row[4], float) and row[8] and row[9] and row[10] for row in measured)
    unmeasured = [row for row in rows[1:] if row not in measured]
    assert [(row[0], row[4:7], bool(row[9])) for row in unmeasured] == [(18, ["", "", ""], True)]


def test_claims_that_rest_on_an_input_say_at_what_figure_they_turn():
    rows = call("VIDEO_CLAIMS", [])
    assert {row[0] for row in rows[1:] if row[11] != ""} == {8, 11, 12, 13, 14}
    assert rows[8][8] == "holds if" and rows[8][11] == pytest.approx(7.72, abs=0.005)
    at_none = call("VIDEO_CLAIMS", [inputs(agent__advert_usd_per_second=0.3)])
    assert (at_none[14][8], at_none[14][11]) == ("does not hold", "never")


def test_claims_read_changes_that_stand_below_the_inputs():
    changed = call("VIDEO_CLAIMS", [[*inputs(), ["train.experiments@2027-01..", 5.0, "", "", "", ""], [""] * 6]])
    # 25 PB out: 10,240 GB at $0.09, 40,960 at 0.085, 102,400 at 0.07, 23,129,464.37 at 0.05, 100 GB of them free.
    egress = 10_240 * 0.09 + 40_960 * 0.085 + 102_400 * 0.07 + (25e15 / 2**30 - 153_600 - 100) * 0.05
    assert changed[8][4] == pytest.approx(196_140.94 + egress + 2_000, abs=0.01)


def test_two_changes_of_one_month_below_the_inputs_are_refused():
    lines = [["train.experiments@2027-01..2027-03", 5.0, *[""] * 4], ["train.experiments@2027-03..", 6.0, *[""] * 4]]
    found = call("VIDEO_CLAIMS", [[*inputs(), *lines]])
    assert found.code == "#VALUE!" and "both hold in 2027-03" in found.message


def test_a_claim_without_a_figure_is_an_error_in_its_cells_only():
    rows = call("VIDEO_CLAIMS", [inputs(own__lead_months=24)])
    assert isinstance(rows[9][6], ExcelError) and rows[9][6].code == "#N/A"
    assert (rows[9][8], rows[8][8]) == ("holds", "holds if")
    # Where the verdict would rest on it, it is an error too.
    archived = inputs(own__lead_months=24, representation__1__class="aws.s3.glacier-deep-archive")
    assert call("VIDEO_CLAIMS", [archived])[9][8].code == "#N/A"


def test_the_python_function_is_the_cell_s():
    assert VIDEO_AGENT(180.0) == evaluate("=VIDEO_AGENT(180)")
