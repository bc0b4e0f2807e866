"""Claims, Barrier, Text and Agents in the plan workbook: Python, functions and native formulas, figure by figure."""

from __future__ import annotations

import math

import pytest

from tests.sheets.opened import typed_into
from tests.sheets.plan import plan_cases as cases
from tests.sheets.plan.plan_cases import FIRST, SECOND, Case, month
from vidcost_xl.analysis.barrier import barrier
from vidcost_xl.analysis.claims import judge
from vidcost_xl.analysis.measures import Measures
from vidcost_xl.errors import ExcelError
from vidcost_xl.functions.article import NEVER, NO_LIMIT
from vidcost_xl.model.bill import evaluate
from vidcost_xl.sheets.plan.article.agent_items import WAYS
from vidcost_xl.sheets.plan.article.barrier import NO_FIGURE
from vidcost_xl.sheets.plan.article.candidates import providers
from vidcost_xl.sheets.plan.article.cheapest import UNSERVED

CASES = {
    "article": Case(),
    "complete": Case("complete"),
    "25 inputs at once": cases.REHEARSAL,
    "agents, text and claims": Case(
        inputs={
            "agent.generator": "seedance-2.0 4k",
            "agent.model": "claude-opus-5.5",
            "agent.seconds": 45,
            "agent.clip_yield": 0.05,
            "agent.rewritten_clip_yield": 0.08,
            "agent.agent_clip_yield": 0.2,
            "agent.agent_second_yield": 0.6,
            "agent.agent_calls": 25,
            "agent.advert_usd_per_second": 500,
            "barrier.gpu_hours": 3e5,
            "barrier.gpu_usd_per_hour": 2.5,
            "text.tokens": 30e12,
            "claims.gigabyte": "decimal",
            "claims.tolerance": 0.1,
            "requests.uploads": "yes",
            "barrier.months": 7,
            "barrier.funding": 4e6,
            "acquire.route": "aws.nat",
            "acquire.gateway_endpoint": "no",
            "acquire.proxy_share": 0.1,
            "train.route": "aws.same-region",
        }
    ),
    "changes by month, private rate, ramp, an old budget": Case(
        inputs={
            "agent.generator": "sora-2@2026-09-23",
            "dataset.ramp_months": 6,
            "dataset.opening": 0,
            "dataset.size_from": "bitrate",
            "money.fx": 0.9,
            "money.escalation": 0.05,
            "barrier.funding": 3e5,
        },
        lines=(
            ("money.fx", month(3), None, 0.7),
            ("train.experiments", month(2), month(4), 25.0),
            (SECOND + "read_share", month(6), None, 0.5),
            ("dataset.mbps", month(12), None, 6.0),
            ("rate.aws.s3.standard.storage", month(5), None, 0.01),
        ),
    ),
    "few passes, uploads, a discount and rates at places that the plan has not": Case(
        inputs={
            "train.experiments": 1,
            "requests.uploads": "yes",
            "commercial.discount": 0.2,
            "commercial.discount_provider": "r2",
            FIRST + "object_mb": 0.01,
            FIRST + "reread_days": 45,
            "dataset.opening": 0.5,
            "dataset.ramp_months": 3,
            "limits.utilisation": 0.5,
        },
        lines=(
            ("rate.oci.transfer.internet-out", month(2), None, 0.001),
            (FIRST + "reread_days", month(2), month(2), 5.0),
            ("train.experiments", month(3), month(3), 2.0),
        ),
    ),
    "objects of a kilobyte, uploaded and read from the class of the cheapest requests": Case(
        inputs={
            SECOND + "object_mb": 0.001,
            "requests.uploads": "yes",
            "dataset.opening": 0,
            "dataset.ramp_months": 2,
        }
    ),
    "nothing is read, everything leaves": Case(
        inputs={"train.experiments": 0, "dataset.retention_months": 4, "dataset.growth": 0.1}
    ),
    "nothing to pay in the region, another provider": Case(
        inputs={
            FIRST + "class": "r2.standard",
            SECOND + "class": "r2.standard",
            "train.route": "r2.internet",
            "dataset.videos": 0,
        }
    ),
}


@pytest.fixture(scope="module", params=list(CASES))
def computed(request, once, models):
    case = CASES[request.param]
    workbook = models[case.base]
    values = once(f"article-{request.param}", lambda: dict(typed_into(workbook.data, case.cells(workbook.addresses))))
    return workbook.addresses, values, evaluate(case.plan())


def three_times(computed, row, at, column):
    """A figure as people read it, by native formulas and by the functions."""
    addresses, values, _ = computed
    references = (f"{row}.{column}", f"pf_{row}.n{at}", f"pf_{row}.e{at}")
    return [values[addresses.key(reference)] for reference in references]


def assert_three(computed, row, at, column, expected):
    for found in three_times(computed, row, at, column):
        if isinstance(expected, str):
            assert found == expected, (row, column)
        else:
            assert found == pytest.approx(expected, rel=1e-9, abs=1e-9), (row, column)


def test_every_claim_is_the_same_three_times(computed):
    if computed[2].plan.number("dataset.videos") == 0:
        pytest.skip("without videos there are no claims: see the test below")
    for judged in judge(computed[2]):
        row, numbers = f"cl_{judged.claim.id}", judged.figures
        assert_three(computed, row, 4, "verdict", judged.verdict)
        if numbers is None:
            continue
        assert math.isfinite(numbers.ours)
        assert_three(computed, row, 1, "ours", numbers.ours)
        assert_three(computed, row, 2, "compared", numbers.compared)
        assert_three(computed, row, 3, "under", numbers.conditional)
        if judged.claim.turns:
            assert_three(computed, row, 5, "turns", NEVER if math.isnan(numbers.turns) else numbers.turns)


def test_every_row_of_the_barrier_is_the_same_three_times(computed):
    addresses, values, bill = computed
    found = {outcome.id: outcome for outcome in barrier(bill)}
    for key in ("plan", *providers(), "own"):
        row, outcome = f"br_{key}", found.get(key)
        shown = [values[addresses.key(f"{row}.{column}")] for column in ("class", "route")]
        if outcome is None:
            assert shown == list(UNSERVED)
            for at, column in enumerate(("monthly", "cumulative", "runway", "left", "share"), start=1):
                assert_three(computed, row, at, column, NO_FIGURE)
            continue
        runway = outcome.runway
        assert shown == [outcome.storage_class, outcome.route]
        assert_three(computed, row, 1, "monthly", outcome.monthly)
        assert_three(computed, row, 2, "cumulative", outcome.cumulative)
        assert_three(computed, row, 3, "runway", NO_LIMIT if math.isinf(runway) else runway)
        assert_three(computed, row, 4, "left", outcome.left)
        assert_three(computed, row, 5, "share", outcome.data_share)
    assert values[addresses.key("barrier_gpus_shown.cumulative")] == pytest.approx(found["plan"].terms.gpus, rel=1e-12)


def test_every_way_of_making_a_video_is_the_same_three_times(computed):
    ways = Measures(computed[2]).ways
    advert = computed[2].plan.number("agent.advert_usd_per_second")
    for at, (name, _) in enumerate(WAYS, start=1):
        way = ways[name]
        for row, expected in (
            ("ag_clips_tried", way.clips_tried),
            ("ag_generation", way.generation),
            ("ag_rewriting", way.rewriting),
            ("ag_editing", way.editing),
            ("ag_rejects", way.rejects),
            ("ag_total", way.total),
            ("ag_per_second", way.per_second),
            ("ag_break_even", way.break_even_clip_yield),
            ("ag_tips", way.tipping_acceptance(advert)),
            ("ag_minute", 60 * way.per_second),
            ("ag_saved", ways["plain"].per_second - way.per_second),
        ):
            assert_three(computed, row, at, name, expected)


def test_at_the_clip_yield_that_it_needs_a_way_costs_what_prompts_as_written_cost(computed):
    from dataclasses import replace

    addresses, values, bill = computed
    ways = Measures(bill).ways
    for name in ("rewritten", "agent"):
        needed = values[addresses.key(f"ag_needed.{name}")]
        assert replace(ways[name], clip_yield=needed).per_second == pytest.approx(ways["plain"].per_second, rel=1e-9)


def test_text_is_the_same_three_times(computed):
    plan = computed[2].plan
    size = plan.number("text.tokens") * plan.number("text.bytes_per_token")
    assert_three(computed, "text_tb", 1, "value", size / 1e12)
    for row in ("text_internet_t", "text_cloudfront_v", "text_in_region_t", "text_r2_vs"):
        shown, native, functions = three_times(computed, row, 1, "value")
        assert native == pytest.approx(functions, rel=1e-9) and shown == functions


def test_all_checks_pass(computed):
    addresses, values, bill = computed
    if bill.plan.number("dataset.videos") == 0:
        return
    assert values[addresses.key("checks_master.flag")] == 0


def test_without_videos_a_claim_that_divides_by_them_is_an_error_in_both(models):
    workbook = models["article"]
    values = typed_into(workbook.data, Case(inputs={"dataset.videos": 0}).cells(workbook.addresses))
    own = [values[workbook.addresses.key(f"pf_cl_own.{part}1")] for part in "ne"]
    assert all(isinstance(value, ExcelError) for value in own)


def test_a_withdrawn_generator_is_na_in_both_and_marked_in_the_list(models):
    workbook = models["article"]
    listed = {
        row.entries["c1"].value: row.entries["c4"].value
        for sheet in workbook.addresses.layout.sheets
        if sheet.name == "Lists"
        for row in sheet.rows
        if row.id.startswith("generator_") and row.id.removeprefix("generator_").isdigit()
    }
    assert listed["sora-2@2026-09-23"] == "withdrawn 2026-09-24"
    assert listed["veo-3.1"] == "offered" and "sora-2" not in listed
    values = typed_into(workbook.data, Case(inputs={"agent.generator": "sora-2"}).cells(workbook.addresses))
    assert values[workbook.addresses.key("pf_ag_total.n1")].code == "#N/A"
    # A call that fails fills its first cell only: the others must not read as 0.
    for cell in ("ag_total.plain", "pf_ag_total.e1", "ag_per_second.agent", "cl_tipping.ours"):
        assert isinstance(values[workbook.addresses.key(cell)], ExcelError), cell


def test_native_formulas_alone_answer_too(models):
    workbook = models["article"]
    values = typed_into(workbook.data, {workbook.addresses.key("inputs_switch.value"): "native"})
    assert values[workbook.addresses.key("cl_storage.ours")] == pytest.approx(98_352.07, abs=0.01)
    assert values[workbook.addresses.key("claims_title.verdict")] == "Native formulas (chosen)"


def test_a_figure_that_is_overwritten_is_a_failed_check(models):
    workbook = models["article"]
    row = next(
        row
        for sheet in workbook.addresses.layout.sheets
        if sheet.name == "Agents"
        for row in sheet.rows
        if row.id == "ag_clip_seconds"
    )
    values = typed_into(workbook.data, {workbook.addresses.key(f"{row.id}.plain"): 10.0})
    assert values[workbook.addresses.key("chk_beside_4.flag")] == 1
    assert values[workbook.addresses.key("chk_beside_2.flag")] == 0
